"""What the chapters say that Keras does, held against Keras itself: one test for each claim."""

import numpy as np
import pytest

from course.quietly import keras


def weights_after_each_epoch(model, epochs):
    """The one weight of a model after each epoch of fitting 0 at x = 1: its loss is w²."""
    x, y, path = np.ones((1, 1)), np.zeros((1, 1)), []
    for _ in range(epochs):
        model.fit(x, y, verbose=0)
        path.append(round(float(model.get_weights()[0][0, 0]), 4))
    return path


@pytest.fixture
def nesterov_model():
    """One weight, at 1, and an optimizer that looks ahead."""
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), loss="mse")
    return model


def test_momentum_changed_between_two_fits_is_ignored(nesterov_model):
    assert weights_after_each_epoch(nesterov_model, 3) == [0.81, 0.5751, 0.3273]
    nesterov_model.optimizer.momentum = 0.0
    assert weights_after_each_epoch(nesterov_model, 3) == [0.0939, -0.1046, -0.2549]


def test_momentum_changed_before_compiling_again_is_heeded(nesterov_model):
    assert weights_after_each_epoch(nesterov_model, 3) == [0.81, 0.5751, 0.3273]
    nesterov_model.optimizer.momentum = 0.0
    nesterov_model.compile(nesterov_model.optimizer, loss="mse")
    assert weights_after_each_epoch(nesterov_model, 3) == [0.2946, 0.2651, 0.2386]


def test_momentum_changed_in_a_loop_that_is_not_compiled_is_heeded():
    optimizer, w = keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True), keras.Variable(1.0)
    optimizer.apply([w * 1.0], [w])
    optimizer.momentum, before, velocity = 0.5, float(w), float(optimizer.momentums[0])
    optimizer.apply([w * 1.0], [w])
    assert float(optimizer.momentums[0]) == pytest.approx(0.5 * velocity - 0.1 * before)


def test_nesterov_without_momentum_is_plain_descent_without_a_warning(recwarn):
    optimizer, w = keras.optimizers.SGD(0.1, nesterov=True), keras.Variable(1.0)
    path = []
    for _ in range(3):
        optimizer.apply([w * 1.0], [w])
        path.append(round(float(w), 4))
    assert path == [0.9, 0.81, 0.729]
    assert len(recwarn) == 0


def test_the_weights_of_keras_are_the_look_ahead_points():
    optimizer, theta = keras.optimizers.SGD(0.3, momentum=0.9, nesterov=True), keras.Variable(3.0)
    w, v = 3.0, 0.0
    for _ in range(10):
        ahead = w + 0.9 * v
        assert float(theta) == pytest.approx(ahead, abs=1e-5)
        v = 0.9 * v - 0.3 * np.tanh(ahead)
        w = w + v
        optimizer.apply([keras.ops.tanh(theta)], [theta])


def test_a_rate_too_small_for_float32_moves_nothing_and_one_near_the_gap_moves_too_far():
    moved = []
    for rate in (5e-8, 2e-8):
        optimizer, w = keras.optimizers.SGD(rate), keras.Variable(1.0)
        for _ in range(1000):
            optimizer.apply([keras.ops.ones_like(w)], [w])
        moved.append(1 - float(w))
    assert moved == [1000 * 2.0**-24, 0.0]


def test_the_learning_rate_is_float32_for_float64_weights_too():
    optimizer, w = keras.optimizers.SGD(0.1), keras.Variable(np.array(1.0), dtype="float64")
    optimizer.apply([keras.ops.ones_like(w)], [w])
    assert float(w) == 1 - float(np.float32(0.1)) != 1 - 0.1
    assert float(keras.optimizers.SGD().learning_rate) == float(np.float32(0.01))


def test_an_integer_learning_rate_is_refused():
    with pytest.raises(ValueError, match="Argument `learning_rate` should be float"):
        keras.optimizers.SGD(learning_rate=1)


def test_a_negative_learning_rate_is_accepted_and_climbs():
    optimizer, w = keras.optimizers.SGD(learning_rate=-0.1), keras.Variable(1.0)
    for _ in range(5):
        optimizer.apply([w * 1.0], [w])
    assert float(w) == pytest.approx(1.1**5)


@pytest.mark.parametrize(("reduction", "weight"), [("mean", 0.020947), ("sum", 0.670312)])
def test_a_summed_loss_steps_batch_size_times_as_far_as_a_mean(reduction, weight):
    x = np.arange(1, 33)[:, None] / 32
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    loss = keras.losses.MeanSquaredError(reduction=reduction)
    model.compile(keras.optimizers.SGD(), loss=loss)
    model.fit(x, 3 * x, batch_size=32, verbose=0)
    assert float(model.get_weights()[0][0, 0]) == pytest.approx(weight, abs=1e-6)


