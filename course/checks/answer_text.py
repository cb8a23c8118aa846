"""What stands in a learner's answer cell, beside what the sheet gave: read, never run."""

import ast
import difflib
import json
import warnings

from course import paths

LONGEST = 50_000  # characters of a cell that is read: to parse takes a thousand times its memory
NO_POWER = "In Python `^` is no power: write `**`, such as x**2."
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def statements(source):
    """The statements of a cell, without IPython's magic lines.

    None where it is no Python, or longer than LONGEST.
    """
    if len(source) > LONGEST:
        return None
    lines = ["" if line.startswith(("%", "!")) else line for line in source.splitlines()]
    try:
        with warnings.catch_warnings():  # they came when the cell was run
            warnings.simplefilter("ignore")
            return ast.parse("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def names_of(statement):
    """The names that a statement binds: a function's, a class's, those it assigns or imports."""
    if isinstance(statement, _DEFINITIONS):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.partition(".")[0] for alias in statement.names]
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return [
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
    return []


def defines(source, name):
    """Whether a cell binds a name at its top level."""
    return _definition(source, name) is not None


def is_bound_before(source, name, line):
    """Whether a cell has bound a name when it stops with an error at a line, counted from 1."""
    body = statements(source) or []
    return any(name in names_of(each) for each in body if each.end_lineno < line)


def is_untouched(task, source):
    """Whether the answer in a cell is still what the sheet gives to begin with.

    source: None where it is not known; then it may be, and this is True.
    """
    if source is None:
        return True
    theirs = _definition(source, task.asks)
    ours = _definition(starter(task), task.asks)
    return theirs is not None and ours is not None and _same(theirs, ours)


def _same(theirs, ours):
    """Whether two statements are the same but for comments and spaces."""
    try:
        return ast.dump(theirs) == ast.dump(ours)
    except (RecursionError, ValueError):  # no sheet nests so deep, or has a number so long
        return False


def other_name(task, source):
    """A sentence that says so where a cell defines something else than the name that is asked."""
    wanted = _definition(starter(task), task.asks)
    if not source or wanted is None or defines(source, task.asks):
        return ""
    body = statements(source) or []
    same_kind = [name for each in body if isinstance(each, type(wanted)) for name in names_of(each)]
    near = difflib.get_close_matches(task.asks, same_kind, n=1, cutoff=0.0)
    if not near:
        return ""
    return f"Your cell defines `{near[0]}`; `{task.asks}` is wanted."


def parameters(task):
    """The names of the parameters of the function that a sheet asks for; () of anything else."""
    wanted = _definition(starter(task), task.asks)
    return tuple(each.arg for each in wanted.args.args) if _is_function(wanted) else ()


def first_line(task):
    """The first line of __init__ in the class that a sheet asks for; "" of anything else."""
    wanted = _definition(starter(task), task.asks)
    body = wanted.body if isinstance(wanted, ast.ClassDef) else []
    made = next((each for each in body if getattr(each, "name", "") == "__init__"), None)
    return f"def __init__({ast.unparse(made.args)}):" if made else ""


def unused(source, name):
    """A sentence on what comes into a cell's function and is never used in its lines; or ""."""
    definition = _definition(source or "", name)
    if not _is_function(definition):
        return ""
    used = {
        node.id
        for node in ast.walk(definition)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    idle = [f"`{each.arg}`" for each in definition.args.args if each.arg not in used]
    if not idle or used & {"locals", "vars", "eval", "exec"}:
        return ""
    return f"What comes in as {' and '.join(idle)} is used in none of your lines."


def in_loop(source, name, among):
    """Which of some functions a function's loop calls, one a line, in order, and all it names.

    name:    the function's; among: the names that count.
    Returns: a list and a set; None without a loop.
    """
    definition = _definition(source, name)
    loops = [] if definition is None else [n for n in ast.walk(definition) if _is_loop(n)]
    if not loops:
        return None
    calls = [line.value.func for line in loops[0].body if _is_call(line)]
    named = {node.id for node in ast.walk(loops[0]) if isinstance(node, ast.Name)}
    in_order = [each.id for each in calls if isinstance(each, ast.Name) and each.id in among]
    return in_order, named & {*among}


def no_power(source):
    """A sentence where a cell computes with `^`, which is no power; "" where it does not."""
    body = statements(source or "") or []
    has_it = any(isinstance(node, ast.BitXor) for each in body for node in ast.walk(each))
    return NO_POWER if has_it else ""


def _is_loop(node):
    return isinstance(node, ast.For | ast.While)


def _is_call(line):
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Call)


def starter(task):
    """The answer cell as the sheet gives it; "" where there is none."""
    return next((text for name, text in _cells(task.chapter) if name == task.answer_cell), "")


def given_in(task, name):
    """The cell of the sheet, above the answer, that binds a name; "" if none does."""
    for cell, text in _cells(task.chapter):
        if cell == task.answer_cell:
            break
        if not cell.endswith(("-answer", "-check")) and defines(text, name):
            return cell
    return ""


def _definition(source, name):
    """The last statement at the top level of a cell that binds a name, or None."""
    found = [each for each in statements(source) or [] if name in names_of(each)]
    return found[-1] if found else None


def _is_function(statement):
    return isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)


def _cells(chapter):
    """The code cells of a chapter's sheet as it is given out: pairs of name and text."""
    try:
        path = paths.material() / "exercises" / f"{paths.find_sheet(chapter)}.ipynb"
    except paths.Unknown:
        return ()
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return tuple((cell["metadata"]["name"], "".join(cell["source"])) for cell in code)
