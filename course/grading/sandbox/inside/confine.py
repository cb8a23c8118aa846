"""Confinement: what a child may no longer do, in layers; each is one function, each by itself.

A level is the layers that it names. Whatever cannot be put on raises, and then no answer runs.
The three calls of Landlock are made through `ctypes`: its one package is an early version of
years ago, and knows neither the network nor signals. seccomp comes from libseccomp, by pyseccomp.
"""

import contextlib
import ctypes
import errno
import os
import resource
import signal
import struct

LEVELS = {
    "none": (),
    "landlock": ("landlock", "seccomp", "limits"),
    "namespaces": ("landlock", "seccomp", "limits", "namespaces"),
}
WRITTEN = 8_000_000  # bytes of one file; the only ones are those that a child's streams lead to
OPEN = 64  # files
CPU_GRACE = 5  # seconds of the processor between the signal that may be ignored and the end

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_SET_PDEATHSIG, _SET_CHILD_SUBREAPER, _SET_NO_NEW_PRIVS = 1, 36, 38


def _call(function, *arguments):
    """Make a call of libc's; errors: OSError."""
    wide = [each if isinstance(each, bytes) else ctypes.c_long(each) for each in arguments]
    result = function(*wide)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{function.__name__}: {os.strerror(number)}")
    return result


def _syscall(number, *arguments):
    return _call(_libc.syscall, number, *arguments)


# ---- forking --------------------------------------------------------------------------


