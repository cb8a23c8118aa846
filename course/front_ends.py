"""What every widget of the course owes the page that it is shown in, whichever front end it is.

Ink and paper of its own where the page sets none, and a still form for where no kernel runs. A live
view needs the kernel that made it: stored, it would hide the still behind "Error displaying
widget" at the next opening, and its random name would change the file. So live views are marked
as they are shown, and dropped before a file is saved.
"""

from pathlib import Path

#: The style sheet of every widget, anywidget's `_css`.
COLOURS = Path(__file__).with_suffix(".css").read_text("utf-8")
LIVE_VIEW = "application/vnd.jupyter.widget-view+json"
#: In an output's metadata for the live view. Widgets that are not the course's bear no mark.
MARK = {"sgd_course": "has a still form"}


def with_still(bundle, mime, still):
    """A widget's MIME bundle with a still form, and its live view marked.

    bundle: (data, metadata), as `_repr_mimebundle_` returns them; mime: such as "image/png".
    """
    data, metadata = bundle
    return data | {mime: still}, metadata | {LIVE_VIEW: MARK}


def drop_live_views(notebook):
    """Take every marked live view out of the outputs of a notebook; returns the notebook.

    notebook: a notebook as nested dicts (nbformat 4); changed in place.
    """
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            if output.get("metadata", {}).get(LIVE_VIEW) == MARK:
                output["data"].pop(LIVE_VIEW, None)
                del output["metadata"][LIVE_VIEW]
    return notebook
