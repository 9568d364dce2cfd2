"""The layers around a submission, one by one: what it cannot reach, what it can still use, what is left behind."""

import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from demo_submissions import solved
from processes import all_gone

from course_lib import exercises
from course_lib.__main__ import main
from course_lib.calling import Case
from course_lib.checking import examine
from course_lib.grading import confine, keeper, launch, namespaces, plan, seccomp, start, view, watch
from course_lib.grading.confine import Limits
from course_lib.grading.notebook import Cell
from course_lib.grading.sandbox import Sandbox

REPO = Path(__file__).parents[1]
LINUX = sys.platform == "linux"
OFFERED = launch.offered() if LINUX else ()
SMALL = Limits(memory=400_000_000, disk=8_000_000, file=6_000_000, processes=16)
pytestmark = pytest.mark.skipif(not LINUX, reason="these layers are Linux's")

PROBES = """
import ctypes, importlib, mmap, os, resource, signal, socket, subprocess, sys, tempfile, threading, time

def tried(action, *args):
    try:
        return str(action(*args))
    except BaseException as error:
        return "refused: " + type(error).__name__

def read(path): return tried(lambda: open(path, "rb").read(20))
def names(path): return tried(os.listdir, path)
def there(path): return os.path.exists(path)
def write(path): return tried(lambda: open(path, "w").write("x"))
def chmod(path): return tried(os.chmod, path, 0)
def touch(path): return tried(os.utime, path, (1, 1))
def truncate(path): return tried(os.truncate, path, 0)
def remove(path): return tried(os.remove, path)
def rename(path): return tried(os.rename, path, "mine")
def connect(kind): return tried(lambda: socket.socket(kind, socket.SOCK_STREAM))
def abstract(name): return tried(lambda: socket.socket(1, 1).connect(name))
def pair(x):
    a, b = socket.socketpair()
    a.send(b"hello")
    return b.recv(5).decode()
def bound(x): return [ctypes.CDLL(None).prctl(23, number, 0, 0, 0) for number in range(8)]
def homes(x): return [os.getcwd(), tempfile.gettempdir(), *(os.environ[name] for name in ("HOME", "TMPDIR", "TEMP"))]
def user(x): return [os.getuid(), os.geteuid(), os.getgid(), os.getegid(), *os.getgroups()]
def back(x): return tried(os.setuid, 0)
def limit(pid): return tried(resource.prlimit, pid, resource.RLIMIT_NOFILE, (20, 20))
def urgency(pid): return tried(os.setpriority, os.PRIO_PROCESS, pid, 19)
def processors(pid): return tried(os.sched_setaffinity, pid, {0})
def signals(pid): return tried(os.kill, pid, 0)
def neighbors(most):
    own = [os.getpid(), *(thread.native_id for thread in threading.enumerate())]
    return [pid for pid in range(1, most) if pid not in own and "refused" not in signals(pid)]
def environment(x): return sorted(os.environ)
def imports(name): return tried(lambda: importlib.import_module(name).__name__)
def descriptors(x): return [fd for fd in range(1024) if "refused" not in tried(os.fstat, fd)]
def call(numbers):
    libc = ctypes.CDLL(None, use_errno=True)
    found = []
    for number in numbers:
        result = libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0, 0)
        found.append(ctypes.get_errno() if result == -1 else 0)
    return found
def clone(flags):
    libc = ctypes.CDLL(None, use_errno=True)
    pid = libc.syscall(ctypes.c_long(220 if os.uname().machine == "aarch64" else 56), flags | 17, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    return ctypes.get_errno() if pid == -1 else 0
def fill(size):
    written = 0
    try:
        for number in range(100):
            with open(f"part{number}", "wb") as file:
                written += file.write(b"x" * size)
                file.flush()
                os.fsync(file.fileno())
    except OSError:
        return written
    return written
def long_file(size):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return tried(lambda: open("long", "wb", buffering=0).write(b"x" * size))
def forks(x):
    count = 0
    try:
        for _ in range(200):
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            count += 1
    except OSError:
        return count
    return count
def hungry_family(size):
    for _ in range(10):
        if os.fork() == 0:
            block = bytearray(os.urandom(1)) * size
            time.sleep(60)
            os._exit(len(block))
    time.sleep(30)
    return "grown"
def shared_family(size):
    for _ in range(10):
        if os.fork() == 0:
            block = mmap.mmap(-1, size)
            block.write(bytes([1]) * size)
            time.sleep(60)
            os._exit(len(block))
    time.sleep(30)
    return "grown"
def daemon(x):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setpgid(0, 0)
            while True: time.sleep(1)
        os._exit(0)
    os.wait()
    open("left", "w").close()
    return os.getcwd()
def thread(x):
    found = []
    worker = threading.Thread(target=found.append, args=(1,))
    worker.start(); worker.join()
    return found
def child(x):
    if os.fork() == 0: os._exit(7)
    return os.waitstatus_to_exitcode(os.wait()[1])
"""
HEAVY = {
    "scipy": "from scipy.optimize import minimize\ndef f(x): return float(minimize(lambda z: (z**2).sum(), x).fun)\n",
    "sklearn": "from sklearn.datasets import load_digits\nfrom sklearn.linear_model import LogisticRegression\n"
               "def f(x):\n    X, y = load_digits(return_X_y=True)\n"
               "    return float(LogisticRegression(max_iter=5).fit(X[:200], y[:200]).score(X, y)) - 1\n",
    "matplotlib": "import matplotlib.pyplot as plt\ndef f(x):\n    plt.plot(x); plt.savefig('a.png'); return 0.0\n",
    "pandas": "import pandas as pd\ndef f(x): return float(pd.DataFrame({'x': x}).x.sum()) - 3\n",
}  # fmt: skip


