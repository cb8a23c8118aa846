"""What chapter 03, *Learning-rate schedules*, says that Keras does, held against Keras itself."""

import numpy as np
import pytest

from course.quietly import keras
from course.schedules import cosine, one_cycle, warm_restarts, warm_up
from tests.claims.fitting import weights_after_each_epoch

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


@pytest.mark.parametrize("alpha", [0.0, 0.1])
def test_a_cosine_with_and_without_warm_up_ends_at_alpha_as_in_keras(alpha):
    cold = schedules.CosineDecay(0.1, 100, alpha)
    warm = schedules.CosineDecay(0.0, 100, alpha, warmup_target=0.1, warmup_steps=20)
    counts = np.array([0, 10, 20, 70, 100, 120, 130])
    cold, warm = ([float(schedule(k)) for k in counts] for schedule in (cold, warm))
    assert cosine(counts, 0.1, 100, alpha) == pytest.approx(cold, abs=1e-7)
    assert warm_up(counts, 0.1, 20, 100, alpha) == pytest.approx(warm, abs=1e-7)
    assert cold[-1] == warm[-1] == pytest.approx(alpha * 0.1, abs=1e-8)


EACH_ROUND = [{}, {"t_mul": 1.0}, {"t_mul": 2.0, "m_mul": 0.5}, {"m_mul": 0.5, "alpha": 0.1}]


@pytest.mark.parametrize("arguments", EACH_ROUND)
def test_warm_restarts_are_keras_cosine_decay_restarts(arguments):
    schedule = schedules.CosineDecayRestarts(0.1, 40, **arguments)
    counts = [0, 1, 39, 41, 60, 119, 121, 200]
    expected = [float(schedule(count)) for count in counts]
    rates = warm_restarts(np.array(counts), 0.1, 40, **arguments)
    assert rates == pytest.approx(expected, abs=1e-6)


def test_keras_has_no_one_cycle():
    assert not [name for name in dir(schedules) if "cycle" in name.lower()]


def test_one_cycle_is_pytorchs():
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=100)
    rates = []
    for _ in range(100):
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step() if len(rates) < 100 else None
    assert one_cycle(np.arange(100), 0.1, steps=100) == pytest.approx(rates)


def test_polynomial_decay_ends_above_zero_unless_told():
    decay = schedules.PolynomialDecay(0.1, 100)
    assert float(decay(100)) == float(decay(500)) == pytest.approx(1e-4)
    assert float(schedules.PolynomialDecay(0.1, 100, end_learning_rate=0.0)(100)) == 0.0
