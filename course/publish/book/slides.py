"""A deck for each chapter, from its own text: python -m course.publish.book.slides [NAME…] [--pdf]

What a slide shows is marked in a chapter already: its title, each prediction and the cell that
answers it, the explorer, what is boxed among its formulas, each surprise, the recap. The answer
is never on the slide that asks. Notes hold the mistakes that are known, and the minutes.
"""

import argparse
import re
import shutil
import subprocess
import sys
from html import escape
from importlib.resources import files
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

from course import paths, questions
from course.checks import chapter_tasks
from course.publish.book import formulas, live, put
from course.publish.reading_time import STATED

HERE = Path(__file__).parent
LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")
PREDICTION = re.compile(r"^> \*\*Predict:\*\*.*?(?=\n\n[^>]|\Z)", re.S | re.M)
TEXT = (
    MarkdownIt("commonmark")
    .enable("table")
    .use(
        dollarmath_plugin,
        renderer=lambda latex, given: formulas.mathml(latex, given["display_mode"]),
    )
)
TABLE, ROWS = re.compile(r"(?P<head>^\|.*\n\|[-| :]+\n)(?P<rows>(?:^\|.*\n?)+)", re.M), 8
SURPRISE = re.compile(r"surprise", re.I)
PDF = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000"]


def sections(cells):
    """The cells of a chapter as sections: [heading, [(kind, content), …]], cut at each heading.

    Kinds are "text" (Markdown), "predict" (a question), "shown" (a code cell with outputs).
    """
    found = []
    for cell in cells:
        if cell.cell_type == "code":
            asks = cell.source.startswith("predict(")
            found[-1][1] += [("shown", cell)] if cell.outputs and not asks else []
            continue
        for part in re.split(r"^(?=#+ )", cell.source, flags=re.M):
            if not part.strip():
                continue
            heading = re.match(r"(#+) (.*)\n*", part)
            if heading:
                found.append([heading[2], []])
            body = part[heading.end() :] if heading else part
            asked = PREDICTION.search(body)
            text = body.replace(asked[0], "") if asked else body
            found[-1][1] += [("text", text)] * bool(text.strip())
            found[-1][1] += [("predict", asked[0])] if asked else []
    return found


def slides(page, chapter):
    """The slides of a chapter: {"heading", "html", "notes"}."""
    names = [cell.metadata.get("name", "") for cell in page.cells]
    core = names.index("deeper") if "deeper" in names else len(names)
    title, *rest = sections(page.cells[:core])
    told = STATED.search(page.cells[0].source)
    made = _first(title[0], title[1][0][1], [told[0]] if told else [])
    asked = questions.predictions(chapter) if chapter in questions.CHAPTERS else ()
    for heading, parts in rest:
        made += _of_section(heading, parts, asked)
    for heading, parts in sections(page.cells[core:])[1:] if core < len(names) else ():
        if any(kind == "shown" and SURPRISE.match(cell.metadata.name) for kind, cell in parts):
            made += _asked_then_shown(heading, parts, asked)
    recap = [slide for slide in made if slide["heading"] == "Recap"]
    return [slide for slide in made if slide not in recap] + recap + _tasks(chapter)


def _first(heading, text, notes):
    """The first slide; a table in it has slides of its own, a few rows on each."""
    table = TABLE.search(text)
    if not table:
        return [_slide(heading, [("text", text)], notes)]
    rows = table["rows"].splitlines(keepends=True)
    some = [table["head"] + "".join(rows[i : i + ROWS]) for i in range(0, len(rows), ROWS)]
    told = _slide(heading, [("text", text.replace(table[0], ""))], notes)
    return [told, *(_slide("", [("text", part)]) for part in some)]


def _of_section(heading, parts, asked):
    kinds = [kind for kind, _ in parts]
    if any(kind == "shown" and live.shown(cell) for kind, cell in parts):
        return _explored(heading, parts, asked)
    if "predict" in kinds:
        return _asked_then_shown(heading, parts, asked)
    boxed = [f for k, t in parts if k == "text" for f in re.findall(r"\$\$.*?\$\$", t, re.S)]
    boxed = [("text", formula) for formula in boxed if r"\boxed" in formula]
    if heading == "Recap" or SURPRISE.search(heading):
        return [_slide(heading, parts)]
    return [_slide(heading, boxed)] if boxed else []


def _asked_then_shown(heading, parts, asked):
    """A slide up to each question, or up to the first output; then one with what answers."""
    kinds = [kind for kind, _ in parts]
    cut = kinds.index("predict") + 1 if "predict" in kinds else kinds.index("shown")
    question, rest = _slide(heading, parts[:cut], _mistakes(parts[:cut], asked)), parts[cut:]
    if "predict" in kinds[cut:]:
        return [question, *_asked_then_shown(heading, rest, asked)]
    return [question, *([_slide(heading, rest)] if rest else [])]


def _mistakes(parts, asked):
    """What the speaker is told of the questions among parts."""
    texts = " ".join(text for kind, text in parts if kind == "predict")
    notes = [
        f"{label}: {sentence}"
        for question in asked
        if question.text in texts
        for label, sentence in question.mistakes
    ]
    return ["A minute and a half. Mistakes:", *notes] if notes else []


