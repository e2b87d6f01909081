"""Every control in every state, for whoever builds a screen: `python -m tests.ui.gallery DIR [--docs]`.

Writes a picture a theme and zoom, and a contact sheet of them. `--docs` writes the small pictures of
docs/design-system.md into DIR instead.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from desktop.domain import digits, jalali, national_id
from desktop.domain.faults import Known
from tests.desk.fits import cut, every_look
from tests.ui.sheets import showing, together, usual_look
from ui import tasks
from ui.theme import icons, paint
from ui.theme.look import Look
from ui.theme.tokens import MOTION, RADIUS, SPACE, THEMES, TYPE, Scale, Space
from ui.widgets import (
    Button,
    Card,
    Chip,
    Choice,
    ChoiceSearch,
    Column,
    DateEdit,
    DigitsEdit,
    Field,
    FocusRing,
    Found,
    Label,
    MoneyEdit,
    NationalIdEdit,
    Note,
    PagedTable,
    PasswordEdit,
    PersianEdit,
    ResultList,
    SearchBox,
    Source,
    StateBox,
    TableRow,
    Tile,
    column,
    columns,
    failure_note,
    heading,
    holder,
    money_field,
    row,
)
from ui.widgets.calendar import CalendarPopup

TODAY = "1405-09-17"
BODY = "999123456"
NUMBER = BODY + national_id.check_digit(BODY)
_STATES = ("آرام", "زیر نشانگر", "فوکوس", "فشرده", "ناتوان")
_GROUNDS = ("paper", "surface", "sunken", "accent", "accent_soft", "ok_soft", "warn_soft", "danger_soft")
_INKS = ("text", "muted", "border", "line", "focus", "ok", "warn", "danger")
_KINDS = {"primary": "دکمهٔ اصلی", "secondary": "دکمهٔ دوم", "quiet": "دکمهٔ آرام"}


class Swatches(QWidget):
    """A row of colour tokens by name."""

    def __init__(self, look: Look, names: Sequence[str]) -> None:
        super().__init__()
        self._look, self._names = look, names
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        self.setFixedHeight(self._look.px(64))
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        look, wide, font = self._look, self.width() / len(self._names), self._look.font("key")
        with QPainter(self) as painter:
            for at, name in enumerate(self._names):
                box = QRectF(self.width() - (at + 1) * wide + 4, 0, wide - 8, look.px(40))
                painter.setPen(look.colour("border"))
                painter.setBrush(look.colour(name))
                painter.drawRect(box)
                under = QRectF(box.left(), look.px(42), box.width(), look.px(20))
                paint.draw_line(painter, under, name, font, look.colour("muted"), ltr=True)


class Directions(QWidget):
    """The directional icons, as they stand in Persian (right) and would in a language written left to right."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        self.setFixedSize(self._look.px(44) * len(icons.DIRECTIONAL), self._look.px(60))

    def paintEvent(self, _: QPaintEvent) -> None:
        side, step = self._look.px(22), self._look.px(44)
        with QPainter(self) as painter:
            for at, name in enumerate(sorted(icons.DIRECTIONAL)):
                for down, mirrored in enumerate((True, False)):
                    box = QRectF(self.width() - (at + 1) * step, down * self._look.px(30), side, side)
                    ink = self._look.theme.text if mirrored else self._look.theme.muted
                    icons.paint(painter, box, name, ink, mirrored=mirrored)


