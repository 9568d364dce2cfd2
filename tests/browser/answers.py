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
ADAM = """
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return x - lr * {m} / (np.sqrt({v}) + eps), m, v, t
"""
ANSWERS = {
    "02_gradient_descent": Answers("gradient.descent", "gd", DESCENT.format(sign="+"), "You climb",
                                   DESCENT.format(sign="-")),
    "05_momentum": Answers("momentum.step", "momentum_step", STEP.format(v="-lr * g"), "The old velocity is forgotten",
                           STEP.format(v="beta * v - lr * g")),
    "07_adam": Answers("adam.step", "adam_step", ADAM.format(m="m", v="v"), "There is no bias correction",
                       ADAM.format(m="m / (1 - beta1**t)", v="(v / (1 - beta2**t))")),
}  # fmt: skip
