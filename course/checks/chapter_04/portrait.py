"""04.portrait, read a picture: Three phase portraits."""

from course.checks.tasks import Choice, Mistake
from course.descent import walk
from course.surfaces import quadratic


def _portraits(figure):
    """Three balls in one bowl, their position against their velocity; the momenta unsaid."""
    bowl = quadratic((1.0,), start=(1.0,))
    for axes, letter, momentum in zip(figure.subplots(1, 3), "ABC", (0.9, 1.0, 0.3)):
        ball = walk(bowl, 60, 0.1, momentum)
        axes.plot(ball.points[:, 0], ball.velocities[:, 0], "s--", color="#D55E00", ms=3, lw=1)
        axes.plot(1, 0, "o", mfc="white", color="black", ms=8)
        axes.set(title=letter, xlabel="position $w$", xlim=(-1.15, 1.15), ylim=(-0.36, 0.36))
        axes.grid(alpha=0.25)
    figure.axes[0].set_ylabel("velocity $v$")


PORTRAIT = Choice(
    name="04.portrait",
    title="Three phase portraits",
    asks="most_friction_first",
    points=0,
    reference="CAB",
    options=("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"),
    picture=_portraits,
    mistakes=(
        Mistake(
            "BAC",
            "You ordered by momentum. Momentum is what friction leaves, so the largest momentum "
            "has the least friction.",
        ),
        Mistake(
            "CBA",
            "C is right. Of the other two, one ball comes to rest and one never does: which of "
            "them has friction?",
        ),
        Mistake(
            "ACB",
            "B is right. Of the other two, one swings through the middle and one creeps home: "
            "which of them is braked harder?",
        ),
        Mistake("ABC", "A ball without friction never settles: which curve never reaches (0, 0)?"),
        Mistake("BCA", "A ball without friction never settles: which curve never reaches (0, 0)?"),
    ),
    hints=(
        "Every ball starts at the open circle. Where does each end?",
        "A closed loop means that no energy is lost.",
        "Creeping home without a swing is the most friction, the closed loop is none.",
    ),
)
