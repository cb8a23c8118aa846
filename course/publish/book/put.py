"""What pages and decks load, put beside them: styles, scripts, tiles, questions."""

import shutil
from pathlib import Path

from course import explorers, front_ends
from course.explorers.tiles import packing
from course.publish.book import asked

STATIC = Path(__file__).with_name("static")
OURS = ".sgd-course"  # an empty file that marks a folder which a build may empty


def in_place_of(old):
    """A folder that is empty, in place of what an earlier build has put there; returns it.

    Errors: ValueError for one that holds other files; none of them is touched.
    """
    if old.exists() and not old.is_dir():
        raise ValueError(f"{old} is a file; name a folder that is new or empty.")
    if old.is_dir() and any(old.iterdir()) and not (old / OURS).exists():
        raise ValueError(f"{old} holds other files; name a folder that is new or empty.")
    shutil.rmtree(old, ignore_errors=True)
    old.mkdir(parents=True)
    (old / OURS).touch()
    return old


def static(folder, tiles):
    """Put into a folder what pages load; tiles: the folders of their explorers' tiles."""
    (folder / "explorers").mkdir(parents=True)
    for path in [*STATIC.glob("*.js"), *STATIC.glob("*.css")]:
        shutil.copy(path, folder)
    (folder / "front_ends.css").write_text(front_ends.COLOURS, "utf-8")
    for made in tiles:
        shutil.copytree(made, folder / "tiles" / made.name)
        kind = made.name.partition("-")[0]
        script = packing.in_one_function(getattr(explorers, kind)._esm, kind)
        (folder / f"explorers/{kind}.js").write_text(script, "utf-8")
    asked.write(folder / "questions")
