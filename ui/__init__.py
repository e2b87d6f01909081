"""The window: theme, widgets, access, tasks, screens. Screens are given functions and never import the database."""

import ctypes
import sys

if sys.version_info < (3, 12):
    # The wheels of PySide6 6.12.0 give back None, True and False without counting the reference. That is right from
    # Python 3.12 on, where these never die; on 3.11 every call takes a reference away until, after some thousand
    # calls, the interpreter aborts ("deallocating None"). So they get more references than could ever be taken.
    for _constant in (None, True, False, NotImplemented, ...):
        ctypes.c_ssize_t.from_address(id(_constant)).value += sys.maxsize // 2
