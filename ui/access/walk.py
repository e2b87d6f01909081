"""A walk over the accessibility tree of a window, inside the process: what a screen reader would find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QWidget

_ROLES = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.EditableText,
    QAccessible.Role.ComboBox,
    QAccessible.Role.List,
    QAccessible.Role.Table,
    QAccessible.Role.Tree,
    QAccessible.Role.PageTabList,
    QAccessible.Role.Slider,
    QAccessible.Role.SpinBox,
}


@dataclass(frozen=True, slots=True)
class Node:
    """One control as a screen reader sees it. `label` is what the eye reads on it, if it carries words."""

    name: str
    description: str
    role: QAccessible.Role
    focusable: bool
    label: str
    kind: str
    scrolls: bool


def _nodes(found: QAccessibleInterface, depth: int = 0) -> Iterator[Node]:
    state = found.state()
    if state.invisible or depth > 60:
        return
    thing = found.object()
    name = found.text(QAccessible.Text.Name)
    if isinstance(thing, QWidget):
        label = thing.text().replace("&&", "&") if isinstance(thing, QAbstractButton) else ""
        description = found.text(QAccessible.Text.Description)
        kind, scrolls = type(thing).__name__, isinstance(thing, QScrollArea)
        yield Node(name, description, found.role(), bool(state.focusable), label, kind, scrolls)
    for number in range(found.childCount()):
        child = found.child(number)
        if child is not None and child.isValid() and isinstance(child.object(), QWidget):
            yield from _nodes(child, depth + 1)


def walk(window: QWidget) -> list[Node]:
    """Every visible control under `window`, in the order of the accessibility tree."""
    QAccessible.setActive(True)
    root = QAccessible.queryAccessibleInterface(window)
    return list(_nodes(root)) if root is not None else []


def _persian(name: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in name)


def faults(window: QWidget) -> list[str]:
    """What a screen reader would trip over; empty when all is well.

    Every focusable has a Persian name, no name twice, the name is the visible label, and the role is a control's, or it
    is something the arrows scroll.
    """
    focusable = [node for node in walk(window) if node.focusable]
    wrong = [f"{node.kind} has no Persian name: {node.name!r}" for node in focusable if not _persian(node.name)]
    wrong += [
        f"{node.kind} shows {node.label!r} and is called {node.name!r}"
        for node in focusable
        if node.label and node.label != node.name
    ]
    wrong += [
        f"{node.kind} {node.name!r} has role {node.role.name}"
        for node in focusable
        if node.role not in _ROLES and not node.scrolls
    ]
    times = Counter(node.name for node in focusable)
    return wrong + [f"{count} controls are called {name!r}" for name, count in times.items() if count > 1]
