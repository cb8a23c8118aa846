from course.explorers.shared.base import Explorer

class Scaling(Explorer):
    def __init__(self, loss_scale_factor: float = 1.0, trained: int = 600) -> None: ...
