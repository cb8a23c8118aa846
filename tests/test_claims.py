"""What the chapters say that Keras does, held against Keras itself: one test for each claim."""

import sys

import numpy as np
import pytest

import course
from course.quietly import keras
from tests import waiting


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


@pytest.fixture
def no_seed():
    """Other tests of this process may have set one."""
    import tensorflow as tf

    tf.random.set_seed(None)


def test_fit_deals_every_example_once_an_epoch_in_batches_of_32_and_a_short_last_one(no_seed):
    model, examples = BatchesSeen(), np.arange(100.0)
    model.fit(examples[:, None], np.zeros((100, 1)), epochs=2, verbose=0)
    assert [len(batch) for batch in model.batches] == [32, 32, 32, 4] * 2
    first, second = sum(model.batches[:4], []), sum(model.batches[4:], [])
    assert sorted(first) == sorted(second) == examples.tolist()
    assert first != second and first != examples.tolist()


def test_after_a_seed_fit_deals_each_epoch_in_one_order_and_a_shuffled_dataset_does_not():
    import tensorflow as tf

    runs = []
    for _ in range(2):
        keras.utils.set_random_seed(0)
        model, examples = BatchesSeen(), np.arange(100.0)[:, None]
        model.fit(examples, examples, epochs=2, verbose=0)
        assert model.batches[:4] == model.batches[4:] and model.batches[0] != list(range(32))
        pairs = tf.data.Dataset.from_tensor_slices((examples, examples))
        model.fit(pairs.shuffle(100, seed=0).batch(32), epochs=2, verbose=0)
        assert model.batches[8:12] != model.batches[12:]
        runs.append(model.batches)
    assert runs[0] == runs[1]
    tf.random.set_seed(None)


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


# ---- 09, gradient accumulation -------------------------------------------------------


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


def test_a_rest_of_a_group_is_carried_into_the_next_fit():
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.1, gradient_accumulation_steps=2), loss="mse")
    updates = []
    for _ in range(4):
        model.fit(np.ones((3, 1)), np.zeros((3, 1)), batch_size=1, verbose=0)
        updates.append(int(model.optimizer.iterations))
    assert updates == [1, 3, 4, 6]
    assert float(layer.kernel[0, 0]) == pytest.approx(0.8**6, abs=1e-6)


def test_batch_normalisation_moves_its_statistics_on_every_call_of_a_group():
    norm = keras.layers.BatchNormalization(momentum=0.5)
    model = keras.Sequential([keras.layers.Input((1,)), norm])
    model.compile(keras.optimizers.SGD(0.1, gradient_accumulation_steps=4), loss="mse")
    model.fit(np.full((3, 1), 8.0), np.zeros((3, 1)), batch_size=1, verbose=0)
    assert float(norm.moving_mean[0]) == 7.0  # 8 · (1 − ½³), and nothing was updated
    assert float(norm.gamma[0]) == 1.0


# ---- 10, loss scaling ----------------------------------------------------------------


def half_model(policy="float32", layer=None):
    """One weight, at 1, under a policy for the model or for the layer alone."""
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy(policy)
    try:
        dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones", dtype=layer)
        return keras.Sequential([keras.layers.Input((1,)), dense])
    finally:
        keras.mixed_precision.set_dtype_policy(before)


def fit_to_zero(model, epochs=1):
    """The model's one weight after fitting 0 at x = 1, one step an epoch."""
    model.fit(np.ones((4, 1)), np.zeros((4, 1)), epochs=epochs, verbose=0)
    return float(model.get_weights()[0][0, 0])


def test_compile_under_mixed_float16_wraps_and_drops_your_loss_scale_factor():
    model, optimizer = half_model("mixed_float16"), keras.optimizers.SGD(0.1, loss_scale_factor=8.0)
    model.compile(optimizer, "mse")
    assert type(model.optimizer) is keras.optimizers.LossScaleOptimizer
    assert model.optimizer.initial_scale == 2.0**15
    assert model.optimizer.dynamic_growth_steps == 2000
    assert optimizer.loss_scale_factor is None


