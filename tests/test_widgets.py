"""Explorers are pure functions with controls: all of them are driven here through their whole range, headless."""

import re
from base64 import b64decode
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from course_lib import widgets
from course_lib.optimizers import PointState, VelocityState, gradient_descent, momentum, nesterov
from course_lib.problems import bowl
from course_lib.run import run
from course_lib.widgets import Explorer, Player, Point, Slider, Toggle, descent, momentum_plane, rolling_ball, scaling
from course_lib.widgets import film as films
from course_lib.widgets import scene as scenes
from course_lib.widgets.momentum_plane import GOAL_SHARE, arrival, behavior, distance, spectrum
from course_lib.widgets.rolling_ball import FRAMES
from course_lib.widgets.scene import MAPS, MARKS, ROLES, Axis, Image, Panel, Scene, Text, kind, wire
from course_lib.widgets.scene import Path as Line
from course_lib.widgets.stage import Stage, frame, show, still
from course_lib.widgets.still import DRAW

EXPLORERS = {name: getattr(widgets, name) for name in widgets.__all__ if name.islower() and name != "show"}
SCRIPT = (Path(scenes.__file__).parent / "stage.js").read_text(encoding="utf-8")


@pytest.fixture(params=EXPLORERS)
def explorer(request):
    return EXPLORERS[request.param]()


# -------------------------------------------------------------------------------------------- every explorer


def test_every_control_through_its_range(explorer):
    """A slider position would raise, or would show a scene that no front end can draw."""
    for values in explorer.tour():
        check(explorer.scene(**values))


def test_all_corners_together(explorer):
    """Two controls at their ends at once would raise where each alone does not."""
    for end in (0, -1):
        check(explorer.scene(**{control.name: control.samples()[end] for control in explorer.controls}))


def check(scene):
    """The schema: what scene.py promises to a front end."""
    assert scene.text.endswith(".") and "nan" not in scene.text and "inf" not in scene.text.split()
    assert scene.goal is None or isinstance(scene.goal.reached, bool)
    for panel in scene.panels:
        assert panel.title and panel.alt
        assert panel.x.low < panel.x.high and panel.y.low < panel.y.high
        for mark in (*panel.back, *panel.marks):
            check_mark(mark)


def check_mark(mark):
    assert isinstance(mark, MARKS)
    for name in {"color", "halo"} & {field.name for field in fields(mark)}:
        assert getattr(mark, name) in ROLES or re.fullmatch("#[0-9a-f]{6}", getattr(mark, name))
    for name in {"points", "tails", "tips"} & {field.name for field in fields(mark)}:
        array = getattr(mark, name)
        assert isinstance(array, np.ndarray) and array.ndim == 2 and array.shape[1] == 2
    if isinstance(mark, Image):
        assert mark.colors in MAPS and mark.values.ndim == 2 and mark.low < mark.high


def test_a_control_changes_the_picture(explorer):
    """A control would be connected to nothing."""
    before = repr(wire(explorer.scene()))
    for control in explorer.controls:
        others = [value for value in control.samples() if value != control.default]
        assert any(repr(wire(explorer.scene(**{control.name: value}))) != before for value in others), control.name


def test_drawing_is_pure(explorer):
    """The second look at the same values would show something else."""
    first = repr(wire(explorer.scene()))
    for values in list(explorer.tour())[:5]:
        explorer.scene(**values)
    assert repr(wire(explorer.scene())) == first


def test_goals_are_open_at_first(explorer):
    """A learner would be told that a goal is reached before moving anything."""
    assert explorer.scene().goal.reached is False


def test_unknown_control():
    """A lesson that misspells a control would silently show the default."""
    with pytest.raises(TypeError, match="no control 'rate'"):
        descent().scene(rate=0.1)


# ------------------------------------------------------------------------------------------ on the wire, still


def test_front_end_knows_every_mark():
    """A mark that Python can send would be drawn by nobody, or the front end would draw what nobody sends."""
    table = SCRIPT[SCRIPT.index("const DRAW = {") : SCRIPT.index("const SHAPES")]
    assert set(re.findall(r"^  (\w+)\(g, mark, to", table, re.M)) == {kind_of(mark) for mark in MARKS} == set(DRAW)


