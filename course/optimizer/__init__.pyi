from course.optimizer.compare import compare_on_digits as compare_on_digits
from course.optimizer.custom_rule import with_rule as with_rule
from course.optimizer.keras_sgd import SGD as SGD

__all__ = ["SGD", "compare_on_digits", "with_rule"]

WHERE: dict[str, str]
