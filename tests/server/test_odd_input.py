"""What no honest desk sends, through the real door on both databases: refused or waiting, never a broken server."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from desktop import wire
from desktop.domain import identifiers
from desktop.domain.changes import Draft
from desktop.seal import canonical, commits, requests, signing
from desktop.seal.commits import Commit, Sealed
from desktop.sync import shapes
from desktop.sync.http import Line, Reply, address
from server import keys
from tests.desk.authors import CENTRE, REALM, Author, person, visit
from tests.desk.inbox import enrolled
from tests.desk.provinces import Province

NUL = "a\0b"


@pytest.fixture
def province(engine: Engine, tmp_path: Path) -> Iterator[Province]:
    made = Province(tmp_path / "p", engine, keys.create(tmp_path / "p", REALM, tmp_path / "root"))
    with made.serving():
        yield made


@pytest.fixture
def desk(engine: Engine, province: Province) -> Author:
    author = enrolled(engine, Author())
    assert push(province, author, author.write(*author.founding())).status == 200
    return author


def post(province: Province, desk: Author, path: str, body: bytes) -> Reply:
    to = address(province.url)
    headers = {"content-type": wire.CONTENT_TYPE, "content-encoding": wire.CONTENT_ENCODING}
    now = time.time_ns() // 1000
    headers = requests.sign(desk.desk_key, f"{CENTRE}/{desk.desk}", "POST", f"{to.base}{path}", headers, body, now)
    with Line(to, None) as line:
        return line.send("POST", path, headers, body)


def push(province: Province, desk: Author, *sent: Commit) -> Reply:
    return post(province, desk, "/push", wire.pack(wire.PushAsk(tuple(map(shapes.transaction, sent)))))


def forged(desk: Author, draft: Draft, header: dict[str, Any], body: dict[str, Any]) -> Commit:
    """A commit signed well over a header and body that were altered before: what a desk could do if it wished."""
    [sealed] = Author.write(Author(desk.staff, desk.desk, seq=desk.seq, prev=desk.prev), draft).changes
    assert sealed.body
    assert sealed.salt
    raw = json.dumps({**json.loads(sealed.body), **body}, sort_keys=True, separators=(",", ":")).encode()
    said = {**json.loads(sealed.header), "body_commit": commits.commitment(sealed.salt, raw), **header}
    one = Sealed(json.dumps(said, sort_keys=True, separators=(",", ":")).encode(), raw, sealed.salt)
    message = canonical.encode(
        {
            "anchor": None,
            "desk": desk.desk,
            "first": desk.seq,
            "hashes": [one.hash],
            "last": desk.seq,
            "prev": desk.prev,
        }
    )
    by_desk = signing.sign(desk.desk_key, "commit", REALM, message)
    return Commit(message, said["actor"], by_desk, signing.sign(desk.staff_key, "actor", REALM, message), (one,))


def reasons(reply: Reply) -> list[str]:
    return [one.reason for one in wire.unpack(reply.body, wire.PushReply).judged]


@pytest.mark.parametrize(
    "header",
    [
        {"change_id": NUL}, {"change_id": "x"}, {"txn_id": "x"}, {"entity_id": NUL}, {"entity_id": "x" * 5_000},
        {"entity_id": ""}, {"desk": "x"}, {"actor": NUL}, {"kind": NUL}, {"verb": NUL}, {"seq": 0}, {"seq": 2**63 - 1},
        {"schema_version": 0}, {"schema_version": -(2**63)}, {"hlc": "x"}, {"centre": NUL},
    ],
)  # fmt: skip
def test_an_odd_header_is_refused(province: Province, desk: Author, header: dict[str, Any]) -> None:
    assert push(province, desk, forged(desk, person(), header, {})).status == 422
    assert push(province, desk, desk.write(person())).status == 200


@pytest.mark.parametrize(
    "body",
    [
        {"household": NUL}, {"household": "x"}, {"household": 7}, {"patch": {"family_name": NUL}}, {"patch": {NUL: 1}},
        {"patch": []}, {"base": {"family_name": [7]}}, {"base": {NUL: []}}, {"reason": NUL}, {"more": 1},
        {"patch": {"day": [NUL]}}, {"patch": {"merged_into": NUL}},
    ],
)  # fmt: skip
def test_an_odd_body_is_refused(province: Province, desk: Author, body: dict[str, Any]) -> None:
    assert push(province, desk, forged(desk, person(), {}, body)).status == 422
    assert push(province, desk, desk.write(person())).status == 200


@pytest.mark.parametrize(
    ("header", "body", "why"),
    [
        ({"kind": "x" * 9_000}, {}, "unknown_kind"), ({"verb": ""}, {}, "unknown_verb"),
        ({"centre": ""}, {}, "other_centre"),
        ({"schema_version": 2**63 - 1}, {}, "schema_ahead"), ({}, {"patch": {"person": {"a": []}}}, "other_kind"),
        ({}, {"patch": {"person": "x y " * 2_000}}, "missing_reference"),
        ({}, {"patch": {"person": True}}, "other_kind"),
    ],
)  # fmt: skip
def test_what_can_be_read_but_not_taken_waits(
    province: Province, desk: Author, header: dict[str, Any], body: dict[str, Any], why: str
) -> None:
    assert reasons(push(province, desk, forged(desk, visit(identifiers.new()), header, body))) == [why]


def test_a_day_that_is_none_is_kept_and_breaks_no_index(province: Province, desk: Author) -> None:
    long = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=60_000))
    zahra = person()
    for day in (long, "1405-13-40", 7, {"a": [None]}):
        one = visit(zahra.entity_id)
        said = desk.write(zahra, Draft("visit", one.entity_id, "create", {**one.patch, "day": day}))
        assert reasons(push(province, desk, said)) == [""]
        zahra = person()


@pytest.mark.parametrize(
    "odd", [{"centre": NUL}, {"centre": "x" * 9_000}, {"desk": NUL}, {"centre": CENTRE, "mac": b""}]
)
def test_an_odd_enrolment_is_refused_as_any_other(province: Province, desk: Author, odd: dict[str, Any]) -> None:
    asked = {"centre": CENTRE, "desk": desk.desk, "sign_key": b"", "box_key": b"", "spki": b"", "mac": b"x"} | odd
    reply = post(province, desk, "/enrol", wire.pack(wire.EnrolAsk(**asked)))
    assert (reply.status, wire.unpack(reply.body, wire.Problem).code) == (403, "enrol-refused")


@pytest.mark.parametrize("after", ["0", "9" * 18])
def test_a_page_far_beyond_the_end_is_empty(province: Province, desk: Author, after: str) -> None:
    to = address(province.url)
    path = f"/pull?after={after}&limit={'9' * 18}"
    headers = {"content-type": wire.CONTENT_TYPE, "content-encoding": wire.CONTENT_ENCODING}
    now = time.time_ns() // 1000
    headers = requests.sign(desk.desk_key, f"{CENTRE}/{desk.desk}", "GET", f"{to.base}{path}", headers, b"", now)
    with Line(to, None) as line:
        assert line.send("GET", path, headers, b"").status == 200
