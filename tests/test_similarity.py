"""Similar code: what is found, what is not, and that nothing of it is ever parsed or run."""

import hashlib
import random

import numpy as np
import pytest
from demo_class import COPIED, RENAMED
from demo_submissions import AVERAGED, IN_PLACE, notebook, solved, untouched, worksheet

from course_lib import exercises
from course_lib.grading import similarity
from course_lib.grading.similarity import TOKEN, WAY, Alike, cells_of, grams, normal, packed, pairs, prints_of, winnowed


def cells(tmp_path, text):
    """The cells of a notebook given as text."""
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    return cells_of(path)


def compared(some, known=None):
    """The `Alike` of (student, lesson, cells) of each submission."""
    return pairs(((student, number, prints_of(code)) for student, number, code in some), known)


def own(number):
    """Code that nobody else has: a function over names and operators drawn at random."""
    chance = random.Random(number)
    names, marks = [f"a{i}" for i in range(5)], ["+", "-", "*", "/", "//", "%", "**", "@", "<", ">"]
    lines = (f"    {chance.choice(names)} {chance.choice(marks)}= {chance.choice(names)}[{chance.choice(names)}] "
             f"{chance.choice(marks)} ({chance.choice(names)} {chance.choice(marks)} {chance.choice(names)})"
             for _ in range(30))  # fmt: skip
    return "def helper(a0, a1, a2, a3, a4):\n" + "\n".join(lines)


def test_a_copy_is_found_under_other_names(tmp_path):
    """Renaming variables and dropping comments is what copying looks like; it would go unseen."""
    some = [("ada", "05", [COPIED]), ("ben", "05", [RENAMED])] + [(f"s{i}", "05", [own(i)]) for i in range(20)]
    assert [one.students for one in compared(some)] == [("ada", "ben")]


def test_a_part_that_was_copied_is_found():
    """Whoever adds code of their own around the copy would be safe."""
    some = [("ada", "05", [own(1), own(2)]), ("ben", "05", [own(2), own(3)]), ("cleo", "05", [own(4)])]
    (found,) = compared(some)
    assert found.students == ("ada", "ben") and 0.4 < found.share < 0.7 and found.tokens > 100


def test_cells_in_another_order_are_the_same_code():
    """Moving a cell would hide all that goes across its border."""
    some = [("ada", "05", [own(1), own(2)]), ("ben", "05", [own(2), own(1)]), ("cleo", "05", [own(3)])]
    assert compared(some)[0] == Alike("05", ("ada", "ben"), 1.0, compared(some)[0].tokens)


@pytest.mark.parametrize("number", ["04", "05", "07", "08", "09"])
def test_the_worksheet_and_the_key_are_no_reason(tmp_path, number):
    """Everybody who solves the worksheet as it is meant would be a suspect."""
    same = [cells(tmp_path, worksheet(number)), cells(tmp_path, untouched(number))]
    assert compared([(f"s{i}", number, same[i % 2]) for i in range(4)]) == []


def test_known_mistakes_are_no_reason(tmp_path):
    """Two who make the same known mistake have not copied: that is why it is known."""
    some = [cells(tmp_path, worksheet(momentum_step=answer)) for answer in (AVERAGED, AVERAGED, IN_PLACE, IN_PLACE)]
    assert compared([(f"s{i}", "05", code) for i, code in enumerate(some)]) == []


def test_what_many_have_is_common_knowledge():
    """A helper from the lecture would make a pair of any two of those who use it."""
    some = [(f"s{i:02d}", "05", [own(0), own(i)]) for i in range(1, 31)]
    assert compared(some) == []


def test_many_exact_copies_are_one_line():
    """Twenty copies of one file would be 190 pairs, or none since twenty have it."""
    (found,) = compared([(f"s{i:02d}", "05", [own(0)]) for i in range(20)])
    assert len(found.students) == 20 and found.share == 1


def test_lessons_are_apart():
    """A helper that somebody uses again in the next lesson would be a copy."""
    assert compared([("ada", "05", [own(1)]), ("ada", "07", [own(1)]), ("ben", "07", [own(2)])]) == []


def test_what_is_known_is_left_out_when_the_report_is_made():
    """A helper that the next version of the worksheet brings would be a copy for all who were graded before it."""
    some = [("ada", "05", [own(1)]), ("ben", "05", [own(1)]), ("cleo", "05", [own(2)])]
    assert len(compared(some, lambda number: prints_of([]))) == 1
    assert compared(some, lambda number: similarity.together([grams(own(1))])) == []


def test_fingerprints_stay_what_they_are():
    """Those stored last term would match nothing: whoever means to change them counts `WAY` on, and mends this."""
    code = "def f(x_1):\n    y = 'a' + f'b' if x_1 != 3e-4 else np.sqrt(x_1) ** 2  # c\n    return [y, not x_1, -1j]"
    assert (WAY, hashlib.sha256(packed([code, "x = 1"])).hexdigest()[:16]) == (1, "5a47905ceece4719")
    assert np.array_equal(similarity.unpacked(packed([COPIED])), prints_of([COPIED])) and packed([]) == b""


def test_every_run_of_fifteen_tokens_is_found():
    """The promise of winnowing: a shared run that long leaves at least one fingerprint in both."""
    chance = random.Random(0)
    for _ in range(50):
        shared, a, b = ([chance.choice("+-*/%@&|^~") for _ in range(n)] for n in (15, 40, 40))
        first, second = (winnowed(grams(" ".join(part[:20] + shared + part[20:]))) for part in (a, b))
        assert np.intersect1d(first, second).size


def test_tokens_are_what_python_means():
    """A name in a text, or an operator cut in two, would make equal code differ."""
    text = "x_1 += f'a b' # if\nif np.sqrt(3e-4) ** n: return r\"\"\"it's\"\"\" or 'a\\'b'"
    assert [normal(token) for token in TOKEN.findall(text)] == [
        "name", "+=", "string", "", "if", "name", ".sqrt", "(", "number", ")", "**", "name", ":", "return", "string",
        "or", "string"]  # fmt: skip


@pytest.mark.parametrize("text", ["'" * 300_001, '"""' + "x" * 300_000, "-" * 300_000, "(" * 300_000, "\\" * 300_000,
                                  "1" * 300_000, "é" * 300_000, "rb" * 150_000, "=" * 299_999 + "!"])  # fmt: skip
def test_hostile_texts_are_cut_in_linear_time(text):
    """One submission could stop the report: a pattern that looks at a text again and again would not end here."""
    assert len(grams(text)) <= len(text)


def test_nothing_in_common_at_all():
    """An empty class, an empty notebook and a file that is none would end the run."""
    assert compared([]) == [] and compared([("ada", "05", [])]) == [] and cells_of("there is no such file") == []
    assert compared([("ada", "05", ["x"]), ("ben", "05", [""])]) == []


def test_every_declared_answer_is_known():
    """An answer that the course itself knows would count as a student's own."""
    for exercise in exercises.of_lesson("05"):
        assert similarity.own_prints(prints_of([solved(exercise)]), similarity.known_grams("05")).size == 0


def test_a_notebook_gives_its_code_cells(tmp_path):
    """Fingerprints of the prose or of outputs would make all alike."""
    assert cells(tmp_path, notebook("x = 1", "y = 2")) == ["x = 1", "y = 2"]
