from collections.abc import Callable, Sequence
from typing import Any

import keras

#: A number, a `keras.Variable` that holds one, a schedule, or a function of nothing.
_LearningRate = (
    float | keras.Variable | keras.optimizers.schedules.LearningRateSchedule | Callable[[], Any]
)
#: A number that may also stand in a variable, to be changed while a compiled step runs.
_Number = float | keras.Variable

class SGD(keras.optimizers.Optimizer):
    momentum: Any
    nesterov: bool
    momentums: list[Any]

    def __init__(
        self,
        learning_rate: _LearningRate = 0.01,
        momentum: _Number = 0.0,
        nesterov: bool = False,
        weight_decay: _Number | None = None,
        clipnorm: _Number | None = None,
        clipvalue: _Number | None = None,
        global_clipnorm: _Number | None = None,
        use_ema: bool = False,
        ema_momentum: _Number = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: _Number | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None: ...
    def build(self, variables: Sequence[Any]) -> None: ...
    def get_config(self) -> dict[str, Any]: ...
    def apply(
        self, grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None
    ) -> None: ...
    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None: ...
    def exclude_from_weight_decay(
        self, var_list: Sequence[Any] | None = None, var_names: Sequence[str] | None = None
    ) -> None: ...
    def finalize_variable_values(self, var_list: Sequence[Any]) -> None: ...
