"""What a learning platform, or the file itself, tells of a submission besides its text."""

from typing import NamedTuple


class Origin(NamedTuple):
    """Where a submission comes from.

    platform: "moodle", "canvas", or "" where no platform's download tells.
    name, id: the learner's, as the platform's download has them.
    late:     whether the platform calls it late.
    attempt:  its number, counted from 1; 0 where nothing tells.
    number:   the platform's own of the file, which grows with each upload; 0 where it has none.
    at:       when it was handed in or last saved, as "2026-12-01T18:00:00" of the place where it is
              read (a zip knows no time zone); "" where nothing tells.
    """

    platform: str = ""
    name: str = ""
    id: str = ""
    late: bool = False
    attempt: int = 0
    number: int = 0
    at: str = ""

    @property
    def learner(self):
        """What to call the learner: two of one name have two numbers."""
        return f"{self.name} ({self.id})"

    @property
    def order(self):
        """What grows from one submission to the next: the attempt, then the time."""
        return self.attempt, self.number, self.at


UNKNOWN = Origin()
