"""Stochastic gradient descent, built by hand: the course's package, from the bottom up.

sgd, arguments      the rules in NumPy, one pure function an argument; the table of arguments
extras, quietly     what may be left out, and how to get it; Keras, without log lines
surfaces, descent, schedules, theory, tuning, figures, digits     what chapters compute and draw
front_ends          what each widget owes the page it is shown in
optimizer/          the same rules as a Keras optimizer, `SGD`; the kernels that make it fast
explorers/          the moving pictures: each a Python file that computes, a script that draws
attendance/         a class that was joined hears which tasks hold, and which mistakes are known
checks/             the exercises' tasks, a folder a chapter: what each asks, and its mistakes
questions/          what the chapters ask: predictions and questions, and when they come back
grading/            marking: submissions in, confined processes, a journal, reports out
learner/            the learner's own copy: start, lab, progress, guesses, doctor
classroom/          the live view of a class: a small server, its file, its pages
publish/            the notebooks, built from their text; the book, slides; reading times; a release
commands/, bench/   the command `course`; what it measures, and a real browser to measure in

A room uses only rooms above it in this list. `SGD` is handed on lazily: no TensorFlow until asked.
"""

__version__ = "0.1.0"

__all__ = ["SGD"]


def __getattr__(name):
    if name == "SGD":
        from course.optimizer.keras_sgd import SGD

        return SGD
    raise AttributeError(f"module 'course' has no attribute {name!r}")
