"""Marking in containers: each worker is one, without network and with nothing to write to.

For systems without Landlock, and as one more wall around it where there is.
"""

import os
import shutil

from course.grading.workers.pipe import Workers

ENGINES = ("podman", "docker")
MEMORY = 4096  # MB for a whole container: TensorFlow, and the submission that it runs


class Containers(Workers):
    """An executor whose `jobs` threads speak to one container each; they start when needed.

    image:  of an installed course; docs/instructors.md says how to build it.
    Errors: ValueError, a sentence, where there is neither podman nor docker.
    """

    name, holds = "container", "a container"

    def __init__(self, image, jobs=None, command=None):
        super().__init__(jobs or os.cpu_count() or 1, command or run_command(image))


def run_command(image):
    """The command that runs a worker in a container of an image."""
    engine = next((name for name in ENGINES if shutil.which(name)), None)
    if engine is None:
        raise ValueError("--container needs podman or docker, and neither was found.")
    return [
        engine,
        *("run", "--rm", "--interactive", "--network=none", "--read-only"),
        *("--user=65534:65534", "--cap-drop=all", "--security-opt=no-new-privileges"),
        "--pids-limit=256",
        *(f"--memory={MEMORY}m", "--tmpfs=/tmp:rw,size=256m", "--env=HOME=/tmp"),
        *(image, "python", "-m", "course.grading.workers.serve"),
    ]
