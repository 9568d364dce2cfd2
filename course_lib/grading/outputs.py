"""What stands beside the gradebook for people to read, made from it in one pass: marks, pages, class report."""

from contextlib import ExitStack
from itertools import groupby

from course_lib import exercises
from course_lib.grading import class_report, files, report
from course_lib.grading.class_numbers import Numbers


def write(out, book, also=lambda final: None):
    """Write grades.csv, grades.json, feedback pages and class report: of each file the new one or the one before.

    Args:
        out: the folder.
        book: the `Gradebook`.
        also: called with each `rules.Final` on the way.
    """
    lessons = sorted({found.lesson for found in book.found()})
    ids = [exercise.id for number in lessons for exercise in exercises.of_lesson(number)]
    numbers, found = Numbers(), []
    with files.writing(out), ExitStack() as stack:
        row = files.table(stack.enter_context(files.saving(out / files.CSV)), ids)
        entry = stack.enter_context(files.entries(stack.enter_context(files.saving(out / files.JSON))))
        for student, finals in groupby(book.finals(), key=lambda final: final.found.student):
            finals = list(finals)
            for final in finals:
                row(final)
                entry(final.records)
                also(final)
            files.save(out / files.PAGES / page_name(student), report.page(student, finals))
            numbers.add(student, [record for final in finals for record in final.records])
            found += [final.found for final in finals]
    class_report.write(out, book, numbers, found)


def forget_page(out, book, student):
    """Remove the feedback page of a student of whom nothing is left."""
    if not book.found(student):
        (out / files.PAGES / page_name(student)).unlink(missing_ok=True)


def page_name(student):
    """The file name of a student's page."""
    return "".join("_" if letter in '\N{REPLACEMENT CHARACTER}/\\:*?"<>|\0' else letter for letter in student) + ".html"