def kind_of(mark):
    return mark.__name__.lower()


@pytest.mark.parametrize("mark", MARKS)
def test_front_end_reads_only_what_is_sent(mark):
    """The front end would read a field that Python no longer sends, and draw nothing."""
    table = SCRIPT[SCRIPT.index("const DRAW = {") : SCRIPT.index("const SHAPES")]
    body = re.search(rf"^  {kind_of(mark)}\(g, mark.*?^  }},", table, re.M | re.S).group()
    read = set(re.findall(r"mark\.(\w+)", body))
    assert read and read <= {field.name for field in fields(mark)}


def test_front_end_knows_every_control():
    """A control would have no view in the browser."""
    known = re.search(r"const KINDS = {(.*?)}", SCRIPT).group(1)
    assert set(re.findall(r"(\w+):", known)) == {c.__name__.lower() for c in (Slider, Player, Toggle, Point)}


def test_front_end_fetches_nothing():
    """A picture would need the network."""
    assert not re.search(r"https?://|import\(|^import ", SCRIPT, re.M)


def test_wire_is_plain(explorer):
    """The kernel could not send a scene: something in it is neither JSON nor a buffer."""

    def plain(thing):
        if isinstance(thing, dict):
            return all(isinstance(key, str) and plain(value) for key, value in thing.items())
        if isinstance(thing, list):
            return all(map(plain, thing))
        return thing is None or type(thing) in (str, bytes, bool, int, float)

    assert plain({**wire(explorer.scene()), "controls": explorer.spec()})


def test_arrays_on_the_wire():
    """The front end would read other numbers than Python sent, or choke on what is beyond float32."""
    sent = wire(np.array([[1.5, 2.0], [1e300, np.inf]]))
    values = np.frombuffer(sent["data"], "<f4").reshape(sent["shape"])
    assert sent["type"] == "f4" and values[0].tolist() == [1.5, 2.0] and np.isnan(values[1]).all()


def test_backs_are_known_again():
    """The browser would draw the landscape anew at each move, or keep that of another condition number."""

    def key(**values):
        return wire(descent().scene(**values).panels[0])["key"]

    assert key(lr=0.01) == key(lr=0.1) != key(condition=50)


def test_image_levels():
    """The lowest and the highest value would not get the ends of the map, or a hole would be filled."""
    field = Image(np.array([[0.0, 5.0], [np.nan, 9.0]]), (0, 1), (0, 1), low=0.0, high=5.0)
    assert list(wire(field)["values"]["data"]) == [0, 254, 255, 254]


@pytest.mark.parametrize(
    ("axis", "places", "labels"),
    [
        (Axis(-3.2, 3.2), (-2, 0, 2), ("−2", "0", "2")),
        (Axis(0, 1), (0, 0.2, 0.4, 0.6, 0.8, 1), ("0", "0.2", "0.4", "0.6", "0.8", "1")),
        (Axis(1e-8, 1e3, log=True), (1e-8, 1e-6, 1e-4, 1e-2, 1, 100), ("10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1", "100")),
    ],
)
def test_ticks(axis, places, labels):
    """An axis would carry crooked or wrong numbers."""
    found, names = axis.ticks()
    assert np.allclose(found, places) and names == labels


def test_still_and_twin(explorer):
    """A page without a kernel would show no picture or no words, or other ones at each build."""
    first, second = still(explorer), still(explorer)
    assert first == second
    assert b64decode(first["image/png"]).startswith(b"\x89PNG")
    title, text, goal = first["text/plain"].splitlines()
    assert title == explorer.title and text == explorer.scene().text and goal.startswith("Goal: ")


def test_still_ignores_the_notebooks_style():
    """The still picture would change with the figures that were drawn before it."""
    import matplotlib

    plain = still(descent())["image/png"]
    with matplotlib.rc_context({"axes.facecolor": "red", "font.size": 30}):
        assert still(descent())["image/png"] == plain


def test_mimebundle_and_repr():
    """A built notebook would differ at each build, or show no picture where no kernel runs."""
    stage = show(descent())
    bundle = stage._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert repr(stage) == repr(show(descent())) == "<Gradient descent on a bowl>"
    assert stage.model_id not in bundle["text/plain"]


