"""Changes and their commit as exact bytes: salted body commitment, header chain, two signatures.

A commit is one transaction: the unit that is signed, pushed, judged and pulled, so a split transaction can't be said.
Bytes are kept as they were signed and never made again. Construction: security items 10 and 14.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from desktop.domain import hlc as clocks
from desktop.domain.changes import SCHEMA, Change, Draft
from desktop.domain.staffing import DESK
from desktop.seal import canonical, signing
from desktop.seal.refused import Refused

NO_HASH = "0" * 64
"""The `prev` of a desk's first change."""

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BODY_KEYS = frozenset({"base", "household", "patch", "reason"})
_BODY, _HEADER = b"pishkhan/body/v1\0", b"pishkhan/header/v1\0"
_HEADER_TYPES: Mapping[str, type] = {
    "actor": str, "body_commit": str, "centre": str, "change_id": str, "desk": str, "entity_id": str, "hlc": str,
    "kind": str, "prev_hash": str, "realm": str, "schema_version": int, "seq": int, "txn_id": str, "verb": str,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sealed:
    """A change as it is stored and sent. No salt: redacted. No body: out of this centre's scope."""

    header: bytes
    body: bytes | None
    salt: bytes | None

    @property
    def hash(self) -> str:
        """SHA-256 of the header, hex: the change's name in its chain."""
        return hashlib.sha256(_HEADER + self.header).hexdigest()


@dataclass(frozen=True, slots=True)
class Commit:
    """One signed transaction. Both signatures are over `message`; `actor_signature` is empty for the desk's own.

    `changes` may be fewer than the message's hashes only after a transfer.
    """

    message: bytes
    actor: str
    desk_signature: bytes
    actor_signature: bytes
    changes: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """What a commit's message says: its desk, the seqs it holds, the hash before them and theirs."""

    desk: str
    first: int
    last: int
    prev: str
    hashes: tuple[str, ...]
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Signer:
    """The keys a commit is signed by. `actor_key` is None where the actor is the desk itself."""

    realm: str
    centre: str
    desk: str
    desk_key: Ed25519PrivateKey
    actor: str = DESK
    actor_key: Ed25519PrivateKey | None = None


def commitment(salt: bytes, body: bytes) -> str:
    """What a header says of its body: HMAC-SHA256 under a random salt, hex."""
    return hmac.digest(salt, _BODY + body, "sha256").hex()


def seal(
    drafts: Iterable[Draft],
    ids: Sequence[str],
    signer: Signer,
    *,
    hlc: str,
    seq: int,
    prev: str,
    anchor: str | None = None,
) -> Commit:
    """Seal one transaction whose first change has `seq` and follows `prev`.

    `ids` name its changes, the first also the transaction.
    """
    sealed: list[Sealed] = []
    link = prev
    for place, (draft, change_id) in enumerate(zip(drafts, ids, strict=True)):
        body = canonical.encode(
            {
                "base": _lists(draft.base),
                "household": draft.household,
                "patch": dict(draft.patch),
                "reason": draft.reason,
            }
        )
        salt = os.urandom(32)
        header = canonical.encode(
            {
                "actor": signer.actor, "body_commit": commitment(salt, body), "centre": signer.centre,
                "change_id": change_id, "desk": signer.desk, "entity_id": draft.entity_id, "hlc": hlc,
                "kind": draft.kind, "prev_hash": link, "realm": signer.realm, "schema_version": SCHEMA,
                "seq": seq + place, "txn_id": ids[0], "verb": draft.verb,
            }
        )  # fmt: skip
        sealed.append(Sealed(header, body, salt))
        link = sealed[-1].hash
    message = canonical.encode(
        {
            "anchor": anchor, "desk": signer.desk, "first": seq, "hashes": [each.hash for each in sealed],
            "last": seq + len(sealed) - 1, "prev": prev,
        }
    )  # fmt: skip
    by_actor = signing.sign(signer.actor_key, "actor", signer.realm, message) if signer.actor_key else b""
    by_desk = signing.sign(signer.desk_key, "commit", signer.realm, message)
    return Commit(message, signer.actor, by_desk, by_actor, tuple(sealed))


def rewrapped(commit: Commit, signer: Signer, *, seq: int, prev: str) -> Commit:
    """The same work in another chain: change ids, clocks, bodies and salts stay, desk, seq and signatures are new.

    What a person wrote is signed by whoever sits at the desk now; the old signatures are kept as evidence elsewhere.
    """
    link, sealed = prev, list[Sealed]()
    for place, each in enumerate(commit.changes):
        header = canonical.decode(each.header)
        new = {**header, "actor": signer.actor, "desk": signer.desk, "prev_hash": link, "seq": seq + place}
        sealed.append(Sealed(canonical.encode(new), each.body, each.salt))
        link = sealed[-1].hash
    message = canonical.encode(
        {
            "anchor": None, "desk": signer.desk, "first": seq, "hashes": [each.hash for each in sealed],
            "last": seq + len(sealed) - 1, "prev": prev,
        }
    )  # fmt: skip
    by_actor = signing.sign(signer.actor_key, "actor", signer.realm, message) if signer.actor_key else b""
    by_desk = signing.sign(signer.desk_key, "commit", signer.realm, message)
    return Commit(message, signer.actor, by_desk, by_actor, tuple(sealed))


def _lists(base: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: list(ids) for name, ids in base.items()}


def opened(sealed: Sealed) -> Change:
    """Read a change, holding its body against the commitment. Raises Refused."""
    header = canonical.decode(sealed.header)
    _headed(header)
    _without_nul(sealed.header, header)
    if sealed.salt is not None and (
        sealed.body is None or not hmac.compare_digest(commitment(sealed.salt, sealed.body), header["body_commit"])
    ):
        raise Refused(f"the body of {header['change_id']} isn't the one its header commits to")
    body: Mapping[str, Any] = {"base": {}, "household": None, "patch": {}, "reason": ""}
    if sealed.body is not None:
        body = canonical.decode(sealed.body)
        _shaped(body)
        _without_nul(sealed.body, body)
    return Change(
        header["change_id"], header["txn_id"], header["realm"], header["centre"], header["desk"], header["seq"],
        header["hlc"], header["actor"], header["kind"], header["entity_id"], header["verb"], header["schema_version"],
        header["prev_hash"], body["patch"], body["base"], body["household"], body["reason"], sealed.body is not None,
    )  # fmt: skip


def _headed(header: Mapping[str, Any]) -> None:
    """Refuse a header whose parts aren't what they should be: ids, clock and counts are read by machines for ever."""
    for name, kind in _HEADER_TYPES.items():
        if type(header.get(name)) is not kind:
            raise Refused(f"header without {name}")
    if not all(_ID.fullmatch(header[name]) for name in ("change_id", "txn_id", "desk", "entity_id")):
        raise Refused("an id that is no UUID in canonical text")
    if header["actor"] != DESK and not _ID.fullmatch(header["actor"]):
        raise Refused("an actor that is neither a person's id nor the desk")
    if header["seq"] < 1 or header["schema_version"] < 1:
        raise Refused("a seq or a version before the first")
    try:
        clocks.parse(header["hlc"])
    except ValueError as error:
        raise Refused("a clock that can't be read") from error


def _without_nul(raw: bytes, value: object) -> None:
    """Refuse U+0000 in any text: not every database can hold it, so sides would differ."""
    if b"\\u0000" in raw and any("\0" in text for text in _texts(value)):
        raise Refused("a text with U+0000")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _shaped(body: Mapping[str, Any]) -> None:
    """Refuse a body the fold couldn't read."""
    if body.keys() != _BODY_KEYS:
        raise Refused("a body of other parts than its four")
    base, household = body["base"], body["household"]
    lists = isinstance(base, dict) and all(
        isinstance(ids, list) and all(isinstance(each, str) for each in ids) for ids in base.values()
    )
    if not lists or not isinstance(body["patch"], dict) or not isinstance(body["reason"], str):
        raise Refused("a body without base, patch or reason")
    if household is not None and not (isinstance(household, str) and _ID.fullmatch(household)):
        raise Refused("a household that isn't an id")


def span(message: bytes) -> Span:
    """Read what a commit's signatures are over. Raises Refused."""
    read = canonical.decode(message)
    try:
        found = Span(read["desk"], read["first"], read["last"], read["prev"], tuple(read["hashes"]), read["anchor"])
    except (KeyError, TypeError) as error:
        raise Refused("a commit's message lacks a part") from error
    texts = (found.desk, found.prev, *found.hashes)
    if not all(isinstance(each, str) for each in texts) or not all(
        type(each) is int for each in (found.first, found.last)
    ):
        raise Refused("a commit's message isn't what it should be")
    if found.anchor is not None and not isinstance(found.anchor, str):
        raise Refused("an anchor that isn't one")
    if not found.hashes or found.first < 1 or found.last - found.first + 1 != len(found.hashes):
        raise Refused("a commit's hashes don't fill its span")
    return found


def verified(
    commit: Commit, realm: str, desk_key: Ed25519PublicKey, actor_key: Ed25519PublicKey | None
) -> tuple[Span, list[Change]]:
    """The commit read and proven: both signatures, realm, chain inside it, bodies. Raises Refused.

    `actor_key` None is right only where the actor is the desk. The chain to the commit before is the caller's to check.
    """
    said, changes = proven_by_desk(commit, realm, desk_key)
    prove_actor(commit, realm, actor_key)
    return said, changes


def prove_actor(commit: Commit, realm: str, actor_key: Ed25519PublicKey | None) -> None:
    """Raises Refused unless the actor signed too; the desk as actor leaves its one signature alone."""
    if commit.actor == DESK and not commit.actor_signature:
        return
    if actor_key is None:
        raise Refused(f"no key is known for actor {commit.actor}")
    signing.verify(actor_key, "actor", realm, commit.message, commit.actor_signature)


def proven_by_desk(commit: Commit, realm: str, desk_key: Ed25519PublicKey) -> tuple[Span, list[Change]]:
    """All that `verified` proves but the actor's signature: the province keeps one whose actor it must ask about."""
    said = span(commit.message)
    signing.verify(desk_key, "commit", realm, commit.message, commit.desk_signature)
    whole = len(commit.changes) == len(said.hashes)
    changes: list[Change] = []
    link, last = said.prev, said.first - 1
    for sealed in commit.changes:
        change = opened(sealed)
        digest, place = sealed.hash, change.seq - said.first
        if not last < change.seq <= said.last or digest != said.hashes[place]:
            raise Refused(f"change {change.change_id} isn't part of its commit")
        if (change.desk, change.realm, change.actor) != (said.desk, realm, commit.actor):
            raise Refused(f"change {change.change_id} names another desk, realm or actor than its commit")
        if changes and change.txn_id != changes[0].txn_id:
            raise Refused(f"change {change.change_id} is of another transaction")
        if whole and change.prev_hash != link:
            raise Refused(f"change {change.change_id} doesn't follow the one before")
        link, last = digest, change.seq
        changes.append(change)
    return said, changes


def stub(sealed: Sealed) -> Sealed:
    """What a redaction leaves: which fields were set on which base, no value and no salt."""
    body = canonical.decode(sealed.body or b'{"base":{},"household":null,"patch":{},"reason":""}')
    kept = {**body, "patch": dict.fromkeys(body["patch"]), "reason": ""}
    return Sealed(sealed.header, canonical.encode(kept), None)
