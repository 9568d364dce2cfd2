"""Lesson 10: eight loss curves of real runs, most of them with a fault; the learner says which."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib.optimizers import PointState
from course_lib.plots import COLORS
from course_lib.problems import OneHidden, digits
from course_lib.run import run
from course_lib.stability import WORDS, clipped_descent, diagnose
from course_lib.widgets.explorer import Explorer, Slider
from course_lib.widgets.fields import columns
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Region, Rule, Scene, Text

COLOR, RUNS, WARDS, STEPS, ENOUGH, TRIES = COLORS["gradient_descent"], 8, 4, 80, 6, 3
ANSWERS = ("?", *WORDS)
TOP, HEAD, WIDE = 2.0, 2.35, 0.8  # of the chart: where curves are cut off, room for the words, the width of a curve
CLEAR = 0.12  # a swing that an eye can see


class Numbered(Axis):
    """An axis that counts every run."""

    def ticks(self):
        return tuple(range(1, RUNS + 1)), tuple(map(str, range(1, RUNS + 1)))


@dataclass(frozen=True)
class Patient:
    """How a run is set up: its rate, the longest gradient, the size of its first weights, when its rate falls."""

    word: str
    lr: float
    most: float = np.inf
    size: float = 1.0
    until: int = STEPS

    @property
    def cause(self):
        if self.size == 0:
            return "all weights began at 0, so all hidden units are alike"
        if self.until < STEPS:
            return f"after {self.until} steps the rate fell to a thousandth of {self.lr:.2g}"
        kept = f", and clipping at {self.most:g} kept it finite" if self.most < np.inf else ""
        return f"the rate was {self.lr:.2g}{kept}"


def loss_doctor():
    """The explorer of loss curves: eight runs of a network, and a word for each of them."""
    names = [Slider(f"run{k}", f"run {k}", tuple(range(len(ANSWERS))), 0, words=ANSWERS) for k in range(1, RUNS + 1)]
    controls = (Slider("ward", "ward", tuple(range(1, WARDS + 1)), start=1),
                Slider("look", "look closely at run", tuple(range(1, RUNS + 1)), start=1), *names)  # fmt: skip

    def draw(ward, look, **said):
        patients, losses = admitted(ward)
        said = [ANSWERS[said[f"run{k}"]] for k in range(1, RUNS + 1)]
        right = [word == patient.word for word, patient in zip(said, patients, strict=True)]
        done = "?" not in said
        goal = Goal(f"all {RUNS} runs of a ward named, at least {ENOUGH} of them right", done and sum(right) >= ENOUGH)
        panels = chart(losses, said, right if done else None, look), closely(losses[look - 1], look)
        cause = patients[look - 1].cause if done and right[look - 1] else ""
        return Scene(panels, words(losses[look - 1], look, said, sum(right), cause), goal)

    return Explorer("The loss-curve doctor", controls, draw)


@lru_cache(maxsize=WARDS)
def admitted(ward):
    """The patients of a ward and their loss curves, (8, steps + 1): each word comes up, in a random order."""
    rng = np.random.default_rng([ward, 10])
    order = rng.permutation([*WORDS, *rng.choice(WORDS, RUNS - len(WORDS))]).tolist()
    drawn = [drawn_patient(word, rng) for word in order for _ in range(TRIES)]
    losses = train(drawn, rng)
    fits = [plain(loss, patient.word) for loss, patient in zip(losses, drawn, strict=True)]
    best = [TRIES * k + int(np.argmax(fits[TRIES * k : TRIES * (k + 1)])) for k in range(RUNS)]
    return [drawn[i] for i in best], losses[best]


def drawn_patient(word, rng):
    """A run that should show this word; whether it does is seen when it has run."""
    if word == "too small":
        return Patient(word, np.exp(rng.uniform(np.log(0.01), np.log(0.05))))
    if word == "oscillating":
        lr, most = [(8.0, 0.3), (8.0, 0.5), (3.0, 2.0)][rng.integers(3)]
        return Patient(word, lr, most)
    if word == "diverged":
        return Patient(word, rng.uniform(4, 10))
    if word == "plateau" and rng.random() < 0.6:
        return Patient(word, rng.uniform(0.3, 0.6), until=int(rng.integers(4, 10)))
    return Patient(word, rng.uniform(0.4, 0.9), size=float(word == "ok"))


def train(patients, rng):
    """The losses of all of them, side by side, on 200 digits."""
    data, rows = digits(), np.random.default_rng(0).permutation(1797)[:200]
    net = OneHidden(data.X[rows] / 16, data.y[rows], hidden=12)
    weights = np.stack([patient.size * net.init(rng) for patient in patients])
    lr, most, until = (np.array([[getattr(p, name)] for p in patients]) for name in ("lr", "most", "until"))
    return run(clipped_descent, PointState(weights), net, steps=STEPS, most=most,
               lr=lambda t: np.where(t < until, lr, lr / 1000)).loss.T  # fmt: skip


def plain(loss, word):
    """Whether a curve has this diagnosis, and none of another that the eye could take it for."""
    swing = np.ptp(loss[-(len(loss) // 4) :]) / loss[0]
    return diagnose(loss)[1] == word and (swing > CLEAR if word == "oscillating" else True)


def chart(losses, said, right, look):
    """All curves side by side, as shares of their first loss, each with its word; ``right`` once all are named."""
    marks = [Region(np.array([[look - 0.5, 0], [look + 0.5, 0], [look + 0.5, HEAD], [look - 0.5, HEAD]]), "faint", 0.6),
             Rule(1.0, "y", label="first loss")]  # fmt: skip
    for k, (loss, word) in enumerate(zip(losses, said, strict=True), start=1):
        share = loss / loss[0]
        x = k + WIDE * (np.linspace(0, 1, len(share)) - 0.5)
        marks += [Path(columns(x, np.minimum(share, TOP)), COLOR, 1.6), Points(columns(x[:1], [1.0]), "ink", 2)]
        sign = "" if right is None else (" ✓" if right[k - 1] else " ✗")
        height = HEAD - 0.16 * (1 + k % 2) / 1.5  # every other word stands lower, so that they do not touch
        marks.append(Text(k, height, word + sign, "ink" if word != "?" else "muted", "center", size=11))
    ends = ", ".join(f"{k}: {loss[-1] / loss[0]:.2f}" for k, loss in enumerate(losses, start=1))
    alt = f"Eight loss curves side by side. Where they end, as a share of the first loss: {ends}."
    axes = Numbered(0.5, RUNS + 0.5, "run"), Axis(0, HEAD, f"share of the first loss (cut at {TOP:g})")
    return Panel(*axes, tuple(marks), "Eight runs", alt, 2.1)


def closely(loss, look):
    """One curve, its tail shaded, and a line at half of its first loss."""
    tail, top = len(loss) - len(loss) // 4, 1.1 * float(loss.max())
    box = np.array([[tail, 0], [STEPS, 0], [STEPS, top], [tail, top]], dtype=float)
    marks = (Region(box, "faint", 0.6), Rule(float(loss[0]) / 2, "y", label="half"), Rule(len(loss) // 2, "x"),
             Path(columns(np.arange(len(loss)), loss), COLOR, 1.8))  # fmt: skip
    alt = f"The loss of run {look} over {STEPS} steps, from {loss[0]:.2f} to {loss[-1]:.2f}; its tail is shaded."
    return Panel(Axis(0, STEPS, "steps"), Axis(0, top, "loss"), marks, f"Run {look}, its last quarter shaded", alt)


def words(loss, look, said, right, cause):
    """What can be measured at the curve, and how far the doctor is."""
    share, n = loss / loss[0], len(loss)
    tail, middle = share[-(n // 4) :], share[n // 2]
    rises = np.mean(np.diff(tail) > 0)
    if share[-1] > 1:
        seen = f"Run {look} ends at {share[-1]:.1f} times its first loss."
    else:
        seen = (f"Run {look} has {share[-1]:.0%} of its first loss left. In the last quarter {rises:.0%} of the "
                f"steps rise, and the swing is {np.ptp(tail):.0%} of the first loss; the first half fell by "
                f"{1 - middle:.0%}, the second by {middle - share[-1]:.0%}.")  # fmt: skip
    named = sum(word != "?" for word in said)
    state = f" {right} of {RUNS} are right." if named == RUNS else f" {named} of {RUNS} named."
    return (seen + state + (f" You are right about run {look}: {cause}." if cause else "")).replace("-", "−")
