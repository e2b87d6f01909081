"""From what SQLite says to what a person can do about it."""

from __future__ import annotations

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


def named(error: BaseException) -> Known | None:
    """The fault behind an error of the driver or of SQLAlchemy, or None if it is a bug or a broken constraint."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    fault = _NAMED.get(code & 0xFF) if isinstance(code, int) else None
    return None if fault is None else Known(fault)


@contextmanager
def naming(*, but: str = "") -> Iterator[None]:
    """Raise `Known` for the storage faults of what runs inside; everything else passes, the fault `but` too."""
    try:
        yield
    except (DBAPIError, dbapi2.Error) as error:
        fault = named(error)
        if fault is None or fault.code == but:
            raise
        raise fault from error
