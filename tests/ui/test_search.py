"""Finding a person without the hand leaving the box."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from tests.desk.typing import press, type_text
from tests.ui.conftest import Show
from ui.theme.look import Look
from ui.widgets import Found, ResultList, SearchBox, column, holder

Key = Qt.Key
PEOPLE = [
    Found("a", "مهتاب کاج‌نژاد", "۳۴ ساله", "تحت پوشش", "ok"),
    Found("b", "مهتاب کاج‌نژاد", "۷۱ ساله", "متقاضی"),
    Found("c", "مهناز کاج‌نژادی", "۲۹ ساله"),
]


@pytest.fixture
def search(look: Look, show: Show) -> tuple[SearchBox, ResultList]:
    box, found = SearchBox(look, "جست‌وجوی فرد", "نام یا کد ملی"), ResultList(look, "یافته‌ها")
    box.drive(found)
    show(holder(column(look, box, found, 1)))
    box.setFocus()
    return box, found


def test_one_question_is_asked_when_typing_pauses(search: tuple[SearchBox, ResultList]) -> None:
    box, _ = search
    asked: list[str] = []
    box.searched.connect(asked.append)
    type_text(box, "مهتاب")
    assert asked == []
    press(box, Key.Key_Return)
    assert asked == ["مهتاب"], "Enter does not wait for the pause"


def test_arrows_and_enter_work_the_list_from_the_box(
    search: tuple[SearchBox, ResultList], announced: list[str]
) -> None:
    box, found = search
    picked: list[str] = []
    found.picked.connect(picked.append)
    found.show_results(PEOPLE)
    press(box, Key.Key_Down)
    press(box, Key.Key_Down)
    press(box, Key.Key_Down)
    press(box, Key.Key_Up)
    assert box.hasFocus()
    assert announced[-1] == "مهتاب کاج‌نژاد، ۷۱ ساله، متقاضی"
    press(box, Key.Key_Return)
    assert picked == ["b"]


def test_enter_takes_the_best_answer(search: tuple[SearchBox, ResultList]) -> None:
    box, found = search
    picked: list[str] = []
    found.picked.connect(picked.append)
    found.show_results(PEOPLE)
    press(box, Key.Key_Return)
    assert picked == ["a"]


def test_namesakes_are_told_apart_by_ear_too(search: tuple[SearchBox, ResultList]) -> None:
    _, found = search
    found.show_results(PEOPLE)
    node = QAccessible.queryAccessibleInterface(found)
    assert node is not None
    names = [node.child(number).text(QAccessible.Text.Name) for number in range(node.childCount())]
    assert names == [person.spoken() for person in PEOPLE]
    assert len(set(names)) == 3


def test_rows_read_again_leave_the_hand_where_it_was(search: tuple[SearchBox, ResultList]) -> None:
    _, found = search
    resets: list[int] = []
    found.model().modelReset.connect(lambda: resets.append(1))
    found.show_results(PEOPLE)
    found.step(1)
    found.show_results(list(PEOPLE))
    assert len(resets) == 1, "the same rows again are nothing new"
    newcomer = Found("n", "نیکان سپیدرود")
    found.show_results([newcomer, *PEOPLE])
    current = found.current()
    assert current is not None
    assert current.id == "b", "a row that came in above moves nobody's hand"
    found.show_results([newcomer, PEOPLE[0]])
    current = found.current()
    assert current is not None
    assert current.id == "n", "whoever was current is gone: the first"


def test_another_question_begins_at_its_best_answer(search: tuple[SearchBox, ResultList]) -> None:
    _, found = search
    found.show_results(PEOPLE, afresh=True)
    found.step(1)
    found.show_results(PEOPLE[::-1], afresh=True)
    current = found.current()
    assert current is not None
    assert current.id == "c", "Enter never takes whoever the older question left current"


def test_no_answer_takes_no_room(search: tuple[SearchBox, ResultList]) -> None:
    box, found = search
    found.show_results(PEOPLE)
    assert found.isVisible()
    found.show_results([])
    assert not found.isVisible()
    press(box, Key.Key_Return)
    assert found.current() is None
