"""A learner's Keras optimizer in the real grader: stopped in one process, going on in another."""

import pytest

from course.grading import check_cells, sheets
from course.grading.judge import judge
from tests.grading.test_check_cells import cases_in

NAME = "11_the_whole_optimizer"
PAPER = sheets.load(NAME)
RESUME, TORCH = PAPER.tasks[3:]
LOSES_MOMENTUM = PAPER.right["resume-answer"].partition("    def get_config")[0]
KEEPS_NOTHING = PAPER.right["torch-answer"].replace(
    'self.velocities = self.add_optimizer_variables(variables, "velocity")',
    'object.__setattr__(self, "velocities", [keras.Variable(v * 0) for v in variables])',
)


def marks(changes=(), seed=1):
    found = judge(NAME, PAPER.right | dict(changes), seed=seed, confinement="landlock")
    return {verdict.name.removeprefix("11."): verdict for verdict in found.verdicts}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_solution_is_right_at_every_seed(seed):
    assert all(verdict.passed for verdict in marks(seed=seed).values())


def test_what_is_lost_on_the_way_through_a_file_is_told_in_its_own_sentence():
    found = marks({"resume-answer": LOSES_MOMENTUM, "torch-answer": KEEPS_NOTHING})
    assert {name for name, verdict in found.items() if not verdict.passed} == {"resume", "torch"}
    assert found["resume"].because.startswith("The velocity comes back now. The momentum does not")
    assert "its velocity is lost" in found["torch"].because


@pytest.mark.parametrize("task", [RESUME, TORCH], ids=lambda task: task.name)
def test_a_second_process_is_asked_for_the_calls_after_the_stop_alone(task):
    (arguments, ((place, halves),)), *_ = cases_in(check_cells.hidden_cell(task, 5))
    kept = [{"dict": []} for _ in cases_in(check_cells.hidden_cell(task, 5))]
    (rest, ((same, more),)), *_ = cases_in(check_cells.gone_on_cell(task, 5, kept))
    before, after = len(arguments["tuple"][1]), len(rest["tuple"][1])
    assert before and after
    assert (place, len(halves) // before) == (same, len(more) // after)


@pytest.mark.parametrize("kept", [None, {}, [], [1] * 99, "x"])
def test_what_is_no_list_of_things_kept_goes_on_nowhere(kept):
    with pytest.raises(ValueError, match="not as many cases"):
        check_cells.gone_on_cell(RESUME, 5, kept)


@pytest.mark.parametrize("last", ["", "nonsense", "[" * 100_000, "{", "nan nan"])
def test_a_last_line_that_says_nothing_goes_on_nowhere(last):
    outputs = [{"output_type": "stream", "name": "stdout", "text": f"case 0\n{last}\n"}]
    with pytest.raises(ValueError, match="."):
        check_cells.without_kept(outputs)
