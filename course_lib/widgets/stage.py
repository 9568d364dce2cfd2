"""The Stage: one front end of ours that draws the scenes of an explorer in a notebook. It draws, Python computes."""

from pathlib import Path

import anywidget
import traitlets

from course_lib.widgets.scene import wire
from course_lib.widgets.still import png

HERE = Path(__file__).parent


class Stage(anywidget.AnyWidget):
    """A live explorer: controls in the browser, each move answered with one scene from Python.

    Args:
        explorer: the `Explorer` to show.

    The front end sends the newest values when the last answer has been painted, so nothing ever waits in a queue.
    An exception while drawing becomes one sentence in the status line; the next move tries again.
    """

    _esm = HERE / "stage.js"
    _css = HERE / "stage.css"
    spec = traitlets.Dict().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)

    def __init__(self, explorer):
        self.explorer = explorer
        super().__init__(spec={"title": explorer.title, "controls": explorer.spec()}, frame=frame(explorer, {}))
        self.on_msg(self._answer)

    def _answer(self, _, message, buffers):
        """The front end moved a control: paint the scene there."""
        self.frame = {"stamp": message["stamp"], **frame(self.explorer, message["raw"])}

    def __repr__(self):
        return f"<{self.explorer.title}>"

    def _repr_mimebundle_(self, **_):
        """The live view, and for a page without a kernel a still picture and the same in words."""
        live = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"application/vnd.jupyter.widget-view+json": live, **still(self.explorer)}


def show(explorer):
    """The live widget of an explorer; let it be the last line of a cell."""
    return Stage(explorer)


def frame(explorer, raw):
    """What the front end paints for these raw values: a scene, or the sentence that says why there is none."""
    try:
        values = explorer.parse(raw)
        scene = explorer.scene(**values)
    except Exception as error:
        return {"raw": raw, "error": complaint(error)}
    return {"raw": raw, **wire(scene), "limits": places(explorer, scene), "readouts": scene.readouts or {}}


def places(explorer, scene):
    """The limits of a scene as places on the tracks, ``{control: [(0 to 1, label), ...]}``."""
    controls = {control.name: control for control in explorer.controls}
    limits = (scene.limits or {}).items()
    spots = {name: [(controls[name].place(value), label) for value, label in marks] for name, marks in limits}
    return {name: [spot for spot in found if spot[0] is not None] for name, found in spots.items()}


def complaint(error):
    """One sentence about an exception."""
    words = " ".join(str(error).split()).rstrip(".")
    what = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return f"The function that is shown here failed ({what}). Mend it, then run its cell and this one again."


def still(explorer):
    """The default scene as a picture and as text, the same for the same explorer each time."""
    try:
        scene = explorer.scene()
    except Exception as error:
        return {"text/plain": complaint(error)}
    return {"image/png": png(scene), "text/plain": twin(explorer, scene)}


def twin(explorer, scene):
    """An explorer's default scene in words: title, finding, goal."""
    goal = f"\nGoal: {scene.goal.text} ({'reached' if scene.goal.reached else 'not reached yet'})" if scene.goal else ""
    return f"{explorer.title}\n{scene.text}{goal}"
