#!/usr/bin/env python3
"""Set the course up and start it. Needs nothing but Python 3.10 to 3.14.

  python3 start.py                 open JupyterLab; what follows goes on to it (--no-browser --port 9999)
  python3 start.py test            run everything that CI runs (what follows goes to pytest instead)
  python3 start.py check           run the fast part of it
  python3 start.py run COMMAND     run any command inside the environment (--dev: with the test needs;
                                   --cluster: with Dask, for `grade --scheduler`)
  python3 start.py clean           remove the environment, and what tools left behind

The first call makes the environment (.venv, here) and installs what requirements.lock says: with uv when it
is on the PATH, with pip otherwise. Later calls find it ready.

For those who maintain the course: `test --newest` (the newest releases instead of the locked ones, in an
environment apart), `run --oracles` (PyTorch and optax, apart too), and `lock` (write requirements.lock anew;
needs uv; --upgrade moves every version).
"""

# An old Python 3 must be able to parse this file, so as to say that it is too old.
import errno
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent
OLDEST, NEWEST = (3, 10), (3, 14)
HOME_PAGE = "notebooks/00_start_here.ipynb"
ROOM = 1.5e9  # bytes that a fresh environment takes while it is made
STEP_LIMIT = 18 * 60  # seconds that one step of the tests may take

# JupyterLab asks the network neither for news nor for newer versions, does not wake npm to look for
# language servers, and ends at one ctrl-C.
QUIET = [
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--LanguageServerManager.autodetect=False",
    "--ServerApp.answer_yes=True",
    "--ServerApp.log_level=WARN",
    "--LabApp.log_level=WARN",
]
# Nor does it ask the person whether it may.
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}
# Variables of the caller's that lead a Python, pip, uv or a kernel elsewhere.
MISLEADING = {
    "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__", "MPLBACKEND", "CONDA_PREFIX",
    "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "UV_SYSTEM_PYTHON",
}  # fmt: skip
TWO_WORKERS = ["-n", "2", "--dist", "loadfile"]  # by file, or a notebook would be split over the workers


class Stop(Exception):
    """What is missing and what to do: one sentence for the person at the keyboard."""


class Offline(Stop):
    """Nothing could be downloaded, so nothing has been changed either."""


# The Python that runs this file


def refuse_other_pythons(version=sys.version_info[:2], kind=platform.python_implementation):
    if not OLDEST <= tuple(version) <= NEWEST:
        raise Stop(f"This is Python {dotted(version)}, and the course needs {RANGE}: {another_way()}")
    if kind() != "CPython" or sys.maxsize < 2**32:
        raise Stop(f"The course needs the usual 64-bit Python, and this is another kind: {another_way()}")


def dotted(version):
    return "{}.{}".format(*version)


RANGE = f"{dotted(OLDEST)} to {dotted(NEWEST)}"


def another_way():
    other = another_python()
    if other:
        return f"run `{other} start.py` instead, which is on this machine."
    return "get one from your package manager or https://www.python.org/downloads/ and run start.py with it."


def another_python():
    """The newest fitting interpreter on the PATH that really works, or None."""
    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    return next((name for name in names if answers(name, "-c", "import venv, ensurepip")), None)


def answers(*command):
    """Whether the command is there and ends well."""
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def working_uv():
    uv = shutil.which("uv")
    return uv if uv and answers(uv, "--version") else None


# The environment


