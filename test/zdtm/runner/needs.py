"""What a test may need of the machine, each probed when the first test asks for it."""

import contextlib
import ctypes
import fcntl
import functools
import glob
import mmap
import os
import signal
import socket
import struct

LIBC = ctypes.CDLL(None, use_errno=True)
SYS_MSEAL = 462
SYS_PIDFD_OPEN = 434
PIDFD_THREAD = os.O_EXCL
SO_PEEK_OFF = 42
PTRACE_TRACEME = 0
PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG = 0x4211


def _cpu_flag(flag):
    def probe():
        with open("/proc/cpuinfo") as file:
            return any(flag in line.split() for line in file if line.startswith("flags"))

    return probe


def _capability(bit):
    def probe():
        with open("/proc/self/status") as file:
            for line in file:
                if line.startswith("CapEff:"):
                    return bool(int(line.split()[1], 16) >> bit & 1)
        return False

    return probe


def _page_frames():
    """Page frame numbers are shown to CAP_SYS_ADMIN only; others read zeros."""
    memory = mmap.mmap(-1, mmap.PAGESIZE)
    memory[0] = 1
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    try:
        with open("/proc/self/pagemap", "rb") as file:
            file.seek(address // mmap.PAGESIZE * 8)
            return struct.unpack("Q", file.read(8))[0] & ((1 << 55) - 1) != 0
    except OSError:
        return False


def _mseal():
    """With a length of 0 the call does nothing; an old kernel has no such call."""
    return LIBC.syscall(SYS_MSEAL, ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)) == 0


def _pidfds_of_threads():
    """Linux 6.9."""
    fd = LIBC.syscall(SYS_PIDFD_OPEN, os.getpid(), PIDFD_THREAD)
    if fd >= 0:
        os.close(fd)
    return fd >= 0


def _tcp_peek_offset():
    """Linux 6.9."""
    with socket.socket() as tcp:
        try:
            tcp.getsockopt(socket.SOL_SOCKET, SO_PEEK_OFF)
        except OSError:
            return False
    return True


def _eventfd_mode():
    """In fdinfo, Linux 6.5."""
    fd = os.eventfd(0)
    try:
        with open(f"/proc/self/fdinfo/{fd}") as file:
            return "eventfd-semaphore" in file.read()
    finally:
        os.close(fd)


def _shown_user_dispatch():
    """Linux 6.4."""
    child = os.fork()
    if child == 0:
        LIBC.ptrace(PTRACE_TRACEME, 0, None, None)
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    config = (ctypes.c_uint64 * 4)()
    size = ctypes.c_void_p(ctypes.sizeof(config))
    told = LIBC.ptrace(PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG, child, size, config)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return told == 0


def _user_namespaces():
    try:
        with open("/proc/sys/user/max_user_namespaces") as file:
            return int(file.read()) > 0
    except OSError:
        return False


def _cgroup1_freezer():
    with open("/proc/self/mountinfo") as file:
        return any("- cgroup " in line and "freezer" in line for line in file)


@contextlib.contextmanager
def huge_pages(count):
    """Lets the kernel take so many for as long as this lasts; one run at a time has them."""
    if count == 0:
        yield
        return
    setting = "/proc/sys/vm/nr_overcommit_hugepages"
    with open("/run/lock/crtool.zdtm.huge_pages", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with open(setting) as file:
            before = int(file.read())
        try:
            _write(setting, max(before, count))
            yield
        finally:
            _write(setting, before)


def _write(path, value):
    with contextlib.suppress(OSError), open(path, "w") as file:
        file.write(str(value))


PROBES = {
    "avx": _cpu_flag("avx"),
    "avx512f": _cpu_flag("avx512f"),
    "pku": _cpu_flag("ospke"),
    "fsgsbase": _cpu_flag("fsgsbase"),
    "userns": _user_namespaces,
    "cgroup1_freezer": _cgroup1_freezer,
    "root": lambda: os.geteuid() == 0,
    "page_frames": _page_frames,
    "mseal": _mseal,
    "pidfds_of_threads": _pidfds_of_threads,
    "tcp_peek_offset": _tcp_peek_offset,
    "eventfd_mode": _eventfd_mode,
    "shown_user_dispatch": _shown_user_dispatch,
    "cap_sys_resource": _capability(24),
    "cap_sys_nice": _capability(23),
    "two_cpus": lambda: len(os.sched_getaffinity(0)) > 1,
    "ksm": lambda: os.path.exists("/sys/kernel/mm/ksm/run"),
    "thp": lambda: os.path.exists("/sys/kernel/mm/transparent_hugepage/enabled"),
    "hugetlb": lambda: bool(glob.glob("/sys/kernel/mm/hugepages/hugepages-*")),
    "loop_net": lambda: os.path.exists("/sys/class/net/lo"),
}


@functools.cache
def has(need):
    return PROBES[need]()
