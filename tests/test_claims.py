"""Claims: what is untrue stops the build."""

import numpy as np
import pytest

from course_lib.learner import claim


@pytest.mark.parametrize("holds", [True, np.True_, np.array([True, True]), [True, np.bool_(True)]])
def test_what_holds_is_shown(holds, capsys):
    """Broken: a true sentence fails the build."""
    claim("Twice as fast.", holds)
    assert capsys.readouterr().out == "✓ Twice as fast.\n"


@pytest.mark.parametrize("holds", [False, np.False_, np.array([True, False]), [False], np.nan < 1, np.nan > 1])
def test_what_does_not_hold_fails_and_is_not_shown(holds, capsys):
    """Broken: an untrue sentence, or one about NaN, stands in the lesson."""
    with pytest.raises(AssertionError, match="Twice as fast"):
        claim("Twice as fast.", holds)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("holds", [1, 0.0, "yes", None, np.ones(3), [], (), np.array([], bool), lambda: True])
def test_what_is_no_truth_value_is_refused(holds):
    """Broken: `claim("...", loss)` or a comparison of nothing passes for a proof."""
    with pytest.raises(TypeError, match="truth value"):
        claim("Twice as fast.", holds)
