"""What chapter 09, *Gradient accumulation*, says that Keras does, held against Keras itself."""

import numpy as np
import pytest

from course.quietly import keras


class Listening(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that says 0.1 and remembers for which steps it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, step):
        self.asked.append(int(step))
        return 0.1

    def get_config(self):
        return {}


def apply_ones(start, calls, **arguments):
    """One weight under a gradient of 1, k = 4, η = 1: its values, and its averages."""
    optimizer = keras.optimizers.SGD(1.0, gradient_accumulation_steps=4, **arguments)
    w, path = keras.Variable(np.full(1, start, "float32")), []
    for _ in range(calls):
        optimizer.apply([keras.ops.ones(1)], [w])
        average = optimizer._model_variables_moving_average[0]
        path.append((round(float(w[0]), 3), round(float(average[0]), 3)))
    return [list(column) for column in zip(*path)]


def test_a_schedule_is_asked_only_at_updates_and_for_the_number_of_calls():
    optimizer = keras.optimizers.SGD(Listening(), gradient_accumulation_steps=4)
    w = keras.Variable(1.0)
    for _ in range(12):
        optimizer.apply([w * 1.0], [w])
    assert optimizer._learning_rate.asked == [3, 7, 11]
    assert int(optimizer.iterations) == 3


def test_the_average_moves_on_calls_that_do_not_update_and_copies_for_the_first_group():
    _, average = apply_ones(5.0, 12, use_ema=True, ema_momentum=0.9)
    assert average == [5, 5, 5, 4, 4, 4, 4, 3.9, 3.81, 3.729, 3.656, 3.49]


def test_with_accumulation_an_overwrite_fires_on_each_call_of_its_turn():
    weight, _ = apply_ones(5.0, 16, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=2)
    assert weight[:12] == [5, 5, 5, 4, 4, 4, 4, 3.9, 3.9, 3.9, 3.9, 2.9]
    assert weight[12:] == [3.71, 3.71, 3.71, 3.61]


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
@pytest.mark.parametrize(
    ("group", "weight"), [((1.0, 0.0), 0.95), ((None, 1.0), 0.95), ((1.0, None), 1.0)]
)
def test_none_on_the_call_that_updates_throws_the_collected_gradient_away(group, weight):
    optimizer = keras.optimizers.SGD(0.1, gradient_accumulation_steps=2)
    pair = [keras.Variable(1.0), keras.Variable(1.0)]
    for gradient in group:
        given = None if gradient is None else keras.ops.convert_to_tensor(gradient)
        optimizer.apply([keras.ops.zeros(()), given], pair)
    assert float(pair[1]) == pytest.approx(weight)
    assert float(optimizer._accumulated_gradients[1]) == 0


def test_zero_coasts_and_decays_where_none_rests_with_a_warning():
    optimizer = keras.optimizers.SGD(0.1, momentum=0.9, weight_decay=0.1)
    pair, zero, one = [keras.Variable(1.0), keras.Variable(1.0)], keras.ops.zeros(()), 1.0
    optimizer.apply([zero + one, zero + one], pair)
    with pytest.warns(UserWarning, match="Gradients do not exist"):
        optimizer.apply([zero, None], pair)
    assert [round(float(w), 4) for w in pair] == [0.7911, 0.89]


def test_one_accumulation_step_is_refused_and_zero_passes_in_silence():
    with pytest.raises(ValueError, match="must be an integer >= 2"):
        keras.optimizers.SGD(gradient_accumulation_steps=1)
    assert keras.optimizers.SGD(gradient_accumulation_steps=0).gradient_accumulation_steps == 0


@pytest.mark.parametrize(("k", "expected"), [(2, [1, 3, 4, 6]), (4, [0, 1, 2, 3])])
def test_a_rest_of_a_group_is_carried_into_the_next_fit(k, expected):
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.1, gradient_accumulation_steps=k), loss="mse")
    updates = []
    for _ in range(4):
        model.fit(np.ones((3, 1)), np.zeros((3, 1)), batch_size=1, verbose=0)
        updates.append(int(model.optimizer.iterations))
    assert updates == expected
    assert float(layer.kernel[0, 0]) == pytest.approx(0.8 ** expected[-1], abs=1e-6)


def test_momentum_and_decay_act_once_an_update_and_rest_on_other_calls():
    optimizer = keras.optimizers.SGD(0.1, 0.5, weight_decay=1.0, gradient_accumulation_steps=3)
    w, path = keras.Variable(1.0), []
    for gradient in [1.0] * 3 + [0.0] * 6:
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [w])
        path.append(round(float(w), 4))
    # 0.9 - 0.1 at the first update, then each decays by 0.9 and halves what is left of the speed
    assert path == [1.0, 1.0, 0.8, 0.8, 0.8, 0.67, 0.67, 0.67, 0.578]


def test_batch_normalisation_moves_its_statistics_on_every_call_of_a_group():
    norm = keras.layers.BatchNormalization(momentum=0.5)
    model = keras.Sequential([keras.layers.Input((1,)), norm])
    model.compile(keras.optimizers.SGD(0.1, gradient_accumulation_steps=4), loss="mse")
    model.fit(np.full((3, 1), 8.0), np.zeros((3, 1)), batch_size=1, verbose=0)
    assert float(norm.moving_mean[0]) == 7.0  # 8 · (1 − ½³), and nothing was updated
    assert float(norm.gamma[0]) == 1.0
