"""The wheel of the course itself: built in a clone, else made of the files that it installed."""

import base64
import hashlib
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

from course import paths

#: What an installer has added to the files of a wheel.
ADDED = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")


def own_wheel(folder):
    """Put the wheel of the course into a folder; returns its path.

    Errors: ValueError where pip cannot build it.
    """
    for old in Path(folder).glob("sgd_course-*.whl"):
        old.unlink()
    if paths.is_clone():
        return _built(folder)
    return pack(distribution("sgd-course"), folder)


def _built(folder):
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--wheel-dir", str(folder), str(paths.material())]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        why = "pip could not build the course's own wheel, for which it loads hatchling."
        raise ValueError(f"{why} It says:\n{done.stderr}")
    (wheel,) = folder.glob("sgd_course-*.whl")
    return wheel


def pack(installed, folder):
    """The wheel that a distribution was installed from, made again; returns its path.

    installed: an `importlib.metadata.Distribution` of pure Python.
    """
    name = installed.name.replace("-", "_")
    path = Path(folder) / f"{name}-{installed.version}-py3-none-any.whl"
    record, info = [], ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for file in sorted(filter(_is_of_the_wheel, installed.files)):
            data = file.read_binary()
            wheel.writestr(zipfile.ZipInfo(file.as_posix()), data, zipfile.ZIP_DEFLATED)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{file.as_posix()},sha256={digest},{len(data)}\n")
            if file.name == "METADATA":
                info = file.parent.as_posix()
        record.append(f"{info}/RECORD,,\n")
        wheel.writestr(zipfile.ZipInfo(f"{info}/RECORD"), "".join(record))
    return path


def _is_of_the_wheel(file):
    """Not a script, which is made where it is installed, nor what Python or pip wrote beside it."""
    written = file.parent.suffix == ".dist-info" and file.name in ADDED
    return file.parts[0] != ".." and "__pycache__" not in file.parts and not written
