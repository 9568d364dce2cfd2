"""From the sources that persons edit to the notebooks that learners open, and the proof that both agree.

======================== ============================ =========================================
derived file             source                       how
======================== ============================ =========================================
notebooks/NN_slug.ipynb  notebooks/src/NN_slug.py     executed
solutions/NN_slug.ipynb  solutions/src/NN_slug.py     executed, markers kept
exercises/NN_slug.ipynb  solutions/src/NN_slug.py     solutions blanked, no outputs
======================== ============================ =========================================

`markers` blanks solutions, `form` makes notebooks from text, `nbgrader` marks their cells for those who use it,
`outputs` makes what ran repeatable, `execution` runs a notebook, `build` does all of it, `check` tells what is wrong
without changing a file. `bundle` makes what students get, with the texts in `handout`, zipped by `packing`.
"""

from course_lib.release.build import build, worksheets
from course_lib.release.check import check
from course_lib.release.execution import BuildError, environment
from course_lib.release.markers import MarkerError, worksheet

__all__ = ["BuildError", "MarkerError", "build", "check", "environment", "worksheet", "worksheets"]
