"""The form of all built notebooks: what a reader, a presenter and nbval rely on."""

import ast
import re
from itertools import chain
from pathlib import Path
from statistics import median

import pytest

from course_lib.lessons import LESSONS
from course_lib.release import form, outputs

ROOT = Path(__file__).parents[1]
HOME = "00_start_here"  # a page of its own kind: no lesson, so no length and no summary
SHORT = 8  # lines of the median code cell: "about six"


def built(kind):
    return sorted((ROOT / kind).glob("*.ipynb"))


def every(*kinds, but=""):
    paths = [path for kind in kinds for path in built(kind) if path.stem != but]
    return pytest.mark.parametrize("path", paths, ids=lambda path: f"{path.parent.name}/{path.stem}")


def code(path):
    return [cell for cell in form.load(path)["cells"] if cell["cell_type"] == "code"]


def texts(path):
    return [form.source(cell) for cell in form.load(path)["cells"] if cell["cell_type"] == "markdown"]


def lengths(path):
    return [len(form.source(cell).splitlines()) for cell in code(path)]


def headings(text):
    """The headings in a text cell; a comment in a fenced program is none."""
    return re.findall(r"^#+ +(.+)$", re.sub(r"(?ms)^```.*?^```", "", text), flags=re.MULTILINE)


def nodes(cell):
    program = "\n".join(line for line in form.source(cell).splitlines() if not re.match(r"\s*[%!]", line))
    return list(ast.walk(ast.parse(program)))


def sentences(cell):
    """How many characters of a code cell are prose: captions, questions, claims."""
    values = [n.value for n in nodes(cell) if isinstance(n, ast.Constant)]
    return sum(len(value) for value in values if isinstance(value, str) and " " in value)


def dots(cell):
    """The statements of a code cell that leave something to fill in."""
    statements = [n for n in nodes(cell) if isinstance(n, (ast.Assign, ast.Return, ast.Expr))]
    return [s for s in statements if isinstance(s.value, ast.Constant) and s.value.value is ...]


def described(output):
    """Does a picture have words beside it: an alt text, or a text twin in the place of its bare repr?"""
    data = output["data"]
    alt = output["metadata"].get("image/png", {}).get("alt") or output["metadata"].get("alt")
    twin = "".join(data.get("text/plain", "")).strip()
    return bool(alt) or bool(twin and not re.fullmatch(r"<[^<>]+>", twin))


def pictures(path):
    made = chain.from_iterable(cell["outputs"] for cell in code(path))
    return [output for output in made if "image/png" in output.get("data", {})]


@every("notebooks", "solutions", "exercises")
def test_a_notebook_belongs_to_a_lesson(path):
    """Broken: a file that no table of lessons leads to."""
    assert path.stem in {lesson.stem for lesson in LESSONS}


@every("notebooks", "solutions")
def test_executed_in_order_from_a_fresh_kernel(path):
    """Broken: nbval never compares a cell without a number, and a reader can't repeat another order."""
    assert [cell["execution_count"] for cell in code(path)] == list(range(1, len(code(path)) + 1))


@every("notebooks", "solutions")
def test_no_error_no_warning_no_address(path):
    """Broken: a reader meets a traceback or a warning, or two builds differ."""
    assert outputs.faults(form.load(path)) == []


@every("notebooks")
def test_no_widget_shows_an_error(path):
    """Broken: an explorer was given a function that does not fit, and a reader sees an error in place of a picture."""
    said = ["".join(output.get("data", {}).get("text/plain", "")) for cell in code(path) for output in cell["outputs"]]
    assert [text for text in said if text.startswith("The function that is shown here failed")] == []


@every("notebooks", "solutions")
def test_outputs_are_static_and_bare(path):
    """Broken: a dead widget hides its still picture, or a file names the programs that made it."""
    book = form.load(path)
    kinds = {kind for cell in code(path) for output in cell["outputs"] for kind in output.get("data", {})}
    assert outputs.WIDGET not in kinds
    assert "widgets" not in book["metadata"]
    assert not any("execution" in cell["metadata"] for cell in book["cells"])


@every("notebooks", but=HOME)
def test_a_lesson_has_30_to_50_cells(path):
    """Broken: a lesson that does not fit its time."""
    assert 30 <= len(form.load(path)["cells"]) <= 50


