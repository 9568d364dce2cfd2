"""The exercises of lesson 10: Newton, line search, curvature that is learned; clipping, decay, reading a loss curve."""

import math

import numpy as np

from course_lib.calling import Case, Given, make
from course_lib.exercises.declare import Part, exercise

# ----------------------------------------------------------------------------------------------- newton.path


def path_cases(rng):
    A = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 2.0]])
    saddle = {"A": np.array([[3.0, 1.0], [1.0, -2.0]]), "b": rng.normal(0, 2, 2)}

    def on(name, data, x0, n):
        return {"grad": Given(f"{name}.grad", data), "hess": Given(f"{name}.hess", data), "x0": x0, "n": n}

    bowl = {"A": A, "b": rng.normal(0, 2, 3)}
    return [
        Case(on("rosenbrock", {"dim": 2}, rng.uniform(1.5, 2, 2) * [-1, 1], 3), "three steps in a curved valley"),
        Case(on("quadratic", bowl, rng.normal(0, 3, 3), 2), "two steps on a bowl: the first arrives"),
        Case(on("quadratic", saddle, rng.normal(0, 3, 2), 1), "one step on a saddle"),
        Case(on("styblinski_tang", {"dim": 4}, rng.uniform(2.2, 4, 4), 4), "four steps in four dimensions"),
        Case(on("himmelblau", {}, rng.uniform(3.5, 5, 2), 0), "no step at all"),
    ]  # fmt: skip


@exercise(
    "newton.path",
    lesson="10",
    title="Newton's path",
    section="Newton's step",
    points=3,
    cases=path_cases,
    fresh=True,
    rtol=1e-6,
    hints=(
        "Near x the function looks like a parabola with slope g and curvature H. Where is that parabola level?",
        "The step p solves the linear equations H p = g, and you subtract it. Gradient and Hessian are asked anew at "
        "every point; no rate and no sum of rows appears.",
        "In the loop: x = x - np.linalg.solve(hess(x), grad(x)), then path.append(x). Begin with path = [x0] and "
        "return np.array(path).",
    ),
)
def newton_path(grad, hess, x0, n):
    """The path of n steps of Newton's method: each goes to the level point of the parabola that fits at x.

    grad: a function, (d,) to (d,). hess: a function, (d,) to (d, d). x0: array (d,), the start. n: how many steps,
    n >= 0. No Hessian on the way is singular, but not all are positive definite.

    Returns the path, an array (n + 1, d) whose first row is x0. Changes nothing it is given.
    """
    path = [x0]
    for _ in range(n):
        x = path[-1]
        path.append(x - np.linalg.solve(hess(x), grad(x)))
    return np.array(path)


@newton_path.style
def path_by_inverse(grad, hess, x0, n):
    path = np.empty((n + 1, len(x0)))
    path[0] = x0
    for t in range(n):
        path[t + 1] = path[t] - np.linalg.inv(hess(path[t])) @ grad(path[t])
    return path


@newton_path.style
def path_by_eigenvectors(grad, hess, x0, n):
    x, rows = x0, [x0.copy()]
    for _ in range(n):
        values, vectors = np.linalg.eigh(hess(x))
        x = x - vectors @ ((vectors.T @ grad(x)) / values)
        rows.append(x)
    return np.stack(rows)


def walking(step):
    """A family of mistakes: the path of x = step(grad, hess, x, x0)."""

    def walk(grad, hess, x0, n):
        path = [x0]
        for _ in range(n):
            path.append(step(grad, hess, path[-1], x0))
        return np.array(path)

    return walk


@newton_path.mistake(
    "The sign is turned: you add the solution of H p = g, so you go as far from the level point as it is away. "
    "Subtract it."
)
def plus_sign(*args):
    return walking(lambda grad, hess, x, x0: x + np.linalg.solve(hess(x), grad(x)))(*args)


@newton_path.mistake(
    "You multiply the gradient by the Hessian, H @ g. Where the ground curves strongly the step must be *short*: solve "
    "H p = g, which divides by the curvature."
)
def multiplies_by_the_hessian(*args):
    return walking(lambda grad, hess, x, x0: x - hess(x) @ grad(x))(*args)


@newton_path.mistake(
    "You keep the Hessian of the start for the whole run. That is cheaper, but the steps no longer double their right "
    "digits: ask hess(x) at every new x."
)
def hessian_frozen(*args):
    return walking(lambda grad, hess, x, x0: x - np.linalg.solve(hess(x0), grad(x)))(*args)


@newton_path.mistake(
    "Your gradient is that of the start in every step. Ask grad(x) anew where you are, like the Hessian."
)
def gradient_frozen(*args):
    return walking(lambda grad, hess, x, x0: x - np.linalg.solve(hess(x), grad(x0)))(*args)


@newton_path.mistake(
    "You divide by the diagonal of the Hessian alone. The other entries say how the slopes lean on each other; without "
    "them one step no longer solves a tilted bowl. Use np.linalg.solve with the whole matrix."
)
def diagonal_only(*args):
    return walking(lambda grad, hess, x, x0: x - grad(x) / np.diag(hess(x)))(*args)


@newton_path.mistake(
    "You divide the gradient by the row sums of the Hessian. A system of equations is not solved row by row: use "
    "np.linalg.solve(H, g)."
)
def row_sums(*args):
    return walking(lambda grad, hess, x, x0: x - grad(x) / hess(x).sum(axis=1))(*args)


@newton_path.mistake(
    "1 / H turns each entry over by itself; that is not the inverse of the matrix. Use np.linalg.solve(H, g)."
)
def entries_turned_over(*args):
    def step(grad, hess, x, x0):
        with np.errstate(divide="ignore", invalid="ignore"):
            return x - (1 / hess(x)) @ grad(x)

    return walking(step)(*args)


@newton_path.mistake(
    "Your steps are half as long as Newton's: there is a rate of 0.5 in them. The curvature already says how far to "
    "go, so the full step has no rate."
)
def half_steps(*args):
    return walking(lambda grad, hess, x, x0: x - 0.5 * np.linalg.solve(hess(x), grad(x)))(*args)


@newton_path.mistake(
    "You add the identity to the Hessian before you solve: that is damping, useful where Newton misbehaves, but a bowl "
    "then takes many steps in the place of one. Solve with H as it is."
)
def damped_by_one(*args):
    return walking(lambda grad, hess, x, x0: x - np.linalg.solve(hess(x) + np.eye(len(x)), grad(x)))(*args)


@newton_path.mistake(
    "You take the size of the eigenvalues, so you always go downhill. That is a remedy (the next exercises have "
    "another), not Newton's own step: on a saddle Newton goes to the saddle point."
)
def never_climbs(*args):
    def step(grad, hess, x, x0):
        values, vectors = np.linalg.eigh(hess(x))
        return x - vectors @ ((vectors.T @ grad(x)) / np.abs(values))

    return walking(step)(*args)


@newton_path.mistake("The start is missing: the first row of the path is x0, before any step.")
def start_missing(grad, hess, x0, n):
    return walking(lambda grad, hess, x, _: x - np.linalg.solve(hess(x), grad(x)))(grad, hess, x0, n)[1:]


@newton_path.mistake("You return the last point alone. Note every point and return them all, the start first.")
def last_point_only(grad, hess, x0, n):
    return walking(lambda grad, hess, x, _: x - np.linalg.solve(hess(x), grad(x)))(grad, hess, x0, n)[-1]


@newton_path.mistake(
    "You change x in place (x -= ...), so x0 moves, and all rows of your path are the last point. Write x = x - ..."
)
def moves_in_place(grad, hess, x0, n):
    path = [x0]
    for _ in range(n):
        x0 -= np.linalg.solve(hess(x0), grad(x0))
        path.append(x0)
    return np.array(path)


@newton_path.mistake(
    "x0 is safe, but all rows of your path are the last point: x -= ... changes one array, and the list holds that one "
    "array again and again. Write x = x - ..., which makes a new one."
)
def one_array_many_times(grad, hess, x0, n):
    x = x0.copy()
    for _ in range(n):
        x -= np.linalg.solve(hess(x), grad(x))
    return np.array([x] * (n + 1))


# ---------------------------------------------------------------------------------------- newton.backtracking


def search_cases(rng):
    def at(f, x, d, c, rho, about, most=40):
        g = make(f).grad(x)
        return Case({"f": f, "g": g, "x": x, "d": d * g, "c": c, "rho": rho, "most": most}, about)

    bowl = Given("quadratic", {"A": np.diag([1.0, 9.0, 30.0])})
    steep = np.array([rng.uniform(1, 2), rng.uniform(2, 3), rng.uniform(0.3, 0.6)])
    banana, hills = Given("rosenbrock", {"dim": 2}), Given("himmelblau")
    return [
        at(bowl, steep, -1.0, 0.3, 0.9, "a bowl, and a demanding c"),
        at(bowl, rng.normal(0, 2, 3) + [0, 0, 4], -1.0, 1e-4, 0.5, "a bowl, and a c that is easily content"),
        at(banana, rng.uniform(-1.3, -1.1, 2) * [1, -1], -2.0, 0.1, 0.7, "a curved valley (Rosenbrock)"),
        at(hills, rng.uniform(4, 5, 2), -0.02, 0.6, 0.8, "a direction that is shorter than the gradient"),
        at(bowl, steep, -0.01, 0.2, 0.5, "a step that is good at once"),
        at(bowl, steep, 1.0, 0.1, 0.8, "a direction that climbs: no length will do", 12),
    ]


