"""The examiner: each verdict it can give, what it shows, what it counts, and which mistake it names."""

import random
import time
import warnings

import numpy as np
import pytest

from course_lib import checking
from course_lib.calling import Case, Failure, Given, Outcome, Strange
from course_lib.checking import ERROR, NOT_ATTEMPTED, RIGHT, WRONG, calling_here, examine
from course_lib.exercises.declare import Exercise, Mistake, Part

PARTS = (Part("small", 0.25, "is right for one number"), Part("large", 0.75, "is right for many"))


def double(x):
    """Twice x."""
    return 2 * x


def cases(rng):
    return [Case({"x": rng.normal(0, 1, n)}, f"{n} numbers", "small" if n == 1 else "large") for n in (1, 2, 5)]


def exercise(reference=double, zoo=(), **options):
    """An exercise that is in no table."""
    known = {"cases": cases, "parts": PARTS, "points": 4.0} | options
    made = Exercise("trial.double", reference, "99", "Twice", hints=("a", "b", "c"), **known)
    made.zoo.extend(zoo)
    return made


def verdict(function, seconds=2.0, **options):
    """The verdict on an answer to the small exercise."""
    return examine(exercise(**options), calling_here(function, seconds))


# ------------------------------------------------------------------------------------------------ the verdicts


def test_a_right_answer():
    """A right answer would not get its points, or would be shown with something to mend."""
    found = verdict(lambda x: x + x)
    assert (found.status, found.points, found.max_points, found.clean) == (RIGHT, 4.0, 4.0, True)
    assert (found.message, found.diagnosis, found.flaws) == ("Right.", "", ())
    assert found.parts == {"small": True, "large": True}


@pytest.mark.parametrize("stub", [lambda x: ..., lambda x: (..., ...), lambda x: [...]])
def test_an_untouched_stub(stub):
    """An exercise that nobody has begun would be called wrong."""
    found = verdict(stub)
    assert (found.status, found.points) == (NOT_ATTEMPTED, 0)


@pytest.mark.parametrize("begun", [lambda x: (..., x), lambda x: ... if len(x) > 1 else 2 * x, lambda x: ()])
def test_a_stub_that_was_begun_is_an_attempt(begun):
    """Half an answer would be treated like none, and not be told what is missing."""
    assert verdict(begun).status == WRONG


def test_dots_that_are_left_are_pointed_out():
    """Somebody would be told of an object of the type ellipsis."""
    assert "dots" in verdict(lambda x: ... if len(x) > 1 else 2 * x).message


def test_a_wrong_answer_is_shown_on_its_case():
    """The learner could not see what was asked, what came out, and what was expected."""
    found = verdict(lambda x: 2 * x if len(x) == 1 else 3 * x)
    assert (found.status, found.about, found.message) == (WRONG, "2 numbers", "The values differ.")
    assert found.given.startswith("x = [") and found.got.startswith("[") and found.expected.startswith("[")
    assert found.got != found.expected


def test_parts_carry_their_points():
    """A property that holds would earn nothing, or one that fails something."""
    found = verdict(lambda x: 2 * x if len(x) == 1 else 3 * x)
    assert found.parts == {"small": True, "large": False} and found.points == 1.0
    assert verdict(lambda x: 2 * x if len(x) == 2 else 3 * x).points == 0.0


def test_an_exception_is_an_error_with_its_line():
    """The learner would not see which line of theirs raised what."""

    def crash(x):
        return x[7]

    found = verdict(crash)
    assert (found.status, found.points, found.got) == (ERROR, 0, "")
    assert found.message.startswith("It stopped with IndexError: index 7")
    assert found.line == f"line {crash.__code__.co_firstlineno + 1}: return x[7]"


def test_an_endless_loop_ends_the_examination():
    """A function that hangs would be asked again for each case, and hang each time."""
    asked = []

    def hang(x):
        asked.append(len(x))
        while len(x) > 1:
            pass
        return 2 * x

    found = verdict(hang, seconds=0.05)
    assert (found.status, asked) == (ERROR, [1, 2]) and "did not end in time" in found.message
    assert found.parts == {"small": True, "large": False} and found.points == 1.0


