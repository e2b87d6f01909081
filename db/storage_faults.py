"""From what SQLite, or the disk itself, says to what a person can do about it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from desktop.domain.faults import Known

# The low byte of SQLite's result code, https://sqlite.org/rescode.html
_NAMED = {
    5: "database-busy",  # BUSY
    6: "database-busy",  # LOCKED
    8: "database-readonly",  # READONLY
    10: "database-unreachable",  # IOERR
    11: "database-damaged",  # CORRUPT, and any page whose HMAC fails
    13: "disk-full",  # FULL
    14: "database-unreachable",  # CANTOPEN
    26: "database-damaged",  # NOTADB: the key was proven by the vault, so it is the file
}

# What the small files beside the database meet.
_OF_THE_DISK = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EROFS: "database-readonly",
    errno.EIO: "database-unreachable",
}


def named(error: BaseException) -> Known | None:
    """The fault behind an error of driver, SQLAlchemy or disk, or None if it is a bug or a broken constraint."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OSError):
        of_the_disk = _OF_THE_DISK.get(cause.errno or 0)
        return None if of_the_disk is None else Known(of_the_disk)
    code = getattr(cause, "sqlite_errorcode", None)
    fault = _NAMED.get(code & 0xFF) if isinstance(code, int) else None
    return None if fault is None else Known(fault)


@contextmanager
def naming(*, but: str = "") -> Iterator[None]:
    """Raise `Known` for the storage faults of what runs inside; everything else passes, the fault `but` too."""
    try:
        yield
    except (DBAPIError, dbapi2.Error, OSError) as error:
        fault = named(error)
        if fault is None or fault.code == but:
            raise
        raise fault from error
