"""What a learner meets at an exercise: check, hint, solution, and a turn in the lesson."""

import contextlib
import functools
import json
import os
import queue
import re
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from jupyter_client import KernelManager

from course_lib import exercises
from course_lib.calling import TimeUp
from course_lib.checking import calling_here
from course_lib.learner import check, hint, progress, solution, store, turns, your_turn
from course_lib.learner.watch import Watch

ROOT = Path(__file__).parents[1]
ID = "momentum.step"
RIGHT = "def momentum_step(x, v, g, lr, beta):\n    v = beta * v - lr * g\n    return x + v, v\n"
STUB = "def momentum_step(x, v, g, lr, beta):\n    x = ...\n    v = ...\n    return x, v\n"
UPHILL = RIGHT.replace("- lr", "+ lr")
INPUT = np.array([1.0, 2.0]), np.array([0.5, 0.0]), np.array([1.0, -1.0]), 0.1, 0.9


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """A learner who has done nothing, and little patience."""
    monkeypatch.setenv("COURSE_LIB_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COURSE_LIB_WORKSHEETS", str(tmp_path))
    monkeypatch.setattr(store, "_waiting", [])
    monkeypatch.setattr(store, "_said", set())
    monkeypatch.setattr(turns, "calling_here", functools.partial(calling_here, seconds=0.3))
    monkeypatch.setattr(turns, "watched", Watch(0.3))


def defined(source, name="momentum_step"):
    space = {"np": np}
    exec(source, space)
    return space[name]


def told(capsys, call, *args):
    """What a call prints."""
    capsys.readouterr()
    call(*args)
    shown = capsys.readouterr()
    assert shown.err == ""
    return shown.out


# -------------------------------------------------------------------------------------------------- check


def test_a_right_answer_is_right_and_recorded(capsys):
    """Broken: the learner who has it is not told."""
    assert told(capsys, check, defined(RIGHT)).startswith("✓ One step of the heavy ball: Right.")
    assert store.history("check", ID) == ["right"]


def test_a_wrong_answer_is_named_shown_and_recorded(capsys):
    """Broken: "wrong" without which mistake it is, or without an example."""
    text = told(capsys, check, defined(UPHILL))
    for part in ("✗", "not yet", "uphill", "given", "your answer", "expected", f'hint("{ID}")'):
        assert part in text
    assert store.history("check", ID) == ["wrong"]


def test_a_right_answer_that_changes_its_input_is_not_clean(capsys):
    """Broken: aliasing passes, and bites two lessons later."""
    source = "def momentum_step(x, v, g, lr, beta):\n    v *= beta\n    v -= lr * g\n    x += v\n    return x, v\n"
    text = told(capsys, check, defined(source))
    assert text.startswith("✗") and "right, but" in text and "modifies its argument" in text
    assert store.history("check", ID) == ["flawed"]


def test_an_error_shows_the_learners_own_line(capsys):
    """Broken: a traceback through our machinery."""

    def momentum_step(x, v, g, lr, beta):
        return x + v.nonsense, v

    text = told(capsys, check, momentum_step)
    assert "return x + v.nonsense, v" in text and "AttributeError" in text
    assert "calling.py" not in text and "Traceback" not in text
    assert store.history("check", ID) == ["error"]


def test_an_endless_loop_ends(capsys):
    """Broken: the notebook hangs."""
    text = told(capsys, check, defined("def momentum_step(x, v, g, lr, beta):\n    while True:\n        pass\n"))
    assert "did not end in time" in text


def test_the_stub_is_not_attempted_and_not_recorded(capsys):
    """Broken: opening a worksheet and running it counts as failing."""
    assert told(capsys, check, defined(STUB)).startswith("○ One step of the heavy ball: not attempted")
    assert store.history("check", ID) == []


def test_a_misspelled_name_is_answered_with_the_nearest(capsys):
    """Broken: whoever renames the function searches for the fault in the maths."""

    def momentum_stepp(x, v, g, lr, beta):
        return x, v

    text = told(capsys, check, momentum_stepp)
    assert "`momentum_stepp`" in text and "momentum_step." in text and "Keep the name" in text