# ---- 03 Learning-rate schedules ------------------------------------------------------

schedules = keras.optimizers.schedules


def constant_schedule(rate):
    return schedules.PiecewiseConstantDecay([1000], [rate, rate])


def model_with(learning_rate):
    """One weight, at 1, and plain SGD: the loss is w², so a step multiplies w by 1 − 2η."""
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(learning_rate), loss="mse")
    return model


def test_a_float_over_a_schedule_raises_type_error_also_from_a_callback():
    optimizer = keras.optimizers.SGD(constant_schedule(0.1))
    with pytest.raises(TypeError, match="its learning rate is not settable"):
        optimizer.learning_rate = 0.01
    each_epoch = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.01)
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1, min_delta=10)
    for callback in (each_epoch, plateau):
        model, x, y = model_with(constant_schedule(0.1)), np.ones((1, 1)), np.zeros((1, 1))
        with pytest.raises(TypeError, match="its learning rate is not settable"):
            model.fit(x, y, epochs=4, verbose=0, callbacks=[callback])


def test_a_float_over_a_callable_raises_attribute_error():
    optimizer = keras.optimizers.SGD(lambda: 0.1)
    with pytest.raises(AttributeError, match="'function' object has no attribute 'assign'"):
        optimizer.learning_rate = 0.01


def test_a_float_cannot_come_back_once_a_schedule_took_its_place():
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.learning_rate = constant_schedule(0.4)
    assert float(optimizer.learning_rate) == pytest.approx(0.4)
    with pytest.raises(TypeError, match="its learning rate is not settable"):
        optimizer.learning_rate = 0.1


def test_a_callable_takes_no_arguments_whatever_the_error_message_says():
    with pytest.raises(ValueError, match="that takes in the current iteration value"):
        keras.optimizers.SGD("fast")
    optimizer = keras.optimizers.SGD(lambda count: 0.1)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'count'"):
        optimizer.learning_rate  # noqa: B018


def test_a_float_assigned_between_two_fits_is_heeded():
    model = model_with(0.1)
    assert weights_after_each_epoch(model, 1) == [0.8]
    model.optimizer.learning_rate = 0.4
    assert weights_after_each_epoch(model, 1) == [0.16]


def test_a_callable_is_read_when_fit_compiles_and_then_stays_frozen():
    rate = {"now": 0.1}
    model = model_with(lambda: rate["now"])
    assert weights_after_each_epoch(model, 1) == [0.8]
    rate["now"] = 0.4
    assert weights_after_each_epoch(model, 1) == [0.64]
    assert model.optimizer.learning_rate == 0.4  # shown, and not used
    model.compile(model.optimizer, loss="mse")
    assert weights_after_each_epoch(model, 1) == [0.128]


def test_a_callable_in_a_loop_that_is_not_compiled_is_read_at_each_call():
    rates = iter((0.1, 0.4))
    optimizer, w = keras.optimizers.SGD(lambda: next(rates)), keras.Variable(1.0)
    optimizer.apply([w * 2.0], [w])
    optimizer.apply([w * 2.0], [w])
    assert float(w) == pytest.approx(0.8 * 0.2)


@pytest.mark.parametrize("first", [0.1, constant_schedule(0.1)], ids=["float", "schedule"])
def test_a_new_schedule_assigned_between_two_fits_is_shown_and_ignored(first):
    model = model_with(first)
    assert weights_after_each_epoch(model, 1) == [0.8]
    model.optimizer.learning_rate = constant_schedule(0.4)
    assert weights_after_each_epoch(model, 1) == [0.64]
    assert float(model.optimizer.learning_rate) == pytest.approx(0.4)
    model.compile(model.optimizer, loss="mse")
    assert weights_after_each_epoch(model, 1) == [0.128]


def test_a_schedule_edited_between_two_fits_stays_as_it_was():
    schedule = constant_schedule(0.1)
    model = model_with(schedule)
    assert weights_after_each_epoch(model, 1) == [0.8]
    schedule.values = [0.4, 0.4]
    assert weights_after_each_epoch(model, 1) == [0.64]
    assert float(model.optimizer.learning_rate) == pytest.approx(0.4)


def test_a_schedule_moves_within_the_compiled_step_and_counts_on_over_fits_and_compiles():
    model = model_with(schedules.PiecewiseConstantDecay([0, 2], [0.1, 0.4, 0.25]))
    assert weights_after_each_epoch(model, 2) == [0.8, 0.16]
    model.compile(model.optimizer, loss="mse")
    assert weights_after_each_epoch(model, 2) == [0.032, 0.016]


