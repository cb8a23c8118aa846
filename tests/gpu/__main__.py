"""`python -m tests.gpu`: under every backend that is here; the tables of docs/performance.md."""

import importlib.util
import json
import os
import sys

from rich import box, print
from rich.table import Table

from tests import waiting


def run(backend, *options):
    """What `one_backend` found under a backend, as a dictionary; None where it is not installed.

    Errors: RuntimeError with the end of what it wrote where it fails.
    """
    if importlib.util.find_spec(backend) is None:
        return None
    command = [sys.executable, "-m", "tests.gpu.one_backend", *options]
    environment = os.environ | {"KERAS_BACKEND": backend, "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}
    if environment.get("CUDA_VISIBLE_DEVICES") == "-1":  # as all other tests have it
        del environment["CUDA_VISIBLE_DEVICES"]
    done = waiting.run(command, seconds=3600, env=environment)
    if done.returncode:
        raise RuntimeError(f"{backend}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def main():
    """Print a table of differences and one of times for each backend."""
    for backend in ("tensorflow", "jax", "torch"):
        found = run(backend, *sys.argv[1:])
        if found is None or "apart" not in found:
            print(f"{backend}: {'not installed' if found is None else 'no GPU'}; skipped.")
            continue
        where = f"{backend} on {found['device'] or 'the CPU'}"
        table = Table(title=f"{where}: ulp apart after 6 calls", box=box.MARKDOWN)
        for head in ("arguments", *found["apart"]):
            table.add_column(head)
        for case in found["apart"]["float32"]:
            table.add_row(case, *(f"{each[case]:.2f}" for each in found["apart"].values()))
        print(table)
        table = Table(title=f"{where}: milliseconds a step", box=box.MARKDOWN)
        for head in ("workload", "arguments", "mode", "Keras", "ours", "floor", "ours / floor"):
            table.add_column(head)
        for *what, keras_, ours, floor in found["speed"]:
            table.add_row(
                *what, f"{keras_:.3g}", f"{ours:.3g}", f"{floor:.3g}", f"{ours / floor:.2f}"
            )
        print(table)


if __name__ == "__main__":
    main()
