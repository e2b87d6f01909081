"""A crash must not leave the desk's memory, names and keys in it, on the disk (security 35)."""

from __future__ import annotations

import ctypes
import sys

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def off() -> None:
    """No core file of this process, nor a copy handed to a crash reporter. Called first at start.

    Windows writes none unless an administrator asks for them; nothing is done there.
    """
    if sys.platform == "win32":
        return
    import resource  # exists on POSIX alone

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # a reporter behind core_pattern's pipe isn't bound by the limit
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
