"""A wheelhouse: one folder with every wheel of the course, for a room without a network.

    course wheelhouse DIR [--python 3.12] [--platform windows] [--light]

uv works out what a system and a Python need (pip takes this machine's conditions for the other's),
under constraints.txt, with the digest of each file; pip loads the wheels. Until all are there, they
lie in DIR/unfinished, from where the next try goes on; README.txt, the last file that is written,
makes it a wheelhouse.
"""

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import course
from course import paths
from course.publish.own_wheel import own_wheel
from course.publish.systems import PLATFORMS

UNFINISHED, SUMS, README = "unfinished", "SHA256SUMS", "README.txt"
TITLE = "The SGD course"
AT_ONCE = 20  # wheels that one call of pip loads: what is lost where it is interrupted
MB = 1_000_000


def make(folder, aim):
    """Make a wheelhouse in a folder that is new, empty or a wheelhouse; returns its MB.

    aim:    a `systems.Target`.
    Errors: ValueError for another folder, and where a wheel cannot be had; OSError.
    """
    folder = Path(folder)
    refuse(folder)
    unfinished = _begin(folder, aim)
    (folder / README).unlink(missing_ok=True)  # from here on it is no wheelhouse
    wheel = own_wheel(unfinished)
    wanted = {wheel.name, *_load_all(_resolve(wheel, aim, unfinished), unfinished, aim)}
    for path in folder.glob("*.whl"):
        path.unlink()
    wheels = [Path(shutil.move(unfinished / name, folder / name)) for name in sorted(wanted)]
    size = sum(path.stat().st_size for path in wheels) / MB
    sums = "".join(f"{_digest(path)}  {path.name}\n" for path in wheels)
    (folder / SUMS).write_text(sums, encoding="ascii")
    text = readme(aim, len(wheels), size)
    (folder / README).write_text(text, encoding="ascii")
    shutil.rmtree(unfinished)
    return size


def refuse(folder):
    """Refuse a folder that holds anything but a wheelhouse, whole or unfinished; or no uv.

    Errors: ValueError.
    """
    _uv()
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ValueError(f"{folder} is a file; name a folder that is new or empty.")
    made = folder / README
    ours = made.is_file() and made.read_text("utf-8", "replace").startswith(TITLE)
    others = [
        path.name
        for path in folder.iterdir()
        if path.name not in (UNFINISHED, SUMS, README) and path.suffix != ".whl"
    ]
    if any(folder.iterdir()) and (others or not (ours or (folder / UNFINISHED).is_dir())):
        raise ValueError(f"{folder} holds other files; name a folder that is new or empty.")


def _begin(folder, aim):
    """The folder of what is loaded so far; what was loaded for another aim is dropped."""
    unfinished = folder / UNFINISHED
    whom = unfinished / "for.txt"
    if whom.exists() and whom.read_text("utf-8") != str(aim):
        shutil.rmtree(unfinished)
    unfinished.mkdir(parents=True, exist_ok=True)
    whom.write_text(str(aim), encoding="utf-8")
    return unfinished


# ---- what is needed, and loading it ---------------------------------------------------


