"""Which optimizer when: the table of popular articles, with every word computed from the runs of the bake-off."""

from typing import NamedTuple

import numpy as np

from course_lib.audit.arena import ARENAS
from course_lib.audit.bakeoff import standings
from course_lib.audit.contestants import FAMILIES, GRADIENT, entry, label
from course_lib.optimizers import PopulationState
from course_lib.trials import tolerance

STRONG, ARRIVES, UNSURE, WEAK, NOT = "strong", "arrives", "unsure", "weak", "-"
SIGNS = {STRONG: "●", ARRIVES: "◐", UNSURE: "?", WEAK: "○", NOT: "–"}
NEAR = 2.0  # times the cost of the best that still counts as strong
LITTLE = 1.0  # numbers kept per coordinate, beside x, that count as little memory


class Trait(NamedTuple):
    """A row of the table.

    Attributes:
        method: its name.
        gradient: whether it needs one.
        memory: how many numbers it keeps for each coordinate, beside the point itself.
        tolerance: the share of its settings whose score is within twice the best one's, the mean over the classes where
            the best one arrived in every run; NaN where there is none, or one setting only.
        words: ``{class: "strong", "arrives", "unsure", "weak" or "-"}``.
    """

    method: str
    gradient: bool
    memory: int
    tolerance: float
    words: dict

    def where(self, word):
        """The classes with this word, in their order."""
        return [name for name, own in self.words.items() if own == word]


def judged(trials, names=tuple(ARENAS), families=FAMILIES):
    """``{class: {family: word}}``.

    A family is *strong* on a class if the interval of the share that arrives reaches that of the best family there, and
    the median cost of its runs is at most twice that of the cheapest such family; it *arrives* if more than half of its
    runs do, the interval says; it is *weak* if fewer than half do, and *unsure* if the interval holds one half. "-"
    means that it can't be applied.
    """
    found = {name: {} for name in names}
    for one in standings(trials):
        if one.problem in found:
            found[one.problem][one.method] = one
    return {name: {family: word(found[name].get(family), found[name].values()) for family in families}
            for name in names}  # fmt: skip


def word(one, all_of_them):
    """The word for a `Standing` among all on its class."""
    if one is None:
        return NOT
    best = max(all_of_them, key=lambda other: (other.share, -other.cost))
    reaching = [other for other in all_of_them if other.high >= best.low and np.isfinite(other.cost)]
    if one in reaching and one.cost <= NEAR * min(other.cost for other in reaching):
        return STRONG
    return ARRIVES if one.low > 0.5 else WEAK if one.high < 0.5 else UNSURE


def traits(trials, tuned, names=tuple(ARENAS), families=FAMILIES):
    """The `Trait` of each family."""
    words = judged(trials, names, families)
    return [Trait(family, family in GRADIENT, memory(family), forgiving(family, tuned, names),
                  {name: words[name][family] for name in names}) for family in families]  # fmt: skip


def memory(family, d=2000):
    """The numbers a state holds for each coordinate after a step on a bowl, less the one of the point."""
    rng, f = np.random.default_rng(0), _Slope(d)
    what = entry(family, "data" if family in GRADIENT else "smooth")
    setting = {name: value for name, value in what.settings[0].items() if name != "cooling"}
    state = what.step(what.start(np.ones(d), f, rng), f, rng, **setting)
    held = sum(np.size(part) for part in state if isinstance(part, np.ndarray))
    return round(held / d) - 1 if isinstance(state, PopulationState) else round(held / d - 1)


class _Slope:
    """The plainest problem there is, to see what a method keeps."""

    def __init__(self, d):
        self.dim, self.bounds = d, (-np.ones(d), np.ones(d))

    def __call__(self, x):
        return (x**2).sum(-1)

    def grad(self, x):
        return 2 * x


def forgiving(family, tuned, names):
    """How many of a family's settings are nearly as good as its best one: a share, the mean over the classes."""
    scores = {}
    for one in tuned:
        if one.method == family and one.problem in names:
            scores.setdefault(one.problem, []).append(one.score)
    known = [tolerance(some) for some in scores.values() if len(some) > 1]
    known = [share for share in known if np.isfinite(share)]
    return float(np.mean(known)) if known else np.nan


def pros_and_cons(trait, others):
    """What speaks for and against a family, and where to use it: three texts that follow from its numbers.

    Args:
        trait: the row.
        others: all rows, to compare with.
    """
    usual = np.nanmedian([other.tolerance for other in others])
    rules = (
        (not trait.gradient, "needs no gradient"),
        (trait.memory <= LITTLE, f"keeps {trait.memory or 'no'} extra number{'s' * (trait.memory != 1)} a coordinate"),
        (trait.tolerance > usual, f"forgiving: {trait.tolerance:.0%} of its settings are near the best"),
    )
    against = (
        (trait.gradient, "needs a gradient"),
        (trait.memory > LITTLE, f"keeps {trait.memory} extra numbers a coordinate"),
        (trait.tolerance < usual, f"delicate: {trait.tolerance:.0%} of its settings are near the best"),
        (bool(trait.where(WEAK)), "weak: " + ", ".join(trait.where(WEAK))),
    )
    use = "; ".join(ARENAS[name].words for name in trait.where(STRONG)) or "nowhere in this suite"
    return "; ".join(text for holds, text in rules if holds), "; ".join(text for holds, text in against if holds), use


def rows(all_traits):
    """The table of popular articles: method, for it, against it, where to use it."""
    return [(label(trait.method), *pros_and_cons(trait, all_traits)) for trait in all_traits]


def matrix(all_traits):
    """Families and classes, a sign for each pair; see `SIGNS`."""
    return [(label(trait.method), *(SIGNS[own] for own in trait.words.values())) for trait in all_traits]