def fork(layers, work):
    """Fork a child that does `work` and ends; returns its number. `layers` as in LEVELS.

    With "namespaces", `enter_namespaces` must have come before. Errors: OSError.
    """
    if "namespaces" not in layers:
        return _fork(work)
    # The first process of a PID namespace is a grandchild; the fork server inherits it.
    _call(_libc.prctl, _SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    (ready, tell), (wait, go) = os.pipe(), os.pipe()
    between = _fork(lambda: _fork_in_namespaces(lambda: os.read(wait, 1) and work(), tell))
    os.waitpid(between, 0)
    os.close(tell)
    said = os.read(ready, 1000)
    if said.isdigit():
        os.write(go, b"!")  # only now is the fork server the one whose death ends the child
    for each in (ready, wait, go):
        os.close(each)
    if not said.isdigit():
        raise OSError(said.decode("utf-8", "replace"))
    return int(said)


def _fork(work):
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    finally:
        os._exit(0)  # whatever happens, a child never goes on as its parent


def _fork_in_namespaces(work, tell):
    try:
        _call(_libc.unshare, _NEW_PID)
        said = str(_fork(work))
    except OSError as problem:
        said = f"No PID namespace: {problem}"
    os.write(tell, said.encode())


_NEW_PID = 0x20000000
_NEW_OTHERS = 0x10000000 | 0x40000000 | 0x00020000 | 0x08000000 | 0x04000000


def enter_namespaces():
    """Put the fork server into a user, network, mount, IPC and host name namespace.

    Its children are born there, each into a PID namespace of its own. A network namespace takes
    longer to make than a submission to judge; and as no child can leave anything in it, one
    for all is as good as one for each.
    Errors: OSError where there are no user namespaces.
    """
    user, group = os.getuid(), os.getgid()
    _call(_libc.unshare, _NEW_OTHERS)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def hide_all_but(places):
    """Leave nothing in sight but these places: elsewhere not even names, sizes and times.

    Landlock lets a path be looked at that it lets nobody read; so this process, in its own mount
    namespace, moves to a root that holds nothing else.
    Errors: OSError.
    """
    root = os.path.join(os.getcwd(), "root")
    os.mkdir(root)
    _mount(0, b"/", 0, _MS_REC | _MS_PRIVATE)
    _mount(b"tmpfs", os.fsencode(root), b"tmpfs", 0)
    here = os.getcwd()
    for place in [*places, "/proc", here]:
        target = f"{root}{place}"
        os.makedirs(target if os.path.isdir(place) else os.path.dirname(target), exist_ok=True)
        if not os.path.isdir(place):
            with open(target, "x"):
                pass
        _mount(os.fsencode(place), os.fsencode(target), 0, _MS_BIND | _MS_REC)
    os.chdir(root)
    _call(_libc.pivot_root, b".", b".")
    _call(_libc.umount2, b".", _MNT_DETACH)
    os.chdir(here)


def _mount(source, target, kind, flags):
    _call(_libc.mount, source, target, kind, flags, 0)


_MS_BIND, _MS_REC, _MS_PRIVATE, _MNT_DETACH = 4096, 16384, 1 << 18, 2


# ---- the layers -----------------------------------------------------------------------


class Confinement:
    """What is put on each child.

    places: (path, access) of what may still be touched, for Landlock.
    own:    paths under /proc/self that may be read, which are other files in each process.
    """

    def __init__(self, places, own=()):
        self.places = places
        self.own = [(place, READ) for place in own]
        self.rules = self.filter = None

    def make_ready(self, layers):
        """Do once, before the fork, what every child needs; errors: OSError, RuntimeError."""
        if "landlock" in layers and self.rules is None and not self.own:
            self.rules = rules(self.places)
        if "seccomp" in layers and self.filter is None:
            self.filter = syscall_filter()

    def put_on(self, layers, memory, seconds):
        """Confine this process; returns the layers' names as reports say them.

        memory: MB more than the process has now; seconds: of the processor.
        Errors: OSError, RuntimeError.
        """
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _call(_libc.prctl, _SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _call(_libc.prctl, _SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if "limits" in layers:
            limit(memory, seconds)
        if "landlock" in layers:
            made = rules([*self.places, *self.own]) if self.own else self.rules
            _syscall(_RESTRICT_SELF, made, 0)
            os.close(made)
        if layers:
            drop_capabilities()
        if "seccomp" in layers:
            self.filter.load()
        order = {"landlock": "Landlock", "seccomp": "seccomp", "limits": "limits"}
        order["namespaces"] = "namespaces"
        return [name for layer, name in order.items() if layer in layers]


def limit(memory, seconds):
    """Bounds on memory, processor time, and files."""
    with open("/proc/self/statm") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    for what, most in (
        (resource.RLIMIT_AS, now + memory * 1_000_000),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_NOFILE, OPEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    enough = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (enough, enough + CPU_GRACE))


def drop_capabilities():
    """Give up what root may do beyond others; who has no privileges has nothing to lose."""
    header = struct.pack("Ii", 0x20080522, 0)  # version 3, this process
    _call(_libc.capset, header, bytes(24))


# ---- Landlock -------------------------------------------------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every processor
_WRITE_FILE, _READ_FILE, _READ_DIR = 2, 4, 8
READ, WRITE = _READ_FILE | _READ_DIR, _READ_FILE | _WRITE_FILE


def landlock_abi():
    """The version of Landlock that this kernel has; 0 or less for none."""
    return _libc.syscall(*map(ctypes.c_long, (_CREATE_RULESET, 0, 0, 1)))


def rules(places):
    """A set of rules: nothing but `places`, no TCP, no signal and no abstract socket outwards.

    Source: https://docs.kernel.org/userspace-api/landlock.html
    Errors: RuntimeError where the kernel has no Landlock.
    """
    abi = landlock_abi()
    if abi < 1:
        raise RuntimeError("This kernel has no Landlock.")
    files = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}.get(abi, 0xFFFF)
    handled = [files, *[0b11] * (abi >= 4), *[0b11] * (abi >= 6)]  # files, TCP, scopes
    attributes = struct.pack(f"{len(handled)}Q", *handled)
    made = _syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    for place, access in places:
        file = os.open(place, os.O_PATH)
        if not os.path.isdir(place):
            access &= ~_READ_DIR
        _syscall(_ADD_RULE, made, 1, struct.pack("=Qi", access, file), 0)
        os.close(file)
    return made


# ---- seccomp --------------------------------------------------------------------------

#: What NumPy, IPython and TensorFlow were seen to need; whatever is not here fails with EPERM.
ALLOWED = """
    access alarm arch_prctl brk chdir clock_getres clock_gettime clock_nanosleep close close_range
    dup dup2 dup3 epoll_create1 epoll_ctl epoll_pwait epoll_wait eventfd2 exit exit_group faccessat
    faccessat2 fadvise64 fchdir fdatasync fstat fstatfs fsync ftruncate futex futex_waitv getcwd
    getcpu getdents64 getegid geteuid getgid getgroups getitimer getpgrp getpid getppid getpriority
    getrandom getresgid getresuid getrlimit getrusage getsid gettid gettimeofday getuid lseek lstat
    madvise membarrier mincore mmap mprotect mremap munmap nanosleep newfstatat open openat pause
    pipe pipe2 poll ppoll pread64 preadv pselect6 pwrite64 pwritev read readlink readlinkat readv
    restart_syscall rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend
    rt_sigtimedwait sched_get_priority_max sched_get_priority_min sched_getaffinity
    sched_getparam sched_getscheduler sched_yield select set_robust_list setitimer sigaltstack stat
    statfs statx sysinfo time times umask uname write writev
"""
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 1030)  # duplicate, flags, locks; not F_SETOWN, which signals
_IOCTL = (0x5401, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
_CLONE_THREAD, _AF_UNIX = 0x00010000, 1


def syscall_filter():
    """A filter that lets through what computing needs: no process, no network, no signal.

    Threads are let through; whoever waits for the child counts them.
    Errors: RuntimeError where libseccomp is missing.
    """
    try:
        import pyseccomp as sc
    except (ImportError, RuntimeError):
        raise RuntimeError("libseccomp (the package libseccomp2) is missing.") from None

    made = sc.SyscallFilter(sc.ERRNO(errno.EPERM))
    for name in ALLOWED.split():
        # A call that this processor never had, or this libseccomp does not know yet.
        with contextlib.suppress(OSError):
            made.add_rule(sc.ALLOW, name)
    for number in _FCNTL:
        made.add_rule(sc.ALLOW, "fcntl", sc.Arg(1, sc.EQ, number))
    for number in _IOCTL:
        made.add_rule(sc.ALLOW, "ioctl", sc.Arg(1, sc.EQ, number))
    # To ask for one's own limits, not to set them.
    made.add_rule(sc.ALLOW, "prlimit64", sc.Arg(0, sc.EQ, 0), sc.Arg(2, sc.EQ, 0))
    # The wire to the judge: sent without an address and without descriptors.
    made.add_rule(sc.ALLOW, "sendto", sc.Arg(4, sc.EQ, 0))
    made.add_rule(sc.ALLOW, "recvfrom")
    # A pair that leads nowhere but back: asyncio wakes its loop by one.
    made.add_rule(sc.ALLOW, "socketpair", sc.Arg(0, sc.EQ, _AF_UNIX))
    # glibc tries clone3 first, whose flags no filter can see, and falls back to clone on ENOSYS.
    made.add_rule(sc.ERRNO(errno.ENOSYS), "clone3")
    made.add_rule(sc.ALLOW, "clone", sc.Arg(0, sc.MASKED_EQ, _CLONE_THREAD, _CLONE_THREAD))
    return made
