"""Test functions, each with a card: what it looks like, where its minimum lies, and who thought of it.

    f = Rosenbrock(dim=2)
    f([0.0, 0.0]), f.grad([0.0, 0.0]), f.hess([0.0, 0.0])
    f.card                      # name, formula, bounds, minima, value, source, character

All formulas are analytic, so complex steps work as well; `SURFACES` lists every surface by name.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy import cos, exp, pi, sin, sqrt

from .problem import Problem, diagonal, fold, frozen, outer


@dataclass(frozen=True, eq=False, repr=False)
class Card:
    """What is known about a surface: minima is (k, d), one global minimum a row, and value is f there."""

    name: str
    formula: str
    bounds: tuple
    minima: np.ndarray
    value: float
    source: str
    character: str

    def rows(self):
        """Pairs (heading, text), the one content of both forms below."""
        low, high = map(brief, self.bounds)
        yield "box", f"from {low} to {high}"
        yield "minimum", f"{self.value:.6g} at {', '.join(map(brief, self.minima)) or 'no single point'}"
        yield "source", self.source

    def __repr__(self):
        lines = (f"  {heading:8} {text}" for heading, text in [("f(x) =", self.formula), *self.rows()])
        return "\n".join([f"{self.name}: {self.character}", *lines])

    def _repr_markdown_(self):
        lines = (f"- {heading}: {text}" for heading, text in self.rows())
        return "\n".join([f"**{self.name}**: {self.character}\n\n$$f(x) = {self.formula}$$\n", *lines])


def brief(v):
    """A point as short text: all of its numbers up to four, else the first two and the last."""
    v = [f"{number + 0.0:.6g}" for number in v]  # -0 + 0 is 0
    return "(" + ", ".join(v if len(v) <= 4 else [*v[:2], "...", v[-1]]) + ")"


@dataclass(frozen=True)
class Surface(Problem):
    """A test function of `dim` variables, with a card; ValueError for a dimension where it is not defined.

    A subclass states what its card says: `box` (low and high of each coordinate), `best` (the minima, one a
    row) and `floor` (the lowest value, per coordinate); and `dims`, the least and the most dimensions.
    """

    dim: int = 2

    dims = (1, np.inf)
    best = ((0.0,),)
    floor = 0.0
    note = ""

    def __init_subclass__(cls):
        if "formula" in vars(cls):  # one text for the card and for help(), so that they agree
            lines = cls.character, f"    f(x) = {cls.formula}", f"Source: {cls.source}.", cls.note
            cls.__doc__ = "\n\n".join(filter(None, lines))

    def __post_init__(self):
        low, high = self.dims
        if not low <= self.dim <= high:
            where = f"dim={low} only" if low == high else f"dim={low} or more"
            raise ValueError(f"{type(self).__name__} is defined for {where}, got dim={self.dim}.")

    @cached_property
    def bounds(self):
        low, high = self.box
        return frozen(np.full(self.dim, low)), frozen(np.full(self.dim, high))

    @cached_property
    def minima(self):
        """All global minima, (k, d), one a row."""
        return frozen(np.broadcast_to(self.best, (len(self.best), self.dim)))

    @cached_property
    def card(self):
        name, value = type(self).__name__, self.floor * self.dim
        return Card(name, self.formula, self.bounds, self.minima, value, self.source, self.character)


class Separable(Surface):
    """A sum over the coordinates of one `term`; `first` and `second` are its derivatives."""

    def value(self, x):
        return self.term(x).sum(-1)

    def slope(self, x):
        return self.first(x)

    def bend(self, x):
        return diagonal(self.second(x))


@dataclass(frozen=True, eq=False, repr=False)
class Quadratic(Problem):
    r"""1/2 x^T A x - b^T x + c, for a square matrix A (d, d), a vector or number b and a number c.

    Only the symmetric part of A counts, and it is the one that is kept. `mu` and `L` are the smallest and the
    largest eigenvalue. With mu > 0 the minimum is at A^-1 b, and the box reaches 5 to each side of it.
    ValueError for an A that is not square or a b that does not fit.

    >>> f = Quadratic([[2.0, 0.0], [0.0, 8.0]], b=[2.0, 8.0])
    >>> f.minima, float(f([0.0, 0.0]))
    (array([[1., 1.]]), 0.0)
    """

    A: np.ndarray
    b: np.ndarray = 0.0
    c: float = 0.0

    def __post_init__(self):
        A, b = np.array(self.A, dtype=float), np.asarray(self.b, dtype=float)
        if A.ndim != 2 or A.shape[0] != A.shape[1]:
            raise ValueError(f"A must be a square matrix, got shape {A.shape}.")
        if b.shape not in {(), A.shape[:1]}:
            raise ValueError(f"b must be a number or a vector of {len(A)} numbers, got shape {b.shape}.")
        vars(self).update(A=frozen((A + A.T) / 2), b=frozen(np.broadcast_to(b, len(A))), c=float(self.c))

    def value(self, x):
        return (x * (x @ self.A)).sum(-1) / 2 - x @ self.b + self.c

    def slope(self, x):
        return x @ self.A - self.b

    def bend(self, x):
        return np.broadcast_to(self.A, (*x.shape, self.dim)).copy()

    @property
    def dim(self):
        return len(self.A)

    @cached_property
    def spectrum(self):
        """The eigenvalues, (d,), in rising order."""
        return frozen(np.linalg.eigvalsh(self.A))

    @property
    def mu(self):
        """The smallest eigenvalue: how weakly the flattest direction curves."""
        return float(self.spectrum[0])

    @property
    def L(self):
        """The largest eigenvalue: how strongly the steepest direction curves."""
        return float(self.spectrum[-1])

    @cached_property
    def minima(self):
        """The minimum as an array (1, d), or (0, d) where there is not exactly one."""
        return frozen(np.linalg.solve(self.A, self.b)[None] if self.mu > 0 else np.empty((0, self.dim)))

    @cached_property
    def bounds(self):
        center = self.minima[0] if len(self.minima) else np.zeros(self.dim)
        return frozen(center - 5), frozen(center + 5)

    @cached_property
    def card(self):
        formula, source = r"\tfrac12 x^\top A x - b^\top x + c", "Cauchy (1847) introduced gradient descent"
        shape = "a bowl with ellipses for level lines" if self.mu > 0 else "no bowl: no single lowest point"
        value = float(self(self.minima[0])) if len(self.minima) else np.nan
        return Card("Quadratic", formula, self.bounds, self.minima, value, source, shape)

    def __repr__(self):
        return f"Quadratic(dim={self.dim}, mu={self.mu:.4g}, L={self.L:.4g})"


def bowl(condition=10.0, angle=0.0, dim=2):
    """The `Quadratic` 1/2 x^T A x with eigenvalues spaced evenly in logarithm from mu = 1 to L = condition.

    condition: the ratio L / mu, at least 1; in one dimension only 1 is possible.
    angle: radians by which the first two coordinates are turned; at 0 the first is the flattest.
    """
    if condition < 1 or (dim == 1 and condition != 1):
        raise ValueError(f"condition must be at least 1, and 1 if dim=1; got {condition}, dim={dim}.")
    R = np.eye(dim)
    if dim > 1:
        R[:2, :2] = [[cos(angle), -sin(angle)], [sin(angle), cos(angle)]]
    return Quadratic(R * np.geomspace(1, condition, dim) @ R.T)


class Rosenbrock(Surface):
    formula = r"\sum_i 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2"
    dims = (2, np.inf)
    box = (-2.0, 2.0)
    best = ((1.0,),)
    source = "Rosenbrock (1960)"
    character = "a long curved valley: easy to enter, slow to follow"

    def value(self, x):
        x, y = x[..., :-1], x[..., 1:]
        return (100 * (y - x**2) ** 2 + (1 - x) ** 2).sum(-1)

    def slope(self, x):
        x, y, g = x[..., :-1], x[..., 1:], np.zeros_like(x)
        g[..., :-1] = -400 * x * (y - x**2) - 2 * (1 - x)
        g[..., 1:] += 200 * (y - x**2)
        return g

    def bend(self, x):
        x, y, h, i = x[..., :-1], x[..., 1:], np.zeros((*x.shape, self.dim), x.dtype), np.arange(self.dim - 1)
        h[..., i, i] = 1200 * x**2 - 400 * y + 2
        h[..., i + 1, i + 1] += 200
        h[..., i, i + 1] = h[..., i + 1, i] = -400 * x
        return h


class Himmelblau(Surface):
    formula = r"(x^2 + y - 11)^2 + (x + y^2 - 7)^2"
    dims = (2, 2)
    box = (-5.0, 5.0)
    best = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    )
    source = "Himmelblau (1972)"
    character = "four equal minima: where you start decides where you end"

    def value(self, x):
        x, y = x[..., 0], x[..., 1]
        return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2

    def slope(self, x):
        x, y = x[..., 0], x[..., 1]
        r, s = x**2 + y - 11, x + y**2 - 7
        return np.stack([4 * x * r + 2 * s, 2 * r + 4 * y * s], axis=-1)

    def bend(self, x):
        x, y = x[..., 0], x[..., 1]
        return matrix(12 * x**2 + 4 * y - 42, 4 * x + 4 * y, 12 * y**2 + 4 * x - 26)


class Beale(Surface):
    formula = r"\sum_{k=1}^{3} \left(c_k - x (1 - y^k)\right)^2, \quad c = (1.5, 2.25, 2.625)"
    dims = (2, 2)
    box = (-4.5, 4.5)
    best = ((3.0, 0.5),)
    source = "Beale (1958)"
    character = "a plateau with steep walls at the corners"

    def value(self, x):
        r, *_ = self.residuals(x)
        return (r**2).sum(-1)

    def slope(self, x):
        r, rx, ry, *_ = self.residuals(x)
        return 2 * np.stack([(r * rx).sum(-1), (r * ry).sum(-1)], axis=-1)

    def bend(self, x):
        r, rx, ry, rxy, ryy = self.residuals(x)
        return 2 * matrix((rx**2).sum(-1), (rx * ry + r * rxy).sum(-1), (ry**2 + r * ryy).sum(-1))

    def residuals(self, x):
        """The three terms r_k that are squared, and r_x, r_y, r_xy, r_yy, each (..., 3)."""
        x, y, c, k = x[..., :1], x[..., 1:], (1.5, 2.25, 2.625), np.array([1, 2, 3])
        p, dp, d2p = y**k, k * y ** (k - 1), k * (k - 1) * y ** np.maximum(k - 2, 0)
        return c - x * (1 - p), p - 1, x * dp, dp, x * d2p


class Rastrigin(Separable):
    formula = r"\sum_i x_i^2 - 10 \cos(2 \pi x_i) + 10"
    box = (-5.12, 5.12)
    source = "Rastrigin (1974), in any dimension by Mühlenbein, Schomisch and Born (1991)"
    character = "a bowl covered by a regular grid of dents"

    def term(self, x):
        return x**2 - 10 * cos(2 * pi * x) + 10

    def first(self, x):
        return 2 * x + 20 * pi * sin(2 * pi * x)

    def second(self, x):
        return 2 + 40 * pi**2 * cos(2 * pi * x)


class Ackley(Surface):
    formula = (
        r"20 - 20 e^{-r/5} + e - e^{C}, \quad"
        r" r = \sqrt{\tfrac1d \sum_i x_i^2}, \; C = \tfrac1d \sum_i \cos(2 \pi x_i)"
    )
    box = (-32.768, 32.768)
    source = "Ackley (1987)"
    character = "a nearly flat plain full of dents around one deep funnel"
    note = (
        "At 0 it is the tip of a cone: there the gradient is given as 0, the middle of the subgradients, and "
        "the Hessian without the share of the cone, which would be infinite."
    )

    def value(self, x):
        r, C = sqrt((x**2).mean(-1)), cos(2 * pi * x).mean(-1)
        return -20 * np.expm1(-r / 5) + np.e - exp(C)

    def parts(self, x):
        """e^{-r/5}, the gradient of r, e^C, the gradient of C, and 1/r, where 1/0 counts as 0."""
        r, C = sqrt((x**2).mean(-1, keepdims=True)), cos(2 * pi * x).mean(-1, keepdims=True)
        over = np.where(r == 0, 0, 1 / np.where(r == 0, 1, r))
        return exp(-r / 5), x * over / self.dim, exp(C), -2 * pi / self.dim * sin(2 * pi * x), over

    def slope(self, x):
        E, dr, F, dC, _ = self.parts(x)
        return 4 * E * dr - F * dC

    def bend(self, x):
        E, dr, F, dC, over = self.parts(x)
        d2r = diagonal(over / self.dim + 0 * x) - outer(dr, dr) * over[..., None]
        d2C = diagonal(-4 * pi**2 / self.dim * cos(2 * pi * x))
        return 4 * E[..., None] * (d2r - outer(dr, dr) / 5) - F[..., None] * (d2C + outer(dC, dC))


class Griewank(Surface):
    formula = r"1 + \sum_i x_i^2 / 4000 - \prod_i \cos(x_i / \sqrt{i})"
    box = (-600.0, 600.0)
    source = "Griewank (1981)"
    character = "a smooth bowl from afar, a field of dents from near"

    @cached_property
    def root(self):
        return sqrt(np.arange(1, self.dim + 1))

    def value(self, x):
        return 1 + (x**2).sum(-1) / 4000 - cos(x / self.root).prod(-1)

    def slope(self, x):
        u = x / self.root
        return x / 2000 + sin(u) / self.root * others(cos(u))

    def bend(self, x):
        u, I = x / self.root, np.eye(self.dim)
        c, s = cos(u), sin(u) / self.root
        pairs = others(np.where(I, 1, c[..., None, :]))  # [i, j]: the product of all cosines but i and j
        return diagonal(1 / 2000 + c.prod(-1, keepdims=True) / self.root**2) - (1 - I) * outer(s, s) * pairs


class Schwefel(Separable):
    formula = r"\sum_i 418.9829 - x_i \sin \sqrt{|x_i|}"
    box = (-500.0, 500.0)
    best = ((420.968746359982,),)
    source = "Schwefel (1981)"
    character = "the best valley lies in a corner, far from the second best"
    note = (
        "Outside the box it falls below the minimum. At 0 the second derivative jumps from -inf to inf: it is "
        "given as 0."
    )

    def term(self, x):
        return 418.9828872724338 - x * sin(sqrt(fold(x)))

    def first(self, x):
        t = sqrt(fold(x))
        return -sin(t) - t / 2 * cos(t)

    def second(self, x):
        t = sqrt(fold(x))
        return np.sign(x.real) * (t * sin(t) - 3 * cos(t)) / (4 * np.where(t == 0, 1, t))


class StyblinskiTang(Separable):
    formula = r"\tfrac12 \sum_i x_i^4 - 16 x_i^2 + 5 x_i"
    box = (-5.0, 5.0)
    best = ((-2.903534027771177,),)
    floor = -39.16616570377142
    source = "Styblinski and Tang (1990)"
    character = "two valleys a coordinate, one a little deeper than the other"

    def term(self, x):
        return (x**4 - 16 * x**2 + 5 * x) / 2

    def first(self, x):
        return 2 * x**3 - 16 * x + 5 / 2

    def second(self, x):
        return 6 * x**2 - 16


@dataclass(frozen=True)
class Wells(Separable):
    dim: int = 1

    formula = r"x^2 / 20 + \tfrac32 \sin 2x + \cos x"
    dims = (1, 1)
    box = (-8.0, 8.0)
    best = ((2.4254101514765645,),)
    floor = -1.9458372382216083
    source = "this course"
    character = "five wells on a line, the two deepest nearly equal and far apart"

    def term(self, x):
        return x**2 / 20 + 1.5 * sin(2 * x) + cos(x)

    def first(self, x):
        return x / 10 + 3 * cos(2 * x) - sin(x)

    def second(self, x):
        return 0.1 - 6 * sin(2 * x) - cos(x)


def matrix(xx, xy, yy):
    """The symmetric 2 x 2 matrices (..., 2, 2) with these entries (...)."""
    return np.stack([xx, xy, xy, yy], axis=-1).reshape(*xx.shape, 2, 2)


def others(c):
    """For each entry of the last axis, the product of all others (nothing is divided: zeros are fine)."""
    one = np.ones_like(c[..., :1])
    before = np.cumprod(np.concatenate([one, c[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([one, c[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    return before * after


SURFACES = {
    "bowl": bowl,
    "rosenbrock": Rosenbrock,
    "himmelblau": Himmelblau,
    "beale": Beale,
    "rastrigin": Rastrigin,
    "ackley": Ackley,
    "griewank": Griewank,
    "schwefel": Schwefel,
    "styblinski_tang": StyblinskiTang,
    "wells": Wells,
}
