"""05.translate, write the translation: From one form to the other, and back."""

from course.checks.tasks import Case, Mistake, Rule


def _translate(theta, velocity, old_momentum, new_momentum):
    w = theta - old_momentum * velocity
    return w, w + new_momentum * velocity


def _translate_arguments(random):
    theta, v = random.normal(size=(2, 2))
    return theta, v, random.uniform(0.6, 0.95), random.uniform(0.1, 0.5)


TRANSLATE = Rule(
    name="05.translate",
    title="From one form to the other, and back",
    work="write",
    asks="translate",
    points=3,
    results=("w", "new_theta"),
    reference=_translate,
    shown=(
        Case("momentum falls from 0.9 to 0.5", (1.0, -0.2, 0.9, 0.5)),
        Case("momentum falls to 0", (1.0, -0.2, 0.9, 0.0)),
        Case("momentum stays", (1.0, -0.2, 0.9, 0.9)),
        Case("at rest", (1.0, 0.0, 0.9, 0.5)),
    ),
    draw=_translate_arguments,
    mistakes=(
        Mistake(
            lambda theta, v, old, new: (theta, theta),
            "Nothing is translated yet: put your lines in place of the dots.",
            untouched=True,
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta),
            "w is right. But Keras's weights are still one old glide ahead of it: from w, glide "
            "ahead with the new momentum.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta + new * v),
            "w is right. But you put the new glide on top of the old one: it starts at w, not at "
            "theta.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - v, theta),
            "You glide by the whole velocity. A glide is momentum times the velocity: the old "
            "momentum in theta, the new one in new_theta.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta, theta + new * v),
            "You took theta for the original's weights. It is a glide ahead of them already: take "
            "that back first.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta, theta + (new - old) * v),
            "new_theta is right. But you return theta as w: the original's weights lie one old "
            "glide behind it.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - old * v + new / old * v),
            "w is right. From there the glide is new_momentum times the velocity: the velocity "
            "is the same in both forms and is not rescaled.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta + old * v, theta + old * v + new * v),
            "You went ahead where you should go back: theta = w + momentum * velocity, so w is "
            "theta minus the glide.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta + old * v, theta + old * v - new * v),
            "You have the two forms the wrong way round: theta is the look-ahead point, and w lies "
            "one glide behind it.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - old * v - new * v),
            "w is right. The new look-ahead point lies ahead of it: add the glide.",
        ),
        Mistake(
            lambda theta, v, old, new: _translate(theta, v, new, old),
            "You exchanged the two momenta: the glide that is in theta was taken with the old one.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - new * v, theta),
            "The glide that is in theta was taken with the old momentum: take that one back, and "
            "only then glide ahead with the new one.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - v, theta - v + new * v),
            "You took back a whole velocity. The glide is only momentum times that.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - old * v + v),
            "w is right. From there you went ahead by a whole velocity; the glide is only "
            "new_momentum times that.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta * new / old),
            "w is right. But weights are not rescaled with the momentum: from w the new glide, "
            "new_momentum times the velocity, is added.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - old * v + new),
            "w is right. The glide is new_momentum times the velocity: the velocity is missing.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, new * (theta - old * v)),
            "w is right. The glide is new_momentum times the velocity, not times w; and it is "
            "added to w.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, (1 + new) * (theta - old * v)),
            "w is right. The glide is new_momentum times the velocity, not times w.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - old * v + (new - old) * v),
            "w is right. From w the whole new glide is added: the old one is taken back already.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - (new - old) * v),
            "w is right. new_theta goes the wrong way: from w, glide ahead with the new momentum.",
        ),
        Mistake(
            lambda theta, v, old, new: (old * v, new * v),
            "These are the two glides alone. Which point lies one old glide behind theta?",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old, theta - old + new),
            "A glide is momentum times the velocity: the velocity is missing in both lines.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta / (1 + old), theta / (1 + old) * (1 + new)),
            "You took the glide for a part of w. It is a part of the velocity: theta = w + "
            "momentum * velocity.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - old * v + old * new * v),
            "w is right. You multiplied by both momenta: the velocity is the same in both forms, "
            "and only new_momentum brakes the new glide.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta + old * v),
            "w is right. new_theta lies one new glide ahead of w; you went an old one ahead of "
            "theta.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - new * v),
            "w is right. new_theta lies ahead of w by the new glide: start from w, and add it.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - (old - new) * v, theta - (old - new) * v),
            "new_theta is right. But w is the original's: one whole old glide behind theta.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta + old * v, theta + new * v),
            "Both start from theta and go ahead. w lies behind it, by the old glide; and new_theta "
            "starts from w.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta / old, theta / old * new),
            "Weights are not rescaled with the momentum: a glide is taken back from theta, and "
            "another one added.",
        ),
        Mistake(
            lambda theta, v, old, new: (theta - old * v, theta - old * v + new**2 * v),
            "w is right. In new_theta the momentum is there twice: once is right.",
        ),
        Mistake(
            lambda theta, v, old, new: _translate(theta, v, old, new)[::-1],
            "The two values are right, but swapped: return w first, then new_theta.",
        ),
    ),
    hints=(
        "Which of the two, w and theta, stands still while the momentum changes?",
        "theta = w + momentum * velocity holds before the change with the old momentum, and after "
        "it with the new one. Solve the first for w.",
        "w = theta - old_momentum * velocity; then use theta = w + momentum * velocity once more.",
    ),
)
