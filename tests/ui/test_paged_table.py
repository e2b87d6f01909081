"""Thirty-five thousand rows in a table: only what is seen is read, nothing is read in the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from desktop.domain.faults import Known
from tests.desk.fits import cut, every_look
from tests.desk.typing import press, type_text
from tests.ui.conftest import Show
from ui import tasks
from ui.access.walk import faults
from ui.theme.look import Look
from ui.widgets import Column, PagedTable, Source, TableRow, column, holder

Key = Qt.Key
MANY = 35_000
COLUMNS = (Column("نام", 3), Column("پرونده", 1), Column("نشانی", 4, folds=True), Column("آخرین مراجعه", 2, folds=True))


class Files:
    """Rows as a database would give them; remembers what was asked, and by which thread."""

    def __init__(self, count: int = MANY) -> None:
        self.count, self.asked, self.threads = count, list[tuple[int, int]](), set[int]()
        self.fault: Known | None = None

    def page(self, offset: int, limit: int) -> Sequence[TableRow]:
        self.asked.append((offset, limit))
        self.threads.add(threading.get_ident())
        if self.fault:
            raise self.fault
        last = min(offset + limit, self.count)
        return [TableRow(str(n), (f"خانوار {n}", str(n), "خیابان سرو", "۱۴۰۵/۰۷/۱۲")) for n in range(offset, last)]

    def source(self) -> Source:
        return Source(lambda: self.count, self.page)


def opened(look: Look, show: Show, files: Files) -> PagedTable:
    table = PagedTable(look, "پرونده‌ها", COLUMNS, none="پرونده‌ای نیست.")
    show(holder(column(look, table), "paper"))
    table.show_source(files.source())
    settle()
    return table


def settle() -> None:
    for _round in range(4):
        tasks.drain()
        QApplication.processEvents()


def test_only_the_pages_that_are_seen_are_read_and_not_by_the_window(look: Look, show: Show) -> None:
    files = Files()
    table = opened(look, show, files)
    assert files.asked == [(0, 100)]
    assert threading.get_ident() not in files.threads
    table.view.setFocus()
    press(table.view, Key.Key_End)
    settle()
    assert files.asked == [(0, 100), (MANY - 100, 100)]
    picked: list[str] = []
    table.picked.connect(picked.append)
    press(table.view, Key.Key_Return)
    press(table.view, Key.Key_Home)
    press(table.view, Key.Key_Down)
    press(table.view, Key.Key_Return)
    assert picked == [str(MANY - 1), "1"]


def test_a_row_being_read_says_so_and_letters_read_nothing(look: Look, show: Show) -> None:
    files = Files()
    table = opened(look, show, files)
    index = table.view.pages.index(20_000, 0)
    assert (index.data(), index.data(Qt.ItemDataRole.AccessibleTextRole)) == ("…", "در حال خواندن…")
    settle()
    assert index.data() == "خانوار 20000"
    before = len(files.asked)
    table.view.setFocus()
    type_text(table.view, "خا")
    settle()
    assert len(files.asked) == before


def test_old_pages_are_let_go_and_answers_to_an_older_reading_are_dropped(look: Look, show: Show) -> None:
    files, few = Files(), Files(3)
    table = opened(look, show, files)
    for page in range(1, 40):
        table.view.pages.row_at(page * 100)
        settle()
    asked = len(files.asked)
    table.view.pages.row_at(100)
    settle()
    assert len(files.asked) == asked + 1, "the page read longest ago was let go"
    table.view.pages.row_at(30_000)
    table.show_source(few.source())
    settle()
    assert table.view.pages.rowCount() == 3
    assert table.view.pages.row_at(2) == TableRow("2", ("خانوار 2", "2", "خیابان سرو", "۱۴۰۵/۰۷/۱۲"))


def test_where_there_is_no_room_columns_go_and_the_first_stays_at_the_right(look: Look, show: Show) -> None:
    table = opened(look, show, Files())
    view = table.view
    assert [view.isColumnHidden(at) for at in range(4)] == [False] * 4
    assert view.columnViewportPosition(0) > view.columnViewportPosition(1)
    look.set_width(1100)
    settle()
    assert [view.isColumnHidden(at) for at in range(4)] == [False, False, True, True]
    assert sum(view.columnWidth(at) for at in range(2)) == view.viewport().width()


@pytest.mark.parametrize("state", ["full", "empty", "failed"])
def test_every_state_fits_and_is_read_aloud(look: Look, show: Show, state: str) -> None:
    files = Files(0 if state == "empty" else MANY)
    files.fault = Known("disk-full") if state == "failed" else None
    table = opened(look, show, files)
    said = " ".join(label.text() for label in table.findChildren(QLabel) if label.isVisible())
    if state == "empty":
        assert said == "پرونده‌ای نیست."
    elif state == "failed":
        assert said == " ".join(Known("disk-full").parts())
    assert table.view.isVisible() == (state == "full")
    assert faults(table.window()) == []
    for _look in every_look(look):
        assert cut(table.window()) == []
        assert not table.view.horizontalScrollBar().isVisible()
        assert table.view.horizontalHeader().length() <= table.view.viewport().width()
