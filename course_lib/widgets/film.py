"""The trace of a run that an explorer draws, with the library's step or somebody else's."""

from course_lib.calling import TimeUp, time_limit
from course_lib.run import run

PATIENCE = 2.0  # seconds that a learner's function may take for one picture


def film(step, ours, *args, **options):
    """The trace of a run with ``ours``, a step of the library, or with somebody else's ``step`` if there is one.

    Raises:
        TimeoutError: somebody else's step took longer than `PATIENCE` seconds.
        Exception: whatever it raises.
    """
    if step is None:
        return run(ours, *args, **options)
    try:
        with time_limit(PATIENCE):
            return run(step, *args, **options)
    except TimeUp:
        raise TimeoutError(f"it did not finish within {PATIENCE:g} seconds") from None
