from collections.abc import Sequence
from typing import Any

from course.descent import _Rule
from course.explorers.shared.base import Explorer
from course.surfaces import Surface

class Race(Explorer):
    def __init__(
        self,
        surface: str | Surface = "rosenbrock",
        runners: Sequence[dict[str, Any]] | None = None,
        *,
        rule: _Rule | None = None,
        start: Sequence[float] | None = None,
        steps: int = 120,
    ) -> None: ...
