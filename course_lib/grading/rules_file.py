"""Read the rules of a course from a CSV or TOML file, and write them as text for the gradebook."""

import csv
import json
from datetime import datetime

from course_lib.grading.rules import BEST, LAST, Deadline, Rules, moment
from course_lib.lessons import lesson

COLUMNS = ("lesson", "due", "student", "cutoff")
PENALTY = {"percent_a_day": "percent", "most_percent": "most", "grace_minutes": "grace"}


def read(path, before=Rules()):  # noqa: B008 (nothing is changed in it)
    """The `Rules` in a file; what a CSV file does not say stays as it was `before`.

    Raises:
        ValueError: the file cannot be read, or says something else; one sentence that names file and place.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".toml":
            return from_toml(toml(text))
        return before._replace(deadlines=from_csv(text))
    except OSError as error:
        raise ValueError(f"{path} cannot be opened ({error.strerror}): give a CSV or TOML file of deadlines.") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def from_csv(text):
    """Deadlines from the columns lesson, due, and if need be student and cutoff."""
    rows = csv.DictReader(text.splitlines())
    if not {"lesson", "due"} <= set(rows.fieldnames or ()) <= set(COLUMNS):
        raise ValueError("the first line names the columns lesson, due, and if need be student and cutoff.")
    deadlines = {}
    for number, row in enumerate(rows, 2):
        try:
            key = known(row["lesson"]), (row.get("student") or "").strip()
            deadlines[key] = Deadline(zoned(row["due"]), zoned(row["cutoff"]) if row.get("cutoff") else None)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
    return deadlines


def toml(text):
    """The tables of a TOML file."""
    try:
        import tomllib
    except ImportError:
        raise ValueError("TOML needs Python 3.11: write the deadlines as CSV, lesson,due,student,cutoff.") from None
    return tomllib.loads(text)


def from_toml(tables):
    """`Rules` from the tables [lessons.05], [lessons.05.extensions] and [penalty], and the entry attempts."""
    refuse(set(tables) - {"lessons", "penalty", "attempts"})
    penalty = tables.get("penalty", {})
    refuse(set(penalty) - set(PENALTY))
    deadlines = {}
    for number, entry in tables.get("lessons", {}).items():
        refuse(set(entry) - {"due", "cutoff", "extensions"})
        for student, when in {"": entry.get("due"), **entry.get("extensions", {})}.items():
            cutoff = entry["cutoff"] if "cutoff" in entry and not student else None
            deadlines[known(number), student] = Deadline(zoned(when), zoned(cutoff) if cutoff else None)
    numbers = {PENALTY[name]: value for name, value in penalty.items()}
    return checked(Rules(deadlines, attempts=tables.get("attempts", LAST), **numbers))


def refuse(unknown):
    """Raise ValueError for an entry that means nothing here: a typing error must not switch a rule off."""
    if unknown:
        raise ValueError(f"there is an entry {sorted(unknown)[0]!r} that means nothing here.")


def checked(rules):
    """The rules, if they make sense; else ValueError."""
    if rules.attempts not in (BEST, LAST):
        raise ValueError('attempts is "best" or "last".')
    for name in ("percent", "most", "grace"):
        value = getattr(rules, name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
            raise ValueError(f"{name} is a number, zero or more.")
    return rules._replace(most=min(rules.most, 100.0))


def known(number):
    """The number of a lesson that there is, or ValueError."""
    try:
        return lesson(str(number).strip()).number
    except KeyError as error:
        raise ValueError(error.args[0]) from None


def zoned(when):
    """A time of day that says where on Earth, or ValueError: without a zone nobody can say when it is due."""
    try:
        made = when if isinstance(when, datetime) else datetime.fromisoformat(when.strip().replace("Z", "+00:00"))
    except (ValueError, AttributeError):
        raise ValueError(f"{when!r} is no time: write it as 2026-11-22T23:59:00+01:00.") from None
    if made.tzinfo is None:
        raise ValueError(f"{when} has no time zone: write it as 2026-11-22T23:59:00+01:00.")
    return made


# ------------------------------------------------------------------------------------------------------ as text


def as_text(rules):
    """Rules as JSON, the same text for the same rules."""
    deadlines = [[*key, *(time.isoformat() if time else "" for time in deadline)]
                 for key, deadline in sorted(rules.deadlines.items())]  # fmt: skip
    return json.dumps(rules._replace(deadlines=deadlines)._asdict())


def from_text(text):
    """The rules that `as_text` wrote."""
    made = json.loads(text)
    made["deadlines"] = {(number, student): Deadline(moment(due), moment(cutoff) if cutoff else None)
                         for number, student, due, cutoff in made["deadlines"]}  # fmt: skip
    return Rules(**made)


def in_words(rules):
    """Rules for a terminal, a line each."""
    for (number, student), deadline in sorted(rules.deadlines.items()):
        whose = f" for {student}" if student else ""
        last = f", nothing after {deadline.cutoff:%Y-%m-%d %H:%M %z}" if deadline.cutoff else ""
        yield f"lesson {number} is due {deadline.due:%Y-%m-%d %H:%M %z}{whose}{last}"
    if rules.deadlines:
        yield f"lateness costs {rules.percent:g} % a day, at most {rules.most:g} %, after {rules.grace:g} minutes"
    yield f"the {rules.attempts} attempt counts"
