"""The settings of a marking, and what they allow one submission: each default stands here, once."""

import math
from typing import NamedTuple

SECONDS, MEMORY = 60.0, 2048
LEVELS = ("none", "landlock", "namespaces")  # from the weakest on
CELLS_SHARE = 6  # one cell may take a sixth of the seconds: later tasks can still earn


class Limits(NamedTuple):
    """What a submission may take: the level that holds it, seconds, and MB."""

    level: str
    seconds: float = SECONDS
    memory: int = MEMORY

    @property
    def share(self):
        """The seconds that one cell may take."""
        return self.seconds / CELLS_SHARE


class Settings(NamedTuple):
    """The settings of a marking.

    seed:        an integer of 0 or more, from which the hidden inputs are drawn.
    limit:       seconds for one submission; one cell may take a sixth of them.
    memory:      MB that its answers may take.
    confinement: one of LEVELS; None means the best there is, and none below Landlock.
    """

    seed: int
    limit: float = SECONDS
    memory: int = MEMORY
    confinement: str | None = None

    def checked(self):
        """The settings themselves; errors: ValueError for one that makes no sense."""
        refuse(self._asdict())
        return self


def refuse(settings):
    """Refuse a setting that makes no sense.

    settings: as a dictionary of any part of them; None where a default will do.
    Errors:   ValueError that names what must be, and what came.
    """
    for name, value in settings.items():
        if value is not None and not _ALLOWED[name][0](value):
            raise ValueError(f"{name} must be {_ALLOWED[name][1]}; got {value!r}.")


def _is_number(value, kind=int | float):
    return isinstance(value, kind) and not isinstance(value, bool)


_ALLOWED = {
    "seed": (lambda x: _is_number(x, int) and x >= 0, "an integer of 0 or more"),
    "limit": (lambda x: _is_number(x) and 0 < x < math.inf, "a number of seconds above 0"),
    "memory": (lambda x: _is_number(x) and x > 0, "a number of MB above 0"),
    "confinement": (lambda x: x in LEVELS, f"one of {', '.join(LEVELS)}"),
}
