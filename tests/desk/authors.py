"""Desks that exist only as keys and a chain: they write commits without a database, honest ones and others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from desktop.domain import hlc, identifiers
from desktop.domain.changes import Draft, Value
from desktop.seal import commits, keys
from desktop.seal.commits import NO_HASH, Commit, Signer
from desktop.seal.keys import SignKey, SignPublic

NOW = 1_795_000_000_000_000
"""A morning of 1405, µs UTC."""
REALM = "yazd"
PROVINCE_KEY = keys.sign_key()
"""The sign key of the province these desks belong to."""
CENTRE = "1203"


@dataclass
class Author:
    """One person at one desk, with the desk's chain. `write` is honest unless told otherwise."""

    staff: str = field(default_factory=identifiers.new)
    desk: str = field(default_factory=identifiers.new)
    roles: Sequence[str] = ("manager", "receptionist")
    desk_key: SignKey = field(default_factory=keys.sign_key)
    staff_key: SignKey = field(default_factory=keys.sign_key)
    centre: str = CENTRE
    seq: int = 1
    prev: str = NO_HASH
    clock: int = hlc.pack(NOW)

    @property
    def public(self) -> SignPublic:
        return self.desk_key.public_key()

    def founding(self) -> list[Draft]:
        """This person and their key, as a desk's first commit brings them."""
        return [
            Draft("staff", self.staff, "create", {"name": "مریم صالحی", "roles": list(self.roles), "active": True}),
            self.key_draft(),
        ]

    def key_draft(self) -> Draft:
        key = keys.public_of(self.staff_key).hex()
        patch: dict[str, Value] = {"staff": self.staff, "desk": self.desk, "sign_key": key, "state": "active"}
        return Draft("staff_key", identifiers.new(), "create", patch)

    def write(
        self, *drafts: Draft, actor: str | None = None, actor_key: SignKey | None = None,
        centre: str | None = None, ids: Sequence[str] = (), at: int | None = None,
    ) -> Commit:  # fmt: skip
        """The next commit of this desk."""
        signer = Signer(
            REALM, centre or self.centre, self.desk, self.desk_key, actor or self.staff, actor_key or self.staff_key
        )
        self.clock = max(self.clock + 1, at if at is not None else 0)
        named = list(ids) or [identifiers.new() for _ in drafts]
        clock = hlc.text(self.clock if at is None else at)
        commit = commits.seal(drafts, named, signer, hlc=clock, seq=self.seq, prev=self.prev)
        self.seq, self.prev = self.seq + len(drafts), commit.changes[-1].hash
        return commit

    def writes_alone(self, *drafts: Draft) -> Commit:
        """The next commit, signed by the desk without a person."""
        signer = Signer(REALM, self.centre, self.desk, self.desk_key)
        named = [identifiers.new() for _ in drafts]
        commit = commits.seal(drafts, named, signer, hlc=hlc.text(self.clock), seq=self.seq, prev=self.prev)
        self.seq, self.prev = self.seq + len(drafts), commit.changes[-1].hash
        return commit


def person(family: str = "کریمی", entity_id: str = "") -> Draft:
    """A new person."""
    patch: dict[str, Value] = {"family_name": family, "given_name": "زهرا", "national_id": "9990000018"}
    return Draft("person", entity_id or identifiers.new(), "create", patch)


def visit(of: str, day: str = "1405-08-24") -> Draft:
    """A visit of a person, without a request."""
    return Draft("visit", identifiers.new(), "create", {"person": of, "day": day})
