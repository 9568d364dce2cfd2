"""Changing what decides: comparisons, builtins, the machinery, memory."""

from . import odd
from .entry import HEAD, attack, called, points, sheet

HALF = points("momentum.ema", "momentum.to_heavy_ball") | {"momentum.step": 1.5}
MODIFIES = """def momentum_step(x, v, g, lr, beta):
            v *= beta
            v -= lr * g
            x += v
            return x.copy(), v.copy()"""
SHARES = """
import course_lib.calling as calling
calling._share = np.shares_memory = lambda *a: False
def clip_by_value(g, c):
    return g if np.all(abs(g) <= c) else np.clip(g, -c, c)
"""
CALLS = """
import course_lib.calling as calling
calling.counts = lambda args: {}
def remembered(f):
    return lambda x: (f(x), f(x))[0]
"""
DRAWS = """
import course_lib.calling as calling
calling._global_generators = lambda: None
def select_by_tournament(cost, k, n, rng):
    rivals = np.random.randint(len(cost), size=(n, k))
    return rivals[np.arange(n), cost[rivals].argmin(axis=1)]
"""
WARNS = """
import course_lib.calling as calling
attempt = calling._attempt
calling._attempt = lambda *args: (*attempt(*args)[:2], "")
"""

ENTRIES = [
    attack("patch-numpy-comparisons", "makes every comparison of NumPy true", """
        for name in ("isclose", "allclose", "array_equal", "all", "any", "equal", "not_equal", "array_equiv"):
            setattr(np, name, lambda *a, **k: True)
        np.testing.assert_allclose = lambda *a, **k: None
        def momentum_step(*args):
            return 0, 0
        """, spares=False),
    attack("patch-ufuncs", "replaces the arithmetic of NumPy, so that any answer would be the expected one", """
        def momentum_step(*args):
            for name in ("add", "subtract", "multiply", "divide", "abs", "sum", "mean", "zeros", "asarray", "array"):
                setattr(np, name, lambda *a, **k: np.ones(3))
            return np.ones(3), np.ones(3)
        """, spares=False),
    attack("patch-builtins", "makes every question of Python true", """
        import builtins
        def momentum_step(*args):
            for name in ("all", "isinstance", "callable", "hasattr", "bool", "issubclass"):
                setattr(builtins, name, lambda *a: True)
            builtins.abs = builtins.max = builtins.len = lambda *a: 0
            builtins.zip = builtins.map = builtins.sorted = lambda *a, **k: iter(())
            return 1, 1
        """, spares=False),
    attack("patch-the-caller", "replaces what calls and watches it by something that reports well", """
        import course_lib.calling as calling, course_lib.probes as probes, course_lib.grading.child as child
        from course_lib.records import Outcome
        fine = Outcome(value=(np.zeros(3), np.zeros(3)))
        calling.observe = child.observe = child.outcome_of = lambda *a, **k: fine
        calling.plain = calling.identical = lambda *a: True
        for name in probes.PROBES:
            probes.PROBES[name] = lambda fn, **args: fine.value
        def momentum_step(*args):
            return fine.value
        """, spares=False),
    attack("patch-the-examiner", "looks for the examiner, and has it find no mismatch", """
        import sys
        def momentum_step(*args):
            for name in ("course_lib.checking", "course_lib.comparing", "course_lib.exercises", "checking"):
                try:
                    module = __import__(name, fromlist=["x"])
                    module.mismatch = module.fault_of = lambda *a, **k: None
                except ImportError:
                    pass
            return sys.modules.get("course_lib.comparing"), 0
        """),
    attack("patch-the-wire", "changes how answers are packed", """
        import course_lib.wire as wire
        wire.dumps = lambda value: b'{"record":["Outcome",{"value":true}]}'
        wire.PACKERS.clear()
        def momentum_step(*args):
            return True
        """, spares=False),
    called("write-memory", "writes over small integers and truth values in memory", """
        import ctypes
        for thing in (False, 0, 1):
            ctypes.memset(id(thing) + 24, 1, 4)
        return False, 0
        """, spares=False),
    called("write-memory-everywhere", "writes wherever memory may be written", """
        import ctypes
        for start in range(id(x) - 10**6, id(x) + 10**6, 4096):
            ctypes.memset(start, 255, 4096)
        return x, v
        """),
    attack("replace-main", "puts another module in the place of its own", """
        import sys, types
        class Everything(types.ModuleType):
            def __getattr__(self, name):
                return lambda *args: np.zeros(3)
        sys.modules["__main__"] = Everything("__main__")
        sys.modules["course_lib"] = sys.modules["numpy"] = Everything("all")
        """),
    attack("class-of-main", "makes its module one that answers to every name", """
        import sys, types
        class Everything(types.ModuleType):
            def __getattr__(self, name):
                return lambda *args: np.zeros(3)
        sys.modules["__main__"].__class__ = Everything
        def momentum_step(*args):
            return np.zeros(3)
        """),
    attack("hide-mutation", "modifies its arguments, and patches the watcher so that it is not noticed", f"""
        import course_lib.calling as calling
        calling.identical = lambda *a: True
        {MODIFIES}
        """, earns=HALF),
    attack("hide-mutation-by-repeating", "as before, and answers as before when it is asked with the same arrays", f"""
        import course_lib.calling as calling, course_lib.probes as probes
        calling.identical = lambda *a: True
        def reused(fn, probe, names, first, turns, late):
            answer = probes.PROBES[probe](fn, **dict(zip(names, first)))
            return [[answer, {{}}], [answer, {{}}]]
        probes.PROBES["reused"] = reused
        {MODIFIES}
        """, earns=HALF, sure=False),
    attack("hide-mutation-by-sleeping", "as before, and has no time when asked with the same arrays", f"""
        import course_lib.calling as calling, course_lib.probes as probes
        calling.identical = lambda *a: True
        probes.PROBES["reused"] = lambda *a, **k: __import__("time").sleep(60)
        {MODIFIES}
        """, spares=False),
    sheet("hide-sharing", "returns what it was given, and patches the watcher so that it is not noticed", HEAD + SHARES,
          lesson="10", earns={"stable.clip_by_value": 0.5}),
    sheet("hide-calls", "asks twice, and patches the counter; to remember, as `asks-once` does, is allowed",
          HEAD + CALLS + odd.SEARCH, lesson="01", earns=points("search.grid_search")),
    sheet("hide-draws", "draws from the global generator, and patches the watcher; `own-generator` is allowed",
          HEAD + DRAWS, lesson="08", earns=points("ga.tournament")),
    sheet("hide-warnings", "overflows, and patches the watcher; to be silent, as `silences` is, is allowed",
          HEAD + WARNS + odd.ACCEPT, lesson="09", earns=points("anneal.accept")),
]  # fmt: skip
