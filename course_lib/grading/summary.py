"""What a run says at its end: counts, points by exercise, the most frequent mistakes, and what needs attention."""

from collections import Counter

from course_lib.checking import RIGHT
from course_lib.grading import files, rules_file, worklist
from course_lib.grading.marks import GRADED


class Counts:
    """Sums over what counts of each student and lesson, `rules.Final`, which `add` takes up one by one.

    Attributes:
        status: how many of each status.
        exercises: ``{id: [records, right ones, points, points at most]}``.
        mistakes: how often each (exercise, diagnosis) is.
        odd: ``{status: [line]}`` of what is not graded.
        undated: ``{lesson: [student]}``: where a time is not known, those whom Canvas marks as late.
    """

    def __init__(self, finals=()):
        self.status, self.exercises, self.mistakes, self.odd, self.undated = Counter(), {}, Counter(), {}, {}
        for final in finals:
            self.add(final)

    def add(self, final):
        """Take up one more."""
        self.status[final.graded.status] += 1
        if final.found.path and not final.found.when:
            self.undated.setdefault(final.found.lesson, []).extend([final.found.student] * final.found.late)
        if final.graded.status != GRADED:
            line = f"  {final.found.path or final.found.student}: {final.graded.reason}"
            self.odd.setdefault(final.graded.status, []).append(line)
        for record in final.records:
            row = self.exercises.setdefault(record.exercise, [0, 0, 0.0, record.max_points])
            row[:3] = row[0] + 1, row[1] + (record.status == RIGHT), row[2] + record.points
            self.mistakes[record.exercise, record.diagnosis] += bool(record.diagnosis)

    def troubles(self):
        """What is not graded, and why, line by line."""
        return [line for status, some in self.odd.items() for line in (f"{len(some)} {status}:", *some)]


def lines(counts, made, ruled, book, out, seconds):
    """What to print at the end, line by line.

    Args:
        counts: the `Counts` over the gradebook.
        made: the `worklist.Plan` that was carried out.
        ruled: whether the rules are others than before.
        book: the `Gradebook`.
        out: its folder.
        seconds: how long it took.
    """
    yield f"{counts.status[GRADED]} of {sum(counts.status.values())} submissions graded in {seconds:.1f} s."
    if made.unchanged or any(set(job.why.values()) - {worklist.NEW} for job in made.jobs):
        yield f"{len(made.unchanged)} unchanged, {len(made.jobs)} graded now{':' if made.jobs else '.'}"
        yield from worklist.reasons(made.jobs)
    yield from ["The rules have changed: all marks were computed anew, nothing graded again for it."] * ruled
    yield from map("  {}".format, rules_file.in_words(book.rules())) if book.rules().deadlines else ()
    yield from undated(counts, book.rules())
    yield from ["", *by_exercise(counts), *mistakes(counts)]
    yield f"Marks: {out / files.CSV} and {files.JSON}. Feedback: {out / files.PAGES}."


def undated(counts, rules):
    """Lessons with a deadline in which times are not known, and who is late there by what Canvas says."""
    due = {number for number, _ in rules.deadlines}
    some = {lesson: late for lesson, late in sorted(counts.undated.items()) if lesson in due}
    if some:
        yield f"Not known when handed in, and taken as on time: some of lesson {', '.join(some)}."
    if number := sum(map(len, some.values())):
        yield f"Canvas marks {number} of these as late; where nothing excuses it, take points off with `adjust`:"
        yield from (f"  lesson {lesson}: {', '.join(late)}" for lesson, late in some.items() if late)


def by_exercise(counts):
    """A line an exercise: how many are right, and the points on average."""
    yield f"{'exercise':32} {'right':>7} {'points':>12}"
    for id, (number, right, points, most) in counts.exercises.items():
        yield f"{id:32} {right:>3}/{number:<3} {points / number:>6.2f} of {most:g}"
    yield ""


def mistakes(counts):
    """The most frequent named mistakes."""
    some = [pair for pair in counts.mistakes.most_common(5) if pair[1]]
    if some:
        yield "Most frequent mistakes:"
        yield from (f"{count:>4} x {name} ({exercise})" for (exercise, name), count in some)
        yield ""


def aside(unmatched):
    """Files that were not understood."""
    return [f"{len(unmatched)} left aside:", *(f"  {path}: {why}" for path, why in unmatched)] if unmatched else []


def absent(gone):
    """Submissions whose file is gone."""
    lines = [f"  {one.path or f'{one.student}, lesson {one.lesson}'}" for one in gone]
    return [f"{len(gone)} not there any more, so their marks stand until you `forget` them:", *lines] if gone else []
