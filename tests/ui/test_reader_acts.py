"""What assistive technology does by its own actions counts as if the person had typed or clicked it."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from tests.desk.typing import type_text
from tests.ui.conftest import Show
from ui.theme.look import Look
from ui.widgets import Choice, ChoiceTiles, DigitsEdit, Found, PersianEdit, ResultList
from ui.widgets.navigation import Entry, Navigation

SEXES = [Choice("female", "زن"), Choice("male", "مرد")]


def act(widget: QWidget) -> None:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    found.actionInterface().doAction(found.actionInterface().actionNames()[0])
    QApplication.processEvents()


def choose_row(view: QWidget, row: int) -> None:
    whole = QAccessible.queryAccessibleInterface(view)
    assert whole is not None
    found = whole.child(row)
    assert found is not None
    found.actionInterface().doAction("Toggle")
    QApplication.processEvents()


def write(edit: QWidget, text: str) -> None:
    found = QAccessible.queryAccessibleInterface(edit)
    assert found is not None
    found.setText(QAccessible.Text.Value, text)
    QApplication.processEvents()


def test_a_text_that_is_set_whole_is_shaped_and_told_once(look: Look, show: Show) -> None:
    digits, words = DigitsEdit(longest=11), PersianEdit(longest=10)
    told: list[str] = []
    for edit in (digits, words):
        show(edit)
        edit.changed.connect(lambda edit=edit: told.append(edit.value()))
    write(digits, "٠٩۹٩-1234567")
    write(words, "كاج نژاد")
    assert told == ["09991234567", "کاج نژاد"]
    assert digits.text() == "۰۹۹۹۱۲۳۴۵۶۷"
    digits.set_text("12")
    words.set_text("خیلی بلندتر از آنچه جا دارد")
    assert told == ["09991234567", "کاج نژاد"], "the program's own text is nobody's edit"
    type_text(digits, "3")
    assert told[2:] == ["312"], "typed at the beginning, and told once"
    digits.clear()
    assert told[3:] == [""]


def test_a_tile_that_is_toggled_is_chosen(look: Look, show: Show) -> None:
    one, several = ChoiceTiles(look, "جنسیت", SEXES), ChoiceTiles(look, "نیازها", SEXES, several=True)
    told: list[tuple[str, ...]] = []
    for group in (one, several):
        show(group)
        group.chosen.connect(lambda group=group: told.append(group.values()))
    act(one.tiles[1])
    act(one.tiles[0])
    assert told == [("male",), ("female",)]
    assert one.focusProxy() is one.tiles[0]
    act(several.tiles[0])
    act(several.tiles[1])
    act(several.tiles[0])
    assert told[2:] == [("female",), ("female", "male"), ("male",)]
    one.choose("male")
    several.choose(None)
    assert len(told) == 5, "what the program shows is nobody's choice"
    one.tiles[0].click()
    several.tiles[0].click()
    assert told[5:] == [("female",), ("female",)], "a click is told once"


def test_a_row_that_is_selected_is_stood_on_and_nothing_is_done_with_it(look: Look, show: Show) -> None:
    results = ResultList(look, "افراد پیداشده")
    show(results)
    picked: list[str] = []
    results.picked.connect(picked.append)
    results.show_results([Found("a", "گلنار"), Found("b", "حبیب")])
    choose_row(results, 1)
    current = results.current()
    assert current is not None
    assert current.id == "b"
    assert picked == []


def test_a_place_that_is_selected_is_gone_to(look: Look, show: Show) -> None:
    places = Navigation(look, [Entry("home", "امروز", "home"), Entry("intake", "پذیرش", "intake")])
    show(places)
    places.show_place("home")
    gone: list[str] = []
    places.wanted.connect(gone.append)
    choose_row(places, 1)
    assert gone == ["intake"]
