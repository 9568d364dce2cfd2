"""Every declared exercise: right answers pass, each member of the zoo is rejected and named, stubs are no attempt.

The tests run over all exercises there are, so a new one needs no test of its own.
"""

import ast
import inspect
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from zoo_table import accepted, verdict_on

from course_lib.calling import Given, Outcome, is_plain, observe
from course_lib.checking import ERROR, NOT_ATTEMPTED, RIGHT, WRONG, calling_here, examine
from course_lib.comparing import mismatch
from course_lib.exercises import all_exercises, by_name, get, of_lesson
from course_lib.exercises.declare import REGISTRY, Part, exercise
from course_lib.lessons import LESSONS
from course_lib.release.markers import worksheet
from course_lib.wire import dumps, loads

ROOT = Path(__file__).parents[1]
STEMS = {lesson.number: lesson.stem for lesson in LESSONS}
SEEDS = range(50)
FEW = (0, 1, "a text")

each = pytest.mark.parametrize("exercise", all_exercises(), ids=lambda exercise: exercise.id)
each_style = pytest.mark.parametrize(
    "exercise, style", [pytest.param(e, s, id=f"{e.id}-{s.__name__}") for e in all_exercises() for s in e.styles]
)
each_mistake = pytest.mark.parametrize(
    "exercise, mistake", [pytest.param(e, m, id=f"{e.id}-{m.name}") for e in all_exercises() for m in e.zoo]
)


# --------------------------------------------------------------------------------------------- right answers


@each
def test_the_reference_is_right(exercise):
    """A seed would draw cases that the right answer fails, or on which it breaks its own contract."""
    assert accepted(exercise, exercise.reference, SEEDS)


@each_style
def test_another_style_is_right(exercise, style):
    """Somebody would be told that a right answer is wrong, since it is written differently."""
    assert [verdict_on(exercise, style, seed) for seed in FEW if not accepted(exercise, style, [seed])] == []


@each
def test_there_are_two_other_styles(exercise):
    """The check could be one that only the reference passes."""
    assert len({style.__name__ for style in exercise.styles}) == len(exercise.styles) >= 2


# --------------------------------------------------------------------------------------------- wrong answers


@each_mistake
def test_a_mistake_is_rejected_and_named(exercise, mistake):
    """Somebody with this mistake would get all points, or be told of another one."""
    for seed in FEW[:2] if mistake.hangs else FEW:
        verdict = verdict_on(exercise, mistake.make(), seed)
        assert not verdict.clean and verdict.points < verdict.max_points
        assert (verdict.diagnosis, verdict.advice) == (mistake.name, mistake.diagnosis)
        assert verdict.status != WRONG or all([verdict.message, verdict.about, verdict.given, verdict.got])


@each
def test_the_zoo_has_six_members(exercise):
    """The exercise could hardly name any mistake."""
    assert len({mistake.name for mistake in exercise.zoo}) == len(exercise.zoo) >= 6


def first(value, spoil):
    """The value, or the first one in its tuples, lists and dicts, spoiled."""
    if isinstance(value, dict):
        return {**value, (key := next(iter(value))): first(value[key], spoil)}
    return type(value)([first(value[0], spoil), *value[1:]]) if isinstance(value, (tuple, list)) else spoil(value)


def endless(*args):
    while True:
        pass


def crashing(*args):
    raise ArithmeticError("the ninth number is odd")


BLUNDERS = {  # what it does to a right value, and what the message must say
    "none": (lambda value: None, "return"),
    "shape": (lambda value: np.asarray(value)[None], "shape"),
    "nan": (lambda value: value * np.nan, "NaN|whole number"),
    "truth": (lambda value: np.asarray(value) > 0, "truth value|bool"),
    "complex": (lambda value: value + 0j, "complex"),
    "text": (lambda value: "0.5", "a text"),
    "object": (lambda value: {1, 2}, "set"),
}


def blundering(exercise, blunder):
    """The reference, with its value spoiled."""
    return lambda *args: spoiled(exercise.reference(*args), BLUNDERS[blunder][0])


def spoiled(value, spoil):
    """A right value, spoiled; of a function that is returned, what it answers."""
    return Spoiled(value, spoil) if callable(value) else first(value, spoil)


