"""Cards: what a notebook shows as HTML, and a terminal as the same content in plain text."""

import re
from html import escape
from itertools import zip_longest
from textwrap import indent

from course_lib.showing import display

COLORS = {"right": "#2e8b57", "wrong": "#c8553d", "error": "#c8553d", "not attempted": "#8a8f98", "note": "#4c78a8"}
SIGNS = {"right": "✓", "wrong": "✗", "error": "✗", "not attempted": "○", "note": "•"}
BOX = (
    "border:1px solid var(--jp-border-color2,#d8dbe0);border-left:5px solid {color};"
    "background:var(--jp-layout-color1,#fff);color:var(--jp-content-font-color1,#222);"
    "padding:8px 14px;margin:4px 0;border-radius:0 6px 6px 0;max-width:54em;line-height:1.5"
)
CODE = (
    "margin:2px 0 6px;padding:6px 8px;border-radius:4px;white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere;"
    "background:var(--jp-layout-color2,#f0f1f3);color:inherit"
)
ROW, LABEL = "margin-top:4px", "font-size:0.9em;opacity:0.8"
HANGING = "padding-left:0.8em;text-indent:-0.8em"
EMPHASIS = re.compile(r"(?<!\w)\*(\w[\w ]*)\*(?!\w)")  # *so*, and not the stars of a product


class Card:
    """A title and some rows, shown by `show` as HTML or as text.

    Args:
        mood: one of `COLORS`; it gives the color and the sign, and the words say the same.
        title: one line.
        rows: texts, or pairs (label, code) whose second half is set in a fixed width.
        links: pairs (text, href).
    """

    def __init__(self, mood, title, rows=(), links=()):
        self.mood, self.title, self.rows, self.links = mood, title, [row for row in rows if row], links

    def __repr__(self):
        texts = [row if isinstance(row, str) else labeled(*row) for row in self.rows]
        texts += [f"{text}: {href}" for text, href in self.links]
        return "\n".join([f"{SIGNS[self.mood]} {self.title}", *(indent(text, "  ") for text in texts)])

    def _repr_html_(self):
        title = f"<strong>{SIGNS[self.mood]} {inline(self.title)}</strong>"
        rows = [inline(row) if isinstance(row, str) else code(*row) for row in self.rows]
        rows.append(" · ".join(f'<a href="{escape(href)}">{escape(text)}</a>' for text, href in self.links))
        body = "".join(f'<div style="{ROW}">{row}</div>' for row in rows if row)
        return f'<div style="{BOX.format(color=COLORS[self.mood])}">{title}{body}</div>'


def labeled(label, text):
    """A label and its code as plain text, under each other where the code has several lines."""
    return f"{label}: {text}" if "\n" not in text else f"{label}:\n{indent(text, '  ')}"


def code(label, text):
    """A labeled block in a fixed width."""
    return f'<span style="{LABEL}">{escape(label)}</span><pre style="{CODE}">{escape(text)}</pre>'


def inline(text):
    """Escaped text in which `code` between backticks is set as code, and *words* between stars are stressed."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner
        return escape(text)
    parts[::2] = [EMPHASIS.sub(r"<em>\1</em>", part) for part in parts[::2]]
    parts[1::2] = [f"<code>{part}</code>" for part in parts[1::2]]
    return "".join(parts)


class Table(Card):
    """A card whose body is a table: a head, and rows of texts. A text may have several lines."""

    def __init__(self, mood, title, head, body):
        super().__init__(mood, title)
        self.head, self.body = head, [[str(cell) for cell in row] for row in body]

    def __repr__(self):
        rows = [line for row in [self.head, *self.body] for line in lines_of(row)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
        return "\n".join([f"{SIGNS[self.mood]} {self.title}", *(f"  {line.rstrip()}" for line in lines)])

    def _repr_html_(self):
        long = any("\n" in text for row in self.body for text in row)
        cell = f'style="text-align:left;padding:2px 14px 2px 6px{";vertical-align:top" * long}"'
        filled = hanging if long else inline
        head = "".join(f"<th {cell}>{inline(text)}</th>" for text in self.head)
        body = "".join(
            "<tr>" + "".join(f"<td {cell}>{filled(text)}</td>" for text in row) + "</tr>" for row in self.body
        )
        title = f"<strong>{SIGNS[self.mood]} {inline(self.title)}</strong>"
        grid = f'<table style="margin:6px 0 0 0"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        box = BOX.format(color=COLORS[self.mood]).replace("54em", "80em" if long else "54em")
        return f'<div style="{box}">{title}{grid}</div>'


def hanging(text):
    """Each line of a text as a block of its own, indented where it goes on."""
    return "".join(f'<div style="{HANGING}">{inline(line)}</div>' for line in text.split("\n"))


def lines_of(row):
    """A row of texts as rows of one line each."""
    return list(zip_longest(*(text.split("\n") for text in row), fillvalue=""))


def show(card):
    """Show a card: as HTML in a notebook, as text elsewhere."""
    display({"text/html": card._repr_html_(), "text/plain": repr(card)})
