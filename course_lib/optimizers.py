r"""The families of optimizers, each a pure function ``step(state, f, rng, **knobs) -> state``.

A state is a NamedTuple. Its first field ``x`` says where we are: a point of shape ``(..., d)``, or a
population of shape ``(..., n, d)``. The other fields are the memory, and their defaults are the memory of a
beginner, so ``AdamState(x0)`` *is* "m = 0, v = 0, t = 0". A step asks ``f(x)`` for values and ``f.grad(x)``
for gradients, knows ``f.bounds``, and changes nothing in place. Leading axes are independent runs.

The formula in a docstring has one LaTeX line for each statement of the code between the first line (which
unpacks the state) and the last (which packs it): ``course_lib.plots.formula_beside_code`` shows the two side
by side and refuses a line more or less.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

# ------------------------------------------------------------------------------------------------- states


class PointState(NamedTuple):
    """A point and no memory."""

    x: np.ndarray


class VelocityState(NamedTuple):
    """A point and its velocity ``v``, of the same shape."""

    x: np.ndarray
    v: Any = 0.0


class SquaresState(NamedTuple):
    """A point and the accumulated squares ``s`` of its gradients, one a coordinate."""

    x: np.ndarray
    s: Any = 0.0


class AdamState(NamedTuple):
    """A point, the averages ``m`` of its gradients and ``v`` of their squares, and the steps taken ``t``."""

    x: np.ndarray
    m: Any = 0.0
    v: Any = 0.0
    t: int = 0


class AmsgradState(NamedTuple):
    """A point, the averages ``m`` and ``v`` of Adam, the largest ``v`` so far ``u``, and the steps taken ``t``."""

    x: np.ndarray
    m: Any = 0.0
    v: Any = 0.0
    u: Any = 0.0
    t: int = 0


class SearchState(NamedTuple):
    """The best point so far, its value ``y``, and the candidates tried ``t``."""

    x: np.ndarray
    y: Any = np.inf
    t: int = 0


class AnnealingState(NamedTuple):
    """The current point, its value ``y`` (None: not asked yet), and the steps taken ``t``."""

    x: np.ndarray
    y: Any = None
    t: int = 0


class PopulationState(NamedTuple):
    """A population ``(..., n, d)``, its values ``y`` ``(..., n)`` (None: not asked yet), generations ``t``."""

    x: np.ndarray
    y: Any = None
    t: int = 0


# ------------------------------------------------------------------------------------- exhaustive families


def grid_search(state, f, rng, n=11):
    r"""Try the next point of a grid with ``n`` values an axis, both ends included; keep the best.

    A grid in ``d`` dimensions has ``n**d`` points; after the last one it starts again.

    Formula:
        c \leftarrow \text{grid point number } t
        y_c \leftarrow f(c)
        \text{better} \leftarrow y_c < y
        x \leftarrow c \text{ if better}
        y \leftarrow y_c \text{ if better}

    Args:
        state: `SearchState`.
        f: the problem; its box ``f.bounds`` is what the grid covers.
        rng: not used.
        n: values an axis, at least 2.

    Example:
        >>> from course_lib.problems import bowl
        >>> f = bowl()
        >>> state = grid_search(SearchState(np.zeros(2)), f, None)
        >>> bool(np.all(state.x == f.bounds[0]))
        True
    """
    x, y, t = state
    c = np.broadcast_to(grid_point(t, *f.bounds, n), x.shape)
    c_y = f(c)
    better = c_y < y
    x = np.where(better[..., None], c, x)
    y = np.where(better, c_y, y)
    return SearchState(x, y, t + 1)


def random_search(state, f, rng):
    r"""Try a point drawn uniformly from the box; keep the best (Bergstra and Bengio, 2012).

    Formula:
        c \sim \mathrm{U}(\text{low}, \text{high})
        y_c \leftarrow f(c)
        \text{better} \leftarrow y_c < y
        x \leftarrow c \text{ if better}
        y \leftarrow y_c \text{ if better}

    Args:
        state: `SearchState`.
        f: the problem; its box ``f.bounds`` is drawn from.
        rng: `numpy.random.Generator`.
    """
    x, y, t = state
    c = rng.uniform(*f.bounds, size=x.shape)
    c_y = f(c)
    better = c_y < y
    x = np.where(better[..., None], c, x)
    y = np.where(better, c_y, y)
    return SearchState(x, y, t + 1)


def grid_point(t, low, high, n):
    """Point number ``t`` of the grid with ``n`` values an axis from ``low`` to ``high``, shape ``(d,)``.

    The digits of ``t`` to the base ``n`` are the indices, the first axis running fastest.
    """
    share = np.array([t // n**axis % n for axis in range(len(low))]) / (n - 1)
    return low * (1 - share) + high * share  # this form meets both ends exactly


# --------------------------------------------------------------------------------------- gradient families


def gradient_descent(state, f, rng, lr=0.01):
    r"""Step against the gradient (Cauchy, 1847).

    Fed with all examples this is batch gradient descent; fed with one, stochastic gradient descent (Robbins
    and Monro, 1951); fed with some, mini-batch. Feeding is the loop's business: ``run(..., batch_size=1)``.

    Formula:
        x \leftarrow x - \alpha \, \nabla f(x)

    Args:
        state: `PointState`.
        f: the problem.
        rng: not used.
        lr: the learning rate alpha.

    Example:
        >>> from course_lib.problems import bowl
        >>> x, = gradient_descent(PointState(np.array([1.0, 1.0])), bowl(condition=10), None, lr=0.1)
        >>> x.round(3)
        array([0.9, 0. ])
    """
    (x,) = state
    x = x - lr * f.grad(x)
    return PointState(x)


def momentum(state, f, rng, lr=0.01, beta=0.9):
    r"""Heavy ball: a velocity that remembers (Polyak, 1964).

    The rate stands inside the velocity. PyTorch keeps it outside (``v = beta v + g; x = x - lr v``): the same
    path while the rate is constant, another one under a schedule.

    Formula:
        v \leftarrow \beta v - \alpha \, \nabla f(x)
        x \leftarrow x + v

    Args:
        state: `VelocityState`.
        f: the problem.
        rng: not used.
        lr: the learning rate alpha.
        beta: the share of the velocity that is kept, in [0, 1).
    """
    x, v = state
    v = beta * v - lr * f.grad(x)
    x = x + v
    return VelocityState(x, v)


def nesterov(state, f, rng, lr=0.01, beta=0.9):
    r"""Momentum that looks ahead before it asks for the gradient (Nesterov, 1983; Sutskever et al., 2013).

    Formula:
        v \leftarrow \beta v - \alpha \, \nabla f(x + \beta v)
        x \leftarrow x + v

    Args:
        state: `VelocityState`.
        f: the problem.
        rng: not used.
        lr: the learning rate alpha.
        beta: the share of the velocity that is kept, in [0, 1).
    """
    x, v = state
    v = beta * v - lr * f.grad(x + beta * v)
    x = x + v
    return VelocityState(x, v)


def adagrad(state, f, rng, lr=0.1, eps=1e-10):
    r"""A step for each coordinate, short where the gradients were large (Duchi, Hazan and Singer, 2011).

    Formula:
        g \leftarrow \nabla f(x)
        s \leftarrow s + g^2
        x \leftarrow x - \alpha \, g \,/\, (\sqrt{s} + \epsilon)

    Args:
        state: `SquaresState`.
        f: the problem.
        rng: not used.
        lr: the learning rate alpha.
        eps: keeps the division finite; it stands outside the root.
    """
    x, s = state
    g = f.grad(x)
    s = s + g**2
    x = x - lr * g / (np.sqrt(s) + eps)
    return SquaresState(x, s)


def rmsprop(state, f, rng, lr=0.01, rho=0.9, eps=1e-8):
    r"""Adagrad that forgets: an average of the squares in place of their sum (Tieleman and Hinton, 2012).

    Formula:
        g \leftarrow \nabla f(x)
        s \leftarrow \rho s + (1 - \rho) g^2
        x \leftarrow x - \alpha \, g \,/\, (\sqrt{s} + \epsilon)

    Args:
        state: `SquaresState`.
        f: the problem.
        rng: not used.
        lr: the learning rate alpha.
        rho: the share of the average that is kept, in [0, 1).
        eps: keeps the division finite; it stands outside the root.
    """
    x, s = state
    g = f.grad(x)
    s = rho * s + (1 - rho) * g**2
    x = x - lr * g / (np.sqrt(s) + eps)
    return SquaresState(x, s)


def adam(state, f, rng, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    r"""Momentum and RMSProp together, both freed of their bias toward the zero they started from
    (Kingma and Ba, 2015).

    Formula:
        t \leftarrow t + 1
        g \leftarrow \nabla f(x)
        m \leftarrow \beta_1 m + (1 - \beta_1) g
        v \leftarrow \beta_2 v + (1 - \beta_2) g^2
        \hat m \leftarrow m \,/\, (1 - \beta_1^t)
        \hat v \leftarrow v \,/\, (1 - \beta_2^t)
        x \leftarrow x - \alpha \, \hat m \,/\, (\sqrt{\hat v} + \epsilon)

    Args:
        state: `AdamState`.
        f: the problem.
        rng: not used.
        lr: the learning rate alpha.
        beta1: the share of the average gradient that is kept, in [0, 1).
        beta2: the share of the average square that is kept, in [0, 1).
        eps: keeps the division finite; it stands outside the root.
    """
    x, m, v, t = state
    t = t + 1
    g = f.grad(x)
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    x = x - lr * m_hat / (np.sqrt(v_hat) + eps)
    return AdamState(x, m, v, t)


def adamw(state, f, rng, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    r"""Adam with a weight decay that does not pass through the moments (Loshchilov and Hutter, 2019).

    Formula:
        t \leftarrow t + 1
        g \leftarrow \nabla f(x)
        m \leftarrow \beta_1 m + (1 - \beta_1) g
        v \leftarrow \beta_2 v + (1 - \beta_2) g^2
        \hat m \leftarrow m \,/\, (1 - \beta_1^t)
        \hat v \leftarrow v \,/\, (1 - \beta_2^t)
        x \leftarrow x - \alpha \, ( \hat m \,/\, (\sqrt{\hat v} + \epsilon) + \lambda x )

    Args:
        state: `AdamState`.
        f: the problem.
        rng: not used.
        lr: the learning rate alpha; it scales the decay too.
        beta1: the share of the average gradient that is kept, in [0, 1).
        beta2: the share of the average square that is kept, in [0, 1).
        eps: keeps the division finite; it stands outside the root.
        weight_decay: lambda, the share of the weights that a step at rate 1 would take away.
    """
    x, m, v, t = state
    t = t + 1
    g = f.grad(x)
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    x = x - lr * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * x)
    return AdamState(x, m, v, t)


def amsgrad(state, f, rng, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    r"""Adam whose step in a coordinate is divided by the largest average square so far, so that a rare large
    gradient is not forgotten (Reddi, Kale and Kumar, 2018).

    PyTorch's convention: the largest of the averages as they are, then corrected. The paper corrects nothing,
    and some programs take the largest of the corrected averages.

    Formula:
        t \leftarrow t + 1
        g \leftarrow \nabla f(x)
        m \leftarrow \beta_1 m + (1 - \beta_1) g
        v \leftarrow \beta_2 v + (1 - \beta_2) g^2
        u \leftarrow \max(u, v)
        \hat m \leftarrow m \,/\, (1 - \beta_1^t)
        \hat u \leftarrow u \,/\, (1 - \beta_2^t)
        x \leftarrow x - \alpha \, \hat m \,/\, (\sqrt{\hat u} + \epsilon)

    Args:
        state: `AmsgradState`.
        f: the problem.
        rng: not used.
        lr: the learning rate alpha.
        beta1: the share of the average gradient that is kept, in [0, 1).
        beta2: the share of the average square that is kept, in [0, 1).
        eps: keeps the division finite; it stands outside the root.
    """
    x, m, v, u, t = state
    t = t + 1
    g = f.grad(x)
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    u = np.maximum(u, v)
    m_hat = m / (1 - beta1**t)
    u_hat = u / (1 - beta2**t)
    x = x - lr * m_hat / (np.sqrt(u_hat) + eps)
    return AmsgradState(x, m, v, u, t)
# ------------------------------------------------------------------------------------------- second order


def newton(state, f, rng, damping=0.0):
    r"""Step to where the local parabola has its level point (Newton, 1669; Raphson, 1690; Simpson, 1740).

    The level point of the parabola may be a minimum, a saddle or a hilltop: Newton's step does not ask which.
    With damping it turns toward the gradient and shortens (Levenberg, 1944; Marquardt, 1963).

    Formula:
        g \leftarrow \nabla f(x)
        H \leftarrow \nabla^2 f(x) + \lambda I
        p \leftarrow \text{the solution of } H p = g
        x \leftarrow x - p

    Args:
        state: `PointState`.
        f: the problem; it needs a Hessian, which is booked as d gradients.
        rng: not used.
        damping: lambda, what is added to every eigenvalue of the Hessian, at least 0.

    Raises:
        numpy.linalg.LinAlgError: a Hessian is singular; a little damping mends it.

    Example:
        >>> from course_lib.problems import bowl
        >>> x, = newton(PointState(np.array([3.0, -2.0])), bowl(condition=100), None)
        >>> bool(np.allclose(x, 0))
        True
    """
    (x,) = state
    g = f.grad(x)
    H = f.hess(x) + damping * np.eye(x.shape[-1])
    p = np.linalg.solve(H, g[..., None])[..., 0]
    x = x - p
    return PointState(x)


# -------------------------------------------------------------------------------------- evolving, annealing


def textbook_genetic(state, f, rng, k=3, elite=1, rate=0.3, scale=0.1, decay=1.0):
    r"""One generation as textbooks have it: the best survive, the others are bred by tournament, blend and mutation
    (Holland, 1975; Eshelman and Schaffer, 1993).

    With the default the mutation has the same size forever. A decay below 1 lets it shrink, in step with the
    clock and not with the search, so it has to be tuned to the budget.

    Formula:
        y \leftarrow f(x) \quad \text{(once, at the start)}
        e \leftarrow \text{the } n_e \text{ best of the population}
        p, q \leftarrow \text{winners of tournaments among } k
        c \leftarrow \text{blend}(p, q)
        c \leftarrow \text{mutate}(c, \; \sigma \gamma^t)
        x, y \leftarrow (x_e, c), \; (y_e, f(c))

    Args:
        state: `PopulationState`.
        f: the problem; children stay in its box ``f.bounds``.
        rng: `numpy.random.Generator`.
        k: how many compete for one parenthood; more is a stronger pressure.
        elite: how many of the best survive unchanged, at least 1 and fewer than the population.
        rate: the probability that a gene mutates.
        scale: the standard deviation of a mutation, as a share of the box's width.
        decay: what the scale is multiplied with each generation.
    """
    x, y, t = state
    y = f(x) if y is None else y
    e = np.argsort(y, axis=-1)[..., :elite]
    p, q = (tournament(x, y, rng, k, y.shape[-1] - elite) for _ in "pq")
    c = blend(p, q, rng)
    c = mutate(c, f.bounds, rng, rate, scale * decay**t)
    x, y = join(x, y, e, c, f(c))
    return PopulationState(x, y, t + 1)


def genetic(state, f, rng, k=2, rate=0.3, scale=0.5):
    r"""One generation of the reference: mutations as long as the population is wide, and a child that has to beat
    its own parent (crowding: De Jong, 1975; mutation by differences: Storn and Price, 1997).

    Nothing here is tuned to a budget or to a box: while the population is spread out, two members are far apart
    and mutations are long; as it gathers, they shrink with it. Since each member can only be replaced by its own
    child, the best always survives and no family takes over at once.

    Formula:
        y \leftarrow f(x) \quad \text{(once, at the start)}
        p \leftarrow \text{for each member } x_i \text{ the winner of a tournament among } k
        a, b \leftarrow \text{two members at random}
        c \leftarrow p + \sigma (a - b), \text{ kept in the box}
        c \leftarrow \text{each gene from } c \text{ with probability } r, \text{ else from } x_i
        x, y \leftarrow (c_i, f(c_i)) \text{ where that is no worse, else } (x_i, y_i)

    Args:
        state: `PopulationState`.
        f: the problem; children stay in its box ``f.bounds``.
        rng: `numpy.random.Generator`.
        k: how many compete to be the other parent; more is a stronger pressure.
        rate: the probability that a gene comes from the mutated winner and not from the member itself.
        scale: the length of a mutation, as a share of the difference of two members.
    """
    x, y, t = state
    y = f(x) if y is None else y
    p = tournament(x, y, rng, k, y.shape[-1])
    a, b = (tournament(x, y, rng, 1, y.shape[-1]) for _ in "ab")
    c = np.clip(p + scale * (a - b), *f.bounds)
    c = exchange(x, c, rng, rate)
    x, y = defend(x, y, c, f(c))
    return PopulationState(x, y, t + 1)


def tournament(x, y, rng, k, size):
    """``size`` parents from the population, each the best of ``k`` drawn at random, ``(..., size, d)``."""
    rivals = rng.integers(y.shape[-1], size=(*y.shape[:-1], size, k))
    values = np.take_along_axis(y[..., None, :], rivals, axis=-1)
    first = values.argsort(axis=-1)[..., :1]  # unlike argmin, this puts NaN last
    winners = np.take_along_axis(rivals, first, axis=-1)
    return np.take_along_axis(x, winners, axis=-2)


def blend(p, q, rng, beyond=0.25):
    """Children between ``p`` and ``q``, or beyond them by a share of their distance at most, gene by gene."""
    return p + rng.uniform(-beyond, 1 + beyond, size=p.shape) * (q - p)


def exchange(x, c, rng, rate):
    """Uniform crossover: each gene comes from ``c`` with probability ``rate``, else from ``x``."""
    return np.where(rng.random(x.shape) < rate, c, x)


def mutate(c, bounds, rng, rate, scale):
    """Gaussian noise on a share ``rate`` of the genes; ``scale`` counts in widths of the box, which holds."""
    low, high = bounds
    noise = rng.standard_normal(c.shape) * (rng.random(c.shape) < rate)
    return np.clip(c + scale * (high - low) * noise, low, high)


def join(x, y, e, c, c_y):
    """The next population: the elite ``e`` (indices) of ``x`` with their values, then the children ``c``."""
    x = np.concatenate([np.take_along_axis(x, e[..., None], axis=-2), c], axis=-2)
    y = np.concatenate([np.take_along_axis(y, e, axis=-1), c_y], axis=-1)
    return x, y


def defend(x, y, c, c_y):
    """Each member against its own child: the child takes the place where it is no worse; NaN loses."""
    better = (c_y <= y) | np.isnan(y)
    return np.where(better[..., None], c, x), np.where(better, c_y, y)


def annealing(state, f, rng, scale=0.05, start=1.0, cooling=0.995):
    r"""Move at random; take what is better, and what is worse with a probability that cools down
    (Kirkpatrick, Gelatt and Vecchi, 1983; Metropolis et al., 1953).

    Formula:
        y \leftarrow f(x) \quad \text{(once, at the start)}
        T \leftarrow T_0 \, \gamma^t
        c \leftarrow x + \sigma \, \mathcal{N}(0, 1), \text{ kept in the box}
        y_c \leftarrow f(c)
        \text{accept} \leftarrow \mathrm{U}(0, 1) < e^{-(y_c - y)^+ / T}
        x \leftarrow c \text{ if accepted}
        y \leftarrow y_c \text{ if accepted}

    Args:
        state: `AnnealingState`.
        f: the problem; moves stay in its box ``f.bounds``.
        rng: `numpy.random.Generator`.
        scale: the standard deviation sigma of a move, as a share of the box's width.
        start: the first temperature, in units of f.
        cooling: what the temperature is multiplied with each step, in (0, 1].
    """
    x, y, t = state
    y = f(x) if y is None else y
    T = start * cooling**t
    c = mutate(x, f.bounds, rng, 1.0, scale)
    c_y = f(c)
    accept = rng.random(np.shape(c_y)) < np.exp(-np.maximum(c_y - y, 0) / T)
    x = np.where(accept[..., None], c, x)
    y = np.where(accept, c_y, y)
    return AnnealingState(x, y, t + 1)


# -------------------------------------------------------------------------------------------- the one table


def from_point(State):
    """Start at the point that is given."""
    return lambda x0, f, rng: State(np.asarray(x0, dtype=float))


def from_box(n):
    """Start from ``n`` individuals drawn uniformly from the box; the point that is given is the first."""

    def start(x0, f, rng):
        x0 = np.asarray(x0, dtype=float)
        x = rng.uniform(*f.bounds, size=(*x0.shape[:-1], n, x0.shape[-1]))
        return PopulationState(np.concatenate([x0[..., None, :], x[..., 1:, :]], axis=-2))

    return start


class Method(NamedTuple):
    """A row of `METHODS`: what a method is called, how it steps, and how it starts from a point."""

    name: str
    label: str
    step: Callable
    start: Callable  # (x0, f, rng) -> state
    lr: float | None = None  # a rate that suits a bowl with curvatures from 1 to 10; None: it has no rate

    @property
    def uses_gradient(self):
        """Whether the method walks along gradients at a learning rate."""
        return self.lr is not None


METHODS = {
    method.name: method
    for method in (
        Method("grid_search", "grid search", grid_search, from_point(SearchState)),
        Method("random_search", "random search", random_search, from_point(SearchState)),
        Method("gradient_descent", "gradient descent", gradient_descent, from_point(PointState), 0.1),
        Method("momentum", "momentum", momentum, from_point(VelocityState), 0.05),
        Method("nesterov", "Nesterov", nesterov, from_point(VelocityState), 0.05),
        Method("adagrad", "Adagrad", adagrad, from_point(SquaresState), 1.0),
        Method("rmsprop", "RMSProp", rmsprop, from_point(SquaresState), 0.01),
        Method("adam", "Adam", adam, from_point(AdamState), 0.1),
        Method("adamw", "AdamW", adamw, from_point(AdamState), 0.1),
        Method("amsgrad", "AMSGrad", amsgrad, from_point(AmsgradState), 0.1),
        Method("newton", "Newton", newton, from_point(PointState)),
        Method("textbook_genetic", "textbook GA", textbook_genetic, from_box(40)),
        Method("genetic", "genetic algorithm", genetic, from_box(40)),
        Method("annealing", "simulated annealing", annealing, from_point(AnnealingState)),
    )
}


def from_update(update, State):
    """The step made of a bare update rule, such as one writes in an exercise.

    Args:
        update: ``update(x, *memory, g, **knobs)``; it returns x alone where there is no memory, else ``(x, *memory)``.
        State: the state that holds x and the memory, in this order. A count of steps stays a whole number; any other
            memory is given in the shape of x.
    """

    def step(state, f, rng, **knobs):
        memory = [part if isinstance(part, int) else np.broadcast_to(part, state.x.shape) for part in state[1:]]
        new = update(state.x, *memory, f.grad(state.x), **knobs)
        return State(*new) if memory else State(new)

    return step
