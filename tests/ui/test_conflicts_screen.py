"""Two values, one question: read, chosen by a digit, decided by F9; nothing is decided by a single key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt

from desktop.domain.conflicts import Choice, Contested
from desktop.domain.faults import Known
from tests.desk.fits import cut, every_look
from tests.desk.typing import press, type_text
from tests.ui.conftest import Show
from ui import tasks
from ui.access.walk import faults
from ui.screens.conflicts import ConflictActs, ConflictsScreen
from ui.shell import Place
from ui.theme.look import Look
from ui.window import Window

Key = Qt.Key
QUESTION = "برای آوا کاج‌نژاد، تاریخ تولد دو جور نوشته شده است. کدام درست است؟"
LATE = "بیش از ۷ روز است که مانده؛ استان هم آن را می‌بیند."
BIRTH = Contested(
    "a/birth", "آوا کاج‌نژاد", "تاریخ تولد", QUESTION, "choose", True,
    (
        Choice("h1", "۱۴۰۱/۰۲/۱۱", "نرگس آبان‌پور، میز ۱", "۱۴۰۵/۰۹/۰۲، ۱۰:۲۵", "۴ سال و ۷ ماه", shown=True),
        Choice("h2", "۱۴۰۱/۰۳/۱۰", "بهار سروستان، میز ۲", "۱۴۰۵/۰۹/۰۲، ۱۱:۴۰", "۴ سال و ۶ ماه"),
    ),
    ("h1", "h2"), "p", LATE,
)  # fmt: skip
SEX = replace(
    BIRTH, id="a/sex", words="جنسیت", late=False, hint="",
    choices=(Choice("s1", "زن", "نرگس آبان‌پور، میز ۱", "۱۰:۲۵"), Choice("s2", "مرد", "همکار مرکز ۱۲۵", "۱۱:۴۰")),
    seen=("s1", "s2"),
)  # fmt: skip
SHARED = Contested(
    "shared_id/p/q", "مهتاب کاج‌نژاد، مهتاب کاج‌نژاد", "یک شناسه در چند پرونده", "یک نفرند؟", "open", person="q"
)
PROVINCES = replace(SEX, id="t/state", act="tell", person="", choices=SEX.choices)


class Desk:
    """What the screen is given: what it decides leaves the list."""

    def __init__(self, *contested: Contested, of: int = 0) -> None:
        self.contested, self.of, self.done = list(contested), of, list[tuple[object, ...]]()
        self.fault: Known | None = None

    def read(self) -> tuple[Sequence[Contested], int]:
        return tuple(self.contested), self.of or len(self.contested)

    def decide(self, *given: object) -> None:
        if self.fault:
            raise self.fault
        self.done.append(given)
        self.contested = [each for each in self.contested if each.id != given[0]]


def opened(look: Look, show: Show, desk: Desk) -> ConflictsScreen:
    window = Window(look, now=lambda: "۱۰:۲۶", training="تمرین؛ به استان وصل نیست")
    build: Callable[[], ConflictsScreen] = lambda: ConflictsScreen(look, ConflictActs(desk.read, desk.decide))  # noqa: E731
    places = [Place("conflicts", "دوگانه‌ها", "files", build)]
    window.open(places, centre="مرکز نمونهٔ ۱۲۴", who="نرگس آبان‌پور", role="مسئول مرکز", search="conflicts")
    window.set_badge("conflicts", 12)
    show(window)
    screen = window.go("conflicts")
    tasks.drain()
    assert isinstance(screen, ConflictsScreen)
    return screen


def test_a_digit_chooses_and_f9_decides_and_the_next_is_asked(look: Look, show: Show, announced: list[str]) -> None:
    desk = Desk(BIRTH, SEX)
    screen = opened(look, show, desk)
    told: list[str] = []
    screen.told.connect(told.append)
    assert screen.question.words()[2:] == (
        "۱۴۰۱/۰۲/۱۱: ۴ سال و ۷ ماه، نرگس آبان‌پور، میز ۱، ۱۴۰۵/۰۹/۰۲، ۱۰:۲۵، الان در پرونده",
        "۱۴۰۱/۰۳/۱۰: ۴ سال و ۶ ماه، بهار سروستان، میز ۲، ۱۴۰۵/۰۹/۰۲، ۱۱:۴۰",
    )
    tiles = screen.question.tiles
    assert tiles is not None
    assert tiles.tiles[0].hasFocus(), "the keyboard is where one answers"
    press(screen, Key.Key_F9)
    tasks.drain()
    assert desk.done == [], "nothing is chosen yet"
    assert (screen.right.isEnabled(), screen.right.toolTip()) == (False, "اول یکی را انتخاب کنید.")
    type_text(tiles.tiles[0], "۲")
    press(screen, Key.Key_F9)
    tasks.drain()
    assert desk.done == [("a/birth", "h2", ("h1", "h2"))]
    assert told == ["ثبت شد: ۱۴۰۱/۰۳/۱۰. نوشتهٔ دیگر هم در تاریخچه می‌ماند."]
    next_tiles = screen.question.tiles
    assert next_tiles is not None
    assert next_tiles.tiles[0].hasFocus()
    assert next_tiles.value() is None, "what was chosen for one isn't for the next"
    assert f"{QUESTION} {LATE}" in announced


def test_the_keyboard_goes_to_the_next_question_from_the_button_too(look: Look, show: Show) -> None:
    screen = opened(look, show, Desk(BIRTH, SEX))
    assert screen.question.tiles is not None
    type_text(screen.question.tiles.tiles[0], "۱")
    screen.right.setFocus()
    press(screen.right, Key.Key_Return)
    tasks.drain()
    assert screen.question.contested == SEX
    assert screen.question.tiles.tiles[0].hasFocus()


def test_who_must_ask_first_goes_on_with_the_next(look: Look, show: Show) -> None:
    desk = Desk(BIRTH, SEX)
    screen = opened(look, show, desk)
    press(screen, Key.Key_F10)
    assert screen.question.contested == SEX
    press(screen, Key.Key_F10)
    assert screen.question.contested == BIRTH
    assert desk.done == []


def test_what_another_desk_decided_meanwhile_is_said_and_read_again(look: Look, show: Show) -> None:
    desk = Desk(BIRTH)
    screen = opened(look, show, desk)
    desk.fault, desk.contested = Known("conflict-moved-on"), []
    assert screen.question.tiles is not None
    type_text(screen.question.tiles.tiles[0], "۱")
    press(screen, Key.Key_F9)
    tasks.drain()
    assert screen.problem() == Known("conflict-moved-on").parts()
    assert not screen.list.results()
    assert not screen.right.isVisible()


def test_what_came_while_somebody_chooses_asks_again(look: Look, show: Show) -> None:
    desk = Desk(BIRTH)
    screen = opened(look, show, desk)
    assert screen.question.tiles is not None
    type_text(screen.question.tiles.tiles[0], "۲")
    screen.shown()
    tasks.drain()
    choice = screen.question.choice()
    assert choice is not None
    assert choice.head == "h2", "the same is read again: what was chosen stays"
    third = Choice("h3", "۱۴۰۱", "همکار مرکز ۱۲۵", "۱۲:۰۰")
    desk.contested = [replace(BIRTH, choices=(*BIRTH.choices, third), seen=("h1", "h2", "h3"))]
    screen.shown()
    tasks.drain()
    assert screen.question.choice() is None


def test_what_lies_across_files_opens_one_and_what_is_not_ours_says_so(look: Look, show: Show) -> None:
    screen = opened(look, show, Desk(SHARED, PROVINCES))
    wanted: list[str] = []
    screen.wanted_person.connect(wanted.append)
    assert not screen.open.isVisible()
    press(screen, Key.Key_F9)
    assert wanted == ["q"]
    press(screen, Key.Key_F10)
    assert not screen.right.isEnabled()
    assert screen.right.toolTip() == "این را استان باید روشن کند؛ به استان تلفن کنید."


def test_forty_wait_and_how_many_more_is_told(look: Look, show: Show) -> None:
    many = [replace(BIRTH, id=f"{at}/birth") for at in range(40)]
    screen = opened(look, show, Desk(*many, of=55))
    assert len(screen.list.results()) == 40
    assert screen.more.text() == "۱۵ مورد دیگر پس از این‌ها می‌آید."


def test_nothing_is_cut_and_everything_is_named(look: Look, show: Show) -> None:
    long = replace(SEX, question="برای مهتاب کاج‌نژاد فرزند یونس، وضعیت پوشش چهار جور نوشته شده است. کدام درست است؟")
    for desk in (Desk(BIRTH, SEX), Desk(long), Desk(SHARED), Desk()):
        screen = opened(look, show, desk)
        window = screen.window()
        found = {(theme, zoom): wrong for theme, zoom in every_look(look) if (wrong := cut(window))}
        assert found == {}
        assert faults(window) == []