@pytest.mark.parametrize(
    ("policy", "layer", "arguments"),
    [
        ("mixed_float16", None, {"auto_scale_loss": False}),
        ("float32", "mixed_float16", {}),
        ("float16", None, {}),
        ("mixed_bfloat16", None, {}),
    ],
)
def test_compile_wraps_only_where_the_model_itself_has_mixed_float16(policy, layer, arguments):
    model, optimizer = half_model(policy, layer), keras.optimizers.SGD(0.1, loss_scale_factor=8.0)
    model.compile(optimizer, "mse", **arguments)
    assert model.optimizer is optimizer
    assert optimizer.loss_scale_factor == 8.0


def test_a_fixed_scale_lets_an_overflow_reach_the_weights_and_the_wrap_does_not():
    model = half_model("mixed_float16")
    optimizer = keras.optimizers.SGD(0.1, loss_scale_factor=2.0**15)
    model.compile(optimizer, "mse", auto_scale_loss=False)
    assert fit_to_zero(model) == -np.inf
    model = half_model("mixed_float16")
    model.compile(keras.optimizers.SGD(0.1), "mse")
    assert fit_to_zero(model, epochs=3) == pytest.approx(0.64, abs=1e-3)  # two steps of three
    assert float(model.optimizer.dynamic_scale) == 16384.0
    assert int(model.optimizer.iterations) == 2


def test_apply_divides_by_the_loss_scale_even_if_nobody_multiplied():
    optimizer, w = keras.optimizers.SGD(0.1, loss_scale_factor=1024.0), keras.Variable(1.0)
    optimizer.apply([w * 1.0], [w])
    assert 1 - float(w) == pytest.approx(0.1 / 1024, rel=1e-3)
    assert float(optimizer.scale_loss(2.0)) == 2048.0


def test_the_dynamic_scale_doubles_after_so_many_good_steps():
    inner = keras.optimizers.SGD(0.1)
    optimizer = keras.optimizers.LossScaleOptimizer(inner, dynamic_growth_steps=3)
    w, powers = keras.Variable(1.0), []
    for _ in range(7):
        optimizer.apply([w * 0.0], [w])
        powers.append(int(np.log2(float(optimizer.dynamic_scale))))
    assert powers == [15, 15, 16, 16, 16, 17, 17]


def test_the_dynamic_scale_falls_for_ever_under_nan_and_nothing_moves():
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1))
    w = keras.Variable(1.0)
    for _ in range(40):
        optimizer.apply([w * np.nan], [w])
    assert float(optimizer.dynamic_scale) == 2.0**-25
    assert float(w) == 1.0
    assert int(optimizer.iterations) == 0


def test_a_skipped_call_does_not_count_in_a_group_of_accumulation():
    inner = keras.optimizers.SGD(1.0, gradient_accumulation_steps=2)
    optimizer = keras.optimizers.LossScaleOptimizer(inner, initial_scale=4.0)
    w = keras.Variable(0.0)
    for scaled in (1.0 * 4, np.inf, 3.0 * 2):  # the overflow halves the scale
        optimizer.apply([keras.ops.convert_to_tensor(scaled)], [w])
    assert float(w) == -2.0


def test_in_pure_float16_a_scaled_gradient_is_lost_again_when_it_is_unscaled():
    optimizer = keras.optimizers.SGD(1.0, loss_scale_factor=1024.0)
    w = keras.Variable(np.zeros(1), dtype="float16")
    optimizer.apply([keras.ops.convert_to_tensor(np.array([1e-8 * 1024], "float16"))], [w])
    assert float(w[0]) == 0.0


# ---- 08 Averaging the weights --------------------------------------------------------


def averaged_model(*more_layers):
    """One weight, at 10, whose loss is w²: each step keeps 0.8 of it; its average keeps 0.9."""
    layer = keras.layers.Dense(
        1, use_bias=False, kernel_initializer=keras.initializers.Constant(10.0)
    )
    model = keras.Sequential([keras.layers.Input((1,)), *more_layers, layer])
    model.compile(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9), loss="mse")
    return model


