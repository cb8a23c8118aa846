"""The Python side of the schedules: what it sends to the browser, says, refuses and stores."""

import numpy as np
import pytest

from course import sgd
from course.explorers import Schedule
from course.schedules import SCHEDULES
from tests.explorers.sent import sent

SWEEPS = [  # a sweep, and one row of it: schedule, learning rate, momentum
    ("by_schedule", "constant", 0.1, 0.9),
    ("by_schedule", "exponential", 0.1, 0.9),
    ("by_schedule", "warm-up", 0.1, 0.9),
    ("by_learning_rate", "step", 0.025, 0.9),
    ("by_learning_rate", "step", 3.0, 0.9),
    ("by_momentum", "step", 0.1, 0.0),
    ("by_momentum", "step", 0.1, 0.99),
]


@pytest.fixture(scope="module")
def explorer():
    return Schedule()


def noise():
    return np.random.default_rng(3).standard_normal((121, 200))


def means(path):
    """The mean loss before each step, and the root mean square of the step."""
    return 0.5 * np.mean(path[:-1] ** 2, axis=1), np.sqrt(np.mean(np.diff(path, axis=0) ** 2, 1))


def by_steps(rule, learning_rate, momentum):
    """Keras's balls by `sgd.step`, called once for every step with a schedule of the count."""
    weights = [np.full(200, -4.0)]
    state, path = sgd.initial_state(weights), [weights[0]]
    for disturbed in noise():
        weights, state = sgd.step(
            weights,
            [weights[0] + disturbed],
            state,
            learning_rate=lambda count: float(rule(count, learning_rate)),
            momentum=momentum,
        )
        path.append(weights[0])
    return means(np.array(path))


def by_sums(rule, learning_rate, momentum):
    """PyTorch's balls: each step is today's rate times the faded sum of all gradients."""
    path, gradients = [np.full(200, -4.0)], []
    for count, disturbed in enumerate(noise()):
        gradients.append(path[-1] + disturbed)
        faded = sum(momentum ** (count - i) * gradient for i, gradient in enumerate(gradients))
        path.append(path[-1] - float(rule(count, learning_rate)) * faded)
    return means(np.array(path))


def assert_sent(sweep, row, key, wanted):
    for name, numbers in zip(("loss", "move"), wanted, strict=True):
        drawn = sent(sweep, row, f"{key}.{name}")
        np.testing.assert_allclose(drawn, numbers, rtol=2e-5, atol=1e-7, err_msg=f"{key}.{name}")


@pytest.mark.parametrize(("name", "schedule", "learning_rate", "momentum"), SWEEPS)
def test_each_row_is_kerass_ball_by_the_numpy_step_and_pytorchs_by_its_sum_of_gradients(
    explorer, name, schedule, learning_rate, momentum
):
    at = {"schedule": schedule, "learning_rate": learning_rate, "momentum": momentum}
    sweep, over = getattr(explorer, name), name.removeprefix("by_")
    row, rule = explorer.positions[over].index(at[over]), SCHEDULES[schedule]
    rates = sent(sweep, row, "rate")
    np.testing.assert_allclose(rates, rule(np.arange(121), learning_rate), rtol=1e-6, atol=1e-9)
    assert_sent(sweep, row, "keras", by_steps(rule, learning_rate, momentum))
    assert_sent(sweep, row, "torch", by_sums(rule, learning_rate, momentum))
    still = by_steps(lambda count, rate: rate, learning_rate, momentum)
    assert_sent(sweep, row, "constant", still)


def test_pytorch_itself_rolls_pytorchs_ball(explorer):
    torch = pytest.importorskip("torch")
    weight = torch.full((200,), -4.0, dtype=torch.float64, requires_grad=True)
    optimizer, path = torch.optim.SGD([weight], lr=0.1, momentum=0.9), [np.full(200, -4.0)]
    for count, disturbed in enumerate(noise()):
        optimizer.param_groups[0]["lr"] = float(SCHEDULES["step"](count, 0.1))
        weight.grad = weight.detach() + torch.tensor(disturbed)
        optimizer.step()
        path.append(weight.detach().numpy().copy())
    assert_sent(explorer.by_schedule, 1, "torch", means(np.array(path)))


