from collections.abc import Sequence

from course.explorers.shared.base import Explorer

class Step(Explorer):
    def __init__(
        self,
        learning_rate: float = 0.4,
        curvature: float = 1.0,
        start: Sequence[float] = (-4, 2),
        shallow: float = 0.2,
        steps: int = 20,
    ) -> None: ...
