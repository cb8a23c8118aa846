"""What holds of every explorer: its sweeps, its sliders, its still picture, what it refuses."""

import matplotlib
import numpy as np
import pytest

from course import explorers
from course.explorers.shared.base import remembered
from course.sgd import heavy_ball
from tests.explorers.sent import sent

#: For each explorer other arguments, for another picture.
OTHER = {
    "Step": {"learning_rate": 1.5},
    "Noise": {"batch_size": 1},
    "Schedule": {"schedule": "cosine"},
    "Valley": {"momentum": 0.5},
    "LookAhead": {"momentum": 0.5},
    "DecayAndClip": {"show": "decay"},
    "Average": {"ema_momentum": 0.5},
    "Accumulation": {"gradient_accumulation_steps": 1},
    "Scaling": {"loss_scale_factor": 2.0**15},
    "Race": {"surface": "saddle"},
    "Stages": {"nesterov": True, "ema_overwrite_frequency": 2, "loss_scale_factor": 2},
}

#: What makes no sense, and the beginning of the sentence that says so.
REFUSED = {
    "Step": [
        ({"learning_rate": 0}, "learning_rate must be a finite number above 0; got 0."),
        ({"curvature": "steep"}, "curvature must be a finite number above 0; got 'steep'."),
        ({"start": 3}, "start must be 2 finite numbers; got 3."),
        ({"shallow": -1}, "shallow must be a finite number above 0; got -1."),
        ({"shallow": 2}, "shallow must not be above the curvature 1.0; got 2.0."),
        ({"steps": 1}, "steps must be an integer from 2 to 200; got 1."),
        ({"steps": True}, "steps must be an integer from 2 to 200; got True."),
    ],
    "Noise": [
        ({"learning_rate": 0}, "learning_rate must be a finite number above 0; got 0."),
        ({"batch_size": 0}, "batch_size must be an integer from 1 to 1000000; got 0."),
        ({"batch_size": 2.5}, "batch_size must be an integer from 1 to 1000000; got 2.5."),
        ({"start": (1, 2, 3)}, "start must be 2 finite numbers; got (1, 2, 3)."),
        ({"curvature": -1}, "curvature must be a finite number above 0; got -1."),
        ({"noise": 0}, "noise must be a finite number above 0; got 0."),
        ({"steps": 61}, "steps must be an integer from 1 to 60; got 61."),
    ],
    "Schedule": [
        ({"schedule": "cosin"}, 'schedule must be one of "constant", "step", "exponential", '),
        ({"schedule": ["step"]}, "schedule must be one of"),
        ({"learning_rate": 0}, "learning_rate must be a finite number above 0; got 0."),
        ({"learning_rate": "fast"}, "learning_rate must be a finite number above 0; got 'fast'."),
        ({"momentum": 1.1}, "`momentum` must be a float between [0, 1]. Got 1.1."),
    ],
    "Valley": [
        ({"learning_rate": 0}, "learning_rate must be a finite number above 0; got 0."),
        ({"learning_rate": "fast"}, "learning_rate must be a finite number above 0; got 'fast'."),
        ({"momentum": 1.1}, "`momentum` must be a float between [0, 1]. Got 1.1."),
        ({"start": (1, 2, 3)}, "start must be 2 finite numbers; got (1, 2, 3)."),
        ({"start": 3}, "start must be 2 finite numbers; got 3."),
        ({"curvatures": (0, 1)}, "curvatures must be 2 finite numbers above 0; got (0, 1)."),
        ({"curvatures": (2, 1)}, "curvatures must have the smaller one first; got [2.0, 1.0]."),
        ({"steps": 0}, "steps must be an integer from 1 to 500; got 0."),
        ({"rule": 3}, "rule must be a function; got 3."),
    ],
    "LookAhead": [
        ({"learning_rate": -1}, "learning_rate must be a finite number above 0; got -1."),
        ({"momentum": 1.1}, "`momentum` must be a float between [0, 1]. Got 1.1."),
        ({"start": (1, 2, 3)}, "start must be 2 finite numbers; got (1, 2, 3)."),
        ({"curvatures": (2, 1)}, "curvatures must have the smaller one first; got [2.0, 1.0]."),
        ({"steps": 0}, "steps must be an integer from 1 to 500; got 0."),
    ],
    "DecayAndClip": [
        ({"show": "clips"}, "show must be 'decay' or 'clip'; got 'clips'."),
        ({"momentum": 1.1}, "`momentum` must be a float between [0, 1]. Got 1.1."),
        ({"weight_decay": -1}, "`weight_decay` must be a finite number of 0 or more, or None."),
        ({"learning_rate": 0}, "learning_rate must be a finite number above 0; got 0."),
        ({"threshold": 0}, "threshold must be a finite number above 0; got 0."),
        ({"gradient": 3}, "gradient must be 2 finite numbers; got 3."),
        ({"gradient": (9, 1)}, "gradient must lie in the picture, -4 to 4 and -2.24 to 2.24; got"),
        ({"other": -1}, "other must lie in the picture, 0 to 5; got"),
        ({"start": (0, 2)}, "start must lie in the picture, -1.6 to 2.4 and -0.44 to 1.8; got"),
    ],
    "Average": [
        ({"learning_rate": 0}, "learning_rate must be a finite number above 0; got 0."),
        ({"ema_momentum": 1.1}, "`ema_momentum` must be a number between 0 and 1. Got 1.1."),
        ({"ema_overwrite_frequency": 0}, "`ema_overwrite_frequency` must be an integer of 1 or"),
        ({"ema_overwrite_frequency": 2.5}, "`ema_overwrite_frequency` must be an integer of 1 or"),
    ],
    "Accumulation": [
        (
            {"gradient_accumulation_steps": 0},
            "gradient_accumulation_steps must be an integer from 1 to 64; got 0.",
        ),
        (
            {"gradient_accumulation_steps": 9, "calls": 8},
            "gradient_accumulation_steps must be an integer from 1 to 8; got 9.",
        ),
        ({"learning_rate": 0}, "learning_rate must be a finite number above 0; got 0."),
        ({"start": "far"}, "start must be a finite number; got 'far'."),
        ({"curvature": -1}, "curvature must be a finite number above 0; got -1."),
        ({"noise": 0}, "noise must be a finite number above 0; got 0."),
        ({"calls": 1}, "calls must be an integer from 2 to 200; got 1."),
    ],
    "Scaling": [
        ({"loss_scale_factor": 0}, "loss_scale_factor must be a finite number above 0; got 0."),
        ({"loss_scale_factor": "big"}, "loss_scale_factor must be a finite number above 0; got"),
        ({"trained": 7}, "trained must be one of (0, 10, 50, 200, 600); got 7."),
    ],
    "Race": [
        ({"surface": "mountain"}, 'surface must be one of "quadratic", "rosenbrock"'),
        ({"runners": []}, "runners must be a list of one to four, each a dict; got []."),
        ({"runners": {}}, "runners must be a list of one to four, each a dict; got {}."),
        (
            {"runners": [{}] * 4, "rule": heavy_ball},
            "runners must be a list of one to three, beside",
        ),
        ({"runners": [{}, 0.9]}, "Runner 2 must be a dict such as"),
        ({"runners": [{}, {"lr": 0.1}]}, "Runner 2: lr was renamed in Keras 3 to learning_rate."),
        ({"runners": [{"momentum": 2}]}, "Runner 1: `momentum` must be a float between [0, 1]"),
        ({"runners": [{"learning_rate": lambda: 1 / 0}]}, "Runner 1: its learning_rate stops"),
        ({"runners": [{"learning_rate": lambda: np.nan}]}, "Runner 1: its learning_rate must give"),
        ({"rule": 3}, "rule must be a function; got 3."),
        ({"start": (1, 2, 3)}, "start must be 2 finite numbers; got (1, 2, 3)."),
        ({"steps": 0}, "steps must be an integer from 1 to 500; got 0."),
    ],
    "Stages": [
        ({"learning_rate": 0}, "learning_rate must be a finite number above 0; got 0."),
        ({"momentum": 1.1}, "`momentum` must be a float between [0, 1]. Got 1.1."),
        ({"nesterov": "yes"}, "`nesterov` must be True or False. Got 'yes'."),
        ({"weight_decay": -1}, "`weight_decay` must be a finite number of 0 or more, or None."),
        ({"clipvalue": 0}, "`clipvalue` must be a finite number above 0, or None. Got 0."),
        ({"ema_momentum": 1.1}, "`ema_momentum` must be a number between 0 and 1. Got 1.1."),
        ({"ema_overwrite_frequency": 0}, "`ema_overwrite_frequency` must be an integer of 1 or"),
        ({"loss_scale_factor": 0}, "`loss_scale_factor` must be a finite number above 0, or"),
        ({"gradient_accumulation_steps": 1}, "`gradient_accumulation_steps` must be an integer"),
    ],
}


