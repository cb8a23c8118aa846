"""What the repository's pages say, read by a Markdown parser: links, headings, commands."""

import re
import shlex
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
#: Fenced text in these languages, or in none, is what a reader types into a terminal.
TYPED = ("", "sh", "bash", "powershell")


def tokens(page):
    """Every token of a page, those within a paragraph, too."""
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8")):
        yield token
        yield from token.children or ()


def links(page):
    """(file, anchor) of each link and picture that leads to something in this repository."""
    for token in tokens(page):
        target = str(token.attrGet("href") or token.attrGet("src") or "")
        if target and "://" not in target:
            file, _, anchor = target.partition("#")
            yield (page.parent / file if file else page).resolve(), anchor


def anchors(page):
    """What a link can name in a page: its headings, as GitHub makes anchors of them."""
    found = [*MarkdownIt("commonmark").parse(page.read_text("utf-8"))]
    for opening, inline in zip(found, found[1:]):
        if opening.type == "heading_open":
            text = "".join(each.content for each in inline.children)
            yield re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def inline_code(page):
    """The text of each piece of code within a sentence or a table."""
    yield from (token.content for token in tokens(page) if token.type == "code_inline")


def commands(page):
    """The words of each command that a page tells its reader to type."""
    fences = (t for t in tokens(page) if t.type == "fence" and t.info.split(" ")[0] in TYPED)
    lines = [line for fence in fences for line in fence.content.splitlines()]
    inline = [text for text in inline_code(page) if re.match(r"(course|make|python -m) ", text)]
    for line in lines + inline:
        yield from _split(line)


def _split(line):
    line = re.sub(r"(^|\s+)#(?!\w|_).*|\s*#!.*", "", line)
    for command in re.split(r";|&&", line):
        if words := shlex.split(command.replace("\\", "/"), posix=True):
            yield words