class Spoiled:
    """A function, or an objective with its gradient, whose answers are spoiled; what else it carries is not."""

    def __init__(self, f, spoil):
        self.f, self.spoil = f, spoil

    def __call__(self, *args, **kwargs):
        return self.spoil(self.f(*args, **kwargs))

    def __getattr__(self, name):
        part = getattr(self.f, name)
        return Spoiled(part, self.spoil) if callable(part) else part


@each
@pytest.mark.parametrize("blunder", BLUNDERS)
def test_a_blunder_has_a_message_of_its_own(exercise, blunder):
    """A value of the wrong kind would pass, or be called a mistake that it is not."""
    if blunder == "truth" and isinstance(exercise.reference(*_arguments(exercise)), (bool, np.bool_)):
        pytest.skip("a truth value is what it asks for")
    verdict = verdict_on(exercise, blundering(exercise, blunder), 0)
    named = {mistake.name for mistake in exercise.zoo} if blunder == "none" else set()  # some forget to return
    assert (verdict.status, verdict.points) == (WRONG, 0) and verdict.diagnosis in {""} | named
    assert any(word in verdict.message for word in BLUNDERS[blunder][1].split("|")), verdict.message


@each
def test_an_exception_shows_the_line_that_raised(exercise):
    """A crash would be reported without the learner's own line, or as a wrong value."""
    verdict = verdict_on(exercise, crashing, 0)
    assert (verdict.status, verdict.points, verdict.diagnosis) == (ERROR, 0, "")
    assert "ArithmeticError: the ninth number is odd" in verdict.message
    assert "raise ArithmeticError" in verdict.line


@each
def test_an_endless_loop_is_ended(exercise):
    """A loop without end would hang the notebook."""
    verdict = examine(exercise, calling_here(endless, 0.05))
    assert (verdict.status, verdict.points) == (ERROR, 0)
    assert "did not end in time" in verdict.message


@each
def test_messages_differ(exercise):
    """Two different faults would look the same to the learner."""
    answers = [*(blundering(exercise, blunder) for blunder in BLUNDERS), crashing, lambda: None]
    messages = [verdict_on(exercise, answer, 0).message for answer in answers]
    assert len(set(messages)) == len(messages)


@each
def test_an_answer_that_ignores_its_input_fails(exercise):
    """The right value of one case, zeros or the first argument would be good enough for points."""
    fixed = exercise.reference(*_arguments(exercise))
    for lazy in (lambda *args: fixed, lambda *args: args[0], lambda *args: 0.0 * np.asarray(args[-1])):
        verdict = verdict_on(exercise, lazy, 0)
        assert verdict.status in (WRONG, ERROR) and verdict.points == 0


def _arguments(exercise):
    """Arguments as the function gets them, of a case that no seed in use draws."""
    seen = []

    def spy(*args):
        seen.append(args)
        return exercise.reference(*args)

    observe(spy, exercise.draw("another seed")[0])
    return seen[0]


# ----------------------------------------------------------------------------------------------------- cases


@each
def test_cases_survive_the_wire(exercise):
    """A submission in a process of its own would be asked something else than the notebook's function."""
    for case in exercise.draw(3):
        there = loads(dumps(case))
        assert dumps(there) == dumps(case)
        here, away = observe(exercise.reference, case), observe(exercise.reference, there)
        assert dumps([here.value, here.calls, here.changed]) == dumps([away.value, away.calls, away.changed])


def plain_but_for_given(value):
    if isinstance(value, (list, tuple)):
        return all(map(plain_but_for_given, value))
    return isinstance(value, Given) or is_plain(value)


@each
def test_cases_are_plain_data(exercise):
    """A case could not be shown to the learner, or sent to another process."""
    assert all(plain_but_for_given(value) for case in exercise.draw(0) for value in case.args.values())
    assert all(case.about for case in exercise.draw(0))


@each
def test_a_seed_stands_for_its_cases(exercise):
    """A mark could not be reproduced, or every student would get the same cases."""
    assert dumps(exercise.draw("anna")) == dumps(exercise.draw("anna")) != dumps(exercise.draw("bert"))


