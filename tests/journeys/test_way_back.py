"""Neither password nor envelope: from the login to the province and back, by the keys of the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop import desk as desks
from desktop.app import Front
from desktop.domain.digits import persian
from desktop.machine import paths
from desktop.seal import recovery_request
from tests.desk.provinces import Province
from tests.desk.safekeeping import answer, approved, sealed
from tests.desk.sitting import settle
from tests.desk.typing import press, type_text
from ui import tasks
from ui.screens import province_recovery
from ui.screens.login import LoginScreen
from ui.screens.province_recovery import ProvinceRecoveryScreen

Key = Qt.Key
_Screen = TypeVar("_Screen", bound=QWidget)
NEW = "رود از کوه می‌آید"


@pytest.fixture
def front(tmp_path: Path, province: Province, qapp: QApplication) -> Iterator[Front]:
    """The login of a desk whose manager the province can help."""
    folder = sealed(tmp_path / "locked", province)
    front = Front(qapp, paths.prepare(folder, training=True), training=True)
    front.show()
    settle()
    yield front
    front.window.close()
    tasks.drain()
    front.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shown(front: Front, kind: type[_Screen]) -> _Screen:
    return next(each for each in front.window.findChildren(kind) if each.isVisible())


def test_the_manager_is_back_with_a_new_password(
    front: Front, province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, back = tmp_path / "request.json", tmp_path / "answer.json"
    press(shown(front, LoginScreen), Key.Key_F8)
    press(front.window, Key.Key_F8)
    screen = shown(front, ProvinceRecoveryScreen)
    monkeypatch.setattr(province_recovery, "asked_path", lambda _dialog: str(request))
    press(screen.ask, Key.Key_F6)
    tasks.drain()
    asked = recovery_request.loaded(request.read_text("utf-8"))
    read = screen.digits()[1].strip("\u2066\u2069").split()
    assert " ".join(read) == persian(recovery_request.fingerprint(asked)), "what is on the screen is what they hear"
    press(screen.back, Key.Key_F10)  # an hour passes; the window is where it was
    press(shown(front, LoginScreen), Key.Key_F8)
    press(front.window, Key.Key_F8)
    screen = shown(front, ProvinceRecoveryScreen)
    assert screen.digits()[1].strip("\u2066\u2069").split() == read
    back.write_bytes(answer(province, approved(asked)))
    monkeypatch.setattr(province_recovery, "asked_path", lambda _dialog: str(back))
    press(screen.choose, Key.Key_F7)
    for edit in (screen.password.new, screen.password.again):
        type_text(edit, NEW)
    press(screen.choose, Key.Key_F9)
    tasks.drain()
    assert "نرگس آبان‌پور" in screen.told()[0]
    press(screen.back, Key.Key_F10)
    assert shown(front, LoginScreen).isVisible()
    folder = tmp_path / "locked"
    desk = desks.unlock(folder, desks.users(folder)[0][0], NEW)
    assert desk.actor.name == "نرگس آبان‌پور"
    desk.close()
