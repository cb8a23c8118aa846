"""All that an explorer can show, as tiles that move it where no Python runs.

grids     its states, computed by its own `compute`, fewer where a page should not carry all
packing   the rows of a grid, cut and packed as scripts
"""
