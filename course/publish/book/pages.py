"""The book's sources: notebooks, documents and the list of functions, made ready for Sphinx.

Nothing is executed: what a stored notebook holds is what its page shows.
"""

import json
import re
import tomllib
from html import escape
from pathlib import Path

import nbformat

from course import explorers, paths, questions
from course.publish.alternative_text import plain
from course.publish.book import live
from course.questions import fold, markdown

ROOT = Path(__file__).resolve().parents[3]
BOOK = tomllib.loads(Path(__file__).with_name("book.toml").read_text("utf-8"))
EXPLORERS = [f"course.explorers.{module}" for module in explorers.EXPLORERS.values()]
DOCUMENTS = sorted(f"docs/{path.name}" for path in ROOT.glob("docs/*.md"))
MODULES = BOOK["pages"]["modules"] + EXPLORERS
GLOSSARY = "16_glossary.ipynb"
RUN = """\
<p class="course-run">To write your answers and check them, run this sheet in JupyterLab:
<code>course start my-course</code>, then <code>course lab my-course</code>, and open
<code>{name}</code>.</p>"""
TERM = re.compile(r"(\]\((?:\.\./notebooks/)?" + re.escape(GLOSSARY) + r"#([\w-]+))\)")
PAGE = re.compile(r"""(href=["'](?!https?:)[^"'#]+)\.ipynb""")
HEADING = re.compile(r"^```.*?^```|^(#+)( [^\n]+)$", re.S | re.M)
FILE = re.compile(r"\[([^\]]+)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")


def notebook(path):
    """A stored notebook as its page shows it, and the folders of its explorers' tiles.

    path: notebooks/NN_….ipynb or solutions/NN_….ipynb, whose answers are then folded.
    """
    page, number = nbformat.read(path, as_version=4), path.name[:2]
    folder = path.parent.name.replace("solutions", "exercises")
    found = live.bring_to_life(page, f"{folder}/{path.name}")
    if folder == "exercises":
        _fold_answers(page, nbformat.read(ROOT / "exercises" / path.name, as_version=4))
        page.cells[0].source += "\n\n" + RUN.format(name=f"{folder}/{path.name}")
    else:
        folded = fold.fold_answers(page, number)
        page = nbformat.reads(json.dumps(folded), as_version=4)  # joins the lines again
    told = [cell for cell in page.cells if cell.cell_type == "markdown"]
    for cell, source in zip(told, _level([cell.source for cell in told])):
        cell.source = source
    for cell in page.cells:
        tags = cell.metadata.setdefault("tags", [])
        jupyter = cell.metadata.get("jupyter", {})
        tags += ["hide-input"] * bool(jupyter.get("source_hidden"))
        if jupyter.get("outputs_hidden"):
            del cell.outputs[0]  # the words that stand there in JupyterLab
            tags.append("hide-output")
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = PAGE.sub(r"\1.html", output.data["text/html"])
            told = output.get("metadata", {}).get("image/png", {}).get("alt")
            if told:
                cell.metadata.mystnb = {"image": {"alt": told}}
        if cell.cell_type == "markdown":
            cell.source = _linked(_asked(cell.source, number))
        elif cell.source.startswith('predict("'):
            _ask(cell)
    return page, found


def _level(texts):
    """Markdown in which no heading is more than one level below the one before it.

    Who hears a page goes by its levels. What stands between fences is code, not a heading.
    """
    above = []  # the levels, as they are written, of the headings that this one stands under

    def nearer(found):
        if not found[1]:
            return found[0]
        while above and above[-1] >= len(found[1]):
            above.pop()
        above.append(len(found[1]))
        return "#" * len(above) + found[2]

    return [HEADING.sub(nearer, text) for text in texts]


def _ask(cell):
    """The cell of a prediction as the question itself, which answers on the page."""
    name = cell.source.partition('"')[2].partition('"')[0]
    cell.cell_type, cell.source = "markdown", _widget(name)
    del cell["outputs"], cell["execution_count"]


