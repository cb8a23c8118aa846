"""Learning-rate schedules, and what a drop does to Keras's ball and to PyTorch's."""

import numpy as np
import traitlets

from course.arguments import check_arguments
from course.explorers.shared.base import (
    LOOKS,
    Explorer,
    nearest_position,
    numbers,
    remembered,
    synced,
)
from course.figures import Look
from course.schedules import SCHEDULES
from course.sgd import heavy_ball

STEPS, RUNS, SEED = 120, 200, 3
START = -4.0
BALLS = {  # drawn in this order
    "constant": Look("Keras's ball at constant η", "#777777", "#999999", ":", "o"),
    "torch": LOOKS["yours"]._replace(label="PyTorch's ball: η outside the velocity"),
    "keras": LOOKS["momentum"]._replace(label="Keras's ball: η inside the velocity"),
}


def torch_ball(variable, velocity, gradient, learning_rate, momentum):
    """One step with momentum as PyTorch writes it; returns (variable, velocity).

    The learning rate stays outside the velocity, which is a sum of gradients.
    Shapes: variable, velocity and gradient share one shape; the rates are scalars.
    Units:  velocity is [gradient]; learning_rate is [variable / gradient].
    Source: `torch/optim/sgd.py`, `_single_tensor_sgd` (its `momentum_buffer`).
    """
    velocity = velocity * momentum + gradient
    return variable - velocity * learning_rate, velocity


def ride(rule, rates, momentum):
    """Ride down the bowl ½ w² in `RUNS` noisy runs at once; returns their means, (loss, move).

    rule:     as `sgd.heavy_ball`; the gradient's noise is standard normal, the same for all rows.
    rates:    shape (n, steps + 1), the learning rate of each next step; momentum: shape (n,).
    loss:     shape (n, steps + 1), the mean before each of these steps.
    move:     shape (n, steps + 1), root mean square of the weight's way in each of these steps.
    """
    noise = np.random.default_rng(SEED).standard_normal((rates.shape[1], RUNS))
    weight = np.full((len(rates), RUNS), START)
    velocity, losses, moves = np.zeros_like(weight), [], []
    with np.errstate(over="ignore", invalid="ignore"):
        for rate, disturbed in zip(rates.T[..., None], noise):
            before, gradient = weight, weight + disturbed
            weight, velocity = rule(weight, velocity, gradient, rate, momentum[:, None])
            losses.append(_mean_square(before) / 2)
            moves.append(np.sqrt(_mean_square(weight - before)))
    means = (np.stack(losses, axis=-1), np.stack(moves, axis=-1))
    # Beyond float64 a ball is at inf - inf = nan: as a mean over runs that is without bound, too.
    return tuple(np.where(np.isnan(mean), np.inf, mean) for mean in means)


def _mean_square(runs):
    """The mean of the squares along the last axis, without an array of them."""
    return np.einsum("nr,nr->n", runs, runs) / runs.shape[-1]


