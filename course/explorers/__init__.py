"""The moving pictures, one for each idea, and what keeps their still form in notebooks.

    from course.explorers import Valley
    Valley(learning_rate=0.3, momentum=0.8)

Explorers are handed on lazily, so that this module costs nothing to import.
"""

import importlib

#: Each explorer's class, and the module that it is in.
EXPLORERS = {
    "Step": "step",
    "Noise": "noise",
    "Schedule": "schedule",
    "Valley": "valley",
    "LookAhead": "look_ahead",
    "DecayAndClip": "decay_and_clip",
    "Average": "average",
    "Accumulation": "accumulation",
    "Scaling": "scaling",
    "Race": "race",
    "Stages": "stages",
}
__all__ = [*EXPLORERS, "before_saving", "drop_live_views"]

LIVE_VIEW = "application/vnd.jupyter.widget-view+json"


def __getattr__(name):
    if name in EXPLORERS:
        return getattr(importlib.import_module(f"course.explorers.{EXPLORERS[name]}"), name)
    raise AttributeError(f"module 'course.explorers' has no attribute {name!r}")


def drop_live_views(notebook):
    """Take the live view out of every output that has a still form too; returns the notebook.

    A live view needs the kernel that made it: stored, it would hide the picture behind
    "Error displaying widget" at the next opening, and its random name would change the file.

    notebook: a notebook as nested dicts (nbformat 4); changed in place.
    """
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if {"image/png", "text/html"} & {*output.get("data", {})}:
                output["data"].pop(LIVE_VIEW, None)
                output.get("metadata", {}).pop(LIVE_VIEW, None)
    return notebook


def before_saving(model, **_):
    """Jupyter's hook before a file is written: keep the pictures, drop the live views.

    Start the server with `--ContentsManager.pre_save_hook=course.explorers.before_saving`.
    """
    if model["type"] == "notebook" and model.get("content"):
        drop_live_views(model["content"])