class Momentum:
    """No exercise asks for it."""


def test_a_class_in_the_place_of_the_function_is_wrong(capsys):
    """Broken: an exception from inside."""
    assert told(capsys, check, type("momentum_step", (), {})).startswith("✗")


@pytest.mark.parametrize("thing", [lambda x: x, Momentum, Momentum(), functools.partial(max), 3, None, "momentum.step",
                                   np.ones(3), (1, 2)], ids=lambda thing: type(thing).__name__)  # fmt: skip
def test_what_is_no_function_of_an_exercise_gets_one_card(thing, capsys):
    """Broken: `check(momentum_step(...))` or `check("momentum.step")` ends in an exception."""
    text = told(capsys, check, thing)
    assert text.count("✗") == 1 and "Traceback" not in text
    assert store.history("check", ID) == []


def test_a_decorated_function_is_examined_by_its_name(capsys):
    """Broken: `@functools.cache`-like helpers keep a right answer from being found."""
    inner = defined(RIGHT)

    @functools.wraps(inner)
    def wrapper(*args):
        return inner(*args)

    assert told(capsys, check, wrapper).startswith("✓")


def test_ctrl_c_passes():
    """Broken: the stop button of the notebook is taken for a mistake of the learner."""

    def momentum_step(x, v, g, lr, beta):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(momentum_step)


def test_a_check_works_when_nothing_can_be_saved(tmp_path, monkeypatch, capsys):
    """Broken: a full disk takes the checks away."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_LIB_DATA", str(tmp_path / "file" / "data"))
    check(defined(RIGHT))
    assert "Right." in capsys.readouterr().out


# ------------------------------------------------------------------------------------------ hint, solution


def test_hints_come_one_by_one_and_the_last_stays(capsys):
    """Broken: the plainest hint comes first, or a fourth question raises."""
    texts = [told(capsys, hint, ID) for _ in range(4)]
    hints = exercises.get(ID).hints
    for i, text in enumerate(texts):
        assert [each in text for each in hints] == [k <= i for k in range(3)]
    assert [f"hint {i} of 3" in text for i, text in zip((1, 2, 3, 3), texts, strict=True)] == [True] * 4
    assert "Ask again" in texts[1] and "Ask again" not in texts[2] and "solution(" in texts[3]


def test_hints_are_counted_for_each_exercise_and_take_a_function(capsys):
    """Broken: hints for one exercise use up those of another."""
    hint(ID)
    assert "hint 1 of 3" in told(capsys, hint, "momentum.ema")
    assert "hint 2 of 3" in told(capsys, hint, defined(RIGHT))


def test_an_unknown_id_is_answered_with_the_nearest(capsys):
    """Broken: a KeyError, or the names of sixty exercises."""
    for ask in (hint, solution):
        text = told(capsys, ask, "momentum.stp")
        assert text.startswith("✗") and "momentum.step" in text and "gradient_descent" not in text


def test_the_solution_comes_when_asked_twice(capsys):
    """Broken: one impatient call spoils the exercise, or the answer can't be had at all."""
    first, second = told(capsys, solution, ID), told(capsys, solution, ID)
    assert "beta * v" not in first and "once more" in first and exercises.get(ID).hints[0] in first
    assert "v = beta * v - lr * g" in second


def test_the_solution_comes_after_an_attempt(capsys):
    """Broken: whoever tried is sent away."""
    check(defined(UPHILL))
    assert "v = beta * v - lr * g" in told(capsys, solution, ID)


@pytest.mark.parametrize("exercise", exercises.all_exercises(), ids=lambda exercise: exercise.id)
def test_a_solution_is_the_reference_alone(exercise):
    """Broken: the learner sees hints and zoo in the declaration, or code that does not run."""
    source = turns.source_of(exercise)
    assert source.startswith(f"def {exercise.name}(") and "@" not in source.split("\n")[0]
    compile(source, "solution", "exec")


# ---------------------------------------------------------------------------------------------- your turn


