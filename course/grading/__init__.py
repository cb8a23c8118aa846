"""From submissions to marks: read the answers, run them where they can do no harm, report.

`batch` marks a folder: `submissions` finds the files, also in zips and in the downloads of learning
platforms (`intake/`), `papers` reads them, `answers` takes out the answer cells; `dispatch` sends
them to `workers/`; every verdict is a line in the `journal`, from which `gradebook` makes the marks
and `reports/` all pages, and the files that platforms take back.

`judge` is what a worker does with one submission: it runs in a child of a fork server (`sandbox/`;
`sandbox/inside/` is what runs there), `check_cells` writes the cells that ask, `explain` finds the
words, and `nbval/` compares; that is also nbval itself, for tests and where nothing can be forked.
`exports/` writes the sheets for other graders.
"""
