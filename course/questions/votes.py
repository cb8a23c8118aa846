"""A prediction's guesses as votes: into which of a few options each guess falls.

A choice has its own options; a number has the right one, the known slips and "another"; an order
has the right one, and a pair of neighbours that is the wrong way round for each other.
"""

from course.questions.kinds import Choice, Number


def labels(question):
    """What there is to vote for, each one line of Markdown."""
    if isinstance(question, Choice):
        return list(question.labels)
    wrong = [label for label, _ in question.mistakes]
    if isinstance(question, Number):
        return [question.answer.given, *wrong, "another number"]
    return ["the right order", *(f"not {label}" for label in wrong)]


def right(question):
    """The position of the right option in `labels`."""
    if isinstance(question, Choice):
        return next(i for i, option in enumerate(question.options) if option.right)
    return 0


def position(question, guess, verdict):
    """The position in `labels` of a guess that was judged."""
    if isinstance(question, Choice):
        return guess
    if verdict.passed:
        return 0
    sentences = [sentence for _, sentence in question.mistakes]
    if isinstance(question, Number):
        slips = range(len(sentences))
        fits = [i for i in slips if verdict.sentence == sentences[i]]
        return fits[0] + 1 if fits else len(sentences) + 1
    return next(i for i, s in enumerate(sentences) if verdict.sentence.endswith(f": {s}")) + 1
