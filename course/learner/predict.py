"""A prediction at its place in a chapter: choose or type, and read what that would mean.

from course.learner.predict import predict
predict("04.slope")
"""

from pathlib import Path

import anywidget
import traitlets

from course import attendance, questions
from course.checks import kernel
from course.front_ends import COLOURS, with_still
from course.learner import guesses, workspace
from course.questions import votes
from course.questions.kinds import BadGuess
from course.questions.markdown import inline_html

STILL = "<p>Run this cell to answer here.</p>"


class Prediction(anywidget.AnyWidget):
    """A question that answers back; each guess goes to the learner's own record.

    The browser gets the text and the options, and only after a guess what that guess means.
    Errors: none; a guess that cannot be judged or recorded is told so in its place.
    """

    _esm = Path(__file__).with_suffix(".js").read_text("utf-8")
    _css = COLOURS

    question = traitlets.Dict().tag(sync=True)  # {kind, text, labels}: the last two as HTML
    answer = traitlets.Dict().tag(sync=True)  # {number, guess, passed, html, next}, or empty

    def __init__(self, question):
        super().__init__()
        kernel.watch()
        self._asked = question
        self.question = {
            "kind": question.kind,
            "text": inline_html(question.text),
            "labels": [inline_html(label) for label in question.labels],
        }
        self.on_msg(lambda _widget, content, _buffers: self.take(content.get("guess")))

    def take(self, guess):
        """Judge a guess, record it, and answer."""
        number = self.answer.get("number", 0) + 1
        try:
            verdict = self._asked.judge(guess)
        except BadGuess as problem:
            html = inline_html(str(problem))
            self.answer = {"number": number, "guess": guess, "html": html}
            return
        self._tell(guess, verdict)
        then = "Now run the cell below, then read on. " if self._asked.cell else ""
        self.answer = {
            "number": number,
            "guess": guess,
            "passed": verdict.passed,
            "html": inline_html(verdict.sentence),
            "next": then + _record(self._asked.name, verdict),
        }

    def _tell(self, guess, verdict):
        """Tell the class that was joined, if there is one, which option it was."""
        revealed = bool(self._asked.cell) and kernel.was_run(self._asked.cell)
        choice = votes.position(self._asked, guess, verdict)
        attendance.tell_guess(self._asked.name, choice, revealed)

    def __repr__(self):
        return f"predict({self._asked.name!r})"

    def _repr_mimebundle_(self, **kwargs):
        # What is seen where no kernel runs.
        return with_still(super()._repr_mimebundle_(**kwargs), "text/html", STILL)


def predict(name):
    """The prediction called `name`, such as "04.slope", to answer in a notebook.

    Errors: NoSuchQuestion with the names that exist.
    """
    return Prediction(questions.find(name))


def _record(name, verdict):
    """Record a guess; returns a sentence where that was not possible, else nothing."""
    try:
        guesses.add(workspace.locate(), name, verdict)
    except workspace.Refused as refusal:
        return f"(Not recorded for your review. {refusal})"
    return ""
