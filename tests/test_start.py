"""start.py: one command sets up and starts, another tests; whatever is missing gets one sentence."""

import ast
import errno
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
FILES = ["start.py", "pyproject.toml", "requirements.txt", "requirements-cluster.txt", "requirements-test.txt",
         "requirements.lock"]  # fmt: skip


class Course:
    """A copy of the set-up in a folder with a blank and an accent, whose installers are played by us.

    The environment itself is made in earnest (without pip, which is quick); each other command is only noted.
    """

    def __init__(self, folder, monkeypatch):
        folder.mkdir()
        for name in FILES:
            shutil.copy(ROOT / name, folder / name)
        spec = importlib.util.spec_from_file_location("start_of_a_copy", folder / "start.py")
        self.start = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.start)
        self.folder, self.venv, self.commands, self.became = folder, folder / ".venv", [], []
        self.output = {}  # a word of a command -> what that command prints before it fails
        monkeypatch.setattr(self.start, "lines_of", self.play)
        monkeypatch.setattr(self.start, "become", lambda *args, **kw: self.became.append(args))
        monkeypatch.setattr(self.start, "working_uv", lambda: None)

    def play(self, command, env):
        self.commands.append(command)
        for word, said in self.output.items():
            if word in command:
                if isinstance(said, type):
                    raise said
                yield said + "\n"
                yield "(ended with code 1)\n"
                return
        if "venv" in command:
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", command[-1]], check=True)
        yield self.start.WELL

    def call(self, *args):
        """What start.py was made to run by this call."""
        before = len(self.commands)
        code = self.start.main(list(args))
        return code, self.commands[before:]

    def mark(self, **changes):
        file = self.venv / "made_by_start_py.json"
        file.write_text(json.dumps(dict(json.loads(file.read_text()), **changes)))


@pytest.fixture
def course(tmp_path, monkeypatch):
    return Course(tmp_path / "mein Kürs é", monkeypatch)


def one_sentence(capsys):
    """What was said on stderr, which must be one paragraph without a traceback."""
    said = capsys.readouterr().err.strip()
    assert said and "\n" not in said and "Traceback" not in said
    return said


# Set-up


def test_the_second_call_installs_nothing(course):
    """Every start would install again, and would need the network."""
    code, commands = course.call("run", "python")
    assert code == 0 and len(commands) >= 3
    assert course.call("run", "python") == (0, [])
    assert len(course.became) == 2


def test_installs_the_locked_versions_and_the_course_editable(course):
    """Versions would float, or a kernel in notebooks/ would not find course_lib."""
    _, commands = course.call("run", "python")
    packages, project = commands[-2:]
    assert ["-c", str(course.folder / "requirements.lock")] == packages[packages.index("-c") :][:2]
    assert ["-r", str(course.folder / "requirements.txt")] == packages[packages.index("-r") :][:2]
    assert not any("requirements-test" in word for word in packages)
    assert project[-2:] == ["-e", str(course.folder)] and "--no-deps" in project


@pytest.mark.parametrize("name", ["requirements.txt", "requirements.lock", "pyproject.toml"])
def test_a_changed_list_installs_again_in_place(course, name):
    """After `git pull` a learner would go on with old packages, or would lose the whole environment."""
    course.call("run", "python")
    with open(course.folder / name, "a") as file:
        file.write("\n# changed\n")
    _, commands = course.call("run", "python")
    assert any("-c" in command for command in commands) and not any("venv" in command for command in commands)
    assert course.call("run", "python") == (0, [])


def test_the_needs_of_a_cluster_come_on_top(course):
    """`grade --scheduler` would have no Dask, or everybody would get it."""
    course.call("run", "python")
    _, commands = course.call("run", "--cluster", "python")
    assert any(str(course.folder / "requirements-cluster.txt") in command for command in commands)
    assert course.call("run", "--cluster", "python") == (0, [])


def test_test_needs_come_on_top(course):
    """`start.py test` would miss its needs, or a plain start after it would install the lot again."""
    course.call("run", "python")
    _, commands = course.call("run", "--dev", "python")
    assert any(str(course.folder / "requirements-test.txt") in command for command in commands)
    assert course.call("run", "--dev", "python") == (0, [])
    assert course.call("run", "python") == (0, [])


