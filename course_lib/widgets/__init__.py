"""Explorers for the lessons: pure scenes in Python, one Stage that draws them in the browser."""

from course_lib.widgets.cliff import cliff
from course_lib.widgets.descent import descent
from course_lib.widgets.explorer import Explorer, Player, Point, Slider, Toggle
from course_lib.widgets.guess import guess
from course_lib.widgets.momentum_plane import momentum_plane
from course_lib.widgets.newton_basins import newton_basins
from course_lib.widgets.rolling_ball import rolling_ball
from course_lib.widgets.scaling import scaling
from course_lib.widgets.stage import Stage, show

__all__ = [
    "Explorer", "Player", "Point", "Slider", "Stage", "Toggle", "cliff", "descent", "guess", "momentum_plane",
    "newton_basins", "rolling_ball", "scaling", "show",
]  # fmt: skip