def needs(name):
    """Skip where the system does not offer a layer."""
    return pytest.mark.skipif(name not in OFFERED, reason=f"this system does not offer {name}")


@pytest.fixture(scope="module", params=["all layers", "no namespaces"])
def sandbox(request):
    """As the system offers it, and as it is in a container that allows no namespaces."""
    if request.param == "all layers" and "namespaces" not in OFFERED:
        pytest.skip("this system offers no namespaces")
    with Sandbox(SMALL, without=() if request.param == "all layers" else ["namespaces"]) as made:
        yield made


@pytest.fixture
def session(sandbox):
    with sandbox.open([Cell(1, PROBES)]) as opened:
        assert opened.failures == {}
        yield opened


def ask(session, name, x=0):
    """What a function of one argument answers; an assertion when it does not."""
    outcome = session.ask(name, [Case({"x": x}, "a trial")])[-1]
    assert outcome.failure is None, outcome.failure
    return outcome.value


def refused(answer):
    return answer.startswith("refused")


# ---------------------------------------------------------------------------------------------------------- files


def test_it_is_at_home_in_one_folder(session):
    """A library would keep its files where nothing can be written, and stop an honest answer."""
    homes = ask(session, "homes")
    assert len(set(homes)) == 1 and not refused(ask(session, "write", f"{homes[0]}/x"))


@needs("privileges")
def test_no_program_can_give_it_powers(sandbox, session):
    """One with a power of root in its file would hand it on, were another layer to fail."""
    if os.geteuid() and "namespaces" not in sandbox.isolation:
        pytest.skip("who is not root cannot give up what others have")
    assert ask(session, "bound") == [0] * 8


@needs("landlock")
@pytest.mark.parametrize("path", ["/etc/passwd", "/etc/hostname", "/proc/1/environ", "/proc/self/maps",
                                  REPO / "course_lib/optimizers.py", REPO / "solutions/05_momentum.ipynb",
                                  REPO / "tests/test_isolation.py", Path.home() / ".bashrc"])  # fmt: skip
def test_no_file_of_anybody_can_be_read(session, path):
    """Solutions, other submissions and the grader's own files would be a line away."""
    assert refused(ask(session, "read", str(path)))


@needs("landlock")
@pytest.mark.parametrize("path", ["/", "/root", "/home", "/proc", REPO, REPO.parent])
def test_no_folder_of_anybody_can_be_listed(session, path):
    """The names of the other students are nobody's business. (Its own /tmp it may list: there is nothing in it.)"""
    answer = ask(session, "names", str(path))
    assert refused(answer) or answer == "[]"


@needs("namespaces")
def test_in_a_world_of_its_own_other_files_do_not_even_exist():
    """Whether a file is there can be told where only its opening is refused."""
    with Sandbox(SMALL, without=["landlock"]) as sandbox, sandbox.open([Cell(1, PROBES)]) as session:
        assert [path for path in (str(REPO / "pyproject.toml"), "/etc/passwd", "/proc/self", "/sys/kernel", "/home")
                if ask(session, "there", path)] == []  # fmt: skip
        assert refused(ask(session, "read", "/etc/passwd"))
        assert refused(ask(session, "write", f"{os.path.dirname(os.__file__)}/planted.py"))
        assert not refused(ask(session, "read", os.__file__))


