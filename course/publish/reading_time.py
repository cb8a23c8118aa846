"""How long a chapter takes: counted from its text source, so that the time it states is true.

    python -m course.publish.reading_time [NAME…]

A careful reader of mathematics takes 120 words a minute; a prediction takes a minute and a half
of thought, ten lines of code a minute, an explorer four. What is folded (an answer, a long
proof, a cell of plumbing) is not counted.
"""

import argparse
import re
from dataclasses import dataclass

from course.publish import notebooks

WORDS_A_MINUTE, LINES_A_MINUTE, PREDICTION, EXPLORER = 120, 10, 1.5, 4
NO_WORDS = {">", "·"}  # the marks of a prediction and of its options
STATED = re.compile(r"Core: about (\d+) minutes(?:; deeper: about (\d+) more)?")


@dataclass(frozen=True)
class Size:
    """What there is to read in some cells: words of prose, cells and lines of code, …"""

    words: int
    cells: int
    lines: int
    predictions: int
    explorers: int

    @property
    def minutes(self):
        """The time that these cells take, in minutes."""
        reading = self.words / WORDS_A_MINUTE + self.lines / LINES_A_MINUTE
        return reading + PREDICTION * self.predictions + EXPLORER * self.explorers


def without_folds(text):
    """Markdown without what a reader sees only after a click; the summaries stay."""
    return re.sub(r"(<details>\s*<summary>.*?</summary>).*?</details>", r"\1", text, flags=re.S)


def size(cells):
    """The Size of some cells of a chapter."""
    words = lines = code_cells = predictions = explorers = 0
    for cell in cells:
        if cell.cell_type == "markdown":
            read = without_folds(cell.source).split()
            words += len([word for word in read if word not in NO_WORDS])
            predictions += cell.source.count("**Predict:**")
        elif not cell.metadata.get("jupyter", {}).get("source_hidden"):
            code_cells += 1
            lines += len([line for line in cell.source.splitlines() if line.strip()])
        explorers += cell.cell_type == "code" and "from course.explorers import" in cell.source
    return Size(words, code_cells, lines, predictions, explorers)


def parts(cells):
    """A chapter's cells as (core, deeper), parted at the cell named `deeper`; it may be empty."""
    names = [cell.metadata.get("name") for cell in cells]
    at = names.index("deeper") if "deeper" in names else len(cells)
    return cells[:at], cells[at:]


def stated(cells):
    """The minutes (core, deeper) that a chapter's first cell states, or None if it states none."""
    found = STATED.search(cells[0].source)
    return found and (int(found[1]), int(found[2] or 0))


def main():
    """The command line: one line for each part of each chapter."""
    parser = argparse.ArgumentParser(prog="python -m course.publish.reading_time")
    parser.add_argument("names", nargs="*", help="chapters, such as 04; all if left out")
    for path in notebooks.sources(parser.parse_args().names):
        if path.parent.parent.name != "notebooks":
            continue
        cells = notebooks.read_source(path).cells
        print(f"{path.stem}: states {stated(cells)}")
        for name, part in zip(("core", "deeper"), parts(cells)):
            print(f"  {name:7} {size(part).minutes:5.1f} minutes: {size(part)}")


if __name__ == "__main__":
    main()
