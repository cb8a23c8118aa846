"""The cheat sheet: one row for each argument of Keras's SGD, with Keras's default."""

import inspect

from course.publish.cheat_sheet import LINES, markdown
from course.quietly import keras


def test_it_has_the_arguments_of_keras_sgd_in_their_order_with_their_defaults():
    signature = inspect.signature(keras.optimizers.SGD.__init__).parameters
    wanted = [
        (f"`{k}`", f"`{v.default}`") for k, v in signature.items() if k not in ("self", "kwargs")
    ]
    rows = [line.replace("\\|", "").split(" | ") for line in markdown().splitlines()[2:]]
    found = [(row[0].removeprefix("| "), row[1]) for row in rows]
    assert [name for name, _ in found] == [name for name, _ in wanted]
    assert [d for n, d in found if n != "`name`"] == [d for n, d in wanted if n != "`name`"]


def test_each_row_says_formula_occasion_and_trap():
    assert all(all(line) for line in LINES.values())
    assert max(len(part) for line in LINES.values() for part in line) <= 120