def test_nothing_but_its_own_folder_can_be_written(session):
    """What one submission writes elsewhere, the next one would read."""
    installed = [os.path.dirname(module.__file__) for module in (os, np)]
    for folder in (*installed, "/var/tmp", "/dev/shm/..", "/house", str(REPO)):
        assert refused(ask(session, "write", f"{folder}/planted.txt")), folder
    assert ask(session, "write", "mine.txt") == "1"


@needs("landlock")
@needs("seccomp")
def test_permissions_and_times_of_files_stay_as_they_are(session, tmp_path):
    """With the grader's own user, one line would lock the grader out of its files."""
    target = tmp_path / "marks"
    target.write_text("A")
    before = target.stat()
    for action in ("chmod", "touch", "truncate", "remove", "rename"):
        assert refused(ask(session, action, str(target))), action
    assert target.stat() == before and target.read_text() == "A"


@needs("namespaces")
def test_the_temporary_space_has_a_quota():
    """Many files within the limit of one file fill the disk of the grader."""
    with Sandbox(SMALL) as sandbox, sandbox.open([Cell(1, PROBES)]) as session:
        assert 1_000_000 <= ask(session, "fill", 1_000_000) <= SMALL.disk


def test_a_file_has_a_longest_size(session):
    """One endless write fills the disk where there is no quota."""
    assert refused(ask(session, "long_file", 50_000_000)) or int(ask(session, "long_file", 50_000_000)) <= SMALL.file


def test_what_is_installed_can_be_used(session):
    """An import inside a function, long after the layers are on, must find the standard library and the packages."""
    for name in ("sqlite3", "decimal", "numpy.polynomial", "concurrent.futures", "multiprocessing"):
        assert ask(session, "imports", name) == name
    assert ask(session, "thread") == [1] and ask(session, "child") == 7 and ask(session, "pair") == "hello"


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_packages_work_inside(sandbox, name):
    """They open files, start threads and ask for processors: a layer too many breaks honest submissions."""
    if not importlib.util.find_spec(name):
        pytest.skip(f"{name} is not installed")
    with Sandbox(Limits(), without=sandbox.launcher.without) as roomy, roomy.open([Cell(1, HEAVY[name])]) as session:
        assert session.failures == {}
        assert abs(ask(session, "f", np.array([1.0, 2.0]))) < 1


def test_problems_can_be_imported_and_answers_cannot(session):
    """The one part of the course that a solution needs, and the parts that hold the solutions."""
    assert ask(session, "imports", "course_lib.problems") == "course_lib.problems"
    for name in ("exercises", "exercises.momentum", "optimizers", "second_order", "annealing", "genomes", "checking",
                 "schedules", "stability", "quizzes", "release", "grading.grade", "grading.zygote"):  # fmt: skip
        assert ask(session, "imports", f"course_lib.{name}") == "refused: ImportError", name
    for name in ("tests", "solutions", "notebooks", "conftest"):
        assert refused(ask(session, "imports", name)), name


def test_a_course_among_the_packages_is_left_out(tmp_path, monkeypatch):
    """Installed, not checked out, the course lies where everything else may be read."""
    course = tmp_path / "site-packages" / "course_lib"
    course.mkdir(parents=True)
    (tmp_path / "site-packages" / "scipy").mkdir()
    monkeypatch.setattr(view, "COURSE", str(course))
    assert view.without_course(str(tmp_path / "site-packages")) == [str(tmp_path / "site-packages" / "scipy")]
    assert view.hides(str(tmp_path / "site-packages")) == str(course) and view.hides("/usr/lib") is None
    assert view.packages(["", str(tmp_path), str(tmp_path / "site-packages")]) == [str(tmp_path / "site-packages")]


# ------------------------------------------------------------------------------------------ network and the kernel


@needs("seccomp")
@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 16])
def test_no_socket_can_be_opened(session, family):
    """Answers could be fetched, hidden cases sent out, and the machine attacked. (16 is the kernel's own, netlink.)"""
    assert ask(session, "connect", int(family)) == "refused: PermissionError"


