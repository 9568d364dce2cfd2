"""The class report: one self-contained page on how a class did, with no student named unless that is asked for."""

from html import escape
from pathlib import Path

from course_lib.checking import ERROR, NOT_ATTEMPTED, RIGHT, WRONG
from course_lib.grading import files, marks, prints, similarity
from course_lib.grading.class_numbers import TIME_OUT, histogram, median
from course_lib.grading.report import inline
from course_lib.lessons import lesson

STYLE = Path(__file__).with_name("class_report.css")
MOODS = {RIGHT: ("✓", "right", "right"), marks.FLAWED: ("~", "right, but breaks the contract", "flawed"),
         WRONG: ("✗", "wrong", "wrong"), ERROR: ("!", "gave no answer", "error"),
         NOT_ATTEMPTED: ("○", "not attempted", "not-attempted")}  # fmt: skip
MOST_MISTAKES, MOST_PAIRS = 25, 50
HARD, LITTLE = 0.3, 0.15
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Class report</title>
<style>
{style}</style>
</head>
<body>
<main>
<header>
<p class="course">Optimization for Machine Learning</p>
<h1>Class report</h1>
<p class="note">{about}</p>
</header>
{body}
</main>
</body>
</html>
"""


def write(out, book, numbers, found, names=False):
    """Write the class report of a `Gradebook` into its folder.

    Args:
        out: the folder.
        book: the `Gradebook`.
        numbers: the `Numbers` of all records.
        found: the submissions that count.
        names: whether to name students.
    """
    lost = []
    pairs = similarity.pairs(prints.sources(book, found, lost.append))
    with files.writing(out):
        files.save(Path(out) / files.CLASS, page(numbers, pairs, names, len(lost)))


def page(numbers, pairs=None, names=False, lost=0):
    """The report as HTML.

    Args:
        numbers: the `Numbers` of all records.
        pairs: the `similarity.Alike` found; None when nobody looked.
        names: whether to name students.
        lost: how many submissions could not be compared.
    """
    parts = (shares_part(numbers), items_part(numbers), mistakes_part(numbers), errors_part(numbers, names),
             standing_part(numbers, names), pairs_part(pairs, names, lost))  # fmt: skip
    return PAGE.format(style=STYLE.read_text(encoding="utf-8"), about=about(numbers, names),
                       body="\n".join(filter(None, parts)))  # fmt: skip


def about(numbers, names):
    """How much there is, in a line."""
    graded = sum(counts[marks.GRADED] for counts in numbers.standing.values())
    named = "Students are named: keep this page among teachers." if names else "No student is named."
    return (f"{many(numbers.students, 'student')}, {many(len(numbers.standing), 'lesson')}, "
            f"{many(graded, 'submission')} graded. {named}")  # fmt: skip


def many(count, word):
    """``3 students``, ``1 student``."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def percent(share):
    """A share as text, with room for neither 0 nor 100 % where that is not exact."""
    return f"{min(max(round(100 * share), 1), 99) if 0 < share < 1 else round(100 * share)} %"


def section(title, lead, body):
    """A part of the page: heading, a sentence on how to read it, and what there is."""
    return f"<section>\n<h2>{title}</h2>\n<p>{lead}</p>\n{body}\n</section>"


# ------------------------------------------------------------------------------------------------------------ marks


def shares_part(numbers):
    """How the marks are distributed: in all, and by lesson when there are several."""
    if not numbers.shares:
        return section("Marks", "Nothing is graded yet.", "")
    every, single = numbers.shares[""], {key: some for key, some in sorted(numbers.shares.items()) if key}
    low = sum(share < 0.5 for share in every)
    lead = (f"Half of the {many(len(every), 'student')} who handed something in have {percent(median(every))} of the "
            f"points or more; {low} {'has' if low == 1 else 'have'} less than half of the points.")  # fmt: skip
    plots = f'<div class="card">{plot("All lessons" if len(single) > 1 else "", every)}</div>'
    if len(single) > 1:
        cards = (f'<div class="card">{plot(title_of(key), some)}</div>' for key, some in single.items())
        plots += f'\n<div class="several">{"".join(cards)}</div>'
    return section("Marks", lead, plots)


def title_of(number):
    """``05 Momentum and Nesterov``."""
    return f"{number} {lesson(number).title}"


