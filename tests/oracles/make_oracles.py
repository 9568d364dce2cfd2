"""Make the oracles: the paths that PyTorch and Optax take, which the methods of `course_lib` should take too.

    python tests/oracles/make_oracles.py            writes trajectories.npz, cases.json, SHA256SUMS here
    python tests/oracles/make_oracles.py --check    makes them again and compares with those, to 1e-12

Nothing here comes from `course_lib`: the four problems are written out below, their gradients are automatic,
and every rule is the reference's own. Each run has 60 steps in double precision, constants that no default
has, and a learning rate that changes with every step, for a rule may agree at a constant rate and differ
under a schedule.

- Gradient descent, Adagrad, RMSProp, Adam, AdamW and AMSGrad (`Adam(amsgrad=True)`) are those of `torch.optim`.
- Momentum is `optax.chain(scale_by_schedule, trace)`: the rate inside the velocity. PyTorch keeps it outside,
  the same path only while the rate is constant; those runs are walked by `torch.optim.SGD(momentum=...)`.
- Nesterov is the same chain, fed with the gradient at the look-ahead x + beta v. At a constant rate it is
  `torch.optim.SGD(nesterov=True)` too, which walks the look-ahead p = x + beta v and keeps b = -v / lr, so
  that x = p + beta lr b.
- Runs on batches are fed with `permutations`, cut into 7, 7 and the 6 that are left of 20 examples.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path

try:
    import jax
    import jax.numpy as jnp
    import numpy as np
    import optax
    import torch
except ImportError as missing:
    needs = Path(__file__).with_name("requirements.txt")
    sys.exit(f"{missing.name} is missing: install what makes the oracles by `pip install -r {needs}`.")

HERE = Path(__file__).parent
STEPS, BATCH, TOLERANCE = 60, 7, 1e-12
BETA, RHO, DECAY = 0.7, 0.83, 0.13

jax.config.update("jax_enable_x64", True)


# ------------------------------------------------------------------------------------------ four problems


def generated():
    """The coefficients: small, rounded so that they can be read, and written to cases.json."""
    rng = np.random.default_rng(20)
    turn, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    X = rng.standard_normal((20, 4)) * [1, 2, 0.5, 1]
    y = X @ [1, -2, 3, 0.5] + rng.standard_normal(20)
    problems = {
        "bowl": {"A": turn * [1, 5, 25] @ turn.T, "x0": [3, -2, 1]},
        "rosenbrock": {"x0": [-1.2, 1, 0.3]},
        "least_squares": {"X": X, "y": y, "x0": [0.5, 0, -1, 2]},
        "logistic": {"X": X[:, ::-1], "y": y > 0.3, "l2": 0.11, "x0": [1, -1, 0.7, 0]},
    }
    plain = lambda v: np.round(np.array(v, dtype=float), 3).tolist()
    return {name: {k: plain(v) for k, v in coefficients.items()} for name, coefficients in problems.items()}


def bowl(xp, x, A):
    return x @ A @ x / 2


def rosenbrock(xp, x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def least_squares(xp, w, X, y):
    return ((X @ w - y) ** 2).mean()


def logistic(xp, w, X, y, l2):
    z = X @ w
    return (xp.log1p(xp.exp(z)) - y * z).mean() + l2 / 2 * (w**2).sum()


def loss_of(name, coefficients, xp, array):
    """The loss as a function of a point and, where it has examples, of the indices of some of them."""
    data = {k: array(v) for k, v in coefficients.items() if k != "x0"}

    def loss(x, batch):
        fed = {k: v[batch] if k in ("X", "y") and batch is not None else v for k, v in data.items()}
        return globals()[name](xp, x, **fed)

    return loss


# ----------------------------------------------------------------------------------------- the references


def by_torch(make, problem, coefficients, rates, batches):
    """The path of a `torch.optim` optimizer, and the optimizer's state after each step."""
    loss = loss_of(problem, coefficients, torch, lambda v: torch.tensor(v, dtype=torch.float64))
    p = torch.tensor(coefficients["x0"], dtype=torch.float64, requires_grad=True)
    optimizer, path, memories = make([p]), [p.detach().numpy().copy()], []
    for rate, batch in zip(rates, batches, strict=True):
        optimizer.param_groups[0]["lr"] = rate
        optimizer.zero_grad()
        loss(p, batch).backward()
        optimizer.step()
        path.append(p.detach().numpy().copy())
        memories.append({k: v.numpy().copy() for k, v in optimizer.state[p].items() if torch.is_tensor(v)})
    return np.array(path), memories