def made(name, **given):
    """The explorer called `name`."""
    return getattr(explorers, name)(**given)


#: Each explorer as it is made, and with other arguments.
BOTH = [(name, given) for name in explorers.EXPLORERS for given in ({}, OTHER[name])]


def test_every_explorer_is_tried_here():
    assert list(OTHER) == list(REFUSED) == list(explorers.EXPLORERS)


@pytest.mark.parametrize(("name", "given"), BOTH)
def test_each_row_of_a_sweep_is_what_its_position_gives_alone(name, given):
    explorer = made(name, **given)
    for over in explorer.sliders:
        sweep, positions = getattr(explorer, f"by_{over}"), explorer.positions[over]
        at = {p: getattr(explorer, p) for p in explorer.parameters if p != over}
        assert (sweep["at"], sweep["over"], sweep["shape"][0]) == (at, over, len(positions))
        for row in {0, len(positions) // 2, len(positions) - 1}:
            columns, words = explorer.compute(**at, **{over: positions[row]})
            for column, values in columns.items():
                with np.errstate(over="ignore"):  # what has diverged is inf on both sides
                    alone = np.ravel(values).astype("<f4")
                drawn = sent(sweep, row, column)
                np.testing.assert_allclose(drawn, alone, rtol=2e-6, err_msg=column)
            for kind, sentences in words.items():
                assert sweep["words"][kind][row] == sentences[0]


@pytest.mark.parametrize(("name", "given"), BOTH)
def test_a_value_set_from_python_moves_to_the_nearest_position_of_its_slider(name, given):
    explorer = made(name, **given)
    for over in explorer.sliders:
        low, high = explorer.positions[over][3:5]
        if isinstance(low, float):
            setattr(explorer, over, low + 0.3 * (high - low))
            assert getattr(explorer, over) == low
            setattr(explorer, over, low + 0.7 * (high - low))
            assert getattr(explorer, over) == high


@pytest.mark.parametrize("name", explorers.EXPLORERS)
def test_the_still_picture_is_the_same_bytes_whatever_style_is_set(name):
    first, other = made(name).still(), made(name, **OTHER[name])
    with matplotlib.rc_context({"axes.grid": True, "font.size": 20, "figure.dpi": 50}):
        assert made(name).still() == first
    assert first.startswith(b"\x89PNG") and b"Software" not in first
    assert other.still() != first


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [(name, given, says) for name, cases in REFUSED.items() for given, says in cases],
)
def test_arguments_that_make_no_sense_are_refused_in_a_sentence(name, given, says):
    with pytest.raises((TypeError, ValueError)) as refused:
        made(name, **given)
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize(("name", "given"), BOTH)
def test_a_still_is_drawn_once_and_anew_where_anything_differs(name, given, monkeypatch):
    drawn = []
    explorer, kind = made(name, **given), getattr(explorers, name)
    monkeypatch.setattr(kind, "_stills", {})
    monkeypatch.setattr(kind, "draw", lambda self, figure: drawn.append(self))
    explorer.still(), explorer.still(), made(name, **given).still()
    assert len(drawn) == 1
    explorer.step += 1
    explorer.still()
    over = explorer.sliders[0]
    others = [p for p in explorer.positions[over] if p != getattr(explorer, over)]
    setattr(explorer, over, others[0])
    explorer.still()
    assert len(drawn) == 3


