"""The controls every screen is made of. `docs/design-system.md` shows each with a line of use."""

from ui.widgets.bars import ActionBar
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.choice_search import ChoiceSearch
from ui.widgets.choices import Choice, ChoiceTiles, Tile
from ui.widgets.dates import DateEdit
from ui.widgets.edits import DigitsEdit, JalaliEdit, PasswordEdit, PersianEdit, TextEdit
from ui.widgets.field import Field
from ui.widgets.frames import Card, Hero, Note, NotePlace, StateBox, failure_note
from ui.widgets.labels import Chip, Icon, Initials, KeyCap, Label, Paragraph, Rule, Star, heading
from ui.widgets.layout import Grid, Scrolled, clear, column, columns, holder, row
from ui.widgets.numbers import MoneyEdit, NationalIdEdit, money_field
from ui.widgets.overlays import FocusRing, Toast
from ui.widgets.paged_table import Column, PagedTable, Source, TableRow
from ui.widgets.results import Found, ResultList, SearchBox

__all__ = [
    "ActionBar",
    "Button",
    "Card",
    "Chip",
    "Choice",
    "ChoiceSearch",
    "ChoiceTiles",
    "Column",
    "DateEdit",
    "DigitsEdit",
    "Field",
    "FocusRing",
    "Found",
    "Grid",
    "Hero",
    "Icon",
    "Initials",
    "JalaliEdit",
    "KeyCap",
    "Label",
    "MoneyEdit",
    "NationalIdEdit",
    "Note",
    "NotePlace",
    "PagedTable",
    "Paragraph",
    "PasswordEdit",
    "PersianEdit",
    "PrimaryButton",
    "ResultList",
    "Rule",
    "Scrolled",
    "SearchBox",
    "Source",
    "Star",
    "StateBox",
    "TableRow",
    "TextEdit",
    "Tile",
    "Toast",
    "clear",
    "column",
    "columns",
    "failure_note",
    "heading",
    "holder",
    "money_field",
    "row",
]
