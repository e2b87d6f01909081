"""A new colleague practises at the real PC: with invented people, at a desk of its own, and nothing goes anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from db.models.journal import ChangeRow
from desktop import desk as desks
from desktop import practice
from desktop.app import Front
from desktop.domain.faults import Known
from desktop.domain.staffing import TRAINING
from desktop.machine import paths
from desktop.sync import enrol, round_trip
from tests.desk import opened
from tests.desk.fits import cut, every_look
from tests.desk.provinces import Province
from tests.desk.sitting import Sitting, settle, until
from ui import tasks
from ui.access.walk import faults
from ui.screens.home import HomeScreen
from ui.screens.login import LoginScreen
from ui.theme.look import Look
from ui.theme.tokens import THEMES, contrast
from ui.widgets import Button


@pytest.fixture
def front(folder: Path, qapp: QApplication, look: Look) -> Iterator[Front]:
    made = Front(qapp, paths.prepare(folder), training=False, look=look)
    made.window.resize(1366, 768)
    made.window.show()
    settle()
    yield made
    for each in (made._practice, made):
        if each is not None:
            each.window.close()
            each.window.deleteLater()
    tasks.drain()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def practising(front: Front) -> Front:
    """The practice, once its home is there."""
    until(lambda: front._practice is not None and front._practice.window.front() is not None, "the practice")
    settle()
    assert front._practice is not None
    front._practice.window.showNormal()
    front._practice.window.resize(1366, 768)
    front._practice.window.activateWindow()
    QCoreApplication.processEvents()
    return front._practice


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file() and each.suffix != ".json"}


def test_from_the_login_to_practice_and_back(front: Front, folder: Path) -> None:
    before = contents(folder)
    Sitting(front.window, front.look).press("F7")
    inside = practising(front)
    at = Sitting(inside.window, inside.look)
    assert not front.window.isVisible(), "one desk at a time"
    home = at.screen()
    assert isinstance(home, HomeScreen)
    assert len(home.visits.results()) == practice.VISITS
    assert home.next.isVisible(), "somebody waits, to be called"
    assert faults(inside.window) == []
    at.press("F5")
    at.press("F12")
    assert inside.window.covered()
    banner = " ".join(each.text() for each in inside.window.findChildren(Button) if each.isVisible())
    assert "پایان تمرین" in banner, "over the lock, too"
    at.press("Shift+F9")
    settle()
    assert front._practice is None
    assert front.window.isVisible()
    assert [each.isVisible() for each in front.window.findChildren(LoginScreen)] == [True]
    assert contents(folder) == before, "not a byte of the real desk is another"


def test_from_an_open_desk_it_is_closed_first(front: Front, folder: Path) -> None:
    front._opened(desks.unlock(folder, desks.users(folder)[0][0], opened.PASSWORD))
    settle()
    at = Sitting(front.window, front.look)
    at.press("F2")
    at.type("تمرین")
    at.press("Return")
    inside = practising(front)
    assert front.locks is not None
    assert front.locks._desk is None, "its key is forgotten while somebody practises"
    Sitting(inside.window, inside.look).press("F2")
    inside.window.close()
    settle()
    assert front.window.isVisible()
    assert front.window.front() is None, "who works here is asked again"


def test_nothing_of_practice_reaches_a_real_province(tmp_path: Path, province: Province) -> None:
    desk = practice.begin(tmp_path / "desk")
    try:
        assert desk.signer.realm == TRAINING
        assert practice.folder_of(tmp_path / "desk").parent == tmp_path
        with pytest.raises(Known, match="not-enrolled"):
            round_trip.sync(desk)
        with province.serving() as url, pytest.raises(Known) as refused:
            enrol.enrol(desk, url, province.code(opened.CENTRE))
        assert refused.value.code in ("enrol-refused", "enrol-lying")
        with desk.reading() as session:
            assert session.scalar(select(func.count()).select_from(ChangeRow)) or practice.VISITS < 0
    finally:
        desk.close()


def test_each_practice_begins_anew_and_sweeps_only_a_practice(tmp_path: Path) -> None:
    root = tmp_path / "desk"
    first = practice.begin(root)
    first.close()
    second = practice.begin(root)
    second.close()
    assert first.signer.desk != second.signer.desk
    real = tmp_path / "other-practice"
    opened.found(real)
    elsewhere = tmp_path / "other"
    (real / "vault.json").unlink()
    with pytest.raises(Known, match="practice-taken"):
        practice.begin(elsewhere)
    assert list(real.glob("*.db")), "what isn't surely a practice is left alone"


def test_the_practice_fits_and_its_tint_can_be_read(front: Front) -> None:
    Sitting(front.window, front.look).press("F7")
    inside = practising(front)
    found = {(theme, zoom): wrong for theme, zoom in every_look(inside.look) if (wrong := cut(inside.window))}
    assert found == {}
    for theme in THEMES.values():
        ground = theme.paper if theme.outlined else theme.accent_soft
        for ink in ("text", "muted"):
            assert contrast(theme.colour(ink), ground) >= 4.5
        for edge in ("border", "focus"):
            assert contrast(theme.colour(edge), ground) >= 3
