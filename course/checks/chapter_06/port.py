"""06.port, repair the translation: Three recipes from elsewhere."""

from itertools import product

import numpy as np

from course.checks.calling import agree
from course.checks.observed import Observed
from course.checks.tasks import Case, Mistake


def _to_keras(number, old_momentum, momentum):
    from_pytorch = number / (1 - momentum)
    from_l2 = 2 * number / (1 - momentum)
    from_keras = number * (1 - old_momentum) / (1 - momentum)
    return from_pytorch, from_l2, from_keras


_TORCH = "PyTorch's weight_decay is a penalty: a spring of strength number, whatever the momentum."
_L2 = "Keras's L2(c) is c · Σw², and its gradient 2c · w: as a spring it has the strength 2c."
_KEPT = (
    "The old weight_decay acted with strength number * (1 - old_momentum); the new one has to act "
    "with the same strength, at another momentum."
)
_DIVIDE = "A current of strength s needs s / (1 - momentum): the smaller, the less friction."
#: For each recipe the starter's line and what learners may write instead, each with its sentence.
_SLIPS = (
    (
        (lambda c, old, new: c * (1 - new), f"from_pytorch: {_TORCH} {_DIVIDE}"),
        (lambda c, old, new: c, "from_pytorch: the number is the same only without momentum."),
        (
            lambda c, old, new: c / (1 - old),
            "from_pytorch: you divided by 1 - old_momentum. The spring does not feel its own "
            "momentum; the current will feel the new one.",
        ),
        (
            lambda c, old, new: c * (1 - old) / (1 - new),
            f"from_pytorch: {_TORCH} So the old momentum does not enter.",
        ),
        (
            lambda c, old, new: 2 * c / (1 - new),
            "from_pytorch: the momentum is right. The 2 belongs to Keras's L2 alone: PyTorch's "
            "weight_decay * w stands in the gradient as it is.",
        ),
        (lambda c, old, new: c / (1 + new), f"from_pytorch: mind the sign of momentum. {_DIVIDE}"),
        (
            lambda c, old, new: c / new if new else c,
            f"from_pytorch: you divided by momentum. {_DIVIDE}",
        ),
        (
            lambda c, old, new: c * (1 - new) / (1 - old),
            f"from_pytorch: the fraction stands on its head, and old_momentum does not enter. "
            f"{_DIVIDE}",
        ),
    ),
    (
        (lambda c, old, new: c / 2, f"from_l2: {_L2} And mind the momentum."),
        (
            lambda c, old, new: 2 * c,
            "from_l2: the 2 is right. But a current is weaker than a spring by the factor "
            "1 - momentum: make up for it.",
        ),
        (lambda c, old, new: c / (1 - new), f"from_l2: the momentum is right. {_L2}"),
        (
            lambda c, old, new: 2 * c / (1 - old),
            "from_l2: you divided by 1 - old_momentum. The spring does not feel its own momentum; "
            "the current will feel the new one.",
        ),
        (
            lambda c, old, new: c / 2 / (1 - new),
            f"from_l2: the momentum is right, but the 2 is on the wrong side. {_L2}",
        ),
        (lambda c, old, new: 2 * c * (1 - new), f"from_l2: the 2 is right. {_DIVIDE}"),
        (
            lambda c, old, new: 2 * c * (1 - old) / (1 - new),
            "from_l2: a regularizer is a spring, and a spring does not feel its own momentum: "
            "old_momentum does not enter.",
        ),
        (
            lambda c, old, new: c * (1 - old) / (1 - new),
            f"from_l2: {_L2} And a spring does not feel its own momentum: old_momentum does not "
            "enter.",
        ),
        (lambda c, old, new: c, f"from_l2: the number as it is will not do. {_L2} {_DIVIDE}"),
        (lambda c, old, new: c / (1 - old), f"from_l2: {_L2} And the old momentum does not enter."),
        (
            lambda c, old, new: 4 * c / (1 - new),
            f"from_l2: the momentum is right, but one 2 is too much. {_L2}",
        ),
        (
            lambda c, old, new: c**2 / (1 - new),
            f"from_l2: the momentum is right. But it is the weight that is squared in the loss, "
            f"not the number. {_L2}",
        ),
        (lambda c, old, new: 2 * c / (1 + new), f"from_l2: mind the sign of momentum. {_DIVIDE}"),
        (
            lambda c, old, new: 2 * c / new if new else 2 * c,
            f"from_l2: you divided by momentum. {_DIVIDE}",
        ),
    ),
    (
        (lambda c, old, new: c, f"from_keras: {_KEPT}"),
        (
            lambda c, old, new: c * (1 - new) / (1 - old),
            f"from_keras: the fraction stands on its head. {_KEPT}",
        ),
        (
            lambda c, old, new: c / (1 - new),
            "from_keras: this recipe is a current, too, and not a spring: its strength was less "
            "than the number, by 1 - old_momentum.",
        ),
        (
            lambda c, old, new: c * (1 - old),
            "from_keras: that is the strength with which the old one acted. Which weight_decay "
            "acts so at the new momentum?",
        ),
        (
            lambda c, old, new: c * (1 - new),
            f"from_keras: you multiplied by 1 - momentum. {_KEPT}",
        ),
        (
            lambda c, old, new: c / (1 - old),
            f"from_keras: you divided by 1 - old_momentum. {_KEPT}",
        ),
        (
            lambda c, old, new: 2 * c * (1 - old) / (1 - new),
            "from_keras: the fraction is right. The 2 belongs to L2 alone.",
        ),
        (
            lambda c, old, new: c * (1 + old) / (1 + new),
            f"from_keras: mind the signs of the momenta. {_KEPT}",
        ),
        (
            lambda c, old, new: c * new / old if old else c,
            f"from_keras: you took the fraction of the momenta themselves. {_KEPT} What a momentum "
            "leaves of a strength is 1 - momentum.",
        ),
        (
            lambda c, old, new: c * old / new if new else c,
            f"from_keras: you took the fraction of the momenta themselves. {_KEPT} What a momentum "
            "leaves of a strength is 1 - momentum.",
        ),
        (
            lambda c, old, new: c * (1 - (new - old)),
            f"from_keras: you took the difference of the momenta. {_KEPT} Such factors multiply.",
        ),
    ),
)


