"""How each surface of a race is shown: its picture's frame and level lines, and what to see."""

from typing import NamedTuple

import numpy as np

from course.explorers.shared.base import level_lines

WIDE = 1.5  # how much wider than high every picture is


class Track(NamedTuple):
    """The middle and half the height of a surface's picture, a learning rate that suits it,
    whether it has steep walls, and what to see there, in a sentence."""

    middle: tuple
    half: float
    learning_rate: float
    steep: bool
    about: str


TRACKS = {
    "quadratic": Track((-0.5, 0), 2.5, 0.3, False, "A bowl, ten times as steep across as along."),
    "rosenbrock": Track((0, 0.7), 1.5, 0.001, True, "A bent valley: steep walls, a flat floor."),
    "beale": Track((2, 0.1), 1.7, 0.01, True, "A flat floor between ever steeper walls."),
    "saddle": Track((0, 0), 1.6, 0.1, False, "A saddle at (0, 0) between two equal wells."),
    "plateau": Track((0, 0), 3.0, 0.3, False, "A hole in a plateau with hardly any slope."),
    "noisy plateau": Track(
        *((0, 0), 3.0, 0.3, False),
        "A plateau with more noise than slope; at each step it is the same for all.",
    ),
    "cliff": Track(
        *((2.6, 0), 3.0, 0.3, True), "A gentle slope ends at a wall that throws walkers back."
    ),
}
#: Of a surface that is not in the table, with Keras's own learning rate.
UNKNOWN = Track((0, 0), 0.0, 0.01, False, "")


def track(name):
    """How the surface of this name is shown."""
    return TRACKS.get(name, UNKNOWN)


def scene(surface, start):
    """What stays while a surface is shown: its frame, its level lines, the loss's decades.

    start: two numbers, which the frame holds, as it holds the surface's own start and minimum.
    """
    shown, told = surface, track(surface.name)
    x, y = frame = _frame(told, np.array([start, surface.start, surface.minimum]))
    if told.steep:  # lines even in the fourth root of the loss show the floor, too
        shown = surface._replace(loss=lambda points: np.sqrt(above(surface, points)))
    lines = level_lines(shown, x, y)
    if told.steep:
        lines = [[level**2, *line] for level, *line in lines]
    top = int(np.ceil(np.log10(max(above(surface, surface.start), 1e-30)))) + 1
    return {
        "frame": frame,
        "minimum": surface.minimum.tolist(),
        "levels": lines,
        "decades": [top - 6, top],
        "about": told.about,
    }


def above(surface, points):
    """The loss above the minimum's: points of shape (..., 2) to 0 or more, of shape (...)."""
    return np.maximum(surface.loss(points) - surface.loss(surface.minimum), 0)


def _frame(told, points):
    """The ranges [[low, high], [low, high]]: the track's own, or one around (0, 0) for all."""
    middle, half = np.array(told.middle), np.array([WIDE, 1]) * told.half
    if (abs(points - middle) > half).any():
        middle = np.zeros(2)
        half = np.array([WIDE, 1]) * 1.25 * max(abs(points / (WIDE, 1)).max(), 0.4)
    return np.stack([middle - half, middle + half], axis=-1).round(6).tolist()