def fit_validated(model, epochs, *callbacks):
    """Fit 0 at x = 1 for some epochs of one step; returns (losses in validation, final weight)."""
    x, y = np.ones((1, 1)), np.zeros((1, 1))
    history = model.fit(
        x, y, epochs=epochs, validation_data=(x, y), verbose=0, callbacks=list(callbacks)
    )
    return history.history["val_loss"], float(model.get_weights()[-1][0, 0])


def test_validation_in_fit_sees_the_raw_weights_and_fit_hands_back_the_average():
    model = averaged_model()
    losses, weight = fit_validated(model, 5)
    assert losses == pytest.approx([64, 40.96, 26.2144, 16.7772, 10.7374], rel=1e-5)
    assert weight == pytest.approx(6.8264, abs=1e-4)
    loss = model.evaluate(np.ones((1, 1)), np.zeros((1, 1)), verbose=0)
    assert loss == pytest.approx(46.5997, abs=1e-4)


def test_a_second_fit_goes_on_from_the_average():
    model = averaged_model()
    fit_validated(model, 5)
    losses, weight = fit_validated(model, 1)
    assert losses == pytest.approx([5.4611**2], rel=1e-4)
    assert weight == pytest.approx(6.6899, abs=1e-4)
    assert weights_after_each_epoch(averaged_model(), 5)[-1] == 7.3789


def test_finalizing_before_any_step_zeroes_the_weights_in_keras_and_is_refused_by_ours():
    weight = keras.Variable(3.0)
    optimizer = keras.optimizers.SGD(0.1, use_ema=True)
    optimizer.build([weight])
    optimizer.finalize_variable_values([weight])
    assert float(weight) == 0.0
    with pytest.raises(ValueError, match="has taken no step, so that there are no averages yet"):
        course.SGD(0.1, use_ema=True).finalize_variable_values([weight])


def test_finalizing_needs_the_variables_that_its_documentation_leaves_out():
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'var_list'"):
        keras.optimizers.SGD(use_ema=True).finalize_variable_values()
    assert "`optimizer.finalize_variable_values()`" in keras.optimizers.SGD.__doc__


def test_early_stopping_that_restores_the_best_weights_puts_raw_ones_over_the_average():
    def stopping(restore):
        return keras.callbacks.EarlyStopping(patience=10, restore_best_weights=restore)

    assert fit_validated(averaged_model(), 5, stopping(False))[1] == pytest.approx(6.8264, abs=1e-4)
    assert fit_validated(averaged_model(), 5, stopping(True))[1] == pytest.approx(3.2768, abs=1e-4)


def test_swap_ema_weights_lets_validation_see_the_average():
    losses, weight = fit_validated(averaged_model(), 5, keras.callbacks.SwapEMAWeights())
    assert losses[-1] == pytest.approx(46.5997, abs=1e-4)
    assert weight == pytest.approx(6.8264, abs=1e-4)


def test_swap_on_epoch_loses_the_average_when_training_stops_early():
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 2

    swap = keras.callbacks.SwapEMAWeights(swap_on_epoch=True)
    model = averaged_model()
    assert fit_validated(model, 5, swap, Stop())[1] == pytest.approx(10 * 0.8**3, abs=1e-4)


def test_a_checkpoint_in_mid_fit_holds_raw_weights_and_continues_exactly(tmp_path):
    checkpoint = keras.callbacks.ModelCheckpoint(str(tmp_path / "{epoch}.keras"))
    _, weight = fit_validated(averaged_model(), 5, checkpoint)
    model = keras.models.load_model(tmp_path / "3.keras")
    assert float(model.get_weights()[0][0, 0]) == pytest.approx(10 * 0.8**3, abs=1e-4)
    assert fit_validated(model, 2)[1] == weight


