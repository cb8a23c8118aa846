"""Where submissions are judged: processes here, containers, the machines of a Dask cluster."""