def plot(title, shares):
    """A histogram of shares of points, with the median."""
    counts, middle = histogram(shares), median(shares)
    words = ", ".join(f"{10 * i} to {10 * i + 10} %: {count}" for i, count in enumerate(counts))
    bars = "".join(f'<i style="height:{100 * count / max(counts):.1f}%">{f"<b>{count}</b>" if count else ""}</i>'
                   for count in counts)  # fmt: skip
    late = " late" if middle > 0.5 else ""
    mark = f'<span class="middle{late}" style="left:{100 * middle:.1f}%"><b>median {percent(middle)}</b></span>'
    return (
        f'<figure>{f"<h3>{escape(title)}</h3>" if title else ""}'
        f'<div class="plot" role="img" aria-label="Students by share of points: {words}">'
        f"{bars}{mark}</div>"
        '<div class="axis" aria-hidden="true"><span>0 %</span><span>50 %</span><span>100 %</span></div>'
        f"<figcaption><small>{many(len(shares), 'student')} by share of the points</small></figcaption></figure>"
    )


# -------------------------------------------------------------------------------------------------------- exercises


def items_part(numbers):
    """Each exercise: how it came out, how hard it is, how well it tells students apart."""
    if not numbers.items:
        return ""
    lead = (
        "How hard each one is, and whether it tells those who can from those who cannot: the correlation of its points "
        "with those of all other exercises of the same student. Above 0.3 is good; below 0 those who do well elsewhere "
        "fail here, so look at the exercise first."
    )
    legend = "".join(f'<span class="{mood}">{mark} {words}</span>' for mark, words, mood in MOODS.values())
    cards = (items_card(number, title, some) for number, title, some in numbers.by_lesson())
    return section("Exercises", lead, f'<div class="legend">{legend}</div>\n' + "\n".join(cards))


def items_card(number, title, items):
    """The exercises of one lesson."""
    head = ('<div class="item head"><div>exercise</div><div>answers</div><div class="number">right</div>'
            '<div class="number">points</div><div>tells apart</div></div>')  # fmt: skip
    rows = "\n".join(map(item_row, items))
    return f'<div class="card"><h3>{number} {escape(title)}</h3>\n{head}\n{rows}</div>'


def item_row(item):
    """One exercise."""
    flags = f'<br><span class="flag">{flag}</span>' if (flag := flag_of(item)) else ""
    extra = " <small>(optional)</small>" if item.optional else ""
    counts = " &nbsp; ".join(f"{mood[0]} {item.statuses[key]}" for key, mood in MOODS.items() if item.statuses[key])
    return (
        f'<div class="item">'
        f'<div class="what">{escape(item.title)}{extra}<br><code>{escape(item.id)}</code>{flags}</div>'
        f'<div class="how">{stack(item)}<div class="counts">{counts}</div></div>'
        f'<div class="number" data-name="right">{percent(item.right)}</div>'
        f'<div class="number" data-name="points">{item.mean:.2f} of {item.most:g}</div>'
        f'<div data-name="tells apart">{scale(item.rest.value)}</div></div>'
    )


def stack(item):
    """The answers to an exercise as parts of one bar."""
    words = ", ".join(f"{MOODS[status][1]} {item.statuses[status]}" for status in MOODS)
    parts = "".join(f'<i class="{MOODS[status][2]}" style="width:{100 * item.statuses[status] / item.n:.2f}%"></i>'
                    for status in MOODS if item.statuses[status])  # fmt: skip
    return f'<div class="stack" role="img" aria-label="{words}">{parts}</div>'


def scale(value):
    """A correlation as a number and a dot between -1 and 1."""
    if value is None:
        return "<small>too little to say</small>"
    return (f'<div class="scale" aria-hidden="true"><i style="left:{50 + 50 * value:.1f}%"></i></div>'
            f'<div class="counts">{value:+.2f}</div>')  # fmt: skip


def flag_of(item):
    """What deserves a look, in words."""
    value = item.rest.value
    if value is not None and value < 0:
        return "the strong fail here: look at the exercise"
    if value is not None and value < LITTLE:
        return "tells little"
    return "hard" if item.right < HARD and not item.optional else ""


# --------------------------------------------------------------------------------------------------------- mistakes


def mistakes_part(numbers):
    """The named mistakes, most frequent first."""
    rows = numbers.named()
    if not rows:
        return section("The most frequent mistakes", "No mistake was named.", "")
    lead = "As the students read it on their pages, in shares of those who handed the lesson in."
    if len(rows) > MOST_MISTAKES:
        lead += f" The first {MOST_MISTAKES} of {len(rows)}."
    body = "\n".join(mistake_row(*row) for row in rows[:MOST_MISTAKES])
    return section("The most frequent mistakes", lead, f'<ol class="card mistakes">{body}</ol>')


def mistake_row(share, count, item, words):
    """One mistake."""
    return (
        f"<li><strong>{percent(share)}</strong><div>{inline(words)}"
        f'<div class="meter"><i style="width:{100 * share:.1f}%"></i></div>'
        f"<small>{count} of {item.n} in {escape(item.title)} <code>{escape(item.id)}</code></small></div></li>"
    )


