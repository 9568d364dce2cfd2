"""The course in a real browser: JupyterLab on a copy of the notebooks, driven by mouse and keyboard."""
