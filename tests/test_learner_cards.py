"""Cards: the same words as HTML and as text, safe, readable in both themes, the same in each run."""

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from course_lib.learner.cards import COLORS, SIGNS, Card, Table, inline, show

ROOT = Path(__file__).parents[1]
NASTY = "<script>alert('x')</script> & <b>"
LIGHT, DARK = "#ffffff", "#212121"  # the card's background: the fallback and JupyterLab's light, JupyterLab's dark


def words(text):
    return re.findall(r"\w+", text)


def seen(html):
    """The words that a reader of the HTML sees."""
    return words(unescape(re.sub(r"<[^>]*>", " ", html)))


def cards():
    return [
        Card("right", "Done", ["one `two` three", "", None, ("given", "x = [1]\ny = 3")], [("open", "../a/b.ipynb")]),
        Card("error", NASTY, [NASTY, ("your line", NASTY)], [(NASTY, 'javascript"<x>')]),
        Table("note", "A table", ("a", "b `c`"), [(1, "two"), (NASTY, "")]),
        Table("note", "An empty table", ("a", "b"), []),
        Table("note", "Several lines", ("a", "b"), [("one\ntwo", "three"), (f"{NASTY}\nfour", "")]),
    ]


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.title[:8])
def test_html_and_text_say_the_same(card):
    """Broken: whoever works in a terminal, or reads by ear, is told less."""
    html = card._repr_html_()
    hrefs = [word for _, href in card.links for word in words(href)]
    assert sorted(seen(html) + hrefs) == sorted(words(repr(card)))


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.title[:8])
def test_nothing_that_a_learner_wrote_becomes_a_tag(card):
    """Broken: the message of an exception runs as a script in the page of whoever reads it."""
    html = card._repr_html_()
    assert "<script" not in html and "<b>" not in html and "<x>" not in html


def test_backticks_become_code_and_stars_stress_but_products_stay():
    """Broken: code looks like text, or the stars of `a*b*c` are eaten."""
    assert inline("use `a < b`, *now*") == "use <code>a &lt; b</code>, <em>now</em>"
    for text in ("beta*v + (1-beta)*g", "no +=, -=, *= on x or *= on v", "2 * 3 * 4", "one ` alone *= "):
        assert inline(text) == text
    assert inline("`x*y*z`") == "<code>x*y*z</code>"


def test_the_text_of_a_card_is_indented_as_a_whole():
    """Broken: the second line of a block looks like a new message."""
    assert repr(Card("right", "t", ["a\nb", ("code", "x\ny"), ("got", "1")])).splitlines() == [
        "✓ t", "  a", "  b", "  code:", "    x", "    y", "  got: 1"]  # fmt: skip


def test_the_lines_of_a_table_stand_under_each_other():
    """Broken: conditions run into each other, or the columns of the text are out of line."""
    table = Table("note", "t", ("a", "b"), [("one\ntwo", "three"), ("four", "five\nsix")])
    assert repr(table).splitlines()[1:] == ["  a     b", "  one   three", "  two", "  four  five", "        six"]
    assert all(f">{word}</div>" in table._repr_html_() for word in ("one", "two", "three", "four", "five", "six"))


def test_each_mood_has_a_sign_and_they_differ_where_the_meaning_does():
    """Broken: the color alone tells right from wrong."""
    assert SIGNS.keys() == COLORS.keys()
    assert len({SIGNS["right"], SIGNS["wrong"], SIGNS["not attempted"], SIGNS["note"]}) == 4


def luminance(color):
    """Relative luminance of "#rrggbb" (WCAG 2.2)."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear))


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("background", [LIGHT, DARK])
@pytest.mark.parametrize("mood", COLORS)
def test_the_colored_edge_can_be_seen_in_both_themes(mood, background):
    """Broken: the edge fades into the card (WCAG asks for 3 : 1 for graphics)."""
    assert contrast(COLORS[mood], background) >= 3


def test_the_fallback_colors_of_the_text_can_be_read():
    """Broken: outside JupyterLab, where its variables are missing, the text is pale (WCAG asks for 4.5 : 1)."""
    html = Card("note", "t", [("label", "code")])._repr_html_()
    grounds = re.findall(r"background:var\([^,]+,(#\w+)\)", html)
    (ink,) = re.findall(r"[^-]color:var\([^,]+,(#\w+)\)", html)
    long = lambda color: color if len(color) == 7 else "#" + "".join(c * 2 for c in color[1:])
    assert len(grounds) == 2
    assert all(contrast(long(ink), long(ground)) >= 4.5 for ground in grounds)


def test_cards_are_the_same_in_each_run():
    """Broken: nbval finds a difference, and a build is never equal to the one before."""
    code = "from tests.test_learner_cards import cards; print(ascii([(c._repr_html_(), repr(c)) for c in cards()]))"
    environments = [os.environ | {"PYTHONHASHSEED": seed} for seed in ("1", "2")]
    runs = [subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=env) for env in environments]
    assert runs[0] == runs[1] != b""


def test_outside_a_notebook_a_card_is_printed(capsys):
    """Broken: a terminal shows nothing, or HTML."""
    card = cards()[0]
    show(card)
    assert capsys.readouterr().out == f"{card!r}\n"
