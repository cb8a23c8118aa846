from collections.abc import Sequence
from typing import Literal

from course.explorers.shared.base import Explorer

class DecayAndClip(Explorer):
    def __init__(
        self,
        show: Literal["decay", "clip"] = "clip",
        weight_decay: float = 0.5,
        momentum: float = 0.9,
        learning_rate: float = 0.1,
        start: Sequence[float] = (-1, 0),
        gradient: Sequence[float] = (3, 1),
        other: float = 4.5,
        threshold: float = 1.5,
    ) -> None: ...