def worksheet(folder, *cells, stem="05_momentum"):
    """Save a worksheet of these code cells."""
    cells = [{"cell_type": "code", "source": c, "metadata": {}, "outputs": [], "execution_count": None} for c in cells]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = folder / f"{stem}.ipynb"
    path.write_text(json.dumps(book), encoding="utf-8")
    return path


def turn(capsys, id=ID):
    """The function that goes on, and what was shown."""
    capsys.readouterr()
    function = your_turn(id)
    shown = capsys.readouterr()
    assert shown.err == ""
    return function, shown.out


def is_reference(function):
    return function is exercises.get(ID).reference


def agrees(function):
    return all(map(np.allclose, function(*INPUT), exercises.get(ID).reference(*INPUT)))


def test_a_right_worksheet_goes_on_with_the_learners_function(tmp_path, capsys):
    """Broken: the learner builds it and the lesson draws with somebody else's."""
    worksheet(tmp_path, "import numpy as np\nSIGN = -1", RIGHT.replace("- lr", "+ SIGN * lr"), "1 / 0")
    function, text = turn(capsys)
    assert not is_reference(function) and agrees(function)
    assert "Your `momentum_step` is right: what follows is drawn with it." in text and text.startswith("✓")
    assert "def momentum_step(x, v, g, lr, beta):" in text and "exercises/05_momentum.ipynb" in text


UNREADY = {
    "untouched": (STUB, "○", "dots"),
    "wrong": (UPHILL, "✗", "uphill"),
    "crash": (RIGHT.replace("return x", "return y"), "✗", "NameError"),
    "flawed": ("def momentum_step(x, v, g, lr, beta):\n v *= beta\n v -= lr * g\n return x + v, v", "✗", "modifies"),
    "no such function": ("x = 1", "○", "defines no function momentum_step"),
    "no Python": ("def momentum_step(x, v, g, lr, beta)\n    return x, v", "✗", "no valid Python"),
    "exit": (RIGHT.replace("    v =", "    raise SystemExit\n    v ="), "✗", "SystemExit"),
}


@pytest.mark.parametrize("source, sign, words", UNREADY.values(), ids=UNREADY)
def test_what_is_not_right_goes_on_with_the_reference_and_says_why(source, sign, words, tmp_path, capsys):
    """Broken: the lesson breaks, or draws with a wrong function, or keeps silent about it."""
    worksheet(tmp_path, source)
    function, text = turn(capsys)
    assert is_reference(function)
    assert text.startswith(sign) and words in text and "drawn with the reference" in text
    assert "drawn with it" not in text


def test_an_endless_loop_in_the_worksheet_ends(tmp_path, capsys):
    """Broken: the lesson hangs before it begins."""
    worksheet(tmp_path, "def momentum_step(x, v, g, lr, beta):\n    while True:\n        pass\n")
    function, text = turn(capsys)
    assert is_reference(function) and "did not end in time" in text


@pytest.mark.parametrize("data", [b"", b"{\"cells\": [", b"\xff\xfe\x00", b"[]"], ids=repr)
def test_a_corrupt_worksheet_is_said(data, tmp_path, capsys):
    """Broken: a file that was cut short breaks the lesson."""
    (tmp_path / "05_momentum.ipynb").write_bytes(data)
    function, text = turn(capsys)
    assert is_reference(function) and text.startswith("✗") and "drawn with the reference" in text


def test_a_missing_worksheet_is_said(tmp_path, capsys):
    """Broken: whoever opens only the lessons gets an exception."""
    function, text = turn(capsys)
    assert is_reference(function) and text.startswith("○") and "no worksheet" in text


def test_a_worksheet_that_cannot_be_tested_is_said(tmp_path, monkeypatch, capsys):
    """Broken: where no process can be started, the lesson breaks."""
    from course_lib.grading import grade, launch

    def examine_file(path, exercise):
        raise launch.SandboxError("no process can be started.")

    monkeypatch.setattr(grade, "examine_file", examine_file)
    worksheet(tmp_path, RIGHT)
    function, text = turn(capsys)
    assert is_reference(function) and "no process can be started" in text


