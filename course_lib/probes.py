"""The ways to call a function under examination: once, step after step, with its questions noted down, and so on.

A probe is ``probe(fn, **args)`` and returns what is to be judged. Nothing here knows a reference solution, so this may
stand beside hostile code.
"""

import copy
import itertools

import numpy as np

from course_lib.givens import Watched
from course_lib.records import ASIS, Strange, plain


def once(fn, **args):
    """Call it with the arguments in the order of the contract."""
    return fn(*args.values())


def chain(fn, state, feeds):
    """Call an update again and again, each time with the state it returned; the list of states.

    It stops at a state that no next call could make sense of: fields missing, None, a text, the dots of a stub.

    Args:
        fn: ``fn(*state, *feed) -> state``.
        state: the tuple to start from.
        feeds: one tuple of further arguments for each call.
    """
    states, fields = [], len(state)
    for feed in feeds:
        state = fn(*state, *feed)
        states.append(plain(state))
        state = state if isinstance(state, (tuple, list)) else (state,)
        if len(state) != fields or any(map(unusable, state)):
            break
    return states


def tally(fn, first, second, points, scale):
    """Wrap two functions, ask them in turns, once with a keyword, then wrap the first again and ask both wraps.

    What each call gave, and the counts in between. The last call is for several values at once, an array.
    """
    a, b = fn(first), fn(second)
    if not callable(a) or not callable(b):  # the dots of a stub, or what is no function
        return a
    seen = [a.calls, b.calls]
    for x in points:
        seen += [a(x), a.calls, b.calls]
    seen += [b(points[0], scale=scale), a.calls, b.calls]
    again = fn(first)
    return [*seen, again(points[0]), again.calls, a(points[0]), a.calls, again.calls, a(np.array(points)), a.calls]


def unusable(item):
    """Whether no next call could make sense of a part of a state, or of an entry of it where it is a dict."""
    if isinstance(item, dict):
        return any(map(unusable, item.values()))
    return item is None or isinstance(plain(item), (str, Strange))


def twice(fn, **args):
    """Call it twice with the same arguments, so that a generator among them goes on; both answers."""
    return repeat(fn, 2, **args)


def tried(fn, f, **args):
    """Call it twice, as `twice` does, and note at which points it asked for ``f``: ``[answer, points, values]`` each.

    Whether it asks one point at a time or for all at once is its own affair. An answer of dots is left as it is.
    """
    records = []
    for _ in range(2):
        points, values = [], []

        def noted(x, points=points, values=values):
            y = f(x)
            points.append(np.array(x, dtype=float).reshape(-1, np.shape(x)[-1]))
            values.append(np.ravel(y))
            return y

        answer = plain(fn(noted, *args.values()))
        seen = [np.concatenate(points), np.concatenate(values)] if points else []
        records.append(answer if answer == Strange("ellipsis") else [answer, *seen])
    return records


def visits(fn, grad_i, *, rng, **args):
    """Call it and note what it asks of ``grad_i``: (what it returned, indices, points, whether it drew from rng).

    The dots of a stub stay what they are.

    Args:
        fn: ``fn(grad_i, *args, rng)``.
        grad_i: ``grad_i(w, i)``.
        rng: a generator.
        **args: the arguments between the two, in the order of the contract.
    """
    indices, points, before = [], [], copy.deepcopy(rng.bit_generator.state)

    def noted(w, i):
        indices.append(plain(i))
        points.append(plain(w))
        return grad_i(w, i)

    value = fn(noted, *args.values(), rng)
    return value if value is ... else (value, indices, points, rng.bit_generator.state != before)


def replay(fn, times, **args):
    """Call it so many times in a row, and again with copies of the arguments: ``[[value, ...], [value, ...]]``.

    A generator among the arguments goes on from call to call, and its copy starts where it started.
    """
    copies = copy.deepcopy(args)
    return [[plain(fn(*those.values())) for _ in range(times)] for those in (args, copies)]


def fed(fn, step, grad, **args):
    """Call a training loop, and note what it does: ``[value, [(w, X, y), ...], [(state, new state), ...]]``."""
    asked, taken = [], []

    def noting_grad(w, X, y):
        asked.append(plain((w, X, y)))
        return grad(w, X, y)

    def noting_step(state, g):
        new = step(state, g)
        taken.append((plain(state), plain(new)))
        return new

    value = plain(fn(noting_step, noting_grad, *args.values()))
    return [value, asked, taken] if asked or taken else value


def objective(fn, what, where, **args):
    """Ask the objective that it returns for something at some points; what is no objective is handed on as it is.

    Args:
        fn: ``fn(*args) -> objective``.
        what: "value" asks ``objective(x)``, "grad" asks ``objective.grad(x)``.
        where: the points x to ask at.
    """
    found = fn(*args.values())
    if isinstance(found, type) or not (callable(found) and callable(getattr(found, "grad", None))):
        return found
    ask = found if what == "value" else found.grad
    return [ask(x.copy()) for x in where]


def repeat(fn, times, **args):
    """Call it so many times with the same arguments, a generator among them going on: the list of answers."""
    answers = map(fn, *(itertools.repeat(value, times) for value in args.values()))
    return [answer if type(answer) in ASIS else plain(answer) for answer in answers]  # there are thousands


def sweep(fn, moves, **shared):
    """Call it once for each move, a tuple of further arguments after the shared ones: the list of answers."""
    return [fn(*shared.values(), *move) for move in moves]


def each(fn, asked):
    """Call it once for each tuple of arguments in ``asked``; the list of its answers."""
    return [plain(fn(*args)) for args in asked]


def logged(fn, asked, **args):
    """Call it with ``asked`` first, and report what it returned and each question it put to ``asked``."""
    questions = []

    def noting(*question):
        questions.append(plain(list(question)))
        return asked(*question)

    answer = fn(noting, *args.values())
    return [plain(answer), questions] if questions else answer


def reused(fn, probe, names, first, turns, late):
    """Call it by another probe, turn the very arrays that it was given into others, and call it again.

    Twice ``[answer, how often it called each function that it was given]``.

    Args:
        fn: the function.
        probe: the name of the other probe.
        names: those of its arguments.
        first: its arguments.
        turns: of the same form: the bits to flip of an array, and for all else what takes its place.
        late: whether the first answer is read after the arrays have been turned.
    """
    args = dict(zip(names, first, strict=True))
    answer = PROBES[probe](fn, **args)
    answer = answer if late else plain(answer)
    then = dict(zip(names, turned(first, turns), strict=True))
    return [[answer, counts(args)], [PROBES[probe](fn, **then), counts(then)]]


def counts(args):
    """How often each watched function among arguments was called, by name."""
    return {name: arg._calls for name, arg in args.items() if isinstance(arg, Watched)}


def turned(value, turns):
    """What a value is turned into, in its own memory where it has some."""
    if isinstance(value, np.ndarray):
        memory = value.reshape(-1).view(np.uint8)
        memory ^= turns
        return value
    if isinstance(value, dict):
        value.update({key: turned(value[key], turn) for key, turn in turns.items()})
        return value
    if isinstance(value, list):
        value[:] = [turned(*pair) for pair in zip(value, turns, strict=True)]
        return value
    return tuple(map(turned, value, turns)) if isinstance(value, tuple) else turns


PROBES = {
    "once": once,
    "chain": chain,
    "tally": tally,
    "twice": twice,
    "tried": tried,
    "visits": visits,
    "replay": replay,
    "fed": fed,
    "objective": objective,
    "repeat": repeat,
    "sweep": sweep,
    "each": each,
    "logged": logged,
    "reused": reused,
}