@exercise(
    "newton.backtracking",
    lesson="10",
    title="A step that is sure to fall",
    section="A step that is sure to fall",
    points=2,
    cases=search_cases,
    atol=0.0,
    hints=(
        "Try the full step first. What does the slope promise for a step of length t, and what share of that promise "
        "is asked for?",
        "The bound is f(x) + c * t * (g . d): a straight line that starts at f(x) and falls less steeply than the "
        "slope. As long as the new value lies above it, t is multiplied with rho.",
        "t = 1.0; then for _ in range(most): stop when f(x + t * d) <= f(x) + c * t * (g @ d), else t = rho * t. "
        "Return t.",
    ),
)
def backtracking(f, g, x, d, c=1e-4, rho=0.5, most=40):
    """The step length by backtracking: the first t of 1, rho, rho^2, ... with f(x + t d) <= f(x) + c t (g . d).

    f: a function, (d,) to a number. g: array (d,), its gradient at x. x: array (d,). d: array (d,), the direction.
    c: the share of the promised fall that is asked for, 0 < c < 1. rho: the factor after a refusal, 0 < rho < 1.
    most: after so many refusals t = rho^most is returned untried, so that a direction that climbs ends the search too.

    Returns the number t. Changes nothing it is given.
    """
    t = 1.0
    for _ in range(most):
        if f(x + t * d) <= f(x) + c * t * (g @ d):
            break
        t = rho * t
    return t


@backtracking.style
def search_with_while(f, g, x, d, c=1e-4, rho=0.5, most=40):
    t, tried, here, slope = 1.0, 0, f(x), sum(g * d)
    while tried < most and f(x + t * d) > here + c * t * slope:
        t *= rho
        tried += 1
    return t


@backtracking.style
def search_by_powers(f, g, x, d, c=1e-4, rho=0.5, most=40):
    good = (rho**k for k in range(most) if f(x + rho**k * d) - f(x) <= c * rho**k * np.dot(g, d))
    return float(next(good, rho**most))


def searching(enough, start=1.0, shrink=lambda t, rho: rho * t):
    """A family of mistakes: what is enough, where the search starts, how it goes on."""

    def search(f, g, x, d, c=1e-4, rho=0.5, most=40):
        t = start
        for _ in range(most):
            if enough(f, g, x, d, c, t):
                break
            t = shrink(t, rho)
        return float(t)

    return search


def armijo(f, g, x, d, c, t):
    return f(x + t * d) <= f(x) + c * t * (g @ d)


@backtracking.mistake(
    "The inequality is turned: you stop at the first t that does *not* lower f enough, and go on while it does."
)
def inequality_turned(*args):
    return searching(lambda *given: not armijo(*given))(*args)


@backtracking.mistake(
    "You ask only that f falls, f(x + t d) < f(x). Then a step may cross the valley and end a hair lower, again and "
    "again. Ask for the share c of the promised fall: the bound is f(x) + c t (g . d)."
)
def any_fall_will_do(*args):
    return searching(lambda f, g, x, d, c, t: f(x + t * d) < f(x))(*args)


@backtracking.mistake(
    "The length t is missing in the bound: c * (g . d) is the fall promised for the full step. A step of length t "
    "promises t times that."
)
def bound_without_length(*args):
    return searching(lambda f, g, x, d, c, t: f(x + t * d) <= f(x) + c * (g @ d))(*args)


@backtracking.mistake(
    "c is missing in the bound: you ask for the whole fall that the slope promises, and a curve that bends up never "
    "gives that. Ask for the share c of it."
)
def whole_promise(*args):
    return searching(lambda f, g, x, d, c, t: f(x + t * d) <= f(x) + t * (g @ d))(*args)


@backtracking.mistake(
    "The sign in the bound is turned: minus c t (g . d) lies *above* f(x) for a direction that falls, so a step that "
    "climbs is accepted too. The slope g . d is negative already: add it."
)
def bound_above(*args):
    return searching(lambda f, g, x, d, c, t: f(x + t * d) <= f(x) - c * t * (g @ d))(*args)


@backtracking.mistake(
    "You put -g . g in the place of g . d. The two agree for d = -g alone; the direction may be another or have "
    "another length."
)
def assumes_the_gradient(*args):
    return searching(lambda f, g, x, d, c, t: f(x + t * d) <= f(x) - c * t * (g @ g))(*args)


@backtracking.mistake(
    "You use g in the place of the direction: the trial point is x - t g. Walk along the d that is given, x + t d."
)
def walks_along_the_gradient(*args):
    return searching(lambda f, g, x, d, c, t: f(x - t * g) <= f(x) + c * t * (g @ d))(*args)


@backtracking.mistake(
    "You begin with t = rho. Try the full step first, t = 1: near the minimum it is the one that makes Newton fast."
)
def full_step_untried(*args):
    return searching(armijo, start=args[5])(*args)


@backtracking.mistake("You halve t whatever rho is. Multiply it by the rho that is given.")
def always_halves(*args):
    return searching(armijo, shrink=lambda t, rho: t / 2)(*args)


@backtracking.mistake("You lower t by rho each time, t - rho, so it soon is negative. Multiply it: t = rho * t.")
def subtracts_rho(*args):
    return searching(armijo, shrink=lambda t, rho: t - rho)(*args)


@backtracking.mistake(
    "You shrink t once too often: it is multiplied with rho even after it was good enough. Look first, then shrink."
)
def one_too_short(*args):
    return searching(armijo)(*args) * args[5]


@backtracking.mistake(
    "You pay no attention to `most`: on a direction that climbs your t shrinks until rounding makes both sides equal. "
    "Stop after `most` refusals."
)
def never_gives_up(f, g, x, d, c=1e-4, rho=0.5, most=40):
    return searching(armijo)(f, g, x, d, c, rho, 400)


@backtracking.mistake(
    "After `most` refusals you return 0. By the contract it is rho^most, the length that would have been tried next."
)
def zero_after_all_refusals(f, g, x, d, c=1e-4, rho=0.5, most=40):
    t = searching(armijo)(f, g, x, d, c, rho, most)
    return t if armijo(f, g, x, d, c, t) else 0.0


@backtracking.mistake(
    "You give up one refusal early: after `most` refusals t has been multiplied with rho `most` times, not most - 1."
)
def gives_up_one_early(f, g, x, d, c=1e-4, rho=0.5, most=40):
    return searching(armijo)(f, g, x, d, c, rho, most - 1)


@backtracking.mistake(
    "You walk against d: the trial point is x + t d, and g . d is negative for a direction that falls. The minus "
    "belongs to gradient descent, where d = -g already contains it."
)
def walks_against_the_direction(*args):
    return searching(lambda f, g, x, d, c, t: f(x - t * d) <= f(x) - c * t * (g @ d))(*args)


@backtracking.mistake(
    "You return the new point. Asked for is the length t; whoever calls takes the step x + t d."
)  # fmt: skip
def returns_the_point(f, g, x, d, c=1e-4, rho=0.5, most=40):
    return x + searching(armijo)(f, g, x, d, c, rho, most) * d


# --------------------------------------------------------------------------------------------- newton.make_pd


def turned(rng, values):
    """A symmetric matrix with these eigenvalues and random directions."""
    Q, _ = np.linalg.qr(rng.normal(0, 1, (len(values), len(values))))
    H = Q * np.asarray(values) @ Q.T
    return (H + H.T) / 2


def pd_cases(rng):
    a, b, c = rng.uniform(1, 3, 3)
    return [
        Case({"H": turned(rng, [-2 * a, 0.1, 4 * b]), "tau": 0.5}, "one eigenvalue negative, one too small"),
        Case({"H": turned(rng, [-a, b]), "tau": 0.01}, "a saddle"),
        Case({"H": turned(rng, [-a, -b, -5.0, -c]), "tau": 0.2}, "a hilltop: every eigenvalue is negative"),
        Case({"H": turned(rng, [a, 2 * b, 9.0]), "tau": 0.3}, "a matrix that is good as it is"),
        Case({"H": np.diag([a, -b, 6.0, 0.0]), "tau": 0.7}, "a diagonal matrix with a zero"),
    ]


@exercise(
    "newton.make_pd",
    lesson="10",
    title="A Hessian that points downhill",
    section="Always downhill",
    points=2,
    cases=pd_cases,
    fresh=True,
    hints=(
        "A symmetric matrix is a set of directions, each with a curvature of its own. Which of them do harm here, and "
        "what may stay as it is?",
        "np.linalg.eigh gives the eigenvalues and, as columns, the eigenvectors. Change the eigenvalues and put the "
        "matrix together again.",
        "values, V = np.linalg.eigh(H); values = np.maximum(values, tau); return V @ np.diag(values) @ V.T.",
    ),
)
def make_pd(H, tau):
    """The matrix with the eigenvectors of H, and with each eigenvalue below tau raised to tau.

    H: symmetric array (d, d). tau: a number > 0.

    Returns a symmetric array (d, d) with no eigenvalue below tau. Changes nothing it is given.
    """
    values, vectors = np.linalg.eigh(H)
    return vectors @ np.diag(np.maximum(values, tau)) @ vectors.T


@make_pd.style
def pd_by_adding_what_lacks(H, tau):
    values, vectors = np.linalg.eigh(H)
    fixed = H.copy()
    for value, v in zip(values, vectors.T, strict=True):
        if value < tau:
            fixed = fixed + (tau - value) * np.outer(v, v)
    return fixed


@make_pd.style
def pd_by_scaled_columns(H, tau):
    values, vectors = np.linalg.eigh((H + H.T) / 2)
    return (vectors * np.clip(values, tau, None)) @ vectors.T


def by_eigenvalues(change):
    """A family of mistakes: the eigenvalues are changed to something else."""

    def fix(H, tau):
        values, vectors = np.linalg.eigh(H)
        return vectors @ np.diag(change(values, tau)) @ vectors.T

    return fix


@make_pd.mistake(
    "You take the size of every *entry*. A matrix of positive entries need not be positive definite: its eigenvalues "
    "are what counts, and they come from np.linalg.eigh."
)
def sizes_of_entries(H, tau):
    return np.maximum(np.abs(H), tau)


