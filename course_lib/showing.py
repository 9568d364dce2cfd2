"""Show something in whatever stands before the learner: rich in a notebook, plain text elsewhere."""


def in_notebook():
    """Whether a notebook is there that can show pictures and HTML."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return type(get_ipython()).__name__ == "ZMQInteractiveShell"


def display(bundle, metadata=None):
    """Show a bundle of forms of one thing, ``{mime type: content}``; its "text/plain" is printed outside notebooks."""
    if not in_notebook():
        print(bundle["text/plain"])
        return
    import IPython.display

    IPython.display.display(bundle, raw=True, metadata=metadata or {})