class Schedule(Explorer):
    """Two balls in a noisy bowl ½ w², Keras's and PyTorch's, under one learning-rate schedule.

    schedule:      "constant", "step", "exponential", "cosine" or "warm-up".
    learning_rate: above 0; what the schedule starts from, or warms up to.
    momentum:      0 to 1; 1 is no friction.
    Errors:        ValueError or TypeError for arguments that make no sense.
    """

    script = "schedule.js"
    parameters = swept = ("schedule", "learning_rate", "momentum")

    schedule = synced(traitlets.Enum(list(SCHEDULES)))
    learning_rate = synced(traitlets.Float())
    momentum = synced(traitlets.Float())

    def __init__(self, schedule="step", learning_rate=0.1, momentum=0.9):
        if schedule not in list(SCHEDULES):
            known = ", ".join(f'"{name}"' for name in SCHEDULES)
            raise ValueError(f"schedule must be one of {known}; got {schedule!r}.")
        learning_rate, *_ = numbers("learning_rate", [learning_rate], 1, above=0)
        check_arguments(momentum=momentum)
        rates = np.outer([0.01, 0.1, 1], [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]).round(6)
        super().__init__(
            schedule=schedule,
            learning_rate=learning_rate,
            momentum=float(momentum),
            step=61,
            positions={
                "schedule": list(SCHEDULES),
                "learning_rate": sorted({*rates[rates <= 4].tolist(), learning_rate}),
                "momentum": sorted({*(np.arange(101) / 100).tolist(), float(momentum)}),
                "step": list(range(STEPS + 1)),
            },
            looks={key: look._asdict() for key, look in BALLS.items()},
            scene={"runs": RUNS, "loss": [-3, 2], "move": [-3, 1]},
        )

    _nearest = traitlets.validate("learning_rate", "momentum")(nearest_position)

    @remembered
    def compute(self, schedule, learning_rate, momentum):
        """The columns and words of a sweep; see `Explorer`."""
        rows = np.broadcast_arrays(*np.atleast_1d(schedule, learning_rate, momentum))
        names, eta, beta = rows
        count = np.arange(STEPS + 1)
        rates = np.stack([SCHEDULES[name](count, rate) for name, rate in zip(names, eta)])
        still = np.repeat(eta[:, None], STEPS + 1, axis=1)
        columns = {"rate": rates}
        for key, rule, eta_k in [
            ("constant", heavy_ball, still),
            ("torch", torch_ball, rates),
            ("keras", heavy_ball, rates),
        ]:
            columns[f"{key}.loss"], columns[f"{key}.move"] = ride(rule, eta_k, beta)
        told = [
            _told(*row, {key: column[i] for key, column in columns.items()})
            for i, row in enumerate(zip(*rows))
        ]
        return columns, {"told": told}

    def draw(self, figure):
        """The still picture: the learning rate, the loss and the moves over the steps."""
        axes = figure.subplot_mosaic("RLM")
        columns, _ = self.compute(self.schedule, self.learning_rate, self.momentum)
        axes["R"].plot(columns["rate"][0], color="0.3")
        for key, look in BALLS.items():
            for where, name in (("L", "loss"), ("M", "move")):
                line = np.clip(columns[f"{key}.{name}"][0], 1e-30, 1e30)
                axes[where].semilogy(line, look.line, color=look.colour, label=look.label)
        handles = axes["L"].get_lines()[::-1]
        figure.legend(handles=handles, loc="outside upper center", ncols=3)
        axes["R"].set(xlabel="step", title="learning rate η", ylim=(0, 1.1 * self.learning_rate))
        for where, name in (("L", "loss"), ("M", "move")):
            axes[where].set(xlabel="step", ylim=10.0 ** np.array(self.scene[name]))
        axes["L"].set_title(f"loss ½ w², mean of {RUNS} runs")
        axes["M"].set_title("how far w moves per step")


def _told(schedule, learning_rate, momentum, row):
    """What this row of a sweep shows, as sentences."""
    if learning_rate >= 2 * (1 + momentum):
        edge = f"{2 * (1 + momentum):.4g}"
        return (
            f"η = {learning_rate:.4g} is too large here: from 2 (1 + β) = {edge} on, swings grow."
        )
    if momentum == 0:
        return "Without momentum there is no velocity: both rules are plain SGD."
    if schedule == "constant":
        return "At a constant η both rules are one: Keras's velocity is −η times PyTorch's."
    if schedule == "step":
        return _after_the_drop(row)
    earlier = "earlier, larger rates"
    if schedule == "warm-up":
        earlier = "earlier rates, smaller ones while η rises, larger ones while it falls"
    told = f"Keras's velocity remembers {earlier}; "
    told += "PyTorch multiplies all it remembers by the newest rate."
    if row["rate"][-1] == 0:
        told += f" At step {STEPS} η is 0: PyTorch's ball stands still, Keras's coasts on."
    return told


def _after_the_drop(row):
    """How far each ball still moves in the first step at the lower rate, and what it costs."""
    first = int((row["rate"] < row["rate"][0]).argmax())
    kept = {key: row[f"{key}.move"][first] / row[f"{key}.move"][first - 1] for key in BALLS}
    loss = row["keras.loss"]
    peak = first + int(loss[first:].argmax())
    told = (
        f"Right after the drop Keras's ball moves {100 * kept['keras']:.0f} % as far as in the "
        f"step before, PyTorch's {100 * kept['torch']:.0f} %."
    )
    if loss[peak] > 1.2 * loss[first]:
        height = float(f"{loss[peak]:.3g}")
        told += (
            " With the speed it keeps, held by pushes ten times weaker, Keras's ball climbs: to a "
            f"mean loss of {height:g} at step {peak}."
        )
    return told
