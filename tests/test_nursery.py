"""The process that all warm processes are forked from: shared, replaced when it is gone, and never left behind."""

import gc
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from demo_submissions import notebook
from processes import alive, all_gone

from course_lib.calling import Case
from course_lib.grading import garbage, nursery, start, watch
from course_lib.grading.channel import Channel
from course_lib.grading.launch import SandboxError, Warm, can_fork
from course_lib.grading.notebook import Cell
from course_lib.grading.sandbox import Sandbox

pytestmark = pytest.mark.skipif(not can_fork() or not sys.platform.startswith("linux"), reason="looks into /proc")
ROOT = Path(__file__).parents[1]
DOUBLE = [Cell(1, "def double(x):\n    return 2 * x")]


def answer(sandbox):
    """What a function says in a fresh process of a sandbox."""
    with sandbox.open(DOUBLE) as session:
        return session.ask("double", [Case({"x": 21.0}, "")])[0].value


def parent(pid):
    """The number of a process's parent; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def test_sandboxes_share_one():
    """NumPy would be loaded once for each worker, which takes longer than to grade five submissions."""
    with Sandbox() as one, Sandbox() as two:
        assert answer(one) == answer(two) == 42
        shared = nursery._running[0].process.pid
        assert parent(one.launcher.process.pid) == parent(two.launcher.process.pid) == shared


def test_a_fork_shares_it_and_leaves_it_alone():
    """Each worker would load NumPy again, or end the nursery of the others when it ends."""
    with Sandbox() as here:
        assert answer(here) == 42
        shared = nursery._running[0].process.pid
        pid = os.fork()
        if not pid:
            try:
                with Sandbox() as there:
                    fine = answer(there) == 42 and parent(there.launcher.process.pid) == shared
                nursery._running[0].close()
                os._exit(0 if fine else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert alive(shared)
    with Sandbox() as another:
        assert answer(another) == 42 and parent(another.launcher.process.pid) == shared


def test_one_that_is_gone_is_replaced():
    """A nursery that the system has killed would take all later grading with it, or what it had forked."""
    with Sandbox() as before:
        assert answer(before) == 42
        killed = nursery._running[0].process
        killed.kill()
        killed.wait()
        with Sandbox() as after:
            assert answer(after) == 42
            assert parent(after.launcher.process.pid) == nursery._running[0].process.pid != killed.pid
        assert answer(before) == 42


@pytest.mark.parametrize("refused", [{}, {"landlock": "Function not implemented"}])
def test_the_first_words_are_a_frame(refused):
    """The scorer would take the first thing that it hears for a forgery."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(nursery.told(["limits", "user"], refused, 12))
        assert Channel(ours).receive(1) == {"force": ["limits", "user"], "refused": refused, "pid": 12}


def test_what_does_not_come_up_says_why(tmp_path):
    """A scorer would wait for a minute, and say nothing."""
    with pytest.raises(SandboxError, match=r"does not start: .*No such file"):
        Warm(tmp_path / "nowhere").await_ready()


def test_one_that_does_not_end_is_ended(tmp_path):
    """A warm process that hangs would be left behind, or hold up the end of the run for ever."""
    launcher = Warm(tmp_path)
    launcher.await_ready()
    keeper = launcher.process.pid
    (warm,) = watch.children(keeper) or (keeper,)
    os.kill(warm, signal.SIGSTOP)
    launcher.close()
    assert all_gone([keeper, warm]) and launcher.process is None


ALONE = """
import time
from course_lib.grading import nursery
from course_lib.grading.sandbox import Sandbox
sandbox = Sandbox()
sandbox.launcher.await_ready()
print(nursery._running[0].process.pid, sandbox.launcher.process.pid, flush=True)
"""