@pytest.mark.parametrize("newer", [False, True], ids=["first set-up", "update"])
def test_an_interrupted_installation_is_made_anew(course, capsys, newer):
    """ctrl-C during the set-up would leave half an environment that is taken for a whole one."""
    if newer:
        course.call("run", "python")
        (course.folder / "requirements.lock").write_text("# another\n")
    course.output = {"-c": KeyboardInterrupt}
    assert course.call("run", "python")[0] == 130
    assert "Stopped" in one_sentence(capsys)
    course.output = {}
    code, commands = course.call("run", "python")
    assert code == 0 and "venv" in commands[0]


def damage_python(course):
    shutil.rmtree(course.start.learner().bin)


def damage_version(course):
    course.mark(python="3.9")  # the system's Python was upgraded under it


def damage_place(course):
    course.mark(folder=str(course.folder.parent / "elsewhere" / ".venv"))


def damage_mark(course):
    (course.venv / "made_by_start_py.json").write_text('{"sta')


@pytest.mark.parametrize("damage", [damage_python, damage_version, damage_place, damage_mark])
def test_a_broken_environment_is_made_anew(course, damage):
    """A Python upgrade, a renamed folder or a crash would end in a traceback from somewhere inside."""
    course.call("run", "python")
    damage(course)
    (course.venv / "left over").touch()
    code, commands = course.call("run", "python")
    assert code == 0 and "venv" in commands[0]
    assert not (course.venv / "left over").exists()
    assert course.call("run", "python") == (0, [])


def test_an_environment_of_somebody_else_is_left_alone(course, capsys):
    """A .venv that the user made would be overwritten or deleted."""
    course.venv.mkdir()
    (course.venv / "pyvenv.cfg").write_text("mine")
    assert course.call() == (1, [])
    assert "was not made by start.py" in one_sentence(capsys)
    assert course.call("clean")[0] == 0
    assert [item.name for item in course.venv.iterdir()] == ["pyvenv.cfg"]


def test_clean_removes_our_own(course):
    """`make clean` would leave the environment behind, or take the files of the course with it."""
    course.call("run", "python")
    course.call("clean")
    assert not course.venv.exists()
    assert {path.name for path in course.folder.iterdir()} - {"__pycache__"} == set(FILES)


def test_an_interrupted_removal_can_be_repeated(course, monkeypatch):
    """Half a removed environment would count as somebody else's, and be in the way forever."""
    course.call("run", "python")

    def interrupt(path):  # at the folder that comes last by name
        if path.endswith("share"):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(course.start.shutil, "rmtree", interrupt)
        assert course.call("clean")[0] == 130
    assert course.call("clean")[0] == 0
    assert not course.venv.exists()


def test_uv_when_there_is_one_and_pip_when_it_fails(course, monkeypatch):
    """uv would go unused, or a learner whose uv cannot reach its index would be stuck although pip can."""
    monkeypatch.setattr(course.start, "working_uv", lambda: "/bin/uv")
    course.call("run", "python")
    assert all(command[0] == "/bin/uv" for command in course.commands[1:])
    course.call("clean")
    course.output = {"/bin/uv": "error: a mirror that only pip knows"}
    monkeypatch.setattr(course.start, "working_uv", iter([None] + 9 * ["/bin/uv"]).__next__)
    assert course.call("run", "python")[0] == 0
    assert course.commands[-1][1:4] == ["-m", "pip", "install"]


def test_a_broken_uv_is_no_uv(course, monkeypatch, tmp_path):
    """A uv on the PATH that does not start (a stale shim) would break the set-up."""
    monkeypatch.undo()
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("uv", "uv.exe"):
        (tmp_path / name).write_text("no program")
        (tmp_path / name).chmod(0o755)
    assert course.start.working_uv() is None


# Whatever is missing gets one sentence

TROUBLES = {
    "OSError: [Errno 28] No space left on device": "disk is full",
    "× Failed to download `numpy`\n  └─> No space left on device (os error 28)": "disk is full",
    "ERROR: Could not install packages due to an OSError: [WinError 32] The process cannot access": "close JupyterLab",
    "HINT: ... does not have Windows Long Path support enabled": "too long for Windows",
    "ERROR: [Errno 13] Permission denied: '/srv/course/.venv/lib'": "can't be written to",
    "... because ensurepip is not\navailable.  On Debian/Ubuntu systems": "sudo apt install python3",
    "Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] ...": "certificate",
    "NewConnectionError('...: Failed to establish a new connection: [Errno -3] Temporary failure in name "
    "resolution')\nERROR: No matching distribution found for jupyterlab": "check the connection",
    "error: Request failed after 3 retries\n  Caused by: dns error": "check the connection",
    "error: subprocess-exited-with-error\n× Building wheel for scipy did not run successfully.": "another Python",
    "ERROR: something that nobody thought of": "something that nobody thought of",
}