def test_a_still_is_drawn_anew_for_another_rule_of_the_learner():
    first, other = (made("Valley", rule=rule) for rule in (heavy_ball, lambda w, v, *_: (w, v)))
    assert first.still() != other.still()


def test_no_more_than_twenty_stills_are_kept(monkeypatch):
    monkeypatch.setattr(explorers.Step, "_stills", {})
    monkeypatch.setattr(explorers.Step, "draw", lambda self, figure: None)
    explorer = made("Step", steps=40)
    for step in range(30):
        explorer.step = step
        explorer.still()
    assert len(explorer._stills) == 20


def test_a_sweep_is_computed_once_anew_where_anything_differs_and_twelve_are_remembered():
    asked = []

    class Doubles:
        parameters = ("rate", "name")

        @remembered
        def compute(self, rate, name):
            asked.append((np.size(rate), name))
            return {"twice": 2 * np.atleast_1d(rate)}, {}

    rates = np.array([1.0, 2.0])
    first, _ = Doubles().compute(rate=rates, name="a")
    assert first["twice"].tolist() == [2, 4] and Doubles().compute(rates, "a")[0] is first
    Doubles().compute(rates, "b"), Doubles().compute(rates + 1, "a"), Doubles().compute(1.0, "a")
    assert asked == [(2, "a"), (2, "b"), (2, "a"), (1, "a")]
    for rate in range(10):
        Doubles().compute(5.0 + rate, "a")
    Doubles().compute(rates, "a")
    assert len(asked) == 15, "the oldest was forgotten"
