"""nbval: its comparison, and a sheet run under it where nothing can be forked."""
