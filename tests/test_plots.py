"""Figures: one look a method, a text twin that follows the data, and formula beside code."""

import importlib.util
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from course_lib import optimizers, plots
from course_lib.optimizers import METHODS, PointState, VelocityState
from course_lib.problems import bowl
from course_lib.run import run

STEPS = {name: method.step for name, method in METHODS.items()}


@pytest.fixture(autouse=True)
def no_figure_left():
    """Each test closes its figures."""
    yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """What `plots.show` displays: pairs (bundle, metadata)."""
    seen = []
    monkeypatch.setattr(plots, "display", lambda bundle, metadata=None: seen.append((bundle, metadata)))
    return seen


def figure(values=(4.0, 2.0, 1.0), name="momentum", **options):
    fig, ax = plt.subplots(**options)
    plots.curve(np.array(values), name, ax)
    return fig


# ----------------------------------------------------------------------------------------------- the look


def test_every_method_has_a_look():
    """Broken: a figure of a later lesson ends in a KeyError."""
    assert METHODS.keys() <= plots.STYLE.keys()


def test_no_two_methods_look_the_same():
    """Broken: two curves in one figure can't be told apart."""
    assert len(set(plots.STYLE.values())) == len(plots.STYLE)


def test_neighbors_in_color_differ_in_line():
    """Broken: color alone tells two methods apart, which not everybody sees."""
    for (a, one), (b, other) in combinations(plots.STYLE.items(), 2):
        apart = np.linalg.norm(np.subtract(to_rgb(one.color), to_rgb(other.color)))
        assert apart > 0.15 or one.line != other.line, (a, b)


@pytest.mark.parametrize("name", plots.STYLE)
def test_every_method_has_a_label_for_readers(name):
    """Broken: a legend says `mini_batch`."""
    assert plots.label_of(name) and "_" not in plots.label_of(name)


# ------------------------------------------------------------------------------------------------ figures


def test_a_landscape_shows_the_box_of_the_problem():
    """Broken: the axes show another region than the one that was computed."""
    ax = plots.landscape(bowl(condition=10), low=(-1, -2), high=(3, 4), n=21)
    assert ax.get_xlim() == (-1, 3) and ax.get_ylim() == (-2, 4)
    assert len(ax.collections) >= 2


def test_a_path_holds_the_points_in_the_look_of_its_method():
    """Broken: the picture shows another run, or another method's color."""
    points = np.array([[1.0, 1], [0.5, 0], [0, 0]])
    ax = plots.path(points, "nesterov", plt.subplots()[1])
    line, start, end = ax.get_lines()
    look = (line.get_color(), line.get_linestyle(), line.get_label())
    assert np.array_equal(np.transpose(line.get_data()), points)
    assert look == (*plots.STYLE["nesterov"], METHODS["nesterov"].label)
    assert np.ravel(start.get_data()).tolist() == [1, 1] and np.ravel(end.get_data()).tolist() == [0, 0]


def test_compare_draws_the_best_so_far_against_the_cost():
    """Broken: methods are compared at equal steps, or by a loss that goes up again."""
    f, x0 = bowl(condition=10), np.array([1.0, 1.0])
    trace = run(optimizers.momentum, VelocityState(x0), f, steps=20, lr=0.05, beta=0.9)
    other = run(optimizers.gradient_descent, PointState(x0), f, steps=20, lr=0.05)
    ax = plots.compare({"momentum": trace, "gradient_descent": other})
    first, second = ax.get_lines()
    assert np.array_equal(first.get_xdata(), trace.cost) and np.array_equal(first.get_ydata(), trace.best)
    assert np.array_equal(second.get_ydata(), other.best) and ax.get_yscale() == "log"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [first.get_label(), second.get_label()]


def test_compare_subtracts_the_floor_and_stays_positive():
    """Broken: a loss at its minimum has no logarithm, and the curve breaks off."""
    f, x0 = bowl(condition=2), np.array([1.0, 1.0])
    trace = run(optimizers.gradient_descent, PointState(x0), f, steps=5, lr=0.5)
    ax = plots.compare({"gradient_descent": trace}, floor=trace.best[-1])
    values = ax.get_lines()[0].get_ydata()
    assert values[0] == pytest.approx(trace.best[0] - trace.best[-1]) and values[-1] == 1e-16


# ---------------------------------------------------------------------------------------------- show, summary


