"""Enrolment codes at the province: how often, how long, by whom; on both databases."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import Engine

from desktop import wire
from desktop.domain import identifiers
from desktop.seal import enrolment, keys
from desktop.seal.keys import SignKey
from server import enrol, store
from server.enrol import Asked
from server.keys import Identity
from tests.desk import provinces
from tests.desk.authors import CENTRE, NOW, REALM

SPKI = b"\7" * 32
ROOT: SignKey = keys.sign_key()
IDENTITY = Identity(REALM, keys.public_of(ROOT), keys.sign_key(), bytes(64), keys.box_key(), bytes(64))


@pytest.fixture(autouse=True)
def _quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.seal.passwords.Cost", provinces.cheap_codes)


@pytest.fixture
def code(engine: Engine) -> str:
    with store.writing(engine, CENTRE) as connection:
        return enrol.new_code(connection, CENTRE, NOW)


def ask(code: str, desk: str = "", realm: str = REALM, spki: bytes = SPKI) -> wire.EnrolAsk:
    named = desk or identifiers.new()
    one = wire.EnrolAsk(CENTRE, named, bytes(32), bytes(32), spki, b"")
    mac = enrolment.desk_mac(
        enrolment.code_key(code, CENTRE), realm=realm, centre=CENTRE, desk=named, sign_key=one.sign_key,
        box_key=one.box_key, spki=spki,
    )  # fmt: skip
    return msgspec.structs.replace(one, mac=mac)


def join(engine: Engine, one: wire.EnrolAsk, now_us: int = NOW) -> wire.EnrolReply | None:
    with store.writing(engine, CENTRE) as connection:
        return enrol.join(connection, IDENTITY, Asked(one, (SPKI,), now_us))


def test_a_desk_joins_with_its_own_id_and_three_series(engine: Engine, code: str) -> None:
    one = ask(code)
    reply = join(engine, one)
    assert reply
    assert (reply.desk, reply.series, reply.realm) == (one.desk, (1, 2, 3), REALM)


def test_every_desk_gets_its_own_series(engine: Engine) -> None:
    given: list[int] = []
    for _ in range(3):
        with store.writing(engine, CENTRE) as connection:
            code = enrol.new_code(connection, CENTRE, NOW)
        reply = join(engine, ask(code))
        assert reply
        given += reply.series
    assert given == list(range(1, 10))


def test_a_code_is_good_for_five_tries(engine: Engine, code: str) -> None:
    for _ in range(4):
        assert join(engine, ask(enrolment.new_code())) is None
    assert join(engine, ask(code))


def test_the_sixth_try_is_refused_even_with_the_right_code(engine: Engine, code: str) -> None:
    for _ in range(5):
        assert join(engine, ask(enrolment.new_code())) is None
    assert join(engine, ask(code)) is None


def test_a_code_dies_after_72_hours(engine: Engine, code: str) -> None:
    assert join(engine, ask(code), NOW + enrol.LIFE_US) is None
    assert join(engine, ask(code), NOW + enrol.LIFE_US - 1)


def test_a_used_code_is_no_good_for_another_desk(engine: Engine, code: str) -> None:
    assert join(engine, ask(code))
    assert join(engine, ask(code)) is None


def test_a_desk_whose_reply_was_lost_asks_again_and_gets_the_same(engine: Engine, code: str) -> None:
    one = ask(code)
    assert join(engine, one) == join(engine, one)


def test_an_enrolled_desk_cannot_change_its_keys_with_another_code(engine: Engine, code: str) -> None:
    one = ask(code)
    assert join(engine, one)
    with store.writing(engine, CENTRE) as connection:
        second = enrol.new_code(connection, CENTRE, NOW)
    key = enrolment.code_key(second, CENTRE)
    mac = enrolment.desk_mac(
        key, realm=REALM, centre=CENTRE, desk=one.desk, sign_key=b"\1" * 32, box_key=one.box_key, spki=SPKI
    )
    assert join(engine, msgspec.structs.replace(one, sign_key=b"\1" * 32, mac=mac)) is None


@pytest.mark.parametrize("wrong", [{"realm": "kerman"}, {"spki": b"\1" * 32}])
def test_another_realm_or_another_certificate_is_refused(engine: Engine, code: str, wrong: dict[str, str]) -> None:
    assert join(engine, ask(code, **wrong)) is None  # type: ignore[arg-type]


def test_the_code_itself_is_not_in_the_database(engine: Engine, code: str) -> None:
    with store.reading(engine) as connection:
        rows = connection.execute(store.ENROL_CODE.select()).all()
    assert code.replace("-", "") not in repr(rows)
    assert code not in repr(rows)


def test_a_desk_id_that_is_no_id_is_refused(engine: Engine, code: str) -> None:
    assert join(engine, ask(code, desk="../../etc")) is None
