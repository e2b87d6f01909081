"""A change as exact bytes: committed, chained, signed twice, kept for ever (security 10, 14)."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain import changes, merging, upcasts
from desktop.domain.changes import Change, Draft
from desktop.seal import canonical, commits, signing
from desktop.seal.commits import NO_HASH, Commit, Sealed, Signer
from desktop.seal.keys import sign_key
from desktop.seal.refused import Refused

GOLDEN = Path(__file__).parents[1] / "golden" / "changes" / "v1.json"


def uid(end: str) -> str:
    """An id that ends so."""
    return f"01a00000-0000-7000-8000-{end:>012}"


DESK, STAFF = sign_key(bytes(range(32))), sign_key(bytes(range(32, 64)))
SIGNER = Signer("training", "124", "01a00000-0000-7000-8000-000000000001", DESK, uid("f1"), STAFF)
DRAFTS = [
    Draft(
        "person",
        uid("a1"),
        "create",
        {"given_name": "آوا", "family_name": "کاج‌نژاد", "birth": "1401-01-12"},
        {},
        uid("c1"),
    ),
    Draft("contact", uid("b1"), "set", {"value": "09990001122"}, {"value": ["x", "y"]}, uid("c1"), "شماره عوض شد"),
]


def sealed(drafts: list[Draft] = DRAFTS, signer: Signer = SIGNER, seq: int = 1, prev: str = NO_HASH) -> Commit:
    ids = [uid(f"e{seq + at}") for at in range(len(drafts))]
    return commits.seal(drafts, ids, signer, hlc="0006500000000000", seq=seq, prev=prev)


def verified(commit: Commit, realm: str = "training") -> list[Change]:
    return commits.verified(commit, realm, DESK.public_key(), STAFF.public_key())[1]


def test_what_was_sealed_is_read_back() -> None:
    first, second = verified(sealed())
    assert first.patch["family_name"] == "کاج‌نژاد"
    assert (second.base, second.household, second.reason) == ({"value": ["x", "y"]}, uid("c1"), "شماره عوض شد")


@pytest.mark.parametrize("part", ["message", "desk_signature", "actor_signature", "actor", "header", "body", "salt"])
def test_a_commit_with_one_part_altered_is_refused(part: str) -> None:
    commit = sealed()
    if part in ("header", "body", "salt"):
        one = commit.changes[1]
        there = getattr(one, part)
        altered = replace(one, **{part: there[:20] + bytes([there[20] ^ 1]) + there[21:]})
        commit = replace(commit, changes=(commit.changes[0], altered))
    elif part == "actor":
        commit = replace(commit, actor=uid("f2"))
    else:
        commit = replace(commit, **{part: getattr(commit, part)[:-1] + b"!"})
    with pytest.raises(Refused):
        verified(commit)


def test_changes_of_a_commit_keep_their_order_and_their_company() -> None:
    one, other = sealed(), sealed()
    for parts in (one.changes[::-1], (one.changes[0], one.changes[0]), (one.changes[0], other.changes[1])):
        with pytest.raises(Refused):
            verified(replace(one, changes=parts))


def test_another_realm_desk_or_actor_is_refused() -> None:
    with pytest.raises(Refused):
        verified(sealed(), realm="yazd")
    stranger = sign_key()
    for signer in (replace(SIGNER, desk_key=stranger), replace(SIGNER, actor_key=stranger)):
        with pytest.raises(Refused):
            verified(sealed(signer=signer))


def test_a_desk_may_sign_alone_only_in_its_own_name() -> None:
    alone = replace(SIGNER, actor="desk", actor_key=None)
    assert verified(sealed(signer=alone))
    with pytest.raises(Refused):
        commits.verified(sealed(signer=replace(SIGNER, actor_key=None)), "training", DESK.public_key(), None)


def test_a_part_left_out_after_a_transfer_still_verifies() -> None:
    commit = sealed()
    assert [each.change_id for each in verified(replace(commit, changes=commit.changes[1:]))] == [uid("e2")]


def test_hashes_ignore_what_happens_to_the_body() -> None:
    """An unknown field, a redaction, an up-cast: the name of a change in its chain stays."""
    odd = sealed([replace(DRAFTS[0], patch={**DRAFTS[0].patch, "blood_group": "O"})])
    one = odd.changes[0]
    stub = commits.stub(one)
    assert stub.hash == one.hash
    assert stub.salt is None
    redacted = commits.opened(stub)
    assert redacted.patch == dict.fromkeys(("given_name", "family_name", "birth", "blood_group"))
    assert b"\xda\xa9" not in (stub.body or b"")
    assert commits.opened(replace(one, body=None, salt=None)).has_body is False


def test_a_body_that_can_be_read_two_ways_is_refused() -> None:
    one = sealed().changes[0]
    body = b'{"base":{},"household":null,"patch":{"a":1,"a":2},"reason":""}'
    salt = os.urandom(32)
    header = canonical.encode({**canonical.decode(one.header), "body_commit": commits.commitment(salt, body)})
    with pytest.raises(Refused):
        commits.opened(Sealed(header, body, salt))


@pytest.mark.parametrize(
    "body",
    [b"[]", b'{"base":{},"household":null,"more":1,"patch":{},"reason":""}', b'{"base":{},"patch":{},"reason":""}',
     b'{"base":[],"household":null,"patch":{},"reason":""}',
     b'{"base":{"a":"b"},"household":null,"patch":{},"reason":""}',
     b'{"base":{},"household":1,"patch":{},"reason":""}', b'{"base":{},"household":null,"patch":{},"reason":null}'],
)  # fmt: skip
def test_a_body_of_another_shape_is_refused_even_if_committed_to(body: bytes) -> None:
    salt = os.urandom(32)
    header = canonical.decode(sealed().changes[0].header)
    with pytest.raises(Refused):
        commits.opened(Sealed(canonical.encode({**header, "body_commit": commits.commitment(salt, body)}), body, salt))


def test_an_old_body_is_lifted_when_read_and_its_bytes_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    old = commits.opened(sealed().changes[0])
    monkeypatch.setattr(upcasts, "SCHEMA", changes.SCHEMA + 1)
    monkeypatch.setitem(upcasts.STEPS, ("person", 1), _born)
    document = merging.fold(None, old, old.hlc)
    assert document is not None
    assert (document.value("born"), document.value("birth")) == ("1401-01-12", None)
    assert old.patch["birth"] == "1401-01-12"
    later = replace(old, change_id=uid("9"), verb="set", patch={"birth": "1401-01-13"}, base={"birth": [old.change_id]})
    document = merging.fold(document, later, later.hlc)
    assert document is not None
    assert document.conflicts() == {}, "what its author saw was renamed with it"
    assert document.value("born") == "1401-01-13"


def _born(patch: upcasts.Patch, base: changes.Base) -> tuple[upcasts.Patch, changes.Base]:
    """A release that calls the field by another name."""
    names = {"birth": "born"}
    return (
        {names.get(name, name): value for name, value in patch.items()},
        {names.get(name, name): heads for name, heads in base.items()},
    )


def test_the_golden_commit_of_version_1_still_verifies_and_its_bytes_are_made_again() -> None:
    """Frozen: header names and order, body, message, signatures. This file is never rewritten."""
    golden = json.loads(GOLDEN.read_text("utf-8"))
    parts = tuple(
        Sealed(each["header"].encode(), each["body"].encode(), bytes.fromhex(each["salt"]))
        for each in golden["changes"]
    )
    commit = Commit(
        golden["message"].encode(), golden["actor"], bytes.fromhex(golden["desk_signature"]),
        bytes.fromhex(golden["actor_signature"]), parts,
    )  # fmt: skip
    read = verified(commit)
    assert [each.hash for each in parts] == golden["hashes"]
    assert [canonical.encode(canonical.decode(each.header)) for each in parts] == [each.header for each in parts]
    document = merging.fold(None, read[0], read[0].hlc)
    assert document is not None
    assert merging.document_hash("person", uid("a1"), merging.dumped(document)) == golden["document_hash"]


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("schema_version", -(2**62)), ("schema_version", 0), ("seq", 0), ("entity_id", "x"),
        ("entity_id", uid("a1") + "\n"),
        ("change_id", uid("A1")), ("txn_id", ""), ("desk", "province"), ("actor", "somebody"), ("hlc", "zzzz"),
        ("kind", "person\0"),
    ],
)  # fmt: skip
def test_a_header_no_machine_should_have_to_read_is_refused(part: str, value: object) -> None:
    one = sealed().changes[0]
    header = {**canonical.decode(one.header), part: value}
    with pytest.raises(Refused):
        commits.opened(replace(one, header=canonical.encode(header)))


def test_changes_of_two_transactions_make_no_commit() -> None:
    one = sealed(DRAFTS[:1])
    other = sealed(DRAFTS[1:], seq=2, prev=one.changes[0].hash)
    said = {**canonical.decode(one.message), "last": 2, "hashes": [one.changes[0].hash, other.changes[0].hash]}
    with pytest.raises(Refused):
        verified(signed(said, (*one.changes, *other.changes)))


def signed(said: dict[str, object], parts: tuple[Sealed, ...]) -> Commit:
    """A commit its desk and actor really signed, whatever it says."""
    message = canonical.encode(said)
    by_desk, by_actor = (
        signing.sign(key, purpose, "training", message)  # type: ignore[arg-type]
        for key, purpose in ((DESK, "commit"), (STAFF, "actor"))
    )
    return Commit(message, SIGNER.actor, by_desk, by_actor, parts)


def test_another_change_of_the_same_seq_is_not_the_commit_s() -> None:
    """After a transfer a part may be missing, so the chain can't tell; the hashes do."""
    with pytest.raises(Refused):
        verified(replace(sealed(), changes=(sealed().changes[1],)))


def test_a_chain_broken_inside_a_commit_is_refused_though_all_is_signed() -> None:
    commit = sealed()
    second = commit.changes[1]
    loose = replace(second, header=canonical.encode({**canonical.decode(second.header), "prev_hash": NO_HASH}))
    said = {**canonical.decode(commit.message), "hashes": [commit.changes[0].hash, loose.hash]}
    with pytest.raises(Refused):
        verified(signed(said, (commit.changes[0], loose)))
