"""The confined process: nothing that runs in it reaches another exercise, another student or the scorer."""

import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from processes import alive

from course_lib import exercises, wire
from course_lib.calling import Case, Failure, Given, Outcome
from course_lib.checking import RIGHT, examine
from course_lib.grading import broom, channel, watch
from course_lib.grading import sandbox as scorer
from course_lib.grading.confine import Limits
from course_lib.grading.launch import can_fork
from course_lib.grading.notebook import Cell
from course_lib.grading.sandbox import Sandbox

SHORT = Limits(seconds=3.0, patience=1.0, cell=3.0, cells=12.0, memory=300_000_000)
LINUX = sys.platform == "linux"
SUM = "def total(x):\n    return x.sum()\n"
FINE = "import numpy as np\ndef fine(x):\n    return x + 1\n"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(SHORT) as made:
        yield made
    assert made.launcher.process is None, "a process is left running"
    assert not Path(made.folder).exists(), "files are left behind"


def inhabitants(pid):
    """The processes below one, as /proc tells; of a sandbox that rests that is the warm one, if it has a keeper."""
    return set(watch.descendants(pid)) if LINUX else set()


def cells(*sources):
    return tuple(Cell(n, source) for n, source in enumerate(sources, 1))


def ask(session, name, x=1.0):
    """The last outcome of a function of one array."""
    return session.ask(name, [Case({"x": np.array([x, 2.0])}, "two numbers")])[-1]


@pytest.mark.parametrize("warm", [True, False] if can_fork() else [False])
@pytest.mark.parametrize("used", [True, False])
def test_whoever_leaves_without_waiting_leaves_nothing(warm, used):
    """Each worker that ends would leave a folder."""
    made = Sandbox(SHORT, warm=warm)
    if used:
        with made.open(cells(SUM)) as session:
            assert ask(session, "total").value == 3.0
    made.leave()
    until = time.monotonic() + 10
    while Path(made.folder).exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not Path(made.folder).exists()


# ------------------------------------------------------------------------------------------- an honest submission


@pytest.mark.parametrize("warm", [True, False] if can_fork() else [False])
def test_an_answer_comes_back(warm):
    """Both ways to start a process, forked and fresh, must give the same outcomes; Windows has only the second."""
    with Sandbox(SHORT, warm=warm) as sandbox, sandbox.open(cells("%pylab\n!ls", SUM)) as session:
        assert {"total"} <= session.names and session.failures == {}
        assert ask(session, "total").value == 3.0
        verdict = examine(exercises.get("momentum.step"), session.call("momentum_step"))
        assert verdict.status == "error"  # it is not defined, and that is an answer too
    assert not Path(sandbox.folder).exists()


def test_what_helps_the_learner_is_there_and_silent(sandbox):
    """A check, a hint or a display in the worksheet would stop its cell, and cost what comes after it."""
    calls = "from course_lib.learner import *\nfrom course_lib import learner, plots\nimport IPython.display as d\n"
    calls += "check(print); hint('a'); quiz('05'); plots.path(1, 2).show(); display(3); d.HTML('x')\n" + SUM
    with sandbox.open(cells(calls)) as session:
        assert session.failures == {} and ask(session, "total").value == 3.0


def test_problems_can_be_used(sandbox):
    """An exercise may well ask for the minimum of a surface of the course."""
    code = "from course_lib import problems\nfrom course_lib.problems import Rosenbrock\n"
    with sandbox.open(cells(code + "def f(x):\n    return Rosenbrock()(x) + problems.bowl(1.0)(x) * 0\n")) as session:
        assert session.failures == {} and ask(session, "f").failure is None


