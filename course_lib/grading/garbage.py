"""No search for garbage while modules and tables are made: they stay, and to look through them takes
time; in a fork it copies the memory they are in.
"""

import gc
from contextlib import contextmanager


@contextmanager
def none():
    """A block that leaves no garbage: nothing is looked for in it, and never in what is there at its end."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if looking:
            gc.enable()
