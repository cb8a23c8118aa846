"""Tasks whose answer is a function, or a class of Keras's: to write or to repair."""

from collections.abc import Callable
from dataclasses import dataclass, replace

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
    "Your answer holds. But it changes its argument{} {} in place, so whoever calls it has other "
    "numbers there afterwards: a = a * b makes a new array, a *= b does not."
)


DRAWS = 1000  # until one is of the part that is wanted


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
    parts:     `Part`s, each of which earns as much where the whole does not hold; by default there
               are none, and it is all or nothing.
    """

    results: tuple
    reference: Callable
    shown: tuple
    draw: Callable
    drawn: int = 4
    pure: bool = False
    in_place: bool = False
    zeros: tuple = ()
    parts: tuple = ()

    def of_part(self, part):
        """The rule of one `Part`: only its cases are shown and drawn."""

        def draw(random):
            for _ in range(DRAWS):
                arguments = self.draw(random)
                if part.holds_for(*arguments):
                    return arguments
            raise ValueError(f"{self.name} draws nothing of its part {part.title!r}.")

        shown = tuple(case for case in self.shown if part.holds_for(*case.arguments))
        return replace(self, parts=(), shown=shown, draw=draw)

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

    def by_rule(self, answers, source=None):
        """What is true of wrong answers that no known mistake gives, as one text; "" for nothing.

        A kind of task that knows more overrides it; nothing is known here but the results.
        answers: as `explain` takes them, of which at least one is wrong.
        source:  the text of the learner's cell, None where it is not known.
        """
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
            answer_text.unused(source, self.asks),
        )
        return causes.of_results(seen, asked)

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
        said = [answer_text.no_power(source) or self.by_rule(answers, source)]
        said.append(self._then_raised(answers))
        if known and not told and not any(said):
            said = [AS_GIVEN]
        return because(lines, " ".join(filter(None, said)))

    def _then_raised(self, answers):
        """What a later case raised: all that was said is of those before."""
        if not isinstance(answers[-1], str):
            return ""
        title = self.cases()[len(answers) - 1].title
        means = exceptions.cause(self, answers[-1])
        return " ".join(filter(None, [f"In “{title}”: {answers[-1]}", means]))

    def _remarks(self, answers):
        changed = sorted({number for each in answers for number in each.changed})
        if self.in_place or not changed:
            return ()
        names = answer_text.parameters(self)
        words = [names[i - 1] if i <= len(names) else f"number {i}" for i in changed]
        return (CHANGES.format("s" * (len(words) > 1), " and ".join(words)),)


@dataclass(frozen=True, kw_only=True)
class Resumed(Rule):
    """A Keras optimizer to write or to repair: a class, which is stopped in mid-run and made anew.

    A case's arguments are (weights, calls, arguments of the class, how many calls until the
    stop), as in `resuming.interrupted`; its result is the weights after each call.
    """

    def __post_init__(self):
        if self.parts:
            raise ValueError(f"{self.name} has no parts: it goes on in another process.")

    def called(self, answer):
        """What is called: a run of the learner's class that is interrupted; a reference itself."""
        return interrupted(answer) if isinstance(answer, type) else answer

    def by_rule(self, answers, source=None):
        """As of every rule, and at which call it first went wrong."""
        pairs = list(zip(self.cases(), answers))
        where = "" if any(isinstance(yours, str) for _, yours in pairs) else self._where(pairs)
        return " ".join(filter(None, [super().by_rule(answers, source), where]))

    def _where(self, pairs):
        case, yours, right = next(
            (case, yours[0], right[0])
            for case, yours, right in ((*pair, self._expected(pair[0])) for pair in pairs)
            if not agree(yours, right)
        )
        if yours.shape != right.shape:
            return ""
        weights, _, _, stop = case.arguments
        call = next(i for i, rows in enumerate(zip(yours, right)) if not agree(*zip(rows)))
        if call == 0:
            return _of_first_step(
                *(rows[0] - np.concatenate(weights, axis=None) for rows in (yours, right))
            )
        first = ", the first after it was made anew" * (call == stop)
        return f"Up to call {call} all is right; in call {call + 1}{first}, it is not."

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


def _of_first_step(yours, right):
    """What is true of a first step, from rest, that is wrong."""
    if not np.any(yours):
        return "In the first call no weight moves."
    times = np.median(yours[right != 0] / right[right != 0])
    if np.allclose(yours, times * right, rtol=1e-5, atol=1e-9):
        return f"The first step, from rest, is {times:.4g} times what it should be."
    return "The first step, from rest, is wrong already."


def _with_rate(eta):
    return "" if eta is None else f" with learning rate {eta:g}"


def _flat(gradients):
    return say(np.concatenate(gradients, axis=None))
