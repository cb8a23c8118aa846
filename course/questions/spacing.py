"""When a question comes back: Leitner's boxes, each with twice the days of the one before.

Source: S. Leitner, So lernt man lernen, 1972. A missed card goes back to the first box, a known
one into the next; how often a box is opened is free there, and here it is 1, 2, 4, … 64 days.
"""

from datetime import date, timedelta
from typing import NamedTuple

BOXES = 7


class Card(NamedTuple):
    """Where a question stands: its box, from 1, and the day on which it is due."""

    box: int
    due: date


def days(box):
    """How many days a card rests in a box, from 1 day in box 1 to 64 in box 7."""
    return 2 ** (box - 1)


def after(card, passed, day):
    """The Card after one guess.

    card: the one before, or None where it is the first guess; a right one starts in box 2.
    day:  the date of the guess. A right guess before the card is due changes nothing: what was
          read a minute ago proves little.
    """
    if not passed:
        box = 1
    elif card is None:
        box = 2
    elif day < card.due:
        return card
    else:
        box = min(card.box + 1, BOXES)
    return Card(box, day + timedelta(days=days(box)))


def cards(guesses):
    """Name -> Card, from all guesses in the order in which they were made.

    guesses: tuples (name, passed, day).
    """
    found = {}
    for name, passed, day in guesses:
        found[name] = after(found.get(name), passed, day)
    return found


def due(found, names, day, count=10):
    """The names to ask on a day: what is due, the longest waiting first, then what is new.

    found: name -> Card; names: those that may be asked, in the course's order.
    """
    waiting = sorted((found[name].due, name) for name in names if name in found)
    late = [name for at, name in waiting if at <= day]
    return [*late, *(name for name in names if name not in found)][:count]
