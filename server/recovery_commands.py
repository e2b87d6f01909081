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
from desktop.seal.refused import Refused
from server import config, keys, recoveries, shares, store
from server.order_commands import Ready, Say
from server.recoveries import Told

_MOST = 64 * 1024


class Commands:
    """The command over whatever opens the province and prints."""

    def __init__(self, ready: Ready, say: Say) -> None:
        self._ready, self._say = ready, say

    def add_to(self, command: Callable[[str, Any, str], argparse.ArgumentParser]) -> None:
        """Make it known to the parser."""
        words = "give a locked desk back to its manager: recovery read, approve, answer FILE; recovery key, split, join"
        recovery = command("recovery", self.recovery, words)
        recovery.add_argument("what", choices=["read", "approve", "answer", "key", "split", "join"])
        recovery.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the PC's request")
        recovery.add_argument("--by", default="", metavar="NAME", help="approve: which officer")
        recovery.add_argument("--key", type=Path, metavar="FILE", help="approve: the officer's key")
        recovery.add_argument("--heard", default="", metavar="DIGITS", help="approve: the digits read by telephone")
        recovery.add_argument(
            "--root", type=Path, metavar="FILE", help="all but approve: the root key's file, or one half"
        )
        recovery.add_argument("--share", type=Path, metavar="FILE", help="the other half: split writes it")
        recovery.add_argument("--out", type=Path, metavar="FILE", help="where the answer, the half, the whole goes")

    def recovery(self, asked: argparse.Namespace) -> None:
        steps: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
            "read": self._read, "approve": self._approve, "answer": self._answer, "split": _split,
            "join": _join, "key": _key,
        }  # fmt: skip
        self._say(steps[asked.what](asked))

    def _read(self, asked: argparse.Namespace) -> dict[str, Any]:
        request = _request(asked)
        with self._ready(asked) as (engine, identity), store.reading(engine) as connection:
            return _told(recoveries.look(connection, identity, request, asked.data_dir, config.now_us()))

    def _approve(self, asked: argparse.Namespace) -> dict[str, Any]:
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
        return {"request": str(asked.file), "approvals": list(told.officers)}

    def _answer(self, asked: argparse.Namespace) -> dict[str, Any]:
        request, recovery, out = _request(asked), keys.recovery_in(_whole(asked)), _given(asked.out)
        if out.exists():
            raise FileExistsError(out)
        with self._ready(asked) as (engine, identity), store.writing(engine) as connection:
            made = recoveries.answer(connection, identity, request, recovery, asked.data_dir, config.now_us())
        keys.write_private(out, made)  # a disk that is full here costs a new request, not a second answer
        return {"answer": str(out)}


def _whole(asked: argparse.Namespace) -> bytes:
    """The root's file, put together in memory where it is kept as two halves."""
    one = _given(asked.root).read_bytes()
    if asked.share is None:
        return one
    try:
        return shares.join(one, asked.share.read_bytes())
    except Refused as error:
        raise Known("server-recovery-halves") from error


def _key(asked: argparse.Namespace) -> dict[str, Any]:
    keys.add_recovery(asked.data_dir, _given(asked.root))
    return {"recovery_key": keys.load(asked.data_dir).recovery_public.hex()}


def _split(asked: argparse.Namespace) -> dict[str, Any]:
    whole = _given(asked.root).read_bytes()
    keys.recovery_in(whole)
    places = _given(asked.out), _given(asked.share)
    for place, half in zip(places, shares.split(whole), strict=True):
        keys.write_private(place, half)
    return {"halves": [str(place) for place in places]}


def _join(asked: argparse.Namespace) -> dict[str, Any]:
    _given(asked.share)
    keys.write_private(_given(asked.out), _whole(asked))
    return {"root": str(asked.out)}


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