def test_statistics_of_batch_normalization_are_not_averaged():
    model = averaged_model(keras.layers.BatchNormalization())
    fit_validated(model, 1)
    averages = model.optimizer._model_variables_moving_average
    assert len(averages) == len(model.trainable_variables) == 3
    assert len(model.non_trainable_variables) == 2


def test_overwriting_leaves_the_velocity_as_it_is():
    weights, velocities = [], []
    for frequency in (None, 10):
        optimizer = keras.optimizers.SGD(
            0.1, 0.9, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=frequency
        )
        w = keras.Variable(0.0)
        for _ in range(10):
            optimizer.apply([keras.ops.ones_like(w)], [w])
        weights.append(float(w))
        velocities.append(float(optimizer.momentums[0]))
    assert velocities[0] == velocities[1]
    assert weights[1] > weights[0] + 1


# ---- 06 Weight decay -----------------------------------------------------------------


def fitted_to_one(steps, regularizer=None, **arguments):
    """One weight, from 0, after fitting 1 at x = 1: the loss is ½(w − 1)². Returns (w, loss)."""
    layer = keras.layers.Dense(
        1, use_bias=False, kernel_initializer="zeros", kernel_regularizer=regularizer
    )
    model, ones = keras.Sequential([keras.layers.Input((1,)), layer]), np.ones((steps, 1))
    optimizer = keras.optimizers.SGD(0.1, **arguments)
    model.compile(optimizer, loss=lambda y, guess: keras.ops.mean((y - guess) ** 2) / 2)
    model.fit(ones, ones, batch_size=1, verbose=0)
    return float(model.get_weights()[0][0, 0]), model.evaluate(ones, ones, verbose=0)


@pytest.mark.parametrize(
    ("momentum", "with_penalty", "arguments", "weight", "loss"),
    [
        (0.0, False, {"weight_decay": 0.5}, 0.667, 0.056),
        (0.0, True, {}, 0.667, 0.167),
        (0.9, False, {"weight_decay": 0.5}, 0.952, 0.001),
        (0.9, True, {}, 0.667, 0.167),
    ],
)
def test_decay_and_penalty_settle_apart_with_momentum_and_only_the_penalty_is_in_the_printed_loss(
    momentum, with_penalty, arguments, weight, loss
):
    penalty = keras.regularizers.L2(0.25) if with_penalty else None
    found = fitted_to_one(300, penalty, momentum=momentum, **arguments)
    assert np.round(found, 3).tolist() == [weight, loss]


@pytest.mark.parametrize(
    ("model_name", "var_names", "excluded"),
    [
        ("net", ["bias"], {"bias"}),
        ("net", ["b"], {"bias", "gamma", "beta"}),
        ("net", ["dense"], {"kernel", "bias"}),
        ("net", ["kernel$"], set()),
        ("net", ["bias", "gamma", "beta"], {"bias", "gamma", "beta"}),
        ("net", "bias", {"kernel", "bias", "gamma", "beta"}),
        ("unbiased", ["bias"], {"kernel", "bias", "gamma", "beta"}),
        ("unbiased", ["/(bias|gamma|beta)(:|$)"], {"bias", "gamma", "beta"}),
    ],
)
def test_names_are_searched_as_regular_expressions_in_the_path_with_the_models_name(
    model_name, var_names, excluded
):
    layers = [
        keras.layers.Dense(3, name="dense"),
        keras.layers.BatchNormalization(name="batch_normalization"),
    ]
    model = keras.Sequential([keras.layers.Input((2,)), *layers], name=model_name)
    optimizer = keras.optimizers.SGD(0.1, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=var_names)
    variables = model.trainable_variables
    for variable in variables:
        variable.assign(keras.ops.ones_like(variable))
    optimizer.apply([keras.ops.zeros_like(v) for v in variables], variables)
    assert {v.name for v in variables if np.all(v.numpy() == 1)} == excluded


