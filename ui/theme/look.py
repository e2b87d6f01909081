"""`Look`: the theme, the zoom and the room of the window, in one object that says when they change."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme.sheet import sheet
from ui.theme.tokens import (
    COLUMNS_NEED,
    NAVIGATION_NEEDS,
    SPACE,
    THEMES,
    TYPE,
    ZOOMS,
    Scale,
    Space,
    Theme,
    ThemeName,
    Weight,
)

_WEIGHTS: dict[Weight, QFont.Weight] = {
    "regular": QFont.Weight.Normal,
    "medium": QFont.Weight.Medium,
    "bold": QFont.Weight.Bold,
}


@cache
def load_fonts() -> str:
    """Register the three Vazirmatn files with Qt, once a process, and return the family's name."""
    family = ""
    for weight in ("Regular", "Medium", "Bold"):
        with as_file(files("resources").joinpath("fonts", f"Vazirmatn-{weight}.ttf")) as path:
            number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            raise FileNotFoundError(f"Vazirmatn-{weight}.ttf can't be read")
        family = QFontDatabase.applicationFontFamilies(number)[0]
    return family


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.paper,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.sunken,
        role.Text: theme.text,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.PlaceholderText: theme.muted,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.text,
        role.Link: theme.accent,
        role.Accent: theme.accent,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Light: theme.surface,
    }
    palette = QPalette()
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    return palette


class Look(QObject):
    """What every widget paints and measures itself by; one for the application.

    Making one gives the application its style, fonts, direction and locale. `changed` is emitted after the theme,
    the zoom or the folding changed and the style sheet is in place: widgets then measure and paint again.
    """

    changed = Signal()

    def __init__(self, app: QApplication, theme: ThemeName = "light", zoom: float = 1.0) -> None:
        super().__init__(app)
        self._app, self._name, self._zoom = app, theme, zoom
        self._width = NAVIGATION_NEEDS * zoom
        self._family = load_fonts()
        self._fonts: dict[tuple[Scale, Weight], QFont] = {}
        QLocale.setDefault(QLocale("fa_IR"))
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        app.setStyle("Fusion")
        self._apply()

    def _apply(self) -> None:
        self._fonts.clear()
        self._app.setFont(self.font())
        self._app.setPalette(_palette(self.theme))
        self._app.setStyleSheet(sheet(self.theme, self._zoom))
        self.changed.emit()

    @property
    def theme(self) -> Theme:
        return THEMES[self._name]

    @property
    def theme_name(self) -> ThemeName:
        return self._name

    @property
    def zoom(self) -> float:
        return self._zoom

    @property
    def columns_folded(self) -> bool:
        """True where only one column has room; some keycaps and second lines then go."""
        return self._width / self._zoom < COLUMNS_NEED

    @property
    def navigation_folded(self) -> bool:
        """True where the navigation shows icons without words."""
        return self._width / self._zoom < NAVIGATION_NEEDS

    def px(self, length: float) -> int:
        """A length in pixels at 100 %, at the present zoom."""
        return round(length * self._zoom)

    def space(self, name: Space) -> int:
        return self.px(SPACE[name])

    def colour(self, token: str) -> QColor:
        return QColor(self.theme.colour(token))

    def font(self, scale: Scale = "body", weight: Weight = "regular") -> QFont:
        """The interface font at the present zoom; a shared object, not to be altered."""
        wanted = (scale, weight)
        if wanted not in self._fonts:
            font = QFont(self._family)
            font.setPixelSize(self.px(TYPE[scale]))
            font.setWeight(_WEIGHTS[weight])
            self._fonts[wanted] = font
        return self._fonts[wanted]

    def set_theme(self, theme: ThemeName) -> None:
        if theme != self._name:
            self._name = theme
            self._apply()

    def next_theme(self) -> None:
        """Light, dark, high contrast, and round again."""
        names = tuple(THEMES)
        self.set_theme(names[(names.index(self._name) + 1) % len(names)])

    def set_zoom(self, zoom: float) -> None:
        """Any factor from 1 to 2."""
        zoom = min(max(zoom, ZOOMS[0]), ZOOMS[-1])
        if zoom != self._zoom:
            self._zoom = zoom
            self._apply()

    def zoom_in(self) -> None:
        self.set_zoom(next((z for z in ZOOMS if z > self._zoom), ZOOMS[-1]))

    def zoom_out(self) -> None:
        self.set_zoom(next((z for z in reversed(ZOOMS) if z < self._zoom), ZOOMS[0]))

    def zoom_reset(self) -> None:
        self.set_zoom(ZOOMS[0])

    def set_width(self, width: int) -> None:
        """The window's width in real pixels; widgets hear of it only when something folds or unfolds."""
        before = (self.columns_folded, self.navigation_folded)
        self._width = width
        if before != (self.columns_folded, self.navigation_folded):
            self.changed.emit()
