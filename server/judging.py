"""Why a commit may not enter the feed yet. A reason is kept and shown; it never stops what comes after.

Only scope, what the province knows, and who may write what are judged. A stale base folds to two kept values; the
rules of forms are no reason to keep work out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol, get_args

from desktop.domain import merging, roles, transfers
from desktop.domain.changes import SCHEMA, VERBS, Change, Value
from desktop.domain.entities import ENTITIES
from desktop.domain.merging import Document
from desktop.domain.staffing import DESK
from desktop.seal import commits
from desktop.seal.commits import Commit
from desktop.seal.keys import sign_public
from desktop.seal.refused import Refused

Reason = Literal[
    "other_centre", "held", "schema_ahead", "unknown_kind", "unknown_verb", "other_kind", "unknown_actor",
    "actor_signature", "role", "repeated_id", "missing_reference", "transfer_refused", "late", "revoked",
]  # fmt: skip
REASONS: tuple[Reason, ...] = get_args(Reason)
FOR_A_PERSON: frozenset[Reason] = frozenset(
    {
        "other_centre", "other_kind", "actor_signature", "role", "repeated_id", "transfer_refused", "late", "revoked",
    }
)  # fmt: skip
"""What time and upgrades don't cure: an officer looks at these."""

CURED_BY_WORK: frozenset[Reason] = frozenset({"missing_reference", "unknown_actor"})
"""What the centre's own work cures, by bringing what is missing; all else waits for these, an upgrade or a person."""

_TAKEN_VERBS = frozenset(VERBS) - {"redact"}
"""A redaction needs the root's order."""
_ENDED_KEYS = frozenset({"removed", "revoked"})


@dataclass(frozen=True)
class Proven:
    """A commit that its desk did sign, read: ready to be judged. `effective` has one clock a change."""

    commit: Commit
    desk_id: str
    first: int
    last: int
    changes: Sequence[Change]
    effective: tuple[str, ...]
    before: tuple[str, ...] = ()
    """The desks this one was before its chain forked, newest first: its people's keys hold on it."""
    signed_by: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)
    """Keys its actor's signature was tried with, and whether it held."""

    @cached_property
    def named(self) -> list[list[tuple[str, Value]]]:
        """What each change says of other entities."""
        return [references(change) for change in self.changes]

    @cached_property
    def touched(self) -> frozenset[str]:
        """Every entity it alters or refers to."""
        named = {value for each in self.named for _, value in each if isinstance(value, str)}
        return frozenset({change.entity_id for change in self.changes} | named | self.offered)

    @property
    def stubs(self) -> list[str]:
        """Its changes whose values an order took."""
        pairs = zip(self.changes, self.commit.changes, strict=True)
        return [change.change_id for change, each in pairs if each.body is not None and each.salt is None]

    @cached_property
    def offered(self) -> frozenset[str]:
        """The households it offers to another centre."""
        offers = (change.patch.get("household") for change in self.changes if change.verb == transfers.OFFER)
        return frozenset(each for each in offers if isinstance(each, str))

    @cached_property
    def placed(self) -> frozenset[str]:
        """The entities that decide which centre it belongs to: what it alters and its household; where that isn't said,
        what it refers to."""
        mine = {each for change in self.changes for each in merging.placed(change)}
        alone = (each for change, each in zip(self.changes, self.named, strict=True) if not change.household)
        return frozenset(mine | {value for each in alone for _, value in each if isinstance(value, str)})


class Registry(Protocol):
    """What the province knows beyond one commit's documents."""

    def knows(self, centre_id: str) -> bool:
        """Whether there is a centre of this code."""

    def offered(self, centre_id: str, household: str) -> bool:
        """Whether an offer of this household by the centre stands open."""

    def has(self, centre_id: str, household: str) -> bool:
        """Whether the household is this centre's now. Raises NotLocked."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a commit is judged against. `documents` holds every entity it touches, its actor, and the centre's staff."""

    centre_id: str
    realm: str
    documents: Mapping[str, Document | None]
    keys: Mapping[tuple[str, str], Collection[str]]
    """(staff, desk) → entities that are, or once were, that person's keys on that desk."""
    held: Set[str]
    """Entities of this desk's earlier commits that still wait."""
    taken: Set[str]
    """Change ids already used in the centre."""
    books: Registry | None = None
    """What is asked of other centres; without it no transfer is believed."""