@each
def test_every_part_has_cases(exercise):
    """A property would carry points and never be tried, or be tried and carry none."""
    for seed in range(5):
        assert {case.part for case in exercise.draw(seed)} == {part.name for part in exercise.parts}


def numbers(value):
    """All numbers in a plain value, as one flat array."""
    value = list(value.values()) if isinstance(value, dict) else value
    if isinstance(value, (list, tuple)):
        return np.concatenate([numbers(item) for item in value] or [np.zeros(0)])
    return np.zeros(0) if isinstance(value, str) else np.ravel(value).astype(float)


@each
def test_expected_values_are_telling(exercise):
    """Zeros, or an argument handed back, would be the right answer."""
    for seed in range(5):
        cases = exercise.draw(seed)
        expected = [observe(exercise.reference, case).value for case in cases]
        assert all(np.any(numbers(value) != 0) for value in expected)
        echoes = [any(mismatch(value, arg) is None for arg in case.args.values() if not isinstance(arg, Given))
                  for case, value in zip(cases, expected)]  # fmt: skip
        assert sum(echoes) <= len(cases) / 4


# ------------------------------------------------------------------------------------------------- the words


@each
def test_hints_go_from_vague_to_plain(exercise):
    """The first hint would give the answer away, or two hints would say the same."""
    lines = {_dense(line) for line in inspect.getsource(exercise.reference).split('"""')[2].splitlines()}
    assert len({*exercise.hints}) == 3
    assert not any(line in _dense(exercise.hints[0]) for line in lines if len(line) > 6)


def _dense(text):
    return "".join(text.split())


def test_no_diagnosis_is_used_twice():
    """Two different mistakes would be explained with the same words."""
    texts = [mistake.diagnosis for exercise in all_exercises() for mistake in exercise.zoo]
    assert sorted(set(texts)) == sorted(texts)


@each_mistake
def test_a_diagnosis_is_a_sentence(exercise, mistake):
    """A card would show half a sentence, or a text too long to read."""
    assert mistake.diagnosis == mistake.diagnosis.strip() and mistake.diagnosis[-1] in ".!?"
    assert 40 <= len(mistake.diagnosis) <= 330


# ------------------------------------------------------------------------------------ worksheet, key, lesson


@cache
def key_of(lesson):
    """The source that key and worksheet of a lesson are built from."""
    return (ROOT / "solutions" / "src" / f"{STEMS[lesson]}.py").read_text(encoding="utf-8")


def definition(exercise, text):
    """The function of an exercise in a source, as a syntax tree."""
    found = [node for node in ast.parse(text).body if getattr(node, "name", "") == exercise.name]
    assert len(found) == 1
    return found[0]


def defined(exercise, text):
    """The function of an exercise in a source, to be called."""
    namespace = {"np": np}
    exec(compile(ast.Module([definition(exercise, text)], []), "worksheet", "exec"), namespace)
    return namespace[exercise.name]


@each
def test_the_untouched_stub_is_no_attempt(exercise):
    """An exercise that nobody has begun would be called wrong, or right."""
    verdict = verdict_on(exercise, defined(exercise, worksheet(key_of(exercise.lesson))), 0)
    assert (verdict.status, verdict.points) == (NOT_ATTEMPTED, 0)


@each
def test_the_key_is_right(exercise):
    """The key would hold an answer that its own check rejects."""
    assert verdict_on(exercise, defined(exercise, key_of(exercise.lesson)), 0).clean


@each
def test_the_stub_states_the_contract(exercise):
    """The learner would read another contract than the one that is examined."""
    stub = definition(exercise, worksheet(key_of(exercise.lesson)))
    assert ast.get_docstring(stub) == exercise.statement
    assert f"{exercise.name}({ast.unparse(stub.args)})" == ast.unparse(ast.parse(exercise.signature, mode="eval"))


@each
def test_the_section_is_a_heading_of_the_lesson(exercise):
    """A card would send the learner to a heading that is not there."""
    source = ROOT / "notebooks" / "src" / f"{STEMS[exercise.lesson]}.py"
    if not source.exists():
        pytest.skip("the lesson is not written yet")
    assert f"# ## {exercise.section}" in source.read_text(encoding="utf-8").splitlines()


