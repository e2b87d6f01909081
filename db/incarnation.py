"""This desk under another id: its chain forked, so what the province hasn't got is written again into a new chain.

The change ids stay, so that nothing is lost and nothing comes twice (security 11).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db import feed, journal, paper_numbers, settings
from db.base import Row
from db.models.journal import ChangeRow, CommitRow, DeskKey
from db.models.local import Keyring
from desktop.domain import roles
from desktop.domain.faults import Known
from desktop.domain.staffing import DESK
from desktop.seal import commits, keys
from desktop.seal.commits import NO_HASH, Commit, Signer
from desktop.seal.keys import BoxKey

_CHANGE, _COMMIT = (Row.metadata.tables[kind.__tablename__] for kind in (ChangeRow, CommitRow))


def branch(session: Session, desk: str, after: int) -> list[Commit]:
    """Own commits beyond the last seq the province shares."""
    found = select(_COMMIT.c.first).where(_COMMIT.c.desk == desk, _COMMIT.c.first > after).order_by(_COMMIT.c.first)
    read = (journal.commit_of(session, desk, first) for first in session.execute(found).scalars())
    return [each for each in read if each is not None]


def must_reach(branch_: Iterable[Commit], held: Sequence[str]) -> None:
    """Raises Known("fork-roles") unless a person with these roles may sign all of it again."""
    for commit in branch_:
        if commit.actor == DESK:
            continue
        if not all(roles.may_write(held, commits.opened(each).kind) for each in commit.changes):
            raise Known("fork-roles")


def begin(session: Session, old: Signer, new: Signer, box: BoxKey, after: int, series: Iterable[int]) -> None:
    """Go on as `new`: commits of `old` beyond `after` are sealed again from seq 1, in their order.

    What both chains share stays as it was, under the old id. Paper numbers go on in series of the new desk alone.
    """
    connection = session.connection()
    losing = branch(session, old.desk, after)
    _own_keys(session, old.desk, new, box)
    seq, prev = 1, NO_HASH
    for commit in losing:
        first = commits.span(commit.message).first
        alone = commit.actor == DESK
        signer = Signer(new.realm, new.centre, new.desk, new.desk_key) if alone else new
        again = commits.rewrapped(commit, signer, seq=seq, prev=prev)
        connection.execute(delete(_COMMIT).where(_COMMIT.c.desk == old.desk, _COMMIT.c.first == first))
        for place, sealed in enumerate(again.changes):
            change = commits.opened(sealed)
            connection.execute(
                update(_CHANGE)
                .where(_CHANGE.c.change_id == change.change_id)
                .values(desk=new.desk, seq=seq + place, header=sealed.header)
            )
        connection.execute(
            insert(_COMMIT),
            {
                "desk": new.desk, "first": seq, "last": seq + len(again.changes) - 1, "message": again.message,
                "actor": again.actor, "desk_signature": again.desk_signature,
                "actor_signature": again.actor_signature, "verdict": None, "reason": None,
            },
        )  # fmt: skip
        seq, prev = seq + len(again.changes), again.changes[-1].hash
    feed.acked(session, 0, 0)
    settings.put(session, journal.ANCHOR, None)
    paper_numbers.leave_all(session)
    paper_numbers.add(session, series)


def _own_keys(session: Session, old: str, new: Signer, box: BoxKey) -> None:
    """Keep the new id and its keys in place of the old one's."""
    said = dict(settings.get(session, "desk") or {})
    settings.put(session, "desk", {**said, "id": new.desk})
    for name, secret in (("desk-sign", keys.secret_of(new.desk_key)), ("desk-box", keys.secret_of(box))):
        kept = session.get(Keyring, name)
        if kept is None:
            raise Known("database-damaged")
        kept.secret = secret
    session.flush()
    row = {"desk": new.desk, "sign_key": keys.public_of(new.desk_key), "instead_of": old}
    session.connection().execute(insert(DeskKey).on_conflict_do_nothing(), row)


def before(session: Session, desk: str) -> tuple[str, ...]:
    """The desks this one was, newest first."""
    found: list[str] = []
    row = session.get(DeskKey, desk)
    while row is not None and row.instead_of and row.instead_of not in found:
        found.append(row.instead_of)
        row = session.get(DeskKey, row.instead_of)
    return tuple(found)
