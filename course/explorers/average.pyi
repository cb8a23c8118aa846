from course.explorers.shared.base import Explorer

class Average(Explorer):
    def __init__(
        self,
        learning_rate: float = 0.2,
        ema_momentum: float = 0.98,
        ema_overwrite_frequency: int | None = None,
    ) -> None: ...
