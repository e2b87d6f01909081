"""A month to choose a day from, Saturday first at the right, and the popup it stands in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QCloseEvent, QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.domain import digits, jalali
from desktop.domain.holidays import column_of, holiday, is_friday
from desktop.domain.jalali import Jalali
from desktop.domain.texts import say
from ui.theme import paint
from ui.theme.look import Look
from ui.theme.tokens import RADIUS
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, Paragraph
from ui.widgets.layout import column, row

AnyIndex = QModelIndex | QPersistentModelIndex
_WEEKS, _DAYS, _WIDE, _TALL, _HEAD = 6, 7, 44, 30, 24
_YEAR = 12
_OWN_KEYS = (
    Qt.Key.Key_Escape, Qt.Key.Key_F4, Qt.Key.Key_Home, Qt.Key.Key_Delete, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
    Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space,
)  # fmt: skip


class _Month(QAbstractTableModel):
    """The days of one month in weeks."""

    def __init__(self, parent: QWidget, today: Jalali) -> None:
        super().__init__(parent)
        self.first, self.today = Jalali(today.year, today.month, 1), today

    def show(self, day: Jalali) -> None:
        self.beginResetModel()
        self.first = Jalali(day.year, day.month, 1)
        self.endResetModel()

    def day_at(self, index: AnyIndex) -> Jalali | None:
        number = index.row() * _DAYS + index.column() - column_of(self.first) + 1
        month = self.first.month or 1
        inside = 1 <= number <= jalali.month_length(self.first.year, month)
        return Jalali(self.first.year, month, number) if inside else None

    def index_of(self, day: Jalali) -> QModelIndex:
        return self.index(*divmod((day.day or 1) - 1 + column_of(self.first), _DAYS))

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else _WEEKS

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else _DAYS

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        return super().flags(index) if self.day_at(index) else Qt.ItemFlag.NoItemFlags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        day = self.day_at(index)
        if day is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return digits.persian(day.day)
        return self.spoken(day) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def spoken(self, day: Jalali) -> str:
        """The day in words, that it is today, and why nobody works."""
        off = holiday(day) or (say("calendar.weekly") if is_friday(day) else "")
        said = [jalali.long(day), say("calendar.today") if day == self.today else ""]
        said.append(say("calendar.off", why=off) if off else "")
        return say("ui.and").join(each for each in said if each)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Vertical:
            return None
        name = say(f"calendar.weekday-{(section + 6) % _DAYS}")
        if role == Qt.ItemDataRole.DisplayRole:
            return name[:1]
        return name if role == Qt.ItemDataRole.AccessibleTextRole else None


class _Weekdays(QHeaderView):
    """The letters of the days over the columns."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def paintSection(self, painter: QPainter, rect: object, index: int) -> None:
        box, look = QRectF(rect), self._look  # type: ignore[call-overload]  # a QRect, which the stubs leave open
        words = str(self.model().headerData(index, Qt.Orientation.Horizontal))
        ink = look.colour("danger" if index == _DAYS - 1 else "muted")
        font = look.font("caption", "medium")
        right = box.center().x() + paint.width_of(words, font) / 2
        paint.draw_line(painter, QRectF(box.left(), box.top(), right - box.left(), box.height()), words, font, ink)


class _DayFace(QStyledItemDelegate):
    """The figure; today in a frame, a day off in red over a dot, the one the keyboard is on filled and ringed."""

    def __init__(self, look: Look, month: _Month, view: QTableView) -> None:
        super().__init__(view)
        self._look, self._month, self._view = look, month, view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        look, day = self._look, self._month.day_at(index)
        if day is None:
            return
        on, off = index == self._view.currentIndex(), bool(holiday(day)) or is_friday(day)
        box = QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "focus" if on else "accent"
        painter.setPen(QPen(look.colour(edge), look.px(2)) if on or day == self._month.today else Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("accent_soft") if on else Qt.BrushStyle.NoBrush)
        if on or day == self._month.today:
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), look.px(RADIUS.key), look.px(RADIUS.key))
        ink = look.colour("on_soft" if on else "danger" if off else "text")
        font, words = look.font("body", "bold" if on or off else "regular"), digits.persian(day.day)
        right = box.center().x() + paint.width_of(words, font) / 2
        paint.draw_line(painter, QRectF(box.left(), box.top(), right - box.left(), box.height()), words, font, ink)
        if holiday(day):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            side = look.px(3)
            painter.drawEllipse(QRectF(box.center().x() - side / 2, box.bottom() - side - look.px(3), side, side))
        painter.restore()