def test_a_list_of_variables_is_excluded_whatever_their_names():
    layer = keras.layers.Dense(3)
    keras.Sequential([keras.layers.Input((2,)), layer], name="unbiased")
    optimizer = keras.optimizers.SGD(0.1, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_list=[layer.bias])
    for variable in layer.trainable_variables:
        variable.assign(keras.ops.ones_like(variable))
    zeros = [keras.ops.zeros_like(v) for v in layer.trainable_variables]
    optimizer.apply(zeros, layer.trainable_variables)
    kept = {v.name for v in layer.trainable_variables if np.all(v.numpy() == 1)}
    assert kept == {"bias"}


def test_an_exclusion_and_a_new_decay_after_fit_has_compiled_are_ignored_until_compiled_again():
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.1, weight_decay=0.5), loss="mse")
    path, zero = [], np.zeros((1, 1))
    for change in ("none", "decay", "names", "compile"):
        if change == "decay":
            model.optimizer.weight_decay = 0.0
        if change == "names":
            model.optimizer.weight_decay = 0.5
            model.optimizer.exclude_from_weight_decay(var_names=["kernel"])
        if change == "compile":
            model.compile(model.optimizer, loss="mse")
        model.fit(zero, zero, verbose=0)
        path.append(float(model.get_weights()[0][0, 0]))
    assert path == pytest.approx([0.95, 0.95**2, 0.95**3, 0.95**3])


def test_an_embeddings_row_that_is_not_looked_up_decays():
    layer = keras.layers.Embedding(2, 1, embeddings_initializer="ones")
    model = keras.Sequential([keras.layers.Input((1,)), layer, keras.layers.Flatten()])
    model.compile(keras.optimizers.SGD(0.1, weight_decay=0.1), loss="mse")
    model.fit(np.zeros((1, 1), "int32"), np.ones((1, 1)), epochs=100, verbose=0)
    assert model.get_weights()[0][1, 0] == pytest.approx(0.99**100, abs=1e-5)


def test_a_variable_whose_gradient_is_none_does_not_decay():
    optimizer = keras.optimizers.SGD(0.1, weight_decay=0.1)
    weights = [keras.Variable(1.0), keras.Variable(1.0)]
    with pytest.warns(UserWarning, match="Gradients do not exist"):
        optimizer.apply([keras.ops.zeros(()), None], weights)
    assert [float(w) for w in weights] == pytest.approx([0.99, 1.0])


# ---- 07 Clipping ---------------------------------------------------------------------

NAN, INF = float("nan"), float("inf")


def moved_by_one_step(gradients, **arguments):
    """What one step with η = 1 subtracts from weights of 0, as lists."""
    gradients = [np.array(g, "float32") for g in gradients]
    weights = [keras.Variable(np.zeros_like(g)) for g in gradients]
    optimizer = keras.optimizers.SGD(1.0, **arguments)
    optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradients], weights)
    return [(0.0 - w.numpy()).tolist() for w in weights]


@pytest.mark.parametrize(
    ("entry", "clip", "left"),
    [
        (1e19, "clipvalue", [[1, 1], [0.5]]),
        (1e19, "clipnorm", [[1, 0], [0.5]]),
        (1e19, "global_clipnorm", [[1, 0], [0]]),
        (1e20, "clipvalue", [[1, 1], [0.5]]),
        (1e20, "clipnorm", [[0, 0], [0.5]]),
        (1e20, "global_clipnorm", [[NAN, NAN], [NAN]]),
        (INF, "clipvalue", [[1, 1], [0.5]]),
        (INF, "clipnorm", [[NAN, 0], [0.5]]),
        (INF, "global_clipnorm", [[NAN, NAN], [NAN]]),
        (NAN, "clipvalue", [[NAN, 1], [0.5]]),
        (NAN, "clipnorm", [[NAN, NAN], [0.5]]),
        (NAN, "global_clipnorm", [[NAN, NAN], [NAN]]),
    ],
)
def test_an_explosion_becomes_one_zero_or_nan_as_the_clip_goes(entry, clip, left):
    a, b = moved_by_one_step([[entry, 3], [0.5]], **{clip: 1.0})
    np.testing.assert_allclose([*a, *b], [*left[0], *left[1]], atol=1e-6)


