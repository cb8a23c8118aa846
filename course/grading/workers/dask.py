"""Marking on many machines, by Dask: its scheduler hands each paper to a worker that is free.

A worker that dies costs only the paper in its hands, which another one takes.
"""

from contextlib import contextmanager

RETRIES = 2  # of Dask's own, for a paper whose worker raised; those of a dead one are its own
PATIENCE = 15.0  # seconds until a scheduler must have answered


@contextmanager
def workers_of(address):
    """An executor whose workers are those of the Dask scheduler at `address`.

    Errors: ValueError, a sentence, where Dask is missing, nobody answers, or nobody works.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ValueError(
            'A scheduler needs Dask, which is missing: pip install ".[cluster]"'
        ) from None
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError, TypeError) as problem:
        reason = str(problem).partition("\n")[0]
        raise ValueError(f"There is no Dask scheduler at {address}: {reason}") from None
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise ValueError(f"The scheduler at {address} has no workers; start some, then again.")
        yield client.get_executor(retries=RETRIES, pure=False)
