"""The course as pages and slides: python -m course.publish.book [NAME…] [--out build/book].

Pages come from the stored notebooks; what their explorers can show is computed once and kept.
"""

import argparse
import shutil
import sys
from pathlib import Path

import nbformat

from course.publish.book import pages, put

EXTENSIONS = ["myst_nb", "sphinx.ext.autodoc", "course.publish.book.extension"]
SETTINGS = {
    "project": "SGD, built by hand",
    "author": "the course's authors",
    "copyright": "text and pictures CC BY 4.0, code Apache 2.0",
    "html_title": "SGD, built by hand",
    "language": "en",
    "extensions": EXTENSIONS,
    "source_suffix": {".ipynb": "myst-nb", ".md": "myst-nb", ".rst": "restructuredtext"},
    "nb_execution_mode": "off",
    "nb_merge_streams": True,
    "nb_code_prompt_show": "Show the {type}",
    "nb_code_prompt_hide": "Fold the {type}",
    "myst_enable_extensions": ["dollarmath"],
    "myst_dmath_double_inline": True,
    "myst_heading_anchors": 4,
    "myst_heading_slug_func": "course.publish.book.extension.slug",
    "html_math_renderer": "mathml",
    "html_theme": "furo",
    "html_css_files": ["book.css"],
    "html_js_files": ["book.js", "questions.js"],
    "html_copy_source": False,
    "html_show_search_summary": False,  # it would fetch pages, which no folder allows
    "html_show_sphinx": False,
    "add_module_names": False,
    "autodoc_preserve_defaults": True,
    "smartquotes": False,
    "pygments_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def stage(source, only, kept):
    """Write Sphinx's sources into a folder; returns the folders of all explorers' tiles."""
    names = {folder: pages.stems(folder, only) for folder in ("notebooks", "exercises")}
    found = set()
    for folder, stored in (("notebooks", "notebooks"), ("exercises", "solutions")):
        for stem in names[folder]:
            page, tiles = pages.notebook(pages.ROOT / stored / f"{stem}.ipynb", kept)
            _write(source / folder / f"{stem}.ipynb", nbformat.writes(page))
            found |= {*tiles}
    for name in pages.DOCUMENTS:
        _write(source / name, pages.document(pages.ROOT / name))
    for module in pages.MODULES:
        _write(source / "functions" / f"{module}.rst", pages.functions(module))
    _write(source / "index.md", pages.front(names))
    return found


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def build(out, only=()):
    """Build the book into a folder; returns how many warnings Sphinx has given."""
    from sphinx.application import Sphinx

    source, kept = out.parent / f"{out.name}-source", out.parent / f"{out.name}-kept"
    for old in (source, out):
        shutil.rmtree(old, ignore_errors=True)
    folders = stage(source, only, kept / "tiles")
    settings = SETTINGS | {"suppress_warnings": ["myst.xref_missing"] if only else []}
    _write(source / "conf.py", "".join(f"{key} = {value!r}\n" for key, value in settings.items()))
    app = Sphinx(source, source, out, kept / "doctrees", "html", status=None, freshenv=True)
    app.build()
    put.static(out / "_static", folders)
    return app._warncount


def main():
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m course.publish.book", description=__doc__)
    parser.add_argument("names", nargs="*", help="chapters and sheets, such as 04; all if left out")
    parser.add_argument("--out", type=Path, default=Path("build/book"))
    options = parser.parse_args()
    sys.exit(1 if build(options.out.resolve(), options.names) else 0)


if __name__ == "__main__":
    main()
