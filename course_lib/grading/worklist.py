"""What there is to do, and why: a submission that has not changed, of an exercise that has not, is not graded again."""

import os
from collections import Counter
from typing import NamedTuple

from course_lib import exercises
from course_lib.grading import batch, fingerprint, garbage, similarity
from course_lib.grading.gradebook import Entry
from course_lib.grading.marks import MISSING, UNGRADED

NEW, ANEW, CHANGED, ADDED = "new", "handed in anew", "the exercise has changed", "the exercise is new"
UNFINISHED, BUSY, ASKED = "not graded before", "ran out of time on a busy machine", "asked for"


class Job(NamedTuple):
    """A `Task`, the hash of its file, and why each exercise is due: ``{id: reason}``."""

    task: batch.Task
    sha256: str
    why: dict


class Plan(NamedTuple):
    """What to do, what stays as it is, what lies elsewhere now, and of what the file is gone (its mark stands)."""

    jobs: list
    unchanged: list
    moved: list
    gone: list


def plan(book, found, secret, everything=False):
    """The `Plan` for submissions.

    Args:
        book: the `Gradebook`.
        found: the submissions, `Found`.
        secret: the text that hidden cases are drawn from.
        everything: grade also what has not changed.
    """
    made = Plan([], [], [], [])
    for one in map(absolute, found):
        entry, sha256 = book.entry(one), fingerprint.of_file(one.path) if one.path else ""
        if entry and entry.sha256 and not sha256:
            made.gone.append(one)
            continue
        why = due(one, sha256, entry, secret)
        why = why or dict.fromkeys(ids_of(one), ASKED) if everything and one.path else why
        if why:
            made.jobs.append(Job(batch.Task(one, tuple(why)), sha256, why))
            continue
        made.unchanged.append(one)
        if entry and (entry.path, entry.when, entry.late) != (one.path, one.when, one.late):
            made.moved.append(one)
    return made


def absolute(found):
    """The submission with its whole path: a regrade may start from another folder."""
    return found._replace(path=os.path.abspath(found.path)) if found.path else found


def due(found, sha256, entry, secret):
    """Which exercises of a submission are due, and why: ``{id: reason}``."""
    if entry is None or entry.status == UNGRADED or (entry.status == MISSING and found.path):
        return dict.fromkeys(ids_of(found), NEW if entry is None or entry.status == MISSING else UNFINISHED)
    if not found.path:
        return {}
    if sha256 != entry.sha256:
        return dict.fromkeys(ids_of(found), ANEW)
    keys = keys_of(found, sha256, secret)
    return {id: reason(entry.keys.get(id)) for id, key in keys.items() if entry.keys.get(id) != list(key)}


def reason(before):
    """Why an exercise of an unchanged submission is due, from the keys it was stored with."""
    return ADDED if before is None else BUSY if before == ["", ""] else CHANGED


def ids_of(found):
    """The ids of the exercises of a submission's lesson."""
    return ids_in(found.lesson)


def ids_in(number):
    """The ids of the exercises of a lesson."""
    return [exercise.id for exercise in exercises.of_lesson(number)]


def keys_of(found, sha256, secret):
    """What each mark of a submission depends on: ``{id: (key, definition)}``."""
    definitions = {id: fingerprint.definition(id) for id in ids_of(found)}
    return {id: (fingerprint.key(sha256, text, secret, found.student), text) for id, text in definitions.items()}


def reasons(jobs):
    """What was due and why, in lines: how many submissions, which exercise."""
    counts = Counter((why, id) for job in jobs for id, why in job.why.items())
    by_reason = {}
    for (why, id), count in counts.items():
        by_reason.setdefault(why, []).append((id, count))
    for why, some in by_reason.items():
        submissions = sum(why in job.why.values() for job in jobs)
        yield f"  {submissions} {why}: " + ", ".join(f"{id} ({count})" for id, count in some)


def carry_out(book, made, secret, isolation="", seen=lambda graded: None, **options):
    """Grade what is due, each submission stored as it comes; whether all was done (ctrl-C ends it early).

    Args:
        book: the `Gradebook`.
        made: the `Plan`.
        secret: the text that hidden cases are drawn from.
        isolation: how the students' code is kept apart, in words.
        seen: called with each `Graded` when it is stored.
        options: those of `batch.run`.
    """
    book.expect([job.task.found for job in made.jobs])
    book.move(made.moved)
    hashes = {job.task.found: job.sha256 for job in made.jobs}
    lessons = {job.task.found.lesson for job in made.jobs}

    def keep(graded):
        sha256 = hashes[graded.found]
        keys = keys_of(graded.found, sha256, secret)
        book.keep(graded, Entry(sha256, keys, isolation=isolation, course=fingerprint.course()))
        seen(graded)

    def read():  # what is asked for with the first mark, and by the class report
        while lessons:
            with garbage.none():
                number = lessons.pop()
                for id in ids_in(number):
                    fingerprint.definition(id)
                similarity.known_grams(number)

    return batch.run([job.task for job in made.jobs], secret, keep, meanwhile=read, **options)
