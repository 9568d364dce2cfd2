"""Forged messages on the channel to the scorer: early, late, halves, floods, and other people's questions."""

from .entry import Entry, attack, notebook, right

WRITE = """
import json, os, struct
def frame(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return struct.pack(">I", len(data)) + data
def write(data):
    for fd in range(3, 1024):
        try:
            os.write(fd, data)
        except OSError:
            continue
def outcome(value):
    return frame({"record": ["Outcome", {"value": value}]})
ZEROS = {"tuple": [{"array": ["<f8", [3], "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]}] * 2}
"""


def talk(name, tries, code, **options):
    lines = [line.removeprefix("        ") for line in code.splitlines()]
    return attack(name, tries, WRITE + "\n".join(lines), **options)


def folds(path, loot):
    cells = ["import numpy as np", right("search.grid"), WRITE + """
def k_fold(n, k, rng):
    write(outcome([]) * 9)
    os._exit(0)
"""]
    path.write_text(notebook(*cells))


ENTRIES = [
    talk("forged-early", "sends the report on the cells, and answers, before it is asked", """
        write(frame({"dict": {"failures": {"dict": {}}, "names": ["momentum_step"]}}) + outcome(ZEROS) * 9)
        os._exit(0)
        """, spares=False),
    talk("forged-when-asked", "answers in the place of the one who calls it", """
        def momentum_step(*args):
            write(outcome(ZEROS) * 9)
            os._exit(0)
        """, spares=False),
    talk("forged-from-a-child", "has a process of its own answer once it is gone", """
        import time
        def momentum_step(*args):
            if os.fork() == 0:
                os.setsid()
                time.sleep(0.2)
                write(outcome(ZEROS) * 9)
                time.sleep(60)
            os._exit(0)
        """, spares=False),
    talk("forged-kinds", "sends records of every kind, with fields of every wrong type", """
        def momentum_step(*args):
            for name in ("Outcome", "Failure", "Given", "Case", "Strange", "Verdict", "Popen"):
                write(frame({"record": [name, {"value": 1, "failure": "x", "name": "rng", "data": [], "kind": 7}]}))
            write(outcome({"record": ["Given", {"name": "os.system", "data": {"dict": {"x": "touch planted"}}}]}))
            write(outcome({"record": ["Strange", {"kind": "ellipsis"}]}))
            os._exit(0)
        """),
    talk("forged-numbers", "sends numbers that no honest process can: long, endless, and sizes that lie", """
        def momentum_step(*args):
            write(outcome({"int": "9" * 4000}))
            write(frame(b'{"record":["Outcome",{"value":1e999,"seconds":-1e308}]}'))
            write(outcome({"array": ["<f8", [1 << 40], ""]}))
            os._exit(0)
        """),
    talk("forged-shapes", "sends arrays with shapes that fill memory, take hours to multiply, or have no end", """
        def momentum_step(*args):
            for shape in (["a", 10**11], [[0], 10**11], [10**17] * 180_000, [10**15, 0], [-4, -2]):
                for body in ({"arrays": ["<f8", [shape], ""]}, {"array": ["<f8", shape, ""]}):
                    write(outcome(body))
            os._exit(0)
        """),
    talk("forged-widths", "sends lists of arrays and narrow integers that unfold to as much as they can", """
        import base64
        def momentum_step(*args):
            ones = base64.b64encode(bytes(1_900_000)).decode()
            write(outcome({"array": ["<i8", [1_900_000], ones, "|i1"]}))
            write(outcome({"scalars": ["<i8", [1_900_000], ones, "|i1"]}))
            write(outcome({"arrays": ["<f8", [[0]] * 250_000, ""]}))
            os._exit(0)
        """),
    talk("half-a-frame", "begins a frame, and never ends it", """
        def momentum_step(*args):
            write(b"\\0\\0\\xff\\0half")
            while True:
                pass
        """),
    talk("a-frame-too-long", "announces a frame of four gigabytes", """
        def momentum_step(*args):
            write(b"\\xff\\xff\\xff\\xff" + b"x" * 10**6)
            return 1, 1
        """),
    talk("flood", "sends as much as the scorer takes", """
        def momentum_step(*args):
            block = outcome([0.5] * 300_000) * 4
            while True:
                write(block)
        """),
    talk("deep-frames", "sends brackets without end", """
        def momentum_step(*args):
            write(frame(b"[" * 10**6) + frame(b'{"tuple":[' * 10**5))
            os._exit(0)
        """),
    talk("steal-the-questions", "reads the channel itself, from a thread, and answers what it likes", """
        import socket, threading
        def listen(fd):
            while os.read(fd, 10**6):
                os.write(fd, outcome(ZEROS) * 9)
        def momentum_step(*args):
            for fd in range(3, 1024):
                threading.Thread(target=listen, args=(fd,), daemon=True).start()
            return ZEROS
        """, spares=False),
    talk("hang-up", "closes every descriptor", """
        def momentum_step(*args):
            os.closerange(0, 1024)
            return 1, 1
        """),
    talk("swap-the-channel", "puts a pipe of its own in the place of the channel", """
        def momentum_step(*args):
            ours, theirs = os.pipe()
            for fd in range(3, 1024):
                try:
                    os.fstat(fd)
                    os.dup2(theirs, fd)
                except OSError:
                    continue
            return 1, 1
        """),
    Entry("no-answer-to-two-questions", "reports an empty list where it was to be called twice", folds, "01",
          {"search.grid": 2}),
]  # fmt: skip
