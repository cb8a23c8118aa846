"""What runs on the other side: in the fork server and in the children that it forks.

Nothing here imports `course`, and no answer stands here: these files are started as a script,
`fork_server.py`, in a process in which the course does not exist.
"""
