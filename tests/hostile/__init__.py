"""Hostile, broken and odd submissions, graded among honest ones: ``python -m tests.hostile`` prints what came of each.

Each is an `Entry` of one of the modules here: what it tries, the file that is handed in, and what it honestly earns.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `demo_submissions`, where this is run by `python -m`
