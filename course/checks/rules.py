"""Tasks whose answer is a function: to write, to repair, or with lines to put in order."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from course.checks import answer_text, causes, exceptions
from course.checks.base import Case, Finding, Task, because, recognised
from course.checks.calling import NotAnAnswer, agree, ask, call, no_function, say
from course.checks.python_text import call_text, where_they_part
from course.checks.resuming import interrupted
from course.checks.seen import Seen

#: What is said of lines that are others than the sheet's, and come to the same.
AS_GIVEN = "You changed the lines, but in every case they still give what the sheet's own gave."
CHANGES = (
    "Your answer holds. But it changes its argument {} in place, so whoever calls it has other "
    "numbers there afterwards: a = a * b makes a new array, a *= b does not."
)


@dataclass(frozen=True, kw_only=True)
class Rule(Task):
    """A function to write or to repair.

    results:   the names of what it returns, such as ("w", "v").
    reference: the right function.
    shown:     cases with round numbers, which the learner sees.
    draw:      numpy Generator -> arguments of one more case, for checking and for marking.
    drawn:     how many such cases a check tries, and at least as many where marks are given.
    pure:      whether the function must leave its arguments as they are; else it may or not.
    in_place:  whether to change them is what is asked for, so that nothing is said of it.
    zeros:     those of `results` where the number 0 is as good as an array of zeros.
    """

    results: tuple
    reference: Callable
    shown: tuple
    draw: Callable
    drawn: int = 4
    pure: bool = False
    in_place: bool = False
    zeros: tuple = ()

    def cases(self, seed=0):
        """The shown cases and some drawn ones; the same for the same seed."""
        random = np.random.default_rng(seed)
        more = [Case("with numbers drawn at random", self.draw(random)) for _ in range(self.drawn)]
        return [*self.shown, *more]

    def look(self, answer, source=None):
        """Call the answer on every case."""
        if not callable(answer):
            return Finding(False, [no_function(self.asks, answer)])
        return self.explain(self._answers(answer), source)

    def explain(self, answers, source=None):
        """What is to be said of a function by what it gave, wherever it ran; a `Finding`.

        answers: what `calling.ask` returns for the arguments of `cases()`.
        source:  the text of its cell, None where that is not known.
        """
        for number, (case, yours) in enumerate(zip(self.cases(), answers)):
            head = [f"✗ {case.title}", *self._call_lines(case, number)]
            if isinstance(yours, str):
                sentence = exceptions.cause(self, yours)
                found = because([*head, f"    {yours}"], sentence)
                return found._replace(ended=yours.ended, error=yours.error)
            expected = self._expected(case)
            yours = self._filled(yours, expected)
            if not agree(yours, expected):
                lines = [*head, *self._both(yours, expected)]
                return self._explain(lines, answers, source)
        right = [(case.title, self._expected(case)) for case in self.shown]
        lines = [f"    {title}: {self._say(expected)}" for title, expected in right]
        return Finding(True, lines, remarks=self._remarks(answers))

    def called(self, answer):
        """What is called of an answer or a reference: the function itself."""
        return answer

    def order_of(self, answers, source):
        """A `Finding`'s sentence on the order of its lines, where it is the order that counts."""
        return ""

    # ---- what it gave, and what it should ----------------------------------------------

    def _expected(self, case):
        return self._reference(case.arguments)

    def _reference(self, arguments):
        return call(self.called(self.reference), arguments, self.asks, self.results)

    def _answers(self, answer):
        cases = [case.arguments for case in self.cases()]
        return ask(self.called(answer), cases, self.asks, self.results, self.pure)

    def _filled(self, yours, expected):
        """The results, with zeros where the number 0 may stand for them."""
        return [
            np.zeros_like(good) if name in self.zeros and a.ndim == 0 and a == 0 else a
            for name, a, good in zip(self.results, yours, expected)
        ]

    def _gives(self, function, answers, cases):
        """Whether a function gives these answers; stops at the first case that differs."""
        if any(isinstance(each, str) for each in answers):
            return False
        function = self.called(function)
        try:
            for case, yours in zip(cases, answers):
                given = call(function, case.arguments, self.asks, self.results, self.pure)
                if not agree(yours, given):
                    return False
        except NotAnAnswer:
            return False
        return True

    # ---- what is said ------------------------------------------------------------------

    def _call_lines(self, case, number):
        return [f"    {call_text(self.asks, case.arguments, self.name, number)}"]

    def _both(self, yours, expected):
        """What is expected and what came; where that prints alike, where it differs."""
        lines = [f"    expected  {self._say(expected)}", f"    yours     {self._say(yours)}"]
        if lines[0][14:] == lines[1][14:]:
            parts = zip(self.results, expected, yours)
            apart = [where_they_part(*each) for each in parts if each[1].shape == each[2].shape]
            lines += [f"    {each}" for each in apart if each][:1]
        return lines

    def _say(self, values):
        return "   ".join(f"{name} = {say(value)}" for name, value in zip(self.results, values))

    def _explain(self, lines, answers, source):
        in_order = self.order_of(answers, source)
        if in_order:
            return because(lines, in_order)
        cases = self.cases()
        known = [each for each in self.mistakes if self._gives(each.answer, answers, cases)]
        told = [m for m in known if not m.untouched or answer_text.is_untouched(self, source)]
        # Where two mistakes come to the same, neither is known to be the one.
        if len({each.because for each in told}) == 1:
            return recognised(lines, told[0])
        said = [self._by_rule(answers), self._then_raised(answers)]
        if known and not told and not any(said):
            said = [AS_GIVEN]
        return because(lines, " ".join(filter(None, said)))

    def _by_rule(self, answers):
        seen = [
            Seen(i < len(self.shown), *case, self._filled(yours, expected), expected)
            for i, (case, yours) in enumerate(zip(self.cases(), answers))
            if not isinstance(yours, str)
            for expected in [self._expected(case)]
        ]
        asked = causes.Asked(
            self.results,
            answer_text.parameters(self),
            self._reference,
        )
        return causes.of_results(seen, asked)

    def _then_raised(self, answers):
        """What a later case raised: all that was said is of those before."""
        title = self.cases()[len(answers) - 1].title
        return f"In “{title}”: {answers[-1]}" if isinstance(answers[-1], str) else ""

    def _remarks(self, answers):
        changed = sorted({number for each in answers for number in each.changed})
        if self.in_place or not changed:
            return ()
        names = answer_text.parameters(self)
        words = [names[i - 1] if i <= len(names) else f"number {i}" for i in changed]
        return (CHANGES.format(" and ".join(words)),)