@needs("namespaces")
def test_without_the_filter_there_is_still_no_network():
    """One layer that fails must not open the way."""
    with Sandbox(SMALL, without=["seccomp"]) as sandbox, sandbox.open([Cell(1, PROBES)]) as session:
        assert not refused(ask(session, "connect", int(socket.AF_INET)))
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            code = f"def f(x):\n    import socket\n    socket.create_connection(('127.0.0.1', {port}), 1)\n"
            with sandbox.open([Cell(1, code)]) as other:
                assert other.ask("f", [Case({"x": 0}, "a trial")])[-1].failure.kind in ("OSError", "PermissionError")


@needs("seccomp")
def test_calls_of_the_system_are_refused(session):
    """Each of these has been a way out of a container."""
    column = seccomp.MACHINES[os.uname().machine][0]
    names = ("ptrace", "process_vm_readv", "mount", "unshare", "setns", "bpf", "perf_event_open", "keyctl",
             "io_uring_setup", "userfaultfd", "memfd_create", "shmget", "chroot", "pidfd_getfd")  # fmt: skip
    assert ask(session, "call", [seccomp.REFUSED[name][column] for name in names]) == [1] * len(names)
    assert ask(session, "call", [seccomp.CLONE3[column]]) == [38]
    assert ask(session, "clone", 0x10000000) == 1 and ask(session, "clone", 0x20000000) == 1
    assert ask(session, "clone", 0) == 0


