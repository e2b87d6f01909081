"""`recovery`: a locked desk's request on its way to the answer, each step by whoever holds the key for it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.domain.faults import Known
from desktop.seal import keys as sealing
from desktop.seal import recovery_request
from desktop.seal.recovery_request import Asked
from server import config, keys, recoveries, store
from server.order_commands import Ready, Say
from server.recoveries import Told

_MOST = 64 * 1024


class Commands:
    """The command over whatever opens the province and prints."""

    def __init__(self, ready: Ready, say: Say) -> None:
        self._ready, self._say = ready, say

    def add_to(self, command: Callable[[str, Any, str], argparse.ArgumentParser]) -> None:
        """Make it known to the parser."""
        words = "give a locked desk back to its manager: recovery read, approve, answer FILE; recovery key --root ROOT"
        recovery = command("recovery", self.recovery, words)
        recovery.add_argument("what", choices=["read", "approve", "answer", "key"])
        recovery.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the PC's request")
        recovery.add_argument("--by", default="", metavar="NAME", help="approve: which officer")
        recovery.add_argument("--key", type=Path, metavar="FILE", help="approve: the officer's key")
        recovery.add_argument("--heard", default="", metavar="DIGITS", help="approve: the digits read by telephone")
        recovery.add_argument("--root", type=Path, metavar="FILE", help="answer, key: the root key's file")
        recovery.add_argument("--out", type=Path, metavar="FILE", help="answer: where the answer goes")

    def recovery(self, asked: argparse.Namespace) -> None:
        if asked.what == "key":
            keys.add_recovery(asked.data_dir, _given(asked.root))
            self._say({"recovery_key": keys.load(asked.data_dir).recovery_public.hex()})
            return
        {"read": self._read, "approve": self._approve, "answer": self._answer}[asked.what](asked)

    def _read(self, asked: argparse.Namespace) -> None:
        request = _request(asked)
        with self._ready(asked) as (engine, identity), store.reading(engine) as connection:
            self._say(_told(recoveries.look(connection, identity, request, asked.data_dir, config.now_us())))

    def _approve(self, asked: argparse.Namespace) -> None:
        request = _request(asked)
        if _digits(asked.heard) != _digits(recovery_request.fingerprint(request)):
            raise Known("server-recovery-heard")
        with self._ready(asked) as (engine, identity), store.reading(engine) as connection:
            recoveries.must_hold(connection, identity, request, asked.data_dir, config.now_us())
            key = sealing.sign_key(_given(asked.key).read_bytes())
            made = recovery_request.approve(request, asked.by, key, identity.realm)
            told = recoveries.look(connection, identity, made, asked.data_dir, config.now_us())
        if asked.by not in told.officers:
            raise Known("server-recovery-officer", name=asked.by)
        asked.file.write_text(recovery_request.dumped(made), "utf-8")
        self._say({"request": str(asked.file), "approvals": list(told.officers)})

    def _answer(self, asked: argparse.Namespace) -> None:
        request, recovery, out = _request(asked), keys.read_recovery(_given(asked.root)), _given(asked.out)
        if out.exists():
            raise FileExistsError(out)
        with self._ready(asked) as (engine, identity), store.writing(engine) as connection:
            made = recoveries.answer(connection, identity, request, recovery, asked.data_dir, config.now_us())
        keys.write_private(out, made)  # a disk that is full here costs a new request, not a second answer
        self._say({"answer": str(out)})


def _request(asked: argparse.Namespace) -> Asked:
    with _given(asked.file).open("rb") as file:
        data = file.read(_MOST)
    try:
        return recovery_request.loaded(data.decode("utf-8"))
    except ValueError as error:
        raise Known("server-recovery-damaged") from error


def _given(path: Path | None) -> Path:
    if path is None:
        raise Known("server-recovery-file")
    return path


def _digits(text: str) -> str:
    """The digits as typed on any keyboard."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def _told(told: Told) -> dict[str, Any]:
    request = told.request
    return {
        "approvals": list(told.officers), "asked_at": request.at, "centre": request.bound.centre,
        "centre_name": told.centre, "desk": request.bound.desk, "fingerprint": told.fingerprint,
        "generation": request.generation, "manager": told.manager, "phone": told.phone,
        "refused": told.refused, "request": request.request_id, "revoked": told.revoked,
    }  # fmt: skip