# ------------------------------------------------------------------------------------------- the declaration


@pytest.fixture
def registry(monkeypatch):
    """The table of exercises, whose changes are undone."""
    for id in list(REGISTRY):
        monkeypatch.setitem(REGISTRY, id, REGISTRY[id])
    yield REGISTRY
    for id in [id for id in REGISTRY if id.startswith("trial.")]:
        del REGISTRY[id]


def declared(function=None, hints=("a", "b", "c"), **options):
    """A small exercise."""

    def double(x):
        """Twice x."""
        return 2 * x

    known = {"lesson": "99", "title": "Twice", "cases": lambda rng: [], "hints": hints}
    return exercise(options.pop("id", "trial.double"), **known, **options)(function or double)


def test_two_exercises_cannot_share_a_name(registry):
    """A function in a worksheet could stand for two exercises."""
    declared()
    with pytest.raises(ValueError, match="Two exercises"):
        declared(id="trial.other")
    with pytest.raises(ValueError, match="Two exercises"):
        declared(lambda x: x)


def test_an_incomplete_exercise_cannot_be_declared(registry):
    """A hint or the contract would be missing when a learner asks for it."""
    with pytest.raises(ValueError, match="docstring and three hints"):
        declared(hints=("a", "b"))
    with pytest.raises(ValueError, match="docstring and three hints"):
        declared(lambda x: x)
    with pytest.raises(ValueError, match="weights"):
        declared(parts=(Part("all", 0.7, "all of it"),))
    assert "trial.double" not in registry


def test_a_declared_name_is_still_the_function(registry):
    """Styles and mistakes could not build on the reference."""
    assert declared()(4) == 8


def test_exercises_are_found():
    """An exercise that is declared could not be asked for by its id, its name or its lesson."""
    assert get("momentum.step") is by_name("momentum_step")
    assert get("momentum.step") in of_lesson("05") and get("momentum.step") not in of_lesson("02")
    lessons = [exercise.lesson for exercise in all_exercises()]
    assert lessons == sorted(lessons) and set(lessons) <= set(STEMS)


def test_what_is_not_there_is_said_with_what_is():
    """A misspelled id would end in an error that does not help."""
    with pytest.raises(KeyError, match=r"There are: .*momentum\.step"):
        get("momentum.stop")
    with pytest.raises(KeyError, match=r"Keep the name of the stub.*momentum_step"):
        by_name("momentumstep")


def test_a_right_answer_that_breaks_the_contract_is_right_but():
    """Changing an argument would go unnoticed when the values are right."""
    step = get("momentum.step")

    def changes_g(x, v, g, lr, beta):
        g *= lr
        v = beta * v - g
        return x + v, v

    verdict = verdict_on(step, changes_g, 0)
    assert (verdict.status, verdict.points, verdict.clean) == (RIGHT, 1.5, False)
    assert "modifies its argument" in verdict.message


# ------------------------------------------------------------------------------ judges of random answers


def test_the_noise_of_a_batch_is_judged_with_room():
    """A right estimate would be rejected more than once in a million times."""
    from course_lib.exercises.mini_batch import spread_of_batches, tolerance

    for seed in range(20):
        for case in get("batch.gradient_variance").draw(seed):
            squares, times, draws = spread_of_batches(case), case.args["times"], case.args["draws"]
            error = squares.std() / squares.mean() / np.sqrt(times * draws)  # of the mean of all draws, as a share
            assert tolerance(squares, times * draws / 2) > 6 * error
            assert tolerance(squares, times * draws / 2) < 0.42  # and half of it is still told from all of it


def test_judges_survive_what_is_no_answer():
    """A submission that sends something of another form would stop the grader."""
    for id in ("batch.minibatches", "batch.train", "batch.gradient_variance"):
        exercise = get(id)
        case = exercise.draw(0)[0]
        expected = observe(exercise.reference, case)
        for value in (None, 3, [], [[], []], [[1], [2], [3]], {"a": 1}, [None, [(1, 2, 3)], [(0, 0)]], "text"):
            assert exercise.judge(case, Outcome(value=value), expected)
