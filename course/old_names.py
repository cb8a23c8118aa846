"""Names that older Keras had, or that are misspelt: what to write today."""

import difflib

#: Arguments of older Keras that left, and where to.
OLD = {
    "lr": "lr was renamed in Keras 3 to learning_rate",
    "decay": "decay left with Keras 2: it shrank the steps, as a schedule does (not the weights)",
    "jit_compile": "jit_compile is an argument of model.compile today",
    "is_legacy_optimizer": "is_legacy_optimizer left with Keras 2",
}


def refuse_unknown(given, defaults):
    """Raise where a name is none of SGD's arguments, with the whole line to write today.

    given:    what the caller wrote, by name; defaults: SGD's arguments and their defaults.
    Errors:   TypeError that names every unknown argument.
    """
    unknown = [name for name in given if name not in defaults]
    if not unknown:
        return
    said = [OLD.get(name, f"SGD has no argument {name}") for name in unknown]
    if any(name not in OLD and nearest(name, defaults) is None for name in unknown):
        raise TypeError("; ".join(said) + "; SGD takes " + ", ".join(defaults) + ".")
    raise TypeError("; ".join(said) + f". Write {line_of_today(given, defaults)}.")


def nearest(name, known):
    """The known name that a misspelt one is like, or None."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.7)), None)


def line_of_today(given, defaults):
    """The call that does today what the given arguments asked of older Keras, as it is written."""
    plain = {name: value for name, value in given.items() if name in defaults}
    chosen = {name: value for name, value in plain.items() if not _same(value, defaults[name])}
    for name in given:
        if name not in defaults and name not in OLD:
            chosen[nearest(name, defaults)] = given[name]
    rate = given.get("lr", chosen.pop("learning_rate", None))
    written = {name: _written(value) for name, value in chosen.items()}
    if given.get("decay") and not callable(rate):
        first = defaults["learning_rate"] if rate is None else rate
        written = {"learning_rate": inverse_time(first, given["decay"]), **written}
    elif rate is not None:
        written = {"learning_rate": _written(rate), **written}
    return "SGD(" + ", ".join(f"{name}={value}" for name, value in written.items()) + ")"


def inverse_time(rate, decay):
    """The schedule that Keras 2's decay was, as it is written: rate / (1 + decay · calls)."""
    return f"keras.optimizers.schedules.InverseTimeDecay({rate!r}, 1, {decay!r})"


def refuse_attribute(name, value, known, optimizer):
    """Raise where an attribute is an argument's old or misspelt name: to set it does nothing.

    Errors: AttributeError with what to write.
    """
    if name == "lr":
        raise AttributeError(f"{OLD[name]}. Write optimizer.learning_rate = {value!r}.")
    if name == "decay":
        rate = float(f"{float(optimizer.learning_rate):.6g}")
        schedule = inverse_time(rate, value)
        raise AttributeError(f"{OLD[name]}. Write optimizer.learning_rate = {schedule}.")
    near = nearest(name, known)
    if near is not None:
        raise AttributeError(
            f"SGD has no argument {name}, so that this would do nothing. "
            f"Write optimizer.{near} = {value!r}."
        )


def missing(name, known):
    """What to say when an attribute is read that is not there."""
    near = "learning_rate" if name in ("lr", "decay") else nearest(name, known)
    said = OLD[name] if name in ("lr", "decay") else f"SGD has no attribute {name}"
    return f"{said}. Read optimizer.{near}." if near else f"{said}."


def _same(value, default):
    return type(value) is type(default) and value == default


def _written(value):
    if not callable(value):
        return repr(value)
    name = getattr(value, "__name__", None)
    return name if name and name.isidentifier() else f"{type(value).__name__}(...)"