def _explored(heading, parts, asked):
    """What is asked and shown before, what to try, the explorer alone, and what is asked after.

    The numbers printed beside the explorer are for the speaker.
    """
    place = next(i for i, (k, cell) in enumerate(parts) if k == "shown" and live.shown(cell))
    before, after = parts[:place], parts[place + 1 :]
    shown = [i for i, (k, cell) in enumerate(before) if k == "shown"]
    cut = shown[-1] + 2 if shown else 0  # with the text that says what the output shows
    made = _asked_then_shown(heading, before[:cut], asked) if shown else []
    tries = [part for part in before[cut:] if part[0] != "shown"]
    numbers = [o.get("text", "") for k, cell in after if k == "shown" for o in cell.outputs]
    notes = ["Four minutes.", *_mistakes(tries, asked), *numbers]
    made += [_slide(heading, tries, notes)] if tries else []
    made += [_slide("", [parts[place]], [*numbers, *_needs(parts[place][1])])]
    asks = "predict" in [kind for kind, _ in after]
    return made + (_asked_then_shown(heading, after, asked) if asks else [])


def _needs(cell):
    """What an explorer cannot do on a slide, for the speaker, whose text may speak of it."""
    html = "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)
    return [" ".join(found.split()) for found in re.findall(r"\w[\w ]* needs Python\.", html)]


def _tasks(chapter):
    """What the sheet asks; in the notes the mistakes that its checks know."""
    tasks = chapter_tasks(chapter) if any(s.startswith(chapter) for s in paths.sheets()) else []
    text = "\n".join(f"1. {task.heading}" for task in tasks)
    notes = [f"{task.title}: {mistake.because}" for task in tasks for mistake in task.mistakes]
    return [_slide("Your turn", [("text", text)], notes)] if tasks else []


def _slide(heading, parts, notes=()):
    html = "".join(_html(kind, content) for kind, content in parts)
    title = Markup(TEXT.renderInline(heading))
    return {
        "heading": heading,
        "title": title,
        "html": Markup(html),
        "notes": [*dict.fromkeys(notes)],
    }


def _html(kind, content):
    if kind != "shown":
        return TEXT.render(LINK.sub(r"\1", content))
    made = [_output(output) for output in content.outputs]
    return f'<div class="cell_output">{"".join(made)}</div>'


def _output(output):
    data = output.get("data", {})
    if "image/png" in data:
        alt = escape(output.metadata.get("image/png", {}).get("alt", ""))
        inner = f'<img alt="{alt}" src="data:image/png;base64,{data["image/png"].strip()}">'
    elif output.output_type == "stream":
        inner = f"<pre>{escape(output.text)}</pre>"
    else:
        inner = data.get("text/html") or f"<pre>{escape(data.get('text/plain', ''))}</pre>"
    return f'<div class="output">{inner}</div>'


def build(out, only=(), pdf=False):
    """Build the decks into a folder, each as HTML and where asked as PDF.

    Errors: ValueError for a folder that holds other files, and where a PDF has no Chromium.
    """
    if pdf and not paths.chromium():
        raise ValueError("A PDF is made by Chromium, and none is here (Debian: chromium).")
    (put.in_place_of(out) / "decks").mkdir()
    folders, decks = set(), {}
    page_of = Environment(loader=FileSystemLoader(HERE / "static"), autoescape=True).get_template
    for path in sorted((paths.material() / "notebooks").glob("[01][0-9]_*.ipynb")):
        if path.stem < "15" and (not only or path.stem.startswith(tuple(only))):
            page = nbformat.read(path, as_version=4)
            folders |= {*live.bring_to_life(page, f"notebooks/{path.name}")}
            made = slides(page, path.stem[:2])
            decks[path.stem] = made[0]["heading"]
            text = page_of("deck.html").render(title=decks[path.stem], slides=made)
            (out / f"decks/{path.stem}.html").write_text(text, "utf-8")
    (out / "index.html").write_text(page_of("decks.html").render(decks=decks), "utf-8")
    put.static(out / "_static", folders)
    reveal = files("sphinx_revealjs") / "_static/revealjs"
    shutil.copytree(reveal / "dist", out / "_static/reveal", ignore=lambda *_: ["theme"])
    shutil.copytree(reveal / "plugin/notes", out / "_static/reveal/notes")
    for name in decks if pdf else ():
        deck = f"file://{out}/decks/{name}.html?print-pdf"
        command = [paths.chromium(), *PDF, f"--print-to-pdf={out}/{name}.pdf", deck]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m course.publish.book.slides")
    parser.add_argument("names", nargs="*", help="chapters, such as 04; all if left out")
    parser.add_argument("--out", type=Path, default=Path("build/slides"))
    parser.add_argument("--pdf", action="store_true", help="a PDF of each deck, too, by Chromium")
    options = parser.parse_args()
    try:
        build(options.out.resolve(), options.names, options.pdf)
    except ValueError as problem:
        sys.exit(str(problem))
    print(f"The decks begin with {options.out / 'index.html'}.")


if __name__ == "__main__":
    main()
