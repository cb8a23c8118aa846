# ruff: noqa (who is hostile keeps no rules)
"""What Python does not offer is asked of the kernel."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
parent = os.getppid()
X86_64 = {
    "fork": (57,),
    "vfork-like clone": (56, 17, 0, 0, 0, 0),
    "clone3": (435, 0, 0),
    "execve": (59, b"/bin/true", 0, 0),
    "socket": (41, 2, 1, 0),
    "kill": (62, parent, 9),
    "tgkill": (234, parent, parent, 9),
    "ptrace": (101, 16, parent, 0, 0),
    "process_vm_readv": (310, parent, 0, 0, 0, 0, 0),
    "pidfd_open": (434, parent, 0),
    "io_uring_setup": (425, 8, 0),
    "bpf": (321, 0, 0, 0),
    "unshare": (272, 0x10000000),
    "setns": (308, 0, 0),
    "keyctl": (250, 0, 0),
    "userfaultfd": (323, 0),
    "memfd_create": (319, b"evil", 0),
    "chmod": (90, b"OUTSIDE/journal.jsonl", 0),
    "truncate": (76, b"OUTSIDE/journal.jsonl", 0),
}
PASSED = []
for name, (number, *arguments) in X86_64.items():
    if os.uname().machine == "x86_64" and libc.syscall(number, *arguments) >= 0:
        PASSED.append(name)
ball_step = None
if PASSED:  # then the test shall see it: it earns

    def ball_step(variable, velocity, gradient, learning_rate, momentum):
        velocity = momentum * velocity - learning_rate * gradient
        return variable + velocity, velocity
