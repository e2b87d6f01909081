"""Whether a received commit is its author's: by the province's list of keys and by what this centre's people journaled.

A commit under a key nobody listed isn't believed and isn't refused either: it waits and is reported (security 16).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db.models.journal import DeskKey, ListedKey
from db.models.staffing import StaffKey
from desktop.domain import roles
from desktop.domain.changes import Change
from desktop.domain.merging import Document
from desktop.domain.staffing import DESK
from desktop.seal import commits
from desktop.seal.commits import Commit, Span
from desktop.seal.keys import sign_public
from desktop.seal.refused import Refused

_STAFF_KEYS = select(StaffKey.sign_key).where(
    StaffKey.staff == bindparam("staff"), StaffKey.desk.in_(bindparam("desks", expanding=True))
)
_LISTED = select(ListedKey.sign_key).where(ListedKey.actor == bindparam("staff"), ListedKey.desk == bindparam("desk"))


class Unlisted(ValueError):
    """No key is known of who signed: the commit waits until the province lists one."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The keys a page came with, as the province signed them. `through`: the last seq believed of a revoked desk.

    `actors` are people of other centres and officers; `redacted` the changes a root-signed order names.
    """

    desks: Mapping[str, Ed25519PublicKey]
    actors: Mapping[tuple[str, str], Sequence[bytes]] = field(default_factory=dict)
    instead_of: Mapping[str, str] = field(default_factory=dict)
    through: Mapping[str, int] = field(default_factory=dict)
    redacted: frozenset[str] = frozenset()


def keep(session: Session, listing: Listing) -> None:
    """Keep the keys for `verify`, and for when nobody lists them any more."""
    for desk, key in listing.desks.items():
        row = {
            "desk": desk, "sign_key": key.public_bytes_raw(), "instead_of": listing.instead_of.get(desk),
            "through": listing.through.get(desk),
        }  # fmt: skip
        put = insert(DeskKey).on_conflict_do_update(
            index_elements=["desk"], set_={"instead_of": row["instead_of"], "through": row["through"]}
        )
        session.connection().execute(put, row)
    for (desk, actor), keys in listing.actors.items():
        for key_bytes in keys:
            listed = {"desk": desk, "actor": actor, "sign_key": key_bytes}
            session.connection().execute(insert(ListedKey).on_conflict_do_nothing(), listed)


def kept(session: Session) -> Listing:
    """All keys this desk ever kept."""
    rows = session.scalars(select(DeskKey)).all()
    actors: dict[tuple[str, str], list[bytes]] = {}
    for row in session.scalars(select(ListedKey)):
        actors.setdefault((row.desk, row.actor), []).append(row.sign_key)
    return Listing(
        {row.desk: sign_public(row.sign_key) for row in rows},
        actors,
        {row.desk: row.instead_of for row in rows if row.instead_of},
        {row.desk: row.through for row in rows if row.through is not None},
    )


def proven(
    session: Session,
    commit: Commit,
    realm: str,
    listing: Listing,
    documents: Mapping[str, Document | None] | None = None,
) -> list[Change]:
    """The commit read and proven to be its desk's and its actor's.

    People's keys come from the journal, ended or not (which held when, the province judged), from `documents` of the
    same
    page, from a desk's very first commit, which brings its founder's, and for other centres' people from the listing.
    Raises Unlisted where no key is known, Refused for anything false.
    """
    said = commits.span(commit.message)
    key = listing.desks.get(said.desk)
    if key is None:
        raise Unlisted(f"no key of desk {said.desk} is listed")
    known = session.get(DeskKey, said.desk)
    if known is not None and known.sign_key != key.public_bytes_raw():
        raise Refused(f"desk {said.desk} is listed under another key than before")
    if said.last > listing.through.get(said.desk, said.last):
        raise Unlisted(f"desk {said.desk} was revoked before this")
    said, changes = commits.proven_by_desk(commit, realm, key)
    _prove_actor(session, commit, realm, listing, (said, changes), documents or {})
    return changes


def _prove_actor(
    session: Session,
    commit: Commit,
    realm: str,
    listing: Listing,
    read: tuple[Span, Sequence[Change]],
    documents: Mapping[str, Document | None],
) -> None:
    said, changes = read
    if commit.actor == DESK:
        if not all(change.kind in roles.DESK_WRITES for change in changes):
            raise Refused("a desk wrote what only a person may")
        commits.prove_actor(commit, realm, None)
        return
    raws = list(_keys(session, commit.actor, listing, said, changes, documents))
    if not raws:
        raise Unlisted(f"no key of actor {commit.actor} is known")
    if not any(_signed_by(commit, realm, raw) for raw in raws):
        raise Refused(f"no key of actor {commit.actor} signed")


def _keys(
    session: Session,
    actor: str,
    listing: Listing,
    said: Span,
    changes: Sequence[Change],
    documents: Mapping[str, Document | None],
) -> Iterable[bytes]:
    """The actor's keys on that desk, or on one it took the place of."""
    desks = [said.desk]
    while (before := listing.instead_of.get(desks[-1])) and before not in desks:
        desks.append(before)
    rows = session.connection().execute(_STAFF_KEYS, {"staff": actor, "desks": desks}).scalars()
    patches = [
        {name: doc.value(name) for name in ("staff", "desk", "sign_key")}
        for doc in documents.values()
        if doc and doc.kind == "staff_key"
    ]
    if said.first == 1:
        patches += [dict(change.patch) for change in changes if change.kind == "staff_key"]
    mine = [each.get("sign_key") for each in patches if each.get("staff") == actor and each.get("desk") in desks]
    for raw in dict.fromkeys([*rows, *mine]):
        if isinstance(raw, str):
            try:
                yield bytes.fromhex(raw)
            except ValueError:
                continue
    yield from listing.actors.get((said.desk, actor), ())
    yield from session.connection().execute(_LISTED, {"staff": actor, "desk": said.desk}).scalars()


def _signed_by(commit: Commit, realm: str, raw: bytes) -> bool:
    try:
        commits.prove_actor(commit, realm, sign_public(raw))
    except ValueError:  # Refused is one: another key's signature, or no key at all
        return False
    return True
