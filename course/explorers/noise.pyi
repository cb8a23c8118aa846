from collections.abc import Sequence

from course.explorers.shared.base import Explorer

class Noise(Explorer):
    def __init__(
        self,
        learning_rate: float = 0.2,
        batch_size: int = 4,
        start: Sequence[float] = (-4, 2),
        curvature: float = 1.0,
        noise: float = 2.0,
        steps: int = 60,
    ) -> None: ...
