"""One running copy a data folder: the second asks the first to come forward, and stops."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop.domain.faults import Known

_ANSWER_MS = 500


class SingleInstance(QObject):
    """Holds the data folder's lock while it lives. `called` is sent when a second copy was started."""

    called = Signal()

    def __init__(self, lock: Path, parent: QObject | None = None) -> None:
        """Raises Known("already-running") if a copy works in that folder, after calling it forward;
        Known("data-folder-unusable") if the lock can't be written."""
        super().__init__(parent)
        self._lock = QLockFile(str(lock))
        self._lock.setStaleLockTime(0)  # never by age: a desk runs all day; a lock of a dead process is taken over
        name = _channel(lock)
        if not self._lock.tryLock(0):
            if self._lock.error() is QLockFile.LockError.LockFailedError:
                _call(name)
                raise Known("already-running")
            raise Known("data-folder-unusable")
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        # takes the place of a socket a killed copy left; should it fail, a second copy still stops, only uncalled
        self._server.listen(name)

    def release(self) -> None:
        """Let another copy start."""
        self._server.close()
        self._lock.unlock()

    @Slot()
    def _answer(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.disconnected.connect(caller.deleteLater)
            caller.disconnectFromServer()
            self.called.emit()


def held(lock: Path) -> bool:
    """Whether a living copy holds the lock of a data folder."""
    trial = QLockFile(str(lock))
    trial.setStaleLockTime(0)
    if not trial.tryLock(0):
        return True
    trial.unlock()
    return False


def _channel(lock: Path) -> str:
    """A short name, the same for every spelling of one folder: socket paths have about 100 bytes."""
    return "pishkhan-" + hashlib.sha256(str(lock.resolve()).encode("utf-8")).hexdigest()[:24]


def _call(name: str) -> None:
    caller = QLocalSocket()
    caller.connectToServer(name)
    caller.waitForConnected(_ANSWER_MS)
    caller.abort()
