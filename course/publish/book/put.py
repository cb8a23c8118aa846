"""What pages and decks load, put beside them: styles, scripts, tiles, questions."""

import shutil
from pathlib import Path

from course import explorers
from course.explorers.tiles import packing
from course.publish.book import asked

STATIC = Path(__file__).with_name("static")


def static(folder, tiles):
    """Put into a folder what pages load; tiles: the folders of their explorers' tiles."""
    (folder / "explorers").mkdir(parents=True)
    for path in [*STATIC.glob("*.js"), *STATIC.glob("*.css")]:
        shutil.copy(path, folder)
    for made in tiles:
        shutil.copytree(made, folder / "tiles" / made.name)
        kind = made.name.partition("-")[0]
        script = packing.in_one_function(getattr(explorers, kind)._esm, kind)
        (folder / f"explorers/{kind}.js").write_text(script, "utf-8")
    asked.write(folder / "questions")
