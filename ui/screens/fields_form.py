"""`FieldsForm`: fields by name, so that a fault of the domain finds its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.faults import Invalid
from ui.widgets import ChoiceTiles, Field, TextEdit

LONGEST = 6000
"""A pasted text is kept whole up to here, so that its fault can say how much is too much and nothing is lost."""


class FieldsForm(QWidget):
    """Fields under the names the domain gives their faults. `changed` after any, `left(name)` when one is left."""

    changed = Signal()
    left = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}

    def add(self, name: str, field: Field) -> Field:
        """Take a field in under its name."""
        self.fields[name] = field
        control = field.control
        if isinstance(control, TextEdit):
            control.changed.connect(self.changed)
            control.editingFinished.connect(self._leaves(name))
        elif isinstance(control, ChoiceTiles):
            control.chosen.connect(self.changed)
        return field

    def _leaves(self, name: str) -> Callable[[], None]:
        return lambda: self.left.emit(name)

    def typed(self, name: str) -> str:
        """What stands in an edit."""
        control = self.fields[name].control
        assert isinstance(control, TextEdit)  # noqa: S101
        return control.value()

    def touched(self, name: str) -> bool:
        """Whether anything stands in an edit, be it spaces."""
        control = self.fields[name].control
        return isinstance(control, TextEdit) and bool(control.text())

    def chosen(self, name: str) -> str:
        """What is chosen in a group of tiles, or ""."""
        control = self.fields[name].control
        assert isinstance(control, ChoiceTiles)  # noqa: S101
        return control.value() or ""

    def put(self, name: str, value: str) -> None:
        """Show a value; emits nothing and clears the field's error."""
        control = self.fields[name].control
        if isinstance(control, ChoiceTiles):
            control.choose(value or None)
        elif isinstance(control, TextEdit) and control.value() != value:
            control.set_text(value)
        self.fields[name].clear_error()

    def show_faults(self, faults: Mapping[str, Invalid]) -> None:
        """Show these faults and no others."""
        for name, field in self.fields.items():
            if name in faults:
                field.set_error(faults[name].sentence())
            else:
                field.clear_error()
