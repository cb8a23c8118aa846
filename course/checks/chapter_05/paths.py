"""05.paths, read a picture: Three balls at one learning rate."""

from course.checks.tasks import Choice, Mistake
from course.descent import walk
from course.sgd import heavy_ball, nesterov_momentum
from course.surfaces import quadratic


def _paths(figure):
    """Three methods on one parabola, beyond Nesterov's edge; their names unsaid."""
    parabola = quadratic((1.0,), start=(1.0,))
    runs = ((nesterov_momentum, 0.9), (heavy_ball, 0.0), (heavy_ball, 0.9))
    for axes, letter, (rule, momentum) in zip(figure.subplots(1, 3, sharey=True), "ABC", runs):
        ball = walk(parabola, 14, 1.5, momentum, rule=rule)
        axes.plot(ball.points[:, 0], "o-", color="black", ms=4, lw=1)
        axes.plot(0, 1, "o", mfc="white", color="black", ms=8)
        axes.set(title=letter, xlabel="step", ylim=(-3.4, 3.4))
        axes.grid(alpha=0.25)
    figure.axes[0].set_ylabel("$w$")


PATHS = Choice(
    name="05.paths",
    title="Three balls at one learning rate",
    work="explain a picture",
    asks="plain_momentum_nesterov",
    points=0,
    reference="BCA",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_paths,
    mistakes=(
        Mistake(
            "CAB",
            "You gave Nesterov the calmest path. Below its edge that would be so; your function "
            "of task 4 says where the edge is for this curvature.",
        ),
        Mistake(
            "ACB",
            "Momentum is right. The other two are exchanged: plain descent settles up to 2, and "
            "Nesterov, however calm its name, only up to its own edge.",
        ),
        Mistake(
            "BAC",
            "Plain descent is right. The other two are exchanged: momentum settles up to "
            "2 (1 + 0.9); where is Nesterov's edge?",
        ),
        Mistake(
            "CBA",
            "Nesterov is right. Of the other two, one multiplies w by 1 - 1.5 in each step, and "
            "nothing else happens to it: which is that?",
        ),
        Mistake(
            "ABC",
            "One of the three is beyond its edge, and it is not plain descent, which settles up to "
            "2. Compute the two other edges.",
        ),
    ),
    hints=(
        "Each method has its own edge. Which of the three edges lies below 1.5?",
        "Plain descent: 2. Momentum: 2 (1 + β). Nesterov: (2 + 2β)/(1 + 2β). The one beyond its "
        "edge diverges.",
        "With β = 0.9 Nesterov's edge is 1.357. Of the other two, plain descent keeps -0.5 of w in "
        "each step, and momentum √0.9 of its swing.",
    ),
)
