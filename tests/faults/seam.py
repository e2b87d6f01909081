"""Between SQLite and the system: every write, truncation, sync and removal of its files passes a `Watch`.

SQLite keeps the system behind a table of functions, its VFS (https://sqlite.org/vfs.html); the crash tests of SQLite
stand in the same place. Only what changes a file is taken over; the work itself is still done by
SQLite's own functions.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from typing import Any, Protocol

from sqlcipher3 import _sqlite3

OK, FULL = 0, 13


class Watch(Protocol):
    """What hears of SQLite's files. Each method runs before the deed and answers `OK`, or a fault to give instead."""

    def opened(self, name: str) -> int: ...
    def write(self, name: str, at: int, data: bytes) -> int: ...
    def truncate(self, name: str, size: int) -> int: ...
    def synced(self, name: str) -> int: ...
    def removed(self, name: str, synced: bool) -> int: ...


_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
_CLOSE = CFUNCTYPE(c_int, c_void_p)


class _Methods(Structure):
    """sqlite3_io_methods up to xSync; the rest is carried along unread."""

    _fields_ = (
        ("version", c_int), ("close", _CLOSE), ("read", c_void_p), ("write", _WRITE), ("truncate", _TRUNCATE),
        ("sync", _SYNC), ("rest", c_void_p * 13),
    )  # fmt: skip


class _File(Structure):
    _fields_ = (("methods", POINTER(_Methods)),)


# names are passed on as the pointers they came as: SQLite keeps them, with parameters behind them
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, POINTER(_File), c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)


class _System(Structure):
    """sqlite3_vfs up to xDelete."""

    _fields_ = (
        ("version", c_int), ("file_bytes", c_int), ("longest_path", c_int), ("next", c_void_p), ("name", c_char_p),
        ("app_data", c_void_p), ("open", _OPEN), ("delete", _DELETE),
    )  # fmt: skip


def _system() -> Any:
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = POINTER(_System)
    return library.sqlite3_vfs_find(None).contents


class _Seam:
    """Stands in for the three functions of each file opened while it is in place."""

    def __init__(self, watch: Watch, system: Any) -> None:
        self.watch, self.system = watch, system
        # copies: reading the field again would give the function that stands there by then
        self.open, self.delete = _copy(_OPEN, system.open), _copy(_DELETE, system.delete)
        self.names: dict[int, str] = {}
        self.own: dict[int, tuple[_Methods, _Methods]] = {}
        self.on_open, self.on_delete = _OPEN(self._opened), _DELETE(self._removed)
        self.on_write, self.on_truncate, self.on_sync = _WRITE(self._write), _TRUNCATE(self._cut), _SYNC(self._synced)

    def _opened(self, vfs: int, name: int | None, file: Any, flags: int, out: int) -> int:
        said = _text(name)
        if said and (refused := self.watch.opened(said)):
            return refused
        done = int(self.open(vfs, name, file, flags, out))
        if done == OK and said and file.contents.methods:
            whole = _Methods.from_buffer_copy(file.contents.methods.contents)
            mine = _Methods.from_buffer_copy(whole)
            mine.write, mine.truncate, mine.sync = self.on_write, self.on_truncate, self.on_sync
            at = ctypes.addressof(file.contents)
            self.names[at], self.own[at] = said, (whole, mine)
            _kept.append(mine)
            file.contents.methods = ctypes.pointer(mine)
        return done

    def _write(self, file: int, data: int, size: int, at: int) -> int:
        refused = self.watch.write(self.names[file], at, ctypes.string_at(data, size))
        return refused or int(self.own[file][0].write(file, data, size, at))

    def _cut(self, file: int, size: int) -> int:
        return self.watch.truncate(self.names[file], size) or int(self.own[file][0].truncate(file, size))

    def _synced(self, file: int, flags: int) -> int:
        return int(self.own[file][0].sync(file, flags)) or self.watch.synced(self.names[file])

    def _removed(self, vfs: int, name: int, sync: int) -> int:
        return int(self.delete(vfs, name, sync)) or self.watch.removed(_text(name), bool(sync))


_kept: list[Any] = []  # SQLite may hold a file until the process ends


def _text(name: int | None) -> str:
    return ctypes.string_at(name).decode() if name else ""


def _copy(kind: Any, function: Any) -> Any:
    return kind(ctypes.cast(function, c_void_p).value)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Every file SQLite opens in this block is watched. Close them before it ends."""
    system = _system()
    seam = _Seam(watch, system)
    _kept.append(seam)
    system.open, system.delete = seam.on_open, seam.on_delete
    try:
        yield
    finally:
        system.open, system.delete = seam.open, seam.delete
