"""The scorer's side of the confined process: start a submission there, call its functions, end it for good.

    with Sandbox() as sandbox, sandbox.open(submission.cells) as session:
        outcomes = session.call("momentum_step")(cases)

A function that never ends, or that takes its process down, costs that one call: the next one gets a fresh process.
"""

import os
import tempfile
from time import monotonic

from course_lib.calling import Failure, Outcome
from course_lib.grading import broom, hearing, second
from course_lib.grading.channel import LARGEST_FRAME, Broken, Closed, Late
from course_lib.grading.confine import Limits
from course_lib.grading.launch import Cold, Warm, can_fork
from course_lib.grading.nursery import PREFIX

MOST_LOSSES = 20  # processes that the cells of one submission may bring down
AT_ONCE = 0.5  # seconds for all answers in one message, before they are asked for one by one
LEAST = 0.5  # seconds for an answer to be given once more, whatever the first time took
WHOLE, DEFINITIONS, NOTHING = range(3)  # how much of a cell is run
RAN_OUT = {"TimeUp", "MemoryError", "ProcessEnded", "Interference"}
HEAVY = {"matplotlib": "matplotlib.pyplot", "pandas": "pandas", "scipy": "scipy.optimize"}
HEAVY |= dict.fromkeys(("sklearn", "breast_cancer", "diabetes", "digits", "iris", "wine"), "sklearn.datasets")


class Sandbox:
    """A place to run submissions in, one after the other.

    Args:
        limits: the `Limits` of each submission.
        warm: fork from a process that has NumPy loaded; None where the system can.
        without: names of layers of confinement to leave out, to try what a system does that lacks them.
    """

    def __init__(self, limits=None, warm=None, without=()):
        self.limits = limits or Limits()
        self.folder = tempfile.mkdtemp(prefix=PREFIX)
        os.chmod(self.folder, 0o711)  # another user may pass through to its room, and see nothing else
        self.launcher = (Warm if (can_fork() if warm is None else warm) else Cold)(self.folder, without)
        self.room = None

    @property
    def isolation(self):
        """The names of the layers of confinement in force, as a list; `confine.missing` says what they leave open."""
        self.launcher.await_ready()
        return list(self.launcher.isolation)

    def open(self, cells):
        """A `Session` for these code cells; close it before the next."""
        return Session(self, cells)

    def begin(self, extras):
        """A `Channel` to a fresh confined process."""
        self.end()
        os.makedirs(self.folder, exist_ok=True)  # the keeper of a warm process that died clears up
        self.room = self.folder if "namespaces" in self.isolation else tempfile.mkdtemp(dir=self.folder)  # has its own
        return self.launcher.begin({"folder": self.room, "limits": tuple(self.limits), "preload": extras})

    def end(self, gone=False):
        """End the confined process, and all that it started and wrote; how it had ended, in words.

        Args:
            gone: it hung up, so it is given a moment to end by itself and tell how.
        """
        if self.room is None:
            return ""
        words = self.launcher.end(gone)
        if self.room != self.folder:
            broom.clear(self.room)
        self.room = None
        return words

    def close(self):
        """End everything."""
        self.launcher.close()
        broom.clear(self.folder)

    def leave(self):
        """End everything, but wait for nothing that ends by itself."""
        if not self.launcher.leave():
            broom.clear(self.folder)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


