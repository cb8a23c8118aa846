"""`make release`: build what is published, check it, and say what only a person may do.

Nothing is sent anywhere: the last words are the two commands that publish, to be typed by hand.
"""

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import course

ROOT = Path(__file__).resolve().parents[2]
MATERIAL = ("notebooks", "exercises", "solutions")


def not_ready(root, version):
    """What must be done before this version may go out, each as one sentence.

    root: a clone of the repository.
    """
    if _git(root, "status", "--porcelain"):
        yield "Files differ from what is committed: commit or drop them, then build again."
    if _git(root, "tag", "--list", f"v{version}"):
        yield f"v{version} is out already: raise __version__ in course/__init__.py."
    heading = re.search(r"^## (.*)$", (root / "CHANGELOG.md").read_text("utf-8"), re.M)[1]
    if not re.fullmatch(rf"{re.escape(version)}, \d{{4}}-\d\d-\d\d", heading):
        yield f'CHANGELOG.md begins with "{heading}": write "## {version}, " and the day.'


def _git(root, *arguments):
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def build(root, folder):
    """Build the source archive, and from it the wheel, in an emptied folder; returns both paths.

    Errors: CalledProcessError where a build fails.
    """
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, root], check=True)
    (archive,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return archive, wheel


def missing(root, archive, wheel):
    """Names of the course's files that one of the two does not hold."""
    notebooks = [path for name in MATERIAL for path in (root / name).glob("*.ipynb")]
    names = {path.relative_to(root).as_posix() for path in notebooks}
    package = [path for path in (root / "course").rglob("*") if path.is_file()]
    code = {p.relative_to(root).as_posix() for p in package if "__pycache__" not in p.parts}
    carried = set(zipfile.ZipFile(wheel).namelist())
    with tarfile.open(archive) as files:
        sent = {name.partition("/")[2] for name in files.getnames()}
    yield from sorted((names | code) - sent)
    yield from sorted({f"course/_material/{name}" for name in names} - carried)
    yield from sorted(code - carried)


def publishing(version, folder):
    """The two commands that publish a version; nobody but a person types them."""
    tag = f'git tag --annotate v{version} --message "{version}" && git push origin v{version}'
    python = Path(sys.executable)
    python = python.relative_to(ROOT) if python.is_relative_to(ROOT) else python
    return [tag, f"{python} -m twine upload {folder}/*"]


def main(root=ROOT):
    """Build, check, and print what is left to do; returns the exit code."""
    folder = root / "dist"
    try:
        archive, wheel = build(root, folder)
        twine = [sys.executable, "-m", "twine", "check", "--strict", archive, wheel]
        subprocess.run(twine, check=True)
    except subprocess.CalledProcessError as failed:  # it has said why
        return failed.returncode
    wrong = [f"{name} was not packed." for name in missing(root, archive, wheel)]
    wrong += not_ready(root, course.__version__)
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    if wrong:
        return 1
    print(f"\nsgd-course {course.__version__} is built and checked. To publish it, type\n")
    print(*(f"    {each}" for each in publishing(course.__version__, folder.name)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
