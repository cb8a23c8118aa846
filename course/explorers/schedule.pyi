from course.explorers.shared.base import Explorer

class Schedule(Explorer):
    def __init__(
        self,
        schedule: str = "step",
        learning_rate: float = 0.1,
        momentum: float = 0.9,
    ) -> None: ...