def by_optax(problem, coefficients, rates, batches, beta, ahead):
    """The path of a velocity with the rate inside; `ahead` asks for the gradient at x + beta v."""
    gradient = jax.grad(loss_of(problem, coefficients, jnp, jnp.array))
    x, rates = jnp.array(coefficients["x0"]), jnp.array(rates)
    rule = optax.chain(optax.scale_by_schedule(lambda t: -rates[t]), optax.trace(decay=beta))
    state, path = rule.init(x), [x]
    for batch in batches:
        look = x + beta * state[1].trace if ahead else x
        update, state = rule.update(gradient(look, batch), state)
        x = optax.apply_updates(x, update)
        path.append(x)
    return np.array(path)


def moments(knobs):
    """The knobs of the Adams under PyTorch's names."""
    rest = {k: v for k, v in knobs.items() if k not in ("beta1", "beta2")}
    return {"betas": (knobs["beta1"], knobs["beta2"]), **rest}


TORCH = {
    "gradient_descent": lambda p: torch.optim.SGD(p, lr=1),
    "adagrad": lambda p, eps: torch.optim.Adagrad(p, eps=eps),
    "rmsprop": lambda p, rho, eps: torch.optim.RMSprop(p, alpha=rho, eps=eps),
    "adam": lambda p, **knobs: torch.optim.Adam(p, **moments(knobs)),
    "adamw": lambda p, **knobs: torch.optim.AdamW(p, **moments(knobs)),
    "amsgrad": lambda p, **knobs: torch.optim.Adam(p, amsgrad=True, **moments(knobs)),
}


def reference(method, problem, coefficients, rates, batches, knobs):
    """The path of a method under a schedule, and the name of who walked it."""
    if method in TORCH:
        path, _ = by_torch(lambda p: TORCH[method](p, **knobs), problem, coefficients, rates, batches)
        return path, "torch.optim"
    path = by_optax(problem, coefficients, rates, batches, knobs["beta"], ahead=method == "nesterov")
    return path, "optax.trace"


def at_constant_rate(method, problem, coefficients, rates, batches, beta):
    """The path of `torch.optim.SGD` with a momentum, in the variable x of the course."""
    make = lambda p: torch.optim.SGD(p, lr=1, momentum=beta, nesterov=method == "nesterov")
    path, memories = by_torch(make, problem, coefficients, rates, batches)
    if method == "nesterov":
        path[1:] += beta * rates[0] * np.array([memory["momentum_buffer"] for memory in memories])
    return path, f"torch.optim.SGD(nesterov={method == 'nesterov'})"


# ----------------------------------------------------------------------------------------------- the runs


def knobs_of(method, eps):
    """The odd constants of a method."""
    adam = {"beta1": BETA, "beta2": RHO, "eps": eps}
    velocity = {"beta": BETA}
    return {
        "gradient_descent": {},
        **{"momentum": velocity, "nesterov": velocity},
        **{"adagrad": {"eps": eps}, "rmsprop": {"rho": RHO, "eps": eps}},
        **{"adam": adam, "adamw": {**adam, "weight_decay": DECAY}, "amsgrad": adam},
    }[method]


def schedules():
    """What the first rate is multiplied with in each step."""
    t = np.arange(STEPS)
    inverse, cosine = 1 / (1 + 0.05 * t), 0.02 + 0.49 * (1 + np.cos(np.pi * t / STEPS))
    factors = {"constant": np.ones(STEPS), "inverse": inverse, "cosine": cosine}
    return {name: factor.round(9).tolist() for name, factor in factors.items()}


PLAIN = {"bowl": 0.03, "rosenbrock": 0.0007, "least_squares": 0.05, "logistic": 0.4}
SCALES = "adagrad", "rmsprop", "adam", "adamw", "amsgrad"
SCALED = {"bowl": 0.23, "rosenbrock": 0.11, "least_squares": 0.17, "logistic": 0.19}


