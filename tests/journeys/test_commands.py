"""F2 and F1 at the real window: everything by a few letters, and back to the very letter that was being typed."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from PySide6.QtWidgets import QLineEdit

from desktop.actions import queue
from desktop.desk import Desk
from desktop.domain.roles import Role
from desktop.domain.texts import catalogue
from desktop.places import Places
from server import config
from tests.actions.working import mother_and_child, sit
from tests.desk.fits import cut, every_look
from tests.desk.sitting import Sitting, settle, sitting, until
from ui import bound
from ui.access.walk import faults
from ui.screens.base import Screen
from ui.screens.cover import CoverScreen
from ui.screens.help import HelpPanel, steps
from ui.screens.incident import IncidentScreen
from ui.screens.intake import IntakeScreen
from ui.screens.login import LoginScreen
from ui.screens.palette import Palette
from ui.screens.province_recovery import ProvinceRecoveryScreen
from ui.screens.queue import QueueScreen
from ui.screens.recovery import RecoveryScreen
from ui.screens.standing import StandingScreen
from ui.theme.look import Look

KEY = re.compile(r"(?:Shift |Ctrl )?F\d+|Enter|Esc|Tab")
BY_QT = {"Enter", "Tab", "Esc"}


def palette(at: Sitting) -> Palette:
    (found,) = [each for each in at.window.findChildren(Palette) if each.isVisible()]
    return found


def sat(desk: Desk, *roles: Role) -> Desk:
    sit(desk, *roles)
    return desk


def somebody_waits(places: Places) -> None:
    """A number that F5 would call."""
    places.queue._writing(queue.take, config.now_us())
    settle()


def rows(at: Sitting) -> list[str]:
    return [each.name for each in palette(at).rows.results()]


def intake(at: Sitting) -> IntakeScreen:
    screen = at.screen()
    assert isinstance(screen, IntakeScreen)
    return screen


def a_name_half_typed(at: Sitting) -> QLineEdit:
    at.press("F3")
    at.press("F6")
    at.go_to("نام")
    at.type("مهت")
    field = at.focused()
    assert isinstance(field, QLineEdit)
    field.setCursorPosition(1)
    return field


@pytest.mark.parametrize("key", ["F2", "F1"])
def test_escape_gives_the_keyboard_back_to_the_very_letter(desk: Desk, look: Look, key: str) -> None:
    with sitting(desk, look) as at:
        field = a_name_half_typed(at)
        at.press(key)
        assert not field.isVisible(), "beneath it nothing is reached"
        if key == "F2":
            at.type("چیزی")
        at.press("Escape")
        assert at.focused() is field
        assert field.cursorPosition() == 1
        assert field.text() == "مهت"
        assert not intake(at).view.person_form.fields["given_name"].error, "a field left for a moment isn't judged"
        at.press(key)
        at.press(key)
        assert at.focused() is field, "its own key takes it away, too"


def test_a_place_by_two_letters_and_enter(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        at.press("F2")
        assert faults(at.window) == []
        at.type("پذ")
        at.press("Return")
        assert isinstance(at.screen(), IntakeScreen)
        assert at.focused() is intake(at).view.finder.box
        at.press("F2")
        at.type("نوبت")
        while palette(at).rows.current() and palette(at).rows.current().chip != "صفحه":  # type: ignore[union-attr]
            at.press("Down")
        at.press("Return")
        assert isinstance(at.screen(), QueueScreen)


def test_a_person_is_found_as_f3_finds_them_with_the_id_masked(desk: Desk, look: Look) -> None:
    done = mother_and_child(desk)
    with sitting(desk, look) as at:
        at.press("F2")
        at.type("مهتاب")
        until(lambda: any(each.chip == "فرد" for each in palette(at).rows.results()), "the people")
        person = next(each for each in palette(at).rows.results() if each.chip == "فرد")
        assert not re.search(r"[۰-۹]{10}", person.spoken()), "the whole ID is nobody's to see here"
        while palette(at).rows.current() != person:
            at.press("Down")
        at.press("Return")
        card = intake(at).form.card
        assert card is not None
        assert card.person_id in (done.person_id, *done.person_ids)


def test_what_the_place_in_front_can_do_is_done_from_the_box(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        at.press("F3")
        at.press("F2")
        at.type("تازه فرد")  # the words in any order
        assert rows(at)[0] == "فرد تازه"
        assert "F6" in palette(at).rows.results()[0].about
        at.press("Return")
        assert intake(at).form.entries, "F6 was pressed for them"
        at.press("F2")
        at.type("وضعيت كد")  # the Arabic keyboard's letters
        at.press("Return")
        assert isinstance(at.screen(), StandingScreen)


def test_nobody_is_offered_what_they_may_not_do(desk: Desk, look: Look) -> None:
    with sitting(sat(desk, "receptionist"), look) as at:
        at.press("F2")
        at.type("رویدادهای")
        assert rows(at) == []
        assert palette(at)._none.isVisible()
    with sitting(sat(desk, "technician"), look) as at:
        at.press("F2")
        at.type("مهتاب")
        palette(at).box.search_now()
        settle()
        assert rows(at) == []


def test_no_key_works_beneath_what_lies_over_the_window(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        assert at.places
        somebody_waits(at.places)
        before = at.screen()
        for over in ("F2", "F1"):
            at.press(over)
            for key in ("F3", "F5", "F9", "Ctrl+2", "Shift+F5", "Shift+F11", "Shift+F12"):
                at.press(key)
            assert at.screen() is before
            at.press("Escape")
        at.window.cover(CoverScreen(look, [], lambda *_: None, sitting="", name="نرگس"))
        for key in ("F1", "F2", "F3", "F5", "F9", "Ctrl+2", "Shift+F5", "Shift+F11"):
            at.press(key)
        assert at.window.covered()
        at.window.uncover()
        assert at.screen() is before
        assert at.places.queue.read().current is None
        assert len(at.places.queue.read().waiting) == 1


def test_no_key_leads_away_from_words_that_are_kept_nowhere_else(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        assert at.places
        somebody_waits(at.places)
        at.press("Shift+F11")
        screen = at.screen()
        assert isinstance(screen, IncidentScreen)
        at.type("کسی فریاد زد")
        for key in ("F3", "F5", "Ctrl+2", "Shift+F3", "Shift+F5", "Shift+F11", "Shift+F12"):
            at.press(key)
            assert at.screen() is screen, key
        assert "Esc" in at.window.toast.text()
        at.press("F2")
        assert {each.chip for each in palette(at).rows.results()} == {"همین صفحه"}
        at.press("Escape")
        at.type(" بلند")
        assert "کسی فریاد زد بلند" in [each.text() for each in screen.findChildren(QLineEdit)]
        assert at.places.queue.read().current is None
        assert len(at.places.queue.read().waiting) == 1


def test_the_lock_works_over_the_commands_and_gives_the_form_back(desk: Desk, look: Look) -> None:
    with sitting(desk, look) as at:
        field = a_name_half_typed(at)
        at.window.lock_wanted.connect(
            lambda: at.window.cover(CoverScreen(look, [], lambda *_: None, sitting="", name="نرگس"))
        )
        at.press("F2")
        at.type("نام کسی")
        at.press("F12")
        assert at.window.covered()
        assert not at.window.findChildren(Palette) or not palette_seen(at)
        at.window.uncover()
        assert at.focused() is field


def palette_seen(at: Sitting) -> bool:
    return any(each.isVisible() for each in at.window.findChildren(Palette))


def every_screen(kind: type[Screen] = Screen) -> list[type[Screen]]:
    return [each for below in kind.__subclasses__() for each in (below, *every_screen(below))]


def test_every_screen_has_its_help_and_every_help_its_screen() -> None:
    ours = [each for each in every_screen() if each.__module__.startswith("ui.")]
    assert len(ours) > 12
    named = {each.help_name for each in ours if each is not IncidentScreen}
    assert "" not in named
    named |= {"incident", "urgent", LoginScreen.help_name, RecoveryScreen.help_name}
    named.add(ProvinceRecoveryScreen.help_name)
    told = {key.split(".")[1] for key in catalogue() if key.startswith("help.")}
    assert named == told
    for name in named:
        assert steps(name), name
        assert catalogue()[f"help.{name}.what"].endswith((".", "؟"))


def help_of(at: Sitting) -> HelpPanel:
    at.press("F1")
    (found,) = [each for each in at.window.findChildren(HelpPanel) if each.isVisible()]
    return found


def test_every_key_a_help_names_is_bound_and_no_two_collide(desk: Desk, look: Look, announced: list[str]) -> None:
    with sitting(sat(desk, "manager", "social_worker", "screener"), look) as at:
        seen = 0
        for place, _words, _key in at.window.places():
            at.window.go(place)
            at.press("F1")
            at.press("Escape")
            seen += _judge(at)
        for key in ("Shift+F5", "Shift+F3", "Shift+F11", "Shift+F12"):
            at.press(key)
            seen += _judge(at)
            at.press("Escape")
        assert at.places
        at.places.client.open_incidents()
        seen += _judge(at)
        assert seen > 14
        assert any("F9" in each for each in announced), "the help is read out"


def _judge(at: Sitting) -> int:
    screen = at.screen()
    own, window = bound.of_screen(screen), at.window.bound_keys()
    now = [each.key for each in (*own, *window) if each.now and each.key]
    assert [key for key, times in Counter(now).items() if times > 1] == [], screen.title
    panel = help_of(at)
    listed = {each.key for each in (*panel.here, *panel.everywhere)}
    assert listed >= set(now)
    named = {found[0] for words in (panel._what, *panel._steps) for found in KEY.finditer(words)}
    bound_keys = {each.key for each in (*own, *window)}
    assert named - bound_keys - BY_QT <= LATER.get(screen.help_name, set()), screen.title
    assert faults(at.window) == []
    at.press("Escape")
    return 1


LATER = {"queue": {"F6", "F8"}, "transfers": {"F7", "F8"}}
"""Keys of a card that stands there only while somebody is called, or something was offered."""


@pytest.mark.parametrize("key", ["F1", "F2"])
def test_nothing_of_them_is_cut_at_any_zoom_in_any_theme(desk: Desk, look: Look, key: str) -> None:
    with sitting(desk, look) as at:
        at.press("F3")
        at.press(key)
        found = {(theme, zoom): wrong for theme, zoom in every_look(look) if (wrong := cut(at.window))}
        assert found == {}