@dataclass(frozen=True, kw_only=True)
class Order(Rule):
    """Lines to put in order: what must come before what is told by rule, of whatever order.

    right:    the names of the lines in an order that is right.
    arranged: a list of such names -> the function whose lines stand in that order.
    needs:    triples (name, name, sentence): the first must come before the second, and why.

    The orders that are tried are all, or with more than MOST lines those in which one is moved;
    each also with a line left out. Only what is true of all that give the same is said.
    """

    right: tuple
    arranged: Callable
    needs: tuple

    def order_of(self, answers, source):
        """Why one line must come before another, where the answer has them otherwise."""
        cases = self.cases()
        start = [m for m in self.mistakes if m.untouched and self._gives(m.answer, answers, cases)]
        broke_off = any(isinstance(each, str) for each in answers)
        if broke_off or (start and answer_text.is_untouched(self, source)):
            return ""
        pairs = [(case.arguments, yours) for case, yours in zip(cases, answers)]
        same = [names for names in self._orders() if _runs_as(self.arranged(names), pairs)]
        told = dict.fromkeys(sentence for _, _, sentence in self.needs)
        return next((each for each in told if same and self._is_true(each, same)), "")

    def _is_true(self, sentence, orders):
        """Whether each of some orders lacks something for which a sentence is the reason."""
        pairs = [need[:2] for need in self.needs if need[2] == sentence]
        return all(any(not _comes_before(*pair, names) for pair in pairs) for names in orders)

    def _orders(self):
        if len(self.right) <= MOST:
            yield from permutations(self.right)
            yield from permutations(self.right, len(self.right) - 1)
            return
        for names in _moved(self.right):
            yield names
            yield from (names[:i] + names[i + 1 :] for i in range(len(names)))


MOST = 6  # lines of which all orders are tried


def _moved(names):
    """All orders in which one line is moved to another place."""
    for name in names:
        rest = [each for each in names if each != name]
        for i in range(len(names)):
            yield (*rest[:i], name, *rest[i:])


def _runs_as(function, pairs):
    """Whether a function gives these results for these arguments; it is our own, so trusted."""
    with np.errstate(all="ignore"):
        for arguments, yours in pairs:
            given = function(*arguments)
            given = given if isinstance(given, tuple) else (given,)
            if not agree(yours, [np.asarray(each, dtype=float) for each in given]):
                return False
    return True


def _comes_before(first, later, names):
    return first in names and later in names and names.index(first) < names.index(later)


@dataclass(frozen=True, kw_only=True)
class Resumed(Rule):
    """A Keras optimizer to write or to repair: a class, which is stopped in mid-run and made anew.

    A case's arguments are (weights, calls, arguments of the class, how many calls until the
    stop), as in `resuming.interrupted`; its result is the weights after each call.
    """

    def called(self, answer):
        """What is called: a run of the learner's class that is interrupted; a reference itself."""
        return interrupted(answer) if isinstance(answer, type) else answer

    def _call_lines(self, case, number):
        weights, calls, arguments, stop = case.arguments
        given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        return [
            f"    {self.asks}({given}), from w = {say(np.concatenate(weights, axis=None))}",
            *(
                f"    call {i}{_with_rate(eta)}: gradients {_flat(g)}"
                for i, (eta, g) in enumerate(calls, start=1)
            ),
            f"    saved and loaded again after call {stop}",
        ]


def _with_rate(eta):
    return "" if eta is None else f" with learning rate {eta:g}"


def _flat(gradients):
    return say(np.concatenate(gradients, axis=None))
