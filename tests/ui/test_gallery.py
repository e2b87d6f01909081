"""The gallery holds every control a screen is made of, and each of them fits."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

import ui.widgets
from tests.desk.fits import cut
from tests.ui.conftest import Show
from tests.ui.gallery import Board, settle
from ui.theme.look import Look

# Shapes, one a window, or parts of what is shown; and the search box's own kin.
ELSEWHERE = {
    "ActionBar",
    "Hero",
    "Icon",
    "Initials",
    "KeyCap",
    "Paragraph",
    "PrimaryButton",
    "Rule",
    "Scrolled",
    "Star",
}
ELSEWHERE |= {"JalaliEdit", "TextEdit", "Toast"}


def test_every_control_is_in_the_gallery_and_fits(look: Look, show: Show, qapp: QApplication) -> None:
    board = show(Board(look))
    assert isinstance(board, Board)
    settle(qapp)
    board.resize(1366, board.sizeHint().height())
    settle(qapp)
    board.ring()
    shown = {type(each).__name__ for each in board.findChildren(QWidget)}
    controls = {
        name
        for name in ui.widgets.__all__
        if isinstance(made := getattr(ui.widgets, name), type) and issubclass(made, QWidget)
    }
    assert controls - shown - ELSEWHERE == {"ChoiceTiles"}, "its tiles stand there by themselves"
    assert cut(board) == []
    assert len(board.rings) == len(board.focused) == 6
