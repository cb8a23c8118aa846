"""The course as pages that move: `make book`; see `__main__.py` for the order of a build.

pages       the notebooks, the documents and the list of functions, made ready for Sphinx
extension, formulas   what Sphinx is taught: our docstrings, JupyterLab's anchors, MathML
live        the explorers of a chapter, built from its own cells, whose tiles are kept; their places
slides      a deck for each chapter, from the same text
asked       the table of questions as pages have it
static/     what pages load: the model that hands out tiles, the judge of guesses, the style
"""
