from collections.abc import Callable
from typing import Any

from course.optimizer.keras_sgd import SGD

RULES: tuple[str, ...]

def with_rule(rule: Callable[..., Any] | None = None, **given: Any) -> SGD: ...
def on_numpy(function: Callable[..., Any], reference: Callable[..., Any]) -> Callable[..., Any]: ...
