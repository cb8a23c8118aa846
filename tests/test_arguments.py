"""Arguments that make no sense are refused by name, before anything is created."""

import inspect
import warnings

import numpy as np
import pytest

from course.arguments import ARGUMENTS, check_arguments

NONSENSE = [
    *[("learning_rate", value) for value in (-1.0, float("nan"), float("inf"), "0.1", None, True)],
    *[("momentum", value) for value in (-0.1, 1.1, float("nan"), "0.9", None)],
    *[("nesterov", value) for value in ("yes", None, 2)],
    *[("weight_decay", value) for value in (-0.1, float("nan"), "0.1")],
    *[
        (clip, value)
        for clip in ("clipnorm", "clipvalue", "global_clipnorm")
        for value in (0, -1.0, float("nan"), "1")
    ],
    *[("ema_momentum", value) for value in (-0.1, 1.1, float("nan"), None)],
    *[("ema_overwrite_frequency", value) for value in (0, -1, 2.5)],
    *[("loss_scale_factor", value) for value in (0.0, -2.0, float("nan"), float("inf"))],
    *[("gradient_accumulation_steps", value) for value in (0, 1, -3, 2.5, "2")],
    ("name", 3),
]


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_is_refused_by_name_with_what_came_and_what_to_write(name, value):
    with pytest.raises((TypeError, ValueError)) as refused:
        check_arguments(**{name: value})
    words = str(refused.value)
    assert words.startswith(f"`{name}` must be") and f"Got {value!r}." in words
    assert words.rstrip().endswith(".") and ("Write" in words or "Leave" in words)


SCHEDULE = "keras.optimizers.schedules.InverseTimeDecay"
RATE = r"learning_rate=keras\.optimizers\.schedules\.InverseTimeDecay"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"lr": 0.001}, r"^lr was renamed .* Write SGD\(learning_rate=0\.001\)\.$"),
        ({"decay": 0.1}, rf"^decay left .* Write SGD\({RATE}\(0\.01, 1, 0\.1\)\)\.$"),
        (
            {"lr": 0.1, "decay": 1e-6, "momentum": 0.9, "nesterov": True},
            rf"^lr was renamed .*; decay left with Keras 2.* Write SGD\({RATE}\(0\.1, 1, 1e-06\), "
            r"momentum=0\.9, nesterov=True\)\.$",
        ),
        ({"learning_rate": 0.3, "decay": 0.5}, rf"Write SGD\({RATE}\(0\.3, 1, 0\.5\)\)\.$"),
        ({"lr": 0.1, "decay": 0.0}, r"Write SGD\(learning_rate=0\.1\)\.$"),
        ({"lr": 0.1, "clipnorm": 1.0}, r"Write SGD\(learning_rate=0\.1, clipnorm=1\.0\)\.$"),
        ({"lr": 0.1, "momentun": 0.9}, r"Write SGD\(learning_rate=0\.1, momentum=0\.9\)\.$"),
        ({"learning_rate": 0.1, "jit_compile": True}, r"model\.compile .*\(learning_rate=0\.1\)"),
        ({"momentun": 0.9}, r"^SGD has no argument momentun\. Write SGD\(momentum=0\.9\)\.$"),
        ({"zzz": 1}, "SGD takes learning_rate"),
    ],
    ids=str,
)
def test_old_and_misspelt_names_get_the_whole_line_to_write_today(given, words):
    with pytest.raises(TypeError, match=words):
        check_arguments(**given)


def test_the_line_of_every_old_tutorial_gets_one_that_steps_as_keras_2_did():
    import course
    from course.quietly import keras

    with pytest.raises(TypeError, match="Write SGD") as refused:
        course.SGD(lr=0.1, decay=0.5, momentum=0.9)
    line = str(refused.value).partition("Write ")[2].removesuffix(".")
    optimizer = eval(line, {"SGD": course.SGD, "keras": keras})
    weight, velocity, variable = 1.0, 0.0, keras.Variable([1.0])
    for call in range(4):
        optimizer.apply([keras.ops.ones(1)], [variable])
        velocity = 0.9 * velocity - 0.1 / (1 + 0.5 * call)  # Keras 2: lr / (1 + decay * calls)
        weight += velocity
    assert variable.numpy()[0] == pytest.approx(weight, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "value", "today", "written"),
    [
        ("lr", 0.5, "learning_rate", "0.5"),
        (
            "decay",
            1e-6,
            "learning_rate",
            "keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 1e-06)",
        ),
        ("nestrov", True, "nesterov", "True"),
        ("momentun", 0.9, "momentum", "0.9"),
        ("clip_norm", 1.0, "clipnorm", "1.0"),
        ("learningrate", 1.0, "learning_rate", "1.0"),
    ],
)
def test_old_and_misspelt_names_are_refused_after_construction_too(name, value, today, written):
    import course

    optimizer = course.SGD(0.1)
    with pytest.raises(AttributeError) as refused:
        setattr(optimizer, name, value)
    assert str(refused.value).endswith(f"Write optimizer.{today} = {written}.")
    with pytest.raises(AttributeError, match=f"Read optimizer.{today}.$"):
        getattr(optimizer, name)
    assert not hasattr(optimizer, name)


def test_an_attribute_that_a_subclass_uses_or_that_is_like_no_argument_may_be_set():
    import course

    class Own(course.SGD):
        def __init__(self, lr, **more):
            super().__init__(lr, **more)
            self.lr, self.decay = lr, 0.5

    optimizer = Own(0.25)
    optimizer.lr, optimizer.my_note = 0.125, "kept"
    assert (optimizer.lr, optimizer.decay, optimizer.my_note) == (0.125, 0.5, "kept")


def test_two_clips_at_once_are_refused():
    with pytest.raises(ValueError, match="Only one of .* got clipnorm=1.0, clipvalue=2.0"):
        check_arguments(clipnorm=1.0, clipvalue=2.0)


@pytest.mark.parametrize(
    "given",
    [
        {"learning_rate": 1},
        {"learning_rate": np.float32(0.1)},
        {"learning_rate": lambda: 0.1},
        {"momentum": 1},
        {"nesterov": np.True_, "momentum": 0.5},
        {"gradient_accumulation_steps": np.int64(2)},
    ],
)
def test_innocent_values_of_another_type_are_taken(given):
    check_arguments(**given)


def test_nesterov_without_momentum_warns():
    with pytest.warns(UserWarning, match="does nothing while momentum is 0"):
        check_arguments(nesterov=True, momentum=0.0)


def test_the_table_is_keras_signature():
    from course.quietly import keras

    theirs = inspect.signature(keras.optimizers.SGD.__init__).parameters
    theirs = {k: p.default for k, p in theirs.items() if k not in ("self", "kwargs")}
    assert {row.name: row.default for row in ARGUMENTS} == theirs
    assert [row.name for row in ARGUMENTS] == [k for k in theirs], "the order is Keras's, too"


def test_defaults_are_accepted_in_silence():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_arguments(**{row.name: row.default for row in ARGUMENTS})
