from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

import numpy as np

#: A NumPy array, a number, or a tensor of TensorFlow, JAX or PyTorch: what comes is what goes.
_Array = TypeVar("_Array")
#: A number, or an array that broadcasts.
_Number = Any
_LearningRate = Any

STAGES: tuple[str, ...]

def current_learning_rate(learning_rate: _LearningRate, calls: int) -> Any: ...
def like(array: np.ndarray, number: _Number) -> Any: ...
def scale_loss(loss: _Array, loss_scale_factor: _Number) -> _Array: ...
def unscale(gradient: _Array, loss_scale_factor: _Number) -> _Array: ...
def accumulate(accumulator: _Array, gradient: _Array) -> _Array: ...
def mean_gradient(
    accumulator: _Array, gradient: _Array, gradient_accumulation_steps: int
) -> _Array: ...
def clip_by_value(gradient: _Array, clipvalue: _Number, ops: ModuleType = ...) -> _Array: ...
def clip_by_norm(gradient: _Array, clipnorm: _Number, ops: ModuleType = ...) -> _Array: ...
def clip_by_global_norm(
    gradients: Sequence[_Array], global_clipnorm: _Number, ops: ModuleType = ...
) -> list[_Array]: ...
def clip(
    gradients: list[_Array],
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    ops: ModuleType = ...,
) -> list[_Array]: ...
def decay(variable: _Array, learning_rate: _Number, weight_decay: _Number) -> _Array: ...
def descent(gradient: _Array, learning_rate: _Number) -> _Array: ...
def next_velocity(
    velocity: _Array, gradient: _Array, learning_rate: _Number, momentum: _Number
) -> _Array: ...
def gradient_descent(variable: _Array, gradient: _Array, learning_rate: _Number) -> _Array: ...
def heavy_ball(
    variable: _Array, velocity: _Array, gradient: _Array, learning_rate: _Number, momentum: _Number
) -> tuple[_Array, _Array]: ...
def nesterov_momentum(
    variable: _Array, velocity: _Array, gradient: _Array, learning_rate: _Number, momentum: _Number
) -> tuple[_Array, _Array]: ...
def move(
    variable: _Array,
    velocity: _Array | None,
    gradient: _Array,
    learning_rate: _Number,
    momentum: _Number,
    nesterov: bool,
) -> tuple[_Array, _Array | None]: ...
def moving_average(average: _Array, variable: _Array, ema_momentum: _Number) -> _Array: ...
def overwrite_is_due(updates: _Array, ema_overwrite_frequency: int) -> Any: ...

class State(NamedTuple):
    velocity: list[np.ndarray]
    accumulator: list[np.ndarray]
    average: list[np.ndarray]
    calls: int = ...

def initial_state(variables: Sequence[np.ndarray]) -> State: ...
def step(
    variables: Sequence[np.ndarray],
    gradients: Sequence[np.ndarray | None],
    state: State,
    *,
    learning_rate: _LearningRate = 0.01,
    momentum: _Number = 0.0,
    nesterov: bool = False,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    ema_overwrite_frequency: int | None = None,
    loss_scale_factor: float | None = None,
    gradient_accumulation_steps: int | None = None,
    decays: Sequence[bool] | None = None,
    constraints: Sequence[Callable[[np.ndarray], np.ndarray] | None] | None = None,
    ops: Any = ...,
) -> tuple[list[np.ndarray], State]: ...