def test_show_gives_picture_alt_text_caption_and_closes(shown):
    """Broken: figures pile up in memory, or whoever can't see them is told nothing."""
    fig = figure()
    plots.show(fig, "It falls.", "One falling line.")
    (picture, metadata), (caption, _) = shown
    assert picture["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == picture["text/plain"]
    assert picture["text/plain"].startswith("One falling line.\n")
    assert METHODS["momentum"].label in picture["text/plain"]
    assert caption["text/plain"] == "It falls." and caption["text/markdown"].startswith("*It falls.*")
    assert "<details>" in caption["text/markdown"] and "lowest 1, highest 4" in caption["text/markdown"]
    assert not plt.fignum_exists(fig.number)


def test_show_takes_an_axes_and_uses_the_caption_for_alt(shown):
    """Broken: `plots.show(plots.compare(...), ...)` raises."""
    plots.show(figure().axes[0], "It falls.")
    assert shown[0][0]["text/plain"].startswith("It falls.\n")


def test_the_words_of_a_figure_are_escaped(shown):
    """Broken: a label with < breaks the page."""
    fig, ax = plt.subplots()
    ax.plot([1, 2], label="a <b> & c")
    plots.show(fig, "x")
    assert "a &lt;b&gt; &amp; c" in shown[1][0]["text/markdown"]


def test_outside_a_notebook_the_twin_is_printed(capsys):
    """Broken: a terminal shows bytes, or nothing."""
    plots.show(figure(), "It falls.")
    assert "highest 4" in capsys.readouterr().out


@pytest.mark.parametrize("values", [(5.0, 2, 1), (4.0, 2, 0.5), (4.0, 9, 1), (4.0, 3, 1), (4.0, 2, 1, 1)])
def test_the_twin_follows_the_data(values):
    """Broken: the twin, by which the build compares figures, proves nothing."""
    assert plots.summary(figure(values)) != plots.summary(figure())


def test_the_twin_follows_the_labels_of_lines_and_axes():
    """Broken: a curve under another method's name goes unnoticed."""
    plain = plots.summary(figure())
    assert plots.summary(figure(name="nesterov")) != plain
    fig = figure()
    fig.axes[0].set_xlabel("cost")
    assert plots.summary(fig) != plain


def test_the_twin_does_not_follow_pixels():
    """Broken: another size, font or version of Matplotlib fails the build."""
    assert plots.summary(figure(figsize=(3, 2), dpi=50)) == plots.summary(figure())


def test_the_twin_does_not_follow_rounding():
    """Broken: the last digits of another machine fail the build."""
    values = np.array([4.0, 2.0, 1e-17])
    twins = {plots.summary(figure(values * (1 + noise))) for noise in (0, 1e-12, -1e-12)}
    assert len(twins) == 1 and "about 0" in twins.pop()


def test_the_twin_speaks_of_gaps_and_empty_lines():
    """Broken: a diverged run (NaN) or an empty line breaks the figure."""
    fig, ax = plt.subplots()
    ax.plot([1, 2, 3], [1, np.nan, 3], label="gap")
    ax.plot([], [], label="empty")
    ax.plot([1, 2], [np.nan, np.nan], label="nothing")
    ax.plot([1, 2], [1, 2])
    text = plots.summary(fig)
    assert "gap: 2 points" in text and "highest 3" in text and "empty: no points" in text and "nothing: no" in text
    assert len(text.splitlines()) == 4


def test_two_runs_give_equal_words_and_pictures():
    """Broken: no build equals the one before."""
    first, second = ((plots.summary(fig), plots._png(fig)) for fig in (figure(), figure()))
    assert first == second


# ------------------------------------------------------------------------------------- formula beside code


def with_formula(formula, code):
    """The source of a step of these lines."""
    doc = f'    """A step.\n\n    Formula:\n{formula}\n    End.\n    """\n'
    return f"def step(state, f, rng):\n{doc}    x = state\n{code}    return x\n"


def loaded(tmp_path, source):
    path = tmp_path / "own_step.py"
    path.write_text(source)
    spec = importlib.util.spec_from_file_location(f"own_step_{tmp_path.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.step


def test_lines_are_paired_in_order(tmp_path):
    """Broken: a formula stands beside another line's code."""
    source = with_formula("        a = 1\n        b = 2\n", "    a = 1\n    b = [\n        2]\n")
    assert plots.formula_lines(loaded(tmp_path, source)) == [("a = 1", "a = 1"), ("b = 2", "b = [\n        2]")]


@pytest.mark.parametrize("lines, statements", [(1, 2), (2, 1), (0, 1), (1, 0)])
def test_a_line_more_or_less_raises(tmp_path, lines, statements):
    """Broken: the formula of a lesson silently leaves out what the code does."""
    source = with_formula("        a = 1\n" * lines, "    a = 1\n" * statements)
    with pytest.raises(ValueError, match=f"{lines} lines of formula and {statements} statements"):
        plots.formula_lines(loaded(tmp_path, source))


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if "Formula:" in (step.__doc__ or "")])
def test_the_table_of_a_method_shows_its_own_source(name):
    """Broken: the lesson shows code that does not run."""
    table = plots.formula_beside_code(STEPS[name])
    markdown, text = table._repr_markdown_(), repr(table)
    for latex, code in plots.formula_lines(STEPS[name]):
        assert f"${latex}$" in markdown and code in text and latex in text
    widths = {line.count("|") - 2 * line.count("\\|") for line in markdown.splitlines()}
    assert len(table.rows) == len(markdown.splitlines()) - 2 and min(widths) >= 3


def test_most_methods_have_a_table():
    """Broken: the docstrings have lost their formulas, and no test above says so."""
    with_table = [name for name, step in STEPS.items() if "Formula:" in (step.__doc__ or "")]
    adams = {"adam", "adamw", "amsgrad"}
    assert {"gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop"} | adams <= set(with_table)