# ------------------------------------------------------------------------------------------------- the stage


def test_stage_answers_a_move():
    """The front end would wait for ever, or be shown the scene of other values."""
    stage = Stage(descent())
    raw = {**stage.frame["raw"], "lr": 30, "condition": 0, "start": [1.04, -9.0]}
    stage._answer(stage, {"stamp": ["view", 7], "raw": raw}, [])
    assert stage.frame["stamp"] == ["view", 7]
    values = stage.explorer.parse(raw)
    assert values["condition"] == 1 and values["start"] == (1.0, -2.4)
    assert stage.frame["text"] == stage.explorer.scene(**values).text


def test_out_of_range_is_pulled_in():
    """A front end that sends an index too far would stop the widget."""
    assert Slider("a", "a", (1, 2, 3), 2).parse(99) == 3
    assert Slider("a", "a", (1, 2, 3), 2).parse(-4) == 1


def raises(state, f, rng, lr):
    raise ZeroDivisionError("division by zero")


def returns_nothing(state, f, rng, lr):
    pass


def loops(state, f, rng, lr):
    while True:
        pass


@pytest.mark.parametrize(
    ("step", "error", "words"),
    [
        (raises, ZeroDivisionError, "ZeroDivisionError: division by zero"),
        (returns_nothing, AttributeError, "AttributeError"),
        (loops, TimeoutError, "did not finish within"),
    ],
)
def test_a_broken_function_of_the_learner(step, error, words, monkeypatch):
    """A learner's mistake would kill the widget, hang the notebook, or pass unseen in a test."""
    monkeypatch.setattr(films, "PATIENCE", 0.2)
    broken = descent(step)
    with pytest.raises(error):
        broken.scene()
    shown = frame(broken, {})
    assert words in shown["error"] and shown["error"].count("\n") == 0 and "panels" not in shown
    assert words in still(broken)["text/plain"]
    Stage(broken)


def test_the_learners_function_draws():
    """The lesson would show the library's path under the learner's name."""

    def half(state, f, rng, lr):
        return PointState(state.x / 2)

    def path(explorer):
        return next(mark.points for mark in explorer.scene().panels[0].marks if isinstance(mark, Line) and mark.dots)

    assert np.allclose(path(descent(half))[:3], [[-2.5, 1.0], [-1.25, 0.5], [-0.625, 0.25]])
    assert np.array_equal(path(descent(gradient_descent)), path(descent()))


# ----------------------------------------------------------------------------------------------- the lessons


def test_descent_goal_can_be_reached():
    """The goal of lesson 02 would be out of reach, or within reach of any start."""
    explorer = descent()
    on_the_steep_axis = (-1.0, 2.0)
    assert explorer.scene(start=on_the_steep_axis, lr=0.04).goal.reached
    assert not explorer.scene(start=(-0.0, 0.0)).goal.reached, "the minimum itself is no start"
    assert not any(explorer.scene(lr=lr).goal.reached for lr in explorer.controls[0].values)


def test_descent_limit():
    """The limit 2/L would be drawn elsewhere than where runs begin to diverge."""
    explorer = descent()
    ((limit, _),) = explorer.scene(condition=25).limits["lr"]
    assert limit == pytest.approx(2 / 25)
    assert "diverges" not in explorer.scene(lr=0.99 * limit).text
    assert "diverges" in explorer.scene(lr=1.5 * limit).text


def test_scaling_goal_needs_scaling():
    """The goal would be within reach without standardizing, or not even with it."""
    explorer = scaling()
    rates = explorer.controls[1].values
    raw, scaled = ([explorer.scene(scaled=on, lr=lr).goal.reached for lr in rates] for on in (False, True))
    assert any(scaled) and not any(raw)


def test_momentum_goal():
    """The numbers that lesson 05 names would be wrong: 691 steps, 158 and 95, and what the widget calls reached."""
    f, root = bowl(100), 10
    best = {"lr": (2 / (root + 1)) ** 2, "beta": ((root - 1) / (root + 1)) ** 2}
    rows = {
        691: (gradient_descent, PointState, {"lr": 2 / 101}),
        158: (nesterov, VelocityState, {"lr": 1 / 100, "beta": (root - 1) / (root + 1)}),
        95: (momentum, VelocityState, best),
    }
    for steps, (step, state, knobs) in rows.items():
        assert arrival(distance(run(step, state(np.ones(2)), f, steps=700, **knobs).x)) == steps
    assert momentum_plane().scene(knobs=(3.3, 0.67)).goal.reached
    assert not momentum_plane().scene(knobs=(2.0, 0.0)).goal.reached


