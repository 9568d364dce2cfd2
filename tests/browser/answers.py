"""An exercise of a lesson, a mistake that people make in it, and a right answer."""

from dataclasses import dataclass
from textwrap import dedent, indent

DOTS = "    return ...  # replace the dots"


@dataclass(frozen=True)
class Answers:
    """Two bodies for a stub, and what the card says of the wrong one."""

    id: str
    name: str
    wrong: str
    mistake: str
    right: str


def filled(stub, body):
    """The stub with the dots replaced by a body."""
    assert DOTS in stub, stub
    return stub.replace(DOTS, indent(dedent(body).strip(), "    "))


DESCENT = """
    path = [x0]
    for _ in range(n):
        path.append(path[-1] {sign} lr * grad(path[-1]))
    return np.array(path)
"""
STEP = """
    v = {v}
    return x + v, v
"""
TOURNAMENT = """
    rivals = rng.integers(len(cost), size=(n, k))
    column = cost[rivals].argmin(axis=1)
    return {winner}
"""
ANSWERS = {
    "02_gradient_descent": Answers("gradient.descent", "gd", DESCENT.format(sign="+"), "You climb",
                                   DESCENT.format(sign="-")),
    "05_momentum": Answers("momentum.step", "momentum_step", STEP.format(v="-lr * g"), "The old velocity is forgotten",
                           STEP.format(v="beta * v - lr * g")),
    "08_genetic_algorithms": Answers("ga.tournament", "select_by_tournament", TOURNAMENT.format(winner="column"),
                                     "You return where the winner stood",
                                     TOURNAMENT.format(winner="rivals[np.arange(n), column]")),
}  # fmt: skip