@pytest.mark.parametrize("output", TROUBLES)
def test_a_failed_installation_says_what_to_do(course, capsys, output):
    """A learner would read pip's hundred lines instead of one sentence that says what to do."""
    course.output = {"-c": output}
    assert course.call()[0] == 1
    assert TROUBLES[output] in one_sentence(capsys)
    assert not course.became


def test_without_network_the_old_packages_do(course, capsys):
    """Somebody on a train could not learn after a `git pull` that moved one version."""
    course.call("run", "python")
    (course.folder / "requirements.lock").write_text("# newer\n")
    course.output = {"-c": "getaddrinfo failed"}
    assert course.call()[0] == 0 and len(course.became) == 2
    assert "with the packages that are there" in capsys.readouterr().out
    course.output = {}
    assert not any("venv" in command for command in course.call()[1])


def test_without_network_tests_do_not_run_on_old_packages(course, capsys):
    """`start.py test` would report on versions other than the locked ones."""
    course.call("run", "--dev", "python")
    (course.folder / "requirements.lock").write_text("# newer\n")
    course.output = {"-c": "getaddrinfo failed"}
    assert course.call("test")[0] == 1
    assert "check the connection" in one_sentence(capsys)


def test_debian_without_venv(course, capsys, monkeypatch):
    """On a fresh Debian, which splits venv off, the set-up would fail halfway with a traceback."""
    monkeypatch.setattr(course.start.importlib.util, "find_spec", lambda name: None)
    assert course.call() == (1, [])
    assert "sudo apt install python{}.{}-venv".format(*sys.version_info) in one_sentence(capsys)
    assert not course.venv.exists()


def test_a_full_disk_is_seen_before_it_is_filled(course, capsys, monkeypatch):
    """The set-up would fill the disk to the last byte and only then complain."""
    monkeypatch.setattr(course.start.shutil, "disk_usage", lambda path: SimpleNamespace(free=10**8))
    assert course.call() == (1, [])
    assert "disk is full" in one_sentence(capsys)


