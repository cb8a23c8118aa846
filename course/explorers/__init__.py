"""The moving pictures, one for each idea.

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
__all__ = [*EXPLORERS]


def __getattr__(name):
    if name in EXPLORERS:
        return getattr(importlib.import_module(f"course.explorers.{EXPLORERS[name]}"), name)
    raise AttributeError(f"module 'course.explorers' has no attribute {name!r}")
