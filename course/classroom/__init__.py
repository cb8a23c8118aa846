"""The live view of a class: one small server on the teacher's machine, one file that holds it all.

schema.py    what is taken, and nothing else
store.py     the file: a line is on the disk before it is acknowledged
counts.py    where the class stands, counted from the lines
guessing.py  wrong codes get slower answers
lesson.py    who is let in, and what is taken of each
answers.py   what is answered over the network; connections.py bounds how much of it
server.py    starts it, with ports.py
page/        the projector's page and the teacher's
"""