REGIONS = [
    ((0.5, 0.01), "damped"),
    ((1.0, 0.5), "oscillates"),
    ((2.1, 0.0), "diverges"),
    ((3.9, 0.99), "oscillates"),
]


@pytest.mark.parametrize(("knobs", "word"), REGIONS)
def test_regions_are_what_runs_do(knobs, word):
    """A point of the plane would bear the name of another region than the run from it shows."""
    found, radius = behavior(10, knobs)
    x = run(momentum, VelocityState(np.ones(2)), bowl(10), steps=2000, lr=knobs[0] / 10, beta=knobs[1]).x
    assert found == word
    assert (distance(x)[-1] > 1) == (word == "diverges") == (radius >= 1)
    assert (x.min() > -1e-12) == (word == "damped")


def test_spectrum_against_eigenvalues():
    """The colors of the plane would not be the spectral radius of the heavy ball."""
    rng = np.random.default_rng(0)
    rates, betas = rng.uniform(0.05, 4, 50), rng.uniform(0, 1, 50)
    radius, _ = spectrum(30, rates, betas)
    for i, (rate, beta) in enumerate(zip(rates, betas, strict=True)):
        for j, curvature in enumerate((1, 30)):
            a = rate / 30 * curvature
            matrix = [[1 - a, beta], [-a, beta]]
            assert radius[i, j] == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max(), rel=1e-6)


def test_ball_goal():
    """The ball would never find the deepest well, or would without any momentum."""
    explorer = rolling_ball()
    betas, starts = (control.values for control in explorer.controls[:2])
    assert any(explorer.scene(beta=beta).goal.reached for beta in betas) or any(
        explorer.scene(beta=beta, start=start).goal.reached for beta in betas for start in starts[::2]
    )
    assert not any(explorer.scene(beta=0.0, start=start).goal.reached for start in starts)


def test_player_frames():
    """The player would run past the end of the film, or not reach it."""
    player = rolling_ball().controls[-1]
    assert isinstance(player, Player) and player.spec()["count"] == FRAMES + 1
    assert player.values == tuple(range(FRAMES + 1))


def test_explorer_of_one_line():
    """A lesson could not make an explorer of its own with a slider and a function."""
    panel = Panel(Axis(0, 1), Axis(0, 1), (Text(0.5, 0.5, "a"),), "one", "one letter")
    own = Explorer("Own", (Slider("k", "k", (1, 2), 1),), lambda k: Scene((panel,), f"k is {k}."))
    assert frame(own, {"k": 1})["text"] == "k is 2."
    assert kind(panel.marks[0]) == "text" and GOAL_SHARE == 1e-6


def test_guess_goal_asks_for_a_balance():
    """The goal of lesson 00 would be met by looking around alone, or by nobody."""
    explorer = widgets.guess()
    assert not explorer.scene().goal.reached
    assert explorer.scene(around=2, reach=0.8).goal.reached
    assert not any(explorer.scene(around=11, reach=reach).goal.reached for reach in explorer.controls[1].values)


def test_population_goal():
    """The goal of lesson 08 would be out of reach, or reached with a mutation too small to leave a dent."""
    explorer = widgets.evolving_population()
    assert explorer.scene(k=3, scale=0.1).goal.reached and explorer.scene(k=5, scale=0.2, shrink=True).goal.reached
    assert not any(explorer.scene(k=1, scale=scale).goal.reached for scale in explorer.controls[1].values)
    assert not any(explorer.scene(k=16, scale=scale).goal.reached for scale in explorer.controls[1].values[:5])


def test_population_keeps_to_its_budget():
    """The widget would promise 3000 evaluations and spend more."""
    from course_lib.widgets.evolving_population import BUDGET, GENERATIONS, MEMBERS

    assert BUDGET - MEMBERS < MEMBERS + GENERATIONS * (MEMBERS - 1) <= BUDGET
