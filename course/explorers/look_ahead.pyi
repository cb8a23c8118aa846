from collections.abc import Sequence

from course.explorers.shared.base import Explorer

class LookAhead(Explorer):
    def __init__(
        self,
        learning_rate: float = 0.5,
        momentum: float = 0.8,
        start: Sequence[float] = (-4, 2),
        curvatures: Sequence[float] = (0.2, 1.0),
        steps: int = 40,
    ) -> None: ...
