"""A real province in its own process, on loopback with TLS: `python -m server`, as a province would start it."""

from __future__ import annotations

import http.client
import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Province:
    """A province that answers at `url`; its commands run with the same folder and database."""

    folder: Path
    url: str
    database: str | None

    def command(self, *words: str) -> Any:
        """What a `python -m server` command says, read."""
        return command(self.folder, self.database, *words)

    def page(self) -> str:
        """The status page as a browser is given it. Its certificate is the province's own, met on loopback."""
        where = urlsplit(self.url)
        assert where.hostname is not None
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        line = http.client.HTTPSConnection(where.hostname, where.port, timeout=20, context=context)
        try:
            line.request("GET", "/")
            answer = line.getresponse()
            if answer.status != 200:
                raise RuntimeError(f"the status page answers {answer.status}")
            return answer.read().decode()
        finally:
            line.close()


def command(folder: Path, database: str | None, *words: str) -> Any:
    """Run one command of the province; raises CalledProcessError where it fails."""
    where = ["--data-dir", str(folder), *(["--database", database] if database else [])]
    done = subprocess.run(
        [sys.executable, "-m", "server", *words, *where], check=True, capture_output=True, text=True, timeout=120
    )
    return json.loads(done.stdout)


@contextmanager
def province(
    folder: Path, *, realm: str = "training", centres: dict[str, str], database: str | None = None
) -> Iterator[Province]:
    """Found a province with `centres` (code → name), serve it, stop it at the end."""
    command(
        folder, database, "init", "--province", realm, "--root-out", str(folder.parent / f"{folder.name}-root.json")
    )
    for code, name in centres.items():
        command(folder, database, "centre", "add", code, name)
    where = ["--data-dir", str(folder), *(["--database", database] if database else [])]
    log = (folder.parent / f"{folder.name}-log.txt").open("w", encoding="utf-8")
    serving = subprocess.Popen(
        [sys.executable, "-m", "server", "serve", "--port", "0", *where], stdout=subprocess.PIPE, stderr=log, text=True
    )
    try:
        assert serving.stdout is not None
        said = json.loads(serving.stdout.readline())
        yield Province(folder, said["url"], database)
    finally:
        serving.terminate()
        serving.wait(timeout=30)
        log.close()
        if serving.stdout:
            serving.stdout.close()
