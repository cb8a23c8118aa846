from collections.abc import Sequence

from course.descent import _Rule
from course.explorers.shared.base import Explorer

class Valley(Explorer):
    def __init__(
        self,
        learning_rate: float = 0.3,
        momentum: float = 0.8,
        start: Sequence[float] = (-4, 1.5),
        curvatures: Sequence[float] = (0.1, 1.0),
        steps: int = 60,
        rule: _Rule | None = None,
    ) -> None: ...