@make_pd.mistake(
    "You raise the entries of H that are below tau, not its eigenvalues. Take the matrix apart first: "
    "np.linalg.eigh(H)."
)
def raises_entries(H, tau):
    return np.maximum(H, tau)


@make_pd.mistake(
    "You raise what stands on the diagonal. The diagonal holds the eigenvalues only when the matrix is diagonal: "
    "take it apart with np.linalg.eigh."
)
def raises_the_diagonal(H, tau):
    fixed = H.copy()
    np.fill_diagonal(fixed, np.maximum(np.diag(H), tau))
    return fixed


@make_pd.mistake(
    "You add tau to the diagonal whatever H is. That moves every eigenvalue up by tau: a negative one may stay "
    "negative, and a good matrix is changed."
)
def adds_tau(H, tau):
    return H + tau * np.eye(len(H))


@make_pd.mistake(
    "You add so much to the diagonal that the smallest eigenvalue becomes tau. The result is positive definite, and "
    "used in practice, but it shortens the steps in all directions; asked for is to raise the bad eigenvalues alone. "
    "Half the points.",
    credit=0.5,
)
def shifts_all(H, tau):
    return H + max(0.0, tau - np.linalg.eigvalsh(H)[0]) * np.eye(len(H))


@make_pd.mistake(
    "You turn negative eigenvalues around, |value|. That is the saddle-free variant; here they become tau. And those "
    "between 0 and tau are too small still. Half the points.",
    credit=0.5,
)
def turns_negative_around(*args):
    return by_eigenvalues(lambda values, tau: np.abs(values))(*args)


@make_pd.mistake(
    "You turn negative eigenvalues around before you raise the small ones, max(|value|, tau). That is the saddle-free "
    "variant; here whatever is below tau becomes tau. Half the points.",
    credit=0.5,
)
def turns_then_raises(*args):
    return by_eigenvalues(lambda values, tau: np.maximum(np.abs(values), tau))(*args)


@make_pd.mistake(
    "Only the negative eigenvalues become tau; those between 0 and tau stay. A tiny eigenvalue makes an enormous step: "
    "raise all that are below tau."
)
def spares_the_small(*args):
    return by_eigenvalues(lambda values, tau: np.where(values < 0, tau, values))(*args)


@make_pd.mistake(
    "You lower the eigenvalues to tau, np.minimum. The large ones are the trusty ones: take np.maximum(values, tau)."
)
def lowers_to_tau(*args):
    return by_eigenvalues(np.minimum)(*args)


@make_pd.mistake(
    "The matrix is put together the wrong way round: eigh gives the eigenvectors as columns, so it is V diag(values) "
    "V.T, not V.T diag(values) V."
)
def assembled_backward(H, tau):
    values, vectors = np.linalg.eigh(H)
    return vectors.T @ np.diag(np.maximum(values, tau)) @ vectors


@make_pd.mistake(
    "The second V is not transposed: V diag(values) V is another matrix, and not symmetric. It is V diag(values) V.T."
)
def second_not_transposed(H, tau):
    values, V = np.linalg.eigh(H)
    return V @ np.diag(np.maximum(values, tau)) @ V


@make_pd.mistake("You return the diagonal matrix of the eigenvalues: the directions are lost. Put V around it again.")
def directions_lost(H, tau):
    return np.diag(np.maximum(np.linalg.eigvalsh(H), tau))


@make_pd.mistake(
    "You write into the H that is given (H += ... or H[...] = ...), so the Hessian of whoever called has changed. "
    "Make a new matrix."
)
def writes_into_the_hessian(H, tau):
    H[...] = by_eigenvalues(np.maximum)(H, tau)
    return H


# ----------------------------------------------------------------------------------------- newton.bfgs_update


def update_cases(rng):
    def pair(d, about):
        B, A = turned(rng, rng.uniform(0.5, 5, d)), turned(rng, rng.uniform(0.5, 5, d))
        s = rng.normal(0, 1, d)
        return Case({"B": B, "s": s, "y": A @ s}, about)

    B, s = turned(rng, rng.uniform(0.5, 5, 3)), rng.normal(0, 1, 3)
    side = rng.normal(0, 1, 3)
    falling = -0.7 * s + side - side @ s / (s @ s) * s
    return [
        pair(2, "two dimensions"),
        pair(4, "four dimensions"),
        Case({"B": np.eye(3), "s": s, "y": turned(rng, [0.7, 2.0, 6.0]) @ s}, "the identity, as at the start of a run"),
        pair(1, "a single dimension"),
        Case({"B": B, "s": s, "y": falling}, "a step that saw no upward curvature: s . y < 0"),
    ]


@exercise(
    "newton.bfgs_update",
    lesson="10",
    title="Curvature learned from gradients",
    section="Curvature from gradients alone",
    points=3,
    cases=update_cases,
    hints=(
        "Two things happen: what B believed about the direction s is taken away, and what was seen there is put in. "
        "Both are matrices made of one vector.",
        "Taken away: the outer product of B s with itself, over s . B s. Put in: the outer product of y with itself, "
        "over y . s. Check: what does the new matrix make of s?",
        "If s @ y <= 0 return B. Else Bs = B @ s, and return "
        "B - np.outer(Bs, Bs) / (s @ Bs) + np.outer(y, y) / (y @ s).",
    ),
)
def bfgs_update(B, s, y):
    """The BFGS update of an estimated Hessian: B - (B s)(B s)^T / (s . B s) + y y^T / (y . s).

    B: symmetric positive definite array (d, d). s: array (d,), the step x took. y: array (d,), what the gradient
    changed by. Where s . y <= 0, the update is skipped and B is returned as it is.

    Returns the new estimate, an array (d, d): symmetric, positive definite, and it maps s to y. Changes nothing it
    is given.
    """
    if s @ y <= 0:
        return B
    Bs = B @ s
    return B - np.outer(Bs, Bs) / (s @ Bs) + np.outer(y, y) / (y @ s)


@bfgs_update.style
def update_by_columns(B, s, y):
    s, y = s[:, None], y[:, None]
    if (s.T @ y).item() <= 0:
        return B.copy()
    return B - (B @ s @ s.T @ B) / (s.T @ B @ s) + (y @ y.T) / (y.T @ s)


@bfgs_update.style
def update_of_the_inverse(B, s, y):
    r = s @ y
    if not r > 0:
        return np.array(B)
    V = np.eye(len(s)) - np.outer(s, y) / r
    return np.linalg.inv(V @ np.linalg.inv(B) @ V.T + np.outer(s, s) / r)


@bfgs_update.mistake(
    "You do not look at s . y. Where it is negative the new matrix has a negative eigenvalue, and its steps climb: "
    "return B as it is."
)
def never_skips(B, s, y):
    Bs = B @ s
    return B - np.outer(Bs, Bs) / (s @ Bs) + np.outer(y, y) / (y @ s)


def updating(change):
    """A family of mistakes that skip as they should."""
    return lambda B, s, y: change(B, s, y, B @ s) if s @ y > 0 else B


@bfgs_update.mistake(
    "s and y have changed places: you update an estimate of the *inverse* with the rule for the Hessian (that rule is "
    "DFP's). Check: the new B maps s to y, not y to s."
)
def places_changed(B, s, y):
    By = B @ y
    return B - np.outer(By, By) / (y @ By) + np.outer(s, s) / (y @ s) if s @ y > 0 else B


@bfgs_update.mistake(
    "The old belief is not taken away: the middle term is missing, so the curvature along s is counted twice. Subtract "
    "(B s)(B s)^T / (s . B s)."
)
def belief_kept(*args):
    return updating(lambda B, s, y, Bs: B + np.outer(y, y) / (y @ s))(*args)


@bfgs_update.mistake(
    "What was seen is not put in: the last term, y y^T / (y . s), is missing, and the new matrix maps s to 0."
)
def nothing_put_in(*args):
    return updating(lambda B, s, y, Bs: B - np.outer(Bs, Bs) / (s @ Bs))(*args)


@bfgs_update.mistake(
    "The signs are turned: you add the old belief and subtract what was seen. Take (B s)(B s)^T away, put y y^T in."
)
def signs_turned(*args):
    return updating(lambda B, s, y, Bs: B + np.outer(Bs, Bs) / (s @ Bs) - np.outer(y, y) / (y @ s))(*args)


@bfgs_update.mistake(
    "The two denominators have changed places: (B s)(B s)^T belongs over s . B s, and y y^T over y . s."
)
def denominators_crossed(*args):
    return updating(lambda B, s, y, Bs: B - np.outer(Bs, Bs) / (y @ s) + np.outer(y, y) / (s @ Bs))(*args)


@bfgs_update.mistake(
    "You take the outer product of s with itself where B s stands: (B s)(B s)^T / (s . B s). With B = identity the two "
    "agree, later they do not."
)
def outer_of_the_step(*args):
    return updating(lambda B, s, y, Bs: B - np.outer(s, s) / (s @ s) + np.outer(y, y) / (y @ s))(*args)


@bfgs_update.mistake(
    "The matrix is no longer symmetric: you take np.outer(Bs, s) or the like. Both vectors of an outer product here "
    "are the same."
)
def symmetry_lost(*args):
    return updating(lambda B, s, y, Bs: B - np.outer(Bs, s) / (s @ s) + np.outer(y, s) / (s @ s))(*args)


@bfgs_update.mistake(
    "y @ y is a number and y * y a vector; neither is the matrix y y^T. It is np.outer(y, y), and np.outer(Bs, Bs)."
)
def vectors_for_matrices(*args):
    return updating(lambda B, s, y, Bs: B - Bs * Bs / (s @ Bs) + y * y / (y @ s))(*args)


@bfgs_update.mistake(
    "Bs @ Bs and y @ y are numbers, so you add the same number to every entry of B. A column times a row is a matrix: "
    "np.outer(y, y), and np.outer(Bs, Bs)."
)
def numbers_for_matrices(*args):
    return updating(lambda B, s, y, Bs: B - Bs @ Bs / (s @ Bs) + y @ y / (y @ s))(*args)


