"""The pages are held to the code: commands, options, links and arguments that they name exist."""

import importlib.util
import os
import re
import sys

import nbformat
import pytest
import typer
from typer.testing import CliRunner

from course.__main__ import app
from course.arguments import ARGUMENTS
from tests import pages, waiting
from tests.pages import PAGES, ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
COURSE = typer.main.get_command(app)
TYPED = sorted({(page.name, *words) for page in PAGES for words in pages.commands(page)})

#: Programs of others, which need not be here: nothing is said of their options.
FOREIGN = {"cd", "conda", "docker", "exec", "source", "uv", "py", "caddy"}
#: Options of others that pages name in a sentence, with no command around them.
OTHERS = {"--build-arg", "--env", "--publish"}


def by_program(*names):
    """The commands of these programs, whatever folder they are said to lie in, each once."""
    found = {words for _, *words in map(tuple, TYPED) for words in [tuple(words)]}
    return sorted({words for words in found if words[0].rpartition("/")[2] in names})


def subcommand(words):
    """A command of `course`, the words after it, and how it is called."""
    command, rest, called = COURSE, list(words), []
    while rest and hasattr(command, "commands") and rest[0] in command.commands:
        called.append(rest.pop(0))
        command = command.commands[called[-1]]
    return command, rest, called


def options(command):
    """Every option of a command, as it is typed."""
    return {name for each in command.params for name in (*each.opts, *each.secondary_opts)}


def all_commands(command=COURSE, called=()):
    """Every command of `course` below one, with how it is called."""
    yield command, called
    for name, each in getattr(command, "commands", {}).items():
        yield from all_commands(each, (*called, name))


# ---- commands -------------------------------------------------------------------------


def test_every_program_that_a_page_names_is_one_that_is_looked_at():
    examined = {"course", "make", "pip", "python", "python3", "pytest", "dask", "nbgrader"}
    examined.add("pre-commit")
    programs = {words[1].rpartition("/")[2] for words in TYPED}
    assert programs <= examined | FOREIGN


@pytest.mark.parametrize("words", by_program("course"), ids=" ".join)
def test_a_command_of_ours_exists_with_the_options_that_a_page_gives_it(words):
    command, rest, called = subcommand(words[1:])
    assert called, f"there is no course {words[1]}"
    assert {word for word in rest if word.startswith("--")} <= options(command)


@pytest.mark.parametrize("called", [each for _, each in all_commands()], ids=" ".join)
def test_every_command_of_ours_has_help_that_says_each_of_its_options(called):
    result = CliRunner().invoke(app, [*called, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    said = re.sub(r"\x1b\[[\d;]*m", "", result.output)
    command, _, _ = subcommand(called)
    shown = [e.opts[0] for e in command.params if e.param_type_name == "option" and not e.hidden]
    assert [option for option in shown if option not in said] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_an_option_that_stands_alone_is_one_of_ours(page):
    known = OTHERS.union(*(options(command) for command, _ in all_commands()))
    named = {word for text in pages.inline_code(page) for word in re.findall(r"^--[\w-]+", text)}
    assert named <= known


@pytest.mark.parametrize("words", by_program("make"), ids=" ".join)
def test_what_make_is_asked_for_is_in_the_makefile(words):
    for word in words[1:]:
        name, given, _ = word.partition("=")
        wanted = rf"\$\((if \$\()?{name}\b" if given else rf"^{name}:"
        assert re.search(wanted, MAKEFILE, re.M), word


@pytest.mark.parametrize("words", by_program("python", "python3"), ids=" ".join)
def test_a_module_that_python_is_told_to_run_exists(words):
    assert importlib.util.find_spec(words[words.index("-m") + 1])


@pytest.mark.parametrize("words", by_program("pip", "uv"), ids=" ".join)
def test_an_extra_and_a_file_that_pip_is_given_exist(words):
    for extra in re.findall(r"^\.\[([\w,]+)\]", "\n".join(words), re.M):
        assert all(re.search(rf"^{each} = \[", PROJECT, re.M) for each in extra.split(","))
    assert all((ROOT / word).exists() for word in words if word.endswith(".txt"))


@pytest.mark.long  # programs of others, each started; ours are asked above
@pytest.mark.parametrize("words", by_program("dask", "nbgrader", "pytest"), ids=" ".join)
def test_a_program_of_others_knows_the_options_that_a_page_gives_it(words):
    program, *rest = words
    sub = [word for word in rest[:1] if program != "pytest"]
    asked = [sys.executable, "-m", program, *sub, "--help"]
    said = waiting.run(asked, env=os.environ | {"COLUMNS": "200"})
    assert said.returncode == 0, said.stderr
    assert not [word for word in rest if word.startswith("--") and word not in said.stdout]


# ---- links and names ------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_to_a_heading_that_are_there(page):
    for file, anchor in pages.links(page):
        assert file.exists(), file
        assert not anchor or anchor in [*pages.anchors(file)], f"{file.name}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page):
    ours = r"(?:course|docs|exercises|notebooks|solutions|tests|\.devcontainer|\.github)/[\w./-]*"
    named = [text for text in pages.inline_code(page) if re.fullmatch(ours, text)]
    assert [t for t in named if not re.search(r"NN|name", t) and not (ROOT / t).exists()] == []


def test_a_broken_link_an_unknown_command_and_a_heading_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# One (two), `three`\n\n[a](b.md#c)\n\n```\nmake it  # so\ncourse up && cd x\n```\n"
    )
    assert [*pages.links(page)] == [(tmp_path / "b.md", "c")]
    assert [*pages.commands(page)] == [["make", "it"], ["course", "up"], ["cd", "x"]]
    assert [*pages.anchors(page)] == ["one-two-three"]


# ---- the arguments --------------------------------------------------------------------


def text_of(name):
    """A notebook's text: its Markdown, and what its cells have printed or displayed as text."""
    (path,) = (ROOT / "notebooks").glob(f"{name}_*.ipynb")
    for cell in nbformat.read(path, as_version=4).cells:
        yield cell.source if cell.cell_type == "markdown" else ""
        for output in cell.get("outputs", []):
            yield output.get("text", "") + output.get("data", {}).get("text/markdown", "")


@pytest.mark.parametrize("argument", [row.name for row in ARGUMENTS])
def test_each_argument_is_in_the_map_the_glossary_the_cheat_sheet_and_the_readme(argument):
    assert re.search(rf"^{argument} ", "\n".join(text_of("00")), re.M), "the map of chapter 00"
    assert re.search(rf"^\| `{argument}` \|", "\n".join(text_of("15")), re.M), "the cheat sheet"
    word = rf"`{argument}(=\w+)?`"
    assert re.search(word, "\n".join(text_of("16"))), "the glossary"
    assert re.search(word, (ROOT / "README.md").read_text("utf-8"))
