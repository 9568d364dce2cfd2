"""Explorers for the lessons: pure scenes in Python, one Stage that draws them in the browser."""

from course_lib.widgets.accumulators import accumulators
from course_lib.widgets.adam_steps import adam_steps
from course_lib.widgets.annealed_tour import annealed_tour
from course_lib.widgets.batch_and_rate import batch_and_rate
from course_lib.widgets.cliff import cliff
from course_lib.widgets.clusters import clusters
from course_lib.widgets.cooling import cooling
from course_lib.widgets.curse import curse
from course_lib.widgets.cycle import cycle
from course_lib.widgets.descent import descent
from course_lib.widgets.evolving_population import evolving_population
from course_lib.widgets.explorer import Explorer, Player, Point, Slider, Toggle
from course_lib.widgets.grand_race import grand_race
from course_lib.widgets.grid_or_random import grid_or_random
from course_lib.widgets.guess import guess
from course_lib.widgets.loss_doctor import loss_doctor
from course_lib.widgets.momentum_plane import momentum_plane
from course_lib.widgets.newton_basins import newton_basins
from course_lib.widgets.noise_cloud import noise_cloud
from course_lib.widgets.rolling_ball import rolling_ball
from course_lib.widgets.scaling import scaling
from course_lib.widgets.splitter import splitter
from course_lib.widgets.stage import Stage, show
from course_lib.widgets.thermometer import thermometer
from course_lib.widgets.turning import turning
from course_lib.widgets.witnesses import witnesses

__all__ = [
    "Explorer", "Player", "Point", "Slider", "Stage", "Toggle", "accumulators", "adam_steps", "annealed_tour",
    "batch_and_rate", "cliff", "clusters", "cooling", "curse", "cycle", "descent", "evolving_population", "grand_race",
    "grid_or_random", "guess", "loss_doctor", "momentum_plane", "newton_basins", "noise_cloud", "rolling_ball",
    "scaling", "show", "splitter", "thermometer", "turning", "witnesses",
]  # fmt: skip
