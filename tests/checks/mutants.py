"""Mutants of each reference: one small fault each, which the check must reject.

    python -m tests.checks.mutants      killed / total for each exercise, and who survived

A fault is a sign, a missing factor, a swapped order of steps, a count that is one off, or a
state that is carried wrongly. A survivor that is no fault stands in `tests/checks/accepted/`, with
its reason.
"""

import ast
import inspect
import textwrap
from copy import deepcopy

from course.checks.tasks import Rule
from tests.checks.accepted import SURVIVORS

OTHERS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Mod: ast.FloorDiv,
    ast.FloorDiv: ast.Mod,
}


def mutants(function):
    """(description, mutant) for each fault that can be made in a function; its source is needed."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    if ast.get_docstring(definition):
        del definition.body[0]
    definition.decorator_list, definition.returns = [], None
    for position, node in enumerate(ast.walk(definition)):
        for description, change in _faults(node):
            mutant = deepcopy(tree)
            change(list(ast.walk(mutant.body[0]))[position])
            names = dict(function.__globals__)
            exec(compile(ast.fix_missing_locations(mutant), description, "exec"), names)
            yield description, names[definition.name]


def _faults(node):
    """(description, a change of the same node in a copy of the tree) for each fault here."""
    if isinstance(node, ast.BinOp):
        yield from _of_operator(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield f"{ast.unparse(node)} without its sign", lambda n: _set(n, op=ast.UAdd())
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in OTHERS:
        other = OTHERS[type(node.ops[0])]()
        yield f"{ast.unparse(node)} one off", lambda n: _set(n, ops=[other])
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield f"{node.value} becomes {node.value + 1}", lambda n: _set(n, value=n.value + 1)
    elif isinstance(node, ast.If | ast.IfExp):
        turned = ast.UnaryOp(ast.Not(), node.test)
        yield f"if not {ast.unparse(node.test)}", lambda n: _set(n, test=turned)
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield "results swapped", lambda n: n.value.elts.reverse()
    if isinstance(node, ast.FunctionDef | ast.For | ast.If):
        yield from _of_order(node)


def _of_operator(node):
    words, other = ast.unparse(node), OTHERS.get(type(node.op))
    if other:
        yield f"{words} with {other.__name__}", lambda n: _set(n, op=other())
    if isinstance(node.op, ast.Mult | ast.Div):
        # x * 1 and 1 * x: what a forgotten factor leaves.
        yield f"{words} without {ast.unparse(node.right)}", lambda n: _set(n, right=ast.Constant(1))
        yield f"{words} without {ast.unparse(node.left)}", lambda n: _set(n, left=ast.Constant(1))


def _of_order(node):
    """Statements left out, or swapped with the next one."""
    for i, statement in enumerate(node.body):
        if isinstance(statement, ast.Assign | ast.AugAssign) and len(node.body) > 1:
            yield f"without {ast.unparse(statement)}", lambda n, i=i: n.body.pop(i)
            if i + 1 < len(node.body) and not isinstance(node.body[i + 1], ast.Return):
                swap = slice(i, i + 2)
                yield (
                    f"{ast.unparse(statement)} after the next",
                    lambda n, swap=swap: n.body.__setitem__(swap, n.body[swap][::-1]),
                )


def _set(node, **changes):
    for name, value in changes.items():
        setattr(node, name, value)


def survivors(task):
    """(how many mutants there are, the descriptions of those that the check lets pass)."""
    return len(list(mutants(task.reference))), [words for words, _ in survivors_of(task)]


def survivors_of(task):
    """(description, mutant) for those that the check lets pass."""
    return [each for each in mutants(task.reference) if task.look(each[1]).passed]


def main():
    """Print killed / total for each writing task."""
    from tests.checks.test_sheets import TASKS

    for task in TASKS:
        if isinstance(task, Rule):
            total, alive = survivors(task)
            print(f"{task.name:20} {total - len(alive)} / {total}")
            for words in alive:
                print(f"    {words}: {SURVIVORS.get(task.name, {}).get(words, '?')}")


if __name__ == "__main__":
    main()
