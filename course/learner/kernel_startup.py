"""Run in each kernel that `course lab` starts: `check`, `hint`, `show`, `join` and
`leave` are there from the start.

A check cell then says what to run, also straight after a restart. Nothing is imported until one
of them is called.
"""


def check(name=None):
    """Look at your answer to a task, such as check("04.step")."""
    from course.checks import check

    return check(name)


def hint(name):
    """Print the next hint for a task."""
    from course.checks import hint

    return hint(name)


def show(name):
    """Draw the picture that a task asks about."""
    from course.checks import show

    return show(name)


def join(address, code, name=""):
    """Join a class, by the address and the code that the teacher shows."""
    from course.attendance import join

    return join(address, code, name)


def leave():
    """Leave the class."""
    from course.attendance import leave

    return leave()
