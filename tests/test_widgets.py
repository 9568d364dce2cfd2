"""Explorers are pure functions with controls: all of them are driven here through their whole range, headless."""

import re
from base64 import b64decode
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from course_lib import widgets
from course_lib.exercises import by_name
from course_lib.optimizers import (
    PointState,
    SquaresState,
    VelocityState,
    adagrad,
    from_update,
    gradient_descent,
    momentum,
    nesterov,
)
from course_lib.problems import bowl
from course_lib.run import run
from course_lib.widgets import (
    Explorer,
    Player,
    Point,
    Slider,
    Toggle,
    accumulators,
    batch_and_rate,
    cliff,
    descent,
    momentum_plane,
    newton_basins,
    rolling_ball,
    scaling,
    turning,
)
from course_lib.widgets import film as films
from course_lib.widgets import scene as scenes
from course_lib.widgets.accumulators import FRAMES as MOVED_FRAMES
from course_lib.widgets.accumulators import MOVE, basin, shoot, squares
from course_lib.widgets.grid_or_random import duel
from course_lib.widgets.loss_doctor import ANSWERS, WARDS, WORDS, admitted, plain
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
    """The front end would wait forever, or be shown the scene of other values."""
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


def test_batch_goal_lies_on_the_diagonal():
    """The goal of lesson 04 would be out of reach, within reach of any rate, or off the diagonal it is to show."""
    explorer = batch_and_rate()
    reached = [rate for rate in range(-8, 3) if explorer.scene(knobs=(6, rate)).goal.reached]
    assert reached == [-1]  # 64 = 16 * 4 and 1/2 = 16 * 1/32
    assert not explorer.scene(knobs=(2, -5)).goal.reached, "the curve to match is no answer"


def test_slider_in_words():
    """A choice among names would be shown as a number."""
    assert batch_and_rate().controls[1].spec() == {"count": 3, "texts": ["epochs", "updates", "time"]}


def test_batch_axes_stretch_alike():
    """Updates and time would be measured on an axis that has nothing to do with the runs."""
    ends = [batch_and_rate().scene(knobs=(0, -6), axis=axis).panels[1].x.high for axis in range(3)]
    assert ends == pytest.approx([1.04 * 4, 1.04 * 4 * 256, 1.04 * 4 * 256 * 71e-3])


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


def test_thermometer_goal():
    """The goal of the walkers would be out of reach, or one could get there without cooling, or without heat."""
    explorer = widgets.thermometer()
    assert explorer.scene(first=2.0, last=0.2).goal.reached
    assert not explorer.scene(first=20.0, last=20.0).goal.reached
    assert "0% of the walkers are in the deepest" in explorer.scene(first=0.01, last=0.01).text


def test_cooling_goal():
    """The goal of the schedule designer would be out of reach, or reached hot all the way, or cold from the start."""
    explorer = widgets.cooling()
    assert explorer.scene(first=0.1, last=0.02, steps=3000).goal.reached
    for T in (0.001, 1.0):
        assert not explorer.scene(first=T, last=T, steps=3000).goal.reached
    assert not any(explorer.scene(first=0.1, last=0.02, steps=steps).goal.reached for steps in (100, 250))


def test_annealed_tour_goal():
    """The goal of the Berlin tour would be out of reach, or reached by a quench."""
    explorer = widgets.annealed_tour()
    assert explorer.scene(first=100.0, last=3.0, seed=0).goal.reached
    assert not any(explorer.scene(first=0.1, last=0.1, seed=seed).goal.reached for seed in range(10))


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


def test_splitter_goal_asks_for_both():
    """The goal of lesson 11 would be met by looking alone, by one walker, or by nobody."""
    explorer = widgets.splitter()
    assert not explorer.scene().goal.reached
    assert explorer.scene(share=0.5, walkers=12).goal.reached
    assert not explorer.scene(share=1.0, walkers=12).goal.reached
    assert not any(explorer.scene(share=share, walkers=1).goal.reached for share in explorer.controls[0].values)
def test_accounts_goal_needs_forgetting():
    """The goal of lesson 06 would be within reach of Adagrad, or out of RMSProp's, or need no thought about rho."""
    explorer = accumulators()
    rates = explorer.controls[1].values
    assert not any(explorer.scene(lr=lr, rho=rho, forget=False).goal.reached for lr in rates for rho in (0.7, 0.99))
    assert not any(explorer.scene(lr=lr, forget=True).goal.reached for lr in rates), "with the rho it starts with"
    assert explorer.scene(forget=True, lr=0.3, rho=0.99).goal.reached