@bfgs_update.mistake(
    "That is the update of the *inverse*: your matrix maps y to s, and B is to map s to y. Both are called BFGS; here "
    "the estimate is of the Hessian itself."
)
def updates_the_inverse(B, s, y):
    if s @ y <= 0:
        return B
    V = np.eye(len(s)) - np.outer(s, y) / (y @ s)
    return V @ B @ V.T + np.outer(s, s) / (y @ s)


@bfgs_update.mistake(
    "Where s . y <= 0 you begin again with the identity. That forgets all that was learned: return B as it is."
)
def starts_again(B, s, y):
    return bfgs_update.reference(B, s, y) if s @ y > 0 else np.eye(len(s))


@bfgs_update.mistake(
    "You divide (B s)(B s)^T by s . s. It is s . B s: only then does the new matrix forget what B believed about s."
)
def scaled_by_the_step(*args):
    return updating(lambda B, s, y, Bs: B - np.outer(Bs, Bs) / (s @ s) + np.outer(y, y) / (y @ s))(*args)


@bfgs_update.mistake(
    "You divide y y^T by y . y. It is y . s: only then does the new matrix map s to y."
)  # fmt: skip
def wrong_scale(*args):
    return updating(lambda B, s, y, Bs: B - np.outer(Bs, Bs) / (s @ Bs) + np.outer(y, y) / (y @ y))(*args)


@bfgs_update.mistake(
    "You change B in place (B -= ..., B += ...), so the estimate of whoever called has changed. Make a new matrix."
)
def updates_in_place(B, s, y):
    if s @ y > 0:
        Bs = B @ s
        B -= np.outer(Bs, Bs) / (s @ Bs)
        B += np.outer(y, y) / (y @ s)
    return B


# -------------------------------------------------------------------------------------------- newton.logistic


def logistic_cases(rng):
    def data(n, d, shift=0.8):
        X = rng.normal(0, 1, (n, d)) * np.geomspace(1, 3, d)
        y = (X[:, 0] + rng.normal(0, 1, n) > shift).astype(float)
        y[:2] = 0, 1
        return {"X": X, "y": y}

    apart = np.concatenate([rng.uniform(1, 2, 8), rng.uniform(-4, -3, 5)])[:, None]
    return [
        Case(data(40, 3) | {"lam": 0.3, "n": 5}, "five steps with three features"),
        Case(data(25, 2) | {"lam": 0.5, "n": 1}, "a single step"),
        Case(data(30, 1) | {"lam": 1.7, "n": 4}, "a single feature and a strong penalty"),
        Case({"X": apart, "y": (apart[:, 0] > 0).astype(float), "lam": 0.05, "n": 8},
             "classes that lie apart: without the penalty the weights would grow forever"),
    ]  # fmt: skip


@exercise(
    "newton.logistic",
    lesson="10",
    title="Logistic regression by Newton",
    section="Real data: logistic regression in a handful of steps",
    points=3,
    starred=True,
    cases=logistic_cases,
    rtol=1e-6,
    hints=(
        "Put a column of ones before X. Then you need two things at the present w: the gradient of the whole loss, "
        "penalty included, and its Hessian.",
        "With p = 1 / (1 + exp(-X w)) the data give the gradient X.T @ (p - y) / m and the Hessian "
        "X.T @ diag(p (1 - p)) @ X / m. The penalty adds lam w to one and lam to the diagonal of the other, but "
        "not for the intercept.",
        "A = np.column_stack([np.ones(len(X)), X]); P = lam * np.diag([0] + [1] * X.shape[1]). In the loop: "
        "g = A.T @ (p - y) / len(y) + P @ w; H = (A.T * (p * (1 - p))) @ A / len(y) + P; "
        "w = w - np.linalg.solve(H, g).",
    ),
)
def logistic_newton(X, y, lam, n):
    """The weights of a logistic regression after n steps of Newton's method from 0, the intercept first.

    The loss is the mean over the m examples of -log p(y | x), plus lam/2 times the sum of the squared weights
    *without* the intercept. X: array (m, d), no column of ones. y: array (m,) of 0 and 1. lam: a number > 0.
    n: how many steps, n >= 1.

    Returns w, an array (1 + d,), with p(1 | x) = 1 / (1 + exp(-(w[0] + x . w[1:]))). Changes nothing it is given.
    """
    A = np.column_stack([np.ones(len(X)), X])
    P = lam * np.diag([0.0] + [1.0] * X.shape[1])
    w = np.zeros(A.shape[1])
    for _ in range(n):
        p = 1 / (1 + np.exp(-A @ w))
        g = A.T @ (p - y) / len(y) + P @ w
        H = (A.T * (p * (1 - p))) @ A / len(y) + P
        w = w - np.linalg.solve(H, g)
    return w


@logistic_newton.style
def logistic_by_weighted_squares(X, y, lam, n):
    m, d = X.shape
    A, keep = np.hstack([np.ones((m, 1)), X]), np.eye(d + 1)
    keep[0, 0] = 0
    w = np.zeros(d + 1)
    for _ in range(n):
        z = A @ w
        p = 1 / (1 + np.exp(-z))
        r = p * (1 - p)
        target = z + (y - p) / r
        w = np.linalg.solve(A.T @ np.diag(r) @ A + m * lam * keep, A.T @ (r * target))
    return w


@logistic_newton.style
def logistic_example_by_example(X, y, lam, n):
    d = X.shape[1]
    w = np.zeros(d + 1)
    for _ in range(n):
        g, H = np.zeros(d + 1), np.zeros((d + 1, d + 1))
        for row, truth in zip(X, y, strict=True):
            a = np.append(1.0, row)
            p = 1 / (1 + np.exp(-(a @ w)))
            g += (p - truth) * a / len(y)
            H += p * (1 - p) * np.outer(a, a) / len(y)
        g[1:] += lam * w[1:]
        H[1:, 1:] += lam * np.eye(d)
        w = w - np.linalg.inv(H) @ g
    return w


def fitting(curvature=lambda p: p * (1 - p), free=True, in_g=1.0, in_h=1.0, share=True, residual=lambda p, y: p - y,
            direction=-1):  # fmt: skip
    """A family of mistakes: Newton's method with some part of gradient or Hessian changed."""

    def fit(X, y, lam, n):
        A, w = np.column_stack([np.ones(len(X)), X]), np.zeros(1 + X.shape[1])
        m, P = len(y) if share else 1, lam * np.diag([0.0 if free else 1.0] + [1.0] * X.shape[1])
        for _ in range(n):
            p = 1 / (1 + np.exp(-A @ w))
            g = A.T @ residual(p, y) / m + in_g * P @ w
            w = w + direction * np.linalg.solve((A.T * curvature(p)) @ A / m + in_h * P, g)
        return w

    return fit


@logistic_newton.mistake(
    "The weights p (1 - p) are missing in your Hessian: you use X^T X, as for least squares. A sure example, p near 0 "
    "or 1, hardly curves the loss."
)
def curvature_missing(*args):
    return fitting(curvature=np.ones_like)(*args)


@logistic_newton.mistake(
    "You penalize the intercept too. It says how frequent the classes are, and has no reason to be small: leave w[0] "
    "out of the penalty, in the gradient and in the Hessian."
)
def intercept_penalized(*args):
    return fitting(free=False)(*args)


@logistic_newton.mistake(
    "The penalty is missing in the gradient: it belongs to the loss, so its slope lam * w belongs to g. With the "
    "Hessian alone the penalty only slows you down."
)
def gradient_without_penalty(*args):
    return fitting(in_g=0.0)(*args)


@logistic_newton.mistake(
    "The penalty is missing in the Hessian: it curves the loss as well, by lam in each penalized direction. Your steps "
    "are too long."
)
def hessian_without_penalty(*args):
    return fitting(in_h=0.0)(*args)


@logistic_newton.mistake(
    "The penalty weighs m times too little: you take the *sum* over the examples where the loss is their mean, or "
    "divide the penalty by m too. Divide gradient and Hessian of the data by len(y), and nothing else."
)
def sum_of_examples(*args):
    return fitting(share=False)(*args)


@logistic_newton.mistake("You climb: with the gradient X^T (p - y) the step is w - solve(H, g), with a minus.")
def climbs(X, y, lam, n):
    with np.errstate(over="ignore", invalid="ignore"):
        try:
            return fitting(direction=1)(X, y, lam, n)
        except np.linalg.LinAlgError:
            return np.full(1 + X.shape[1], np.nan)


@logistic_newton.mistake(
    "You weigh the curvature with p alone. The variance of a yes-or-no answer is p (1 - p): largest at one half."
)
def curvature_of_p(*args):
    return fitting(curvature=lambda p: p)(*args)


@logistic_newton.mistake(
    "You penalize with lam/2 in gradient and Hessian. The loss has lam/2 ||w||^2: slope lam w, curvature lam."
)
def half_penalty(*args):
    return fitting(in_g=0.5, in_h=0.5)(*args)


@logistic_newton.mistake(
    "You penalize twice as much: lam/2 times the squared weights has the slope lam w, not 2 lam w. The 2 of the square "
    "and the 1/2 cancel."
)
def double_penalty(*args):
    return fitting(in_g=2.0, in_h=2.0)(*args)


@logistic_newton.mistake(
    "The intercept stands last in your answer. The contract has it first: put the column of ones before X."
)
def intercept_last(*args):
    return np.roll(fitting()(*args), -1)


@logistic_newton.mistake(
    "There is no intercept: put a column of ones before X, so that w[0] says where the border lies."
)
def no_intercept(X, y, lam, n):
    w = np.zeros(X.shape[1])
    for _ in range(n):
        p = 1 / (1 + np.exp(-X @ w))
        H = (X.T * (p * (1 - p))) @ X / len(y) + lam * np.eye(len(w))
        w = w - np.linalg.solve(H, X.T @ (p - y) / len(y) + lam * w)
    return w


