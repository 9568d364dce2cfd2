"""What stands beside the gradebook for people to read, made from it student by student: marks, pages, class report."""

from contextlib import ExitStack
from itertools import groupby

from course_lib import exercises
from course_lib.grading import class_report, files, report


def write(out, book):
    """Write grades.csv, grades.json, feedback pages and class report: of each file the new one or the one before."""
    lessons = sorted({found.lesson for found in book.found()})
    ids = [exercise.id for number in lessons for exercise in exercises.of_lesson(number)]
    with files.writing(out), ExitStack() as stack:
        table = stack.enter_context(files.saving(out / files.CSV))
        lines = stack.enter_context(files.saving(out / files.JSON))
        files.write_csv(table, book.finals(), ids)
        files.write_json(lines, book.records())
    write_pages(out, book)
    class_report.write(out, book)


def write_pages(out, book, student=None):
    """Write the feedback pages, or that of one student."""
    with files.writing(out):
        for who, finals in groupby(book.finals(student), key=lambda final: final.found.student):
            files.save(out / files.PAGES / page_name(who), report.page(who, list(finals)))


def forget_page(out, book, student):
    """Remove the feedback page of a student of whom nothing is left."""
    if not book.found(student):
        (out / files.PAGES / page_name(student)).unlink(missing_ok=True)


def page_name(student):
    """The file name of a student's page."""
    return "".join("_" if letter in '\N{REPLACEMENT CHARACTER}/\\:*?"<>|\0' else letter for letter in student) + ".html"