def _resolve(wheel, aim, unfinished):
    """The requirements, each one version with its files' digests, as a list of texts."""
    asked = unfinished / "asked.in"
    extra = "" if aim.light else "[keras]"
    asked.write_text(f"sgd-course{extra} @ {wheel.resolve().as_uri()}\n", encoding="utf-8")
    command = [*_uv(), "pip", "compile", "--quiet", "--no-config", "--no-header", "--no-annotate"]
    command += ["--generate-hashes", "--only-binary", ":all:", "--no-emit-package", "sgd-course"]
    command += ["--python-version", aim.python, "--python-platform", PLATFORMS[aim.platform].uv]
    command += ["--constraints", str(paths.constraints()), str(asked)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        none = "No solution found" in done.stderr
        why = _no_wheel(aim) if none else "Which wheels are needed could not be asked for."
        raise _failed("uv", done.stderr, why)
    return [text.strip() for text in done.stdout.replace("\\\n", " ").splitlines() if text.strip()]


def _failed(program, said, why):
    """The error for what uv or pip could not do; a full disk is told as such."""
    if os.strerror(errno.ENOSPC) in said:
        return OSError(errno.ENOSPC, f"{os.strerror(errno.ENOSPC)}; what has come is kept there")
    again = "" if "can be had" in why else " Type the same again: it goes on with what is there."
    return ValueError(f"{why}{again} {program} says:\n{said.strip()}")


def _no_wheel(aim):
    less = "" if aim.light else " Where it is TensorFlow that has none, add --light."
    system = PLATFORMS[aim.platform].words
    return f"Not all wheels can be had for Python {aim.python} on {system}.{less}"


def _uv():
    """The command that starts uv. Errors: ValueError where it is not installed."""
    try:
        from uv import find_uv_bin

        return [find_uv_bin()]
    except (ImportError, FileNotFoundError):
        if found := shutil.which("uv"):
            return [found]
    raise ValueError(
        "uv works out which wheels another computer needs, and is not installed here; "
        f"type: {sys.executable} -m pip install uv"
    )


def _load_all(asked, unfinished, aim):
    """Load what is not there yet, or not whole; yields the names of all files."""
    there = {_digest(path): path.name for path in unfinished.glob("*.whl")}
    to_load = []
    for text in asked:
        found = [there[digest] for digest in re.findall(r"sha256:(\w+)", text) if digest in there]
        yield from found
        to_load += [] if found else [text]
    for at in range(0, len(to_load), AT_ONCE):
        yield from _load(to_load[at : at + AT_ONCE], unfinished, aim)


def _load(asked, unfinished, aim):
    """Load some wheels, and let them count only when all of them are whole; their files' names."""
    listed, part = unfinished / "asked.txt", unfinished / "part"
    shutil.rmtree(part, ignore_errors=True)
    listed.write_text("\n".join(asked) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--dest", str(part)]
    command += ["--implementation", "cp", "--python-version", aim.python, "-r", str(listed)]
    for tag in PLATFORMS[aim.platform].tags:
        command += ["--platform", tag]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise _failed("pip", done.stderr, "Not all wheels have come.")
    names = [path.name for path in part.glob("*.whl")]
    for name in names:
        shutil.move(part / name, unfinished / name)
    return names


def _digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ---- README.txt -----------------------------------------------------------------------


def readme(aim, count, size):
    """What README.txt says: whom it is for, two lines that install, two that begin.

    count: of wheels; size: MB.
    """
    python, where, shell = f"python{aim.python}", "~/sgd-course/bin", "a terminal"
    make_it, check = f"{python} -m venv ~/sgd-course", f"sha256sum --check --quiet {SUMS}"
    if aim.platform == "windows":
        where, shell = r"& $HOME\sgd-course\Scripts", "PowerShell"
        make_it, check = rf"py -{aim.python} -m venv $HOME\sgd-course", ""
        slash = "\\"
    else:
        slash = "/"
    if aim.platform.startswith("macos"):
        check = f"shasum -a 256 --check --quiet {SUMS}"
    how_much = "chapters 00 to 10" if aim.light else "with Keras and TensorFlow"
    lines = [
        f"{TITLE} {course.__version__}, {how_much},",
        f"for Python {aim.python} on {PLATFORMS[aim.platform].words}: "
        f"{count} wheels, {size:.0f} MB. No network is needed.",
        "",
        f"1. Install. Open {shell} in this folder and type these two lines:",
        "",
        f"   {make_it}",
        f"   {where}{slash}python -m pip install --no-index --find-links . {aim.course}",
        "",
        "2. Begin. In a folder of your own:",
        "",
        f"   {where}{slash}course start my-course",
        f"   {where}{slash}course lab my-course",
        "",
    ]
    if check:
        lines += [f"Whether all files have arrived whole: {check}", ""]
    else:
        lines += [f"{SUMS} has the digest of each file; Get-FileHash shows that of one.", ""]
    return "\n".join(lines)