@pytest.mark.parametrize(
    "number, sentence",
    [
        (errno.EACCES, "can't be written to"),
        (errno.EROFS, "can't be written to"),
        (errno.ENOSPC, "disk is full"),
        (errno.EIO, "The system refused"),
    ],
)
def test_a_folder_that_refuses(course, capsys, monkeypatch, number, sentence):
    """A course in a read-only folder would end in a traceback."""

    def refuse(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(course.start.Path, "mkdir", refuse)
    assert course.call() == (1, [])
    assert sentence in one_sentence(capsys)


def test_a_missing_file_is_named(course, capsys):
    """Half a download would be reported as something else."""
    (course.folder / "requirements.lock").unlink()
    assert course.call()[0] == 1
    assert "requirements.lock is missing" in one_sentence(capsys)


@pytest.mark.parametrize("version", [(3, 6), (3, 9), (3, 15)])
def test_an_old_or_too_new_python(course, monkeypatch, version):
    """An old Python would fail somewhere inside with a syntax error of a package."""
    monkeypatch.setattr(course.start, "answers", lambda *command: False)
    with pytest.raises(course.start.Stop, match="needs 3.10 to 3.14: get one"):
        course.start.refuse_other_pythons(version)


def test_another_python_on_the_machine_is_named(course, monkeypatch):
    """Somebody with an old `python3` and a good python3.12 would be sent to install what is there."""
    monkeypatch.setattr(course.start, "answers", lambda name, *rest: name in ("python3.12", "python3.10"))
    with pytest.raises(course.start.Stop, match="run `python3.12 start.py` instead"):
        course.start.refuse_other_pythons((3, 8))


def test_main_asks_for_the_version_first(course, capsys, monkeypatch):
    """An unfit Python would get as far as to install something."""

    def refuse():
        raise course.start.Stop("too old")

    monkeypatch.setattr(course.start, "refuse_other_pythons", refuse)
    assert course.call() == (1, [])
    assert one_sentence(capsys) == "too old"


def test_an_old_python_can_parse_start_py():
    """Python 3.6 would print a syntax error instead of the sentence."""
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    assert "from __future__" not in source  # annotations came in 3.7


def test_start_py_imports_the_standard_library_only():
    """On a machine with nothing but Python the first line would fail."""
    tree = ast.parse((ROOT / "start.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_unknown_word_is_no_jupyterlab_argument(course, capsys):
    """A slip such as `start.py tets` would set up and open JupyterLab."""
    assert course.call("tets") == (1, [])
    assert "knows no `tets`" in one_sentence(capsys)


# JupyterLab


def started(course, *args):
    assert course.call(*args)[0] == 0
    command, env = course.became[-1][:2]
    return command


def test_opens_the_home_page_and_passes_arguments_on(course):
    """JupyterLab would open on an empty launcher, or swallow the caller's arguments."""
    page = course.folder / "notebooks" / "00_start_here.ipynb"
    page.parent.mkdir()
    page.touch()
    command = started(course, "--no-browser", "--IdentityProvider.token=x")
    assert command[1:3] == ["-m", "jupyterlab"] and command[-2:] == ["--no-browser", "--IdentityProvider.token=x"]
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in command
    assert f"--ServerApp.root_dir={course.folder}" in command


def test_opens_the_notebook_that_is_named(course, capsys, tmp_path):
    """`start.py notebooks/05_momentum.ipynb` would open the home page, or a file that the server cannot see."""
    for folder in (course.folder, tmp_path):
        (folder / "some.ipynb").touch()
    assert "--LabApp.default_url=/lab/tree/some.ipynb" in started(course, "some.ipynb")
    assert course.call(str(tmp_path / "some.ipynb"))[0] == 1
    assert "copy it to" in one_sentence(capsys)


def test_jupyterlab_is_told_to_stay_off_the_network(course):
    """JupyterLab would ask for news, look for newer versions, or ask the learner whether it may."""
    command = started(course)
    assert "--LabApp.news_url=None" in command
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in command
    settings = json.loads((course.venv / "share/jupyter/lab/settings/overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_jupyterlab_knows_what_it_is_told():
    """A renamed option would be ignored with a warning, and the requests be back."""
    from jupyter_server.serverapp import ServerApp
    from jupyterlab.labapp import LabApp

    apps = {"LabApp": LabApp, "ServerApp": ServerApp}
    options = re.findall(r'"--(LabApp|ServerApp)\.(\w+)=', (ROOT / "start.py").read_text(encoding="utf-8"))
    assert len(options) >= 7
    assert [f"{app}.{name}" for app, name in options if name not in apps[app].class_trait_names()] == []


def test_ports(course, capsys):
    """With the usual port taken JupyterLab would not start, or start elsewhere than asked."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert course.start.free_port(port) > port
        assert course.call("--port", str(port))[0] == 1
        assert f"Port {port} is taken" in one_sentence(capsys)
    assert course.start.is_free(port)
    assert not any(word.startswith("--port=8") for word in started(course, "--port", str(port))[:-2])


def test_no_free_port(course, capsys, monkeypatch):
    """JupyterLab would print a page of log and stop."""
    monkeypatch.setattr(course.start, "is_free", lambda port: False)
    assert course.call()[0] == 1
    assert "No port from 8888" in one_sentence(capsys)


# Running things


def test_variables_that_lead_elsewhere_are_dropped(course, monkeypatch):
    """A PYTHONPATH or PIP_TARGET of the caller's would mix another Python's packages in."""
    for name in course.start.MISLEADING:
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    env = course.start.learner().environ()
    assert not set(env) & set(course.start.MISLEADING)
    assert env["PIP_USER"] == "0"
    assert env["PATH"].split(os.pathsep)[0] == str(course.start.learner().bin)


def test_run_is_the_command_itself(course):
    """A script could not rely on the exit code, the folder or the Python of `start.py run`."""
    course.call("run", "python")
    code = "import os, sys; print(os.getcwd()); print(sys.prefix); sys.exit(7)"
    command = [sys.executable, str(course.folder / "start.py"), "run", "python", "-X", "utf8", "-c", code]
    done = subprocess.run(command, cwd=course.folder.parent, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (7, "")
    assert done.stdout.splitlines() == [str(course.folder.parent), str(course.venv)]


@pytest.mark.parametrize("args, words", [((), "Say what to run"), (("no-such-command",), "no command `no-such")])
def test_run_without_a_command(course, capsys, args, words):
    """The caller would get a traceback for a slip."""
    assert course.call("run", *args)[0] == 1
    assert words in one_sentence(capsys)


class ThisPython:
    """An environment that is there: the one that runs this test."""

    python = sys.executable

    def environ(self, **more):
        return dict(os.environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", **more)  # without plugins pytest starts at once


class Noted:
    """Popen that keeps what it starts."""

    def __init__(self, popen):
        self.popen, self.children = popen, []

    def __call__(self, *args, **kwargs):
        self.children.append(self.popen(*args, **kwargs))
        return self.children[-1]


GOOD, BAD = ["json.tool", "--help"], ["json.tool", "no such file"]


def performed(course, capfd, *steps):
    code = course.start.perform([(f"step {n}", *step) for n, step in enumerate(steps)], ThisPython())
    return code, capfd.readouterr().out


def test_one_failed_step_fails_the_whole_and_stops_nothing(course, capfd):
    """A red step would go unnoticed, or hide what comes after it."""
    code, out = performed(course, capfd, (GOOD, ""), (BAD, ""), (GOOD, ""))
    assert code == 1 and "Not well: step 1, in" in out
    assert re.findall(r"^  step \d +(\w+)", out, re.M) == ["ok", "failed", "ok"]
    assert performed(course, capfd, (GOOD, ""))[0] == 0


def test_a_skipped_step_says_why(course, capfd):
    """A step that never runs would look like one that passes."""
    code, out = performed(course, capfd, (GOOD, "nothing to test yet"))
    assert code == 0 and re.search(r"step 0 +skipped .*nothing to test yet", out)


def test_the_last_line_sums_the_tests_up(course, capfd):
    """Whoever reads the last line would see the figures of one run only, or none."""
    (course.folder / "test_it.py").write_text(
        "import os, pytest\n"
        "def test_good(): assert 'course-' in os.environ['COURSE_LIB_DATA']\n"
        "def test_bad(): assert 0\n"
        "@pytest.mark.skip\ndef test_not(): pass\n"
    )
    pytest_here = ["pytest", "-q", "-p", "no:cacheprovider", "-c", "pytest.ini", "test_it.py"]
    (course.folder / "pytest.ini").write_text("[pytest]")
    code, out = performed(course, capfd, (pytest_here, ""), (pytest_here, ""))
    assert code == 1
    assert out.strip().splitlines()[-1] == "2 passed, 2 failed, 2 skipped"


def test_an_endless_step_is_ended(course, capfd, monkeypatch):
    """A hanging kernel would hold CI until its own limit, with no word about which step it was."""
    monkeypatch.setattr(course.start, "STEP_LIMIT", 0.3)
    monkeypatch.setattr(course.start.subprocess, "Popen", noted := Noted(subprocess.Popen))
    (course.folder / "endless.py").write_text("while True: pass")
    code, out = performed(course, capfd, (["endless"], ""), (GOOD, ""))
    assert code == 1 and re.search(r"step 0 +failed .*stopped after", out)
    assert noted.children[0].returncode is not None


def test_the_test_command_runs_all_there_is(course, monkeypatch):
    """A part of the tests would silently be left out."""
    for name in ("course_lib/__main__.py", "tests/test_it.py", "notebooks/00.ipynb", "tests/nbval_sanitize.cfg"):
        (course.folder / name).parent.mkdir(exist_ok=True)
        (course.folder / name).touch()
    seen = []
    monkeypatch.setattr(course.start, "perform", lambda steps, venv: seen.extend(steps))
    course.call("test")
    assert [(title, missing) for title, _, missing in seen] == [
        (title, "") for title in ("style", "sources", "tests", "notebooks")
    ]
    nbval = seen[-1][1]
    assert "--nbval" in nbval and nbval[-3:] == ["--nbval-sanitize-with", "tests/nbval_sanitize.cfg", "notebooks"]
    assert nbval[nbval.index("-n") :][:4] == ["-n", "2", "--dist", "loadfile"]


# The lists


def requirements(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.strip().startswith("#")]


LOCK = requirements("requirements.lock")
LISTS = ("requirements.txt", "requirements-cluster.txt", "requirements-test.txt")
WANTED = [wanted for name in LISTS for wanted in requirements(name)]
SYSTEMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": "x86_64"},
    "mac": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin", "platform_machine": "arm64"},
    "windows": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"},
}  # fmt: skip
PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]


def pins(python, system):
    """What the lock installs there: name -> versions."""
    where = {"python_version": python, "python_full_version": python + ".5", "implementation_name": "cpython"}
    found = {}
    for line in LOCK:
        if line.marker is None or Marker(str(line.marker)).evaluate(dict(SYSTEMS[system], **where)):
            (pin,) = line.specifier
            assert pin.operator == "=="
            found.setdefault(canonicalize_name(line.name), []).append(pin.version)
    return found


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_pins_everything_once_and_within_its_range(python, system):
    """On one of the systems or Pythons a package would float, clash, or lie outside the range we promise."""
    found = pins(python, system)
    assert {name: versions for name, versions in found.items() if len(versions) != 1} == {}
    for wanted in WANTED:
        assert wanted.specifier.contains(found[canonicalize_name(wanted.name)][0]), wanted


def test_the_lock_is_complete():
    """Something that a package of ours needs would come in whatever version is newest that day."""
    locked = pins("{}.{}".format(*sys.version_info), {"darwin": "mac", "win32": "windows"}.get(sys.platform, "linux"))
    for name in locked:
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # locked for the sake of another system
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                assert canonicalize_name(need.name) in locked, f"{name} needs {need}"


def test_the_lock_names_no_place():
    """The lock would send everybody to one person's mirror or disk."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|--|file:|/tmp|/home|/root", text)


def test_every_range_has_two_ends():
    """A range without an upper end breaks on the next major release, one without a lower end on an old cache."""
    for wanted in WANTED:
        operators = {part.operator for part in wanted.specifier}
        assert operators == {">=", "<"}, wanted


def test_learners_install_no_test_or_oracle_needs():
    """A learner would wait for a browser driver or gigabytes of PyTorch."""
    learner = {canonicalize_name(wanted.name) for wanted in requirements("requirements.txt")}
    assert not learner & {"playwright", "ruff", "hypothesis"}
    assert not {canonicalize_name(line.name) for line in LOCK} & {"torch", "optax", "jax"}


def test_the_decision_gives_a_reason_for_each():
    """Nobody would know why a package is there, nor dare to drop it."""
    decision = (ROOT / "docs/decisions/0001-dependencies.md").read_text(encoding="utf-8")
    assert [wanted.name for wanted in WANTED if f"`{wanted.name}`" not in decision] == []


# One command, everywhere


@pytest.mark.parametrize("name", ["README.md", ".ci/run", ".github/workflows/test.yml"])
def test_all_speak_of_the_same_command(name):
    """What a person runs, and what CI runs, would drift apart."""
    assert "python3 start.py test" in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("timeout")), reason="no bash or timeout here")
def test_ci_run_ends_as_the_test_command_ends(tmp_path):
    """CI would be green whatever the tests say, or run something else."""
    python = '[ "$1" = -c ] || { echo "$@"; exit 3; }'
    for name, body in {"python3": python, "chromium": "", "apt-get": "exit 9"}.items():
        (tmp_path / name).write_text("#!/bin/sh\n" + body + "\n")
        (tmp_path / name).chmod(0o755)
    env = dict(os.environ, PATH=str(tmp_path) + os.pathsep + os.environ["PATH"])
    done = subprocess.run(["bash", str(ROOT / ".ci/run")], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (3, "start.py test")


def test_ci_covers_the_systems_and_pythons_we_promise(course):
    """The README would promise what nobody ever ran."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    assert [system.split("-")[0] for system in matrix["system"]] == ["ubuntu", "macos", "windows"]
    ends = course.start.OLDEST[1], course.start.NEWEST[1]
    assert matrix["python"] == PYTHONS == [f"3.{minor}" for minor in range(ends[0], ends[1] + 1)]
    assert f'requires-python = ">={PYTHONS[0]}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
def test_make_alone_lists_every_target():
    """`make` would start something, or hide a target."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    make = subprocess.run(["make"], cwd=ROOT, env=clean, capture_output=True, text=True, check=True)
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M).group(1).split()
    listed = dict(re.findall(r"^  make ([a-z-]+) +(\S.*)$", make.stdout, re.M))
    assert list(listed) == phony and all(listed.values())


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
def test_make_forwards_to_start_py():
    """make would know another way, which rots."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    for target in ["start", "test", "check", "lint", "build", "bench", "bench-grading", "oracles", "grade", "lock",
                   "clean"]:
        said = subprocess.run(["make", "-n", target], cwd=ROOT, env=clean, capture_output=True, text=True).stdout
        assert all(line.startswith("python3 start.py") for line in said.splitlines()), said
