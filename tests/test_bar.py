"""What one sees while many are graded: the bar, the plain lines, the log."""

import io
import re

from course_lib.grading.bar import Bar, Log, spelled
from course_lib.grading.marks import GRADED, UNREADABLE, Graded
from course_lib.grading.submissions import Found


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def walked(total, steps, seconds, stream, **options):
    """What a bar wrote when each step took so many seconds."""
    clock = Clock()
    bar = Bar(total, stream, clock, **options)
    for _ in range(steps):
        clock.now += seconds
        bar.step()
    bar.end()
    return stream.getvalue()


def test_a_terminal_sees_rate_and_time_left():
    """Whoever waits for ten thousand would not know whether to wait a minute or an hour."""
    assert "5,000/10,000  20.0 a second  4:10 left" in walked(10_000, 5_000, 0.05, Terminal())
    assert "█" * 24 + " 10/10  2.0 a second  0:00 left" in walked(10, 10, 0.5, Terminal())


def test_a_bar_is_there_before_the_first_is_done():
    """The first seconds, when processes start, would look like a hang."""
    assert "0/10  starting" in walked(10, 0, 1.0, Terminal())


def test_a_fast_run_does_not_flood_the_terminal():
    """Ten thousand redraws would cost more than some of the grading, over a slow connection most of it."""
    assert walked(10_000, 10_000, 0.001, Terminal()).count("\r") <= 110


def test_an_early_end_leaves_the_line():
    """What is printed after ctrl-C would stand behind the bar."""
    assert walked(10, 3, 1.0, Terminal()).endswith("\n")
    assert walked(10, 10, 1.0, Terminal()).count("\n") == 1


def test_a_file_gets_at_most_ten_plain_lines():
    """A log of a nightly run would be one line of carriage returns, or ten thousand lines."""
    lines = walked(10_000, 10_000, 0.1, io.StringIO()).splitlines()
    assert lines[0] == "1,000 of 10,000 graded, 10.0 a second  15:00 left" and len(lines) == 9
    assert walked(10, 10, 0.1, io.StringIO()) == ""


def test_quiet_and_empty_runs_say_nothing():
    """`--quiet` would not be, and a regrade with nothing to do would divide by zero."""
    assert walked(10, 10, 1.0, Terminal(), quiet=True) == ""
    assert walked(1_000, 1_000, 1.0, io.StringIO(), quiet=True) == ""
    assert walked(0, 0, 1.0, Terminal()) == ""


def test_hours_are_spelled():
    """A run of two hours would be said to take 120:00."""
    assert [spelled(5), spelled(65.4), spelled(7265)] == ["0:05", "1:05", "2:01:05"]


def test_the_log_has_a_line_a_submission(tmp_path):
    """When a run is slow, nobody could say at whose submission; the lines of the run before must stay."""
    for status in (GRADED, UNREADABLE):
        log = Log(tmp_path / "grade.log", 1)
        log.line(Graded(Found("ada", "05", "p"), status, "" if status == GRADED else "cut short", seconds=0.0421))
        log.end()
    lines = (tmp_path / "grade.log").read_text().splitlines()
    assert [line.split("\t")[1:] for line in lines] == [
        ["# 1 to grade"], ["ada", "05", "graded", "0.042"],
        ["# 1 to grade"], ["ada", "05", "unreadable", "0.042", "cut short"]]  # fmt: skip
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", line.split("\t")[0]) for line in lines)


def test_a_name_cannot_forge_a_line_of_the_log(tmp_path):
    """A folder's name with a line break in it would write a line of its own."""
    log = Log(tmp_path / "grade.log", 1)
    log.line(Graded(Found("eve\n2026\tada\t05", "05", "p"), GRADED))
    log.end()
    assert (tmp_path / "grade.log").read_text().splitlines()[1].split("\t")[1] == "eve 2026 ada 05"
