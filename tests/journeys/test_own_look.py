"""The look goes with the person to any chair of the desk, and with this PC before anyone has come."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from db import settings as kept
from desktop.app import Front
from desktop.desk import Desk
from desktop.machine import paths, settings
from desktop.own_look import OwnLook
from tests.desk.sitting import settle, sitting, until
from ui.theme.look import Look


def test_what_was_chosen_comes_back_with_the_person(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        at.press("Shift+F4")
        at.press("3")
        at.press("Tab")
        at.press("6")
        assert (look.theme_name, look.zoom) == ("contrast", 2.0)
        assert at.places is not None
        at.places.own_look.keep()
        settle()
    look.set_theme("light")
    look.set_zoom(1.0)
    with sitting(desk, look):
        until(lambda: look.theme_name == "contrast", "their own look")
        assert look.zoom == 2.0


def test_who_never_chose_finds_the_desk_as_it_is_and_nothing_is_written(desk: Desk, look: Look) -> None:
    look.set_theme("dark")
    with sitting(desk, look) as at:
        assert look.theme_name == "dark"
        assert at.places is not None
        at.places.own_look.keep()
        settle()
        with desk.reading() as session:
            assert kept.get(session, f"look.{desk.actor.staff_id}") is None


@pytest.mark.parametrize("nonsense", [7, {"theme": "pink", "zoom": "big"}, {}])
def test_nonsense_is_passed_over(desk: Desk, look: Look, nonsense: object) -> None:
    with desk.writing() as session:
        kept.put(session, f"look.{desk.actor.staff_id}", nonsense)
    with sitting(desk, look):
        assert (look.theme_name, look.zoom) == ("light", 1.0)


def test_whoever_is_gone_writes_nothing(desk: Desk, look: Look, qapp: QApplication) -> None:
    own = OwnLook(qapp, look, desk)
    own.open()
    settle()
    own.stop()
    look.set_theme("dark")
    own.keep()
    settle()
    with desk.reading() as session:
        assert kept.get(session, f"look.{desk.actor.staff_id}") is None
    own.deleteLater()


def test_this_pc_begins_with_the_last_look(tmp_path: Path, qapp: QApplication) -> None:
    folders = paths.prepare(tmp_path / "pc", training=True)
    first = Front(qapp, folders, training=True)
    first.look.set_theme("contrast")
    first.look.set_zoom(1.25)
    until(lambda: settings.load(folders.settings).theme == "contrast", "the look to be kept")
    assert settings.load(folders.settings).zoom == 125
    first.window.close()
    second = Front(qapp, folders, training=True)
    assert (second.look.theme_name, second.look.zoom) == ("contrast", 1.25)
    second.window.close()
    Look(qapp)
