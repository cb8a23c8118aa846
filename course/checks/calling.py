"""What all kinds of task share: a learner's function called with care, its results compared.

Whatever a learner's function does, what comes out is a list of arrays or a sentence.
"""

import contextlib
import copy
import io
import itertools
import re
import signal
import threading
import time
import warnings

import numpy as np

# Any algebraic order of arithmetic, in 32 bits too, stays inside this part of a result's largest
# number; a wrong factor far outside.
RELATIVE, ABSOLUTE = 5e-6, 1e-9
#: The same for a number that is predicted: it is exact, but for its own rounding to 32 bits.
EXACT = 1e-6
#: Seconds of the processor for all calls that one check makes; a right answer needs a few
#: milliseconds. One that only waits may do so for PATIENCE times as long.
LIMIT, PATIENCE = 5.0, 6
TICK = 0.1
#: What is said of a number that was typed with a decimal comma.
COMMA = "In Python a decimal point is a dot: 0,5 is two numbers, 0 and 5."
MANY = 1000  # numbers, of which a learner reads none


#: In which ways there can be no answer, see `Sentence`.
ENDED = ("endless", "raised", "nothing", "unfilled", "missing")


class Sentence(str):
    """A sentence on why there is no answer that could be compared.

    ended: in which way, one of ENDED, or "" for another.
    error: the name of the exception's class where it is "raised".
    """

    def __new__(cls, text, ended="", error=""):
        """A string with two attributes more."""
        sentence = super().__new__(cls, text)
        sentence.ended, sentence.error = ended, error
        return sentence


class NotAnAnswer(Exception):
    """The answer is of no kind that could be right; its one argument, a `Sentence`, says how."""

    def __init__(self, text, ended="", error=""):
        super().__init__(Sentence(text, ended, error))

    @property
    def sentence(self):
        """What it says."""
        return self.args[0]


class _TooLong(BaseException):
    """The limit is over; no Exception, so that a learner's `except Exception` lets it through."""


@contextlib.contextmanager
def time_limit(name):
    """Interrupt what runs within, and raise NotAnAnswer that names the learner's function.

    Where signals cannot interrupt (Windows, or not in the main thread) there is no limit.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    seconds, ticks, begin = LIMIT, itertools.count(1), time.process_time()

    # What counts is the processor's time, as the machine may be busy with others; and ticks, which
    # do not come while the process stands still, as after Ctrl-Z. At the end it is interrupted at
    # each: a learner's own `except:` may swallow the first.
    def interrupt(*_):
        waited = next(ticks) * TICK
        if time.process_time() - begin >= seconds or waited >= PATIENCE * seconds:
            raise _TooLong

    kept = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
    try:
        yield
    except _TooLong:
        raise NotAnAnswer(
            f"{name} has not ended after {seconds:g} seconds. Look for a loop whose condition "
            "never becomes false.",
            "endless",
        ) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, kept)


class Results(list):
    """What a learner's function returned, as float arrays.

    changed: the numbers of the arguments, from 1, that it changed in place.
    """

    changed = ()


def call(function, arguments, name, results, pure=False):
    """Call a learner's function on copies; returns its `Results`.

    name:    how the learner called it; results: the names of what it returns.
    pure:    whether changing an argument is a mistake; else it is told, no more.
    Errors:  NotAnAnswer with a sentence for whatever else comes.
    """
    given, printed = copy.deepcopy(arguments), io.StringIO()
    held = [parts_of(each) for each in given]
    try:
        with _kept_to_itself(printed):
            value = function(*given)
    except Exception as error:
        kind = type(error).__name__
        text = f": {error}" if str(error) else ""
        raise NotAnAnswer(f"{name} raised {kind}{text}", "raised", kind) from None
    if value is None and printed.getvalue().strip():
        raise NotAnAnswer(
            f"{name} printed {shorten(printed.getvalue().strip())} and returned nothing (None); "
            f"write return {', '.join(results)} in place of print.",
            "nothing",
        )
    found = Results(as_results(value, results, f"{name} returned"))
    before = [parts_of(each) for each in arguments]
    if pure:
        _refuse_changes(before, held, name)
    pairs = zip(arguments, given, before, held)
    found.changed = tuple(i for i, pair in enumerate(pairs, start=1) if _is_changed(*pair))
    return found


@contextlib.contextmanager
def _kept_to_itself(printed):
    """Keep what a function prints, and let no warning out: neither is a wrong answer."""
    with (
        np.errstate(all="ignore"),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


def ask(function, cases, name, results, pure=False):
    """What a learner's function gives in each case, as `call` returns it.

    cases:   the arguments of each call.
    Returns: a list; where an answer is none, the `Sentence` that says so stands last.
    """
    found = []
    try:
        with time_limit(name):
            for arguments in cases:
                found.append(call(function, arguments, name, results, pure))
    except NotAnAnswer as problem:
        found.append(problem.sentence)
    return found


def missing(name):
    """What is said where the learner's name is not defined."""
    return Sentence(f"✗ {name} is not there yet. Run the cell with your answer first.", "missing")


def no_function(name, value):
    """What is said where the name is that of no function."""
    return f"{name} must be a function; it is {shorten(value)}."


def parts_of(value):
    """All that an argument is made of: itself, and whatever its lists and dictionaries hold."""
    inner = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    inner = inner if isinstance(value, dict | list | tuple) else ()
    return [value, *(part for each in inner for part in parts_of(each))]