# ---------------------------------------------------------------------------------------------------------- troubles


def errors_part(numbers, names):
    """Time-outs and errors, by kind."""
    if not numbers.errors:
        return section("Time-outs and errors", "Every answer that was tried came to an end.", "")
    kinds = sorted(numbers.errors.items(), key=lambda entry: (entry[0] != TIME_OUT, -entry[1].total(), entry[0]))
    rows = [[kind, counts.total(), where(counts)] for kind, counts in kinds]
    lead = "Answers that gave none: what ended them, and in which exercises."
    slow = [(id, who) for (status, id), who in numbers.who.items() if status == TIME_OUT] if names else []
    return section("Time-outs and errors", lead,
                   table(("ended by", "answers", "exercises"), rows) + lists(slow, "time-outs"))  # fmt: skip


def where(counts):
    """``momentum.step (3), momentum.run (1)``, and how many exercises more."""
    more = f", {len(counts) - 5} more" if len(counts) > 5 else ""
    return ", ".join(f"{id} ({count})" for id, count in counts.most_common(5)) + more


def standing_part(numbers, names):
    """What came in, lesson by lesson; unreadable files by reason."""
    if not numbers.standing:
        return ""
    heads = (marks.GRADED, marks.UNREADABLE, marks.MISSING, marks.UNGRADED, "no entry")
    used = [head for head in heads if any(counts[head] for counts in numbers.standing.values())]
    rows = [[title_of(number), *(counts[head] for head in used)] for number, counts in sorted(numbers.standing.items())]
    lead = "How many students have what in each lesson."
    if "no entry" in used:
        lead += " No entry: others handed this lesson in, and nothing of theirs was found or expected."
    body = table(("lesson", *used), rows)
    if numbers.reasons:
        body += table(("could not be read because", "files"), numbers.reasons.most_common())
    absent = [(f"{status}, lesson {number}", who) for (status, number), who in sorted(numbers.who.items())
              if status != TIME_OUT] if names else []  # fmt: skip
    return section("What came in", lead, body + lists(absent))


def table(heads, rows):
    """A table; numbers to the right."""
    kinds = [" class=number" if isinstance(entry, int) else "" for entry in rows[0]]
    lines = [table_row("th", heads, kinds), *(table_row("td", row, kinds) for row in rows)]
    return f'<div class="card wide"><table>\n{"".join(lines)}</table></div>\n'


def table_row(tag, entries, kinds):
    """A row of a table."""
    texts = (f"{entry:,}" if isinstance(entry, int) else escape(entry) for entry in entries)
    return f"<tr>{''.join(f'<{tag}{kind}>{text}</{tag}>' for text, kind in zip(texts, kinds))}</tr>\n"


def lists(some, what=""):
    """Who, each list behind a click."""
    return "\n".join(
        f"<details><summary>{escape(f'{what} {title}'.strip())}: {len(who)}</summary>"
        f"<p>{escape(', '.join(who))}</p></details>"
        for title, who in some
    )


def pairs_part(pairs, names, lost=0):
    """Submissions that share code beyond what the worksheet explains."""
    if pairs is None:
        return ""
    lead = (
        "Code that students share beyond the worksheet, the key, the known mistakes, and what many in the class have; "
        "names of variables, comments and layout are not looked at. A reason to read both, and a proof of nothing."
    )
    if not pairs:
        lead = "No two submissions share code that the worksheet does not explain."
        return section("Similar code", lead, not_compared(lost))
    rows = [[title_of(one.lesson), who(one, names), percent(one.share), one.tokens] for one in pairs[:MOST_PAIRS]]
    more = f"<p>And {len(pairs) - MOST_PAIRS:,} more.</p>" if len(pairs) > MOST_PAIRS else ""
    unnamed = "" if names else '<p class="note">Who it is: <code>python -m course_lib report DIR --names</code>.</p>'
    heads = ("lesson", "who", "of the smaller one's own code", "tokens in common")
    return section("Similar code", lead, table(heads, rows) + more + unnamed + not_compared(lost))


def not_compared(lost):
    """How many submissions were stored without fingerprints, by an earlier version of the course, and are gone now."""
    what = f"{many(lost, 'submission')} not compared, since no fingerprints are stored and the file is gone."
    return f'<p class="note">{what}</p>' if lost else ""


def who(one, names):
    """The students of an `Alike`, by name or by number."""
    if names:
        return ", ".join(one.students)
    return "two students" if len(one.students) == 2 else f"{len(one.students)} students, word for word"