def test_a_second_fit_after_the_end_of_a_cosine_moves_nothing():
    model = model_with(schedules.CosineDecay(0.1, 5))
    path = weights_after_each_epoch(model, 8)
    assert path[3] > path[4] == path[5] == path[7]


def test_a_schedule_counts_batches_also_the_small_last_one():
    x, y, model = np.ones((100, 1)), np.zeros((100, 1)), model_with(0.1)
    model.fit(x, y, batch_size=32, epochs=5, verbose=0)
    assert int(model.optimizer.iterations) == 20


def test_with_accumulation_a_schedule_counts_calls_and_iterations_count_updates():
    schedule = schedules.ExponentialDecay(0.1, 1, 0.5)
    optimizer = keras.optimizers.SGD(schedule, gradient_accumulation_steps=4)
    w, one, path = keras.Variable(0.0), keras.ops.convert_to_tensor(-1.0), [0.0]
    for _ in range(12):
        optimizer.apply([one], [w])
        path.append(float(w))
    used, expected = np.diff(path), [0.1 * 0.5**count for count in (3, 7, 11)]
    assert used[used > 0] == pytest.approx(expected, rel=1e-4)
    assert int(optimizer.iterations) == 3
    assert float(optimizer.learning_rate) == pytest.approx(0.1 * 0.5**12)


def test_a_boundary_itself_still_has_the_old_rate():
    schedule = schedules.PiecewiseConstantDecay([60], [0.1, 0.01])
    assert [float(schedule(k)) for k in (59, 60, 61)] == pytest.approx([0.1, 0.1, 0.01])


def test_a_cosines_decay_steps_begin_after_the_warm_up_whose_first_step_is_zero():
    schedule = schedules.CosineDecay(0.0, 100, warmup_target=0.1, warmup_steps=20)
    rates = [float(schedule(k)) for k in (0, 10, 20, 70, 120, 130)]
    assert rates == pytest.approx([0, 0.05, 0.1, 0.05, 0, 0], abs=1e-8)


def test_warm_up_steps_without_a_target_are_ignored():
    schedule = schedules.CosineDecay(0.1, 100, warmup_steps=20)
    assert [float(schedule(k)) for k in (0, 50, 100)] == pytest.approx([0.1, 0.05, 0])


def test_inverse_time_decay_is_the_schedule_of_the_best_next_step():
    first = 16 / 17
    schedule = schedules.InverseTimeDecay(first, decay_steps=1, decay_rate=first)
    for count in (0, 1, 10, 1000):
        assert float(schedule(count)) == pytest.approx(1 / (count + 1 + 1 / 16), rel=1e-6)


class BatchesSeen(keras.Sequential):
    """One weight, at 0, that notes which examples `fit` hands it for each step."""

    def __init__(self):
        layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
        super().__init__([keras.layers.Input((1,)), layer])
        self.compile(keras.optimizers.SGD(0.1), loss="mse", run_eagerly=True)
        self.batches = []

    def train_step(self, data):
        self.batches.append(np.array(data[0])[:, 0].tolist())
        return super().train_step(data)


def test_compile_without_an_optimizer_takes_rmsprop():
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.compile(loss="mse")
    assert type(model.optimizer) is keras.optimizers.RMSprop


def test_fit_deals_every_example_once_an_epoch_in_batches_of_32_and_a_short_last_one():
    model, examples = BatchesSeen(), np.arange(100.0)
    model.fit(examples[:, None], np.zeros((100, 1)), epochs=2, verbose=0)
    assert [len(batch) for batch in model.batches] == [32, 32, 32, 4] * 2
    first, second = sum(model.batches[:4], []), sum(model.batches[4:], [])
    assert sorted(first) == sorted(second) == examples.tolist()
    assert first != second and first != examples.tolist()


def test_fit_leaves_a_dataset_in_its_order_and_warns_if_told_to_shuffle_it():
    import tensorflow as tf

    model, examples = BatchesSeen(), np.arange(100.0)
    data = tf.data.Dataset.from_tensor_slices((examples[:, None], np.zeros((100, 1))))
    with pytest.warns(UserWarning, match="`shuffle=True` was passed, but will be ignored"):
        model.fit(data.batch(10), shuffle=True, verbose=0)
    assert sum(model.batches, []) == examples.tolist()


@pytest.mark.parametrize(("batch_size", "expected"), [(5, 0.04), (4, 0.2)])
def test_the_short_last_batch_takes_a_full_step(batch_size, expected):
    model, y = BatchesSeen(), np.array([[0.0, 0.0, 0.0, 0.0, 1.0]]).T
    model.fit(np.ones((5, 1)), y, batch_size=batch_size, shuffle=False, verbose=0)
    assert model.get_weights()[0][0, 0] == pytest.approx(expected)
