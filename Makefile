# Forwards to start.py, which works without make too. `make` alone lists the targets.
PYTHON ?= python3
START  := $(PYTHON) start.py

.DEFAULT_GOAL := help
.PHONY: help start test check lint build build-check bench bench-grading oracles grade lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

start:  ## set up, and open JupyterLab
	$(START)

test:  ## everything that CI runs
	$(START) test

check:  ## the fast part of it
	$(START) check

lint:  ## style of code and notebooks
	$(START) run --dev ruff check .

build:  ## build lessons, worksheets and keys from their sources
	$(START) run python -m course_lib build

build-check:  ## say whether what is built is what would be built
	$(START) run python -m course_lib build --check

bench:  ## measure checks, sliders, imports and steps (BENCH=numeric for one of them)
	$(START) run --dev python -m tests.bench

bench-grading:  ## grade one class with us, nbgrader and otter, side by side (installs the two, apart)
	$(START) run --dev python tests/bench/bench_grading.py

oracles:  ## make the results of PyTorch and optax again, and compare (downloads gigabytes)
	$(START) run --oracles python tests/oracles/make_oracles.py --check
	$(START) run --oracles python -m tests.oracles

grade:  ## grade a folder: make grade SUBMISSIONS=folder OUT=folder
	$(START) run python -m course_lib grade "$(or $(SUBMISSIONS),submissions)" --out "$(or $(OUT),grades)"

lock:  ## resolve requirements.lock anew (needs uv; UPGRADE=--upgrade moves every version)
	$(START) lock $(UPGRADE)

clean:  ## remove the environment, and what tools left behind
	$(START) clean
