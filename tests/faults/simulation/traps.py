"""Where the power of a machine goes: at a commit, before it is on disk or just after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from sqlalchemy import Connection, Engine, event

from tests.faults.simulation.network import Died

When = Literal["", "before", "after"]


class Trap:
    """Watches the writing commits of one machine; `fate` says of each whether the machine lives through it."""

    def __init__(self) -> None:
        self.fate: Callable[[], When] = lambda: ""
        self._doomed, self._off = False, False

    def watch(self, engine: Engine) -> None:
        """Watch this database too."""
        event.listen(engine, "commit", self._commits)
        event.listen(engine, "begin", self._begins)

    def _commits(self, connection: Connection) -> None:
        if self._off or not connection.get_execution_options().get("writes"):
            return
        when = self.fate()
        if when == "before":
            raise Died
        self._doomed = self._doomed or when == "after"

    def _begins(self, _connection: Connection) -> None:
        self.spring()

    def spring(self) -> None:
        """Die now if the last commit was the last."""
        if self._doomed and not self._off:
            self._doomed = False
            raise Died

    def reset(self) -> None:
        """The machine stands again."""
        self._doomed = False

    @contextmanager
    def off(self) -> Iterator[None]:
        """Nothing dies meanwhile: the world only looks, or acts where a death is another matter."""
        before, self._off = self._off, True
        try:
            yield
        finally:
            self._off = before
