"""The house keeps its order: what may use what, and what an import may start."""

import ast
import os
import sys
from keyword import iskeyword
from pathlib import Path

import pytest

from course.checks import chapter_tasks
from tests import waiting

COURSE = Path(__file__).parent.parent / "course"

#: From the bottom up: what each room of the package may use (design: "a room uses rooms below").
MAY_USE = {
    "sgd": set(),
    "front_ends": set(),
    "surfaces": set(),
    "old_names": set(),
    "arguments": {"old_names"},
    "digits": set(),
    "paths": set(),
    "extras": {"paths"},
    "quietly": {"extras"},
    "schedules": set(),
    "theory": {"sgd"},
    "descent": {"sgd", "surfaces"},
    "tuning": {"sgd", "digits"},
    "figures": {"descent", "surfaces"},
    "optimizer": {"sgd", "arguments", "old_names", "quietly", "digits"},
    "explorers": {
        "sgd",
        "arguments",
        "surfaces",
        "descent",
        "digits",
        "schedules",
        "theory",
        "figures",
        "front_ends",
    },
    "attendance": set(),
    "checks": {
        "sgd",
        "surfaces",
        "descent",
        "theory",
        "digits",
        "figures",
        "tuning",
        "paths",
        "attendance",
    },
    "questions": set(),
    "grading": {"checks", "extras", "paths"},
    "learner": {
        "paths",
        "extras",
        "checks",
        "questions",
        "grading",
        "quietly",
        "front_ends",
        "attendance",
    },
    "classroom": {"checks", "questions", "paths"},
    "publish": {"checks", "questions", "explorers", "arguments", "paths", "front_ends"},
    "commands": {
        "learner",
        "questions",
        "checks",
        "grading",
        "bench",
        "explorers",
        "publish",
        "extras",
        "paths",
        "attendance",
        "classroom",
    },
    "bench": {"grading", "optimizer", "quietly", "explorers", "publish", "paths"},
}


def used_rooms(path):
    """The rooms of `course` that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module == "course":
            names = [f"course.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("course."):
                yield name.split(".")[1]


def imported(path):
    """The files of `course` that a file imports, at its top or within a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        base = getattr(node, "module", None) or ""
        for name in (base, *(f"{base}.{alias.name}".strip(".") for alias in node.names)):
            if name.startswith("course."):
                file = COURSE.parent / f"{name.replace('.', '/')}.py"
                yield from [file] if file.exists() else []


def test_no_file_imports_itself_over_others():
    """No circles, not even where an import stands within a function."""
    below = {path: {*imported(path)} - {path} for path in COURSE.rglob("*.py")}
    while free := [path for path, needs in below.items() if not needs]:
        below = {p: needs - {*free} for p, needs in below.items() if p not in free}
    assert sorted(str(path.relative_to(COURSE)) for path in below) == []


def test_each_task_has_a_file_of_its_own_in_its_chapters_folder():
    for folder in sorted((COURSE / "checks").glob("chapter_*")):
        for task in chapter_tasks(folder.name[-2:]):
            found = [p.name for p in folder.glob("*.py") if f'name="{task.name}"' in p.read_text()]
            name = task.name[3:]
            assert found == [f"{name}_norm.py" if iskeyword(name) else f"{name}.py"], task.name


@pytest.mark.parametrize("room", MAY_USE)
def test_a_room_uses_only_rooms_below_it(room):
    files = (
        [COURSE / f"{room}.py"]
        if (COURSE / f"{room}.py").exists()
        else (COURSE / room).rglob("*.py")
    )
    for path in files:
        assert {*used_rooms(path)} - {room} <= MAY_USE[room], path.name


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import course", ("numpy", "keras", "tensorflow")),
        ("import course.sgd, course.descent", ("keras", "tensorflow", "matplotlib")),
        ("from course.checks import check, hint, join, show", ("keras", "matplotlib", "nbformat")),
        ("import course.explorers", ("keras", "matplotlib")),
        ("import course.__main__", ("numpy", "keras", "nbformat", "pytest", "jupyter_server")),
    ],
)
def test_an_import_starts_no_more_than_it_needs(statement, unwanted):
    code = f"{statement}\nimport sys\nprint([name for name in {unwanted!r} if name in sys.modules])"
    done = waiting.run([sys.executable, "-c", code])
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_keras_is_imported_without_a_line_on_file_descriptor_2():
    done = waiting.run(
        [sys.executable, "-c", "from course.quietly import keras; print(keras.backend.backend())"],
    )
    assert done.stdout == "tensorflow\n"
    assert done.stderr == ""


def test_a_first_compilation_by_xla_writes_no_line_on_file_descriptor_2():
    code = """from course.quietly import keras
import tensorflow as tf
tf.function(lambda: tf.constant(1.0) + 1, jit_compile=True)()"""
    clean = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    done = waiting.run([sys.executable, "-c", code], env=clean)
    assert done.returncode == 0 and done.stderr == ""


def test_the_two_optimizers_can_be_read_in_one_sitting():
    lines = 0
    for name in ("sgd.py", "optimizer/keras_sgd.py"):
        source = (COURSE / name).read_text(encoding="utf-8")
        tree = ast.parse(source)
        said = sum(
            node.body[0].end_lineno - node.body[0].lineno + 1
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node)
        )
        code = [line for line in source.splitlines() if line.strip() and line.strip()[0] != "#"]
        lines += len(code) - said
    assert lines <= 350


@pytest.mark.parametrize(
    "path", sorted(COURSE.rglob("*.py")), ids=lambda p: str(p.relative_to(COURSE))
)
def test_every_public_name_says_what_it_is(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), path
    for name, node in public_names(tree):
        assert ast.get_docstring(node), name


def public_names(node, within=""):
    """Public functions and classes, and the methods of these; not what stands in a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef) and not child.name.startswith("_"):
            yield f"{within}{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from public_names(child, f"{child.name}.")


# ---- tests end ------------------------------------------------------------------------

TESTS = Path(__file__).parent
#: What these wait for has no end unless one is given.
WAITS = ("wait", "communicate", "result", "readline", "join")
#: Other people's programs, and processes that a test ends as it ends.
EXEMPT = ("waiting.py", "harm.py", "hostile", "hostile_keras", "accepted")


def endless_waits(path):
    """The lines on which a test waits without saying for how long."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        words = ast.unparse(node) if isinstance(node, ast.While | ast.Call) else ""
        if isinstance(node, ast.While) and "deadline" not in words and "time.sleep" in words:
            yield node.lineno
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            bare = not node.args and not node.keywords and node.func.attr in WAITS
            runs = words.startswith("subprocess.run(") and "timeout=" not in words
            if bare or runs:
                yield node.lineno


def test_each_wait_of_a_test_has_an_end():
    files = [path for path in TESTS.rglob("*.py") if not {*path.parts} & {*EXEMPT}]
    assert len(files) > 50
    assert not [(path.name, line) for path in files for line in endless_waits(path)]


@pytest.mark.parametrize(
    "code",
    ["process.wait()", "subprocess.run(['make'])", "while not done():\n    time.sleep(0.1)"],
)
def test_a_wait_without_an_end_is_found(tmp_path, code):
    (tmp_path / "test_it.py").write_text(code)
    assert [*endless_waits(tmp_path / "test_it.py")] == [1]