class MonthGrid(QTableView):
    """One month. Arrows, PageUp and PageDown a month (with Shift a year), Home today, Enter or a click chooses.

    `picked` carries the canonical day, `moved` says that another day is current, `unknown` that Delete was pressed.
    """

    picked = Signal(str)
    moved = Signal()
    unknown = Signal()
    left = Signal()

    def __init__(self, look: Look, today: str) -> None:
        super().__init__()
        self._look, self._month = look, _Month(self, jalali.of(today))
        self.day = self._month.today
        self.setModel(self._month)
        self.setHorizontalHeader(_Weekdays(look, self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.setItemDelegate(_DayFace(look, self._month, self))
        self.setShowGrid(False)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(say("calendar.grid"))
        self.setAccessibleDescription(say("calendar.keys"))
        self.clicked.connect(self._clicked)
        look.changed.connect(self.restyle)
        self.restyle()
        self.stand(self.day)

    def restyle(self) -> None:
        px = self._look.px
        self.verticalHeader().setDefaultSectionSize(px(_TALL))
        self.horizontalHeader().setFixedHeight(px(_HEAD))
        self.setFixedSize(px(_WIDE) * _DAYS, px(_TALL) * _WEEKS + px(_HEAD))

    def stand(self, day: Jalali) -> None:
        """Make a day the current one, in whichever month it is."""
        self.day = day
        if (self._month.first.year, self._month.first.month) != (day.year, day.month):
            self._month.show(day)
        self.setCurrentIndex(self._month.index_of(day))
        self.viewport().update()
        self.moved.emit()

    def step(self, *, days: int = 0, months: int = 0) -> None:
        """Go on or back; nothing at the ends of the calendar."""
        with suppress(ValueError):
            self.stand(jalali.plus_months(self.day, months) if months else jalali.plus_days(self.day, days))

    def words(self) -> str:
        """The current day as it is read out."""
        return self._month.spoken(self.day)

    def _clicked(self, index: QModelIndex) -> None:
        if (day := self._month.day_at(index)) is not None:
            self.stand(day)
            self.picked.emit(str(day))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        days = {Qt.Key.Key_Left: 1, Qt.Key.Key_Right: -1, Qt.Key.Key_Down: _DAYS, Qt.Key.Key_Up: -_DAYS}
        far = _YEAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        months = {Qt.Key.Key_PageDown: far, Qt.Key.Key_PageUp: -far}
        if key in days or key in months:
            self.step(days=days.get(key, 0), months=months.get(key, 0))
        elif key == Qt.Key.Key_Home:
            self.stand(self._month.today)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(str(self.day))
        elif key == Qt.Key.Key_Delete:
            self.unknown.emit()
        else:
            event.ignore()  # Esc, and all the rest, is the calendar's

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()  # the window's Esc and F4 wait until the month is gone
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class CalendarPopup(QFrame):
    """The month over its window, with today and, where the domain allows it, «نامعلوم». Esc, or going anywhere else by
    key or mouse, closes it. `picked` carries the canonical day, "" for unknown; `closed` comes once."""

    picked = Signal(str)
    closed = Signal()

    def __init__(self, look: Look, edit: QWidget, day: Jalali, today: str, *, unknown: bool) -> None:
        super().__init__(edit.window())
        self._edit = edit
        self.setProperty("ground", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(say("calendar.grid"))
        self._looks_for = look
        self.grid = MonthGrid(look, today)
        self._title = Label(look, weight="bold")
        self._words = Paragraph(look, scale="caption", weight="medium")
        back, on = self._button("calendar.month-back", -1), self._button("calendar.month-on", 1)
        self.today = self._quiet("calendar.today-button", "Home", lambda: self.grid.stand(jalali.of(today)))
        foot = row(look, self.today, 1)
        if unknown:
            foot.put(self._quiet("calendar.unknown", "Delete", lambda: self._pick("")))
            self.grid.unknown.connect(lambda: self._pick(""))
        lunar = Paragraph(look, say("calendar.no-lunar"), scale="caption", tone="muted")
        head = row(look, back, 1, self._title, 1, on)
        self._body = column(look, head, self.grid, self._words, lunar, foot, gap="xs", margins=("s", "s", "s", "s"))
        self.setLayout(self._body)
        self.grid.picked.connect(self._pick)
        self.grid.moved.connect(self._tell)
        self.grid.stand(day)
        self.grid.left.connect(self.close)
        edit.installEventFilter(self)
        if (application := QApplication.instance()) is not None:
            application.installEventFilter(self)

    def _quiet(self, words: str, key: str, act: Callable[[], object]) -> Button:
        """For the mouse: the keyboard stays in the month, whose keys these are."""
        button = Button(self._looks_for, say(words), kind="quiet", key=key, bind=False)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(act)
        return button

    def _button(self, words: str, months: int) -> Button:
        return self._quiet(words, "", lambda: self.grid.step(months=months))

    def _tell(self) -> None:
        day = self.grid.day
        self._title.setText(jalali.long(Jalali(day.year, day.month)))
        self._words.setText(self.grid.words())

    def _pick(self, day: str) -> None:
        self.picked.emit(day)
        self._edit.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F4):
            self._edit.setFocus()  # which closes it

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._edit:
            if event.type() in (QEvent.Type.Hide, QEvent.Type.Move):
                self.close()
        elif event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget) and not self._has(watched):
            self.close()
        return False

    def _has(self, widget: QWidget) -> bool:
        return widget is self or self.isAncestorOf(widget)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if (application := QApplication.instance()) is not None:
            application.removeEventFilter(self)
        self._edit.removeEventFilter(self)
        if self.grid.hasFocus():
            self._edit.setFocus()
        self.deleteLater()
        self.closed.emit()

    def open_under(self) -> None:
        """Under the edit, right edge to right edge; above it, or further in, where the window ends."""
        edit, window, size = self._edit, self._edit.window(), self.sizeHint()
        corner = edit.mapTo(window, QPoint(edit.width() - size.width(), edit.height() + 2))
        if corner.y() + size.height() > window.height():
            corner.setY(edit.mapTo(window, QPoint(0, -size.height() - 2)).y())
        corner.setX(max(0, min(corner.x(), window.width() - size.width())))
        corner.setY(max(0, min(corner.y(), window.height() - size.height())))
        self.setGeometry(QRect(corner, size))
        self.show()
        self.raise_()
        self.grid.setFocus()

    def sizeHint(self) -> QSize:
        """As wide as the month, as high as its words then need."""
        least = self._body.minimumSize()
        return QSize(least.width(), max(self._body.minimumHeightForWidth(least.width()), least.height()))
