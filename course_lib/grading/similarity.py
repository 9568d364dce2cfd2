"""Which submissions share code that the worksheet and the known answers do not explain.

Winnowing (Schleimer, Wilkerson and Aiken, 2003) over Python tokens: names are one token whatever they are, so that
renaming hides nothing. Left out is what says nothing: the worksheet, the key, other right styles and the known
mistakes, and whatever many in the class have. The text is cut by a pattern and never parsed, so it may be hostile.
"""

import keyword
import re
import sys
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_lib import exercises
from course_lib.grading import fingerprint, notebook
from course_lib.grading.kept import kept
from course_lib.lessons import lesson

TOKEN = re.compile(r"""
    \#[^\n]*
  | [rbufRBUF]{0,2}(?:\"{3}.*?(?:\"{3}|\Z)|'{3}.*?(?:'{3}|\Z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)
  | \.?\d(?:[eE][+-]|[\w.])*
  | \.?[^\W\d]\w*
  | [-+*/@%&|^<>=!:]{0,3}=|\*\*|//|<<|>>|->|[^\s\w]
""", re.VERBOSE | re.DOTALL)  # fmt: skip
TELLING = 100  # characters of a token that are looked at: a hostile one may have a million
GRAM = 12  # tokens that make a fingerprint
WINDOW = 4  # of so many fingerprints in a row, one is kept: 15 tokens in common are always found
STRIDE = (WINDOW + 1) / 2  # tokens a fingerprint stands for, on average
WAY = 1  # count on when other fingerprints come of the same code: those of two ways cannot be compared
ENOUGH = 16  # fingerprints in common: about 40 tokens
LEAST = 0.5  # of the smaller one's own code
COMMON = 0.1  # what a tenth of the class has is common knowledge
FEW, MANY = 4, 12  # but what four have is not, and what more than twelve have is
WORKSHEETS = Path(__file__).parents[2] / "exercises"


class Alike(NamedTuple):
    """Submissions to one lesson that share code.

    Attributes:
        lesson: its number.
        students: whose; more than two when their own code is the same.
        share: how much of the smaller one's own code is in the other, 0 to 1.
        tokens: about how many tokens of own code they have in common.
    """

    lesson: str
    students: tuple
    share: float
    tokens: int


def pairs(sources, known=None):
    """All `Alike`, the most striking first; costs in proportion to the number of submissions.

    Args:
        sources: (student, lesson, fingerprints) of each submission, as `prints_of` makes them.
        known: gives for the number of a lesson the `grams` that say nothing; `known_grams` by default.
    """
    of_lesson, known = {}, known or known_grams
    for student, number, prints in sources:
        of_lesson.setdefault(number, []).append((student, own_prints(prints, known(number))))
    found = [one for number, some in of_lesson.items() for one in alike(number, some)]
    return sorted(found, key=lambda one: (-round(one.share, 2), -one.tokens, one.lesson, one.students))


def alike(number, prints):
    """The `Alike` of one lesson, from (student, fingerprints) of each."""
    groups = {}
    for student, own in prints:
        groups.setdefault(own.tobytes(), (own, []))[1].append(student)
    own = [own for own, _ in groups.values()]
    students = [tuple(sorted(names)) for _, names in groups.values()]
    for prints, names in zip(own, students):
        if len(names) > 1 and len(prints) >= ENOUGH:
            yield Alike(number, names, 1.0, tokens(len(prints)))
    for (a, b), (shared, share) in shares(own).items():
        yield Alike(number, tuple(sorted((students[a][0], students[b][0]))), share, tokens(shared))


def shares(own):
    """``{(a, b): (fingerprints in common, share of the smaller one)}`` of the pairs that have enough in common.

    Args:
        own: the fingerprints of each, as sorted arrays without repetitions.
    """
    if not own:
        return {}
    prints, owners, most = *flat(own), min(max(COMMON * len(own), FEW), MANY)
    _, which, holders = np.unique(prints, return_inverse=True, return_counts=True)
    telling = holders[which] <= most
    sizes = np.bincount(owners[telling], minlength=len(own))
    counts = Counter(pair for some in sharing(which, owners, telling & (holders[which] > 1))
                     for pair in combinations(some, 2))  # fmt: skip
    found = {(a, b): (n, n / min(sizes[a], sizes[b])) for (a, b), n in counts.items() if n >= ENOUGH}
    return {pair: value for pair, value in found.items() if value[1] >= LEAST}


def sharing(which, owners, wanted):
    """For each wanted fingerprint the owners of it, as lists."""
    order = np.argsort(which[wanted], kind="stable")
    ends = np.flatnonzero(np.diff(which[wanted][order])) + 1
    return (some.tolist() for some in np.split(owners[wanted][order], ends))


