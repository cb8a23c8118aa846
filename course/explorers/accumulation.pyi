from course.explorers.shared.base import Explorer

class Accumulation(Explorer):
    def __init__(
        self,
        gradient_accumulation_steps: int = 4,
        learning_rate: float = 0.3,
        start: float = 4.0,
        curvature: float = 1.0,
        noise: float = 2.0,
        calls: int = 64,
    ) -> None: ...
