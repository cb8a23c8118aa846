from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course.surfaces import Surface

_Rule = Callable[[Any, Any, Any, Any, Any], tuple[Any, Any]]

class Walk(NamedTuple):
    points: np.ndarray
    velocities: np.ndarray

def walk(
    surface: Surface,
    steps: int,
    learning_rate: ArrayLike,
    momentum: ArrayLike = 0.0,
    *,
    rule: _Rule = ...,
    start: ArrayLike | None = None,
) -> Walk: ...