def _refuse_changes(before, after, name):
    # Another array in a list's place changes none of the caller's.
    for position, (old, new) in enumerate(zip(before, after), start=1):
        if not all(map(_same, old, new)):
            raise NotAnAnswer(
                f"{name} changed its argument number {position} in place: the caller's array is "
                "another one now. Work on a copy, np.array(…), or compute a new one: a = a * b, "
                "not a *= b."
            )


def _is_changed(old, new, before, after):
    """Whether an argument is another one after the call, also where a list's entry is new."""
    same = all(map(_same, before, after)) and all(map(_same, before, parts_of(new)))
    return not same


def _same(old, new):
    """Whether an array, a number or a word is what it was, or a list as long as it was."""
    if isinstance(old, dict | list | tuple):
        return type(old) is type(new) and len(old) == len(new)
    try:
        old, new = np.asarray(old), np.asarray(new)
        return np.array_equal(old, new, equal_nan=old.dtype.kind in "fc")  # words know no nan
    except (TypeError, ValueError):
        return False


def as_results(value, names, whose):
    """The value as one float array per name; raises NotAnAnswer where it can't be."""
    wanted = ", ".join(names)
    if value is None:
        raise NotAnAnswer(_nothing(whose, names), "nothing")
    whole = value
    if len(names) == 1:
        value = (value,)
    if value is ... or (isinstance(value, tuple) and any(part is ... for part in value)):
        raise NotAnAnswer(unfilled(whose), "unfilled")
    elif not hasattr(value, "__len__") or len(value) != len(names):
        raise NotAnAnswer(
            f"{whose} {shorten(value)}; {len(names)} values are wanted: {wanted}."
            + _written_otherwise(value, len(names))
        )
    if isinstance(whole, set | dict) and len(names) > 1:
        raise NotAnAnswer(
            f"{whose} {shorten(whole)}, which has no order; write {wanted} with commas between."
        )
    none = [name for name, part in zip(names, value) if part is None]
    if none:
        raise NotAnAnswer(f"{whose} {shorten(whole)}: there is None in place of {none[0]}.")
    try:
        return [np.asarray(part, dtype=float) for part in value]
    except OverflowError:
        raise NotAnAnswer(f"{whose} a whole number that is too large to be a float.") from None
    except (TypeError, ValueError):
        said = f"{whose} {shorten(whole)}, which is no number."
        raise NotAnAnswer(said + _written_otherwise(whole, len(names))) from None


def _written_otherwise(value, wanted):
    """What else there is to say of some numbers as they were typed, after a space; or ""."""
    if isinstance(value, str) and re.search(r"\d", value):
        return " Leave out the quotes, and all words."
    if is_decimal_comma(value, wanted):
        return f" {COMMA}"
    return ""


def is_decimal_comma(value, wanted):
    """Whether a tuple may be so many numbers, each written with a comma: twice too many."""
    return isinstance(value, tuple) and len(value) == 2 * wanted


def _nothing(whose, names):
    """What is said of None; whose: "rate is", or "edge returned"."""
    if not whose.endswith(" is"):
        return f"{whose} nothing (None); end it with: return {', '.join(names)}"
    many = f"{len(names)} numbers are wanted: {', '.join(names)}"
    return f"{whose} None, which is no number; {'a number is wanted' if len(names) == 1 else many}."


def unfilled(whose):
    """What is said of the dots; whose: "rate is", or "edge returned"."""
    says = f"{whose} still".replace("returned still", "still returns")
    return f"{says} `...`; put your answer in its place."


def as_number(name, value):
    """The one finite number in an array; raises NotAnAnswer that names it where there is none."""
    if value.size != 1 or not np.isfinite(value).all():
        raise NotAnAnswer(f"{name} must be one finite number; it is {say(value)}.")
    return float(value.reshape(()))


def agree(yours, expected, relative=RELATIVE):
    """Whether all parts are equal, in shape and within rounding, also of 32 bits.

    relative: how far off a number may be, as a part of the largest in its array.
    """
    return all(_is_near(a, b, relative) for a, b in zip(yours, expected, strict=True))


def _is_near(a, b, relative):
    if a.shape != b.shape:
        return False
    sizes = np.abs(b[np.isfinite(b)])
    off = ABSOLUTE + relative * sizes.max(initial=0.0)
    return np.allclose(a, b, rtol=0, atol=off, equal_nan=True)


def has_nan(parts):
    """Whether there is a nan in one of the arrays."""
    return any(np.isnan(part).any() for part in parts)


def shorten(value):
    """A value as Python writes it, cut to 60 characters; a function by its name."""
    if callable(value) and isinstance(getattr(value, "__name__", None), str):
        return f"the function {value.__name__}"[:60]
    try:
        words = repr(value)
    except Exception:  # whole numbers have theirs up to 4300 digits, and others as they like
        words = f"something of type {type(value).__name__}"
    return words if len(words) <= 60 else words[:57] + "..."


def say(value):
    """A number or an array as a learner reads it: four significant digits, no -0."""
    value = np.asarray(value, dtype=float)
    if value.size > MANY:
        return f"an array of shape {value.shape}"
    if value.ndim:
        return "[" + ", ".join(say(part) for part in value) + "]"
    return f"{float(value) + 0.0:.4g}"