def _widget(name):
    return f'<div class="course-question" data-question="{name}"></div>'


def _asked(source, number):
    """Markdown whose folded questions can be answered before they are unfolded."""
    if number not in questions.CHAPTERS:
        return source
    for question in questions.questions(number):
        head = markdown.inline_html(question.text)
        pattern = rf"<details><summary>(\d+\. {re.escape(head)})</summary>"
        fold_of = f"<p><strong>\\1</strong></p>\n{_widget(question.name)}\n\n"
        fold_of += "<details><summary>The answer, and what each mistake means</summary>"
        source = re.sub(pattern, fold_of.replace("\\1", r"\g<1>"), source)
    return source


def _fold_answers(page, exercise):
    """On a sheet's page: what the sheet gives to begin with, and beneath it the answer, folded."""
    given = {cell.id: cell for cell in exercise.cells}
    cells = []
    for cell in page.cells:
        if "answer" in cell.metadata.get("tags", []):
            starter = given[cell.id]
            starter.id = f"{cell.id}-given"
            cells.append(starter)
            cell.metadata.tags = ["hide-input"]
            cell.metadata.mystnb = {"code_prompt_show": "An answer", "code_prompt_hide": "Fold it"}
        cells.append(cell)
    page.cells = cells


def terms():
    """The glossary: {anchor: what the term means, in one line without markup}."""
    cells = nbformat.read(ROOT / "notebooks" / GLOSSARY, as_version=4).cells
    return {
        cell.metadata.name: plain(cell.source.split("\n\n", 1)[1].split(" *Chapter")[0])
        for cell in cells
        if cell.source.startswith("#### ")
    }


def _linked(source):
    """Markdown whose links to the glossary carry what the term means, for who points at them."""
    meanings = terms()

    def hint(found):
        told = meanings.get(found[2], "").replace('"', "'")
        return f'{found[1]} "{escape(told, quote=False)}")' if told else found[0]

    return TERM.sub(hint, source)


def document(path):
    """A document of docs/; a link to a file that is no page here becomes the file's name."""

    def link(found):
        return found[0] if found[2].endswith((".ipynb", ".md")) else f"{found[1]} (`{found[2]}`)"

    return FILE.sub(link, *_level([path.read_text("utf-8")]))


def functions(module):
    """The page of a module: its functions and classes, from their docstrings."""
    title = f"``{module}``"
    heading = f"{title}\n{'=' * len(title)}\n\n"
    return heading + f".. automodule:: {module}\n   :members:\n   :member-order: bysource\n"


def front(names):
    """The first page: what this is, how to run it, and the tables of contents.

    names: the notebooks that are pages, as {"notebooks": [stem], "exercises": [stem]}.
    """
    chapters = names["notebooks"]
    parts = {
        "Chapters": [f"notebooks/{stem}" for stem in chapters if stem < "15"],
        "Exercise sheets": [f"exercises/{stem}" for stem in names["exercises"]],
        "Look up": [f"notebooks/{stem}" for stem in chapters if stem >= "15"],
        "More": [name.removesuffix(".md") for name in DOCUMENTS],
        "Functions": [f"functions/{module}" for module in MODULES],
    }
    tables = [
        f"```{{toctree}}\n:caption: {caption}\n:maxdepth: 1\n\n" + "\n".join(pages) + "\n```"
        for caption, pages in parts.items()
        if pages
    ]
    words = Path(__file__).with_name("front.md").read_text("utf-8")
    return "\n\n".join([words, *tables]) + "\n"


def stems(folder, only=()):
    """The names of the notebooks of a folder, in order; those that begin as one of `only`."""
    found = sorted(path.stem for path in (paths.material() / folder).glob("*.ipynb"))
    return [stem for stem in found if not only or stem.startswith(tuple(only))]
