"""What learning platforms hand over: zips, the names that their downloads give, class lists.

`zips` reads a zip without unpacking it, `entries` makes folders and zips look alike to the search
in `submissions`; `moodle` and `canvas` read the names of a download, `downloads` decides where such
a name may be believed; `roster` is the class list.
"""