class Venv:
    """A virtual environment that this file makes, marks as its own, and mends.

    The mark is written before anything else, and says what has been installed. So an environment that was
    interrupted, moved, outdated or broken is told from a sound one, and from one that somebody else made.
    """

    def __init__(self, name, *files, **options):
        self.folder, self.files, self.newest = ROOT / name, files, options.get("newest", False)
        self.mark_file = self.folder / "made_by_start_py.json"
        self.log_file = self.folder / "start.log"
        self.bin = self.folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = str(self.bin / ("python.exe" if os.name == "nt" else "python"))

    @property
    def mark(self):
        """What the last installation wrote down; empty when there was none, or it is unreadable."""
        try:
            return json.loads(self.mark_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def write_mark(self, **changes):
        fresh = self.mark_file.with_suffix(".new")
        fresh.write_text(json.dumps(dict(self.mark, **changes)), encoding="utf-8")
        os.replace(str(fresh), str(self.mark_file))

    @property
    def stamps(self):
        """For each set of requirement files, the stamp with which it was installed in full."""
        return self.mark.get("stamps", {})

    def stamp(self):
        """A hash of all that decides what gets installed."""
        parts = [json.dumps(LAB_SETTINGS), time.strftime("%Y-%m-%d") if self.newest else ""]
        for name in self.files + ("requirements.lock", "pyproject.toml"):
            parts += [name, (ROOT / name).read_text(encoding="utf-8")]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def sound(self):
        """Complete, still where it was made, and its Python starts and is of the version it was made with."""
        mark = self.mark
        same = f"import sys; sys.exit('%d.%d' % sys.version_info[:2] != {mark.get('python')!r})"
        here = mark.get("folder") == str(self.folder) and not mark.get("busy")
        return here and answers(self.python, "-c", same)

    def ready(self):
        return self.sound() and self.stamps.get(" ".join(self.files)) == self.stamp()

    def foreign(self):
        """Whether there is something in the folder that is not ours."""
        return not self.mark_file.exists() and any(self.folder.glob("[!m]*"))

    def prepare(self):
        """Have everything installed; return at once when it already is."""
        if self.ready():
            return self
        if self.foreign():
            raise Stop(NOT_OURS.format(self.folder))
        began = time.time()
        if not self.sound():
            self.make()
        self.install()
        say(f"  ready after {duration(time.time() - began)}")
        return self

    def make(self):
        """An empty environment in a folder that is marked as ours from its first moment on."""
        uv = working_uv()
        self.refuse_to_make(uv)
        again = self.mark_file.exists()
        say("The environment is damaged or was moved: making it anew." if again else WELCOME)
        self.empty()
        self.write_mark(busy=True)
        made_by = [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable] if uv else VENV
        self.follow(f"an environment in {self.folder.name}", made_by + [str(self.folder)])
        self.write_mark(busy=False, folder=str(self.folder), python=dotted(sys.version_info[:2]))

    def refuse_to_make(self, uv):
        if not uv and not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
            raise Stop(NO_VENV)
        if shutil.disk_usage(str(ROOT)).free < ROOM:
            raise Stop(DISK_FULL)

    def empty(self):
        """Clear our own folder, the mark last, so that after an interruption it is still known as ours."""
        self.folder.mkdir(exist_ok=True)
        for item in sorted(self.folder.iterdir(), key=self.mark_file.__eq__):
            if item.is_dir() and not item.is_symlink():
                shutil.rmtree(str(item))
            else:
                item.unlink()

    def install(self):
        self.write_mark(busy=True)
        try:
            self.install_with_uv_or_pip()
        except Offline:
            self.write_mark(busy=False)  # downloads come first, so what was there is as it was
            raise
        self.write_settings()
        stamps = {} if self.newest else self.stamps
        self.write_mark(busy=False, stamps=dict(stamps, **{" ".join(self.files): self.stamp()}))

    def install_with_uv_or_pip(self):
        uv = working_uv()
        if uv:
            try:
                return self.fill([uv, "pip", "install", "--python", self.python])
            except Stop:
                say("  uv could not do it, so pip tries.")
        if not answers(self.python, "-m", "pip", "--version"):
            self.follow("pip", [self.python, "-m", "ensurepip"])
        self.fill([self.python, "-m", "pip", "install"])

    def fill(self, install):
        """The packages, then the course itself, editable, so that any kernel of this Python finds it."""
        needs = [word for name in self.files for word in ("-r", str(ROOT / name))]
        versions = ["--upgrade"] if self.newest else ["-c", str(ROOT / "requirements.lock")]
        self.follow("the packages", install + needs + versions + ["pip"])
        self.follow("the course itself", install + ["--no-deps", "--no-build-isolation", "-e", str(ROOT)])

    def write_settings(self):
        folder = self.folder / "share" / "jupyter" / "lab" / "settings"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "overrides.json").write_text(json.dumps(LAB_SETTINGS, indent=2), encoding="utf-8")

    def environ(self, **more):
        """The variables for a command in here: the caller's, less those that lead elsewhere."""
        env = {name: value for name, value in os.environ.items() if name not in MISLEADING}
        env["PATH"] = str(self.bin) + os.pathsep + env.get("PATH", os.defpath)
        env.update(VIRTUAL_ENV=str(self.folder), PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
        return dict(env, **more)

    def follow(self, title, command):
        """Run a talkative command behind one line of ours; its words go into the log."""
        began, output, show = time.time(), "", Ticker(title)
        with open(str(self.log_file), "a", encoding="utf-8") as log:
            for line in lines_of(command, self.environ()):
                log.write(line)
                output += line
                show.progress(line)
            if not output.endswith(WELL):
                show.end("failed")
                raise explained(output, self.log_file)
        show.end(duration(time.time() - began))


WELL = "(ended well)\n"
VENV = [sys.executable, "-m", "venv"]


def lines_of(command, env):
    """What the command prints, line by line, and at the end whether all went well."""
    child = subprocess.Popen(
        command, env=env, cwd=str(ROOT), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
    )  # fmt: skip
    try:
        yield f"$ {' '.join(command)}\n"
        yield from child.stdout
        yield f"(ended with code {child.returncode})\n" if child.wait() else WELL
    finally:
        child.poll() is None and child.kill()


def learner():
    return Venv(".venv", "requirements.txt")


def dev(newest=False):
    name = ".venv-newest" if newest else ".venv"
    return Venv(name, "requirements.txt", "requirements-cluster.txt", "requirements-test.txt", newest=newest)


def cluster():
    return Venv(".venv", "requirements.txt", "requirements-cluster.txt")


def oracles():
    return Venv(".venv-oracles", *dev().files, "tests/oracles/requirements.txt")


# What can go wrong, and what to do then

WELCOME = "Setting up the course: once, for a minute or two."
NOT_OURS = (
    "The folder {} was not made by start.py, which leaves it alone: rename it and try again, or activate it "
    "and install the course there with `python -m pip install -e .`."
)
NO_VENV = (
    "This Python comes without `venv`: on Debian or Ubuntu run `sudo apt install "
    f"python{dotted(sys.version_info[:2])}-venv` and try again (elsewhere use python.org's Python, or uv)."
)
NO_NETWORK = (
    "The packages could not be downloaded: check the connection (and HTTPS_PROXY, behind a proxy), and run "
    "the same command again."
)
NO_TRUST = (
    "The network's certificate is not trusted, as happens behind a company's proxy: ask for its certificate "
    "file, set PIP_CERT and SSL_CERT_FILE to it, and run the same command again."
)
DISK_FULL = "The disk is full: make 2 GB of room (for temporary files, too), and run the same command again."
READ_ONLY = (
    "This folder can't be written to: move the course to a folder of your own, such as your home folder, "
    "and run the same command there."
)
IN_USE = "Some files are in use: close JupyterLab and all else that runs from .venv, and run it again."
LONG_PATH = "This folder's path is too long for Windows: move the course to a short one, such as C:\\course."
NO_WHEEL = (
    "A package has no ready-made version for this machine and could not be built here: try another Python "
    "(3.12 is the safest), or see {log}."
)

CAUSES = [  # the first that fits counts: a full disk also breaks downloads, so it comes first
    (Stop, DISK_FULL, r"no space left on device|errno 28|not enough space on the disk|os error 112"),
    (Stop, LONG_PATH, r"windows long path support|os error 206"),
    (Stop, IN_USE, r"winerror (5|32)\b|being used by another process|os error 32"),
    (Stop, READ_ONLY, r"permission denied|read-only file system"),
    (Stop, NO_VENV, r"ensurepip is not\s+available|no module named '?(ensurepip|venv)"),
    (Offline, NO_TRUST, r"certificate_verify_failed|invalid peer certificate|unknownissuer"),
    (Offline, NO_NETWORK, r"newconnectionerror|establish a new connection|connect(ion)? ?time|timed out"),
    (Offline, NO_NETWORK, r"connection (refused|reset|aborted|broken)|could not connect|tunnel connection"),
    (Offline, NO_NETWORK, r"dns error|error sending request|name ?resolution|getaddrinfo|unreachable"),
    (Offline, NO_NETWORK, r"from versions: none"),
    (Stop, NO_WHEEL, r"failed (building wheel|to build)|metadata-generation-failed|error: subprocess-exited"),
]


def explained(output, log):
    """The one sentence for a failed installation."""
    for kind, sentence, pattern in CAUSES:
        if re.search(pattern, output, re.IGNORECASE):
            return kind(sentence.format(log=log))
    words = [line.strip() for line in output.splitlines() if line.strip()]
    return Stop(f"The installation failed ({' '.join(words[-2:])}): run the same command again, or see {log}.")


def refused(error):
    """The one sentence for something that the system did not let us do."""
    if error.errno == errno.ENOSPC:
        return DISK_FULL
    if error.errno == errno.ENOENT:
        return f"{error.filename} is missing: get the whole course again, and run the same command there."
    if getattr(error, "winerror", None) in (5, 32):
        return IN_USE
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return READ_ONLY
    return f"The system refused ({error}): see to that, and run the same command again."


# What one sees


def say(sentence):
    print(sentence, flush=True)


def duration(seconds):
    return f"{seconds:.1f} s" if seconds < 60 else "{:.0f} min {:02.0f} s".format(*divmod(round(seconds), 60))


class Ticker:
    """One line that says what is being done, and on a terminal that it goes on."""

    def __init__(self, title):
        self.title, self.began = f"  {title:<24}", time.time()
        self.live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and os.name == "posix"
        self.write(self.title)

    def write(self, words):
        sys.stdout.write(words)
        sys.stdout.flush()

    def progress(self, line):
        if self.live:
            room = max(shutil.get_terminal_size().columns - 40, 0)
            self.write(f"\r{self.title} {time.time() - self.began:4.0f} s  {line.strip()[:room]}\x1b[K")

    def end(self, word):
        self.write(f"\r{self.title} {word}\x1b[K\n" if self.live else f" {word}\n")


# Start


def start(args):
    """JupyterLab on the home page, or on the notebook that is named first."""
    page = str(ROOT / HOME_PAGE)  # of this course, even when called from inside another copy
    if args and args[0].endswith(".ipynb"):
        page, args = args[0], args[1:]
    options = ["--ServerApp.root_dir=" + str(ROOT), "--LabApp.default_url=" + address(page)] + QUIET
    venv = prepared_or_old()
    options += port_option(args) + root_option()
    say("JupyterLab opens in your browser; ctrl-C in this window ends it.")
    become([venv.python, "-m", "jupyterlab"] + options + args, venv.environ(), cwd=ROOT)


def prepared_or_old():
    """A newer course may ask for newer packages while there is no network: then the old ones will do."""
    venv = learner()
    try:
        return venv.prepare()
    except Offline as problem:
        if not venv.stamps:
            raise
        say(f"{problem}\nUntil then the course runs with the packages that are there.")
        return venv


def address(page):
    """Where JupyterLab shows a file of the course; its front page when there is no such file."""
    file = Path(page) if Path(page).exists() else ROOT / page
    if not file.exists():
        return "/lab"
    if ROOT not in file.resolve().parents:
        raise Stop(f"{page} is not inside the course: copy it to {ROOT} and open it there.")
    return "/lab/tree/" + file.resolve().relative_to(ROOT).as_posix()


def port_option(args):
    """A free port, unless the caller asks for one, which must then be free."""
    asked = re.search(r"--(?:ServerApp\.)?port[= ](\d+)", " ".join(args))
    if not asked:
        return [f"--port={free_port()}"]
    if not is_free(int(asked.group(1))):
        raise Stop(f"Port {asked.group(1)} is taken or not allowed: ask for another, or leave out --port.")
    return []


def free_port(first=8888, tries=50):
    for port in range(first, first + tries):
        if is_free(port):
            return port
    raise Stop(f"No port from {first} to {port} is free: close other servers, or choose one with --port.")


def is_free(port):
    with socket.socket() as probe:
        if os.name == "posix":  # as servers do; on Windows this option means something else
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def root_option():
    """In a container one is root, where JupyterLab would refuse to start."""
    return ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def become(command, env, cwd=None):
    """Go on as the command, so that signals and the exit code are its own."""
    sys.stdout.flush()
    if os.name == "posix":
        os.chdir(str(cwd or os.curdir))
        os.execve(command[0], command, env)
    child = subprocess.Popen(command, env=env, cwd=cwd and str(cwd))
    while child.poll() is None:
        try:
            child.wait()
        except KeyboardInterrupt:
            continue  # the child has had it too, and ends by itself
    sys.exit(child.returncode)


# Run, test, and the rest


def run(args):
    """Any command inside the environment, from where the caller is."""
    flavor = {"--dev": dev, "--cluster": cluster, "--oracles": oracles}.get(args[0] if args else "")
    args = args[1:] if flavor else args
    if not args:
        raise Stop("Say what to run, as in `python3 start.py run python -m course_lib --help`.")
    venv = (flavor or learner)().prepare()
    env = venv.environ()
    command = shutil.which(args[0], path=env["PATH"])
    if not command:
        raise Stop(f"There is no command `{args[0]}`, neither in {venv.folder.name} nor on the PATH.")
    become([command] + args[1:], env)


def test(args):
    """All that CI runs; or with arguments, pytest with those."""
    rest = [arg for arg in args if arg != "--newest"]
    steps = [("tests", ["pytest"] + rest, "")] if rest else [style(), sources(), tests(), notebooks()]
    return perform(steps, dev(newest="--newest" in args).prepare())


def check(args):
    return perform([style(), tests(["-m", "not slow and not browser"] + args)], dev().prepare())


# A step: its title, what `python -m` runs, and why it is skipped if it is.


def style():
    return "style", ["ruff", "check", "."], ""


def sources():
    """What was built is what would be built."""
    there = (ROOT / "course_lib" / "__main__.py").exists()
    return "sources", ["course_lib", "build", "--check"], "" if there else "no course_lib/__main__.py yet"


def tests(args=()):
    there = any((ROOT / "tests").glob("test_*.py"))
    command = ["pytest"] + TWO_WORKERS + ["tests"] + list(args)
    return "tests", command, "" if there else "no tests/test_*.py yet"


def notebooks():
    """Every lesson and every key runs from top to bottom, and prints what it printed when it was built."""
    folders = [name for name in ("notebooks", "solutions") if any((ROOT / name).glob("*.ipynb"))]
    command = ["pytest", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"] + TWO_WORKERS
    if (ROOT / "tests" / "nbval_sanitize.cfg").exists():
        command += ["--nbval-sanitize-with", "tests/nbval_sanitize.cfg"]
    return "notebooks", command + folders, "" if folders else "no notebooks yet"


def perform(steps, venv):
    """Run the steps one by one, whatever fails, and sum them up; 0 when all is well."""
    began, rows = time.time(), []
    with tempfile.TemporaryDirectory(prefix="course-") as scratch:
        for number, (title, command, missing) in enumerate(steps, 1):
            say(f"\n[{number}/{len(steps)}] {title}: {missing or ' '.join(command)}")
            rows.append(skipped(title, missing) if missing else step(title, command, venv, Path(scratch)))
            if rows[-1][1] == "interrupted":
                break
    return summary(rows, time.time() - began)


def skipped(title, why):
    return title, "skipped", 0, {}, why


def step(title, command, venv, scratch):
    """Run one step: its title, result, seconds, counts of tests, and a note."""
    began, report = time.time(), scratch / (title + ".xml")
    if command[0] == "pytest":
        command = command + [f"--junitxml={report}"]
    result, note = ended([venv.python, "-m"] + command, venv.environ(**undisturbed(scratch)))
    counts = count(report)
    return title, result, time.time() - began, counts, note or spelled(counts)


def ended(command, env):
    """How the command ended: ok, failed or interrupted, with a note."""
    child = subprocess.Popen(command, env=env, cwd=str(ROOT))
    try:
        return ("failed", "") if child.wait(timeout=STEP_LIMIT) else ("ok", "")
    except subprocess.TimeoutExpired:
        child.terminate()
        return "failed", f"stopped after {duration(STEP_LIMIT)}"
    except KeyboardInterrupt:
        return "interrupted", ""  # the child has had it too
    finally:
        see_off(child)


def see_off(child):
    """Let the child end by itself for a moment; then end it."""
    try:
        child.wait(timeout=10)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        child.wait()


def undisturbed(scratch):
    """Tests neither read nor touch anybody's progress and settings."""
    places = {"COURSE_LIB_DATA": "data", "IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "jupyter"}
    return {name: str(scratch / folder) for name, folder in places.items()}


def count(report):
    """How many tests passed, failed and were skipped, as pytest's report says."""
    if not report.exists():
        return {}
    suites = list(ElementTree.parse(str(report)).iter("testsuite"))
    total, failures, errors, skips = (
        sum(int(suite.get(name, 0)) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    return {"passed": max(total - failed - skips, 0), "failed": failed, "skipped": skips}


def spelled(counts):
    return ", ".join(f"{number} {word}" for word, number in counts.items())


def summary(rows, seconds):
    say("\nSummary")
    for title, result, took, _, note in rows:
        say(f"  {title:<10} {result:<12} {duration(took):>12}   {note}")
    bad = [row[0] for row in rows if row[1] not in ("ok", "skipped")]
    say(f"{'Not well: ' + ', '.join(bad) if bad else 'All well'}, in {duration(seconds)}.")
    words = ("passed", "failed", "skipped")
    say(spelled({word: sum(row[3].get(word, 0) for row in rows) for word in words}))
    return 1 if bad else 0


def lock(args):
    """Resolve the ranges once for all systems and Pythons."""
    uv = working_uv()
    if not uv:
        raise Stop("Writing requirements.lock needs uv: `python3 -m pip install uv`, and try again.")
    command = [uv, "pip", "compile", "--universal", "--python-version", dotted(OLDEST), "--no-header"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--no-python-downloads"]
    command += ["-o", "requirements.lock"]
    return subprocess.call(command + list(dev().files) + args, cwd=str(ROOT), stdout=subprocess.DEVNULL)


def clean(args):
    """Remove the environments that this file made, and what tools left behind; nothing of anybody's."""
    for venv in (learner(), dev(newest=True), oracles()):
        if venv.mark_file.exists():
            venv.empty()
            venv.folder.rmdir()
            say(f"  removed {venv.folder.name}")
    names = [".pytest_cache", ".ruff_cache", ".hypothesis", "optimization_course.egg-info"]
    caches = [folder for part in ("course_lib", "tests") for folder in (ROOT / part).rglob("__pycache__")]
    for folder in [ROOT / name for name in names] + caches:
        shutil.rmtree(str(folder), ignore_errors=True)
    say("  removed the caches of Python, pytest and ruff")


def usage(args):
    say(__doc__.strip())


COMMANDS = {"test": test, "check": check, "run": run, "lock": lock, "clean": clean}
COMMANDS.update({"help": usage, "-h": usage, "--help": usage})


def perform_command(args):
    if args and args[0] in COMMANDS:
        return COMMANDS[args[0]](args[1:])
    if args and not args[0].startswith("-") and not args[0].endswith(".ipynb"):
        raise Stop(f"start.py knows no `{args[0]}`: `python3 start.py --help` lists what it does.")
    return start(args)


def main(args):
    """Do what is asked: every foreseeable trouble ends in one sentence, never in a traceback."""
    try:
        refuse_other_pythons()
        return perform_command(args) or 0
    except Stop as sentence:
        print(f"\n{sentence}", file=sys.stderr)
    except OSError as error:
        print(f"\n{refused(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. The same command starts over where that is needed.", file=sys.stderr)
        return 130
    return 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a path with accents must not break a line of ours
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
