"""The wire to a confined child: what comes over it is hostile, so each field is cut to a size.

Waiting is counted so that time in which this process itself stood still does not count.
"""

import json
import select
import time

LARGEST = 2_500_000  # bytes of one reply: what a child keeps, in JSON's longest spelling
KEPT = 100_000  # characters of a stream
ENOUGH = 2000  # characters of an exception's text, and of a shown value
NAME = 200  # characters of any other text
SHOWN = 102  # outputs, and kinds of one output's data
PROMPT = 5.0  # seconds in which a message must have been taken
GLANCE = 0.05  # seconds between two looks at the child while nothing comes from it


class Patience:
    """Seconds that are left of a wait. Time in which this process stood still does not count.

    waited: seconds that did count.
    """

    def __init__(self, seconds):
        self.seconds, self.waited, self._seen = seconds, 0.0, time.monotonic()

    def left(self):
        """What is left now: 0 or less where the wait is over."""
        now = time.monotonic()
        # Nobody asks less often than once in a GLANCE, unless we were stopped, as by Ctrl-Z.
        self.waited += min(now - self._seen, GLANCE * 20)
        self._seen = now
        return self.seconds - self.waited


class Wire:
    """Lines of JSON over a socket, each of a size that is bounded, each with a patience."""

    def __init__(self, end):
        self.end, self.rest = end, b""

    def send(self, message):
        """Send one message; errors: OSError."""
        self.end.settimeout(PROMPT)
        self.end.sendall(json.dumps(message).encode() + b"\n")

    def receive(self, patience, look=lambda: None):
        """The next message; what is there already is read before the clock is.

        look:   called every now and then meanwhile.
        Errors: TimeoutError, ValueError for what is none or too long; whatever `look` raises.
        """
        while b"\n" not in self.rest:
            self._receive_more(patience, look)
        line, _, self.rest = self.rest.partition(b"\n")
        try:
            return json.loads(line)
        except RecursionError:
            raise ValueError("This is nested without end.") from None

    def _receive_more(self, patience, look):
        over = patience.left() <= 0
        look()
        if not select.select([self.end], [], [], 0 if over else GLANCE)[0]:
            if over:
                raise TimeoutError
            return
        more = self.end.recv(1 << 16)
        if not more or len(self.rest) > LARGEST:
            raise ValueError("The other side is gone, or talks without end.")
        self.rest += more


# ---- what a reply may hold, and how much of it is kept ---------------------------------


def outputs_of(reply, number):
    """The outputs in a child's reply: none but the kinds that there are, each cut to a size.

    Errors: ValueError, TypeError or KeyError for what is no such reply.
    """
    if reply["cell"] != number:
        raise ValueError("This is no reply to the cell.")
    return [_output(**each) for each in reply["outputs"][:SHOWN]]


def _output(output_type, name="", text="", data=None, ename="", evalue=""):
    if output_type == "stream" and name in ("stdout", "stderr"):
        return {"output_type": output_type, "name": name, "text": _text(text, KEPT)}
    if output_type == "error":
        found = {"ename": _text(ename, NAME), "evalue": _text(evalue, ENOUGH), "traceback": []}
        return {"output_type": output_type, **found}
    if output_type in ("display_data", "execute_result"):
        shown = {_text(kind, NAME): _text(value, ENOUGH) for kind, value in [*data.items()][:SHOWN]}
        return {"output_type": output_type, "data": shown, "metadata": {}}
    raise ValueError("There is no such output.")


def _text(value, most):
    if not isinstance(value, str):
        raise ValueError("This is no text.")
    return value[:most]
