"""Cards: what a notebook shows as HTML, and a terminal as the same content in plain text."""

from html import escape

from course_lib.showing import display

COLORS = {"right": "#2e8b57", "wrong": "#c8553d", "error": "#c8553d", "not attempted": "#8a8f98", "note": "#4c78a8"}
SIGNS = {"right": "✓", "wrong": "✗", "error": "✗", "not attempted": "○", "note": "•"}
BOX = (
    "border-left:4px solid {color};background:var(--jp-layout-color2,#f4f5f7);color:var(--jp-ui-font-color1,#222);"
    "padding:8px 14px;margin:4px 0;border-radius:0 6px 6px 0;max-width:54em;line-height:1.5"
)
CODE = "margin:4px 0;padding:6px 8px;background:var(--jp-layout-color1,#fff);border-radius:4px;white-space:pre-wrap"


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
        lines = [f"  {row}" if isinstance(row, str) else f"  {row[0]}: {row[1]}" for row in self.rows]
        lines += [f"  {text}: {href}" for text, href in self.links]
        return "\n".join([f"{SIGNS[self.mood]} {self.title}", *lines])

    def _repr_html_(self):
        title = f"<strong>{SIGNS[self.mood]} {inline(self.title)}</strong>"
        rows = "".join(f"<div>{inline(row)}</div>" if isinstance(row, str) else code(*row) for row in self.rows)
        links = " · ".join(f'<a href="{escape(href)}">{escape(text)}</a>' for text, href in self.links)
        return f'<div style="{BOX.format(color=COLORS[self.mood])}">{title}{rows}{links}</div>'


def code(label, text):
    """A labeled block in a fixed width."""
    return f'<div>{escape(label)}<pre style="{CODE}">{escape(text)}</pre></div>'


def inline(text):
    """Escaped text in which `code` between backticks is set as code."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner
        return escape(text)
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def table(head, rows, mood="note", title=""):
    """A `Table` card."""
    return Table(mood, title, head, rows)


class Table(Card):
    """A card whose body is a table: a head, and rows of texts."""

    def __init__(self, mood, title, head, body):
        super().__init__(mood, title)
        self.head, self.body = head, [[str(cell) for cell in row] for row in body]

    def __repr__(self):
        widths = [max(map(len, column)) for column in zip(self.head, *self.body, strict=True)]
        lines = [
            "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in [self.head, *self.body]
        ]
        return "\n".join([f"{SIGNS[self.mood]} {self.title}", *(f"  {line.rstrip()}" for line in lines)])

    def _repr_html_(self):
        cell = 'style="text-align:left;padding:2px 14px 2px 0"'
        head = "".join(f"<th {cell}>{inline(text)}</th>" for text in self.head)
        body = "".join(
            "<tr>" + "".join(f"<td {cell}>{inline(text)}</td>" for text in row) + "</tr>" for row in self.body
        )
        title = f"<strong>{SIGNS[self.mood]} {inline(self.title)}</strong>"
        grid = f'<table style="margin:6px 0 0 0"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        return f'<div style="{BOX.format(color=COLORS[self.mood])}">{title}{grid}</div>'


def show(card):
    """Show a card: as HTML in a notebook, as text elsewhere."""
    display({"text/html": card._repr_html_(), "text/plain": repr(card)})