class Board(QWidget):
    """All of it, one card a family. `rings` are drawn once the layout stands."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.focused: list[QWidget] = []
        self.rings: list[FocusRing] = []
        parts = (self.colours, self.words, self.buttons, self.tiles, self.fields, self.numbers, self.signs, self.places)
        self.cards = {part.__name__: part() for part in parts}
        self.setLayout(column(look, *self.cards.values(), gap="m", margins=("xl", "l", "xl", "l")))

    def ring(self) -> None:
        """Rings round what is shown as focused; the window has one, a gallery as many as it needs."""
        for ring in self.rings:
            ring.follow(None)
            ring.deleteLater()
        self.rings = [FocusRing(self._look, self) for _each in self.focused]
        for ring, target in zip(self.rings, self.focused, strict=True):
            ring.follow(target)

    def in_state(self, widget: QWidget, state: str) -> QWidget:
        if state == "زیر نشانگر":
            widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
        elif state == "فوکوس":
            self.focused.append(widget)
        elif state == "فشرده" and isinstance(widget, Button):
            widget.setDown(True)
        elif state == "ناتوان":
            widget.setEnabled(False)
        return widget

    def _states(self, name: str, made: Callable[[], QWidget], states: Sequence[str] = _STATES) -> QWidget:
        look = self._look
        cells = [(holder(column(look, Label(look, name, scale="caption", tone="muted"), 1)), 2)]
        for state in states:
            cell = column(look, Label(look, state, scale="caption", tone="muted"), self.in_state(made(), state), 1)
            cells.append((holder(cell), 3))
        line = row(look, gap="m")
        for cell_widget, share in cells:
            line.addWidget(cell_widget, share)
        return holder(line)

    def colours(self) -> Card:
        look = self._look
        return Card(look, heading(look, "رنگ‌ها"), Swatches(look, _GROUNDS), Swatches(look, _INKS), gap="s")

    def words(self) -> Card:
        look, sizes = self._look, list[QWidget]()
        scales: tuple[Scale, ...] = ("caption", "body", "lead", "title", "page", "figure")
        sizes = [Label(look, f"{scale} {TYPE[scale]}: نفر بعد ۱۲۸", scale=scale) for scale in scales]
        spaces: tuple[Space, ...] = ("xs", "s", "m", "l", "xl", "xxl")
        told = f"space {', '.join(f'{name} {SPACE[name]}' for name in spaces)}"
        more = f"radius {', '.join(map(str, RADIUS))}, motion {', '.join(map(str, MOTION))} ms"
        quiet = [Label(look, f"\u200e{each}", scale="caption", tone="muted") for each in (told, more)]
        left = holder(column(look, *quiet, Directions(look), 1))
        return Card(look, heading(look, "نوشته، فاصله، نشانه‌های جهت‌دار"),
                    columns(look, (holder(column(look, *sizes, gap="xs")), 1), (left, 1)))  # fmt: skip

    def buttons(self) -> Card:
        look = self._look
        rows = [
            self._states(words, lambda kind=kind: Button(look, "ثبت و چاپ", kind=kind, key="F9", bind=False))  # type: ignore[misc]
            for kind, words in _KINDS.items()
        ]
        return Card(look, heading(look, "دکمه‌ها"), *rows, gap="s")

    def tiles(self) -> Card:
        look = self._look

        def tile(*, chosen: bool) -> QWidget:
            made = Tile(look, Choice("w", "ویلچر", icon="wheelchair"), 1, alone=False, compact=True)
            made.setChecked(chosen)
            return made

        states = [each for each in _STATES if each != "فشرده"]
        rows = [self._states("گزینه", lambda: tile(chosen=False), states)]
        rows.append(self._states("گزینهٔ برگزیده", lambda: tile(chosen=True), states))
        return Card(look, heading(look, "گزینه‌ها"), *rows, gap="s")

    def fields(self) -> Card:
        look = self._look
        empty = Field(look, "تلفن همراه", DigitsEdit("مثال: ۰۹۹۹۱۲۳۴۵۶۷"), required=True, hint="با یا بی صفر آغازین")
        full = Field(look, "نام خانوادگی", PersianEdit())
        full.control.setProperty("text", "کاج‌نژاد")
        focused = Field(look, "نام پدر", PersianEdit())
        self.focused.append(focused.control)
        wrong = Field(look, "تلفن ثابت", DigitsEdit())
        wrong.control.setProperty("text", "۰۲۱")
        wrong.set_error("۸ رقم کم است. تلفن ثابت با کد شهر ۱۱ رقم دارد.")
        off = Field(look, "کد مرکز", DigitsEdit())
        off.control.setProperty("text", "۱۲۴")
        off.control.setEnabled(False)
        secret = Field(look, "گذرواژه", PasswordEdit())
        secret.control.setProperty("text", "نمونه")
        one = columns(look, (empty, 1), (full, 1), (focused, 1), gap="m")
        two = columns(look, (wrong, 1), (off, 1), (secret, 1), gap="m")
        return Card(look, heading(look, "خانه‌ها: خالی و الزامی، پر، فوکوس، خطا، ناتوان، پنهان"), one, two)

    def numbers(self) -> Card:
        look = self._look
        birth, unknown = DateEdit(look, lambda: TODAY), DateEdit(look, lambda: TODAY, unknown=True)
        birth.set_text("1371/5/9")
        unknown.set_text("نامعلوم")
        right, wrong, masked = NationalIdEdit(look), NationalIdEdit(look), NationalIdEdit(look, masked=True)
        right.set_text(NUMBER)
        wrong.set_text(BODY + str((int(NUMBER[-1]) + 1) % 10))
        masked.set_text(NUMBER)
        aid = money_field(look, "مبلغ", hint="به ریال")
        assert isinstance(aid.control, MoneyEdit)
        aid.control.set_text("12500000")
        aid.set_hint(aid.control.words())
        ids = [Field(look, f"کد ملی {name}", edit) for name, edit in
               (("درست", right), ("نادرست", wrong), ("پوشیده", masked))]  # fmt: skip
        dates = columns(look, (Field(look, "تاریخ تولد", birth), 1), (Field(look, "تا کی", unknown), 1), (aid, 1))
        languages = [Choice(str(at), f"زبان {each}") for at, each in enumerate(("آذری", "کردی", "لری", "گیلکی"))]
        many = ChoiceSearch(look, "زبان", "زبان‌ها", languages)
        self.month = CalendarPopup(look, birth, jalali.of("1405-11-22"), TODAY, unknown=True)
        birth.removeEventFilter(self.month)  # here it stays, wherever the edit goes
        application = QApplication.instance()
        assert application is not None
        application.removeEventFilter(self.month)
        self.month.grid.left.disconnect()
        month = holder(row(look, self.month, 1))
        self.month.show()
        return Card(look, heading(look, "تاریخ، کد ملی، مبلغ، یکی از بسیار"), dates,
                    columns(look, *((each, 1) for each in ids)), columns(look, (many, 1), (month, 1)))  # fmt: skip

    def signs(self) -> Card:
        look = self._look
        chips = row(look, Chip(look, "تأیید", tone="ok", icon="check"), Chip(look, "امروز", tone="warn", icon="clock"))
        chips.put(Chip(look, "۲ روز گذشته", tone="danger", icon="alert"), Chip(look, "با ویلچر", tone="accent"))
        chips.put(Chip(look, "در بررسی"), 1)
        done = Note(look, "ok", "check", "ثبت شد و در این رایانه است.", "رسید ۱۲۷ آمادهٔ چاپ است.")
        again = Button(look, "چاپ دوباره", key="F6", bind=False)
        failed = failure_note(look, Known("no-printer").parts(), again)
        return Card(look, heading(look, "نشان‌ها و یادداشت‌ها"), chips, done, failed)

    def places(self) -> Card:
        look = self._look
        box = SearchBox(look, "جست‌وجوی نفر", "نام، کد ملی یا تلفن")
        box.set_text("مهتاب")
        box.tell_count("۲ نفر")
        found = ResultList(look, "پیداشده‌ها")
        found.show_results(
            [
                Found("a", "مهتاب کاج‌نژاد", "۳۴ ساله · ۴۵۶۱***۹۹۹", "تحت پوشش", "ok"),
                Found("b", "مهتاب کاج‌نژاد", "۷۱ ساله · ۱۲۳۵***۹۹۹", "متقاضی"),
            ]
        )
        states = []
        for tell in ("loading", "empty", "failed"):
            state = StateBox(look, column(look, Label(look, "")))
            if tell == "loading":
                state._show_loading()
            elif tell == "empty":
                state.empty("امروز سررسیدی نیست.", Button(look, "سررسیدهای هفته"))
            else:
                state.failed(Known("database-busy").parts())
            states.append((state, 1))
        table = PagedTable(look, "پرونده‌ها", (Column("خانوار", 3), Column("پرونده"), Column("نشانی", 3, folds=True)),
                           none="پرونده‌ای نیست.")  # fmt: skip
        rows = [TableRow(str(n), ("خانوار کاج‌نژاد", digits.persian(990_200 + n), "خیابان سرو، کوچهٔ سوم"))
                for n in range(1, 40)]  # fmt: skip
        table.show_source(Source(lambda: 39, lambda offset, limit: rows[offset : offset + limit]))
        picker = column(look, box, found, 1)
        return Card(look, heading(look, "پیدا کردن نفر، جدول؛ در حال خواندن، خالی، ناموفق"),
                    columns(look, (holder(picker), 1), (table, 1)), columns(look, *states))  # fmt: skip


def settle(application: QApplication) -> None:
    for _round in range(4):
        tasks.drain()
        application.processEvents()


def pictures(application: QApplication, look: Look, board: Board) -> list[tuple[str, QPixmap, list[str]]]:
    """The board in every look: a name, what is seen, what doesn't fit."""
    taken = []
    for theme, zoom in every_look(look):
        board.resize(1366, 100)
        settle(application)
        board.resize(1366, max(board.sizeHint().height(), board.heightForWidth(1366)))
        settle(application)
        board.ring()
        settle(application)
        taken.append((f"{theme}-{round(zoom * 100)}", board.grab(), cut(board)))
    return taken