def flat(own):
    """All fingerprints in one array, and the position of whom each belongs to in another."""
    return np.concatenate(own), np.repeat(np.arange(len(own)), [len(prints) for prints in own])


def tokens(prints):
    """About how many tokens so many fingerprints stand for, as a round number."""
    return int(round(prints * STRIDE, -1))


# --------------------------------------------------------------------------------------------------- fingerprints


def prints_of(cells):
    """The fingerprints of cells, known or not, each once, sorted; none goes from one cell into the next."""
    return together(winnowed(grams(cell)) for cell in cells)


def own_prints(prints, known):
    """The fingerprints that are not known, sorted; both without repetitions."""
    return np.setdiff1d(prints, known, assume_unique=True)


def packed(cells):
    """The fingerprints of cells as bytes, the same on every machine: what is stored of a submission, and sent."""
    return prints_of(cells).astype("<u8").tobytes()


def unpacked(data):
    """The fingerprints in the bytes that `packed` made."""
    return np.frombuffer(data, "<u8").astype(np.uint64)


def together(some):
    """The numbers of all arrays, each once, sorted."""
    return distinct(np.concatenate([np.zeros(0, np.uint64), *some]))


def grams(*texts):
    """A number for each `GRAM` tokens in a row; none goes from one text into the next."""
    some = [[number for token in TOKEN.findall(text) if (number := number_of(token[:TELLING]))] for text in texts]
    marks, owners = np.array([number for one in some for number in one], np.uint64), np.arange(len(some))
    if len(marks) < GRAM:
        return np.zeros(0, np.uint64)
    owners = np.repeat(owners, list(map(len, some)))
    return stirred(np.correlate(marks, FACTORS)[owners[GRAM - 1 :] == owners[: 1 - GRAM]])


def stirred(numbers):
    """Numbers in which every bit depends on every other, so that the least of a few is a random one of them."""
    numbers = (numbers ^ (numbers >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    return numbers ^ (numbers >> np.uint64(29))


FACTORS = stirred(np.arange(1, GRAM + 1, dtype=np.uint64)) | np.uint64(1)


def winnowed(some):
    """The least number of every `WINDOW` in a row, each once, sorted."""
    if len(some) < WINDOW:
        return distinct(some)
    return distinct(np.lib.stride_tricks.sliding_window_view(some, WINDOW).min(axis=1))


def distinct(numbers):
    """The numbers, each once, sorted; `np.unique` would load the part of NumPy for masked arrays first."""
    numbers = np.sort(numbers)
    return numbers[np.diff(numbers, prepend=numbers[:1] - np.uint64(1)) != 0]


@lru_cache(4096)
def number_of(token):
    """A number for what a token counts as, the same in every process; 0 for a comment."""
    text = normal(token)
    return zlib.crc32(text.encode("utf-8", "replace")) + 1 if text else 0


def normal(token):
    """What a token counts as: attributes, keywords and marks as they are, names, numbers and strings as such."""
    if token[0] == "#":
        return ""
    if '"' in token or "'" in token:
        return "string"
    if token[token[0] == "." and len(token) > 1].isdecimal():
        return "number"
    return "name" if token.isidentifier() and not keyword.iskeyword(token) else token


# ---------------------------------------------------------------------------------------------------- what is known


@cache
def known_grams(number):
    """All that a lesson's worksheet, key, other styles and known mistakes hold, as `grams`."""
    asked = [exercise.id for exercise in exercises.of_lesson(number)]
    key = fingerprint.digest(fingerprint.whole(), fingerprint.of_file(worksheet(number)), *asked)

    def found():
        return b64encode(together([grams(*known_texts(number))]).astype("<u8").tobytes()).decode()

    return unpacked(b64decode(kept(f"known-{number}", key, found)))


def known_texts(number):
    """The cells of the worksheet as it is handed out, and every declared answer."""
    yield from cells_of(worksheet(number))
    for exercise in exercises.of_lesson(number):
        yield f"check({exercise.name})"
    for module in {exercise.reference.__module__ for exercise in exercises.of_lesson(number)}:
        text = Path(sys.modules[module].__file__).read_text(encoding="utf-8")
        for part in re.split(r"^(?=def |@)", text, flags=re.MULTILINE):
            yield f"import numpy as np\n{part}"


def worksheet(number):
    """The path of a lesson's worksheet."""
    return WORKSHEETS / f"{lesson(number).stem}.ipynb"


def cells_of(path):
    """The code cells of a notebook as texts, whatever the file holds; none when it cannot be read."""
    return texts(notebook.read(path))


def texts(submission):
    """The code cells of a `notebook.Submission` as texts."""
    return [cell.source for cell in submission.cells]