def references(change: Change) -> list[tuple[str, Value]]:
    """What a change says of other entities: the kind each must be, and the value that should be its id."""
    entity = ENTITIES.get(change.kind)
    fields = entity.references if entity else {}
    named = [(kind, change.patch.get(name)) for name, kind in fields.items()]
    return [each for each in (*named, ("household", change.household)) if each[1] not in (None, "")]


def reason(one: Proven, standing: Standing) -> Reason | None:
    """The first reason that keeps `one` out of the feed, or None.

    The key that proved its actor is `proven_by`'s to tell.
    """
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
    return (
        _of_kinds(one, standing.documents)
        or _of_actor(one, standing)
        or _of_ids(one, standing)
        or of_transfers(one, standing)
    )


def never(one: Proven, standing: Standing, key: bytes | None) -> bool:
    """Whether no officer may let `one` in: desks would refuse it, or it says of a transfer what isn't its to say.

    `key` proved its actor when it came, None where none did.
    """
    changes, alone = one.changes, one.commit.actor == DESK and not one.commit.actor_signature
    ids = [change.change_id for change in changes]
    return (
        any(change.schema_version > SCHEMA or change.kind not in ENTITIES for change in changes)
        or any(change.verb not in _TAKEN_VERBS for change in changes)
        or _of_kinds(one, standing.documents) is not None
        or (not all(change.kind in roles.DESK_WRITES for change in changes) if alone else key is None)
        or len(set(ids)) < len(ids)
        or not standing.taken.isdisjoint(ids)
        or of_transfers(one, standing) is not None
    )


def _of_kinds(one: Proven, documents: Mapping[str, Document | None]) -> Reason | None:
    """Whether a change calls an entity another kind than it is (it would borrow that kind's permission), or refers to
    one of a kind that has no place there."""
    kinds = {found.entity_id: found.kind for change in one.changes if (found := documents.get(change.entity_id))}
    if any(kinds.setdefault(change.entity_id, change.kind) != change.kind for change in one.changes):
        return "other_kind"
    for named in one.named:
        for kind, value in named:
            if not isinstance(value, str):
                return "other_kind"
            found = documents.get(value)
            if kinds.get(value, found.kind if found else kind) != kind:
                return "other_kind"
    return None


def _of_actor(one: Proven, standing: Standing) -> Reason | None:
    actor, changes = one.commit.actor, one.changes
    if actor == DESK and not one.commit.actor_signature:
        return None if all(change.kind in roles.DESK_WRITES for change in changes) else "role"
    known = standing.documents.get(actor)
    if one.first == 1:
        known = known or _brought(one, standing.documents).get(actor)
    signed = _keys(one, standing)
    if not signed:
        return "unknown_actor"
    if not any(_proves(one, standing.realm, key) for key in signed):
        return "actor_signature"
    held = roles_of(known)
    allowed = all(roles.may_write(held, change.kind) and roles.may_say(held, change.verb) for change in changes)
    return None if allowed else "role"


def _keys(one: Proven, standing: Standing) -> list[Document]:
    """The actor's keys on this desk, or on one it took the place of, that nobody ended."""
    actor = one.commit.actor
    desks = (one.desk_id, *one.before)
    named = [standing.documents.get(each) for desk in desks for each in standing.keys.get((actor, desk), ())]
    if one.first == 1:
        named += _brought(one, standing.documents).values()
    return [key for key in named if key and any(opens(key, actor, desk) for desk in desks)]


def proven_by(one: Proven, standing: Standing) -> bytes | None:
    """The key that made the actor's signature, None where the desk wrote alone or no known key did."""
    if one.commit.actor == DESK:
        return None
    proving = (key for key in _keys(one, standing) if _proves(one, standing.realm, key))
    return next((bytes.fromhex(str(key.value("sign_key"))) for key in proving), None)