HEADERS = {"x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "/usr/include/asm-generic/unistd.h"}


@pytest.mark.parametrize("machine", HEADERS)
def test_the_numbers_are_those_of_the_kernel(machine):
    """A number off by one refuses the wrong call, and lets the right one through."""
    if not os.path.exists(HEADERS[machine]):
        pytest.skip("the headers of the kernel are not installed")
    words = [line.split() for line in Path(HEADERS[machine]).read_text().splitlines() if line.startswith("#define")]
    numbers = {w[1].removeprefix("__NR_").removeprefix("__NR3264_"): w[2] for w in words if len(w) == 3}
    column = seccomp.MACHINES[machine][0]
    table = {**seccomp.REFUSED, **seccomp.SIGNALS, **seccomp.PERMISSIONS, **seccomp.OTHERS}
    for name, row in {**table, "clone": seccomp.CLONE, "ioctl": seccomp.IOCTL}.items():
        assert name not in numbers or row[column] == int(numbers[name]), name


def test_the_filter_is_a_program_for_each_machine():
    """A jump past the end makes the kernel refuse the whole filter."""
    for machine in seccomp.MACHINES:
        code = list(seccomp.program(machine, only=7))
        assert all(len(part) == 8 for part in code) and len(code) < 4096
        for at, part in enumerate(code):
            if int.from_bytes(part[:2], sys.byteorder) & 7 == 5:  # a jump
                assert at + 1 + max(part[2], part[3]) < len(code)
    with pytest.raises(OSError):
        list(seccomp.program("pdp11"))


# ------------------------------------------------------------------------------------------- users and processes


@needs("user")
def test_it_runs_as_a_user_that_nobody_is():
    """As the grader's own user it could read, change and signal all that is the grader's."""
    with Sandbox(SMALL) as sandbox, sandbox.open([Cell(1, PROBES)]) as session:
        numbers = set(ask(session, "user"))
        assert len(numbers) == 1 and numbers < set(confine.UNUSED)
        assert refused(ask(session, "back"))


def test_no_process_of_the_grader_can_be_signaled(session):
    """A submission that may stop the grader stops the class."""
    grader, warm = os.getpid(), session.sandbox.launcher.process.pid
    assert [pid for pid in (grader, warm, -1) if not refused(ask(session, "signals", pid)) and pid != -1] == []


@needs("seccomp")
@pytest.mark.parametrize("action", ["limit", "urgency", "processors"])
def test_no_process_of_the_grader_can_be_slowed_down(session, action):
    """Limits that a submission sets for the warm process hold for every submission that comes after."""
    warm = session.sandbox.launcher.process.pid
    for pid in (os.getpid(), warm, *watch.children(warm)):
        assert refused(ask(session, action, pid)), pid


@needs("watch")
def test_after_the_death_of_a_warm_process_the_class_goes_on(sandbox):
    """The system kills the largest process when memory runs out; its keeper clears up, and all others need grading."""
    with Sandbox(SMALL, without=sandbox.launcher.without) as other:
        for _ in range(2):
            with other.open([Cell(1, PROBES)]) as session:
                assert ask(session, "pair") == "hello"
                (warm,) = watch.children(other.launcher.process.pid)
            os.kill(warm, 9)


@needs("namespaces")
def test_it_sees_no_process_but_its_own():
    """Another process can be watched, guessed and signaled by its number alone."""
    with Sandbox(SMALL, without=["seccomp", "landlock"]) as sandbox, sandbox.open([Cell(1, PROBES)]) as session:
        assert ask(session, "neighbors", 3000) == [] and refused(ask(session, "names", "/proc/1"))


def test_the_environment_holds_nothing_of_the_grader(session):
    """Tokens and paths are kept there."""
    known = {"HOME", "LANG", "MPLBACKEND", "OBJC_DISABLE_INITIALIZE_FORK_SAFETY", "TEMP", "TMP", "TMPDIR",
             "LD_LIBRARY_PATH", "LC_CTYPE", "MPLCONFIGDIR", *start.THREADS}  # fmt: skip
    assert {name for name in ask(session, "environment") if not name.startswith("PYTHON")} <= known


def test_no_descriptor_but_the_channel_is_open(session):
    """An inherited file or socket is a door in every wall above."""
    assert len([fd for fd in ask(session, "descriptors") if fd > 2]) == 1


@needs("limits")
@pytest.mark.skipif("namespaces" not in OFFERED and os.geteuid() != 0, reason="shares the limit with the user")
def test_processes_are_few():
    """A fork bomb takes the machine down with the grader."""
    with Sandbox(SMALL) as sandbox, sandbox.open([Cell(1, PROBES)]) as session:
        assert 1 <= ask(session, "forks") <= SMALL.processes + 8
    with Sandbox(SMALL) as sandbox, sandbox.open([Cell(1, PROBES)]) as session:
        assert ask(session, "child") == 7


@needs("watch")
@pytest.mark.parametrize("family", ["hungry_family", "shared_family"])
def test_the_memory_of_all_its_processes_counts_together(sandbox, family):
    """Ten processes within the limit of one use ten times the memory, their own or such as they could share."""
    with sandbox.open([Cell(1, PROBES)]) as session:
        outcome = session.ask(family, [Case({"x": 100_000_000}, "a trial")])[-1]
        assert outcome.failure.kind == "ProcessEnded" and "memory" in outcome.failure.message
        assert ask(session, "child") == 7


def test_a_daemon_and_its_files_are_gone_when_the_next_one_comes(sandbox):
    """What survives could change the next student's marks."""
    with sandbox.open([Cell(1, PROBES)]) as session:
        resting = sandbox.launcher.process.pid
        ask(session, "daemon")
        busy = set(watch.descendants(resting))
    left = set(watch.descendants(resting))
    assert len(busy - left) >= 2 and os.listdir(sandbox.folder) == []
    with sandbox.open([Cell(1, PROBES)]) as session:
        assert not ask(session, "there", "left")


@pytest.mark.parametrize("victim", ["keeper", "warm process"])
def test_a_killed_grader_process_takes_everything_along(sandbox, victim):
    """A grader that goes down at the wrong moment would leave student code running."""
    with Sandbox(SMALL, without=sandbox.launcher.without) as other:
        session = other.open([Cell(1, PROBES)])
        session.start()
        ask(session, "daemon")
        keeper = other.launcher.process.pid
        family = {keeper, *watch.descendants(keeper)}
        assert len(family) >= 4
        os.kill(keeper if victim == "keeper" else watch.children(keeper)[0], 9)
        session.close()
    assert all_gone(family)


# --------------------------------------------------------------------------------------------- what is said of it


def test_a_sandbox_tells_its_layers(sandbox):
    """Marks given under weaker isolation must be known as such."""
    assert ("namespaces" in sandbox.isolation) == ("namespaces" not in sandbox.launcher.without)
    assert {"limits", "privileges"} <= set(sandbox.isolation)
    assert set(sandbox.isolation) <= {layer.name for layer in (*confine.LAYERS, confine.WATCH)}


def test_a_system_that_offers_nothing_still_grades_in_another_process():
    """macOS and Windows have few of these layers or none."""
    names = [layer.name for layer in (*confine.LAYERS, confine.WATCH) if layer.lack]
    with Sandbox(SMALL, without=names) as sandbox, sandbox.open([Cell(1, PROBES)]) as session:
        assert set(sandbox.isolation) == {"session", "silence", "folder"}
        assert confine.essential(sandbox.isolation) and ask(session, "child") == 7


def test_what_is_missing_is_one_line():
    """A head TA must see at a glance what this machine does not offer, and nothing when all is well."""
    every = [layer.name for layer in (*confine.LAYERS, confine.WATCH)]
    assert confine.missing(every) == "" and confine.essential(every) == []
    assert confine.missing([name for name in every if name != "user"]) == ""  # namespaces make up for it
    line = confine.missing([])
    assert "seccomp" in line and "network" in line and "\n" not in line
    assert set(confine.essential([])) == {"namespaces", "limits", "privileges", "seccomp"}


def test_a_layer_that_fails_later_stops_the_grading_not_the_student():
    """A submission must not lose its marks to a system that cannot confine it, nor run with less than was promised."""
    with Sandbox(SMALL) as sandbox:
        assert sandbox.isolation
        request = {"folder": sandbox.folder, "limits": tuple(SMALL), "preload": []}
        sandbox.launcher.begin(request).close()
        sandbox.launcher.end()
        with pytest.raises(launch.SandboxError):
            sandbox.launcher.begin(request | {"limits": tuple(SMALL._replace(cpu="many"))})


def test_isolation_can_be_required(tmp_path, monkeypatch, capsys):
    """An institution that insists on it must not get marks without it by accident."""
    (tmp_path / "in" / "ada").mkdir(parents=True)
    monkeypatch.setattr(launch, "offered", lambda: ("limits", "privileges"))
    command = ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--require-isolation"]
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(main(command))
    assert ended.value.code == 2
    assert "namespaces" in capsys.readouterr().err and not (tmp_path / "out").exists()


@pytest.mark.skipif("os.geteuid() != 0", reason="the other tests show it")
def test_a_user_without_privileges_is_isolated_too():
    """Most graders are no root: nothing above may need it."""
    code = "from course_lib.grading import launch; print(*launch.offered())"
    try:
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, user=1234, group=1234,
                             extra_groups=[], cwd="/", env={"PYTHONPATH": str(REPO)})  # fmt: skip
    except PermissionError:
        pytest.skip("another user cannot run this Python")
    assert {"limits", "privileges"} <= set(run.stdout.split()), run.stderr


