"""Two syncs at once: in one window the second waits; of two processes each goes on from where the other came to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from db import paper_numbers, restored
from desktop.actions import dump
from desktop.desk import Desk
from desktop.domain.faults import Known
from desktop.sync import enrol, link, pull, push, round_trip
from desktop.sync.http import Line
from desktop.sync.link import Caller
from tests.actions.working import mother_and_child
from tests.day.province import command
from tests.desk import opened
from tests.desk.provinces import Province
from tests.desk.sitting import sitting
from ui.theme.look import Look


def held(desk: Desk) -> dict[str, Any]:
    with desk.reading() as session:
        return dump.dump(session)


def test_the_clerk_who_asks_while_it_syncs_by_itself_waits(
    desk: Desk, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, most, lock = 0, 0, threading.Lock()
    begun = threading.Event()

    def sync(_desk: Desk, *_: object) -> object:
        nonlocal inside, most
        with lock:
            inside, most = inside + 1, max(most, inside + 1)
        begun.set()
        threading.Event().wait(0.05)  # long enough for the others to come in, were they let
        with lock:
            inside -= 1
        raise Known("province-unreachable")

    with sitting(desk, look) as at:
        places = at.places
        assert places is not None
        monkeypatch.setattr("desktop.sync.attempt.round_trip.sync", sync)

        def ask() -> None:
            with pytest.raises(Known):
                places.sync_now()

        asking = [threading.Thread(target=ask) for _ in range(4)]
        for each in asking:
            each.start()
        for each in asking:
            each.join()
    assert begun.is_set()
    assert most == 1


def test_a_page_another_process_already_folded_is_asked_again(desk: Desk, province: Province) -> None:
    """As `admin sync` beside the window: it folds the same page between this one's asking and its folding."""
    with province.serving() as url:
        enrol.enrol(desk, url, province.code(opened.CENTRE))
        for at in range(3):
            mother_and_child(desk, 10 * at)
        with desk.reading() as session:
            tie = link.load(session)
        with Line(tie.server, tie.pins) as line:
            caller = Caller(line, tie, desk.signer, desk.now)
            push.push(desk, caller)
            real: Callable[..., Any] = caller.call
            others = [lambda: round_trip.sync(desk)]

            def slow(method: str, target: str, shape: type[Any], message: Any = None) -> Any:
                reply = real(method, target, shape, message)
                if target.startswith("/pull") and others:
                    others.pop()()
                return reply

            caller.call = slow  # type: ignore[method-assign]
            came, _ = pull.pull(desk, caller, tie, page=5)
        assert came == 0, "the other had folded everything"
    assert command(province.folder, None, "dump", "--centre", opened.CENTRE) == held(desk)


def test_the_provinces_word_ends_the_doubt_about_a_copy(desk: Desk, province: Province) -> None:
    with province.serving() as url:
        enrol.enrol(desk, url, province.code(opened.CENTRE))
        mother_and_child(desk)
        with desk.writing() as session:
            restored.notice(session, "missing")
        round_trip.sync(desk)
    with desk.reading() as session:
        assert restored.noticed(session) == ""


def test_a_copy_restored_with_its_head_is_noticed_by_the_province(
    desk: Desk, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole to this PC; from the first sync on it numbers no paper as what it lost did."""
    with province.serving() as url:
        enrol.enrol(desk, url, province.code(opened.CENTRE))
        before = mother_and_child(desk).tracking_code

        def forked(*_: object) -> None:
            raise Known("province-forked")

        monkeypatch.setattr(round_trip, "stand", forked)
        for _ in range(2):  # noticed once
            with pytest.raises(Known, match="province-forked"):
                round_trip.sync(desk)
    with desk.reading() as session:
        assert restored.noticed(session) == "forked"
        assert paper_numbers.spare(session) == 1
    assert mother_and_child(desk, 10).tracking_code.split("/")[1] != before.split("/")[1]
