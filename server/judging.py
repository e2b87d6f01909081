"""Why a commit may not enter the feed yet. A reason is kept and shown; it never stops what comes after.

Only scope, what the province knows, and who may write what are judged. A stale base folds to two kept values; the
rules of forms are no reason to keep work out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal, get_args

from desktop.domain import merging, roles
from desktop.domain.changes import SCHEMA, VERBS, Change, Value
from desktop.domain.entities import ENTITIES
from desktop.domain.merging import Document
from desktop.domain.staffing import DESK
from desktop.seal import commits
from desktop.seal.commits import Commit
from desktop.seal.keys import SignPublic, sign_public
from desktop.seal.refused import Refused

Reason = Literal[
    "other_centre", "held", "schema_ahead", "unknown_kind", "unknown_verb", "other_kind", "unknown_actor",
    "actor_signature", "role", "repeated_id", "missing_reference",
]  # fmt: skip
REASONS: tuple[Reason, ...] = get_args(Reason)
FOR_A_PERSON: frozenset[Reason] = frozenset({"other_centre", "other_kind", "actor_signature", "role", "repeated_id"})
"""What time and upgrades don't cure: an officer looks at these."""

_TAKEN_VERBS = frozenset(VERBS) - {"redact", "transfer.offer", "transfer.accept", "transfer.cancel"}
"""A redaction needs the root's order; transfers wait until the province can carry one out."""
_ENDED_KEYS = frozenset({"removed", "revoked"})


@dataclass(frozen=True, slots=True)
class Proven:
    """A commit that its desk did sign, read: ready to be judged. `effective` has one clock a change."""

    commit: Commit
    desk_id: str
    first: int
    last: int
    changes: Sequence[Change]
    effective: tuple[str, ...]

    @property
    def touched(self) -> set[str]:
        """Every entity it alters or refers to."""
        named = {value for change in self.changes for _, value in references(change) if isinstance(value, str)}
        return {change.entity_id for change in self.changes} | named


@dataclass(frozen=True, slots=True)
class Standing:
    """What a commit is judged against. `documents` holds every entity it touches and the centre's staff keys."""

    centre_id: str
    realm: str
    documents: Mapping[str, Document | None]
    held: Set[str]
    """Entities of this desk's earlier commits that still wait."""
    taken: Set[str]
    """Change ids already used in the centre."""


def references(change: Change) -> list[tuple[str, Value]]:
    """What a change says of other entities: the kind each must be, and the value that should be its id."""
    entity = ENTITIES.get(change.kind)
    fields = entity.references if entity else {}
    named = [(kind, change.patch.get(name)) for name, kind in fields.items()]
    return [each for each in (*named, ("household", change.household)) if each[1] not in (None, "")]


def reason(one: Proven, standing: Standing) -> Reason | None:
    """The first reason that keeps `one` out of the feed, or None."""
    changes = one.changes
    if any(change.centre != standing.centre_id for change in changes):
        return "other_centre"
    if not one.touched.isdisjoint(standing.held):
        return "held"
    if any(change.schema_version > SCHEMA for change in changes):
        return "schema_ahead"
    if any(change.kind not in ENTITIES for change in changes):
        return "unknown_kind"
    if any(change.verb not in _TAKEN_VERBS for change in changes):
        return "unknown_verb"
    return _of_kinds(changes, standing.documents) or _of_actor(one, standing) or _of_ids(one, standing)


def _of_kinds(changes: Sequence[Change], documents: Mapping[str, Document | None]) -> Reason | None:
    """Whether a change calls an entity another kind than it is (it would borrow that kind's permission), or refers to
    one of a kind that has no place there."""
    kinds = {found.entity_id: found.kind for change in changes if (found := documents.get(change.entity_id))}
    if any(kinds.setdefault(change.entity_id, change.kind) != change.kind for change in changes):
        return "other_kind"
    for change in changes:
        for kind, value in references(change):
            if not isinstance(value, str):
                return "other_kind"
            found = documents.get(value)
            if kinds.get(value, found.kind if found else kind) != kind:
                return "other_kind"
    return None


def _of_actor(one: Proven, standing: Standing) -> Reason | None:
    actor = one.commit.actor
    if actor == DESK and not one.commit.actor_signature:
        return None if all(change.kind in roles.DESK_WRITES for change in one.changes) else "role"
    documents = _founding(one, standing.documents) if one.first == 1 else standing.documents
    key = _actor_key(actor, one.desk_id, documents)
    if key is None:
        return "unknown_actor"
    try:
        commits.prove_actor(one.commit, standing.realm, key)
    except Refused:
        return "actor_signature"
    held = _roles(documents.get(actor))
    return None if all(roles.may_write(held, change.kind) for change in one.changes) else "role"


def _founding(one: Proven, documents: Mapping[str, Document | None]) -> Mapping[str, Document | None]:
    """A desk's first commit may bring its first person and their key: the enrolment code vouched for them.

    Someone the centre knows already keeps the roles it gave them.
    """
    found = dict(documents)
    for change, clock in zip(one.changes, one.effective, strict=True):
        if change.kind == "staff_key" or (change.kind == "staff" and documents.get(change.entity_id) is None):
            found[change.entity_id] = merging.fold(found.get(change.entity_id), change, clock)
    return found


def _actor_key(actor: str, desk_id: str, documents: Mapping[str, Document | None]) -> SignPublic | None:
    for found in documents.values():
        if found is None or found.kind != "staff_key" or found.value(merging.VOID) is not None:
            continue
        named, raw = (found.value("staff"), found.value("desk")), found.value("sign_key")
        if named == (actor, desk_id) and found.value("state") not in _ENDED_KEYS and isinstance(raw, str):
            try:
                return sign_public(bytes.fromhex(raw))
            except ValueError:  # not a key: nobody signs with it
                continue
    return None


def _roles(staff: Document | None) -> list[str]:
    if staff is None or staff.kind != "staff" or staff.value(merging.VOID) is not None:
        return []
    if any(head.value is False for head in staff.cells.get("active", ())):
        return []  # a dismissal someone contests holds until a person decides
    given = staff.value("roles")
    return [each for each in given if isinstance(each, str)] if isinstance(given, Sequence) else []


def _of_ids(one: Proven, standing: Standing) -> Reason | None:
    ids = [change.change_id for change in one.changes]
    if len(set(ids)) < len(ids) or not standing.taken.isdisjoint(ids):
        return "repeated_id"
    inside = {change.entity_id for change in one.changes}
    if any(standing.documents.get(each) is None for each in one.touched - inside):
        return "missing_reference"
    return None