@every("notebooks", but=HOME)
def test_a_lesson_has_as_much_prose_as_code(path):
    """Broken: a program with remarks, no lesson."""
    programs = "".join(map(form.source, code(path)))
    said = sum(map(sentences, code(path)))
    assert len("".join(texts(path))) + said >= len(programs) - said


@every("notebooks")
def test_code_cells_are_short(path):
    """Broken: a cell that does not fit a slide."""
    assert max(lengths(path), default=0) <= 25
    assert median(lengths(path) or [0]) <= SHORT


@every("notebooks")
def test_a_lesson_holds_no_stubs(path):
    """Broken: the learner writes in two places; worksheets are the one."""
    assert [form.source(cell) for cell in code(path) if dots(cell)] == []


@every("notebooks")
def test_pictures_have_words(path):
    """Broken: who cannot see the figure loses the argument."""
    assert [output["data"]["text/plain"] for output in pictures(path) if not described(output)] == []
    assert not any("![](" in text for text in texts(path))


@every("notebooks", "solutions")
def test_pages_have_words_for_their_images(path):
    """Broken: an image in a card or an animation is silent to a screen reader."""
    made = chain.from_iterable(cell["outputs"] for cell in code(path))
    pages = ["".join(output.get("data", {}).get("text/html", "")) for output in made]
    images = re.findall(r"<img\b[^>]*>", "".join(pages + texts(path)))
    assert [image[:80] for image in images if not re.search(r"""alt=["'][^"']""", image)] == []


@every("notebooks", but=HOME)
def test_a_lesson_ends_with_its_summary(path):
    """Broken: the learner closes the lesson without the line for the cheat sheet."""
    last = [heading for text in texts(path) for heading in headings(text)][-3:]
    assert any("summary" in heading.lower() for heading in last), last


@every("notebooks", "solutions", "exercises")
def test_it_begins_with_its_title_and_has_no_empty_cell(path):
    """Broken: a page without a name, or a gap that a reader takes for a missing answer."""
    cells = form.load(path)["cells"]
    assert form.source(cells[0]).startswith("# ")
    assert all(form.source(cell).strip() for cell in cells)


@every("exercises")
def test_a_worksheet_is_untouched_and_pairs_with_a_key(path):
    """Broken: somebody's answers or outputs were committed, or nobody can look up the answers."""
    assert not form.touched(form.load(path), path.stem)
    assert (ROOT / "solutions" / path.name).exists()


def test_dots_finds_stubs_and_spares_indexing():
    """Broken: the search for stubs in lessons finds none, or an index."""
    stub = {"source": "def f(x):\n    y = ...\n    return ...\n"}
    assert len(dots(stub)) == 2
    assert dots({"source": "%matplotlib inline\nx[..., 0] = y[...]"}) == []


def test_described_wants_words():
    """Broken: a bare figure passes for a described one."""
    bare = {"data": {"image/png": "", "text/plain": ["<Figure size 640x480 with 1 Axes>"]}, "metadata": {}}
    assert not described(bare)
    assert described({**bare, "metadata": {"image/png": {"alt": "A path zigzags."}}})
    assert described({**bare, "data": {"image/png": "", "text/plain": "A path zigzags."}})


def test_headings_skips_programs():
    """Broken: a comment in a program passes for the summary."""
    assert headings("## Summary\n```python\n# no heading\n```\n") == ["Summary"]


def plain(text):
    """Words alone, without the marks of a comment or of markdown."""
    return re.sub(r"[\s#*`]+", " ", text).strip()


@pytest.mark.parametrize("lesson", LESSONS[:-1], ids=lambda lesson: lesson.number)
def test_the_cheat_sheet_repeats_the_lessons(lesson):
    """Broken: the sheet at the end says something else than the lesson it sums up."""
    last, own = ((ROOT / "notebooks/src" / f"{stem}.py").read_text(encoding="utf-8")
                 for stem in (LESSONS[-1].stem, lesson.stem))  # fmt: skip
    (line,) = re.findall(rf"^# \| {lesson.number} \| (.*) \|$", last.split("cheat sheet of the course")[1], re.M)
    assert plain(line) in plain(own.split("**For the cheat sheet:**")[1])
