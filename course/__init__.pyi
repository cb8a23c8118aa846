from course.optimizer import SGD as SGD

__all__ = ["SGD"]
__version__: str