# -------------------------------------------------------------------------------------------- right, but ...


def modifies(x):
    x *= 2
    return x.copy()


def draws(x):
    random.random()
    return 2 * x


def test_a_modified_argument_costs_half():
    """A function that spoils its input would be as good as one that does not."""
    found = verdict(modifies)
    assert (found.status, found.points, found.clean) == (RIGHT, 2.0, False)
    assert found.message.startswith("The values are right, but your function modifies its argument x")


def test_a_global_draw_costs_half():
    """A result that cannot be repeated would be as good as one that can."""
    found = verdict(draws)
    assert (found.points, found.clean) == (2.0, False) and "global random generator" in found.message


def test_flaws_are_told_beside_a_wrong_value():
    """A function with two faults would be told of one."""
    found = verdict(lambda x: 1.5 * modifies(x))
    assert found.status == WRONG and "modifies its argument x" in found.flaws[0]


def test_shared_memory_is_a_flaw_where_the_contract_says_so():
    """A view would pass where a new array is asked for, or be rejected where it is not."""
    keep = {"reference": lambda x: x + 0}
    assert verdict(lambda x: x, **keep).clean
    assert "shares memory" in verdict(lambda x: x, fresh=True, **keep).message


def test_a_warning_is_a_flaw_where_the_contract_says_so():
    """A division by zero would pass unseen where it must not happen."""

    def warns(x):
        warnings.warn("careful", stacklevel=1)
        return 2 * x

    assert verdict(warns).clean
    assert "it causes a warning: careful" in verdict(warns, quiet=True).message
    assert verdict(warns, quiet=True, reference=warns).clean


def test_asking_too_often_is_a_flaw_where_the_contract_says_so():
    """A function that costs an hour a call could be called twice as often as needed."""

    def ask(f):
        """The value at 3."""
        return f(np.array([3.0, 4.0]))

    given = {"reference": ask, "cases": lambda rng: [Case({"f": Given("bowl")}, "a bowl")]}
    assert verdict(lambda f: ask(f) if ask(f) else None, **given).clean
    assert "more often than needed" in verdict(lambda f: ask(f) if ask(f) else None, frugal=True, **given).message
    assert verdict(ask, frugal=True, **given).clean


def test_slowness_is_remarked_and_costs_nothing(monkeypatch):
    """A mark would depend on how busy the machine is."""
    monkeypatch.setattr(checking, "SLOW_SECONDS", 0.01)
    monkeypatch.setattr(checking, "SLOW_FACTOR", 1)

    def slow(x):
        time.sleep(0.02)
        return 2 * x

    found = verdict(slow)
    assert found.clean and found.points == 4.0 and "are enough" in found.message


# ------------------------------------------------------------------------------------------------- diagnosis


ADDS = Mistake("adds", lambda x: x + 2, "You add 2.")
TRIPLES = Mistake("triples", lambda x: 3 * x, "You triple.", credit=0.5)


def test_a_mistake_is_named_by_what_it_does():
    """The learner would be told that it is wrong, but not which mistake it is."""
    found = verdict(lambda x: x + 1 + 1, zoo=[TRIPLES, ADDS])
    assert (found.diagnosis, found.advice, found.points) == ("adds", "You add 2.", 0)


def test_a_mistake_that_differs_in_one_case_is_another():
    """A learner would be told of a mistake that is not theirs."""
    assert verdict(lambda x: x + 2 if len(x) < 5 else x + 1, zoo=[ADDS]).diagnosis == ""


def test_a_mistake_may_earn_part_of_the_points():
    """A form that is in use elsewhere would earn nothing."""
    assert verdict(lambda x: x + x + x, zoo=[ADDS, TRIPLES]).points == 2.0


