"""`officer` and `order`: a redaction on its way from who asks to who carries it out, each on their own machine."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from desktop.domain.faults import Known
from desktop.seal import keys as sealing
from desktop.seal.refused import Refused
from server import config, keys, orders, store
from server.keys import Identity

Ready = Callable[[argparse.Namespace], AbstractContextManager[tuple[Engine, Identity]]]
Say = Callable[[dict[str, Any]], None]


class Commands:
    """The two commands over whatever opens the province and prints."""

    def __init__(self, ready: Ready, say: Say) -> None:
        self._ready, self._say = ready, say

    def add_to(self, command: Callable[[str, Any, str], argparse.ArgumentParser]) -> None:
        """Make them known to the parser."""
        officer = command("officer", self.officer, "make an officer known who may approve orders: officer add NAME")
        officer.add_argument("what", choices=["add"])
        officer.add_argument("name")
        officer.add_argument(
            "--key-out", required=True, type=Path, metavar="FILE", help="where the key goes: their stick"
        )
        order = command("order", self.order, "take the values of changes away: order ask, approve, sign, carry-out")
        order.add_argument("what", choices=["ask", "approve", "sign", "carry-out"])
        order.add_argument("file", type=Path, metavar="FILE")
        order.add_argument("--changes", nargs="+", metavar="ID", default=[], help="ask: the change ids")
        order.add_argument("--by", default="", metavar="NAME", help="ask, approve: who")
        order.add_argument("--reason", default="", help="ask: why, naming nobody")
        order.add_argument("--key", type=Path, metavar="FILE", help="approve: the officer's key; sign: the root key")

    def officer(self, asked: argparse.Namespace) -> None:
        key = sealing.sign_key()
        try:
            with self._ready(asked) as (engine, _), store.writing(engine) as connection:
                orders.add_officer(connection, asked.name, sealing.public_of(key))
                keys.write_private(asked.key_out, sealing.secret_of(key))
        except FileExistsError:
            raise
        except ValueError as error:
            raise Known("server-officer-exists", name=asked.name) from error
        self._say({"officer": asked.name, "key": sealing.public_of(key).hex()})

    def order(self, asked: argparse.Namespace) -> None:
        {"ask": self._ask, "approve": self._approve, "sign": self._sign, "carry-out": self._carry_out}[asked.what](
            asked
        )

    def _ask(self, asked: argparse.Namespace) -> None:
        if not asked.changes or not asked.by:
            raise Known("server-order-empty")
        made = orders.ask(asked.changes, asked.by, asked.reason, config.now_us())
        keys.write_private(asked.file, orders.dumped(made).encode())
        self._say({"order": str(asked.file), "changes": len(set(asked.changes))})

    def _approve(self, asked: argparse.Namespace) -> None:
        with self._ready(asked) as (_, identity):
            key = sealing.sign_key(_key(asked).read_bytes())
            made = orders.approve(_read(asked.file), asked.by, key, identity.realm)
        asked.file.write_text(orders.dumped(made), "utf-8")
        self._say({"order": str(asked.file), "approvals": [name for name, _ in made.approvals]})

    def _sign(self, asked: argparse.Namespace) -> None:
        realm, root = keys.read_root(_key(asked))
        asked.file.write_text(orders.dumped(orders.sign(_read(asked.file), root, realm)), "utf-8")
        self._say({"order": str(asked.file), "signed": True})

    def _carry_out(self, asked: argparse.Namespace) -> None:
        try:
            with self._ready(asked) as (engine, identity):
                order = _read(asked.file)
                told = orders.carry_out(engine, identity, order, asked.data_dir, config.now_us())
        except Refused as error:
            raise Known("server-order-refused") from error
        self._say({"order": str(asked.file), "centres": told})


def _read(path: Path) -> orders.Asked:
    try:
        return orders.loaded(path.read_text("utf-8"))
    except Refused as error:
        raise Known("server-order-refused") from error


def _key(asked: argparse.Namespace) -> Path:
    if asked.key is None:
        raise Known("server-order-key")
    found: Path = asked.key
    return found
