"""Explorers for the lessons: pure scenes in Python, one Stage that draws them in the browser."""

from course_lib.widgets.descent import descent
from course_lib.widgets.evolving_population import evolving_population
from course_lib.widgets.explorer import Explorer, Player, Point, Slider, Toggle
from course_lib.widgets.guess import guess
from course_lib.widgets.momentum_plane import momentum_plane
from course_lib.widgets.rolling_ball import rolling_ball
from course_lib.widgets.scaling import scaling
from course_lib.widgets.stage import Stage, show

__all__ = [
    "Explorer", "Player", "Point", "Slider", "Stage", "Toggle", "descent", "evolving_population", "guess",
    "momentum_plane", "rolling_ball", "scaling", "show",
]  # fmt: skip
