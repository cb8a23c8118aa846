"""The table of questions as pages have it: what each guess means, judged by course.questions."""

from pathlib import Path

from course import questions
from course.explorers.tiles import packing
from course.questions.markdown import inline_html

WIDGET = Path(questions.__file__).parents[1] / "learner/predict.js"
NEXT = "Now unfold what comes below, then read on."


def table(question):
    """A question as the page judges it; its texts are HTML."""
    told = {"kind": question.kind, "text": inline_html(question.text)}
    told |= {"labels": [inline_html(label) for label in question.labels]}
    told |= {"next": NEXT} if question.cell else {}
    return told | {"choice": _choice, "number": _number, "order": _order}[question.kind](question)


def _choice(question):
    verdicts = [question.judge(guess) for guess in range(len(question.options))]
    return {"verdicts": [{"passed": v.passed, "html": inline_html(v.sentence)} for v in verdicts]}


def _number(question):
    return {
        "value": question.value,
        "tolerance": question.tolerance,
        "because": inline_html(question.because),
        "slips": [[slip, inline_html(sentence)] for slip, sentence in question.slips],
        "otherwise": inline_html(question.otherwise),
    }


def _order(question):
    """Each step's place among the labels, the next one's, and why that order holds."""
    steps = [(question.labels.index(label), label, reason) for label, reason in question.steps]
    reasons = []
    for (place, label, reason), after in zip(steps, [*steps[1:], (None, "", "")]):
        before = f"{label} comes before {after[1]}: " if after[1] else ""
        reasons.append({"first": place, "second": after[0], "html": inline_html(before + reason)})
    return {"reasons": reasons}


def write(folder):
    """Write the table, a script a chapter, and the widget that the notebooks have, too."""
    folder.mkdir(parents=True)
    for chapter in questions.CHAPTERS:
        every = {each.name: table(each) for each in questions.everything([chapter])}
        packed = packing.squeeze(packing.as_json(every))
        packing.push(folder / f"{chapter}.js", f"questions/{chapter}", packed)
    widget = packing.in_one_function(WIDGET.read_text("utf-8"), "predict")
    (folder / "predict.js").write_text(widget, "utf-8")
