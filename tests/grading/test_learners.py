"""Whose a file is: told by what differs between the paths, and refused where that tells nothing."""

import itertools
import random
from pathlib import Path

import pytest

from course.grading.learners import Unclear, learners, refuse_nonsense
from course.grading.submissions import Found, stem_of
from tests.grading.sheet import NAME

SHEETS = {"04": NAME, "05": "05_looking_ahead", "06": "06_another", "?": ""}


def found(path, root="/in"):
    *folders, name = path.split("/")
    return Found(Path(root, path), Path(root), tuple(folders), stem_of(name))


def told(paths, wanted=""):
    """The learners of paths such as "week4/anna.ipynb @05", in order; without @, of sheet 04."""
    pairs = [(path, SHEETS[sheet or "04"]) for path, _, sheet in (p.partition(" @") for p in paths)]
    return learners([found(path) for path, _ in pairs], [sheet for _, sheet in pairs], wanted)


LAYOUTS = {
    "files": (["anna.ipynb", "ben.ipynb"], "anna ben"),
    "a folder each": (["anna/x.ipynb", "ben/y.ipynb"], "anna ben"),
    "a folder each, with one name in all": (["anna/hw.ipynb", "ben/hw.ipynb"], "anna ben"),
    "the sheet's own name": ([f"anna/{NAME}.ipynb", f"ben/{NAME} (1).ipynb"], "anna ben"),
    "a week": (["week4/anna.ipynb", "week4/ben.ipynb"], "anna ben"),
    "a folder of all": (["handed in/anna.ipynb", "handed in/ben.ipynb"], "anna ben"),
    "a week with one": (["week4/anna.ipynb"], "anna"),
    "a week beside others": (
        ["carla.ipynb", "week4/anna.ipynb", "week4/ben.ipynb"],
        "carla anna ben",
    ),
    "weeks": (
        ["week4/anna.ipynb", "week4/ben.ipynb", "week5/anna.ipynb @05", "week5/ben.ipynb @05"],
        "anna ben anna ben",
    ),
    "learners in weeks": (["week4/anna/hw.ipynb", "week4/ben/hw.ipynb"], "anna ben"),
    "weeks in learners": (
        ["anna/week4/hw.ipynb", "anna/week5/hw.ipynb @05", "ben/week4/hw.ipynb"],
        "anna anna ben",
    ),
    "nbgrader": (
        [f"submitted/anna/ps04/{NAME}.ipynb", f"submitted/ben/ps04/{NAME}.ipynb"],
        "anna ben",
    ),
    "nbgrader with one": ([f"submitted/anna/ps04/{NAME}.ipynb"], "anna"),
    "within nbgrader's folder": (["anna/intro/x.ipynb", "ben/intro/x.ipynb"], "anna ben"),
    "several sheets of each": (
        ["anna/a.ipynb @04", "anna/b.ipynb @05", "ben/a.ipynb @04", "ben/b.ipynb @05"],
        "anna anna ben ben",
    ),
    "a copy beside": (["anna/hw.ipynb", "anna/hw-Copy1.ipynb", "ben/hw.ipynb"], "anna anna ben"),
    "downloaded twice": (["anna/hw.ipynb", "anna/hw (1).ipynb", "ben/hw.ipynb"], "anna anna ben"),
    "numbers": (["1/x.ipynb", "2/x.ipynb", "12/x.ipynb"], "1 2 12"),
    "one that cannot be read, in a week": (["A/anna.ipynb", "A/ben.ipynb @?"], "anna ben"),
    "one that cannot be read, of a week": (
        ["anna/week4/x.ipynb", "anna/week5/x.ipynb @?"],
        "anna anna",
    ),
    "one that cannot be read, in weeks": (
        ["week4/anna.ipynb", "week4/ben.ipynb", "week5/anna.ipynb @?"],
        "anna ben anna",
    ),
    "none can be read": (["A/anna.ipynb @?", "A/ben.ipynb @?"], "anna ben"),
    "other endings": (["week4/anna.ipynb.json", "week4/ben.txt"], "anna ben"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_learner_is_taken_from_what_differs(layout):
    paths, names = LAYOUTS[layout]
    assert told(paths) == names.split()
    turned = [*zip(paths, names.split())][::-1]  # in whatever order they are found
    assert told([path for path, _ in turned]) == [name for _, name in turned]


UNCLEAR = {
    "two of one name in two sections": ["A/anna.ipynb", "A/ben.ipynb", "B/anna.ipynb"],
    "a learner with two, or a section": ["anna/a.ipynb", "anna/b.ipynb", "ben/c.ipynb"],
    "the sheet as downloaded again and again": [f"{NAME}.ipynb", f"{NAME} (1).ipynb"],
    "drafts and finals": [f"{a}/{b}/x.ipynb" for a in ("anna", "ben") for b in ("one", "two")],
    "one name in two normal forms": ["Jose\u0301.ipynb", "Jos\u00e9.ipynb"],
    "a file and a folder of one name": ["anna.ipynb", "anna/x.ipynb"],
    "folders of no known kind": [
        f"{a}.ipynb {s}"
        for a, s in zip(("A/anna", "A/ben", "B/anna", "B/ben"), ("@04", "@04", "@05", "@05"))
    ],
    "one name in folders that differ, and a broken file": [
        "anna/x.ipynb",
        "anna/scratch.ipynb @?",
        "ben/x.ipynb @05",
    ],
    "one name in three folders, of three sheets": [
        "anna/solution.ipynb",
        "anna/solution_new.ipynb",
        "ben/solution.ipynb @05",
        "carl/solution.ipynb @06",
    ],
    "a broken file in a group": [
        "groupA/anna.ipynb",
        "groupA/ben.ipynb @?",
        "groupB/carl.ipynb",
    ],
    "a broken file in a group of folders": [
        "groupA/anna/x.ipynb",
        "groupA/ben/x.ipynb @?",
        "groupB/carl/x.ipynb",
    ],
    "broken files in a group": [
        "groupA/anna.ipynb @?",
        "groupA/ben.ipynb @?",
        "groupB/carl.ipynb @?",
    ],
    "a broken file of a learner, or of a section": [
        "anna/a.ipynb",
        "anna/b.ipynb @?",
        "ben/a.ipynb",
        "ben/b.ipynb @05",
    ],
}


@pytest.mark.parametrize("layout", UNCLEAR)
def test_where_two_readings_are_possible_it_is_refused_with_what_to_say(layout):
    with pytest.raises(Unclear, match="--learner-from"):
        told(UNCLEAR[layout])
    told(UNCLEAR[layout], "folder")  # and then it is done


ADVICE = {
    "a pattern of the path such as --learner-from '{learner}/*.ipynb'": ["A/x", "A/y", "B/x"],
    "--learner-from file": ["anna", "anna/x"],
    "Nothing could: rename the files": ["A/anna", "A/b/x", "A/b/anna"],
}


@pytest.mark.parametrize("advice", ADVICE)
def test_a_refusal_advises_only_what_tells_its_two_files_apart(advice):
    with pytest.raises(Unclear, match="two files of one learner") as refusal:
        told([f"{path}.ipynb" for path in ADVICE[advice]])
    said = str(refusal.value).partition("Nothing tells. ")[2]
    assert advice in said
    assert ("from file" in said) == (advice == "--learner-from file")
    assert ("from folder" in said) == (advice.startswith("a pattern"))


def test_the_refusal_names_both_readings():
    with pytest.raises(Unclear) as refusal:
        told(["anna/a.ipynb", "anna/b.ipynb", "ben/c.ipynb"])
    assert str(refusal.value).startswith(
        "Whose is 'ben/c.ipynb'? Its folder says 'ben', what is in there says 'c', and the other "
        "files do not tell. Say how to tell: --learner-from folder"
    )


@pytest.mark.parametrize("seed", range(300))
def test_no_two_files_of_one_sheet_come_to_one_learner_unless_they_are_copies(seed):
    """Any tree of some folders and files: either refused, or nobody has another's work."""
    draw = random.Random(seed)
    names = ["anna", "ben", "hw", "week4", "week5", "hw (1)", NAME, "a", "b"]
    trees = ("/".join(draw.choices(names, k=draw.randint(0, 3))) for _ in itertools.count())
    paths = {f"{next(trees)}/{draw.choice(names)}.ipynb".lstrip("/") for _ in range(8)}
    paths = [f"{path} @{draw.choice(['04', '05', '?'])}" for path in sorted(paths)]
    try:
        names = told(paths)
    except Unclear:
        return
    seen = {}
    for path, name in zip(paths, names):
        sheet = path.partition(" @")[2]
        folder, _, file = path.rpartition("/")
        unit = folder, stem_of(file.partition(" @")[0]).removesuffix(" (1)")
        if sheet != "?":
            assert seen.setdefault((name, sheet), unit) == unit, (path, names)


# ---- said by the teacher --------------------------------------------------------------

PATTERNS = {
    "submitted/{learner}/*/*.ipynb": (["submitted/anna/ps04/x.ipynb"], "anna"),
    "{learner}_*_assignsubmission_file_/*": (
        ["Anna B_77_assignsubmission_file_/x.ipynb"],
        "Anna B",
    ),
    "{learner}_assignsubmission_file/*": (["anna_assignsubmission_file/x.ipynb"], "anna"),
    "*/{learner}.ipynb": (["A/anna.ipynb.json", "B/ben.IPYNB"], "anna ben"),
    "hw-{learner}.ipynb": (["hw-anna_b.ipynb"], "anna_b"),
    "{learner}_*.ipynb": (
        ["brownanna_7_88_ps04.ipynb", "leeben_LATE_9_90_ps_04.ipynb"],
        "brownanna leeben",
    ),
    "{learner}_#_#_*": (
        ["brown_anna_7_88_ps_04.ipynb", "brown_anna_7_89_ps_05.ipynb", "lee_9_90_x.ipynb"],
        "brown_anna brown_anna lee",
    ),
    "*-{learner}.ipynb": (["ps04-anna.ipynb", "ps-05-ben.ipynb"], "anna ben"),
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_tells_the_learner(pattern):
    paths, names = PATTERNS[pattern]
    assert " ".join(told(paths, pattern)) == names


def test_a_path_that_does_not_fit_a_pattern_is_refused():
    with pytest.raises(
        ValueError, match="^'B/x/ben.ipynb', as its path is from the given folder, does"
    ):
        told(["A/anna.ipynb", "B/x/ben.ipynb"], "*/{learner}.ipynb")


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("{learner}-*.ipynb", ["anna-lena-ps04.ipynb", "anna-maria-ps04.ipynb"]),
        ("{learner}_*.ipynb", ["lee_ann_4.ipynb", "lee_bo_4.ipynb", "carla_4.ipynb"]),
        ("{learner}*/x.ipynb", ["anna/x.ipynb", "anton/x.ipynb"]),
        ("{learner}_*.ipynb", ["anna_0_1.ipynb", "anna_1.ipynb"]),
        ("*_{learner}.ipynb", ["w1_smith_anna.ipynb", "w1_jones_anna.ipynb"]),
        ("*{learner}.ipynb", ["anna.ipynb", "maria.ipynb"]),
        ("*, {learner}/*", ["Smith, M, anna/x.ipynb", "Jones, B, anna/x.ipynb"]),
        ("{learner}_*.ipynb", ["anna_smith_1.ipynb", "anna_jones_1.ipynb @05"]),
    ],
)
def test_a_pattern_that_makes_one_learner_of_two_is_refused(pattern, paths):
    with pytest.raises(Unclear, match="are both by '.*', or by '.*' and '.*'. Write it so"):
        told(paths, pattern)


@pytest.mark.parametrize("wanted", ["name", "*", "{learner}/{learner}.ipynb", "{Learner}"])
def test_a_pattern_that_tells_no_learner_is_refused(wanted):
    with pytest.raises(ValueError, match="^learner-from must be folder, file, or a pattern in"):
        refuse_nonsense(wanted)


def test_the_file_tells_and_the_folder_does_if_the_teacher_says_so():
    paths = ["A/anna.ipynb", "B/anna.ipynb", "carla.ipynb"]
    assert told(paths, "file") == ["anna", "anna", "carla"]
    assert told(paths, "folder") == ["A", "B", "carla"]
    with pytest.raises(Unclear, match="is called as the sheet is, which tells no learner"):
        told([f"A/{NAME}.ipynb", f"B/{NAME}.ipynb"], "file")


def test_names_that_look_alike_are_told_apart_and_one_name_written_twice_is_not():
    paths = ["anna.ipynb", "an\u200bna.ipynb @05", "anna\x1b[0m.ipynb @05"]
    names = told(paths)
    assert names[0] == "anna" and len(set(names)) == 3
    paths = ["week4/Jose\u0301.ipynb", "week5/Jos\u00e9.ipynb @05"]
    assert told(paths) == ["Jos\u00e9"] * 2