def test_a_mistake_is_told_from_one_that_also_modifies():
    """Two mistakes that return the same would be mixed up."""
    spoils = Mistake("spoils", modifies, "You change x.")
    assert verdict(modifies, zoo=[TRIPLES, spoils]).diagnosis == "spoils"
    assert verdict(lambda x: 1.5 * modifies(x), zoo=[TRIPLES]).diagnosis == ""


def test_a_mistake_that_remembers_starts_anew():
    """A mistake that keeps something would behave differently at the second learner."""

    def remembering():
        seen = []

        def count(x):
            seen.append(x)
            return float(len(seen)) * x

        return count

    counts = Mistake("counts", remembering, "You count.", remembers=True)
    for _ in range(2):
        assert verdict(remembering(), zoo=[counts]).diagnosis == "counts"


def test_a_mistake_that_hangs_is_tried_only_against_one_that_hangs():
    """Every wrong answer would cost the time of an endless loop, or an endless loop would never be named."""

    def hang(x):
        while True:
            pass

    tried = []

    def hangs(x):
        tried.append(len(x))
        hang(x)

    zoo = [Mistake("hangs", hangs, "You never end.", hangs=True), ADDS]
    assert verdict(lambda x: x + 2, zoo=zoo).diagnosis == "adds" and tried == []
    assert verdict(hang, seconds=0.05, zoo=zoo).diagnosis == "hangs"


def test_an_exception_can_be_a_mistake():
    """A mistake that raises could not be named."""
    raises = Mistake("raises", lambda x: x[9], "You look too far.")
    assert verdict(lambda x: x[8], zoo=[raises]).diagnosis == "raises"
    assert verdict(lambda x: x / None, zoo=[raises]).diagnosis == ""


# ----------------------------------------------------------------------------------------------------- judges


def rising(case, outcome, expected):
    """A judge: any rising array will do."""
    if not isinstance(outcome.value, np.ndarray):
        return "It is no array."
    return None if np.all(np.diff(outcome.value) >= 0) else "It falls somewhere."


def test_a_judge_takes_the_place_of_the_comparison():
    """An answer that differs from the reference and is right would be rejected."""
    assert verdict(np.sort, judge=rising).clean
    found = verdict(lambda x: np.sort(x)[::-1], judge=rising)
    assert (found.status, found.message) == (WRONG, "It falls somewhere.")


def test_a_judge_tells_mistakes_apart_by_its_sentence():
    """An exercise with free answers could name no mistake."""
    falls = Mistake("falls", lambda x: -np.sort(x), "You sort downward.")
    assert verdict(lambda x: np.sort(x)[::-1], judge=rising, zoo=[falls]).diagnosis == "falls"
    assert verdict(lambda x: 1.0, judge=rising, zoo=[falls]).diagnosis == ""


def test_an_answer_is_judged_once_for_the_whole_zoo():
    """A diagnosis would take twice as long: the answer would be judged anew for each member."""
    judged = []

    def judge(case, outcome, expected):
        judged.append(id(outcome))
        return str(outcome.value[0] / case.args["x"][0])

    zoo = [Mistake(f"{times} times", lambda x, times=times: times * x, "advice") for times in (3, 4, 5)]
    asked = exercise(judge=judge, zoo=zoo).draw(0)
    outcomes = calling_here(lambda x: 5 * x)(asked)
    assert checking.judged(exercise(judge=judge, zoo=zoo), asked, outcomes).diagnosis == "5 times"
    assert [judged.count(id(outcome)) for outcome in outcomes] == [1] * len(outcomes)


def test_an_exercise_may_say_what_is_shown():
    """Of many random answers one would be shown, which may lie above a mean that is called too small."""
    found = verdict(lambda x: x + 1, shown=np.max)  # a number of each array
    assert "[" not in found.got + found.expected
    strange = verdict(lambda x: "a text", shown=np.linalg.norm)
    assert (strange.status, strange.got) == (WRONG, "'a text'")


# ----------------------------------------------------------------------------------------------------- chains


def step(x, v, g):
    """Move."""
    return x + v, v - g


