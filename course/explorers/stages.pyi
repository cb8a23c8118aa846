from course.explorers.shared.base import Explorer

class Stages(Explorer):
    def __init__(
        self,
        learning_rate: float = 0.2,
        momentum: float = 0.8,
        nesterov: bool = False,
        weight_decay: float | None = 0.5,
        clipvalue: float | None = 1.0,
        ema_momentum: float | None = 0.8,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = 2,
    ) -> None: ...
