"""The explorers of a notebook, built as its own cells build them, and their places on its page."""

import ast
import hashlib
import io
import json
import re
import tempfile
from contextlib import redirect_stdout, suppress
from functools import cache
from pathlib import Path

import nbformat

from course import explorers, paths
from course.explorers.tiles import packing

COURSE = Path(explorers.__file__).parents[1]
KEPT = COURSE.parent / "build/tiles"  # from build to build
SHOWN = re.compile(rf"({'|'.join(explorers.EXPLORERS)})\(")
PLACE = """\
<div class="course-live" data-explorer="{key}" role="group" aria-label="Explorer: {title}"></div>
<p class="course-needs">{what} needs Python. Run it in JupyterLab:
<code>course start my-course</code>, then <code>course lab my-course</code>, and open
<code>{name}</code>.</p>
{tags}"""


def bring_to_life(page, name):
    """Give each explorer in a notebook its place on the page; returns the folders of their tiles.

    page: the notebook, changed in place; name: its path in the course, for who wants to run it.
    """
    folders = []
    for position, cell in enumerate(page.cells):
        output = shown(cell)
        if output:
            explorer, own_rule = build(page.cells, position)
            folders.append(tiles_of(explorer))
            html = _place(explorer, folders[-1], own_rule, name)
            new = nbformat.v4.new_output("display_data", {"text/html": html})
            cell.outputs.insert(cell.outputs.index(output) + 1, new)
    return folders


def _place(explorer, folder, own_rule, name):
    """Where an explorer will be drawn, what it cannot do here, and the scripts that it needs."""
    kind = type(explorer).__name__
    title = getattr(explorers, kind).__doc__.splitlines()[0]
    dragged = {"start", "gradient"} & {*explorer.class_trait_names()}
    what = "Your own rule" if own_rule else "Dragging" if dragged else "Changing the code"
    first = [
        f"tiles/{folder.name}/{file}" for file in json.loads((folder / "first.json").read_text())
    ]
    scripts = [f"explorers/{kind}", f"tiles/{folder.name}/state", *first]
    tags = "".join(f'<script defer src="../_static/{file}.js"></script>' for file in scripts)
    return PLACE.format(key=folder.name, title=title, what=what, name=name, tags=tags)


def tiles_of(explorer, kept=KEPT):
    """The folder with an explorer's tiles: the one that is kept, or made now."""
    kind = type(explorer).__name__
    seen = [explorer.fingerprint(), kind, sorted(named(kind)), _code()]
    key = f"{kind}-{hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:12]}"
    if not (kept / key).exists():
        kept.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=kept))
        packing.write(explorer, key, made, named(kind))
        with suppress(OSError):  # another build has made the same meanwhile
            made.rename(kept / key)
    return kept / key


@cache
def _code():
    """What tells whether tiles must be made again: the text of all that they are computed with."""
    files = sorted([*COURSE.glob("*.py"), *COURSE.glob("explorers/**/*.py")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def named(kind):
    """The numbers that any page names right before or after an explorer of this kind."""
    return _named().get(kind, set())


@cache
def _named():
    """Kind of explorer -> the numbers that pages name beside it; each notebook is read once."""
    found = {}
    for folder in ("notebooks", "solutions"):
        for path in (paths.material() / folder).glob("*.ipynb"):
            cells = nbformat.read(path, as_version=4).cells
            for position, cell in enumerate(cells):
                if output := shown(cell):
                    kind = SHOWN.match(output["data"]["text/plain"])[1]
                    near = cells[max(0, position - 1) : position + 3]
                    numbers = [n for c in near for n in re.findall(r"\d+(?:\.\d+)?", c.source)]
                    found.setdefault(kind, set()).update(map(float, numbers))
    return found


def shown(cell):
    """The output of a cell that is an explorer, or None."""
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "image/png" in data and SHOWN.match("".join(data.get("text/plain", ""))):
            return output
    return None


def build(cells, position):
    """The explorer that a cell shows, without a rule of the learner's own; whether it had one.

    Run are the cell and of those before it what it needs, by the names that it uses.
    """
    code = [ast.parse(c.source) if c.cell_type == "code" else ast.Module([], []) for c in cells]
    *before, last = code[position].body
    call = last.value
    own = [keyword for keyword in call.keywords if keyword.arg == "rule"]
    for keyword in own:
        call.keywords.remove(keyword)
    wanted, needed = uses(code[position]), []
    for tree in reversed(code[:position]):
        for statement in reversed(tree.body):
            if wanted & binds(statement):
                wanted |= uses(statement)
                needed.insert(0, statement)
    names = {}
    with redirect_stdout(io.StringIO()):
        exec(compile(ast.Module([*needed, *before], []), "<cells>", "exec"), names)
    return eval(compile(ast.Expression(call), "<cell>", "eval"), names), bool(own)


def uses(tree):
    """The names that some code reads."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return {node.id for node in found if isinstance(node.ctx, ast.Load)}


def binds(tree):
    """The names that a statement gives a meaning to."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return found