# ---------------------------------------------------------------------------------------- stable.clip_by_value


def value_cases(rng):
    return [
        Case({"g": rng.normal(0, 4, 9), "c": 1.3}, "nine entries of both signs"),
        Case({"g": rng.normal(0, 30, (3, 4)), "c": 0.7}, "a matrix of large entries"),
        Case({"g": np.array([0.4, -0.2, 0.0]) * rng.uniform(0.5, 1), "c": 2.5}, "small entries, and a zero"),
        Case({"g": np.array([1e-3, -2e5, 1e6]) * rng.uniform(1, 2), "c": 5.0}, "entries of very different sizes"),
    ]


@exercise(
    "stable.clip_by_value",
    lesson="10",
    title="Clip each entry",
    section="Clipping",
    points=1,
    cases=value_cases,
    fresh=True,
    hints=(
        "Look at one entry: when may it stay, and what becomes of it when it is too large, or too far below zero?",
        "Entries between -c and c stay as they are; the others are moved to the nearer of the two ends.",
        "NumPy has this: np.clip(g, low, high). What are low and high here?",
    ),
)
def clip_by_value(g, c):
    """The gradient with every entry kept between -c and c.

    g: array of any shape. c: a number > 0.

    Returns an array of the shape of g. Changes nothing it is given.
    """
    return np.clip(g, -c, c)


@clip_by_value.style
def value_by_min_and_max(g, c):
    return np.minimum(np.maximum(g, -c), c)


@clip_by_value.style
def value_by_mask(g, c):
    new = g.copy()
    new[g > c] = c
    new[g < -c] = -c
    return new


@clip_by_value.mistake("You clip at c above, but not at -c below: a large negative entry is as dangerous.")
def below_unclipped(g, c):
    return np.minimum(g, c)


@clip_by_value.mistake(
    "Whatever is too large becomes c, also what is far below 0: those slopes change sides. A large negative entry "
    "becomes -c."
)
def all_to_c(g, c):
    return np.where(np.abs(g) > c, c, g)


@clip_by_value.mistake("You clip below at 0: every negative slope is lost, and those weights can only fall.")
def zero_below(g, c):
    return np.clip(g, 0, c)


@clip_by_value.mistake(
    "You lose the signs: the sizes are clipped, but what pointed down points up. Clip between -c and c."
)
def signs_lost(g, c):
    return np.minimum(np.abs(g), c)


@clip_by_value.mistake(
    "You scale the whole gradient by one factor, by its length. That is clipping by *norm*, the next exercise; here "
    "each entry is clipped by itself."
)
def by_norm_instead(g, c):
    length = np.linalg.norm(g)
    return g * (c / length if length > c else 1.0)


@clip_by_value.mistake(
    "You scale everything so that the largest entry is c. Small entries shrink along; here each entry is clipped by "
    "itself."
)
def by_the_largest(g, c):
    return g * min(1.0, c / np.abs(g).max())


@clip_by_value.mistake("Every entry becomes c or -c, small ones too: that is the sign, not clipping. Leave small ones.")
def sign_only(g, c):
    return c * np.sign(g)


@clip_by_value.mistake("You set large entries to 0, so the largest slopes say nothing at all. Set them to c or -c.")
def large_to_zero(g, c):
    return np.where(np.abs(g) > c, 0.0, g)


@clip_by_value.mistake(
    "You squash smoothly (c tanh(g / c)), which changes small entries as well. Leave those as they are."
)
def squashes(g, c):
    return c * np.tanh(g / c)


@clip_by_value.mistake(
    "You clip in place (out=g, or g[...] = ...), so the gradient of whoever called is gone. Return a new array."
)
def clips_in_place(g, c):
    return np.clip(g, -c, c, out=g)


# ---------------------------------------------------------------------------------- stable.clip_by_global_norm


def norm_cases(rng):
    def model(scale):
        return [rng.normal(0, scale, (3, 2)), rng.normal(0, scale, 2), rng.normal(0, 3 * scale, (2, 2))]

    v = rng.normal(0, 1, 5)
    v = v / np.linalg.norm(v)
    small = [rng.normal(0, 0.1, 4), rng.normal(0, 0.1, 2)]
    calm = [(np.zeros((2, 3)), np.zeros(3)), [rng.normal(0, 1, 2), np.zeros(4)]]
    return [
        Case({"grads": model(2.0), "max_norm": 1.5}, "three arrays, together far too long"),
        Case({"grads": [0.8 * v, 0.7 * v[::-1]], "max_norm": 0.9}, "two arrays, hardly too long"),
        Case({"grads": small, "max_norm": 5.0}, "short gradients: nothing to clip"),
        Case({"grads": [rng.normal(0, 50, 6)], "max_norm": 3.0}, "a single array"),
        Case({"asked": [(list(calm[0]), 1.2), (calm[1], 0.4)]},
             "a gradient of zeros, then one with an array of zeros in it", "zeros", "each"),
    ]  # fmt: skip


@exercise(
    "stable.clip_by_global_norm",
    lesson="10",
    title="Clip by the global norm",
    section="Clipping",
    points=3,
    cases=norm_cases,
    fresh=True,
    quiet=True,
    parts=(
        Part("correct", 0.8, "shortens all arrays by one factor, and only when they are too long"),
        Part("zeros", 0.2, "copes with gradients of zero"),
    ),
    hints=(
        "Think of all arrays as one long vector. How long is it, and by which factor must it shrink to be as long as "
        "max_norm?",
        "The length is the root of the sum of all squares of all arrays. One factor for all of them keeps the "
        "direction; it is 1 when the length is not above max_norm.",
        "norm = np.sqrt(sum(np.sum(g**2) for g in grads)); factor = max_norm / norm if norm > max_norm else 1.0; "
        "return tuple(g * factor for g in grads).",
    ),
)
def clip_by_global_norm(grads, max_norm):
    """The gradients of a model, shortened by one common factor so that together they are at most max_norm long.

    grads: a list of arrays of any shapes. Their global norm is the root of the sum of the squares of all entries of
    all arrays. max_norm: a number > 0. Gradients that are not too long, zeros included, keep their values.

    Returns as many new arrays, in a tuple or a list. Changes nothing it is given.
    """
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    factor = max_norm / norm if norm > max_norm else 1.0
    return tuple(g * factor for g in grads)