def test_a_failed_cell_costs_what_it_defines_only(sandbox):
    """One slip would take down all exercises of a notebook."""
    with sandbox.open(cells("def f(x:", "1 / 0\ndef g(x): return 2", SUM, "raise SystemExit")) as session:
        assert {number: failure.kind for number, failure in session.failures.items()} == {
            1: "SyntaxError", 2: "ZeroDivisionError", 4: "SystemExit"}  # fmt: skip
        assert "g" not in session.names and ask(session, "total").value == 3.0
        assert session.failures[2].line == "1 / 0"


@pytest.mark.parametrize("deadly", ["while True: pass", "import os; os._exit(3)", "import os; os.kill(os.getpid(), 9)"])
def test_a_deadly_cell_still_defines_its_functions(sandbox, deadly):
    """An experiment below a right function that never ends, or ends the process, would cost all exercises."""
    with sandbox.open(cells(FINE, f"{SUM}{deadly}\n")) as session:
        assert ask(session, "fine").failure is None and ask(session, "total").value == 3.0
        ignored = "kill" in deadly and "namespaces" in sandbox.isolation  # the first process of a world is immune
        assert ignored or session.failures[2].kind in ("TimeUp", "ProcessEnded")


def test_cells_that_never_end_do_not_take_for_ever():
    """A notebook of a hundred endless cells would hold up the class for minutes."""
    with Sandbox(Limits(cell=0.3, cells=1.0)) as sandbox, sandbox.open(cells(*["while True: pass"] * 100)) as session:
        assert ask(session, "total").failure.kind == "TimeUp"


def test_cells_that_take_long_take_it_in_each_process():
    """A slow notebook would run in the first process, and lack the time in those that ask once more."""
    limits = Limits(cell=1.2, cells=2.4)
    slow = "import time\ntime.sleep(0.8)\n"
    with Sandbox(limits) as sandbox, sandbox.open(cells(slow, slow, SUM)) as session:
        for _ in range(3):
            assert ask(session, "total").value == 3.0
            session.renew()


def test_a_function_that_ends_processes_takes_no_time_from_an_answer_to_be_repeated():
    """An honest answer would fail the second time, as the cells had run too often for somebody else."""
    code = "import time\ntime.sleep(0.6)\ndraw = lambda rng: rng.random()\ndef bad(x): import os; os._exit(0)\n"
    asked = [Case({"times": 2, "rng": Given("rng", {"seed": 0})}, "two draws", probe="replay")]
    with Sandbox(Limits(cell=1.2, cells=1.6)) as sandbox, sandbox.open(cells(code)) as session:
        outcomes = session.first("draw", asked)
        session.renew()
        for _ in range(3):
            assert ask(session, "bad").failure
        (outcome,) = session.again("draw", asked, outcomes)
        assert outcome.failure is None and outcome.value[0] == outcome.value[1]


# ------------------------------------------------------------------------------------ all answers in one message

PURE = """import numpy as np
def f(x):
    if x[0] == 1:
        return x / 0
    if x[0] == 2:
        return np.ones(400_000)
    if x[0] == 3:
        return np.ones(10**12)
    if x[0] == 4:
        return [x][2]
    while x[0] == 5:
        pass
    return x + 1
"""


def told(outcomes):
    """What is the same each time: not how long it took, nor the words of an error of memory."""
    return [(plainly(one.value), one.failure and one.failure.kind, one.warned) for one in outcomes]