def test_accounts_go_on_after_the_move():
    """The film of lesson 06 would start the second half with an empty account, or jump at the seam."""
    trace = shoot(None, False, 0.3, 0.9)
    s = squares(trace)
    assert len(trace.x) == len(s) == len(trace.loss) == MOVED_FRAMES + 1
    assert (np.diff(s, axis=0) >= 0).all() and s[MOVE + 1].min() > s[MOVE - 1].min() > 0
    direct = run(adagrad, SquaresState(trace.x[0]), basin(0), steps=MOVE, lr=0.3, eps=1e-8)
    assert np.array_equal(direct.x, trace.x[: MOVE + 1])


def test_turning_goal():
    """The goal of lesson 06 would be out of reach, or reached at another angle."""
    explorer = turning()
    rates = explorer.controls[1].values
    assert any(explorer.scene(angle=45, lr=lr).goal.reached for lr in rates)
    assert not any(explorer.scene(angle=0, lr=lr).goal.reached for lr in rates)


def test_turning_with_somebody_elses_rotate():
    """The lesson would show the library's valley under the learner's name, or another one than the library's."""

    def mine(f, theta):
        c, s = np.cos(theta), np.sin(theta)
        return bowl(f.L / f.mu, np.arctan2(s, c))

    def text(**options):
        return turning(**options).scene(angle=30, lr=0.05).text

    assert text(rotate=mine) == text() != text(rotate=lambda f, theta: f)


def test_only_rmsprop_notices_the_turn():
    """The widget would turn the valley without the start, so that every method seemed to notice."""
    explorer = turning()
    said = [explorer.scene(angle=angle).text.split("for good: ")[1].split(", ") for angle in (0, 45)]
    assert said[0][:2] == said[1][:2] and said[0][2] != said[1][2]


@pytest.mark.parametrize("explore", [accumulators, turning])
def test_an_update_from_the_worksheet_drives_it(explore):
    """Lesson 06 would show an error in the place of the picture: the exercise's contract has no defaults."""

    def update(x, s, g, lr, rho, eps):
        s = rho * s + (1 - rho) * g**2
        return x - lr * g / (np.sqrt(s) + eps), s

    assert explore(from_update(update, SquaresState)).scene().text == explore().scene().text
def test_curse_goal():
    """The widget of lesson 01 would count wrongly: 10^4 minutes are within a week, 10^5 are not."""
    explorer = widgets.curse()
    asked = {"n": 10, "seconds": 60}
    assert [d for d in range(1, 11) if explorer.scene(d=d, **asked).goal.reached] == [4]
    assert 10**4 * 60 <= 7 * 86400 < 10**5 * 60
    assert explorer.spec()[2]["texts"][-2:] == ["10 minutes", "1 hour"]
    assert "= 100 000 calls of 1 minute take 69.4 days." in explorer.scene(d=5, **asked).text


def test_grid_or_random_goal():
    """The goal would need no important axis, or would stay out of reach with one."""
    explorer = widgets.grid_or_random()
    sets = explorer.controls[2].values
    alone, both = (sum(explorer.scene(weight=w, set=s).goal.reached for s in sets) for w in (0.0, 1.0))
    assert alone >= len(sets) / 2 > 3 >= both


def test_grid_or_random_tries_nine_points_each():
    """One side would be given more trials, or the grid would not be the grid of the lesson."""
    for number in range(1, 11):
        _, grid, chance = duel(0.1, 3, number)
        assert grid.tried.shape == chance.tried.shape == (9, 2)
        assert len(np.unique(grid.tried[:, 0])) == 3 and len(np.unique(chance.tried[:, 0])) == 9


def test_grid_or_random_draws_with_the_learners_search():
    """The lesson would show the library's points under the learner's name."""

    def corner(f, lows, highs, n, rng):
        for _ in range(n):
            f(lows)

    _, _, chance = duel(1.0, 1, 1, corner)
    assert np.array_equal(chance.tried, np.zeros((9, 2)))


def test_clusters_goal():
    """A bad valley of k-means would be nowhere to be found, or even with thirty starts."""
    explorer = widgets.clusters()
    found = [explorer.scene(k=3, restarts=1, seed=seed).goal.reached for seed in explorer.controls[2].values]
    assert any(found) and not all(found)
    assert "inertia 78.9" in explorer.scene(k=3, restarts=30).text
@pytest.mark.parametrize(("values", "reached"), [
    ({"beta2": 0.97, "eps": 1e-8}, True),
    ({"beta2": 0.97, "eps": 1e-8, "corrected": True}, False),
    ({"beta2": 0.97, "eps": 1e-3}, False),
    ({"beta2": 0.999, "eps": 1e-8}, False),
    ({"beta2": 0.9, "eps": 1e-8}, False),
])  # fmt: skip
def test_adam_steps_goal(values, reached):
    """The goal would be out of reach, or reached by an eps or a memory that does not do what it says."""
    assert widgets.adam_steps().scene(**values).goal.reached is reached


