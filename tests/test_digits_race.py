"""A learner's optimizer beside Keras's on the digits: what is drawn, what is said, and why."""

import numpy as np
import pytest

from course import sgd
from course.optimizer import compare, with_rule
from course.optimizer.compare import compare_on_digits
from course.quietly import keras
from tests.effort import part

BALL = {"learning_rate": 0.1, "momentum": 0.9}


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """The figures that were shown, closed at the end; two epochs are enough to tell."""
    import matplotlib.pyplot as plt

    monkeypatch.setattr(compare, "EPOCHS", 2)
    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gcf()))
    yield shown
    plt.close("all")


def said(capsys, ours, **theirs):
    compare_on_digits(ours, keras.optimizers.SGD(**BALL, **theirs))
    return capsys.readouterr().out


def test_the_right_rule_lies_on_keras_s_losses_and_both_are_drawn(capsys, drawn, monkeypatch):
    monkeypatch.setattr(compare, "EPOCHS", 10)
    words = said(capsys, with_rule(sgd.nesterov_momentum, **BALL), nesterov=True)
    assert "They lie together: your rule takes Keras's steps, up to rounding.\n" in words
    yours, keras_s = (line.get_ydata() for line in drawn[0].axes[0].lines)
    np.testing.assert_allclose(yours, keras_s, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(keras_s, np.round(keras_s, 5))  # the same on each processor
    assert keras_s[-1] < 0.1 * keras_s[0]


@pytest.mark.parametrize(
    ("rule", "theirs", "why"),
    part(
        [
            (sgd.nesterov_momentum, {}, "Your steps are those of Keras with nesterov=True."),
            (lambda w, v, g, eta, beta: (w, v), {}, "Your weights never move."),
            (lambda w, v, g, eta, beta: (w + beta * v - eta * g, v - eta * g), {}, "is number 3"),
            (sgd.heavy_ball, {"nesterov": True}, "those of Keras with nesterov=False."),
            (lambda w, v, g, eta, beta: (w - eta * g, v), {}, "those of Keras with momentum=0.0."),
            (lambda w, v, g, eta, beta: (w + v - 2 * eta * g, v), {}, "Already the first step"),
        ],
        3,
    ),
)
def test_a_wrong_rule_lies_apart_and_the_reason_is_told(capsys, rule, theirs, why):
    words = said(capsys, with_rule(rule, **BALL), **theirs)
    assert "They lie apart." in words and why in words


def test_what_keras_puts_in_place_at_the_end_counts(capsys):
    average = {"use_ema": True, "ema_momentum": 0.9}
    swapped = with_rule(moving_average=lambda a, w, m: m * w + (1 - m) * a, **BALL, **average)
    assert "Every step agrees; what is put" in said(capsys, swapped, **average)


def test_an_overwrite_that_comes_rarely_is_rehearsed(capsys):
    average = {"use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 20}
    swapped = with_rule(moving_average=lambda a, w, m: m * w + (1 - m) * a, **BALL, **average)
    assert "The first step that differs is number 20" in said(capsys, swapped, **average)


def test_a_difference_that_the_digits_do_not_show_is_told_all_the_same(capsys):
    never = with_rule(clip_by_value=lambda gradient, clipvalue: gradient, clipvalue=5.0, **BALL)
    words = said(capsys, never, clipvalue=5.0)
    assert "They lie together" in words
    assert "Yet they are not the same. Your steps are those of Keras with clipvalue=None." in words


def test_an_error_in_the_learner_s_function_comes_out_as_it_is():
    def misspelt(w, v, g, eta, beta):
        return w + speed, v  # noqa: F821

    with pytest.raises(NameError, match="'speed' is not defined"):
        compare_on_digits(with_rule(misspelt, **BALL), keras.optimizers.SGD(**BALL))


def test_nobody_s_seed_is_touched(capsys):
    np.random.seed(1)
    keras.utils.set_random_seed(1)
    expected = np.random.RandomState(1).rand()
    said(capsys, with_rule(sgd.heavy_ball, **BALL))
    assert np.random.rand() == expected


def test_an_optimizer_that_has_trained_is_refused():
    used = keras.optimizers.SGD(**BALL)
    used.build([keras.Variable(0.0)])
    with pytest.raises(ValueError, match="make both of them anew"):
        compare_on_digits(with_rule(sgd.heavy_ball, **BALL), used)