def _brought(one: Proven, documents: Mapping[str, Document | None]) -> dict[str, Document | None]:
    """The person and keys a desk's first commit brings: the enrolment code vouched for the desk and its founder.

    The province gives a code to be typed by somebody it means to sit at that desk. Someone the centre knows already
    keeps the roles it gave them, whatever the commit says.
    """
    found: dict[str, Document | None] = {}
    for change, clock in zip(one.changes, one.effective, strict=True):
        if change.kind == "staff_key" or change.entity_id == one.commit.actor:
            before = found.get(change.entity_id) or documents.get(change.entity_id)
            found[change.entity_id] = merging.fold(before, change, clock)
    return found


def opens(key: Document, actor: str, desk_id: str) -> bool:
    """Whether `key` is this person's on this desk, and nobody ended it: an end someone contests is an end."""
    mine = key.kind == "staff_key" and (key.value("staff"), key.value("desk")) == (actor, desk_id)
    return mine and not _void(key) and not any(head.value in _ENDED_KEYS for head in key.cells.get("state", ()))


def _proves(one: Proven, realm: str, key: Document) -> bool:
    said = key.value("sign_key")
    raw = said if isinstance(said, str) else ""
    if raw not in one.signed_by:  # asked for the verdict and for its row: tried once
        try:
            commits.prove_actor(one.commit, realm, sign_public(bytes.fromhex(raw)))
            one.signed_by[raw] = True
        except (ValueError, Refused):  # not a key: nobody signs with it
            one.signed_by[raw] = False
    return one.signed_by[raw]


def roles_of(staff: Document | None) -> list[str]:
    if staff is None or staff.kind != "staff" or _void(staff):
        return []
    if any(head.value is False for head in staff.cells.get("active", ())):
        return []  # a dismissal someone contests holds until a person decides
    given = staff.value("roles")
    return [each for each in given if isinstance(each, str)] if isinstance(given, list | tuple) else []


def _void(document: Document) -> bool:
    return any(head.value is not None for head in document.cells.get(merging.VOID, ()))


def _of_ids(one: Proven, standing: Standing) -> Reason | None:
    ids = [change.change_id for change in one.changes]
    if len(set(ids)) < len(ids) or not standing.taken.isdisjoint(ids):
        return "repeated_id"
    inside = {change.entity_id for change in one.changes}
    if any(standing.documents.get(each) is None for each in one.touched - inside):
        return "missing_reference"
    return None


def of_transfers(one: Proven, standing: Standing) -> Reason | None:
    """An offer is its owner's to make, to one centre at a time; only the centre it names may accept it, and either may
    end it while it stands open (security 22)."""
    said = [change for change in one.changes if change.verb in transfers.VERBS]
    about = [str(change.patch.get("household", change.entity_id)) for change in said]
    if len(set(about)) < len(about):
        return "transfer_refused"
    for change in one.changes:
        if (change.verb in transfers.VERBS) != (change.kind == transfers.TRANSFER.kind):
            return "transfer_refused"
        if change.verb == transfers.OFFER and not _may_offer(change, standing):
            return "transfer_refused"
        if change.verb in (transfers.ACCEPT, transfers.CANCEL):
            if standing.documents.get(change.entity_id) is None:
                return "missing_reference"  # the other centre's offer hasn't come, or not again
            if not _may_end(change, standing):
                return "transfer_refused"
    return None


def _may_offer(change: Change, standing: Standing) -> bool:
    patch, household = change.patch, standing.documents.get(str(change.patch.get("household")))
    target = patch.get("target")
    books, here = standing.books, standing.centre_id
    if books is None or not isinstance(target, str) or target == here or not books.knows(target):
        return False
    mine = patch.get("source") == here and household is not None and household.kind == "household"
    first = standing.documents.get(change.entity_id) is None and patch.get("state") == transfers.OFFERED
    return mine and first and change.household is None and not books.offered(here, str(patch["household"]))


def _may_end(change: Change, standing: Standing) -> bool:
    offer = standing.documents.get(change.entity_id)
    if offer is None or [head.value for head in offer.cells.get("state", ())] != [transfers.OFFERED]:
        return False
    if change.patch != {"state": transfers.STATES.get(change.verb)} or change.household is not None or _void(offer):
        return False
    if change.verb == transfers.CANCEL:
        return standing.centre_id in (offer.value("source"), offer.value("target"))
    if standing.books is None or offer.value("target") != standing.centre_id:
        return False
    return standing.books.has(str(offer.value("source")), str(offer.value("household")))
