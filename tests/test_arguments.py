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


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"lr": 0.001}, "write learning_rate=0.001"),
        ({"decay": 0.1}, "InverseTimeDecay"),
        ({"momentun": 0.9}, "write momentum=0.9"),
        ({"zzz": 1}, "SGD takes learning_rate"),
    ],
)
def test_unknown_names_get_the_nearest_right_one(given, words):
    with pytest.raises(TypeError, match=words):
        check_arguments(**given)


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
