"""What the sheet of chapter 08 says in words, held against Keras and against `sgd.step`."""

from itertools import permutations

import numpy as np
import pytest

from course.checks import find
from course.checks.chapter_08 import goal, levels, overwriting
from course.publish.notebooks import ROOT, read_source
from course.sgd import initial_state, step


def said_by_the_goal(*choice):
    finding = find("08.goal").look(choice)
    return finding.passed, "\n".join(finding.lines)


def test_the_weight_after_fit_is_what_keras_leaves():
    from course.quietly import keras

    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.set_weights([np.array([[32.0]])])
    model.compile(keras.optimizers.SGD(0.25, use_ema=True, ema_momentum=0.75), loss="mse")
    model.fit(np.ones((1, 1)), np.zeros((1, 1)), epochs=3, verbose=0)
    assert model.get_weights()[0].item() == find("08.after_fit").reference


def test_the_averages_of_the_sheet_are_those_of_a_step():
    path, state, kept = np.random.default_rng(0).normal(size=(30, 2)), None, []
    for w in path:
        state = state or initial_state([w])
        _, state = step([w], [np.zeros(2)], state, use_ema=True, ema_momentum=0.9)
        kept.append(state.average[0])
    np.testing.assert_allclose(find("08.averages").reference(path, 0.9), kept, atol=1e-12)


def test_a_list_of_rows_is_enough_for_the_cell_that_measures_the_averages(capsys):
    (path,) = (ROOT / "solutions/source").glob("08_*.py")
    cells = {cell.id: cell.source for cell in read_source(path).cells}
    names = {"calm": find("08.calm").reference}
    names["averages"] = lambda *arguments: list(find("08.averages").reference(*arguments))
    exec(cells["given"] + "\n" + cells["calm-picture"], names)
    assert "η 1.0, m 0.9 : measured 0.0528, yours 0.0526" in capsys.readouterr().out


def test_the_six_lines_in_order_are_a_step():
    weights, call = [np.array([4.0])], find("08.overwriting").reference
    state, mine = initial_state(weights), (4.0, 0.0, 0.0, 0)
    for gradient in np.random.default_rng(0).normal(size=20):
        weights, state = step(
            weights,
            [np.array([gradient])],
            state,
            learning_rate=0.5,
            momentum=0.5,
            use_ema=True,
            ema_momentum=0.75,
            ema_overwrite_frequency=3,
        )
        mine = call(*mine, gradient, 0.5, 0.5, 0.75, 3)
        theirs = weights[0][0], state.velocity[0][0], state.average[0][0], state.calls
        np.testing.assert_allclose(mine, theirs, atol=1e-12)


def test_every_order_of_the_six_lines_is_right_or_is_told_what_is_wrong():
    task, right = find("08.overwriting"), 0
    known = {each.because for each in task.mistakes} | {told for *_, told in task.needs}
    for lines in list(permutations(overwriting.LINES))[::7]:
        finding = task.look(overwriting._in_order(lines))
        right += finding.passed
        assert finding.passed or finding.lines[-1].strip() in known
    assert right > 1


def test_the_curves_are_as_the_words_beside_the_picture_say():
    curves = levels._levels()
    at = {letter: dict(zip(range(20, 601, 20), curve)) for letter, curve in curves.items()}
    assert all(0.05 < at["C"][step] < 0.06 for step in range(60, 601, 20))
    assert at["B"][180] > at["C"][180] and at["B"][200] < at["C"][200]
    assert at["A"][300] > at["C"][300] and at["A"][340] < at["C"][340]
    assert at["A"][440] > at["B"][440] and at["A"][480] < at["B"][480]
    assert 5.5 < at["C"][600] / at["B"][600] < 6.5
    assert 0.7 < at["A"][600] / at["B"][600] < 0.9


def test_the_exact_mean_squares_are_those_of_many_runs():
    random, w, average, m = np.random.default_rng(8), np.full(20000, 3.0), 0.0, 0.9
    for updates in range(25):
        w = w - 0.3 * (w + random.normal(size=w.size))
        average = w if updates == 0 else m * average + (1 - m) * w
        w = average if (updates + 1) % 5 == 0 else w
    exact = levels.mean_squares(0.3, 0.09, m, 25, 9.0, 5)[-1]
    np.testing.assert_allclose([np.mean(w**2), np.mean(average**2)], exact, rtol=0.03)


@pytest.fixture(scope="module")
def losses():
    """The mean losses of w (m = 0) and of the average with 0.99, by learning rate."""
    rates = np.linspace(0.02, 1.98, 99)
    return {m: [goal._mean_losses(rate, m)[:, 1].sum() for rate in rates] for m in (0, 0.99)}


def test_neither_the_weights_alone_nor_the_default_memory_reaches_the_goal(losses):
    assert f"{min(losses[0]):.4f}" == "0.0667"
    assert 0.018 < min(losses[0.99]) < 0.019


def test_the_goal_says_what_is_left_and_refuses_what_the_sheet_excludes():
    said = said_by_the_goal(0.5, 0.99)[1]
    assert "(The weights' own: 0.1707.)" in said
    assert "with 100 steps 0.14 of the first weights' copy is left in the average" in said
    refused = {
        (2.0, 0.9): "learning_rate must be below 2",
        (0.0, 0.9): "learning_rate must be above 0",
        (1.0, 1.0): "ema_momentum must be below 1",
        (1.0, -0.1): "ema_momentum must be from 0 to below 1",
    }
    for choice, words in refused.items():
        assert words in said_by_the_goal(*choice)[1]
