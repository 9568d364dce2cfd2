"""A mark in words, for whoever defends it: the sum, the properties, and the very case that failed.

What is told here holds hidden inputs, drawn again from the seed: it is not for students.
"""

from course_lib.checking import FLAWED
from course_lib.grading import fingerprint, grade
from course_lib.grading.marks import GRADED


def explain(book, final, exercise, secret=None):
    """Explain one mark, line by line.

    Args:
        book: the `Gradebook`.
        final: the `rules.Final` of the student and the exercise's lesson.
        exercise: the `Exercise`.
        secret: the text that the cases were drawn from; None to run nothing.
    """
    mark = next(one for one in final.marks if one.record.exercise == exercise.id)
    record, verdict = mark.record, next((v for v in final.graded.verdicts if v.exercise == exercise.id), None)
    yield f"{record.student}, {exercise.id} (lesson {record.lesson}, {exercise.title}): " \
          f"{record.points:g} of {record.max_points:g} points"  # fmt: skip
    yield from ["", "The submission", *submission(book, final), "", "The sum"]
    yield from the_sum(mark, verdict if final.graded.status == GRADED else None, exercise)
    yield from ["", "The examination", f"  {record.status}: {said(record, verdict)}"]
    yield from properties(verdict, exercise)
    if verdict and secret and not verdict.clean:
        yield from hidden_case(book, final, exercise, verdict, secret)
    yield from past(book, final, exercise)


def submission(book, final):
    """Which file counts, of how many attempts, and how it was graded."""
    found, entry, rules = final.found, book.entry(final.found), book.rules()
    yield f"  attempt {found.attempt} of {final.attempts} (the {rules.attempts} counts), " \
          f"handed in {found.when or 'at a time that is not known, so on time'}" \
          f"{'; Canvas marks it as late' if found.late else ''}"  # fmt: skip
    yield f"  {found.path or 'no file'}  sha256 {entry.sha256[:16] or '-'}"
    yield f"  graded {entry.graded or 'not yet'} by course {entry.course or '-'}; {entry.isolation or '-'}"


def the_sum(mark, verdict, exercise):
    """Every line of the mark, down to the properties; the numbers add up to it."""
    rows = list(parts(verdict, exercise)) if verdict else [("nothing to examine", mark.steps[0].points)]
    rows += [(step.why, step.points) for step in mark.steps[1:]]
    yield from (f"  {points:>+8.4g}  {why}" for why, points in rows)
    yield f"  {mark.record.points:>8.4g}  together"


def parts(verdict, exercise):
    """The raw points as (why, points): each property, what flaws cost, what the named mistake is worth all the same."""
    total = 0.0
    for part in exercise.parts if verdict.parts else ():
        points = round(part.weight * verdict.max_points, 4) if verdict.parts[part.name] else 0.0
        total += points
        yield f"it {part.words}: {'yes' if verdict.parts[part.name] else 'no'}", points
    if verdict.flaws and total:
        yield "it breaks the contract on the way", -round(total * (1 - FLAWED), 4)
        total *= FLAWED
    if rest := round(verdict.points - total, 4):
        yield f"what this mistake earns all the same ({verdict.diagnosis})" if rest > 0 else "rounding", rest
    if not verdict.parts and not rest:
        yield verdict.status, 0.0


def said(record, verdict):
    """What the student reads, with the name of the mistake."""
    return record.message + (f" [{verdict.diagnosis}]" if verdict and verdict.diagnosis else "")


def properties(verdict, exercise):
    """Which properties hold, and which flaws there are."""
    for part in exercise.parts if verdict and verdict.parts else ():
        yield f"  {'ok' if verdict.parts[part.name] else 'NO'}  {part.name}: {part.words}"
    yield from (f"  NO  {flaw}" for flaw in (verdict.flaws if verdict else ()))


def hidden_case(book, final, exercise, verdict, secret):
    """The case that failed, by running this one exercise again."""
    found = final.found
    yield from ["", "The hidden case that fails, drawn again from the seed (not for students)"]
    if fingerprint.of_file(found.path) != book.entry(found).sha256:
        yield f"  {found.path} is gone or has changed since it was graded, so it is not run."
        return
    again = grade.examine_hidden(found.path, exercise, secret, found.student)
    rows = {"tried": again.about, "given": again.given, "got": again.got, "expected": again.expected,
            "line": again.line, "why": again.message}  # fmt: skip
    for name, text in rows.items():
        yield from indented(name, text)
    same = (again.status, again.points) == (verdict.status, verdict.points)
    yield "  The run gives the stored mark again." if same else \
          f"  The run gives {again.points:g} points ({again.status}) now: regrade this submission."  # fmt: skip


def indented(name, text):
    """A name and a text of several lines, one below the other."""
    for i, line in enumerate(text.splitlines()):
        yield f"  {name if i == 0 else '':9} {line}"


def past(book, final, exercise):
    """Corrections that were undone, and marks that were replaced."""
    who = final.found.student
    undone = [one for one in book.adjustments(who, exercise.id) if one.undone]
    rows = [f"  {one.at}: {one.points:+g} by hand ({one.reason}), undone {one.undone}" for one in undone]
    rows += [f"  attempt {attempt}: {points:g} points, {status}, graded {graded} from {sha[:16]}, replaced {replaced}"
             for attempt, sha, points, status, graded, replaced in book.history(who, exercise.id)]  # fmt: skip
    yield from ["", "What was before", *rows] if rows else []
