"""Print how far each method is from its reference: `python -m tests.oracles`."""

from . import CASES, table

versions = ", ".join(f"{name} {version}" for name, version in CASES["versions"].items())
print(f"Largest deviation, relative to the largest coordinate of a path (at least 1). Oracles: {versions}.\n")
print(f"{'method':18}{'oracle':32}{'runs':>5}{'steps':>7}{'deviation':>12}")
for method, by, runs, steps, deviation in table():
    print(f"{method:18}{by:32}{runs:5}{steps:7}{deviation:12.1e}")