def plainly(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


def asked_of(sandbox, code, numbers):
    """(the outcomes of `f` for arrays that begin with these numbers, how many messages brought them)."""
    messages = []
    with sandbox.open(cells(code)) as session:
        session.start()
        receive = session._channel.receive
        session._channel.receive = lambda *args: messages.append(1) or receive(*args)
        return told(session.ask("f", [Case({"x": np.array([n, 7.0])}, "two numbers") for n in numbers])), len(messages)


@pytest.mark.parametrize("numbers", [[0, 0, 0], [0, 1, 0], [0, 4, 0], [2, 0, 0], [2, 2, 2], [0, 3, 0], [0, 5, 0], [5]])
def test_all_at_once_is_as_one_by_one(sandbox, numbers):
    """A mark would depend on whether a cell is proved to forget: with trouble, what came before it would be lost."""
    once, messages = asked_of(sandbox, PURE, numbers)
    assert once == asked_of(sandbox, f"{PURE}SEEN = []\n", numbers)[0]
    assert messages == 1, "nothing was asked at once"


def test_what_may_remember_is_asked_one_by_one(sandbox):
    """It would notice that it is asked again, and an answer would be lost when the next one ends the process."""
    assert asked_of(sandbox, f"{PURE}SEEN = []\n", [0, 1, 4])[1] == 3


@pytest.mark.parametrize("message", [None, [], ["a text"], [Outcome(1.0)], [Outcome(1.0)] * 3, Outcome(1.0),
                                     [Outcome(1.0), Outcome(failure=Failure("MemoryError", ""))], channel.Late()])
def test_anything_but_all_answers_is_asked_for_again(sandbox, message):  # fmt: skip
    """An answer that is missing would count as none, and one that lacked memory as wrong."""
    asked = [Case({"x": np.array([n, 7.0])}, "two numbers") for n in (0, 0)]

    class Line:
        taken, send, close = 0, staticmethod(lambda *_: None), staticmethod(lambda: None)

        def receive(self, *_):
            if isinstance(message, Exception):
                raise message
            return message

    with sandbox.open(cells(PURE)) as session:
        session.start()
        session._channel.close()
        session._channel = Line()
        assert session._at_once("f", asked, 1.0) is None
        assert [one.value.tolist() for one in session.ask("f", asked)] == [[1, 8]] * 2


def test_a_slow_answer_has_all_its_time(monkeypatch):
    """Who is not done in the short time for all at once would have lost."""
    monkeypatch.setattr(scorer, "AT_ONCE", 0.05)
    code = "def f(x):\n    y = 0.0\n    for n in range(3_000_000):\n        y = y + x[0]\n    return y\n"
    with Sandbox(SHORT) as sandbox:
        (value, failure, _), = asked_of(sandbox, code, [1])[0]  # fmt: skip
        assert failure is None and value == 3_000_000


# --------------------------------------------------------------------------------------------------- hostile ones

HOSTILE = {
    "raises": "return y",
    "never ends": "while True: pass",
    "never ends and swallows": """while True:
        try:
            while True: pass
        except BaseException: pass""",
    "recurses": "return bad(x)",
    "recurses without limit": "import sys; sys.setrecursionlimit(10**9)\n    return bad(x)",
    "wants all memory": "return np.ones(10**12)",
    "wants more and more memory": "a = []\n    while True: a.append(bytearray(10**7))",
    "prints forever": "while True: print('x' * 10**5)",
    "prints to the descriptors": "import os\n    while True: os.write(1, b'x' * 10**5); os.write(2, b'x' * 10**5)",
    "ends its process": "import os; os._exit(0)",
    "exits": "raise SystemExit(0)",
    "interrupts": "raise KeyboardInterrupt",
    "kills itself": "import os; os.kill(os.getpid(), 9)",
    "kills its parent": "import os; os.kill(os.getppid(), 9); os._exit(0)",
    "writes into the protocol": """import os
    for fd in range(3, 128):
        try: os.write(fd, b'\\0\\0\\0\\5hello')
        except OSError: pass""",
    "begins a frame that never ends": """import os
    for fd in range(3, 128):
        try: os.write(fd, b'\\0\\0\\1\\0')
        except OSError: pass
    while True: pass""",
    "hangs up": "import os; os.closerange(3, 256)",
    "fills the disk": "open('big', 'wb').write(b'x' * 10**8)",
    "leaves a daemon": """import os, time
    if not os.fork():
        os.setsid()
        if not os.fork(): time.sleep(600)
        os._exit(0)
    return 7""",
    "leaves a thread": """import threading, time
    threading.Thread(target=time.sleep, args=(600,)).start()
    return 7""",
    "returns too much": "return np.zeros(10**6)",
    "returns an object that equals all": "return type('Same', (), {'__eq__': lambda *a: True, '__array__': x})()",
    "returns a list in itself": "a = []; a.append(a); return a",
    "returns a deep list": "a = []\n    for _ in range(900): a = [a]\n    return a",
    "raises what cannot be told": "raise type('E', (Exception,), {'__str__': lambda s: 1 / 0})()",
    "patches the machinery": "import course_lib.calling as c; c.Outcome.__post_init__ = c.plain = None; return 7",
}


@pytest.mark.skipif(not can_fork(), reason="these use what Windows does not have")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_function_costs_its_own_exercise_alone(sandbox, name):
    """Whatever one function does, the next one of the same notebook must get its full marks."""
    keeper = sandbox.isolation and sandbox.launcher.process.pid
    resting = inhabitants(keeper)
    with sandbox.open(cells(FINE, f"def bad(x):\n    {HOSTILE[name]}\n")) as session:
        outcome = ask(session, "bad")
        assert type(outcome) is Outcome
        assert outcome.failure or not isinstance(outcome.value, np.ndarray)
        assert ask(session, "fine").value.tolist() == [2.0, 3.0]
    assert inhabitants(keeper) == resting or sandbox.launcher.process.pid != keeper, "it left a process running"
    assert os.listdir(sandbox.folder) == [], "it left files behind"


LOOK = """
import gc, sys, types
def look(x):
    found = [name for name in sys.modules if name.startswith("course_lib.")]
    found += [str(o.__module__) for o in gc.get_objects() if isinstance(o, types.FunctionType)]
    return sorted({name for name in found if name.startswith("course_lib")})
def reach(x):
    import importlib
    reached = []
    for name in ("exercises", "exercises.momentum", "checking", "optimizers", "release", "grading.grade"):
        try:
            reached.append(importlib.import_module("course_lib." + name).__name__)
        except ImportError:
            pass
    return reached
def environment(x):
    import os
    return [f"{key}={value}" for key, value in os.environ.items()]
"""


def test_references_are_neither_loaded_nor_importable(sandbox):
    """Whoever can reach the reference hands it in."""
    with sandbox.open(cells(LOOK)) as session:
        loaded, reached = ask(session, "look").value, ask(session, "reach").value
    assert "course_lib.problems.surfaces" in loaded and reached == []
    assert not [name for name in loaded if name.split(".")[1] in ("exercises", "checking", "optimizers", "release")]


def test_the_environment_is_empty(sandbox, monkeypatch):
    """The scorer's variables may hold a token, and say where the other submissions are."""
    monkeypatch.setenv("SECRET_TOKEN", "12345")
    with Sandbox(SHORT) as fresh, fresh.open(cells(LOOK)) as session:
        assert not [line for line in ask(session, "environment").value if "12345" in line or "/work" in line]


def test_careless_use_of_the_global_generator_is_repeatable(sandbox):
    """A mark that changes from one grading to the next cannot be defended."""
    code = cells("import numpy as np, random\ndef draw(x):\n    return np.random.rand() + random.random()")
    values = []
    for _ in range(2):
        with sandbox.open(code) as session:
            values += [ask(session, "draw").value, ask(session, "draw").value]
    assert len(set(values)) == 1


def test_state_does_not_pass_to_the_next_submission(sandbox):
    """One student's patched NumPy would decide the next one's mark."""
    with sandbox.open(cells("import numpy as np\nnp.sum = np.add = None\nimport builtins\nbuiltins.len = None")):
        pass
    with sandbox.open(cells("import numpy as np\ndef f(x): return float(np.sum(x)) + len(x)")) as session:
        assert ask(session, "f").value == 5.0


LEFT_ALONE = """
import time
from course_lib.grading.notebook import Cell
from course_lib.grading.sandbox import Sandbox
sandbox = Sandbox()
session = sandbox.open([Cell(1, "x = 1")])
session.start()
print(sandbox.folder, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(not LINUX, reason="looks into /proc")
def test_a_scorer_that_is_killed_leaves_nothing_behind():
    """Kernels are killed every day: each would leave two processes and a folder."""
    scorer = subprocess.Popen([sys.executable, "-c", LEFT_ALONE], stdout=subprocess.PIPE, text=True)
    with scorer:
        folder = scorer.stdout.readline().strip()
        left = inhabitants(scorer.pid)
        assert len(left) >= 2 and Path(folder).exists()
        scorer.kill()
    for _ in range(100):
        if not Path(folder).exists() and not any(map(alive, left)):
            break
        time.sleep(0.1)
    assert not any(map(alive, left)) and not Path(folder).exists()


@pytest.mark.skipif(not LINUX, reason="opens folders")
def test_the_broom_reaches_every_corner(tmp_path):
    """A thousand folders in one another, or one without permissions, would stay, and stop the class."""
    kept, room = tmp_path / "kept", tmp_path / "room"
    kept.mkdir()
    (kept / "file").touch()
    (room / "closed" / "inner").mkdir(parents=True)
    (room / "link").symlink_to(kept)
    (room / "closed").chmod(0)
    here = os.open(room, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    broom.clear(room)
    assert not room.exists() and (kept / "file").exists()
    broom.clear(room)  # and what is gone already is no trouble


# ---------------------------------------------------------------------------------------------------- the channel


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield channel.Channel(ours), theirs


def frame(data):
    return struct.pack(">I", len(data)) + data


@pytest.mark.parametrize("data", [
    b"not json", b'{"record":["Outcome",{"seconds":"x"}]}', b'{"complex":[{"int":"' + b"9" * 400 + b'"},0]}',
    b"[" * 50_000,
    b'{"array":["<f8",[0,1000000000000000000000000],""]}', b'{"array":["O",[1],""]}', b"{}", b'{"record":["Popen",{}]}',
])  # fmt: skip
def test_a_forged_frame_is_refused(pair, data):
    """A frame that raises anything else in the scoring process would end the run of a class."""
    ours, theirs = pair
    theirs.sendall(frame(data))
    with pytest.raises(channel.Broken):
        ours.receive(5)


def test_a_frame_that_claims_too_much_is_not_waited_for(pair):
    """Four bytes would make the scorer set aside gigabytes."""
    ours, theirs = pair
    theirs.sendall(b"\xff\xff\xff\xff")
    with pytest.raises(channel.Broken):
        ours.receive(5)


def test_silence_and_hanging_up_are_told_apart(pair):
    """A time-out and a crash have different messages."""
    ours, theirs = pair
    theirs.sendall(b"\0\0")
    with pytest.raises(channel.Late):
        ours.receive(0.05)
    theirs.close()
    with pytest.raises(channel.Closed):
        ours.receive(5)


def test_what_is_sent_arrives(pair):
    """The plain path, so that the tests above do not pass for a channel that refuses all."""
    ours, theirs = pair
    ours.send({"x": np.arange(3.0), "n": 2**60})
    got = channel.Channel(theirs).receive(5)
    assert got["x"].tolist() == [0, 1, 2] and got["n"] == 2**60
    with pytest.raises(wire.WireError):
        ours.send(np.zeros(10**6))


def test_right_is_right_in_the_sandbox_for_every_reference_case(sandbox):
    """Cases, probes and watched functions must survive the way there and back, or right answers fail."""
    from demo_submissions import solved

    asked = [one for one in exercises.all_exercises() if one.lesson == "05"]
    with sandbox.open(cells("import numpy as np", *map(solved, asked))) as session:
        assert {one.id: examine(one, session.call(one.name), "any").status for one in asked} == {
            one.id: RIGHT for one in asked}  # fmt: skip
