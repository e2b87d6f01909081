"""Commits as they are sealed and as they travel: the same bytes in two dresses."""

from __future__ import annotations

from desktop import wire
from desktop.seal.commits import Commit, Sealed

_EACH, _SIGNATURES = 128, 512


def commit(sent: wire.Transaction) -> Commit:
    """A commit as received; nothing of it is believed yet."""
    changes = tuple(Sealed(each.header, each.body, each.salt) for each in sent.changes)
    return Commit(sent.message, sent.actor, sent.desk_signature, sent.actor_signature, changes)


def transaction(kept: Commit) -> wire.Transaction:
    """A commit to send, byte for byte as it was signed."""
    changes = tuple(wire.Record(each.header, each.body, each.salt) for each in kept.changes)
    return wire.Transaction(kept.message, kept.actor, kept.desk_signature, kept.actor_signature, changes)


def size(kept: Commit) -> int:
    """What it takes of a message at most, before compression."""
    changes = sum(len(each.header) + len(each.body or b"") + _EACH for each in kept.changes)
    return len(kept.message) + len(kept.actor) + changes + _SIGNATURES
