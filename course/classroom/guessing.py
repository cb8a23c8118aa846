"""Guessing a class's code is slowed: for each address, and for all of them together."""

import secrets
import time

#: No letter that looks like another, and no vowel, so that no code is a word.
ALPHABET = "BCDFGHJKMNPQRTVWXYZ23456789"
LENGTH = 6
FREE = 5  # wrong codes from one address before it has to wait
LONGEST = 60.0  # seconds that an address waits at most
TOGETHER = 120  # wrong codes from all addresses in a minute
ADDRESSES = 5000  # that are remembered


def new_code():
    """A code such as "KFM-427"; there are 27 to the power of 6, some 390 million."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{drawn[:3]}-{drawn[3:]}"


def is_code(given, code):
    """Whether a code was given, in whatever case and with whatever between its letters."""
    plain = ["".join(c for c in text.upper() if c.isalnum()) for text in (given, code)]
    return secrets.compare_digest(*(text.encode() for text in plain))


class Guessing:
    """Who gave wrong codes, and how long they have to wait; clock: seconds, for tests."""

    def __init__(self, clock=time.monotonic):
        self._clock, self._wrong, self._all = clock, {}, []

    def wait(self, address):
        """Seconds until this address may try again; 0 where it may now."""
        now = self._clock()
        self._all = [at for at in self._all if now - at < 60.0]
        count, last = self._wrong.get(address, (0, 0.0))
        # An address that has given no wrong code is let in while others guess, up to the bound.
        own = min(LONGEST, 2.0 ** (count - FREE)) - (now - last) if count >= FREE else 0.0
        together = 60.0 - (now - self._all[0]) if len(self._all) >= TOGETHER else 0.0
        return max(own, together, 0.0)

    def was_wrong(self, address):
        """Count a wrong code."""
        now = self._clock()
        count, _ = self._wrong.pop(address, (0, 0.0))
        self._wrong[address] = (min(count + 1, 40), now)
        self._all.append(now)
        while len(self._wrong) > ADDRESSES:
            self._wrong.pop(next(iter(self._wrong)))

    def was_right(self, address):
        """Forget an address's wrong codes."""
        self._wrong.pop(address, None)