@pytest.mark.parametrize("ending", ["", "time.sleep(600)"], ids=["by itself", "killed"])
def test_it_ends_with_its_starter(ending):
    """Each run would leave a process with NumPy behind."""
    with subprocess.Popen([sys.executable, "-c", ALONE + ending], stdout=subprocess.PIPE, text=True) as scorer:
        pids = list(map(int, scorer.stdout.readline().split()))
        if ending:
            scorer.kill()
    assert len(pids) == 2 and all_gone(pids)


ASKING = """
import time
from course_lib.grading import nursery
nursery.begin()
print(nursery.inquiry()[0].name, flush=True)
time.sleep(600)
"""


def test_a_starter_that_is_killed_early_leaves_no_folder():
    """What finds out about isolation stands in a folder that nobody else would remove: one for each run that fails."""
    with subprocess.Popen([sys.executable, "-c", ASKING], stdout=subprocess.PIPE, text=True) as starter:
        folder = Path(starter.stdout.readline().strip())
        starter.kill()
    until = time.monotonic() + 20
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert folder.name.startswith(nursery.PREFIX) and not folder.exists()


WAITING = """
import os, signal
from course_lib.grading import nursery
from course_lib.grading.sandbox import Sandbox
sandbox = Sandbox()
sandbox.launcher.await_ready()
keeper, shared = sandbox.launcher.process.pid, nursery._running[0]
os.kill(keeper, signal.SIGSTOP)
sandbox.leave()
shared.sock.close()
print(nursery.ends(shared.process, 0.3))
os.kill(keeper, signal.SIGCONT)
print(nursery.ends(shared.process, 10), os.path.exists(sandbox.folder))
"""


def test_it_ends_when_all_that_it_forked_has_ended():
    """Whoever waits for it would believe that nothing is left."""
    done = subprocess.run([sys.executable, "-c", WAITING], capture_output=True, text=True)
    assert done.stdout.split() == ["False", "True", "False"], done.stderr


@pytest.mark.parametrize("writing", [True, False])
def test_bytecode_is_kept_where_python_keeps_it(writing, monkeypatch):
    """The modules that only a nursery loads would be compiled by each; or written where nobody wants it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", not writing)
    assert ("PYTHONDONTWRITEBYTECODE" in start.environment()) != writing


def test_all_is_over_when_a_command_ends(tmp_path):
    """What follows at once, such as the next run, would meet processes and folders of the last."""
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / "05_momentum.ipynb").write_text(notebook("x = 1"))
    (tmp_path / "temporary").mkdir()
    command = [sys.executable, "-m", "course_lib", "grade", "in", "--out", "out", "--jobs", "2"]
    env = os.environ | {"TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert list((tmp_path / "temporary").iterdir()) == []
    assert (done.returncode, done.stderr) == (0, "") and "1 of 1 submissions graded" in done.stdout


@pytest.mark.parametrize("stdout, code", [(os.devnull, 3), ("/dev/full", 3), ("/dev/full", 0)])
def test_the_exit_code_of_a_command_is_its_own(stdout, code):
    """A script would go on after a failure, or believe that all was written where the disk is full."""
    command = f"import course_lib.__main__ as m; m.main = lambda: print('said') or {code}; m.run()"
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with open(stdout, "w") as output:
        done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, env=env, stdout=output, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (code or 1, b"")


@pytest.mark.parametrize("looking", [True, False])
def test_garbage_is_looked_for_again(looking):
    """A long run would keep all that it drops, or start to look where somebody has forbidden it."""
    (gc.enable if looking else gc.disable)()
    try:
        with pytest.raises(KeyError), garbage.none():
            assert not gc.isenabled()
            raise KeyError
        assert gc.isenabled() == looking
    finally:
        gc.enable()


def test_a_run_has_one_thread_of_blas_a_process():
    """Two workers would wait for each other's threads; or a choice of the user's would be overruled."""
    code = "import os; from course_lib.grading import nursery as n; n.begin(); print(*map(os.getenv, n.THREADS))"
    env = {name: value for name, value in os.environ.items() if name not in start.THREADS} | {"OMP_NUM_THREADS": "3"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "1", "1", "1"]