def test_what_acts_in_a_worksheet_does_not_act_in_the_lesson(tmp_path, capsys):
    """Broken: a worksheet that prints, plots or writes files does so in the lesson again."""
    mark = tmp_path / "acted"
    acts = f"import pathlib\npathlib.Path({str(mark)!r}).touch()\nprint('hello')"
    worksheet(tmp_path, RIGHT.replace("    v", "    print(x)\n    v", 1))
    function, _ = turn(capsys)
    worksheet(tmp_path, acts, RIGHT)
    turns.own_function(tmp_path / "05_momentum.ipynb", exercises.get(ID))
    assert agrees(function) and not is_reference(function)
    assert capsys.readouterr().out == "" and not mark.exists()


# --------------------------------------------------------------------------- the learner's function, later on


def own(tmp_path, body):
    """The guarded function of a worksheet that was found right: ``body`` runs first."""
    source = RIGHT.replace("    v =", f"    {body}\n    v =", 1)
    return turns.own_function(worksheet(tmp_path, source), exercises.get(ID))


LATER = {
    "raise ValueError('later')": "stopped with ValueError: later",
    "raise SystemExit": "stopped with SystemExit",
    "while True: pass": "did not come to an end",
}


@pytest.mark.parametrize("body, words", LATER.items(), ids=LATER)
def test_what_fails_later_is_said_once_and_the_reference_takes_over(body, words, tmp_path, capsys):
    """Broken: a function that passes the tests and fails on other input hangs or breaks the lesson."""
    function = own(tmp_path, body)
    assert all(agrees(function) for _ in range(3))
    assert capsys.readouterr().out.count(words) == 1


def test_a_bare_except_does_not_keep_a_loop_alive(tmp_path, capsys):
    """Broken: `try: ... except: pass` in a loop swallows the interruption, and the lesson hangs."""
    loop = "caught = 0\n    while True:\n        try:\n            while True: pass\n        except:\n            " \
           "caught += 1\n            if caught == 3: raise"  # fmt: skip
    assert agrees(own(tmp_path, loop))
    assert "did not come to an end" in capsys.readouterr().out


