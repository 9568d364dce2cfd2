"""Show something in whatever stands before the learner: rich in a notebook, plain text elsewhere."""

import sys


def in_notebook():
    """Whether a kernel runs this, so that pictures and HTML are shown (JupyterLab, VS Code, Colab)."""
    ipython = sys.modules.get("IPython")  # where it was not loaded there is no notebook
    shell = ipython and ipython.get_ipython()
    return getattr(shell, "kernel", None) is not None


def display(bundle, metadata=None):
    """Show a bundle of forms of one thing, ``{mime type: content}``; its "text/plain" is printed outside notebooks."""
    if not in_notebook():
        print(bundle["text/plain"])
        return
    import IPython.display

    IPython.display.display(bundle, raw=True, metadata=metadata or {})
