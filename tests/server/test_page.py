"""The province's page: what it shows of a centre that is silent, and what it never lets through."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert
from starlette.requests import Request
from starlette.types import Message, Scope

from desktop.domain import identifiers, jalali, texts
from desktop.domain.changes import Draft
from server import app, config, enrol, keys, monitor, serving, store
from server.judging import REASONS
from server.store import CENTRE, DESK
from server.web import page
from tests.desk.authors import NOW, REALM, Author, person, visit
from tests.desk.inbox import enrolled, push

HOUR = 3_600_000_000
TODAY = str(jalali.today(NOW))


def html(engine: Engine, now_us: int = NOW) -> str:
    return bytes(page.render(engine, now_us).body).decode()


def test_a_centre_without_a_desk_is_unknown_and_not_zero(engine: Engine) -> None:
    shown = html(engine)
    assert texts.say("province-page.never") in shown
    assert shown.count(texts.say("province-page.unknown")) == 5
    assert texts.say("province-page.unsynced", count=1) in shown


def test_todays_visits_and_all_are_counted_and_void_ones_are_not(engine: Engine) -> None:
    desk = enrolled(engine, Author())
    push(engine, desk, desk.write(*desk.founding()))
    zahra = person()
    today, wrong = visit(zahra.entity_id, TODAY), visit(zahra.entity_id, TODAY)
    push(
        engine,
        desk,
        desk.write(zahra),
        desk.write(today),
        desk.write(visit(zahra.entity_id, "1405-01-02")),
        desk.write(wrong),
    )
    void = Draft("visit", wrong.entity_id, "void", {"void": "mistake"}, {}, None, "")
    push(engine, desk, desk.write(void))
    with store.reading(engine) as connection:
        [centre] = monitor.centres(connection, NOW)
    contested = 1  # the void named no head it saw, so the visit stands until a person decides
    assert (centre.visits_today, centre.visits) == (1 + contested, 2 + contested)


def test_a_centre_silent_for_two_days_asks_to_be_looked_at(engine: Engine) -> None:
    desk = enrolled(engine, Author())
    push(engine, desk, desk.write(*desk.founding()))
    assert "chip ok" in html(engine, NOW + 47 * HOUR)
    assert "chip warn" in html(engine, NOW + 49 * HOUR)


def test_yesterdays_sync_says_nothing_of_today(engine: Engine) -> None:
    desk = enrolled(engine, Author())
    push(engine, desk, desk.write(*desk.founding()))
    with store.reading(engine) as connection:
        [today] = monitor.centres(connection, NOW)
        [tomorrow] = monitor.centres(connection, NOW + 24 * HOUR)
    assert (today.visits_today, today.visits) == (0, 0)
    assert (tomorrow.visits_today, tomorrow.visits) == (None, 0)
    assert texts.say("province-page.not-today", count=1) in html(engine, NOW + 24 * HOUR)


def test_one_silent_desk_of_two_is_named(engine: Engine) -> None:
    desk = enrolled(engine, Author())
    push(engine, desk, desk.write(*desk.founding()))
    enrolled(engine, Author())
    assert texts.say("province-page.silent", count=1) in html(engine)


def test_what_waits_is_named_with_its_reason(engine: Engine) -> None:
    desk = enrolled(engine, Author())
    push(engine, desk, desk.write(*desk.founding()), desk.write(visit(identifiers.new())))
    assert texts.say("province-page.reason.missing_reference", count=1) in html(engine)


def test_two_values_undecided_for_a_week_show_at_the_province(engine: Engine) -> None:
    desk = enrolled(engine, Author())
    zahra = person()
    push(engine, desk, desk.write(*desk.founding()), desk.write(zahra))
    for day in ("1371-05-10", "1371-05-11"):
        push(engine, desk, desk.write(Draft("person", zahra.entity_id, "set", {"birth": day}, {}, None, "")))
    words = texts.say("province-page.contested", count=1)
    assert words not in html(engine, NOW + 6 * 24 * HOUR)
    assert words in html(engine, NOW + 8 * 24 * HOUR)
    with store.reading(engine) as connection:
        [centre] = monitor.centres(connection, NOW + 8 * 24 * HOUR)
    assert page.tone(NOW, centre) == "warn"


def test_every_reason_has_words() -> None:
    for reason in REASONS:
        assert texts.say(f"province-page.reason.{reason}", count=1)


def test_a_planted_name_stays_a_name(engine: Engine) -> None:
    with store.writing(engine) as connection:
        connection.execute(insert(CENTRE).values(centre_id="7", name="<script>x</script>\u202etxe\u2066", added_at=NOW))
    shown = html(engine)
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert not set(shown) & set("\u202e\u2066")


def test_the_page_forbids_scripts_frames_and_keeping(engine: Engine) -> None:
    headers = page.render(engine, NOW).headers
    assert headers["content-security-policy"].startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert "<script" not in html(engine)
    assert "style=" not in html(engine)


def test_an_empty_province_says_what_to_do(engine: Engine) -> None:
    with store.writing(engine) as connection:
        for table in (DESK, CENTRE):
            connection.execute(table.delete())
    assert texts.say("province-page.empty") in html(engine)


@pytest.mark.parametrize("name", ["status.css", "Regular.ttf", "Bold.ttf"])
def test_its_style_and_font_come_from_the_province_itself(name: str) -> None:
    found = page.asset(name)
    assert found
    assert found.status_code == 200


@pytest.mark.parametrize("name", ["", "page.py", "../keys.py", "status.html", "OFL.txt"])
def test_nothing_else_is_given_out(name: str) -> None:
    assert page.asset(name) is None


@pytest.mark.parametrize(("host", "here"), [("127.0.0.1", True), ("::1", True), ("192.0.2.1", False), ("x", False)])
def test_the_page_opens_on_this_machine_alone(host: str, here: bool) -> None:
    assert app._at_this_machine(Request({"type": "http", "client": (host, 1), "headers": []})) is here


@pytest.mark.parametrize(
    ("plain", "host", "status"),
    [
        (False, "127.0.0.1:8443", 200), (False, "localhost:8443", 200), (False, "[::1]:8443", 200),
        (False, "LOCALHOST:8443", 200), (False, "evil.example:8443", 404), (False, "province.example", 404),
        (False, "127.0.0.1:1", 404), (False, "", 404), (True, "127.0.0.1:8443", 404), (True, "localhost:8443", 404),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/web/status.css"])
def test_the_page_answers_to_this_machines_own_name_and_never_behind_a_proxy(
    engine: Engine, tmp_path: Path, plain: bool, host: str, status: int, path: str
) -> None:
    identity = keys.create(tmp_path / "province", REALM, tmp_path / "root")
    where = serving.Where(plain=plain, url="https://province.example")
    province = serving.province_at(tmp_path / "province", engine, identity, where, 8443)
    assert asyncio.run(_answer(province, path, host, "127.0.0.1")) == status
    assert asyncio.run(_answer(province, path, host, "192.0.2.1")) == 404


async def _answer(province: config.Province, path: str, host: str, client: str) -> int:
    """The status of a GET by `client` that asks for `host`."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    scope: Scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", host.encode())], "client": (client, 5), "scheme": "https", "http_version": "1.1",
    }  # fmt: skip
    await app.build(province)(scope, receive, send)
    status: int = said[0]["status"]
    return status


def test_two_centres_are_in_the_order_of_their_codes(engine: Engine) -> None:
    with store.writing(engine) as connection:
        enrol.add_centre(connection, "1100", "مرکز دیگر", NOW)
        assert [each.centre_id for each in monitor.centres(connection, NOW)] == ["1100", "1203"]