@pytest.mark.parametrize("clip", ["clipvalue", "clipnorm", "global_clipnorm"])
@pytest.mark.parametrize("threshold", [0.0, -1.0])
def test_a_threshold_of_zero_or_less_is_ignored(clip, threshold):
    assert moved_by_one_step([[3, -4], [0.5]], **{clip: threshold}) == [[3, -4], [0.5]]


def test_clipvalue_clips_below_too():
    assert moved_by_one_step([[3, -4], [0.5]], clipvalue=1.0) == [[1, -1], [0.5]]


def test_only_one_clip_may_be_set():
    with pytest.raises(ValueError, match="Only one of `clipnorm`, `clipvalue` and"):
        keras.optimizers.SGD(clipnorm=1.0, clipvalue=0.5)


@pytest.mark.parametrize("clip", ["clipvalue", "clipnorm", "global_clipnorm"])
def test_a_zero_gradient_stays_zero_under_every_clip(clip):
    assert moved_by_one_step([[0, 0], [0]], **{clip: 1.0}) == [[0, 0], [0]]


def test_accumulation_averages_first_and_clips_then():
    optimizer = keras.optimizers.SGD(1.0, clipnorm=1.0, gradient_accumulation_steps=2)
    w = keras.Variable(0.0)
    for g in (10.0, -9.0):
        optimizer.apply([keras.ops.convert_to_tensor(g)], [w])
    assert float(w) == -0.5


def test_keras_clips_each_replica_before_the_sum_and_ours_after_it():
    code = """
import numpy as np, tensorflow as tf
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], two)
import course
from course.quietly import keras

pair = tf.distribute.MirroredStrategy(
    ["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice()
)
for cls in (keras.optimizers.SGD, course.SGD):
    with pair.scope():
        weight, optimizer = keras.Variable(np.zeros(1, "float32")), cls(1.0, clipnorm=1.0)
        optimizer.build([weight])
    step = tf.function(lambda: pair.run(lambda: optimizer.apply([tf.constant([10.0])], [weight])))
    step()
    print(float(weight.numpy()[0]))
"""
    done = waiting.run([sys.executable, "-c", code])
    assert done.stdout.split() == ["-2.0", "-1.0"], done.stderr[-2000:]


def test_lr_is_not_recognized_and_a_decay_is_ignored_with_a_warning():
    with pytest.raises(ValueError, match=r"not recognized: \{'lr': 0.001\}"):
        keras.optimizers.SGD(lr=0.001, momentum=0.9)
    with pytest.warns(UserWarning, match="`decay` is no longer supported and will be ignored"):
        optimizer = keras.optimizers.SGD(learning_rate=0.1, decay=1.0)
    w = keras.Variable(0.0)
    for _ in range(3):
        optimizer.apply([keras.ops.ones_like(w)], [w])
    assert float(w) == pytest.approx(-0.3)
    for old in ({"lr": 0.001}, {"decay": 1e-6}):
        with pytest.raises(TypeError, match="Keras [23]"):
            course.SGD(**old)


@pytest.mark.parametrize("whole", [0, 1])
def test_a_momentum_that_is_an_integer_is_refused_and_1_point_0_is_taken(whole):
    with pytest.raises(ValueError, match="`momentum` must be a float between"):
        keras.optimizers.SGD(momentum=whole)
    assert keras.optimizers.SGD(momentum=1.0).momentum == course.SGD(momentum=1).momentum == 1.0


def test_validation_split_takes_the_last_rows_before_it_shuffles():
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.layers.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.0), loss="mae")
    rows = np.arange(10.0)[:, None]
    seen = model.fit(rows, np.zeros((10, 1)), validation_split=0.2, verbose=0).history
    assert (seen["loss"], seen["val_loss"]) == ([3.5], [8.5])
