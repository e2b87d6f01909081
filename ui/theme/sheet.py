"""The style sheet: only what Qt paints itself (edits, lists, scroll bars, menus, frames).

Buttons, tiles, chips and labels paint themselves from the tokens, so their face never shows as children
in the accessibility tree.
"""

from __future__ import annotations

from collections.abc import Callable

from ui.theme.tokens import RADIUS, SIZE, SPACE, TYPE, Theme

_Px = Callable[[float], str]


def sheet(theme: Theme, zoom: float) -> str:
    """The style sheet of `theme` at `zoom` (1.0 is 100 %)."""

    def px(length: float) -> str:
        return f"{round(length * zoom)}px"

    return "\n".join((_grounds(theme, px), _edits(theme, px), _scrolling(theme, px), _popups(theme, px)))


def _grounds(t: Theme, px: _Px) -> str:
    return f"""
QWidget[ground="paper"] {{ background: {t.paper}; }}
QWidget[ground="practice"] {{ background: {t.paper if t.outlined else t.accent_soft}; }}
QWidget[ground="sunken"] {{ background: {t.sunken}; }}
QWidget[ground="bar"] {{ background: {t.surface}; border-top: {t.edge}px solid {t.line}; }}
QWidget[ground="foot"] {{ background: {t.sunken}; border-top: {t.edge}px solid {t.line}; }}
QWidget[ground="training"] {{ background: {t.accent}; }}
QFrame[ground="card"] {{
  background: {t.surface}; border: {t.edge}px solid {t.line}; border-radius: {px(RADIUS.card)};
}}
QFrame[ground="well"] {{
  background: {t.sunken}; border: {t.edge}px solid {t.line}; border-radius: {px(RADIUS.card)};
}}
QFrame[ground="hero"] {{ background: {t.accent}; border: 0; border-radius: {px(RADIUS.card)}; }}
QFrame[ground="row"] {{ background: transparent; border: 0; }}
"""


def _edits(t: Theme, px: _Px) -> str:
    return f"""
QLineEdit {{
  background: {t.surface}; color: {t.text}; font-family: Vazirmatn; font-size: {px(TYPE["body"])};
  border: {t.edge}px solid {t.border}; border-radius: {px(RADIUS.control)};
  padding: 0 {px(SPACE["m"])}; min-height: {px(SIZE.control - 2)};
  placeholder-text-color: {t.muted}; selection-background-color: {t.accent}; selection-color: {t.on_accent};
}}
QLineEdit[big="true"] {{ font-size: {px(TYPE["lead"])}; min-height: {px(SIZE.control_big - 2)}; }}
QLineEdit[invalid="true"] {{ border: 2px solid {t.danger}; }}
QLineEdit:disabled {{ background: {t.sunken}; color: {t.muted}; border: {t.edge}px dashed {t.border}; }}
QPlainTextEdit {{
  background: {t.surface}; color: {t.text}; font-family: Vazirmatn; font-size: {px(TYPE["body"])};
  border: {t.edge}px solid {t.border}; border-radius: {px(RADIUS.control)}; padding: {px(SPACE["s"])};
  selection-background-color: {t.accent}; selection-color: {t.on_accent};
}}
QPlainTextEdit[invalid="true"] {{ border: 2px solid {t.danger}; }}
"""


def _scrolling(t: Theme, px: _Px) -> str:
    return f"""
QAbstractScrollArea {{ background: transparent; border: 0; }}
QScrollArea > QWidget > QWidget[ground="scrolled"] {{ background: transparent; }}
QListView {{ background: transparent; border: 0; outline: 0; }}
QScrollBar:vertical {{ background: transparent; width: {px(12)}; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {t.border}; border-radius: {px(4)}; min-height: {px(40)}; }}
QScrollBar:horizontal {{ background: transparent; height: {px(12)}; margin: 2px; }}
QScrollBar::handle:horizontal {{ background: {t.border}; border-radius: {px(4)}; min-width: {px(40)}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _popups(t: Theme, px: _Px) -> str:
    return f"""
QToolTip {{
  background: {t.surface}; color: {t.text}; border: {t.edge}px solid {t.border}; padding: {px(SPACE["xs"])};
}}
QMenu {{ background: {t.surface}; color: {t.text}; border: {t.edge}px solid {t.border}; padding: {px(SPACE["xs"])}; }}
QMenu::item {{ padding: {px(SPACE["s"])} {px(SPACE["l"])}; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.on_soft}; }}
QMenu::item:disabled {{ color: {t.muted}; }}
"""