# ---------------------------------------------------------------------------------------------- what is believed

FORGE = """
import os, struct, json
def forged(x):
    big = "\\x1b[2J" * 1000
    failure = {"record": ["Failure", {"kind": big, "message": big + "\\ud800", "line": big, "number": -5}]}
    fields = {"failure": failure, "warned": big, "seconds": 1e300, "changed": {"tuple": ["x", "y", big]},
              "calls": {"dict": {"x": -3, big: 5}}}
    data = json.dumps({"record": ["Outcome", fields]}).encode()
    for fd in range(3, 1024):
        try:
            os.write(fd, struct.pack(">I", len(data)) + data)
        except OSError:
            pass
    os._exit(0)
"""


def test_a_forged_outcome_is_cut_to_measure(sandbox):
    """Whatever the process writes goes to a page or a terminal, as words, of the length of words, about this case."""
    with sandbox.open([Cell(1, FORGE)]) as session:
        (outcome,) = session.ask("forged", [Case({"x": 0}, "a trial")])
    said = outcome.failure
    assert len(said.kind) <= 100 and len(said.message) <= 500 and len(said.line) <= 200 and said.number == 0
    assert "\x1b" not in said.kind + said.message + said.line + outcome.warned
    assert outcome.changed == ("x",) and outcome.calls == {"x": 0} and 0 <= outcome.seconds < 60


SHORT_ANSWER = """
import os, struct
def k_fold(n, k, rng):
    data = b'{"record":["Outcome",{"value":[]}]}'
    frames = (struct.pack(">I", len(data)) + data) * 50
    for fd in range(3, 1024):
        try:
            os.write(fd, frames)
        except OSError:
            pass
    os._exit(0)
"""
FLOOD = SHORT_ANSWER.replace("[]", "[" + "1," * 400_000 + "1]").replace("k_fold(n, k, rng)", "momentum_step(*args)")


def test_no_answer_is_not_taken_for_good_ones():
    """Who reports an empty list, where it was to be called twice, would have made no mistake in it."""
    exercise = exercises.get("search.k_fold")
    with Sandbox(SMALL) as sandbox, sandbox.open([Cell(1, SHORT_ANSWER)]) as session:
        assert examine(exercise, session.call(exercise.name), "any").points == 0


