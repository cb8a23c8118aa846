"""The cheat sheet: one row for each argument of Keras's SGD, with Keras's default."""

import inspect
import re

import pytest

from course import paths
from course.publish.cheat_sheet import COMPANIONS, LINES, chapter_links, companions, markdown
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


def test_each_row_leads_to_its_chapters():
    files = {path.name for path in (paths.material() / "notebooks").glob("*.ipynb")}
    for row in markdown().splitlines()[2:] + companions().splitlines()[2:]:
        found = re.findall(r"\[(\d\d)\]\((\d\d)(\w+\.ipynb)\)", row)
        assert found and all(a == b and b + name in files for a, b, name in found), row
    with pytest.raises(LookupError, match="no chapter '99'"):
        chapter_links("99")


def test_what_stands_beside_the_arguments_is_there_in_keras():
    optimizer, model = keras.optimizers.SGD(), keras.Sequential()
    for companion in COMPANIONS:
        name = companion.name.partition("(")[0]
        assert callable(eval(name, {"keras": keras, "optimizer": optimizer, "model": model})), name


def test_before_any_step_finalizing_sets_the_weights_to_zero():
    weight = keras.Variable(3.0)
    optimizer = keras.optimizers.SGD(use_ema=True)
    optimizer.build([weight])
    optimizer.finalize_variable_values([weight])
    assert float(weight) == 0.0


def test_a_loss_scale_halves_after_an_overflow_and_doubles_after_2000_good_steps():
    weight = keras.Variable(3.0)
    scaler = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(1.0))
    scaler.build([weight])
    scaler.apply([keras.ops.convert_to_tensor(float("inf"))])
    assert (float(weight), float(scaler.dynamic_scale)) == (3.0, 2.0**14)
    assert scaler.dynamic_growth_steps == 2000
    scaler.step_counter.assign(1999)
    scaler.apply([keras.ops.convert_to_tensor(2.0**14)])
    assert (float(weight), float(scaler.dynamic_scale)) == (2.0, 2.0**15)
