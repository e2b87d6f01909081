"""A real province for a test: its own process's thread, TLS on loopback, SQLite."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from desktop.seal.passwords import Cost
from server import config, enrol, keys, serving, store
from server.keys import Identity
from server.serving import Where
from server.upgrade import upgrade


@dataclass
class Province:
    """A province that runs while its `serving` block does; its database outlives it."""

    folder: Path
    engine: Engine
    identity: Identity
    url: str = ""

    def code(self, centre: str) -> str:
        """An enrolment code."""
        with store.writing(self.engine, centre) as connection:
            return enrol.new_code(connection, centre, config.now_us())

    @contextmanager
    def serving(self, known_as: str = "", port: int = 0) -> Iterator[str]:
        """The address while it answers; `known_as` is a name it has besides its own, `port` where it answered
        before."""
        listener = serving._listener(Where(port=port))
        port = listener.getsockname()[1]
        server = serving.server_on(self.folder, self.engine, self.identity, Where(url=known_as), port)
        ready = threading.Event()
        server.said = ready.set
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            assert ready.wait(20), "the province didn't come up"
            self.url = f"https://127.0.0.1:{port}"
            yield self.url
        finally:
            server.should_exit = True
            thread.join(20)
            listener.close()


@contextmanager
def founded(folder: Path, *centres: str, realm: str = "training") -> Iterator[Province]:
    """A province with these centres."""
    identity = keys.create(folder, realm, folder.with_suffix(".root"))
    engine = store.opened(f"sqlite:///{folder / 'server.db'}")
    try:
        upgrade(engine)
        config.prepare(engine, realm, identity.sign_key)
        with store.writing(engine) as connection:
            for centre in centres:
                enrol.add_centre(connection, centre, f"مرکز {centre}", config.now_us())
        yield Province(folder, engine, identity)
    finally:
        engine.dispose()


def cheap_codes() -> Cost:
    """What a code costs to derive in tests."""
    return Cost(8 * 1024, 1, 1)
