"""The image of `.devcontainer/Dockerfile`, built and run where no registry of images is reached.

python -m tests.image        as root, on Debian, with mmdebstrap and buildah installed

A fresh Debian root, made from Debian's packages, takes the place of the image that the Dockerfile
names; buildah carries out the Dockerfile itself, in a chroot. Then the image's own command starts,
and the page that it prints must answer.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from tests import waiting

ROOT = Path(__file__).parent.parent
DOCKERFILE = ROOT / ".devcontainer" / "Dockerfile"
#: What this machine needs to reach its packages, if it has it: lent to the build, not kept.
LENT = ("/etc/ssl/certs", "/etc/pip.conf")


def base():
    """The image that the Dockerfile begins with, such as "debian:bookworm-slim"."""
    return re.search(r"^FROM (\S+)$", DOCKERFILE.read_text("utf-8"), re.M).group(1)


class Store:
    """Images and containers in a folder of their own, so that nobody else's are touched."""

    def __init__(self, folder):
        self.options = ["--root", f"{folder}/images", "--runroot", f"{folder}/run"]

    def buildah(self, *arguments, seconds=1800):
        """Run one command of buildah; returns its last line."""
        command = ["buildah", *self.options, *map(str, arguments)]
        done = waiting.run(command, seconds=seconds)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
        return done.stdout.strip().rpartition("\n")[2]


def debian(store, folder):
    """A fresh Debian root under the name that the Dockerfile's base has, in the store."""
    name, suite = base(), re.search(r":(\w+)", base()).group(1)
    root = folder / "root.tar"
    make = ["mmdebstrap", "--quiet", "--variant=minbase", "--include=ca-certificates", suite, root]
    done = waiting.run(make, seconds=1800)
    assert done.returncode == 0, done.stderr
    container = store.buildah("from", "scratch")
    store.buildah("add", container, root, "/")
    store.buildah("commit", "--rm", container, f"localhost/{name}")
    root.unlink()
    return f"localhost/{name}"


def build(store, start, *options):
    """Carry out the Dockerfile on that image; the new one is called sgd-course."""
    lent = [f"--volume={path}:{path}:ro" for path in LENT if os.path.exists(path)]
    how = ["--isolation=chroot", "--layers=false", f"--from={start}", *lent, *options]
    store.buildah("build", *how, f"--file={DOCKERFILE}", "--tag=sgd-course", ROOT)
    return "localhost/sgd-course"


def opened(store, image):
    """Start the image's own command; returns the status of the page that it prints."""
    container = store.buildah("from", image)
    asked = "{{range .OCIv1.Config.Cmd}}{{.}}\n{{end}}"
    command = waiting.run(["buildah", *store.options, "inspect", f"--format={asked}", container])
    run = ["buildah", *store.options, "run", "--isolation=chroot", container, "--"]
    process = subprocess.Popen(
        [*run, *command.stdout.strip().split("\n")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    said = waiting.Said(process)
    try:
        address = said.until(r"http://\S+?(:\d+/lab/tree/\S+)(?=\s)", 300)[1]
        with urllib.request.urlopen(f"http://127.0.0.1{address}", timeout=60) as page:
            return page.status
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)
        process.stdout.close()


def main(*options):
    """Build, run, say what came of it; returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="course-image-") as folder:
        store = Store(folder)
        print(f"A fresh Debian root for {base()} ...", flush=True)
        start = debian(store, Path(folder))
        print("The Dockerfile, step by step ...", flush=True)
        image = build(store, start, *options)
        print("Its own command ...", flush=True)
        status = opened(store, image)
        print(f"The page that it prints answers: {status}.")
        store.buildah("rmi", "--all", "--force")
    return status != 200


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
