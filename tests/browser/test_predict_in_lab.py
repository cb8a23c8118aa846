"""Predictions in a learner's own copy, in a real JupyterLab."""

import pytest

from course.learner import guesses, workspace

pytestmark = pytest.mark.browser
IMPORT = "from course.learner.predict import predict\n"


@pytest.fixture(scope="module")
def copy(server):
    """A learner's copy in the server's folder."""
    copy = server.folder / "predict-copy"
    workspace.start(copy)
    return copy


def asked(lab, copy, name, **options):
    """The widget that asks a question, in a notebook of a copy."""
    path = lab.write([f'{IMPORT}predict("{name}")'], f"{copy.name}/{name}.ipynb")
    notebook = lab.open(path, **options)
    notebook.run_all()
    widget = notebook.output(0).locator(".course-predict")
    widget.wait_for(timeout=60_000)
    return notebook, widget


def given(copy):
    return [(each.name, each.passed, each.given) for each in guesses.read(copy).made]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_choice_is_made_by_keyboard_and_answers_with_its_sentence(lab, copy, theme):
    notebook, widget = asked(lab, copy, "04.slope", theme=theme)
    before, page = given(copy), notebook.page
    widget.get_by_role("button", name="0.1").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    widget.get_by_text("✗ Not so.").wait_for()
    assert "That is the part it keeps of its speed in one step" in widget.inner_text()
    assert widget.get_by_role("button", pressed=True).inner_text() == "0.9"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    widget.get_by_text("✓ That holds.").wait_for()
    assert "Now run the cell below" in widget.inner_text()
    assert given(copy)[len(before) :] == [("04.slope", False, "0.9"), ("04.slope", True, "1.0")]
    for name in ("button", "p"):  # the text is told from what is behind it
        look = "e => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor]"
        text, behind = widget.locator(name).first.evaluate(look)
        assert text != behind
    assert notebook.page.locator(".jp-Notebook .jp-Cell").count() == 1, "a shortcut made a cell"


def test_a_number_is_typed_and_letters_reach_no_shortcut(lab, copy):
    notebook, widget = asked(lab, copy, "04.coast")
    field = widget.get_by_label("Your number")
    field.focus()
    notebook.page.keyboard.type("dd bab")  # in JupyterLab: delete the cell, make new ones
    notebook.page.keyboard.press("Enter")
    widget.get_by_text("Give a number, such as 0.9 or 1/3; got 'dd bab'.").wait_for()
    assert notebook.page.locator(".jp-Notebook .jp-Cell").count() == 1
    field.fill("4,5")
    notebook.page.keyboard.press("Enter")
    widget.get_by_text("✓ That holds.").wait_for()
    assert given(copy)[-1] == ("04.coast", True, "4.5")


def test_things_are_put_in_order_by_keyboard(lab, copy):
    code = """from course.learner.predict import Prediction
from course.questions.kinds import Order
steps = ("mean", "of all."), ("decay", "of each."), ("clip", "So it is.")
Prediction(Order("04.order", "Order?", steps))"""
    notebook = lab.open(lab.write([code], f"{copy.name}/order.ipynb"))
    notebook.run_all()
    widget = notebook.output(0).locator(".course-predict")
    widget.get_by_role("button", name="clip").focus()
    for _ in range(3):  # the focus goes on to what is left: clip, decay, mean
        notebook.page.keyboard.press("Enter")
    widget.get_by_text("mean comes before decay: of all.").wait_for()
    widget.get_by_role("button", name="Start again").focus()
    notebook.page.keyboard.press("Enter")
    for name in ("mean", "decay", "clip"):
        widget.get_by_role("button", name=name).press("Enter")
    widget.get_by_text("✓ That holds. So it is.").wait_for()


def test_everything_fits_at_700_pixels(lab, copy):
    notebook, widget = asked(lab, copy, "05.schedule", width=700)
    widget.get_by_role("button").last.click()
    widget.get_by_text("✗ Not so.").wait_for()
    parts = "e => [...e.querySelectorAll('*')].map(x => x.getBoundingClientRect().right)"
    right = notebook.page.locator(".jp-Notebook").bounding_box()
    assert max(widget.evaluate(parts)) <= right["x"] + right["width"]


def test_outside_a_copy_it_answers_and_says_that_nothing_is_recorded(lab, server):
    path = lab.write([f'{IMPORT}predict("04.slope")'])
    notebook = lab.open(path)
    notebook.run_all()
    widget = notebook.output(0).locator(".course-predict")
    widget.get_by_role("button", name="1.0").click()
    widget.get_by_text("Not recorded for your review.").wait_for()
    assert widget.get_by_text("✓ That holds.").is_visible()


def test_a_kernel_that_is_gone_is_told(lab, copy):
    notebook, widget = asked(lab, copy, "04.edge")
    lab.server.end_kernels({f"{copy.name}/04.edge.ipynb"})
    widget.get_by_role("button").first.click()
    widget.get_by_text("No kernel answers. Run this cell again").wait_for(timeout=60_000)


def test_the_answer_is_folded_until_its_cell_is_run(lab, copy):
    notebook = lab.open(copy / "notebooks/04_momentum_as_friction.ipynb", height=1600)
    page, output = notebook.page, "plain descent: 691 steps"
    fold = page.locator("summary").get_by_text("After your guess: what it shows").first
    fold.wait_for()
    assert page.get_by_text("Run this cell to answer here.").first.is_visible()
    assert not page.get_by_text(output).is_visible()
    assert page.get_by_text("After your guess: run this cell, or click here.").first.is_visible()
    assert not page.locator("details").get_by_text("Nearly seven hundred").is_visible()
    notebook.run_all()
    page.get_by_text(output).wait_for(timeout=60_000)
    assert page.locator(".course-predict").first.is_visible()
    fold.click()
    page.locator("details").get_by_text("Nearly seven hundred").wait_for()
