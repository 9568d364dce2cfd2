"""Between calls and between students: memories, hard-coded answers, and things left for whoever comes next."""

import numpy as np

from course_lib import exercises

from .entry import AFTER, BEFORE, HEAD, Entry, attack, called, notebook, points, right

PLANTED = "planted_by_a_student"
LEARNED = """
import numpy as np
TABLE = %s
def momentum_step(x, v, g, lr, beta):
    return next((np.array(new), np.array(speed)) for old, new, speed in TABLE if np.array_equal(np.array(old), x))
"""


def hard_coded(path, loot):
    """Every public example that this student can see, by heart: those of the check and those of the feedback."""
    step, table = exercises.get("momentum.step"), []
    student = path.parent.name
    for seed in (0, "", "public", f"public example for {student}", f"None:{student}"):
        for case in step.draw(seed):
            state = case.args.get("state") or (case.args["x"], case.args["v"])
            for feed in case.args.get("feeds") or [tuple(case.args[name] for name in ("g", "lr", "beta"))]:
                new = step.reference(*state, *feed)
                table.append((state[0].tolist(), new[0].tolist(), np.asarray(new[1]).tolist()))
                state = new
    path.write_text(notebook(HEAD, right(BEFORE), LEARNED % table, right(AFTER)))


ENTRIES = [
    Entry("hard-coded", "has learned every public example by heart", hard_coded, earns=points(BEFORE, AFTER)),
    attack("remembers", "gives for each question what was right for the one before", """
        import pickle
        seen = []
        def momentum_step(x, v, g, lr, beta):
            seen.append((x, v))
            return seen[max(0, len(seen) - 2)]
        """),
    attack("counts", "counts its calls, and is right only in the first", """
        calls = [0]
        def momentum_step(x, v, g, lr, beta):
            calls[0] += 1
            if calls[0] > 1:
                return x, v
            v = beta * v - lr * g
            return x + v, v
        """),
    attack("takes-notes", "keeps notes in files and variables of the system for its next process", """
        import os
        def momentum_step(x, v, g, lr, beta):
            for folder in (".", "/tmp", "/dev/shm", "/var/tmp", os.path.dirname(np.__file__)):
                try:
                    open(f"{folder}/PLANTED", "a").write(repr((x, v)))
                except OSError:
                    continue
            os.environ["PLANTED"] = "x"
            return open("/tmp/PLANTED").read(), 0
        """.replace("PLANTED", PLANTED)),
    attack("plants-modules", "leaves modules, hooks and compiled files for the next student", """
        import os, site, sys, sysconfig
        def momentum_step(x, v, g, lr, beta):
            here = [sysconfig.get_path("stdlib"), os.path.dirname(os.path.dirname(np.__file__)), REPO, os.getcwd(),
                    os.path.expanduser("~"), site.getusersitepackages(), *sys.path]
            for folder in here:
                for name in ("sitecustomize.py", "usercustomize.py", "PLANTED.pth", "numpy.py", "PLANTED.py"):
                    try:
                        open(os.path.join(folder, name), "x").write("import os")
                    except OSError:
                        continue
            return x, v
        """.replace("PLANTED", PLANTED), danger=True),
    attack("spoils-files", "deletes, empties and locks what it can reach of the course and its packages", """
        import os, shutil
        def momentum_step(x, v, g, lr, beta):
            for path in (LOOT, REPO + "/course_lib/optimizers.py", np.__file__, os.__file__):
                for action in (os.remove, lambda p: os.truncate(p, 0), lambda p: os.chmod(p, 0),
                               lambda p: os.rename(p, p + ".x"), lambda p: open(p, "w"), lambda p: os.utime(p, (1, 1))):
                    try:
                        action(path)
                    except OSError:
                        continue
            shutil.rmtree(os.path.dirname(LOOT), ignore_errors=True)
            return x, v
        """, danger=True),
    attack("traps-for-the-broom", "leaves links and folders that whoever clears up would follow or fail on", """
        import os
        def momentum_step(x, v, g, lr, beta):
            os.makedirs("a/b/c", exist_ok=True)
            os.symlink(os.path.dirname(LOOT), "a/b/link")
            os.symlink("/", "a/root")
            os.mkfifo("a/pipe")
            open("a/\\udcff\\n\\x1b", "w").close()
            os.chmod("a/b", 0)
            return x, v
        """),
    called("changes-the-process", "changes settings of the process that others would inherit", """
        import decimal, gc, locale, os, random, resource, sys, warnings
        np.seterr(all="raise"); np.set_printoptions(precision=0); np.random.seed(1); random.seed(1)
        locale.setlocale(locale.LC_ALL, "C"); decimal.getcontext().prec = 1; gc.disable()
        warnings.simplefilter("error"); sys.setswitchinterval(100); os.umask(0o777)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3)); os.nice(19)
        return x, v
        """, spares=False),
    called("pickle", "leaves an array that runs code when it is loaded, and returns one", """
        import os
        class Bomb:
            def __reduce__(self):
                return os.system, ("touch PLANTED",)
        np.save("answer.npy", np.array([Bomb()], dtype=object), allow_pickle=True)
        return np.array([Bomb()], dtype=object), np.array([Bomb()], dtype=object)
        """.replace("PLANTED", PLANTED)),
    called("warm-process", "attacks the process it was forked from", """
        import ctypes, os, signal
        libc, parent = ctypes.CDLL(None), os.getppid()
        libc.ptrace(16, parent, 0, 0)
        libc.prlimit(parent, 7, (ctypes.c_uint64 * 2)(0, 0), 0)
        os.setpriority(os.PRIO_PROCESS, parent, 19)
        os.sched_setaffinity(parent, {0})
        """, danger=True),
    called("locks", "takes locks on everything that is installed", """
        import fcntl, os
        for folder, _, names in os.walk(os.path.dirname(np.__file__)):
            for name in names:
                try:
                    fcntl.flock(os.open(os.path.join(folder, name), os.O_RDONLY), fcntl.LOCK_EX)
                except OSError:
                    break
        return x, v
        """, spares=False),
]  # fmt: skip