#: How many of a line's slips, from the first, are tried together with those of a line above.
LIKELY = 3


def _recipes(lines):
    return lambda *arguments: tuple(line(*arguments) for line in lines)


def _exchanged(number, old_momentum, momentum):
    return _to_keras(number, momentum, old_momentum)


def _known_recipes():
    """The whole slips; then each in one line, those before it right, those after it likely ones."""
    right = [lambda *a, i=i: _to_keras(*a)[i] for i in range(3)]
    starter = _recipes([slips[0][0] for slips in _SLIPS])
    likely = [[right[i], *(line for line, _ in slips)] for i, slips in enumerate(_SLIPS)]
    yield Mistake(
        starter,
        "Nothing is repaired yet: of each recipe ask whether it is a spring or a current, and how "
        "strong.",
        untouched=True,
    )
    yield Mistake(
        _exchanged,
        "You exchanged the two momenta: the recipe was run with old_momentum, and momentum is "
        "what Keras will have.",
    )
    for place, slips in enumerate(_SLIPS):
        # The sentence is about the first line that is wrong, so those before it are right.
        rest = [right[i : i + 1] if i < place else likely[i][:LIKELY] for i in range(3)]
        for line, because in slips:
            for lines in product(*rest[:place], [line], *rest[place + 1 :]):
                if not any(_agree(_recipes(lines), whole) for whole in (starter, _exchanged)):
                    yield Mistake(_recipes(lines), because)


def _agree(one, other):
    return np.allclose(one(0.03, 0.3, 0.7), other(0.03, 0.3, 0.7))


def _observe(arguments, yours, expected):
    names = ("from_pytorch", "from_l2", "from_keras")
    friction = 1 - arguments[2]
    name, mine, good = next(
        each for each in zip(names, yours, expected) if not agree([each[1]], [each[2]])
    )
    return (
        f"Your {name} would act with strength {name} * (1 - momentum) = {mine * friction:.4g} "
        f"here; the recipe acted with {good * friction:.4g}."
    )


PORT = Observed(
    name="06.port",
    title="Three recipes from elsewhere",
    work="repair",
    asks="to_keras",
    points=3,
    results=("from_pytorch", "from_l2", "from_keras"),
    reference=_to_keras,
    shown=(
        Case("the number 0.01, from momentum 0.5 to 0.9", (0.01, 0.5, 0.9)),
        Case("from no momentum to 0.9", (0.01, 0.0, 0.9)),
        Case("without momentum", (0.01, 0.0, 0.0)),
    ),
    draw=lambda random: tuple(random.uniform((0.01, 0.1, 0.6), (0.2, 0.5, 0.95))),
    mistakes=tuple(_known_recipes()),
    observe=_observe,
    hints=(
        "Spring or current? Two of the recipes are penalties, one is Keras's decay.",
        "First write down how strong each recipe is in the long run: number, 2 * number, "
        "number * (1 - old_momentum).",
        "Keras's decay acts with weight_decay * (1 - momentum). Set that equal to each strength, "
        "and solve for weight_decay.",
    ),
)
