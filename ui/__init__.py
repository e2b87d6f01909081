"""The window: theme, widgets, access, tasks, screens. Screens are given functions and never import the database."""

import ctypes
import sys

if sys.version_info < (3, 12):
    # The wheels of PySide6 6.12.0 return None without counting the reference, which is right from Python 3.12 on,
    # where None is immortal, and on 3.11 takes one reference from None with every call: after some thousand calls
    # the interpreter aborts ("deallocating None"). So None is given more references than could ever be taken.
    ctypes.c_ssize_t.from_address(id(None)).value += sys.maxsize // 2
