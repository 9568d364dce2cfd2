"""Explorers for the lessons: pure scenes in Python, one Stage that draws them in the browser."""

from course_lib.widgets.annealed_tour import annealed_tour
from course_lib.widgets.cooling import cooling
from course_lib.widgets.descent import descent
from course_lib.widgets.explorer import Explorer, Player, Point, Slider, Toggle
from course_lib.widgets.guess import guess
from course_lib.widgets.momentum_plane import momentum_plane
from course_lib.widgets.rolling_ball import rolling_ball
from course_lib.widgets.scaling import scaling
from course_lib.widgets.stage import Stage, show
from course_lib.widgets.thermometer import thermometer

__all__ = [
    "Explorer", "Player", "Point", "Slider", "Stage", "Toggle", "annealed_tour", "cooling", "descent", "guess",
    "momentum_plane", "rolling_ball", "scaling", "show", "thermometer",
]  # fmt: skip