def for_docs(application: QApplication, look: Look, board: Board, folder: Path) -> None:
    """One picture a family, light; the buttons and fields in all three themes."""
    for theme in THEMES:
        look.set_theme(theme)
        settle(application)
        board.resize(1366, max(board.sizeHint().height(), board.heightForWidth(1366)))
        settle(application)
        board.ring()
        settle(application)
        for name, card in board.cards.items():
            if theme == "light" or name in ("buttons", "fields"):
                area = card.geometry().adjusted(-8, -8, 8, 8)
                picture = board.grab(area).scaledToWidth(900, Qt.TransformationMode.SmoothTransformation)
                picture.save(str(folder / f"design-{name}-{theme}.png"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.ui.gallery", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--docs", action="store_true")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    application, look = usual_look()
    look.set_width(1366)
    wrong = 0
    with showing(application) as show:
        board = show(Board(look))
        assert isinstance(board, Board)
        settle(application)
        if asked.docs:
            for_docs(application, look, board, asked.folder)
            return 0
        smaller = []
        for name, picture, faults in pictures(application, look, board):
            picture.save(str(asked.folder / f"gallery-{name}.png"))
            smaller.append(picture.scaledToWidth(860, Qt.TransformationMode.SmoothTransformation))
            sys.stdout.writelines(f"{name}: {fault}\n" for fault in faults)
            wrong += len(faults)
        tall = max(each.height() for each in smaller)
        padded = []
        for each in smaller:
            page = QPixmap(each.width(), tall)
            page.fill(QColor("#8A8A8A"))
            with QPainter(page) as painter:
                painter.drawPixmap(0, 0, each)
            padded.append(page)
        together(padded, 3).save(str(asked.folder / "gallery.png"))
    sys.stdout.write(f"{wrong} words don't fit; the gallery is in {asked.folder}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