def cases(permutations):
    """Each run under its name: method/problem/schedule, and /batches where it is fed with some examples."""
    for problem in PLAIN:
        for method in (*TORCH, "momentum", "nesterov"):
            rate = (SCALED if method in SCALES else PLAIN)[problem]
            case = {"method": method, "problem": problem, "lr": rate, "permutations": None}
            for schedule, eps in (("inverse", 0.1), ("cosine", 1e-8)):
                yield {**case, "schedule": schedule, "knobs": knobs_of(method, eps)}
            if problem in ("least_squares", "logistic"):
                fed = {"permutations": permutations, "batch_size": BATCH}
                yield {**case, **fed, "schedule": "inverse", "knobs": knobs_of(method, 0.1)}
            if method in ("momentum", "nesterov"):
                yield {**case, "schedule": "constant", "knobs": knobs_of(method, None)}


def name_of(case):
    fed = ["batches"] if case["permutations"] else []
    return "/".join([case["method"], case["problem"], case["schedule"], *fed])


def cut(permutations):
    """The batches of all epochs, the last partial one of each kept."""
    return [np.array(order[i : i + BATCH]) for order in permutations for i in range(0, len(order), BATCH)]


def walk(case, problems, factors):
    """The path of a case, and who walked it."""
    rates = [case["lr"] * factor for factor in factors[case["schedule"]]]
    batches = cut(case["permutations"]) if case["permutations"] else [None] * STEPS
    given = case["method"], case["problem"], problems[case["problem"]], rates, batches
    if case["schedule"] == "constant":
        return at_constant_rate(*given, **case["knobs"])
    return reference(*given, case["knobs"])


def make(folder):
    """Write the three files to a folder."""
    problems, factors = generated(), schedules()
    rng = np.random.default_rng(7)
    permutations = [rng.permutation(20).tolist() for _ in range(STEPS // 3)]
    paths, runs = {}, {}
    for case in cases(permutations):
        name = name_of(case)
        paths[name], by = walk(case, problems, factors)
        runs[name] = {**case, "by": by, "permutations": bool(case["permutations"])}
    versions = {module.__name__: module.__version__ for module in (torch, optax, jax, np)}
    told = {"versions": versions, "steps": STEPS, "schedules": factors, "permutations": permutations}
    told = {**told, "problems": problems, "runs": runs}
    np.savez_compressed(folder / "trajectories.npz", **paths)
    (folder / "cases.json").write_text(json.dumps(told, indent=1) + "\n", newline="\n")
    (folder / "SHA256SUMS").write_text(checksums(folder), newline="\n")


def checksums(folder):
    """The text of SHA256SUMS, as `sha256sum cases.json trajectories.npz` prints it."""
    files = "cases.json", "trajectories.npz"
    return "".join(f"{hashlib.sha256((folder / file).read_bytes()).hexdigest()}  {file}\n" for file in files)


# -------------------------------------------------------------------------------------------- the command


def differences(old, new):
    """The largest deviation of each run between two folders, over its largest coordinate, at least 1."""
    a, b = (np.load(folder / "trajectories.npz") for folder in (old, new))
    if set(a) != set(b):
        sys.exit("The runs are others than those made before: write the oracles anew, without --check.")
    return {name: np.abs(a[name] - b[name]).max() / max(1, np.abs(a[name]).max()) for name in a}


def same_cases(old, new):
    """Whether two folders tell of the same runs; the versions that made them may differ."""
    a, b = (json.loads((folder / "cases.json").read_text()) for folder in (old, new))
    return {**a, "versions": None} == {**b, "versions": None}


def check():
    """Make the oracles in another folder, print how far they are from those here; the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        found, same = differences(HERE, Path(folder)), same_cases(HERE, Path(folder))
    for method in sorted({name.split("/")[0] for name in found}):
        mine = [deviation for name, deviation in found.items() if name.startswith(method + "/")]
        print(f"{method:18} {len(mine):3} runs   largest deviation {np.max(mine):.1e}")
    good = same and np.max(list(found.values())) <= TOLERANCE  # NaN is not
    print("The oracles are reproduced." if good else "The oracles differ from those made before.")
    return 0 if good else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare with the files here and write nothing")
    sys.exit(check() if parser.parse_args().check else make(HERE))
