"""06.swings, read a picture: Three balls without friction."""

from course.checks.chapter_06.step import step
from course.checks.tasks import Choice, Mistake
from course.descent import walk
from course.sgd import heavy_ball
from course.surfaces import quadratic

LOOKS = {"A": ("-.", "D"), "B": ("--", "s"), "C": (":", "^")}


def _spring(w, v, g, eta, beta):
    return heavy_ball(w, v, g + 0.5 * w, eta, beta)


def _current(w, v, g, eta, beta):
    return step(w, v, g, eta, beta, 0.5)


def _swings(figure):
    """Three balls without friction around the minimum at 1; what shrinks them is unsaid."""
    parabola = quadratic((1.0,), start=(0.0,))
    rules = {"A": _current, "B": _spring, "C": heavy_ball}
    for axes, letter in zip(figure.subplots(1, 3, sharey=True), rules):
        rule, (line, marker) = rules[letter], LOOKS[letter]

        def around_one(w, v, g, eta, beta, rule=rule):
            return rule(w, v, g - 1, eta, beta)

        ball = walk(parabola, 120, 0.1, 1.0, rule=around_one)
        axes.plot(ball.points[:, 0], line, color="black", marker=marker, ms=4, lw=1, markevery=5)
        axes.axhline(1, color="#009E73", lw=1)
        axes.set(title=letter, xlabel="step", ylim=(-0.15, 2.2))
        axes.grid(alpha=0.25)
    figure.axes[0].set_ylabel("$w$")


SWINGS = Choice(
    name="06.swings",
    title="Three balls without friction",
    work="explain a picture",
    asks="none_decay_penalty",
    points=0,
    reference="CAB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_swings,
    mistakes=(
        Mistake(
            "CBA",
            "Without decay is right. Of the other two, one swings for ever about a lower place and "
            "one comes to rest: which does a spring do?",
        ),
        Mistake(
            "ACB",
            "The penalty is right. But without decay and without friction nothing takes energy "
            "away: can that ball come to rest?",
        ),
        Mistake(
            "BAC",
            "The decay is right. The other two are exchanged: a penalty moves the place about "
            "which the ball swings.",
        ),
        Mistake(
            "ABC",
            "One of the three comes to rest, and momentum 1 has no friction. Without decay it "
            "would swing for ever: so what acts as the friction?",
        ),
        Mistake(
            "BCA",
            "A ball with nothing but the loss swings about the loss's minimum, the green line, for "
            "ever. Begin with that one.",
        ),
    ),
    hints=(
        "A spring moves the place about which a ball swings, and takes nothing from the swing.",
        "In the long run the decay acts with strength wd (1 - β). What is that at β = 1, and where "
        "does the ball then settle?",
        "A current leaves only √(1 - η wd) of a swing after each step: at momentum 1, the decay is "
        "the friction.",
    ),
)