def test_each_schedule_is_kerass_own():
    from course.quietly import keras

    schedules = keras.optimizers.schedules
    own = {
        "constant": lambda count: 0.2,
        "step": schedules.PiecewiseConstantDecay([60], [0.2, 0.02]),
        "exponential": schedules.ExponentialDecay(0.2, decay_steps=60, decay_rate=0.1),
        "cosine": schedules.CosineDecay(0.2, decay_steps=120),
        "warm-up": schedules.CosineDecay(0.0, 100, warmup_target=0.2, warmup_steps=20),
    }
    counts = np.array([0, 1, 10, 19, 20, 21, 59, 60, 61, 100, 119, 120, 121, 150])
    assert list(own) == list(SCHEDULES)
    for name, rule in SCHEDULES.items():
        kerass = [float(own[name](count)) for count in counts]
        np.testing.assert_allclose(rule(counts, 0.2), kerass, rtol=2e-6, atol=2e-8, err_msg=name)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_at_a_constant_rate_the_loss_stays_near_the_noise_floor_of_chapter_04(momentum):
    columns, _ = Schedule().compute("constant", 0.1, momentum)
    floor = 0.1 * (1 + momentum) / ((1 - momentum) * (2 * (1 + momentum) - 0.1)) / 2
    assert columns["keras.loss"][0, 60:].mean() == pytest.approx(floor, rel=0.1)


def test_a_tenth_of_the_rate_brings_both_losses_to_a_tenth_of_the_floor_but_kerass_later(explorer):
    columns, _ = explorer.compute("step", 0.1, 0.9)
    keras, torch, still = (columns[f"{key}.loss"][0] for key in ("keras", "torch", "constant"))
    assert still[-20:].mean() / torch[-20:].mean() == pytest.approx(10, rel=0.2)
    assert keras[71] > 2 * still[71] and torch[71] < still[71] / 2


@pytest.mark.parametrize(
    ("schedule", "learning_rate", "momentum", "says"),
    [
        ("constant", 0.1, 0.9, "At a constant η both rules are one"),
        ("step", 0.1, 0.0, "Without momentum there is no velocity: both rules are plain SGD."),
        ("step", 3.79, 0.9, "Right after the drop"),
        ("step", 3.8, 0.9, "η = 3.8 is too large here: from 2 (1 + β) = 3.8 on, swings grow."),
        ("cosine", 2.0, 0.0, "η = 2 is too large here: from 2 (1 + β) = 2 on, swings grow."),
        ("exponential", 0.1, 0.9, "Keras's velocity remembers earlier, larger rates;"),
        ("warm-up", 0.1, 0.9, "Keras's velocity remembers earlier rates, smaller ones while"),
    ],
)
def test_the_words_name_the_regime(explorer, schedule, learning_rate, momentum, says):
    words = explorer.compute(schedule, learning_rate, momentum)[1]["told"][0]
    assert words.startswith(says)
    assert words.endswith("coasts on.") == (schedule == "warm-up")  # at a rate of 0 at the end


@pytest.mark.parametrize(("momentum", "rises"), [(0.9, True), (0.3, False)])
def test_the_words_after_a_drop_say_what_each_ball_keeps_and_whether_the_loss_rises(
    explorer, momentum, rises
):
    columns, words = explorer.compute("step", 0.1, momentum)
    keras, torch = (columns[f"{key}.move"][0] for key in ("keras", "torch"))
    assert f"Keras's ball moves {100 * keras[61] / keras[60]:.0f} % as far" in words["told"][0]
    assert f"PyTorch's {100 * torch[61] / torch[60]:.0f} %." in words["told"][0]
    peak = columns["keras.loss"][0, 61:].max()
    assert (
        words["told"][0].endswith(f"climbs: to a mean loss of {float(f'{peak:.3g}'):g} at step 71.")
        == rises
    )


def test_without_momentum_or_a_change_of_rate_the_two_balls_are_one():
    for at in [("warm-up", 0.1, 0.0), ("constant", 0.1, 0.9)]:
        columns, _ = Schedule().compute(*at)
        np.testing.assert_allclose(columns["keras.move"], columns["torch.move"], rtol=1e-9)


def test_a_new_schedule_computes_the_other_sweeps_again_and_not_its_own():
    explorer = Schedule(momentum=0.8)
    kept = explorer.by_schedule
    explorer.schedule = "cosine"
    assert explorer.by_momentum["at"] == {"schedule": "cosine", "learning_rate": 0.1}
    assert explorer.by_learning_rate["at"] == {"schedule": "cosine", "momentum": 0.8}
    assert explorer.by_schedule is kept


def test_a_ball_beyond_all_bounds_is_sent_without_a_nan():
    explorer = Schedule("constant", 1e9)
    assert sent(explorer.by_schedule, 0, "keras.loss")[-1] == np.inf
    assert not any(np.isnan(np.frombuffer(explorer.by_schedule["data"], "<f4")))


def test_what_is_given_or_set_has_a_position_on_its_slider():
    explorer = Schedule(learning_rate=0.037, momentum=0.975)
    assert (explorer.learning_rate, explorer.momentum) == (0.037, 0.975)
    explorer.learning_rate = 0.11
    assert explorer.learning_rate == 0.1
