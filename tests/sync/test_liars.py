"""Servers that aren't the province, and a province that says what isn't so: believed by no desk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from db import feed, settings
from desktop import wire
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.seal import enrolment, keys
from desktop.sync import enrol, link, round_trip
from desktop.sync.http import Line, Reply, address
from server import directory
from server import enrol as server_enrol
from server import feed as server_feed
from server import keys as server_keys
from tests.desk import cutting, opened, provinces
from tests.desk.provinces import Province


def fault(of: Callable[[], object]) -> str:
    with pytest.raises(Known) as raised:
        of()
    assert all(raised.value.parts())
    return raised.value.code


def joined(desk: Desk) -> bool:
    with desk.reading() as session:
        return settings.get(session, link.SETTING) is not None


def test_a_server_with_another_certificate_gets_not_one_byte(desk: Desk, province: Province, tmp_path: Path) -> None:
    with provinces.founded(tmp_path / "liar", opened.CENTRE) as liar, cutting.relay() as line:
        with province.serving(known_as=line.url) as url:
            line.to = int(url.rpartition(":")[2])
            enrol.enrol(desk, line.url, province.code(opened.CENTRE))
        with liar.serving(known_as=line.url) as url:
            line.to = int(url.rpartition(":")[2])
            asked: list[object] = []
            liar_sees = Line.send
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Line, "send", lambda *all_: asked.append(all_) or liar_sees(*all_))  # type: ignore[func-returns-value]
                assert fault(lambda: round_trip.sync(desk)) == "province-pin"
            assert not asked


def test_the_next_pin_is_believed_when_the_certificate_changes(desk: Desk, province: Province) -> None:
    with cutting.relay() as line:
        with province.serving(known_as=line.url) as url:
            line.to = int(url.rpartition(":")[2])
            enrol.enrol(desk, line.url, province.code(opened.CENTRE))
        following = load_pem_private_key((province.folder / server_keys.TLS_NEXT).read_bytes(), None)
        pem = following.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (province.folder / server_keys.TLS_KEY).write_bytes(pem)
        renewed = server_keys._self_signed(following, "training")  # type: ignore[arg-type]
        (province.folder / server_keys.TLS_CERT).write_bytes(renewed.public_bytes(Encoding.PEM))
        with province.serving(known_as=line.url) as url:
            line.to = int(url.rpartition(":")[2])
            assert round_trip.sync(desk).acked_seq == desk.tip()


def test_a_man_in_the_middle_cannot_pass_his_certificate_off(
    desk: Desk, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He ends TLS himself and hands the desk's words on: the province sees a key it doesn't have."""
    his = hashlib.sha256(b"his own key").digest()
    meet = Line._met
    monkeypatch.setattr(Line, "_met", lambda self: (meet(self), his)[1])
    with province.serving():
        assert fault(lambda: enrol.enrol(desk, province.url, province.code(opened.CENTRE))) == "enrol-refused"
    assert not joined(desk)


def lie(monkeypatch: pytest.MonkeyPatch, **said: object) -> None:
    honest = server_enrol.join

    def lying(*asked: object) -> wire.EnrolReply | None:
        reply = honest(*asked)  # type: ignore[arg-type]
        return reply and wire.msgspec.structs.replace(reply, **said)  # type: ignore[attr-defined]

    monkeypatch.setattr(server_enrol, "join", lying)


@pytest.mark.parametrize(
    "said",
    [
        {"mac": bytes(32)}, {"series": (7, 8, 9)}, {"pins": (bytes(32),)}, {"root_key": bytes(32)},
        {"sign_key": keys.public_of(keys.sign_key())}, {"sign_proof": bytes(64)}, {"pins": ()},
        {"courier_key": keys.public_of(keys.box_key())}, {"courier_proof": bytes(64)}, {"courier_key": b""},
    ],
)  # fmt: skip
def test_a_province_that_does_not_know_the_code_is_not_joined(
    desk: Desk, province: Province, monkeypatch: pytest.MonkeyPatch, said: dict[str, object]
) -> None:
    lie(monkeypatch, **said)
    with province.serving():
        assert fault(lambda: enrol.enrol(desk, province.url, province.code(opened.CENTRE))) == "enrol-lying"
    assert not joined(desk)


def test_a_reply_that_is_not_a_message_is_a_lie(
    desk: Desk, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Line, "send", lambda *_: Reply(200, b"<html>", 0))
    with province.serving():
        assert fault(lambda: enrol.enrol(desk, province.url, enrolment.new_code())) == "enrol-lying"


def _cursor(desk: Desk) -> int:
    with desk.reading() as session:
        return feed.position(session).cursor


def _broken_desk_signature(entry: server_feed.Entry) -> server_feed.Entry:
    return replace(entry, commit=replace(entry.commit, desk_signature=bytes(64)))


def _broken_actor_signature(entry: server_feed.Entry) -> server_feed.Entry:
    return replace(entry, commit=replace(entry.commit, actor_signature=bytes(64)))


def _changed_body(entry: server_feed.Entry) -> server_feed.Entry:
    first, *rest = entry.commit.changes
    other = replace(first, body=(first.body or b"").replace(b"manager", b"janitor").replace(b"124", b"125"))
    return replace(entry, commit=replace(entry.commit, changes=(other, *rest)))


def _moved(entry: server_feed.Entry) -> server_feed.Entry:
    return replace(entry, sseq=entry.sseq + 1)


@pytest.mark.parametrize("lie_of", [_broken_desk_signature, _broken_actor_signature, _changed_body, _moved])
def test_a_page_with_one_false_entry_is_refused_whole(
    desk: Desk,
    province: Province,
    monkeypatch: pytest.MonkeyPatch,
    lie_of: Callable[[server_feed.Entry], server_feed.Entry],
) -> None:
    with province.serving():
        enrol.enrol(desk, province.url, province.code(opened.CENTRE))
        opened.at_work(desk).whole()
        honest = server_feed._after
        with monkeypatch.context() as lying:
            lying.setattr(
                server_feed,
                "_after",
                lambda *asked: (
                    [
                        lie_of(each) if isinstance(each, server_feed.Entry) and each.first == 1 else each
                        for each in honest(*asked)[0]
                    ],
                    [],
                ),
            )
            assert fault(lambda: round_trip.sync(desk)) == "province-garbled"
            assert _cursor(desk) == 0
        assert round_trip.sync(desk).cursor == desk.tip()


def test_keys_the_province_did_not_sign_are_refused(
    desk: Desk, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    with province.serving():
        enrol.enrol(desk, province.url, province.code(opened.CENTRE))
        honest = directory.signed
        monkeypatch.setattr(directory, "signed", lambda *asked: (honest(*asked)[0], bytes(64)))
        assert fault(lambda: round_trip.sync(desk)) == "province-garbled"
    assert _cursor(desk) == 0


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://province.example:8443", "province-plain"), ("ftp://province.example", "province-address"),
        ("province.example", "province-address"), ("https://", "province-address"),
        ("https://a@province.example", "province-address"), ("https://province.example/x", "province-address"),
        ("https://province.example:99999", "province-address"),
    ],
)  # fmt: skip
def test_an_address_that_is_not_safe_is_not_tried(url: str, code: str) -> None:
    assert fault(lambda: address(url)) == code


def test_plain_http_is_for_this_machine_alone() -> None:
    assert address("http://127.0.0.1:80").authority == "127.0.0.1:80"
    assert address("http://[::1]:8080").host == "::1"
