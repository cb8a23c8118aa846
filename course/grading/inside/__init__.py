"""What runs on the other side: in the warm parent and in the children that it forks.

Nothing here imports `course`, and no answer stands here: these files are started as a script,
`warm.py`, in a process in which the course does not exist.
"""
