"""Files beside the records: whole in the encrypted database, sent and fetched in pieces, gone with their entity."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db.models.blobs import Blob, BlobOf, BlobPiece
from desktop.domain import blobs
from desktop.domain.faults import Known

Standing = Literal["unsent", "sent", "wanted", "here", "spoiled"]
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Queued:
    """One that waits for the line. `size` is None where only the province knows it."""

    name: str
    size: int | None


def keep(session: Session, data: bytes, entity_id: str) -> str:
    """Keep a file of an entity, to be sent; its name. The same bytes are kept once.

    Raises Known("attachment-too-large"), ValueError for no bytes.
    """
    if not data:
        raise ValueError("a file without bytes")
    if len(data) > blobs.MOST:
        raise Known("attachment-too-large")
    name = blobs.name(data)
    _of(session, name, entity_id)
    known = session.get(Blob, name, populate_existing=True)
    if known is not None and known.standing not in ("wanted", "spoiled"):
        return name
    _forget(session, [name])
    session.execute(insert(Blob), {"name": name, "size": len(data), "standing": "unsent"})
    pieces = [{"name": name, "at": at, "data": data[at : at + blobs.PIECE]} for at in range(0, len(data), blobs.PIECE)]
    session.execute(insert(BlobPiece), pieces)
    return name


def want(session: Session, name: str, entity_id: str) -> None:
    """Note that an entity has this file: it is fetched where it isn't here. Raises ValueError for no blob's name."""
    if not blobs.is_name(name):
        raise ValueError("not a blob's name")
    _of(session, name, entity_id)
    row = {"name": name, "size": None, "standing": "wanted"}
    session.execute(insert(Blob).on_conflict_do_nothing(), row)


def _of(session: Session, name: str, entity_id: str) -> None:
    session.execute(insert(BlobOf).on_conflict_do_nothing(), {"name": name, "entity_id": entity_id})


def read(session: Session, name: str) -> bytes | None:
    """The file, None where it isn't here whole."""
    if standing(session, name) not in ("unsent", "sent", "here"):
        return None
    return _joined(session, name)


def standing(session: Session, name: str) -> Standing | None:
    """How a file stands; None for one nobody named."""
    found: Standing | None = session.scalar(select(Blob.standing).where(Blob.name == name))
    return found


def _joined(session: Session, name: str) -> bytes:
    return b"".join(session.scalars(select(BlobPiece.data).where(BlobPiece.name == name).order_by(BlobPiece.at)))


def queue(session: Session, which: Literal["unsent", "wanted"], most: int) -> list[Queued]:
    """Those that wait for the line, the smallest first: a big one holds none back."""
    rows = select(Blob.name, Blob.size).where(Blob.standing == which).order_by(Blob.size, Blob.name).limit(most)
    return [Queued(row.name, row.size) for row in session.execute(rows)]


def waiting(session: Session) -> dict[str, int]:
    """How many files stand how."""
    return {row[0]: row[1] for row in session.execute(select(Blob.standing, func.count()).group_by(Blob.standing))}


def piece(session: Session, name: str, at: int) -> bytes:
    """Some bytes of a kept file from `at` on; none at its end."""
    before = (
        select(BlobPiece.at, BlobPiece.data)
        .where(BlobPiece.name == name, BlobPiece.at <= at)
        .order_by(BlobPiece.at.desc())
        .limit(1)
    )
    row = session.execute(before).one_or_none()
    return b"" if row is None else bytes(row.data[at - row.at :])


def held(session: Session, name: str) -> int:
    """How much of a wanted file came."""
    return session.scalar(select(func.sum(func.length(BlobPiece.data))).where(BlobPiece.name == name)) or 0


def came(session: Session, name: str, at: int, data: bytes, size: int) -> bool:
    """Keep what came of a wanted file where it follows what is here; whether it is whole now.

    One whose bytes aren't what its name says is begun anew: ValueError, and the caller commits all the same.
    """
    here = held(session, name)
    if standing(session, name) != "wanted" or at != here or not data or here + len(data) > size or size > blobs.MOST:
        raise ValueError("doesn't follow what is here")
    session.execute(insert(BlobPiece), {"name": name, "at": at, "data": data})
    session.execute(update(Blob).where(Blob.name == name).values(size=size))
    if here + len(data) < size:
        return False
    stand = "here" if holds(session, name) else "wanted"
    session.execute(update(Blob).where(Blob.name == name).values(standing=stand))
    if stand == "wanted":
        session.execute(delete(BlobPiece).where(BlobPiece.name == name))
        session.execute(update(Blob).where(Blob.name == name).values(size=None))
    return stand == "here"


def holds(session: Session, name: str) -> bool:
    """Whether the kept bytes are what the name says."""
    digest = hashlib.sha256()
    for data in session.scalars(select(BlobPiece.data).where(BlobPiece.name == name).order_by(BlobPiece.at)):
        digest.update(data)
    return digest.hexdigest() == name


def sent(session: Session, names: Iterable[str]) -> None:
    """The province has these whole; those whose entity left meanwhile are needed here no more."""
    some = list(names)
    session.execute(update(Blob).where(Blob.name.in_(some), Blob.standing == "unsent").values(standing="sent"))
    kept = set(session.scalars(select(BlobOf.name).where(BlobOf.name.in_(some))))
    _forget(session, [name for name in some if name not in kept])


def spoiled(session: Session, name: str) -> None:
    """Its bytes here are not what its name says: it is sent no more."""
    session.execute(update(Blob).where(Blob.name == name).values(standing="spoiled"))


def offer_again(session: Session) -> None:
    """The province was restored or replaced: it may have lost files this desk has, so all are offered again."""
    session.execute(update(Blob).where(Blob.standing.in_(["sent", "here"])).values(standing="unsent"))


def leave(session: Session, entities: Sequence[str]) -> None:
    """Forget the files of these entities that belong to no other; those not sent yet go once they are."""
    names: set[str] = set()
    for at in range(0, len(entities), _BATCH):
        some = BlobOf.entity_id.in_(entities[at : at + _BATCH])
        names |= set(session.scalars(select(BlobOf.name).where(some)))
        session.execute(delete(BlobOf).where(some))
    loose = select(Blob.name).where(
        Blob.name.in_(names), Blob.standing != "unsent", Blob.name.not_in(select(BlobOf.name))
    )
    _forget(session, session.scalars(loose).all())


def _forget(session: Session, names: Sequence[str]) -> None:
    for kind in (BlobPiece, Blob):
        session.execute(delete(kind).where(kind.name.in_(names)))
