"""What the province sent back, at the real window: seen, opened, sent again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from db import feed
from desktop.desk import Desk
from desktop.domain.faults import Known
from tests.actions.working import mother_and_child
from tests.desk.sitting import settle, sitting
from ui.screens.intake import IntakeScreen
from ui.screens.sync_truth import SyncScreen
from ui.theme.look import Look


def judged(desk: Desk, *verdicts: tuple[str, str]) -> None:
    for at, (verdict, reason) in enumerate(verdicts):
        first = desk.tip() + 1
        mother_and_child(desk, 10 * at)
        with desk.writing() as session:
            feed.judge(session, desk.signer.desk, [feed.Judged(first, desk.tip(), verdict, reason)])


def sync_screen(widget: QWidget) -> SyncScreen:
    assert isinstance(widget, SyncScreen)
    return widget


def test_one_is_read_another_leads_to_its_file(desk: Desk, look: Look) -> None:
    judged(desk, ("discarded", ""), ("quarantined", "transfer_refused"))
    with sitting(desk, look) as at:
        at.press("Ctrl+6")
        screen = sync_screen(at.screen())
        assert [each.name for each in screen.needing.results()] == ["مراجعه", "مراجعه"]
        screen.needing.setFocus()
        at.press("Return")
        at.press("Return")
        settle()
        assert len(screen.needing.results()) == 1
        assert screen.needs_you.words()[0] == "۱"
        at.press("Return")
        at.press("Return")
        settle()
        assert isinstance(at.screen(), IntakeScreen)
        assert at.screen().form.card is not None  # type: ignore[attr-defined]


def test_the_screen_in_front_hears_how_an_attempt_in_the_background_ended(
    desk: Desk, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> None:
        raise Known("province-unreachable")

    with sitting(desk, look) as at:
        at.press("Ctrl+6")
        screen = sync_screen(at.screen())
        monkeypatch.setattr("desktop.syncing.sync_truth.enrolled", lambda _session: True)
        monkeypatch.setattr("desktop.syncing.attempt.attempt", unreachable)
        assert at.places is not None
        at.places.syncing.try_now()
        settle()
        assert screen.note() == Known("province-unreachable").parts()
        assert screen.next.text().startswith("تلاش بعدی:")


def test_the_report_lands_where_it_was_asked_for(
    desk: Desk, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(_screen: SyncScreen, name: str) -> str:
        asked.append(name)
        return str(tmp_path / "report.json")

    monkeypatch.setattr(SyncScreen, "_ask_path", ask)
    with sitting(desk, look) as at:
        at.press("Ctrl+6")
        at.press("F8")
        settle()
    assert asked == ["گزارش-همگام‌سازی-124.json"]
    assert (tmp_path / "report.json").exists()
