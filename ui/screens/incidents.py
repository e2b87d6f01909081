"""What was recorded, for the few who may read it: the newest first, the whole of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop.domain import digits, jalali
from desktop.domain.incidents import Incident
from desktop.domain.texts import say
from ui import tasks
from ui.screens.base import Screen
from ui.theme.look import Look
from ui.widgets import Card, Paragraph, ResultList, StateBox, column, columns, holder
from ui.widgets import Found as Row


class IncidentsScreen(Screen):
    """Reads off the window's thread whenever it is shown."""

    help_name = "incidents"

    def __init__(self, look: Look, read: Callable[[], Sequence[Incident]]) -> None:
        super().__init__(look, say("incidents.title"), say("incidents.subtitle"))
        self._read = read
        self._latest: tasks.Latest[Sequence[Incident]] = tasks.Latest(self)
        self._listed: dict[str, Incident] = {}
        self.rows = ResultList(look, say("incidents.title"), enter=False)
        self.rows.selectionModel().currentChanged.connect(self._show_current)
        self._lines = [Paragraph(look, scale="lead", weight="medium"), *(Paragraph(look) for _ in range(4))]
        self.whole = Card(look, *self._lines, gap="s")
        listed = holder(column(look, Card(look, self.rows), 1))
        self._box = StateBox(look, columns(look, (listed, 13), (holder(column(look, self.whole, 1)), 14)))
        self.build(holder(column(look, self._box, 1)))

    def first(self) -> QWidget:
        return self.rows

    def shown(self) -> None:
        self._box.loading()
        self._latest.run(self._read, self.show_listed, lambda failure: self._box.failed(failure.parts))

    def show_listed(self, listed: Sequence[Incident]) -> None:
        self._listed = {each.incident_id: each for each in listed}
        self.rows.show_results([_row(each) for each in listed])
        if not listed:
            self._box.empty(say("incidents.none"))
            return
        self._box.full()
        self._show_current()
        self.rows.setFocus()

    def _show_current(self) -> None:
        current = self.rows.current()
        shown = lines(self._listed[current.id]) if current and current.id in self._listed else ()
        for at, paragraph in enumerate(self._lines):
            paragraph.setText(shown[at] if at < len(shown) else "")
            paragraph.setVisible(at < len(shown))
        self.whole.setVisible(bool(shown))


def lines(each: Incident) -> tuple[str, ...]:
    """One record in sentences: what happened first, who wrote it last."""
    day = jalali.long(jalali.of(each.day)) if each.day else ""
    said = [each.happened]
    if each.person:
        said.append(say("incidents.about", name=each.person))
    if each.nature == "urgent" and each.reached:
        said.append(say("incidents.reached", how=say(f"urgent.reached-by.{each.reached}")))
    elif each.harmed:
        said.append(say("incidents.harmed", who=say(f"incident.harmed-by.{each.harmed}")))
    if each.done:
        said.append(say("incidents.done", done=each.done))
    said.append(say("incidents.by", name=each.by, day=day, time=digits.persian(each.time)))
    return tuple(said)


def _row(each: Incident) -> Row:
    urgent = each.nature == "urgent"
    day = jalali.numeric(jalali.of(each.day)) if each.day else ""
    chip = say("incidents.urgent" if urgent else "incidents.incident")
    return Row(each.incident_id, day, digits.persian(each.time), chip, "warn" if urgent else "muted")