def test_all_answers_together_are_bounded(sandbox):
    """Each frame may be large, and all outcomes of an exercise stand in the scorer's memory at once."""
    exercise = exercises.get("momentum.step")
    with sandbox.open([Cell(1, FLOOD)]) as session:
        outcomes = session.ask(exercise.name, exercise.draw(0) * 4)
    assert len(outcomes) < 8 and outcomes[-1].failure.kind == "Interference"


OWN_GENERATORS = {
    "remembers": """
import numpy as np
rows, calls = [], [0]
def minibatches(n, batch_size, rng):
    calls[0] += 1
    if calls[0] % (2 * TIMES) > TIMES or calls[0] % (2 * TIMES) == 0:
        return rows.pop(0)
    order = np.random.default_rng().permutation(n)
    rows.append([order[i:i + batch_size] for i in range(0, n, batch_size)])
    return rows[-1]
""".replace("TIMES", "3"),
    "counts": """
import numpy as np
own = np.random.default_rng(0)
def minibatches(n, batch_size, rng):
    order = own.permutation(n)
    return [order[i:i + batch_size] for i in range(0, n, batch_size)]
""",
    "counts by size": """
import numpy as np
calls = {}
def minibatches(n, batch_size, rng):
    calls[n] = calls.get(n, 0) + 1
    order = np.random.default_rng([n, calls[n]]).permutation(n)
    return [order[i:i + batch_size] for i in range(0, n, batch_size)]
""",
    "hides the global one": """
import numpy as np
import course_lib.calling as watcher
watcher._global_generators = lambda: None
def minibatches(n, batch_size, rng):
    order = np.random.permutation(n)
    return [order[i:i + batch_size] for i in range(0, n, batch_size)]
""",
}


@pytest.mark.parametrize("name", OWN_GENERATORS)
def test_a_generator_of_its_own_is_no_given_one(name):
    """Whoever remembers what was drawn, or patches who watches, would seem to draw from the rng that is given."""
    exercise = exercises.get("batch.minibatches")
    with Sandbox(SMALL) as sandbox, sandbox.open([Cell(1, OWN_GENERATORS[name])]) as session:
        verdict = examine(exercise, session.call(exercise.name), "any")
    assert verdict.points == 0 and "rng" in verdict.message


def test_a_right_answer_is_right_in_two_processes():
    """The reference draws from what it is given, so it must not matter where."""
    exercise = exercises.get("batch.minibatches")
    with Sandbox(SMALL) as sandbox, sandbox.open([Cell(1, "import numpy as np\n" + solved(exercise))]) as session:
        assert examine(exercise, session.call(exercise.name), "any").clean


# ------------------------------------------------------------------------------------- what the system offers


def found(monkeypatch, tmp_path, **broken):
    """What `plan.found_out` tells in a process that is thrown away, with some functions of `namespaces` broken."""
    def refuse(*_):
        raise OSError("not here")

    for name in broken:
        monkeypatch.setattr(namespaces, name, broken[name] or refuse)
    monkeypatch.chdir(tmp_path)

    def steps():
        force, refused = plan.found_out(confine.unused_user())
        yield "force", force
        yield "refused", refused

    told = keeper.told_by(steps)
    return told["force"], told["refused"]


def test_what_is_found_out_is_what_a_process_gets(monkeypatch, tmp_path):
    """A layer would be announced that submissions do not have, or the other way round."""
    with Sandbox() as sandbox:
        assert found(monkeypatch, tmp_path)[0] == sandbox.isolation == list(OFFERED)


@pytest.mark.parametrize("name", ["separate", "build", "fork", "own_room"])
def test_without_a_world_the_other_layers_are_found(monkeypatch, tmp_path, name):
    """A container that refuses one step of a world would get no layers at all, or be told that it has a world."""
    force, refused = found(monkeypatch, tmp_path, **{name: None})
    assert "not here" in refused["namespaces"] and list(tmp_path.iterdir()) == []
    with Sandbox(without=["namespaces"]) as other:
        assert force == other.isolation


def test_a_trial_that_is_ended_is_a_refusal(monkeypatch, tmp_path):
    """A system that kills whoever asks for a world would end the run."""
    force, refused = found(monkeypatch, tmp_path, separate=lambda: os._exit(9))
    assert "namespaces" not in force and "ended" in refused["namespaces"]