def test_ctrl_c_passes_through_the_learners_function(tmp_path, capsys):
    """Broken: the stop button only switches to the reference."""
    function = own(tmp_path, "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        function(*INPUT)
    assert capsys.readouterr().out == ""


def test_a_watched_call_returns_and_raises_as_if_it_were_not_watched():
    """Broken: the watch changes what a function does."""
    watch = Watch(0.2)
    assert watch(lambda a, b=0: (a, b), 1, b=2) == (1, 2)
    with pytest.raises(ZeroDivisionError):
        watch(lambda: 1 / 0)
    assert watch(lambda: watch(lambda: 3)) == 3
    assert watch.ends == {}


def test_the_watch_interrupts_each_loop_and_nothing_after_it():
    """Broken: a late interruption hits the lesson's own code."""
    watch = Watch(0.1)

    def endless():
        while True:
            pass

    def just_too_long():
        end = time.perf_counter() + 0.13
        while time.perf_counter() < end:
            pass

    with pytest.raises(TimeUp):
        watch(lambda: watch(endless))
    for _ in range(5):
        with contextlib.suppress(TimeUp):
            watch(just_too_long)
        sum(range(10_000))
    assert watch.ends == {}


def test_an_interruption_at_the_very_end_leaves_no_watch_behind(monkeypatch):
    """Broken: the lesson is interrupted again and again, long after the learner's function returned."""
    watch = Watch(5)
    leave, arrivals = watch._leave, iter([True])

    def entered(*args):
        if next(arrivals, False):
            raise TimeUp
        leave(*args)

    monkeypatch.setattr(watch, "_leave", entered)
    with pytest.raises(TimeUp):
        watch(abs, 1)
    assert watch.ends == {}


def test_a_call_inside_a_watched_call_does_not_end_the_watch():
    """Broken: a learner's function that calls another one may loop forever."""
    watch, end = Watch(0.1), time.perf_counter() + 5

    def calls_and_loops():
        watch(abs, 1)
        while time.perf_counter() < end:
            pass

    with pytest.raises(TimeUp):
        watch(calls_and_loops)


def test_one_thread_watches_all_calls():
    """Broken: a thread for each call makes sliders slow."""
    watch = Watch(5)
    watch(abs, 1)
    thread = watch.thread
    for _ in range(100):
        watch(abs, 1)
    assert watch.thread is thread and thread.daemon


# ------------------------------------------------------------------------------------------------ progress


def test_progress_counts_what_was_right_once_and_the_last_answers(capsys):
    """Broken: trying on after a success takes it back, or a corrected quiz answer does not count."""
    for value in ("wrong", "right", "error"):
        store.record("check", ID, value)
    store.record("check", "momentum.ema", "flawed")
    for value in (False, True):
        store.record("quiz", "05.1", value)
    row = next(line for line in told(capsys, progress).splitlines() if "Momentum and Nesterov" in line)
    assert row.split()[-6:] == ["1", "of", str(len(exercises.of_lesson("05"))), "1", "of", "6"]


# ----------------------------------------------------------------------------------------- in a real kernel


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A kernel as JupyterLab starts it."""
    folder = tmp_path_factory.mktemp("kernel")
    environment = os.environ | {
        "COURSE_LIB_DATA": str(folder), "COURSE_LIB_WORKSHEETS": str(folder), "PYTHONPATH": str(ROOT),
        "IPYTHONDIR": str(folder / "ipython"),
    }  # fmt: skip
    manager = KernelManager()
    manager.kernel_spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    manager.start_kernel(env=environment, cwd=str(folder))
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def outputs(kernel, code):
    """The bundles that a cell displays; an error or a word on stderr fails the test."""
    asked, shown = kernel.execute(code), []
    while True:
        try:
            message = kernel.get_iopub_msg(timeout=60)
        except queue.Empty:
            pytest.fail("The kernel does not answer.")
        if message["parent_header"].get("msg_id") != asked:
            continue
        kind, content = message["msg_type"], message["content"]
        assert kind != "error" and content.get("name") != "stderr", content
        if kind in ("display_data", "execute_result"):
            shown.append(content["data"])
        if kind == "status" and content["execution_state"] == "idle":
            return shown


def test_in_a_kernel_a_check_shows_a_card_with_the_learners_line(kernel):
    """Broken: in JupyterLab, unlike in a terminal, the line of the learner's cell is not found."""
    source = "def momentum_step(x, v, g, lr, beta):\n    w = v.nonsense  # here\n    return x + w, v\n"
    outputs(kernel, source)
    (card,) = outputs(kernel, "from course_lib.learner import check\ncheck(momentum_step)")
    assert "line 2: w = v.nonsense  # here" in card["text/plain"] and "w = v.nonsense" in card["text/html"]
    outputs(kernel, RIGHT)
    (card,) = outputs(kernel, "check(momentum_step)")
    assert card["text/html"].startswith("<div") and "Right." in card["text/html"]


def test_in_a_kernel_an_endless_loop_ends_and_the_kernel_lives(kernel):
    """Broken: the cell of a check hangs, and takes the notebook with it."""
    outputs(kernel, "def momentum_step(x, v, g, lr, beta):\n    while True: pass")
    (card,) = outputs(kernel, "check(momentum_step)")
    assert "did not end in time" in card["text/plain"]
    assert [bundle["text/plain"] for bundle in outputs(kernel, "1 + 1")] == ["2"]


def test_in_a_kernel_questions_and_quiz_are_widgets_with_a_still_form(kernel):
    """Broken: no widget in JupyterLab, or nothing where no widget runs."""
    ask = 'from course_lib.learner import predict, quiz\npredict("05.x", "Which?", ("`one`", "two"))\nquiz("05")'
    for bundle in outputs(kernel, ask):
        assert "application/vnd.jupyter.widget-view+json" in bundle
        assert re.search("Which|Quiz", bundle["text/html"]) and re.search("Which|Quiz", bundle["text/plain"])
