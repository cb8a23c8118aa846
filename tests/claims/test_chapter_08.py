"""What chapter 08, *Averaging the weights*, says that Keras does, held against Keras itself."""

import numpy as np
import pytest

import course
from course.quietly import keras
from tests.claims import shown
from tests.claims.fitting import weights_after_each_epoch


def test_the_code_that_the_chapter_shows_prints_what_it_shows():
    names, blocks = {}, shown.blocks("08")
    assert len(blocks) == 3
    for code, output in blocks:
        assert shown.printed(code, names) == output


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
