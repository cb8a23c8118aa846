"""Stands before a package of this name in all that tests start; see tests/conftest.py."""

raise ImportError("Tests do without rfc3987-syntax.")