@clip_by_global_norm.style
def global_norm_of_one_vector(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return [g.copy() if norm <= max_norm else g / norm * max_norm for g in grads]


@clip_by_global_norm.style
def global_norm_as_a_maximum(grads, max_norm):
    norm = np.sqrt(np.sum([np.linalg.norm(g) ** 2 for g in grads]))
    return [max_norm * g / max(norm, max_norm) for g in grads]


def shrinking(norm):
    """A family of mistakes: another idea of the length."""

    def clip(grads, max_norm):
        length = norm(grads)
        return tuple(g * (max_norm / length if length > max_norm else 1.0) for g in grads)

    return clip


@clip_by_global_norm.mistake(
    "You clip each array by its own length. Each layer then gets a factor of its own, and the direction of the whole "
    "step changes. Add the squares of all arrays first: one length, one factor."
)
def per_array(grads, max_norm):
    lengths = [np.linalg.norm(g) for g in grads]
    return tuple(g * (max_norm / n if n > max_norm else 1.0) for g, n in zip(grads, lengths, strict=True))


@clip_by_global_norm.mistake(
    "You clip entry by entry, np.clip. That bends the direction of the step; here all entries shrink by one factor."
)
def per_entry(grads, max_norm):
    return tuple(np.clip(g, -max_norm, max_norm) for g in grads)


@clip_by_global_norm.mistake(
    "You always rescale to max_norm, so short gradients are blown *up*, and near the minimum the steps never shrink. "
    "Rescale only when the norm is above max_norm."
)
def always_rescales(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return tuple(g * (max_norm / norm if norm > 0 else 1.0) for g in grads)


@clip_by_global_norm.mistake(
    "You always rescale, and a gradient of zeros becomes 0/0. Rescale only when the norm is above max_norm; that "
    "settles both."
)
def rescales_zeros(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return tuple(g * (max_norm / norm) for g in grads)


@clip_by_global_norm.mistake(
    "The values are right, but a gradient of zeros causes a warning: you compute max_norm / norm before you know "
    "whether norm is 0. Look first, or divide by max(norm, max_norm)."
)
def warns_of_zeros(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return tuple(g * np.minimum(1.0, max_norm / norm) for g in grads)


@clip_by_global_norm.mistake(
    "A gradient of zeros stops you: max_norm / norm divides by 0 before you know whether there is anything to clip. "
    "Ask first whether norm > max_norm."
)
def stops_at_zeros(grads, max_norm):
    norm = math.sqrt(sum(np.sum(g**2).item() for g in grads))
    return tuple(g * min(1.0, max_norm / norm) for g in grads)


@clip_by_global_norm.mistake(
    "You add a millionth to the norm against a division by 0, as PyTorch does, and all clipped gradients are a little "
    "too short. Only gradients above max_norm are divided, and their norm is not 0. Half the points.",
    credit=0.5,
)
def adds_a_millionth(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return tuple(g * min(1.0, max_norm / (norm + 1e-6)) for g in grads)


@clip_by_global_norm.mistake("The root is missing: you compare the sum of the *squares* with max_norm. Take np.sqrt.")
def root_missing(*args):
    return shrinking(lambda grads: sum(np.sum(g**2) for g in grads))(*args)


@clip_by_global_norm.mistake(
    "You add the lengths of the arrays. Lengths in different directions do not add, squares do: "
    "sqrt(sum of the squares)."
)
def sum_of_norms(*args):
    return shrinking(lambda grads: sum(np.linalg.norm(g) for g in grads))(*args)


@clip_by_global_norm.mistake(
    "You take the length of the longest array alone. The step that is taken has the length of all of them together."
)
def longest_array(*args):
    return shrinking(lambda grads: max(np.linalg.norm(g) for g in grads))(*args)


@clip_by_global_norm.mistake(
    "You take the largest entry as the length. The norm is the root of the sum of all squares."
)
def largest_entry(*args):
    return shrinking(lambda grads: max(np.abs(g).max() for g in grads))(*args)


@clip_by_global_norm.mistake(
    "The test is turned: you rescale the short gradients and leave the long ones as they are. Rescale when "
    "norm > max_norm."
)
def test_inverted(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return tuple(g * (max_norm / norm if 0 < norm < max_norm else 1.0) for g in grads)


@clip_by_global_norm.mistake(
    "The factor is turned over: norm / max_norm makes long gradients longer still. It is max_norm / norm."
)
def factor_turned_over(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return tuple(g * (norm / max_norm if norm > max_norm else 1.0) for g in grads)


@clip_by_global_norm.mistake(
    "You make the gradients of length 1 and forget max_norm: multiply by max_norm / norm, not by 1 / norm."
)
def length_one(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return tuple(g * (1 / norm if norm > max_norm else 1.0) for g in grads)


@clip_by_global_norm.mistake(
    "You change the gradients in place (g *= factor). Whoever called may still want to log their true length: write "
    "g * factor."
)
def shrinks_in_place(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    for g in grads:
        g *= max_norm / norm if norm > max_norm else 1.0
    return tuple(g for g in grads)


# ------------------------------------------------------------------------------------------ stable.step_decay


def decay_cases(rng):
    base, drop = float(rng.uniform(0.2, 2)), float(rng.uniform(0.3, 0.8))
    ends = int(rng.integers(3, 6)) * 7
    knobs = {"base": base, "drop": drop, "every": 7}
    return [
        Case({"t": ends} | knobs, "a step where the rate falls"),
        Case({"t": ends - 1} | knobs, "the last step before a fall"),
        Case({"t": ends + 5} | knobs, "late on a stair"),
        Case({"t": 0} | knobs, "the first step"),
        Case({"t": 7} | knobs, "the first fall"),
        Case({"t": 1000, "base": base, "drop": 0.9, "every": 90}, "a late step, with long stairs"),
    ]


@exercise(
    "stable.step_decay",
    lesson="10",
    title="A staircase of rates",
    section="Rates that fall",
    points=1,
    cases=decay_cases,
    rtol=1e-9,
    hints=(
        "How many falls have there been when step t is taken? The steps count from 0.",
        "The steps 0 to every - 1 see no fall, the steps every to 2 * every - 1 one, and so on: that is a division "
        "without remainder.",
        "t // every falls so far, each of which multiplies by drop: base * drop ** (t // every).",
    ),
)
def step_decay(t, base, drop, every):
    """The learning rate at step t: it stays constant for `every` steps, then is multiplied with drop, again and again.

    t: whole number >= 0, the steps taken so far; the steps 0, ..., every - 1 have the rate base. base: number > 0.
    drop: number in (0, 1). every: whole number >= 1.

    Returns the number.
    """
    return base * drop ** (t // every)


@step_decay.style
def decay_in_a_loop(t, base, drop, every):
    rate = base
    for step in range(1, t + 1):
        if step % every == 0:
            rate = rate * drop
    return rate


@step_decay.style
def decay_by_floor(t, base, drop, every):
    return float(base * np.power(drop, np.floor(t / every)))


@step_decay.mistake(
    "The rate falls all the time: t / every is a fraction. Count whole stairs with t // every."
)  # fmt: skip
def no_stairs(t, base, drop, every):
    return base * drop ** (t / every)


@step_decay.mistake(
    "Each fall comes a step late: you count with t - 1. Step t = every is the first with the lower rate."
)
def a_step_late(t, base, drop, every):
    return base * drop ** (max(t - 1, 0) // every)


@step_decay.mistake(
    "Each fall comes a step early: you count with t + 1, but the steps 0 to every - 1 have the rate base."
)
def a_step_early(t, base, drop, every):
    return base * drop ** ((t + 1) // every)


@step_decay.mistake("The rate falls at every single step: the exponent is t. It falls once in `every` steps.")
def falls_each_step(t, base, drop, every):
    return base * drop**t


@step_decay.mistake("The rate falls once and never again: after k stairs it is base * drop**k.")
def falls_once(t, base, drop, every):
    return base * drop if t >= every else base


@step_decay.mistake(
    "You count with the remainder, t % every: the rate falls within a stair and jumps back up. Take t // every."
)
def jumps_back(t, base, drop, every):
    return base * drop ** (t % every)


@step_decay.mistake("You divide by drop, so the rate *rises* from stair to stair. Multiply by it.")
def rises(t, base, drop, every):
    return base / drop ** (t // every)


@step_decay.mistake(
    "You multiply by the number of falls, base * drop * k. Each fall multiplies again: drop to the power k."
)
def no_power(t, base, drop, every):
    return base * drop * (t // every)


@step_decay.mistake("You take drop for the share that is lost: each fall multiplies by drop itself, not by 1 - drop.")
def drop_is_lost(t, base, drop, every):
    return base * (1 - drop) ** (t // every)


@step_decay.mistake(
    "You subtract drop once a stair, so the rate soon is negative. Each fall multiplies: base * drop ** (t // every)."
)
def subtracts_drop(t, base, drop, every):
    return base - drop * (t // every)


@step_decay.mistake("You round to the nearest stair, so each fall comes half a stair early. Round down: t // every.")
def rounds_to_nearest(t, base, drop, every):
    return base * drop ** int(t / every + 0.5)


# -------------------------------------------------------------------------------------------- stable.diagnose


def loss_cases(rng):
    t, scale = np.arange(60), rng.uniform(0.5, 2)
    noise = rng.normal(0, 1, 60)
    wobble = np.where(t % 2, 1, -1)
    healthy, slow = 0.2 + 2 * 0.9**t, 3 - 0.006 * t
    cut = np.append(3 * 1.3 ** np.arange(30.0), [np.inf, np.nan] * 15)
    rough_start = 0.3 + 2 * 0.85**t * (1 + 0.5 * wobble)
    curves = {
        "ok": (healthy, "a healthy curve"),
        "oscillating": (1.2 + 0.8 * 0.9**t + 0.3 * wobble, "a curve that jumps up and down"),
        "too small": (slow, "a curve that falls evenly, and by little"),
        "plateau": (2 + 1.2 * 0.8**t, "a curve that stops falling halfway"),
        "diverged": (cut, "a curve that ends in NaN"),
    }
    more = [
        (2 + 0.02 * t, "a curve that rises slowly", "diverged"),
        (500 * healthy, "a healthy curve in other units", "ok"),
        (0.004 * slow, "small losses that fall evenly, and by little", "too small"),
        (rough_start, "a curve that jumps at first and is calm at the end", "ok"),
        (
            healthy + np.where(t == 5, 4.0, 0) + np.where(t >= 45, 0.004 * wobble, 0) + 1e-4 * noise,
            "a healthy curve with one spike, that shivers a hair at the end",
            "ok",
        ),
        (np.linspace(2, 1, 12) ** 3, "a short curve", "ok"),
        (np.linspace(2, 0.4, 11) + 0.5 * (np.arange(11) == 9), "eleven values, a bump before the last", "ok"),
        (0.5 + 2 * 0.9**t + 0.3 * wobble, "a curve that falls far and jumps up and down", "oscillating"),
        (0.02 * (1.2 + 0.8 * 0.9**t + 0.3 * wobble), "small losses that jump up and down", "oscillating"),
    ]
    rows = [(curve, about, word) for word, (curve, about) in curves.items()] + more
    return [Case({"loss": scale * curve}, about, word) for curve, about, word in rows]


@exercise(
    "stable.diagnose",
    lesson="10",
    title="The loss-curve doctor",
    section="The doctor",
    points=3,
    cases=loss_cases,
    parts=(
        Part("ok", 0.2, "finds healthy curves healthy, in any units"),
        Part("diverged", 0.2, "sees divergence, NaN included"),
        Part("oscillating", 0.2, "sees swings at the end"),
        Part("too small", 0.2, "sees a rate that is too small"),
        Part("plateau", 0.2, "sees a plateau"),
    ),
    hints=(
        "Write the five rules as five `if`s, in the order of the contract, each with its `return`. Which one must come "
        "first so that no NaN ever meets a `<`?",
        "np.isfinite(loss).all() is False as soon as there is a NaN. The tail is loss[-(n // 4):], and "
        "np.mean(np.diff(tail) > 0) is the share of its steps that rise.",
        "With m = loss[n // 2] the first half falls by loss[0] - m and the second by m - loss[-1]. Compare swings and "
        "falls with loss[0], never with a fixed number: then the units do not matter.",
    ),
)
def diagnose(loss):
    """What a loss curve says: the pair (left, word), with left = loss[-1] / loss[0] and the first word that fits:

    "diverged": some value is not finite, or left > 1;
    "oscillating": in the tail, the last n // 4 values, at least 30% of the steps rise, and the highest value is more
    than 0.05 loss[0] above the lowest;
    "ok": left <= 0.5;
    "too small": the second half, from loss[n // 2], fell at least half as far as the first half;
    "plateau": none of these.

    loss: array (n,), n >= 8, the loss by the step, positive at the start; it may hold inf or NaN.

    Returns (left, word), a number and a text. Changes nothing it is given.
    """
    left, n = loss[-1] / loss[0], len(loss)
    tail, middle = loss[-(n // 4) :], loss[n // 2]
    if not np.isfinite(loss).all() or left > 1:
        return left, "diverged"
    if np.mean(np.diff(tail) > 0) >= 0.3 and tail.max() - tail.min() > 0.05 * loss[0]:
        return left, "oscillating"
    if left <= 0.5:
        return left, "ok"
    if middle - loss[-1] >= 0.5 * (loss[0] - middle):
        return left, "too small"
    return left, "plateau"


@diagnose.style
def diagnose_in_shares(loss):
    share = loss / loss[0]
    n, left = len(share), float(share[-1])
    if np.isnan(share).any() or np.isinf(share).any() or left > 1:
        return left, "diverged"
    tail = share[n - n // 4 :]
    rises = sum(b > a for a, b in zip(tail[:-1], tail[1:], strict=True))
    if rises >= 0.3 * (len(tail) - 1) and np.ptp(tail) > 0.05:
        return left, "oscillating"
    if left <= 0.5:
        return left, "ok"
    return left, "too small" if 2 * (share[n // 2] - left) >= 1 - share[n // 2] else "plateau"


@diagnose.style
def diagnose_word_by_word(loss):
    loss = [float(value) for value in loss]
    left, tail, middle = loss[-1] / loss[0], loss[-(len(loss) // 4) :], loss[len(loss) // 2]
    ups = [b > a for a, b in zip(tail, tail[1:])]
    word = "plateau"
    if middle - loss[-1] >= 0.5 * (loss[0] - middle):
        word = "too small"
    if left <= 0.5:
        word = "ok"
    if sum(ups) / len(ups) >= 0.3 and max(tail) - min(tail) > 0.05 * loss[0]:
        word = "oscillating"
    if not all(np.isfinite(loss)) or left > 1:
        word = "diverged"
    return left, word


def doctor(
    sick=lambda loss: not np.isfinite(loss).all() or loss[-1] > loss[0],
    unit=lambda loss: loss[0],
    tail=lambda loss: loss[-(len(loss) // 4) :],
    rises=0.3,
    left=lambda loss: loss[-1] / loss[0],
    late=lambda loss: loss[len(loss) // 2] - loss[-1] >= 0.5 * (loss[0] - loss[len(loss) // 2]),
    half=lambda loss: loss[-1] <= 0.5 * loss[0],
):
    """A family of mistakes: one of the rules is another one."""

    def diagnosis(loss):
        end = tail(loss)
        if sick(loss):
            return left(loss), "diverged"
        if np.mean(np.diff(end) > 0) >= rises and np.ptp(end) > 0.05 * unit(loss):
            return left(loss), "oscillating"
        if half(loss):
            return left(loss), "ok"
        return left(loss), "too small" if late(loss) else "plateau"

    return diagnosis


@diagnose.mistake(
    "A curve that ends in NaN passes you by: comparisons with NaN are False, so loss[-1] > loss[0] does not see it. "
    "Ask np.isfinite(loss).all()."
)
def blind_to_nan(*args):
    return doctor(sick=lambda loss: loss[-1] > loss[0])(*args)


@diagnose.mistake(
    "You look at the last value alone for NaN or infinity, or forget the curves that rise. Both count as diverged: a "
    "value that is not finite, and an end above the start."
)
def rising_is_fine(*args):
    return doctor(sick=lambda loss: not np.isfinite(loss).all())(*args)


@diagnose.mistake(
    "You call a curve diverged as soon as *some* value is above the first. A single spike that is over is no "
    "divergence: compare the last value with the first."
)
def spike_is_divergence(*args):
    return doctor(sick=lambda loss: not np.isfinite(loss).all() or loss.max() > loss[0])(*args)


@diagnose.mistake(
    "Your swings are compared with a fixed number, 0.05. In other units the same curve gets another diagnosis: compare "
    "with 0.05 * loss[0]."
)
def fixed_swing(*args):
    return doctor(unit=lambda loss: 1.0)(*args)


@diagnose.mistake(
    "You compare the end with a fixed number, loss[-1] <= 0.5. In other units the same curve gets another diagnosis: "
    "compare loss[-1] / loss[0]."
)
def fixed_half(*args):
    return doctor(half=lambda loss: loss[-1] <= 0.5)(*args)


@diagnose.mistake(
    "You look for swings in the whole curve. Many runs jump at first and calm down: look at the tail, the last n // 4."
)
def whole_curve(*args):
    return doctor(tail=lambda loss: loss)(*args)


@diagnose.mistake(
    "The size of the swings does not matter to you: any rise in the tail is oscillation, even of a hair. Ask also "
    "whether they are more than 0.05 loss[0]."
)
def any_rise(*args):
    return doctor(unit=lambda loss: 0.0)(*args)


@diagnose.mistake(
    "You do not ask whether the tail rises: a steady fall is no swing. At least 30% of its steps must go up."
)
def falling_is_swinging(*args):
    return doctor(rises=0.0)(*args)


@diagnose.mistake(
    '"Too small" and "plateau" are exchanged: a curve that still falls has a rate that is too small, one that has '
    "stopped is on a plateau."
)
def last_two_exchanged(*args):
    return doctor(late=lambda loss: loss[len(loss) // 2] - loss[-1] < 0.5 * (loss[0] - loss[len(loss) // 2]))(*args)


@diagnose.mistake(
    "Your left is what is gone, 1 - loss[-1] / loss[0]. Asked for is the share that is left."
)  # fmt: skip
def gone_instead(*args):
    return doctor(left=lambda loss: 1 - loss[-1] / loss[0])(*args)


@diagnose.mistake(
    "Your left is taken from the lowest value of the curve. Where a run *ends* is what you have: loss[-1]."
)
def lowest_instead(*args):
    return doctor(left=lambda loss: loss.min() / loss[0])(*args)


@diagnose.mistake(
    'You ask for "ok" before you look for swings. The order counts, the first word that fits: a curve may have fallen '
    "by half and still jump up and down."
)
def ok_before_swings(loss):
    left, word = doctor()(loss)
    return left, "ok" if word == "oscillating" and left <= 0.5 else word


@diagnose.mistake(
    "Your tail is one value too long where n does not divide by 4: the last n // 4 values are loss[-(n // 4):], not "
    "loss[3 * n // 4:]."
)
def tail_too_long(*args):
    return doctor(tail=lambda loss: loss[3 * len(loss) // 4 :])(*args)


@diagnose.mistake(
    "You compare the fall of the second half with half of the *whole* fall. Asked for is whether it is at least half "
    "of the fall of the first half."
)
def half_of_the_whole_fall(*args):
    return doctor(late=lambda loss: loss[len(loss) // 2] - loss[-1] >= 0.5 * (loss[0] - loss[-1]))(*args)


@diagnose.mistake("You return the word first. The contract is (left, word).")
def word_first(loss):
    left, word = doctor()(loss)
    return word, left


# ---------------------------------------------------------------------------------------- stable.lr_range_test


def range_cases(rng):
    A = turned(rng, [1.0, 4.0, 10.0])
    bowl = {"f": Given("quadratic", {"A": A, "c": 1.0}), "grad": Given("quadratic.grad", {"A": A, "c": 1.0})}
    hills = {"f": Given("styblinski_tang", {"dim": 2}), "grad": Given("styblinski_tang.grad", {"dim": 2})}
    banana = {"f": Given("rosenbrock", {"dim": 2}), "grad": Given("rosenbrock.grad", {"dim": 2})}
    return [
        Case(bowl | {"x0": rng.normal(0, 2, 3), "low": 1e-3, "high": 10.0, "n": 41}, "a bowl, up to the blow-up"),
        Case(banana | {"x0": rng.uniform(-1.3, -1.1, 2), "low": 1e-5, "high": 0.9, "n": 26}, "a curved valley"),
        Case(bowl | {"x0": rng.normal(0, 2, 3), "low": 1e-3, "high": 0.05, "n": 7}, "rates that are all harmless"),
        Case(hills | {"x0": rng.uniform(5.5, 7, 2), "low": 1e-4, "high": 3.0, "n": 30}, "two valleys"),
    ]  # fmt: skip


@exercise(
    "stable.lr_range_test",
    lesson="10",
    title="The range of rates",
    section="Rates that fall",
    points=3,
    starred=True,
    cases=range_cases,
    rtol=1e-6,
    hints=(
        "One walk, not many: the rate is tiny at first and rises from step to step, while x goes on from where it is. "
        "When is it time to stop?",
        "The rates are evenly spaced in *logarithm*, low and high included. Note the loss after each step; a loss that "
        "is not below 4 f(x0) is the last one noted. NaN is not below anything.",
        "rates = np.geomspace(low, high, n); in the loop x = x - lr * grad(x), append f(x), and break if not f(x) < "
        "4 * f(x0). The suggestion is the rate of the lowest noted loss, divided by 10.",
    ),
)
def lr_range_test(f, grad, x0, low, high, n):
    """Gradient descent with a rate that rises from low to high in n steps, and the rate that it suggests (Smith, 2017).

    f: a function, (d,) to a number. grad: its gradient, (d,) to (d,). x0: array (d,), the start. low, high: the first
    and the last rate; the n rates are evenly spaced in logarithm. n: whole number >= 2. The walk ends early after the
    first loss that is not below 4 f(x0), and f(x0) > 0.

    Returns (rates, losses, suggested): two arrays of equal length, the rates tried and the loss after the step with
    each, and a tenth of the rate with the lowest loss. Changes nothing it is given.
    """
    x, losses, rates = x0, [], np.geomspace(low, high, n)
    for lr in rates:
        x = x - lr * grad(x)
        losses.append(f(x))
        if not losses[-1] < 4 * f(x0):
            break
    return rates[: len(losses)], np.array(losses), rates[np.argmin(losses)] / 10


@lr_range_test.style
def range_by_growth(f, grad, x0, low, high, n):
    growth, lr, x, top = (high / low) ** (1 / (n - 1)), low, np.array(x0), 4 * f(x0)
    rates, losses, loss = [], [], -np.inf
    while len(rates) < n and loss < top:
        x = x - lr * grad(x)
        loss = f(x)
        rates.append(lr)
        losses.append(loss)
        lr = lr * growth
    return np.array(rates), np.array(losses), 0.1 * rates[losses.index(min(losses))]


@lr_range_test.style
def range_into_arrays(f, grad, x0, low, high, n):
    rates = 10 ** np.linspace(np.log10(low), np.log10(high), n)
    losses, x = np.full(n, np.inf), x0.copy()
    for k in range(n):
        x -= rates[k] * grad(x)
        losses[k] = f(x)
        if losses[k] >= 4 * f(x0) or np.isnan(losses[k]):
            break
    return rates[: k + 1], losses[: k + 1], rates[losses.argmin()] / 10


def ranging(rates=np.geomspace, go_on=True, stop=True, before=False,
            choose=lambda rates, losses: rates[losses.argmin()] / 10,
            slope_at_start=False):  # fmt: skip
    """A family of mistakes: one part of the test is another one."""

    def test(f, grad, x0, low, high, n):
        x, tried, losses = x0, [], []
        for lr in rates(low, high, n):
            here = x if go_on else x0
            x = here - lr * grad(x0 if slope_at_start else here)
            tried.append(lr)
            losses.append(f(here if before else x))
            if stop and not losses[-1] < 4 * f(x0):
                break
        return np.array(tried), np.array(losses), choose(np.array(tried), np.array(losses))

    return test


@lr_range_test.mistake(
    "You suggest the rate of the lowest loss itself. It stands at the edge of the blow-up; take a tenth of it."
)
def at_the_edge(*args):
    return ranging(choose=lambda rates, losses: rates[losses.argmin()])(*args)


@lr_range_test.mistake(
    "Your rates are evenly spaced themselves (linspace), so nearly all of them are large. Space their logarithms: "
    "np.geomspace(low, high, n)."
)
def linear_grid(*args):
    return ranging(rates=np.linspace)(*args)


@lr_range_test.mistake(
    "You go back to x0 for every rate. The test is one walk: each step goes on from where the last one ended."
)
def back_to_the_start(*args):
    return ranging(go_on=False)(*args)


@lr_range_test.mistake(
    "You note the loss before the step, so every loss stands beside the rate that follows it. Step first, then note."
)
def notes_before_the_step(*args):
    return ranging(before=True)(*args)


@lr_range_test.mistake(
    "You never stop, and go on when the loss has blown up. End after the first loss not below 4 f(x0)."
)
def never_stops(*args):
    with np.errstate(all="ignore"):
        return ranging(stop=False)(*args)


@lr_range_test.mistake(
    "You suggest a tenth of the last rate tried, that of the blow-up. Take the rate of the lowest loss."
)
def tenth_of_the_last(*args):
    return ranging(choose=lambda rates, losses: rates[-1] / 10)(*args)


@lr_range_test.mistake("Your gradient is always that of the start. Ask for it where you are, grad(x).")
def gradient_of_the_start(*args):
    return ranging(slope_at_start=True)(*args)


@lr_range_test.mistake("The loss of the blow-up is missing: note it, with its rate, and end the walk then.")
def blow_up_missing(f, grad, x0, low, high, n):
    rates, losses, _ = lr_range_test.reference(f, grad, x0, low, high, n)
    keep = losses < 4 * f(x0)
    return rates[keep], losses[keep], rates[np.argmin(losses)] / 10


# ------------------------------------------------------------------------------------------ stable.early_stop


def stop_cases(rng):
    def case(about, values, patience, min_delta=0.0):
        return Case({"val": np.array(values), "patience": patience, "min_delta": min_delta}, about)

    a = float(rng.uniform(1, 3))
    return [
        case("best in the middle, then worse", [a + 3, a + 2, a + 1, a, a + 0.5, a + 0.6, a + 0.7, a - 0.5], 3),
        case("a pause that is shorter than the patience", [a + 2, a + 1.5, a + 1.6, a + 1.7, a + 1, a + 1.1, a + 1.2,
                                                         a + 1.05, a + 0.2], 3),
        case("gains too small to count", [a + 2, a + 1, a + 0.95, a + 0.91, a + 0.89, a - 1], 3, 0.2),
        case("small gains, small losses", [a + 2, a + 1, a + 0.95, a + 1.05, a + 0.91, a + 0.99], 4, 0.2),
        case("ties are no gain", [a + 1, a, a, a, a, a - 1], 2),
        case("it falls to the end", a + 1 / np.arange(1.0, 8.0), 2),
        case("it only gets worse", [a, a + 1, a + 2, a + 3, a + 1], 2),
        case("ups and downs above the best", [a + 3, a, a + 2, a + 0.5, a + 2, a + 0.4, a - 1], 4),
        case("patience of one", [a + 1, a + 0.5, a + 0.6, a], 1),
    ]  # fmt: skip


@exercise(
    "stable.early_stop",
    lesson="10",
    title="When to stop",
    section="The doctor",
    points=2,
    starred=True,
    cases=stop_cases,
    hints=(
        "Two things are remembered on the way through the losses: the best one, and its epoch. How long is it since "
        "then?",
        "A loss counts as better when it is below best - min_delta. If it does not, and the best is `patience` epochs "
        "back, it is time to stop.",
        "best, at = val[0], 0; for t in range(1, len(val)): if val[t] < best - min_delta: best, at = val[t], t; "
        "elif t - at >= patience: return best, at, t. After the loop: return best, at, len(val) - 1.",
    ),
)
def early_stop(val, patience, min_delta=0.0):
    """When training stops, by the losses on held-out data, and which epoch to go back to.

    val: array (n,), n >= 1, the loss after epoch 0, 1, ... An epoch is better when its loss is more than min_delta
    below the best so far; epoch 0 is the best to begin with. patience: whole number >= 1: training stops after the
    first epoch that ends a row of so many that are not better. If there is none, it stops after the last epoch.

    Returns (best, at, stop): the best loss, its epoch, and the epoch after which training stops. Looks at no loss
    after that, and changes nothing it is given.
    """
    best, at = val[0], 0
    for t in range(1, len(val)):
        if val[t] < best - min_delta:
            best, at = val[t], t
        elif t - at >= patience:
            return best, at, t
    return best, at, len(val) - 1


@early_stop.style
def stop_by_counting(val, patience, min_delta=0.0):
    best, at, waited = float(val[0]), 0, 0
    for t, loss in enumerate(val[1:], start=1):
        if best - loss > min_delta:
            best, at, waited = float(loss), t, 0
        else:
            waited += 1
        if waited == patience:
            break
    return best, at, t


@early_stop.style
def stop_with_a_while(val, patience, min_delta=0.0):
    t = at = 0
    while t + 1 < len(val) and t - at < patience:
        t += 1
        if val[t] + min_delta < val[at]:
            at = t
    return val[at], at, t


def stopping(
    better=lambda loss, best, last, d: loss < best - d, wait=0, reset=True, report=lambda v, b, at, t: (b, at, t)
):
    """A family of mistakes: another idea of better, of waiting, or of what to report."""

    def stop(val, patience, min_delta=0.0):
        best, at, waited, t = val[0], 0, 0, 0
        for t in range(1, len(val)):
            if better(val[t], best, val[t - 1], min_delta):
                best, at, waited = val[t], t, 0 if reset else waited
            else:
                waited += 1
            if waited >= patience + wait:
                break
        return report(val, best, at, t)

    return stop


@early_stop.mistake(
    "A tie counts as better with you (<=), so a loss that stands still is waited on forever. Better is *more than* "
    "min_delta below."
)
def tie_is_better(*args):
    return stopping(better=lambda loss, best, last, d: loss <= best - d)(*args)


@early_stop.mistake(
    "You report the last epoch in the place of the best. The point of waiting is to go back: return the best loss and "
    "its epoch."
)
def reports_the_last(*args):
    return stopping(report=lambda v, b, at, t: (v[t], t, t))(*args)


@early_stop.mistake(
    "You compare with the epoch before. After a jump up every small fall then counts as better: compare with the best "
    "so far."
)
def compares_with_the_last(*args):
    return stopping(better=lambda loss, best, last, d: loss < last - d)(*args)


@early_stop.mistake("You pay no attention to min_delta: any fall counts as better, however small.")
def ignores_min_delta(*args):
    return stopping(better=lambda loss, best, last, d: loss < best)(*args)


@early_stop.mistake("You stop an epoch late: after `patience` epochs in a row that are not better, not one more.")
def one_late(*args):
    return stopping(wait=1)(*args)


@early_stop.mistake(
    "Your counter is never set back: you stop after `patience` bad epochs in all. A better epoch starts the count anew."
)
def counts_all_bad_epochs(*args):
    return stopping(reset=False)(*args)


@early_stop.mistake(
    "You take the best of *all* losses, those after the stop too. Nobody who stopped there has seen them."
)
def looks_into_the_future(*args):
    return stopping(report=lambda v, b, at, t: (v.min(), int(v.argmin()), t))(*args)


@early_stop.mistake("min_delta has the wrong sign: best + min_delta lets a *worse* epoch count as better.")
def worse_is_better(*args):
    return stopping(better=lambda loss, best, last, d: loss < best + d)(*args)


@early_stop.mistake(
    "When nothing stops it, training stops after the last epoch, and epochs count from 0: that is len(val) - 1."
)
def one_past_the_end(val, patience, min_delta=0.0):
    best, at, stop = early_stop.reference(val, patience, min_delta)
    return best, at, stop if stop - at >= patience else len(val)


@early_stop.mistake(
    "min_delta has a say in the waiting, but not in the best: a gain too small to count makes no new best. Let one "
    "condition decide both."
)
def two_ideas_of_better(*args):
    return stopping(report=lambda v, b, at, t: (v[: t + 1].min(), int(v[: t + 1].argmin()), t))(*args)


@early_stop.mistake("You never stop: the losses are read to the end, whatever the patience.")
def never_stops_at_all(*args):
    return stopping(wait=10**9)(*args)