def chain_cases(rng):
    feeds = [(rng.normal(0, 1, 2),) for _ in range(4)]
    return [Case({"state": (np.ones(2), np.zeros(2)), "feeds": feeds}, "four steps", probe="chain")]


CHAIN = {"reference": step, "cases": chain_cases, "parts": (Part("correct", 1.0, "moves"),)}


def test_a_chain_says_at_which_step_and_what():
    """The learner would be shown four states and have to find the difference."""
    found = verdict(lambda x, v, g: (x + v, v - g if np.all(x == 1) else v), **CHAIN)
    assert found.message == "After step 3: v: the values differ."
    assert found.given.startswith("start from\nx = [1, 1]\nv = [0, 0]\nstep 3 with\ng = [")


def test_a_chain_calls_arguments_as_the_contract_does():
    """A modified velocity would be called "state", a name that is in no contract."""

    def in_place(x, v, g):
        x = x + v
        v -= g
        return x, v

    assert "modifies its argument x or v" in verdict(in_place, **CHAIN).message


def test_a_chain_that_loses_its_state_is_wrong_at_that_step():
    """A missing velocity would end in an exception of the next call."""
    found = verdict(lambda x, v, g: x + v, **CHAIN)
    assert found.status == WRONG and found.message.startswith("After step 1: ")


# -------------------------------------------------------------------------------------------- what is answered


@pytest.mark.parametrize("answered", [0, 1, 2])
def test_silence_is_no_right_answer(answered):
    """A process that answers a few cases and ends would get all points."""
    found = examine(exercise(), lambda asked: calling_here(double)(asked)[:answered])
    assert (found.status, found.parts["large"]) == (ERROR, False) and found.points < 4.0
    assert found.message == "It ended without an answer."


def test_more_answers_than_questions_change_nothing():
    """A hostile process could answer what was not asked."""
    extra = [Outcome(Strange("ellipsis")), Outcome(failure=Failure("ValueError", "late"))]
    assert examine(exercise(), lambda asked: calling_here(double)(asked) + extra).clean


def test_points_do_not_depend_on_the_time_it_took():
    """A slow machine would give other marks, and a process could lie about its time."""

    def call(asked):
        return [Outcome(2 * case.args["x"], seconds=1e9) for case in asked]

    assert examine(exercise(), call).points == 4.0


def test_a_seed_draws_the_cases():
    """A verdict could not be repeated, or every student would get the same cases."""
    seen = []

    def call(asked):
        seen.append(asked[0].args["x"].tolist())
        return calling_here(double)(asked)

    for seed in (1, 1, 2, "one"):
        examine(exercise(), call, seed)
    assert seen[0] == seen[1] and len({tuple(x) for x in seen}) == 3


STRANGE = [Strange("set"), {"a": [None]}, [[[]]], "text", 10**300, np.zeros((0, 0)), Outcome(), Case({}, "nothing")]


@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_any_value_can_be_examined(value):
    """A strange answer would end the examiner, not be called wrong."""
    found = examine(exercise(zoo=[ADDS]), lambda asked: [Outcome(value) for _ in asked])
    assert (found.status, found.points) == (WRONG, 0)


def test_what_asks_often_is_asked_last_in_a_diagnosis():
    """An answer that stops at once would be compared with hundreds of draws of each known mistake."""
    calls, often = [], Case({"times": 50, "x": 1.0}, "often", probe="repeat")
    zoo = [Mistake("counted", lambda x: calls.append(x) or -x, "It has the other sign.")]
    options = {"cases": lambda rng: [often, Case({"x": 1.0}, "once")], "parts": (Part("correct", 1.0, "is right"),)}
    assert verdict(lambda x: 1 / 0, zoo=zoo, **options).status == ERROR and len(calls) == 1
    assert verdict(lambda x: -x, zoo=zoo, **options).diagnosis == "counted"
    assert checking.questions(Case({"times": np.arange(3)}, "an argument that is called so")) == 1
