"""Where the time of a push goes: each moment counts for the innermost part it was spent in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from sqlalchemy import Connection, Engine, Table

from desktop import wire
from desktop.seal import commits, requests, signing
from desktop.sync.http import Line
from server import app, inbox, judging, shapes, store
from server.ledger import Ledger

PARTS = (
    "desk", "http", "signatures", "decode", "judge", "fold", "documents", "change rows", "commit rows", "feed rows",
    "reads", "commit", "rest",
)  # fmt: skip
_ROWS = {"change": "change rows", "signed_commit": "commit rows", "feed": "feed rows", "document": "documents"}


class Watch:
    """Milliseconds by part. The desk's own thread has two, `desk` and `http`; the province's work is no part of `http`.

    What the province does outside every named part is `rest`.
    """

    def __init__(self) -> None:
        self.ms = dict.fromkeys(PARTS, 0.0)
        self._here = threading.local()
        self._desk = threading.get_ident()

    def around(self, part: str | Callable[..., str], whole: Callable[..., Any]) -> Callable[..., Any]:
        """`whole`, counted for its part, which may be told by its arguments."""

        def timed(*words: Any, **named: Any) -> Any:
            name = part if isinstance(part, str) else part(*words)
            if (threading.get_ident() == self._desk) != (name in ("desk", "http")):
                return whole(*words, **named)
            outer, self._here.inner = getattr(self._here, "inner", None), 0.0
            begun = time.perf_counter()
            try:
                return whole(*words, **named)
            finally:
                took = (time.perf_counter() - begun) * 1000
                self.ms[name] += took - self._here.inner
                self._here.inner = None if outer is None else outer + took
                if outer is None and name not in ("desk", "http"):
                    self.ms["http"] -= took  # the desk waited for it

        return timed


def _statement(_connection: object, statement: Any, *_rest: object) -> str:
    """Which part a statement is: a read, or a change of some rows."""
    if getattr(statement, "is_select", False):
        return "reads"
    return _ROWS.get(getattr(getattr(statement, "table", None), "name", ""), "rest")


def _rows(_connection: object, table: Table, *_rest: object) -> str:
    """Which part new rows are."""
    return _ROWS.get(table.name, "rest")


@contextmanager
def watched(engine: Engine) -> Iterator[Watch]:
    """Everything in this process counts while it lasts; `engine` is the province's."""
    watch = Watch()
    places: list[tuple[str | Callable[..., str], Any, str]] = [
        ("http", Line, "send"), ("rest", app.Doors, "push"), ("signatures", signing, "verify"),
        ("signatures", requests, "verify"), ("decode", wire, "unpack"), ("decode", shapes, "commit"),
        ("decode", commits, "proven_by_desk"), ("judge", judging, "reason"), ("judge", judging, "proven_by"),
        ("fold", Ledger, "refold"), ("documents", Ledger, "_settle"), ("change rows", inbox, "_store"),
        ("reads", Ledger, "load"), ("reads", Ledger, "load_staff"), (_statement, Connection, "execute"),
        (_rows, store, "put"), ("commit", engine.dialect, "do_commit"),
    ]  # fmt: skip
    with ExitStack() as stack:
        for part, where, name in places:
            stack.enter_context(mock.patch.object(where, name, watch.around(part, getattr(where, name))))
        yield watch
