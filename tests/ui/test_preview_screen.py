"""A paper before and after the printer: what is shown is what is printed, and the clerk has the last word."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QDir, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel

from desktop.domain.faults import Known
from desktop.domain.papers import IssuedLine, Preview, PrintState, Variant
from tests.desk.fits import cut, every_look
from tests.desk.papers import WORDS, preview
from tests.desk.typing import hold
from tests.desk.typist import Typist, in_window
from tests.ui.conftest import Show
from ui.access.walk import faults
from ui.screens.preview import PreviewActs, PreviewScreen
from ui.theme.look import Look
from ui.window import Window

Key = Qt.Key
RECENT = [
    IssuedLine("d-1", "intake_receipt", "آوا کاج‌نژاد", "10:26", "issued"),
    IssuedLine("d-2", "screening_slip", "نیکان سپیدرود", "09:50", "unknown"),
]


@dataclass
class Printer:
    """The functions of the screen, and what was asked of them."""

    said: PrintState | Exception = "accepted"
    papers: dict[str, Preview] = field(default_factory=lambda: {"d-1": preview(), "d-2": preview(state="unknown")})
    sent: list[str] = field(default_factory=list)
    made: list[tuple[str, Variant]] = field(default_factory=list)
    came_out: list[tuple[str, bool]] = field(default_factory=list)
    saved: list[tuple[str, str]] = field(default_factory=list)
    path: str = "/media/stick/"
    recent: list[IssuedLine] = field(default_factory=lambda: list(RECENT))

    def send(self, document_id: str) -> PrintState:
        if isinstance(self.said, Exception):
            raise self.said
        self.sent.append(document_id)
        return self.said

    def reissue(self, document_id: str, variant: Variant) -> Preview:
        self.made.append((document_id, variant))
        return preview(variant, document_id="d-9", copy=1)

    def acts(self) -> PreviewActs:
        return PreviewActs(
            lambda: self.recent, lambda document_id: self.papers[document_id], self.reissue, self.send,
            lambda document_id, out: self.came_out.append((document_id, out)),
            lambda document_id, path: self.saved.append((document_id, path)),
            lambda name: self.path and self.path + name, lambda: "1405-09-17",
        )  # fmt: skip


@pytest.fixture
def printer() -> Printer:
    return Printer()


@pytest.fixture
def screen(look: Look, show: Show, printer: Printer) -> PreviewScreen:
    made = PreviewScreen(look, printer.acts())
    show(in_window(look, made))
    Typist(made.window()).settle()
    return made


@pytest.fixture
def hand(screen: PreviewScreen) -> Typist:
    return Typist(screen.window())


def open_paper(screen: PreviewScreen, hand: Typist, document_id: str = "d-1") -> None:
    screen.open_document(document_id)
    hand.settle()


def stage(screen: PreviewScreen) -> str:
    return screen.printing.stage


def test_the_newest_papers_are_listed_and_one_is_opened_by_enter(screen: PreviewScreen, hand: Typist) -> None:
    first, second = screen.list.results()
    assert (first.lead, first.name, first.chip) == ("۱۰:۲۶", "آوا کاج‌نژاد", "چاپ نشده")
    assert (second.chip, second.tone) == ("چاپ نامعلوم", "warn")
    screen.list.setFocus()
    hand.press(Key.Key_Return)
    assert screen.preview is not None
    assert screen.title == "رسید پذیرش"
    assert "۱۲۴/۰۰۱/۰۰۰۱۲۳/۴" in screen.subtitle
    assert hand.on() == "تصویر برگه", "the keyboard doesn't fall out of the screen with the list"


def test_printed_asked_answered_and_copied(screen: PreviewScreen, hand: Typist, printer: Printer) -> None:
    open_paper(screen, hand)
    hand.press(Key.Key_F9)
    assert printer.sent == ["d-1"]
    assert stage(screen) == "asking"
    assert not screen.primary.isVisible(), "one primary act: the answer"
    assert hand.on() == "تصویر برگه"
    hand.press(Key.Key_F9)
    assert not printer.came_out, "the key that prints never says that paper came out"
    hand.press(Key.Key_F11)
    assert printer.came_out == [("d-1", True)]
    assert stage(screen) == "out"
    assert screen.primary.words() == "ساختن رونوشت"
    hand.press(Key.Key_F9)
    assert printer.made == [("d-1", "large")]
    assert printer.sent == ["d-1"], "the copy is seen before it is printed"
    hand.press(Key.Key_F9)
    assert printer.sent == ["d-1", "d-9"]


def test_f9_held_down_prints_one_paper_and_answers_nothing(
    screen: PreviewScreen, hand: Typist, printer: Printer
) -> None:
    open_paper(screen, hand)
    for _round in range(3):
        hold(screen.window(), Key.Key_F9)
        hand.settle()
    assert printer.sent == ["d-1"]
    assert not printer.came_out
    assert not printer.made
    assert screen.printing.yes.key == "F11"


def test_a_paper_that_was_asked_for_is_seen_and_sent_at_once(
    screen: PreviewScreen, hand: Typist, printer: Printer
) -> None:
    screen.open_document("d-1", print_it=True)
    hand.settle()
    assert printer.sent == ["d-1"]
    assert screen.preview is not None
    assert hand.on() == "تصویر برگه", "the answer never comes under the hand by itself"


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("zoom", [1.0, 1.25, 1.5, 1.75, 2.0])
def test_the_question_is_seen_at_any_zoom_without_the_keyboard_going_there(
    screen: PreviewScreen, hand: Typist, look: Look, zoom: float, before: bool
) -> None:
    if before:
        look.set_zoom(zoom)
    screen.open_document("d-1", print_it=True)
    hand.settle()
    look.set_zoom(zoom)
    hand.settle()
    assert hand.on() == "تصویر برگه"
    seen, yes = screen.page.viewport(), screen.printing.yes
    assert seen.rect().contains(yes.mapTo(seen, yes.rect().center()))
    window = screen.window()
    assert isinstance(window, Window)
    ring = window.ring.mask().boundingRect().translated(window.ring.pos())
    assert ring.bottom() <= seen.mapTo(window, seen.rect().bottomLeft()).y(), "the ring stays inside the page"


def test_after_an_answer_by_the_tab_key_the_keyboard_is_on_the_paper(
    screen: PreviewScreen, hand: Typist, printer: Printer
) -> None:
    open_paper(screen, hand)
    screen.primary.setFocus()
    hand.press(Key.Key_Return)
    assert hand.on() == "تصویر برگه"
    screen.printing.no.setFocus()
    hand.press(Key.Key_Return)
    assert printer.came_out == [("d-1", False)]
    assert hand.on() == "تصویر برگه"


def test_keys_still_on_their_way_when_the_paper_comes_do_nothing(
    screen: PreviewScreen, hand: Typist, printer: Printer
) -> None:
    screen.list.setFocus()
    screen.list.step(1)
    screen.open_document("d-1", print_it=True)
    QTest.keyClick(screen.list, Key.Key_Return)  # meant for the form that was there a moment ago
    hand.settle()
    assert screen.preview is printer.papers["d-1"]
    hand.press(Key.Key_Space, Key.Key_Return, Key.Key_3)
    hand.press(Key.Key_F11)
    hand.press(Key.Key_Space, Key.Key_Return)
    assert printer.sent == ["d-1"]
    assert printer.came_out == [("d-1", True)]
    assert not printer.made


def test_the_next_clients_paper_waits_for_the_printer(screen: PreviewScreen, hand: Typist, printer: Printer) -> None:
    open_paper(screen, hand)
    screen.print_now()
    screen.open_document("d-2")
    hand.settle()
    assert printer.sent == ["d-1"]
    assert screen.preview is printer.papers["d-2"]


def test_leaving_while_it_prints_is_no_harm(screen: PreviewScreen, hand: Typist, printer: Printer) -> None:
    open_paper(screen, hand)
    screen.print_now()
    screen.show_list()
    hand.settle()
    assert printer.sent == ["d-1"]
    assert screen.preview is None


def test_no_paper_came_out(screen: PreviewScreen, hand: Typist, printer: Printer) -> None:
    open_paper(screen, hand)
    hand.press(Key.Key_F9, Key.Key_F10)
    assert printer.came_out == [("d-1", False)]
    assert stage(screen) == "not-out"
    hand.press(Key.Key_F9)
    assert printer.made == [("d-1", "large")]


def test_an_unknown_outcome_is_asked_when_the_paper_is_opened(screen: PreviewScreen, hand: Typist) -> None:
    open_paper(screen, hand, "d-2")
    assert stage(screen) == "unknown"
    assert screen.printing.yes.isVisible()
    assert hand.on() == "تصویر برگه"


def test_a_paper_opened_again_before_the_answer_doesnt_say_that_it_came_out(
    screen: PreviewScreen, hand: Typist, printer: Printer
) -> None:
    printer.papers["d-1"] = preview(state="accepted")
    printer.recent = [IssuedLine("d-1", "intake_receipt", "آوا کاج‌نژاد", "10:26", "accepted")]
    screen.shown()
    hand.settle()
    assert screen.list.results()[0].chip == "چاپ شد؛ به چاپگر رسید"
    open_paper(screen, hand)
    steps = [words.text() for words in screen.printing.findChildren(QLabel) if words.isVisible()]
    assert "چاپ شد؛ به چاپگر رسید" in steps
    assert "کاغذ بیرون آمد" not in steps, "only the clerk's answer says so"
    assert screen.primary.words() == "ساختن رونوشت"


def test_a_paper_of_another_day_is_listed_with_its_day(screen: PreviewScreen, hand: Typist, printer: Printer) -> None:
    line = IssuedLine("d-1", "intake_receipt", "آوا کاج‌نژاد", "10:26", "issued", "1405-09-16")
    printer.recent = [replace(line, document_id="d-2", day="1405-09-17"), line]
    screen.shown()
    hand.settle()
    today, yesterday = screen.list.results()
    assert (today.lead, today.about) == ("۱۰:۲۶", "رسید پذیرش")
    assert (yesterday.lead, yesterday.about) == ("۱۴۰۵/۰۹/۱۶", "رسید پذیرش، ساعت ۱۰:۲۶")


def test_a_missing_printer_is_explained_and_the_same_paper_sent_again(
    screen: PreviewScreen, hand: Typist, printer: Printer, announced: list[str]
) -> None:
    printer.said = Known("no-printer")
    open_paper(screen, hand)
    hand.press(Key.Key_F9)
    assert announced[-1] == " ".join(Known("no-printer").parts())
    assert "سالم" in announced[-1]
    assert screen.primary.words() == "چاپ دوباره"
    printer.said = "accepted"
    hand.press(Key.Key_F9)
    assert printer.sent == ["d-1"]
    assert not printer.made


def test_a_pc_without_a_printer_says_so_at_once(
    screen: PreviewScreen, hand: Typist, printer: Printer, announced: list[str]
) -> None:
    printer.papers["d-1"] = preview(printer="")
    open_paper(screen, hand)
    assert " ".join(Known("no-printer").parts()) in announced


def test_the_stored_need_is_noted_and_arrows_make_no_paper(
    screen: PreviewScreen, hand: Typist, printer: Printer
) -> None:
    open_paper(screen, hand)
    assert screen.tiles is not None
    assert screen.tiles.value() == "large"
    assert screen.need.text() == "در پرونده نوشته‌ایم: «درشت»."
    screen.tiles.setFocus()
    hand.press(Key.Key_Down)
    assert screen.tiles.value() == "contrast"
    assert not printer.made, "each form takes a paper number; passing over a tile takes none"
    assert not screen.primary.isEnabled(), "what is printed is what is seen"
    hand.press(Key.Key_F9)
    assert not printer.sent
    hand.press(Key.Key_F6)
    assert printer.made == [("d-1", "contrast")]
    hand.press(Key.Key_F9)
    assert printer.sent == ["d-9"]


def test_the_words_are_read_a_block_a_row(screen: PreviewScreen, hand: Typist) -> None:
    open_paper(screen, hand)
    hand.press(Key.Key_F7)
    assert hand.on() == "متن برگه، برای خواندن"
    assert screen.words.words() == WORDS
    assert not screen.pages.isVisible()
    hand.press(Key.Key_F7)
    assert screen.pages.isVisible()


def test_the_page_grows_from_whole_to_twice_the_place(screen: PreviewScreen, hand: Typist) -> None:
    open_paper(screen, hand)
    widths = [screen.pages.sheet.width()]
    for _step in range(3):
        screen.bigger.click()
        widths.append(screen.pages.sheet.width())
    assert widths == sorted(set(widths))
    assert not screen.bigger.isEnabled()
    whole = screen.pages.sheet
    for _step in range(3):
        screen.smaller.click()
    assert whole.height() <= screen.pages.viewport().height()


def test_the_file_goes_to_the_clients_stick(screen: PreviewScreen, hand: Typist, printer: Printer) -> None:
    told: list[str] = []
    screen.told.connect(told.append)
    open_paper(screen, hand)
    hand.press(Key.Key_F8)
    assert printer.saved == [("d-1", "/media/stick/برگه 124-001-000123-4.pdf")]
    assert "برگه 124-001-000123-4.pdf" in told[-1]
    printer.path = ""
    hand.press(Key.Key_F8)
    assert len(printer.saved) == 1, "nobody chose a place"


def test_a_second_key_meanwhile_prints_nothing_twice(screen: PreviewScreen, hand: Typist, printer: Printer) -> None:
    open_paper(screen, hand)
    screen.print_now()
    screen.print_now()
    hand.settle()
    assert printer.sent == ["d-1"]


def test_no_papers_yet(look: Look, show: Show, printer: Printer) -> None:
    printer.recent = []
    made = PreviewScreen(look, printer.acts())
    show(in_window(look, made))
    Typist(made.window()).settle()
    assert not made.list.isVisible()


@pytest.mark.parametrize("state", ["list", "open", "asked", "accepted", "failed", "words", "form"])
def test_nothing_is_cut_or_nameless(
    screen: PreviewScreen, hand: Typist, look: Look, printer: Printer, state: str
) -> None:
    if state == "accepted":
        printer.papers["d-1"] = preview(state="accepted", copy=1)
    if state != "list":
        open_paper(screen, hand)
    if state == "failed":
        printer.said = Known("printer-missing", printer="laser")
    if state in ("asked", "failed"):
        hand.press(Key.Key_F9)
    if state == "words":
        hand.press(Key.Key_F7)
    if state == "form":
        assert screen.tiles is not None
        screen.tiles.setFocus()
        hand.choose(4)
    assert faults(screen.window()) == []
    found = {(theme, zoom): wrong for theme, zoom in every_look(look) if (wrong := cut(screen.window()))}
    assert found == {}


def test_a_paper_opened_from_the_list_has_the_keyboard_and_escape_leaves_its_words(
    screen: PreviewScreen, hand: Typist
) -> None:
    screen.list.setFocus()
    hand.press(Key.Key_Return)
    assert screen.preview is not None
    assert screen.pages.hasFocus()
    hand.press(Key.Key_F7)
    assert screen.words.hasFocus()
    hand.press(Key.Key_Escape)
    assert screen.words.isHidden()
    assert screen.read.hasFocus()
    hand.press(Key.Key_Escape)
    assert screen.words.isHidden(), "there is nothing to leave"


def test_saving_is_asked_in_persian_and_in_a_folder_the_person_knows(screen: PreviewScreen) -> None:
    dialog = screen.make_dialog("برگه ۱.pdf")
    said = [dialog.labelText(label) for label in QFileDialog.DialogLabel]
    assert said == ["پوشه:", "نام فایل:", "نوع فایل:", "ذخیره", "انصراف"]
    assert dialog.nameFilters() == ["برگهٔ PDF (*.pdf)"]
    assert dialog.directory().absolutePath() != QDir.currentPath()
    dialog.deleteLater()
