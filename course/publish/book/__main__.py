"""The course as pages: python -m course.publish.book [NAME…] [--out build/book]

Pages come from the stored notebooks; what their explorers can show is computed once and kept in
build/tiles. Sphinx's settings are in book.toml.
"""

import argparse
import sys
from pathlib import Path

import nbformat
from sphinx.application import Sphinx

from course.publish.book import pages, put


def stage(source, only):
    """Write Sphinx's sources into a folder; returns the folders of all explorers' tiles."""
    names = {folder: pages.stems(folder, only) for folder in ("notebooks", "exercises")}
    found = set()
    for folder, stored in (("notebooks", "notebooks"), ("exercises", "solutions")):
        for stem in names[folder]:
            page, tiles = pages.notebook(pages.ROOT / stored / f"{stem}.ipynb")
            _write(source / folder / f"{stem}.ipynb", nbformat.writes(page))
            found |= {*tiles}
    for name in pages.DOCUMENTS:
        _write(source / name, pages.document(pages.ROOT / name))
    for module in pages.MODULES:
        _write(source / "functions" / f"{module}.rst", pages.functions(module))
    _write(source / "index.md", pages.front(names))
    settings = pages.BOOK["settings"] | {"suppress_warnings": ["myst.xref_missing"] * bool(only)}
    _write(source / "conf.py", "".join(f"{key} = {value!r}\n" for key, value in settings.items()))
    return found


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def build(out, only=()):
    """Build the book into a folder; returns how many warnings Sphinx has given.

    Errors: ValueError for a folder that holds other files.
    """
    source, out = map(put.in_place_of, (out.parent / f"{out.name}-source", out))
    folders = stage(source, only)
    app = Sphinx(source, source, out, source / ".doctrees", "html", status=None, freshenv=True)
    app.build()
    put.static(out / "_static", folders)
    return app._warncount


def main():
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m course.publish.book", description=__doc__)
    parser.add_argument("names", nargs="*", help="chapters and sheets, such as 04; all if left out")
    parser.add_argument("--out", type=Path, default=Path("build/book"))
    options = parser.parse_args()
    try:
        warnings = build(options.out.resolve(), options.names)
    except ValueError as problem:
        sys.exit(str(problem))
    print(f"The pages begin with {options.out / 'index.html'}.")
    sys.exit(bool(warnings))


if __name__ == "__main__":
    main()
