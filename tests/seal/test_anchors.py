"""Countersignatures: what the province saw, carried by the desk's next commit."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from desktop.seal import anchors, keys
from desktop.seal.anchors import OLD_US, SLACK_US, Anchor, Dated
from desktop.seal.refused import Refused

KEY = keys.sign_key()
SEEN = Anchor("01a20bf9-5b9c-755c-87b3-fbf496834303", 7, "ab" * 32, 19, 1_795_500_000_000_000)
HOUR = 3_600_000_000


def carried(seen: Anchor = SEEN) -> str:
    return anchors.believed(*anchors.countersign(KEY, "yazd", seen), "yazd", KEY.public_key())


def test_what_the_province_saw_comes_back() -> None:
    assert anchors.opened(carried(), "yazd", KEY.public_key()) == SEEN


def test_none_of_its_words_can_be_changed() -> None:
    said = json.loads(carried())
    for name, other in (("seq", 8), ("hash", "cd" * 32), ("centre_head", 20), ("received_at", 1), ("desk", "x")):
        text = json.dumps({**said, name: other}, sort_keys=True, separators=(",", ":"))
        with pytest.raises(Refused):
            anchors.opened(text, "yazd", KEY.public_key())
    for text in ("", "{}", "[]", carried()[:-2], json.dumps({**said, "more": 1}, sort_keys=True)):
        with pytest.raises(Refused):
            anchors.opened(text, "yazd", KEY.public_key())
    with pytest.raises(Refused):
        anchors.opened(carried(), "another", KEY.public_key())
    with pytest.raises(Refused):
        anchors.opened(carried(), "yazd", keys.sign_key().public_key())


def test_another_signature_is_not_carried() -> None:
    message, _ = anchors.countersign(KEY, "yazd", SEEN)
    with pytest.raises(Refused):
        anchors.believed(message, bytes(64), "yazd", KEY.public_key())


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (SEEN.received_at + HOUR, []),
        (SEEN.received_at - SLACK_US, []),
        (SEEN.received_at - SLACK_US - 1, [8]),
        (SEEN.received_at - 30 * 24 * HOUR, [8]),
    ],
)
def test_an_entry_dated_before_the_anchor_it_follows_falls_outside(written: int, found: list[int]) -> None:
    chain = [Dated(1, SEEN.received_at - HOUR, None), Dated(8, written, SEEN)]
    assert anchors.outside(chain) == found


def test_an_anchor_holds_for_all_that_follows() -> None:
    later = replace(SEEN, seq=9, received_at=SEEN.received_at + OLD_US)
    chain = [Dated(8, SEEN.received_at + 1, SEEN), Dated(9, later.received_at, later), Dated(10, SEEN.received_at,
    None)]
    assert anchors.outside(chain) == [10]