def test_adam_steps_against_closed_forms():
    """With the correction each step on a constant slope is the rate; without it the first is root 10 of them."""
    alone = "the first step is 1 rates on the steepest slope and 1 on the gentlest; the longest is 1."
    assert alone in widgets.adam_steps().scene(corrected=True, eps=1e-10).text
    bare = widgets.adam_steps().scene(eps=1e-10).text
    assert "the first step is 3.16 rates" in bare and "the longest is 6.57." in bare


@pytest.mark.parametrize(("values", "reached"), [
    ({"beta1": 0.0, "beta2": 0.1, "amsgrad": True}, True),
    ({"beta1": 0.0, "beta2": 0.1}, False),
    ({"beta1": 0.0, "beta2": 0.999, "amsgrad": True}, False),
])  # fmt: skip
def test_cycle_goal(values, reached):
    """Adam would not fail where theory says so, or a long memory would be called a failure."""
    assert widgets.cycle().scene(**values).goal.reached is reached
def test_newton_basins_goal():
    """The goal of lesson 10 would be out of reach, or within reach without any damping."""
    explorer = newton_basins()
    dampings = explorer.controls[0].values
    astray = (0.0, 0.0)
    assert any(explorer.scene(damping=damping, start=astray).goal.reached for damping in dampings)
    assert not any(explorer.scene(damping=0, start=start).goal.reached for start in explorer.controls[1].samples())


def test_newton_basins_tell_where_runs_end():
    """The shading would show another end than the run from there."""
    field = newton_basins().scene().panels[0].back[0].values
    explorer = newton_basins()
    for start, word in (((0.0, 0.0), "hilltop"), ((0.0, 3.0), "saddle"), ((4.0, 3.0), "minimum")):
        row, column = (round((value + 5) / 10 * 80) for value in (start[1], start[0]))
        assert ("minimum", "saddle", "hilltop")[int(field[row, column])] == word
        assert f"is at a {word}" in explorer.scene(start=start).text


def test_cliff_goal_needs_clipping():
    """The goal would be within reach without clipping, or not even with it."""
    explorer = cliff()
    thresholds, rates = (control.values for control in explorer.controls[:2])
    bare, clipped = (
        [explorer.scene(most=most, lr=lr).goal.reached for most in some for lr in rates]
        for some in (thresholds[:1], thresholds[5:8])
    )
    assert any(clipped) and not any(bare)
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


@pytest.mark.parametrize("ward", range(1, WARDS + 1))
def test_loss_doctor_wards(ward):
    """A curve would show another fault than the run has, so that a learner with the right word is told no."""
    patients, losses = admitted(ward)
    rules = by_name("diagnose").reference
    assert {patient.word for patient in patients} == set(WORDS)
    assert [rules(loss)[1] for loss in losses] == [patient.word for patient in patients]
    assert all(plain(loss, patient.word) for loss, patient in zip(losses, patients, strict=True))


def test_loss_doctor_goal():
    """The goal would be reached with five right, or before all are named; or the answers could be read beforehand."""
    explorer = widgets.loss_doctor()
    truth = [ANSWERS.index(patient.word) for patient in admitted(1)[0]]
    said = {f"run{k}": index for k, index in enumerate(truth, start=1)}
    wrong = {name: index % 5 + 1 for name, index in said.items()}
    two, three = ({**said, **dict(list(wrong.items())[:n])} for n in (2, 3))
    assert explorer.scene(**said).goal.reached and explorer.scene(**two).goal.reached
    assert not explorer.scene(**three).goal.reached and "5 of 8 are right" in explorer.scene(**three).text
    open_one = explorer.scene(**{**said, "run8": 0})
    assert not open_one.goal.reached and "right" not in open_one.text
    assert not any(sign in repr(open_one.panels) for sign in "✓✗")


def test_grand_race_goal():
    """The goal of lesson 12 would be out of reach, or reached on a bowl, without tuning, or where there is no slope."""
    explorer = widgets.grand_race()
    reached = [any(explorer.scene(land=land, t=t).goal.reached for t in range(0, 151, 10)) for land in range(7)]
    assert reached[5] and not any((reached[0], reached[1], reached[6]))
    assert not any(explorer.scene(land=5, tuned=False, t=t).goal.reached for t in (50, 100, 150))


def test_grand_race_is_fair():
    """Somebody would see the lowest place for nothing, or go on after the budget is spent."""
    from course_lib.widgets.grand_race import BUDGET, LANDS, RACERS, races

    for land in range(len(LANDS)):
        heights, _ = races(land, True)
        starts = [heights[name][0] for name in RACERS]
        assert all(np.array_equal(starts[0], start) for start in starts[2:])  # the two first begin by asking
        assert all(curve.shape == (BUDGET + 1, 20) for curve in heights.values())
        assert all((np.diff(curve, axis=0) <= 1e-12).all() and (curve > -1e-6).all() for curve in heights.values())
