"""What a process takes from itself before it opens a foreign file; what is taken never comes back.

Everywhere: how much memory, processor, and disk it may use. On Linux also: no file but those named (Landlock), no
network, no other program, no other process, no one's rights (seccomp). Where the system has one of these not, the
others stand.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import platform
import struct
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
    import resource
except ImportError:  # Windows
    fcntl = resource = None  # type: ignore[assignment]

MEGABYTE = 1024 * 1024
_SET_PIPE_SIZE = 1031


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost.

    Attributes:
        seconds: of processor.
        memory: in bytes; never more than three quarters of what the machine has.
        silence: seconds without a word after which nobody waits any longer.
        file_bytes: how large a file it may write, unpacked from an archive.
        files: open at once.
    """

    seconds: int
    memory: int = 4096 * MEGABYTE
    silence: int = 600
    file_bytes: int = 4096 * MEGABYTE
    files: int = 256


def limits_for(size: int) -> Limits:
    """What a file of so many bytes may cost: a small one must not hold a visitor's place for long."""
    seconds = 60 + 20 * size // MEGABYTE
    return Limits(seconds, silence=min(600, 2 * seconds))


def limit(limits: Limits) -> None:
    """Bound what this process may use; should the machine run out of memory, it is the first to go."""
    if resource is None:
        return
    memory = min(limits.memory, max(_physical() * 3 // 4, 1024 * MEGABYTE))
    wanted = {
        resource.RLIMIT_CORE: 0, resource.RLIMIT_AS: memory, resource.RLIMIT_CPU: limits.seconds,
        resource.RLIMIT_FSIZE: limits.file_bytes, resource.RLIMIT_NOFILE: limits.files,
    }  # fmt: skip
    for what, most in wanted.items():
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # A process that is out of time is told so first, so that who waits for it can tell why it ended.
        last = most + 5 if what == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else most
        # macOS does not know every one of them.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, last))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _physical() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0


def end_with(descriptor: int) -> None:
    """Let the system end this process when the other end of a pipe is closed, however its owner ended.

    A library in the middle of its work would not notice. Unlike the parent's death signal, this does not mistake the
    end of a thread for it.
    """
    if sys.platform == "linux":
        fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)


def widen(descriptor: int) -> None:
    """Make a pipe wide, so that who fills it can run ahead of who empties it."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, _SET_PIPE_SIZE, MEGABYTE)


# ---- Linux ----------------------------------------------------------------------------------------------

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ, _LIST = 1 << 2, 1 << 3
_EVERY_RIGHT = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many rights each version of Landlock knows
_NET_FROM, _SCOPE_FROM = 4, 6
_OF_A_FILE = 1 << 1 | _READ | 1 << 14  # write, read, truncate: what a rule for a single file may name


def _system(*arguments: int | bytes | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return int(libc.syscall(*(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments)))


def close_off(readable: Iterable[Path], listable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """Leave this process nothing to open but these files, these folders to write in, and Python itself.

    Args:
        readable: files and folders to be read, with all that is in them.
        listable: folders whose files may be told by their names.
        writable: folders.

    Returns:
        Whether the system could do it.
    """
    if sys.platform != "linux" or (version := _system(_CREATE_RULESET, None, 0, 1)) < 1:
        return False
    handled = (1 << _EVERY_RIGHT.get(version, 16)) - 1
    net = 3 if version >= _NET_FROM else 0
    scope = 3 if version >= _SCOPE_FROM else 0
    size = 24 if version >= _SCOPE_FROM else 16 if version >= _NET_FROM else 8
    rules = _system(_CREATE_RULESET, struct.pack("<QQQ", handled, net, scope), size, 0)
    if rules < 0:
        return False
    for path in [*_needed(), *readable]:
        _allow(rules, path, _READ | _LIST)
    for path in listable:
        _allow(rules, path, _LIST)
    for path in writable:
        _allow(rules, path, handled & ~1)  # nothing there is ever run
    _allow(rules, Path(os.devnull), 1 << 1 | _READ)
    _prctl(_NO_NEW_PRIVILEGES, 1)
    done = _system(_RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return done


def _allow(rules: int, path: Path, rights: int) -> None:
    try:
        opened = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    except OSError:
        return
    rights = rights if path.is_dir() else rights & _OF_A_FILE
    _system(_ADD_RULE, rules, 1, struct.pack("<Qi", rights, opened), 0)
    os.close(opened)


def _needed() -> list[Path]:
    """What Python and the libraries lie in, never the folder above: a register may lie beside them."""
    names = (
        "numpy", "shapely", "pyproj", "pyogrio", "fiona", "orjson", "python_calamine", "PIL",
        "pikepdf", "lxml", "typst", "pmtiles",
    )  # fmt: skip
    found = [
        Path(spec.origin).parent.parent for name in names if (spec := importlib.util.find_spec(name)) and spec.origin
    ]
    found += [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]
    own = Path(__file__).resolve().parents[2]
    found += [own, own.parent / "data"]
    system = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/etc/ld.so.cache")
    return [*found, *map(Path, system), *map(Path, ("/usr/share/zoneinfo", "/dev/urandom"))]


def _prctl(what: int, *arguments: int | bytes) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    filled = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in arguments]
    return int(libc.prctl(what, *filled, *[ctypes.c_ulong(0)] * (4 - len(filled))))


# Per machine: how the kernel calls it, and the numbers of: sockets; other programs; other processes and their memory;
# rights, owners and extras of files, which Landlock does not guard; mounts, keys, and ways around all this.
_MACHINES: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, (
        41, 42, 43, 44, 46, 49, 50, 53, 288, 307,
        57, 58, 59, 322,
        62, 101, 129, 200, 297, 302, 310, 311, 424, 434, 438,
        90, 91, 92, 93, 94, 132, 188, 189, 190, 197, 198, 199, 235, 260, 261, 268, 280, 452,
        155, 161, 165, 166, 248, 249, 250, 272, 298, 304, 308, 321, 323, 425, 426, 427, 428, 429, 430,
    )),
    "aarch64": (0xC00000B7, (
        198, 199, 200, 201, 202, 203, 206, 211, 242, 269,
        221, 281,
        117, 129, 130, 138, 240, 261, 270, 271, 424, 434, 438,
        5, 6, 7, 14, 15, 16, 52, 53, 54, 55, 88, 452,
        39, 40, 41, 51, 97, 217, 218, 219, 241, 265, 268, 280, 282, 425, 426, 427, 428, 429, 430,
    )),
}  # fmt: skip
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # with EPERM
_FOREIGN_NUMBERS = 0x40000000  # x86_64 answers to a second set of numbers


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def deny_calls() -> bool:
    """Let the kernel refuse what no reader needs; whether it could be asked to."""
    known = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or known is None or sys.maxsize < 2**32:
        return False
    machine, numbers = known
    last = len(numbers) + 1
    # Each step: what, how many to pass over if so, if not, with what. The last two answer.
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 0, last + 2, machine), (_LOAD, 0, 0, 0), (_AT_LEAST, last, 0, _FOREIGN_NUMBERS)]
    steps += [(_EQUAL, len(numbers) - i, 0, number) for i, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    packed = b"".join(struct.pack("<HBBI", *step) for step in steps)
    program = _Program(len(steps), packed)
    _prctl(_NO_NEW_PRIVILEGES, 1)
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(
        libc.prctl(
            _SET_SECCOMP, ctypes.c_ulong(_FILTER_MODE), ctypes.byref(program), ctypes.c_ulong(0), ctypes.c_ulong(0)
        )
        == 0
    )
