"""The fingerprints of submissions in the gradebook: made once, by the worker that has read the notebook anyway.

All of a submission's are kept, also those that the course itself explains: what is known changes with the course, a
file does not. `similarity.pairs` leaves out what is known when a report is made.
"""

from course_lib.grading import notebook, similarity


def keep(run, id, prints, changed):
    """Store the fingerprints of a submission, inside of a transaction.

    Args:
        run: runs a statement.
        id: the number of the submission.
        prints: as in `Graded`; with None those of an unchanged file stay.
        changed: whether its file is another than before.
    """
    if changed or prints is not None:
        run("DELETE FROM prints WHERE submission = ?", (id,))
    if prints is not None:
        run("INSERT INTO prints VALUES (?, ?, ?)", (id, similarity.WAY, prints))


def kept(read, place):
    """The fingerprints of the submission at (student, lesson, attempt) as bytes; None without any of today's kind."""
    query = """SELECT prints FROM prints JOIN submissions ON id = submission
        WHERE (student, lesson, attempt) = (?, ?, ?) AND way = ?"""
    return next((prints for (prints,) in read(query, *place, similarity.WAY)), None)


def sources(book, every, lost):
    """What `similarity.pairs` compares: (student, lesson, fingerprints) of each submission, one by one.

    Args:
        book: the `Gradebook`; where an earlier version of the course wrote it, notebooks are read in place of prints.
        every: the submissions, `Found`.
        lost: called with each `Found` that has no prints, and whose file is gone.
    """
    for found in (one for one in every if one.path):
        data = book.prints(found)
        submission = notebook.read(found.path) if data is None else None
        if submission and submission.missing:
            lost(found)
            continue
        prints = similarity.prints_of(similarity.texts(submission)) if submission else similarity.unpacked(data)
        yield found.student, found.lesson, prints
