"""What is there at the end, as plain JSON: the rows of the province and of every desk, and what `dump` says of them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select, text

from db import feed, verify
from db.models.journal import ChangeRow, CommitRow, LeftPlace, NoticeRow
from desktop import desk as desks
from desktop.actions import dump
from desktop.seal.commits import Sealed
from server import store
from server.store import CENTRE_HEAD, CHANGE, DESK, FEED, SIGNED_COMMIT
from tests.day.province import command
from tests.faults.live import province
from tests.faults.live.deskside import MARKER
from tests.faults.live.plan import CENTRES, PASSWORD, Plan, Seat

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def of_province(plan: Plan) -> None:
    """A file for each centre."""
    engine = province.opened(plan)
    for centre in CENTRES:
        said = command(plan.province, plan.database or None, "dump", "--centre", centre)
        with store.reading(engine) as connection:
            head = connection.execute(select(CENTRE_HEAD.c.head).where(CENTRE_HEAD.c.centre_id == centre)).scalar_one()
            found = {"centre": centre, "head": head, "dump": said, **_tables(connection, centre)}
        plan.dump(f"centre-{centre}").write_text(json.dumps(found, ensure_ascii=False))
    engine.dispose()


def _tables(connection: Connection, centre: str) -> dict[str, Any]:
    rows = {
        table.name: connection.execute(select(table).where(table.c.centre_id == centre)).all()
        for table in (FEED, CHANGE, SIGNED_COMMIT, DESK)
    }
    return {
        "feed": [
            [row.sseq, row.length, row.desk_id, row.first, row.last, row.seqs, row.gone, _text(row.message)]
            for row in sorted(rows["feed"], key=lambda row: row.sseq)
        ],
        "changes": [
            [
                row.desk_id, row.seq, row.change_id, row.hash, row.entity_id, _text(row.header), _text(row.body),
                hashlib.sha256(row.body or b"").hexdigest(),
            ]
            for row in rows["change"]
        ],
        "commits": [
            [row.desk_id, row.first, row.last, row.verdict, row.reason, row.effective, row.received_at]
            for row in rows["signed_commit"]
        ],
        "desks": [[row.desk_id, row.last_seq, row.durable_seq] for row in rows["desk"]],
    }  # fmt: skip


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode()


def of_desk(plan: Plan, seat: Seat, proven: bool) -> None:
    """One desk: its dump, its places in the feed, and every name and id that is anywhere in its database."""
    folder = plan.desk(seat)
    desk = desks.unlock(folder, desks.users(folder)[0][0], PASSWORD)
    mine = desk.signer.desk
    with desk.reading() as session:
        stands, said = feed.position(session), dump.dump(session)
        places: set[int] = set()
        for column in (ChangeRow.sseq, NoticeRow.sseq, LeftPlace.sseq):
            places |= set(session.scalars(select(column).where(column.is_not(None))))
        own = session.execute(
            select(ChangeRow.seq, ChangeRow.header).where(ChangeRow.desk == mine).order_by(ChangeRow.seq)
        ).all()
        judged = select(CommitRow.first, CommitRow.last, CommitRow.verdict, CommitRow.reason)
        words, ids = set[str](), set[str]()
        for each in _everything(session):
            words |= set(MARKER.findall(each))
            ids |= set(_ID.findall(each))
        found = {
            "name": seat.name, "centre": seat.centre, "desk": mine, "dump": said, "places": sorted(places),
            "cursor": stands.cursor, "base": stands.base, "acked": stands.acked_seq,
            "own": [[row.seq, Sealed(row.header, None, None).hash] for row in own],
            "judged": [list(row) for row in session.execute(judged.where(CommitRow.desk == mine))],
            "markers": sorted(words), "ids": sorted(ids),
        }  # fmt: skip
    if proven:
        shown = verify.verify(desk.engine, mine, desk.signer.realm)
        found["clean"], found["verified"] = shown.clean, str(shown)[:2_000]
    desk.close()
    plan.dump(f"desk-{seat.name}").write_text(json.dumps(found, ensure_ascii=False))


def _everything(session: Any) -> Iterator[str]:
    """Every value of every table, the inner ones of the index too."""
    for name in session.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).all():
        for row in session.execute(text(f'SELECT * FROM "{name}"')):
            yield "\n".join(
                each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each)
                for each in row
                if isinstance(each, bytes | str)
            )
