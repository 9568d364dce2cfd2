"""A feedback page: one self-contained HTML file a student, light or dark as the reader's system is."""

import html
import re
from pathlib import Path
from urllib.parse import quote

from course_lib import exercises
from course_lib.checking import ERROR, NOT_ATTEMPTED, RIGHT, WRONG
from course_lib.grading import marks, rules
from course_lib.grading.marks import GRADED
from course_lib.lessons import lesson

STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
WORDS = {RIGHT: ("✓", "right"), WRONG: ("✗", "not right yet"), ERROR: ("!", "gave no answer"),
         NOT_ATTEMPTED: ("○", "not attempted")}  # fmt: skip
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Feedback for {student}</title>
<style>
{style}</style>
</head>
<body>
<main>
<header>
<p class="course">Optimization for Machine Learning</p>
<h1>Feedback for {student}</h1>
</header>
{lessons}
<footer>
<p>Your work was examined on inputs that are drawn for you alone and are not shown. The examples on this page are
others: your function fails on them in the same way. Optional exercises add points, and none are missing without.</p>
</footer>
</main>
</body>
</html>
"""


def page(student, results):
    """The feedback page of a student as HTML, from what counts of each lesson (`rules.Final`, or a bare `Graded`)."""
    finals = [one if isinstance(one, rules.Final) else rules.raw(one) for one in results]
    lessons = "\n".join(map(lesson_part, finals))
    return PAGE.format(student=html.escape(student), style=STYLE, lessons=lessons)


def lesson_part(final):
    """One lesson: the sum, and a card an exercise."""
    entry, mine, graded = lesson(final.found.lesson), final.records, final.graded
    got, most = marks.asked(mine), marks.most(mine)
    head = (
        f'<section aria-labelledby="lesson-{entry.number}" style="--lesson: {entry.color}">\n'
        f'<div class="sum"><h2 id="lesson-{entry.number}">Lesson {entry.number}: {html.escape(entry.title)}</h2>\n'
        f'<p class="total"><strong>{got:g}</strong> of {most:g} points{marks.extra(mine)}</p></div>\n'
        f'<div class="bar" aria-hidden="true"><span style="width: {share(got, most)}%"></span></div>\n'
    )
    if final.attempts > 1:
        head += f'<p class="attempt">Attempt {final.found.attempt} of {final.attempts} counts.</p>\n'
    if graded.status != GRADED:
        sums = "\n".join(f"<p>{html.escape(one.record.exercise)}:</p>{steps(one)}" for one in final.marks if steps(one))
        return head + f'<p class="notice">{inline(graded.reason)}</p>\n{sums}</section>'
    pairs = zip(graded.verdicts, final.marks, strict=True)
    return head + "\n".join(card(*pair) for pair in pairs) + "\n</section>"


def share(got, most):
    """A percentage between 0 and 100."""
    return round(100 * min(got / most, 1)) if most else 0


def card(verdict, final):
    """One exercise: how it stands, what is wrong, an example of it, how the points add up, and where to read again."""
    exercise = exercises.get(verdict.exercise)
    mark, words = WORDS[verdict.status]
    mood = verdict.status.replace(" ", "-")
    if verdict.status == RIGHT and not verdict.clean:
        mark, words, mood = "~", "right, but", "flawed"
    points = f"{'optional: ' if exercise.starred else ''}{final.record.points:g} of {verdict.max_points:g}"
    more = [] if verdict.clean else advice(exercise)
    body = "\n".join(filter(None, [*explanation(verdict), steps(final), *more]))
    return (
        f'<article class="{mood}">\n<h3><span class="mark" aria-hidden="true">{mark}</span> '
        f"{html.escape(exercise.title)} <code>{html.escape(exercise.name)}</code></h3>\n"
        f'<p class="standing"><span class="status">{words}</span> <span class="points">{points} points</span></p>\n'
        f"{body}\n</article>"
    )


def explanation(verdict):
    """What is wrong, and the example that shows it."""
    if verdict.message == "Right.":
        return []
    if verdict.clean or verdict.status == NOT_ATTEMPTED:
        return [f"<p>{inline(verdict.message)}</p>"]
    rows = {"your line": verdict.line, "tried": verdict.about, "given": verdict.given}
    if verdict.expected:
        rows |= {"your answer": verdict.got, "expected": verdict.expected}
    return [
        verdict.advice and f'<p class="diagnosis">{inline(verdict.advice)}</p>',
        f'<p>{"Seen: " if verdict.advice else ""}{inline(verdict.message)}</p>',
        *(f"<p>Also, {inline(flaw)}</p>" for flaw in further_flaws(verdict)),
        table(rows),
        properties(verdict),
    ]


def steps(mark):
    """How the points add up, where lateness or a correction by hand has a part in them."""
    if mark.plain:
        return ""
    rows = [(step.why, f"{step.points:+g}") for step in mark.steps[1:]]
    rows = [(mark.steps[0].why, f"{mark.steps[0].points:g}"), *rows, ("together", f"{mark.record.points:g}")]
    lines = [f"<tr><td>{html.escape(why)}</td><td>{points}</td></tr>" for why, points in rows]
    return '<table class="steps">\n' + "\n".join(lines) + "\n</table>"


def further_flaws(verdict):
    """The flaws that the message does not name, one of a kind: they give the same advice after the colon."""
    kinds = {flaw.partition(":")[2]: flaw for flaw in reversed(verdict.flaws)}
    return [flaw for flaw in kinds.values() if flaw not in verdict.message]


def table(rows):
    """The example, as a list of names and values."""
    lines = [f"<dt>{name}</dt><dd><pre>{html.escape(text)}</pre></dd>" for name, text in rows.items() if text]
    return "<dl>\n" + "\n".join(lines) + "\n</dl>" if lines else ""


def properties(verdict):
    """Which properties hold, where there are several."""
    parts = exercises.get(verdict.exercise).parts
    if len(parts) < 2 or not verdict.parts:
        return ""
    lines = [f"<li>{'✓ yes' if verdict.parts[part.name] else '✗ no'}: {inline(part.words)}</li>" for part in parts]
    return '<ul class="parts">\n' + "\n".join(lines) + "\n</ul>"


def advice(exercise):
    """What to read again, and the hints, each behind a click."""
    entry = lesson(exercise.lesson)
    where = f"lesson {entry.number}, {entry.title}"
    read = html.escape(f"“{exercise.section}” in {where}" if exercise.section else where)
    hints = "\n".join(
        f"<details><summary>Hint {i} of {len(exercise.hints)}</summary><p>{inline(hint)}</p></details>"
        for i, hint in enumerate(exercise.hints, 1)
    )
    return [f'<p class="read">Read again: <a href="{link(exercise)}">{read}</a>.</p>', hints]


def link(exercise):
    """Where the section stands, seen from the folder of the course; Jupyter makes hyphens of blanks in a heading."""
    place = f"#{quote(exercise.section.replace(' ', '-'))}" if exercise.section else ""
    return f"notebooks/{lesson(exercise.lesson).stem}.ipynb{place}"


def inline(text):
    """Text as HTML, with `code` between backticks and *emphasis* between stars."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
    return re.sub(r"(?<![\w*])\*(\w+)\*(?![\w*])", r"<em>\1</em>", text)