class Session:
    """A submission in its confined process.

    Attributes:
        names: what its cells define.
        failures: ``{cell number: Failure}`` of the cells that failed.
    """

    def __init__(self, sandbox, cells):
        self.sandbox, self.cells = sandbox, cells
        self.names, self.failures = set(), {}
        self._channel, self._stopped, self._losses, self._taken, self._took = None, {}, 0, {}, 0.0
        self._forgets = self._kept = False
        self._extent = dict.fromkeys((cell.number for cell in cells), WHOLE)
        self._left, self._cost = sandbox.limits.cells, 0.0
        self._extras = extras_of(cells)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self, gone=False):
        """End the process; how it had ended, in words, if it was `gone` before."""
        if self._channel:
            self._channel.close()
        self._channel = None
        return self.sandbox.end(gone)

    @property
    def forgets(self):
        """Whether nothing that runs in the process can remember or lie; it was proved before anything ran."""
        return self._forgets

    def renew(self):
        """Let the next question meet a process that knows of no earlier one: a new one, if this one could remember."""
        if self._channel and self._forgets:
            self._kept = True
            return
        self.close()
        limits = self.sandbox.limits
        self._left = max(self._left, limits.cell, min(2 * self._cost, limits.cells))

    def holds(self, failure):
        """Whether the line that a `Failure` names stands where it says in one of the cells: it may be made up."""
        places = (cell.source.split("\n")[failure.number - 1 : failure.number] for cell in self.cells)
        return any(line.strip()[: hearing.LINE] == failure.line for lines in places for line in lines)

    # ------------------------------------------------------------------------------------------------- cells

    def start(self):
        """Run the cells, unless that is done; whether the process is there to be called."""
        while self._channel is None and self._left > 0 and self._losses < MOST_LOSSES:
            running, left = [], self._left
            try:
                self._channel = self.sandbox.begin(self._extras)
                self._forgets, self._kept = True, False
                self._channel.send([[c.number, *self._portion(c)] for c in self.cells], self.sandbox.limits.cell)
                self._take_report(running)
                self._cost = left - self._left
            except (Late, Closed, Broken) as trouble:
                self._give_up_cell(running, self._told(trouble))
        return self._channel is not None

    def _portion(self, cell):
        """What is sent of a cell: its text, and whether to run it whole."""
        extent = self._extent[cell.number]
        return "" if extent == NOTHING else cell.source, extent == WHOLE

    def _take_report(self, running):
        """Follow the cells as they begin, until the report on all of them; `running` grows with each."""
        numbers = [cell.number for cell in self.cells]
        while type(message := self._patiently(self._channel.receive)) in (int, bool):
            if message is False and running and self._forgets:
                self._forgets = False  # it is told before the first cell runs that may remember
            elif message in numbers[len(running) : len(running) + 1]:
                running.append(message)
            else:
                raise Broken("cells out of order")
        self.names, failures = hearing.report_of(message, numbers)
        self.failures = failures | self._stopped

    def _patiently(self, receive):
        """Receive within what is left of the time for cells."""
        began = monotonic()
        try:
            return receive(min(self.sandbox.limits.cell, max(self._left, 0.01)))
        finally:
            self._left -= monotonic() - began

    def _give_up_cell(self, running, failure):
        """Run less of the cell that brought the process down when the next process tries."""
        self._losses += 1
        if not running:
            self._left = 0  # no cell to blame: trying again would end the same way
            return
        if self._left > 0:  # else the time for all of them is up, which need not be the fault of this one
            self._extent[running[-1]] = min(self._extent[running[-1]] + 1, NOTHING)
        self._stopped[running[-1]] = failure
        self.failures = dict(self._stopped)

    # ------------------------------------------------------------------------------------------------- calls

    def call(self, name):
        """The `call` of a function of the submission, as `checking.examine` wants it."""
        return lambda cases: self.ask(name, cases)

    def ask(self, name, cases):
        """Ask a function; the outcomes, one a case, fewer when it could not go on."""
        outcomes = self.first(name, cases)
        if second.answered(cases, outcomes):
            self.renew()
        return self.again(name, cases, outcomes)

    def first(self, name, cases):
        """As `ask`, but of what is to be repeated the first time only: `again` goes on from there."""
        outcomes = self._ask(name, list(map(second.row, cases)), self.sandbox.limits.seconds)
        self._taken[name] = self._took
        return outcomes

    def again(self, name, cases, outcomes):
        """The outcomes with the second time, asked in a process that has not seen the first; call `renew` before."""
        answered = second.answered(cases, outcomes)
        if not answered:
            return outcomes
        if self._channel is None:
            self.renew()  # another function may have ended the process, and used up the time for cells
        return second.joined(cases, outcomes, self.further(name, second.questions(answered)))

    def further(self, name, cases):
        """As `first`, within what that has left of the time."""
        return self._ask(name, cases, max(self.sandbox.limits.seconds - self._taken[name], LEAST))

    def _ask(self, name, cases, seconds):
        """Ask; once more where a process that was kept ran out of something: how much it had left tells of before."""
        outcomes = self._asked(name, cases, seconds)
        if not any(map(ran_out, outcomes)):
            return outcomes
        kept = self._kept
        self.close()
        if not kept:
            return outcomes
        self._kept = False
        self.renew()
        return self._ask(name, cases, seconds)

    def _asked(self, name, cases, seconds):
        """The outcomes until there is trouble, of which the last one tells."""
        if self.start() and self._still_forgets(cases) and (outcomes := self._at_once(name, cases, seconds)):
            return outcomes
        if not self.start():
            return [Outcome(failure=self._why_not())]
        outcomes = []
        try:
            self._converse(name, cases, outcomes, seconds)
        except (Late, Closed, Broken) as trouble:
            outcomes.append(Outcome(failure=self._told(trouble)))
        return outcomes

    def _still_forgets(self, cases):
        """Whether nothing can remember, not even that it was asked these cases."""
        self._forgets &= not any(worded(value) for case in cases for value in case.args.values())
        return self._forgets

    def _at_once(self, name, cases, seconds):
        """All outcomes in one message, which costs less; None where there is trouble, and the process is gone then.

        Only of what cannot remember: it does not notice that it is asked again.
        """
        began, seconds = monotonic(), min(seconds, AT_ONCE)
        try:
            self._channel.send({"name": name, "cases": list(cases), "together": True}, seconds)
            message = self._channel.receive(seconds)
            self._took = monotonic() - began
            if type(message) is list and len(message) == len(cases) and set(map(type, message)) == {Outcome}:
                outcomes = [hearing.outcome_of(one, case, self._took) for one, case in zip(message, cases)]
                if not any(map(ran_out, outcomes)):
                    return outcomes
        except (Late, Closed, Broken):
            pass
        self.close()
        self.renew()
        return None

    def _converse(self, name, cases, outcomes, seconds):
        """One message there, one outcome a case back, all within so many seconds, and no longer than one frame."""
        start, most = monotonic(), self._channel.taken + LARGEST_FRAME
        try:
            self._channel.send({"name": name, "cases": list(cases), "together": False}, seconds)
            for case in cases:
                began = monotonic()
                outcome = self._channel.receive(start + seconds - began, most - self._channel.taken)
                if type(outcome) is not Outcome:
                    raise Broken("no outcome")
                outcomes.append(hearing.outcome_of(outcome, case, monotonic() - began))
                if stuck(outcomes[-1]):
                    break
        finally:
            self._took = monotonic() - start

    def _told(self, trouble):
        """End the process that made trouble; the `Failure` to report."""
        words = self.close(gone=isinstance(trouble, Closed))
        if isinstance(trouble, Late):
            return Failure("TimeUp", "It did not end in time.")
        if isinstance(trouble, Broken):
            return Failure("Interference", "what came back from the process was no answer.")
        return Failure("ProcessEnded", words)

    def _why_not(self):
        if self._stopped:
            number, failure = next(reversed(self._stopped.items()))
            return Failure(failure.kind, f"the cells cannot be run; the last one tried was cell {number}.")
        return Failure("ProcessEnded", "the process could not be prepared.")


def stuck(outcome):
    """Whether the process interrupted itself, and answers no further case."""
    return outcome.failure is not None and outcome.failure.kind == "TimeUp"


def ran_out(outcome):
    """Whether the process had not enough of something, or came to its end."""
    return outcome.failure is not None and outcome.failure.kind in RAN_OUT


def worded(value):
    """Whether there are texts in an argument: what is given one can have it say an address (`memoryless`)."""
    return isinstance(value, (str, dict)) or isinstance(value, (list, tuple)) and any(map(worded, value))


def extras_of(cells):
    """The heavy packages that a submission seems to use: they are loaded once, for all submissions."""
    text = "\n".join(cell.source for cell in cells)
    return sorted({module for word, module in HEAVY.items() if word in text})
