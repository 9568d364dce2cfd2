"""How an exercise is declared: everything that is known about it, in one place, around its reference.

@exercise("momentum.step", lesson="05", title=..., cases=..., hints=(...))
def momentum_step(x, v, g, lr, beta):
    '''The contract, as the learner reads it.'''
    v = beta * v - lr * g
    return x + v, v

@momentum_step.style
def with_a_loop(x, v, g, lr, beta): ...       # another right answer, which must pass

@momentum_step.mistake("You add the gradient, so you climb: the sign of lr * g is minus.")
def climbs(x, v, g, lr, beta): ...            # a wrong answer, which must be rejected and named
"""

import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Part:
    """A property that carries points: its name, its share of them, and what it says in words."""

    name: str
    weight: float
    words: str


@dataclass(frozen=True)
class Mistake:
    """A member of the zoo: a wrong answer seen in the wild, and what to tell whoever gives it.

    Attributes:
        name: the name of the function.
        function: the wrong answer.
        diagnosis: which mistake it is and how it shows, to the learner in the second person.
        credit: the share of the points that it earns all the same.
        hangs: it never ends, so it is tried only against an answer that did not end either.
        remembers: it keeps something between calls, so `function` makes a new one for each examination.
    """

    name: str
    function: Callable
    diagnosis: str
    credit: float = 0.0
    hangs: bool = False
    remembers: bool = False

    def make(self):
        """The wrong answer, as new."""
        return self.function() if self.remembers else self.function


@dataclass
class Exercise:
    """One exercise. See `exercise` for the arguments.

    Attributes:
        id: its name in words, e.g. "momentum.step".
        reference: the right answer; its signature and docstring are the contract.
        styles: other right answers; CI proves that they pass.
        zoo: the mistakes; CI proves that each is rejected and named.
    """

    id: str
    reference: Callable
    lesson: str
    title: str
    cases: Callable
    hints: tuple
    points: float = 2.0
    parts: tuple = (Part("correct", 1.0, "returns what the contract says"),)
    rtol: float = 1e-7
    atol: float = 1e-9
    judge: Callable | None = None
    shown: Callable | None = None
    lists: bool = False
    fresh: bool = False
    quiet: bool = False
    frugal: bool = False
    starred: bool = False
    section: str = ""
    styles: list = field(default_factory=list)
    zoo: list = field(default_factory=list)

    @property
    def name(self):
        """The name of the function that the learner writes."""
        return self.reference.__name__

    @property
    def signature(self):
        """The line a learner starts from, e.g. ``momentum_step(x, v, g, lr, beta)``."""
        return f"{self.name}{inspect.signature(self.reference)}"

    @property
    def statement(self):
        """What is asked for, as the learner reads it."""
        return inspect.getdoc(self.reference)

    def __call__(self, *args, **kwargs):
        """The reference, so that the declared name can be used as the function it is."""
        return self.reference(*args, **kwargs)

    def draw(self, seed):
        """The cases that a seed (an integer or a text) stands for; the same on every machine."""
        digest = hashlib.sha256(f"{self.id}\n{seed}".encode()).digest()
        return self.cases(np.random.default_rng(list(digest)))

    def style(self, function):
        """Declare another right answer."""
        self.styles.append(function)
        return function

    def mistake(self, diagnosis, **options):
        """Declare a wrong answer and its diagnosis; the options are fields of `Mistake`."""

        def declare(function):
            self.zoo.append(Mistake(function.__name__, function, diagnosis, **options))
            return function

        return declare


REGISTRY = {}


def exercise(id, *, lesson, title, cases, hints, **options):
    """Declare an exercise around its reference.

    Args:
        id: its name in words, "topic.name".
        lesson: the number of its lesson, e.g. "05".
        title: a few words for tables and cards.
        cases: ``cases(rng) -> [Case, ...]``; telling constants, several sizes, a mid-run state, edge cases.
        hints: three of them, from vague to plain.
        **options: further fields of `Exercise`:
            points: what it is worth.
            parts: the properties that share the points; each case names its part. Weights add up to 1.
            rtol, atol: how close is close enough.
            judge: ``judge(case, outcome, expected) -> None or a sentence``, in the place of the comparison, for
                answers that may differ from the reference and be right (an order that is free, a random draw).
                The sentence holds no numbers that depend on the draw: it identifies the fault.
            shown: ``shown(value) -> what a learner sees`` of what a probe reports, where no single answer says it.
            lists: a list where the reference returns an array is right too.
            fresh: what is returned may share no memory with the arguments.
            quiet: a warning is a fault.
            frugal: it may call a function that it is given no more often than the reference does.
            starred: it is optional.
            section: the heading in the lesson to read again.

    Raises:
        ValueError: the declaration is incomplete, or the id is taken.
    """

    def declare(reference):
        made = Exercise(id, reference, lesson, title, cases, tuple(hints), **options)
        _complete(made)
        REGISTRY[id] = made
        return made

    return declare


def _complete(made):
    if made.id in REGISTRY or any(made.name == other.name for other in REGISTRY.values()):
        raise ValueError(f"Two exercises are called {made.id!r} or {made.name!r}: an id and a name stand for one.")
    if len(made.hints) != 3 or not made.statement:
        raise ValueError(f"{made.id} needs a docstring and three hints, from vague to plain.")
    if abs(sum(part.weight for part in made.parts) - 1) > 1e-9:
        raise ValueError(f"The weights of the parts of {made.id} add up to 1.")
