"""Vision screening at the post: lines an eye, the outcome before saving, never red, never a wrong child."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.domain.faults import Known
from desktop.domain.screening import load_pack
from desktop.domain.screening_record import RecordedResult, ToScreen
from desktop.domain.vision import VisionAnswers
from tests.desk.fits import cut, every_look
from tests.desk.people import FOUND, TODAY
from tests.desk.typist import Typist, in_window
from tests.ui.conftest import Show
from ui import tasks
from ui.access.walk import faults
from ui.screens.draft_keeper import Drafts, Plain
from ui.screens.vision import VisionActs, VisionScreen
from ui.theme.look import Look
from ui.widgets import Note, Paragraph
from ui.window import Window

Key = Qt.Key
PACK = load_pack("vision")
AVA = ToScreen("v-1", "p-ava", "آوا کاج‌نژاد", "1401-02-10", "vision")
NIKAN = ToScreen("v-2", "p-nikan", "نیکان سپیدرود", "1404-05-01", "vision")
SARV = ToScreen("v-4", "p-sarv", "سرو مهرگیاه", "1402-02-10", "vision")
UNKNOWN = ToScreen("v-3", "p-hana", "هانا مهرگیاه", "", "vision")


@dataclass
class Post:
    """The functions of the screen, and what was recorded."""

    waiting: list[ToScreen] = field(default_factory=lambda: [AVA, NIKAN, UNKNOWN])
    recorded: list[tuple[ToScreen, VisionAnswers]] = field(default_factory=list)
    draft: Plain | None = None
    fault: Exception | None = None

    def record(self, child: ToScreen, answers: VisionAnswers) -> RecordedResult:
        if self.fault:
            raise self.fault
        self.recorded.append((child, answers))
        return RecordedResult("s-1", child.visit_id, child.person_id, "refer", "vision.step-level-2", "1405-10-17")

    def save(self, plain: Plain) -> None:
        self.draft = plain

    def drop(self) -> None:
        self.draft = None

    def screen(self, look: Look) -> VisionScreen:
        drafts = Drafts(lambda: self.draft, self.save, self.drop)
        acts = VisionActs(lambda: self.waiting, lambda _typed: FOUND[:1], self.record, drafts)
        return VisionScreen(look, PACK, lambda: TODAY, acts)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def screen(look: Look, show: Show, post: Post) -> VisionScreen:
    made = post.screen(look)
    show(in_window(look, made))
    Typist(made).settle()
    return made


@pytest.fixture
def hand(screen: VisionScreen) -> Typist:
    return Typist(screen.window())


def said(screen: VisionScreen) -> str:
    """All the words of the outcome."""
    return "\n".join(label.text() for label in screen.outcome.findChildren(Paragraph) if label.isVisible())


def tones(screen: VisionScreen) -> set[str]:
    return {note.tone for note in screen.outcome.findChildren(Note) if note.isVisible()}


def begin(screen: VisionScreen, hand: Typist, child: ToScreen = AVA) -> None:
    """Choose a waiting child by keyboard."""
    screen.list.setFocus()
    hand.press(Key.Key_Home, *[Key.Key_Down] * screen_index(screen, child), Key.Key_Return)


def screen_index(screen: VisionScreen, child: ToScreen) -> int:
    return [row.id for row in screen.list.results()].index(child.visit_id)


def read(screen: VisionScreen, hand: Typist, right: str, left: str) -> None:
    """Choose a line for each eye: the digit the line begins with."""
    for eye, line in (("right", right), ("left", left)):
        screen.eyes[eye].setFocus()
        QTest.keyClick(screen.eyes[eye], ord(line))
        hand.settle()


def test_the_waiting_children_are_listed_with_their_age_and_one_is_begun(screen: VisionScreen, hand: Typist) -> None:
    first = screen.list.results()[0]
    assert (first.name, first.about) == ("آوا کاج‌نژاد", "۴ سال و ۷ ماه (۵۵ ماه)")
    begin(screen, hand)
    assert screen.child == AVA
    assert hand.on() == "چشم راست"


def test_the_line_of_this_age_is_marked_on_every_chart(screen: VisionScreen, hand: Typist) -> None:
    begin(screen, hand)
    marked = {}
    for tile in screen.setup.fields["chart"].control.tiles:  # type: ignore[attr-defined]
        tile.click()
        marked[tile.choice.value] = [row.value for row in screen.eyes["left"].rows() if row.threshold]
    assert marked == {
        "tenths": ["5/10"], "snellen-6": ["6/12"], "snellen-20": ["20/40"], "lea": ["20/40"], "hotv": ["20/40"],
    }  # fmt: skip


def test_the_outcome_is_shown_before_saving_in_saffron(screen: VisionScreen, hand: Typist, post: Post) -> None:
    begin(screen, hand)
    assert tones(screen) == {"muted"}
    read(screen, hand, "8", "4")
    assert "مشکوک" in said(screen)
    assert "چشم چپ کمتر از خط" in said(screen)
    assert "بینایی‌سنج" in said(screen)
    assert "به پدر یا مادر بگویید" in said(screen)
    assert tones(screen) == {"warn"}
    assert not post.recorded
    read(screen, hand, "8", "8")
    assert tones(screen) == {"ok"}
    assert "موردی دیده نشد" in said(screen)


def test_a_changed_outcome_is_said_once(screen: VisionScreen, hand: Typist, announced: list[str]) -> None:
    begin(screen, hand)
    read(screen, hand, "8", "4")
    read(screen, hand, "8", "3")
    assert len([words for words in announced if words.startswith("مشکوک")]) == 1


def test_up_and_down_choose_the_line_and_delete_takes_it_back(screen: VisionScreen, hand: Typist) -> None:
    begin(screen, hand)
    hand.press(Key.Key_Down, Key.Key_Down, Key.Key_Down)
    assert screen.answers().right == "3/10"
    hand.press(Key.Key_Up)
    assert screen.answers().right == "2/10"
    hand.press(Key.Key_Delete)
    assert screen.answers().right == ""


def test_a_digit_jumps_to_its_line_on_every_chart(screen: VisionScreen, hand: Typist) -> None:
    begin(screen, hand)
    lines = []
    for digit in "1182":
        hand.choose(int(digit))
        lines.append(screen.answers().right)
    assert lines == ["1/10", "10/10", "8/10", "2/10"]
    screen.setup.fields["chart"].control.tiles[3].click()  # type: ignore[attr-defined]
    screen.eyes["right"].setFocus()
    hand.choose(4)
    assert screen.answers().right == "20/40"


def test_other_readings_are_never_chosen_by_passing_the_last_line(screen: VisionScreen, hand: Typist) -> None:
    begin(screen, hand)
    hand.press(*[Key.Key_Down] * 14)
    assert screen.answers().right == "10/10", "the last line stays chosen while the keyboard stands below it"
    hand.press(Key.Key_Return)
    assert screen.answers().right == "10/10"
    hand.press(Key.Key_Return)
    assert screen.answers().right == "counted-fingers"
    hand.press(Key.Key_Down)
    assert screen.answers().right == "hand-motion"


def test_a_white_pupil_is_urgent_and_still_not_red(screen: VisionScreen, hand: Typist) -> None:
    begin(screen, hand)
    screen.seen.signs.setFocus()
    hand.choose(1)
    assert "چشم‌پزشک" in said(screen)
    assert "همین چند روز" in said(screen)
    assert tones(screen) == {"warn"}


def test_recording_gives_the_answers_as_shown(screen: VisionScreen, hand: Typist, post: Post) -> None:
    results: list[RecordedResult] = []
    screen.recorded.connect(results.append)
    begin(screen, hand)
    read(screen, hand, "8", "4")
    screen.setup.fields["glasses"].control.setFocus()
    hand.press(Key.Key_Space)
    hand.press(Key.Key_F9)
    assert post.recorded == [
        (AVA, VisionAnswers("tenths", "8/10", "4/10", "", glasses=True, distance_cm=300)),
    ]  # fmt: skip
    assert [each.result_id for each in results] == ["s-1"]
    assert screen.child is None


def test_a_second_f9_records_nothing_twice(screen: VisionScreen, hand: Typist, post: Post) -> None:
    begin(screen, hand)
    read(screen, hand, "8", "8")
    screen.submit()
    screen.submit()
    hand.settle()
    assert len(post.recorded) == 1


def test_nothing_is_read_while_the_result_is_being_recorded(screen: VisionScreen, hand: Typist, post: Post) -> None:
    post.fault = Known("disk-full")
    begin(screen, hand)
    read(screen, hand, "8", "4")
    screen.submit()
    QTest.keyClick(screen.focusWidget() or screen, Key.Key_Down)
    assert screen.answers().left == "4/10", "this would have been wiped with the form"
    hand.settle()
    assert hand.on() == "چشم چپ", "refused: the keyboard is where it was"


def test_nothing_read_is_not_recorded(screen: VisionScreen, hand: Typist, post: Post, announced: list[str]) -> None:
    begin(screen, hand)
    hand.press(Key.Key_F9)
    assert not post.recorded
    assert announced[-1] == "هنوز چیزی خوانده یا دیده نشده است."
    assert hand.on() == "چشم راست"


def test_a_child_too_young_is_said_and_only_a_sign_is_recorded(screen: VisionScreen, hand: Typist, post: Post) -> None:
    begin(screen, hand, NIKAN)
    assert "از ۳ سالگی" in said(screen)
    read(screen, hand, "8", "8")
    hand.press(Key.Key_F9)
    assert not post.recorded
    assert "از ۳ سالگی" in screen.bar.problem()
    assert hand.on() == "مردمک سفید", "the signs are where this child can be recorded"
    hand.choose(3)
    hand.press(Key.Key_F9)
    assert post.recorded[0][1].signs == ("squint",)


def test_a_child_without_a_birth_date_is_explained(screen: VisionScreen, hand: Typist, announced: list[str]) -> None:
    begin(screen, hand, UNKNOWN)
    assert screen.child is None
    assert announced[-1] == " ".join(Known("birth-unknown").parts())


def test_an_impossible_distance_stands_beside_its_field(screen: VisionScreen, hand: Typist, post: Post) -> None:
    begin(screen, hand)
    read(screen, hand, "8", "8")
    screen.setup.fields["distance_cm"].focus()
    screen.setup.fields["distance_cm"].control.selectAll()  # type: ignore[attr-defined]
    hand.write("۹۹")
    hand.press(Key.Key_F9)
    assert not post.recorded
    assert screen.setup.fields["distance_cm"].error == "فاصله میان ۱۰۰ تا ۷۰۰ سانتی‌متر است."
    assert hand.on() == "فاصله، سانتی‌متر"


def test_another_chart_and_another_child_lose_nothing(screen: VisionScreen, hand: Typist) -> None:
    begin(screen, hand)
    read(screen, hand, "8", "4")
    tiles = screen.setup.fields["chart"].control.tiles  # type: ignore[attr-defined]
    tiles[3].click()
    assert (screen.answers().right, screen.answers().left) == ("", "")
    tiles[0].click()
    assert (screen.answers().right, screen.answers().left) == ("8/10", "4/10")
    hand.press(Key.Key_F11)
    begin(screen, hand, NIKAN)
    assert screen.answers().right == "", "one child's lines never show under another's name"
    hand.press(Key.Key_F11)
    begin(screen, hand)
    assert (screen.answers().right, screen.answers().left) == ("8/10", "4/10")


def test_one_childs_chart_never_brings_anothers_lines(screen: VisionScreen, hand: Typist) -> None:
    begin(screen, hand)
    tiles = screen.setup.fields["chart"].control.tiles  # type: ignore[attr-defined]
    tiles[3].click()
    read(screen, hand, "4", "4")
    tiles[0].click()
    hand.press(Key.Key_F11)
    begin(screen, hand, NIKAN)
    tiles[3].click()
    assert (screen.answers().right, screen.answers().left) == ("", "")


def test_a_device_prints_one_word_that_can_be_taken_back(screen: VisionScreen, hand: Typist) -> None:
    begin(screen, hand)
    screen.seen.device.setFocus()
    hand.choose(2)
    assert screen.answers().device == "refer"
    assert "مشکوک" in said(screen)
    hand.choose(1)
    assert screen.answers().device == "pass"
    hand.choose(1)
    assert screen.answers().device == ""


def test_refusal_and_a_second_try_are_recorded_as_such(screen: VisionScreen, hand: Typist) -> None:
    begin(screen, hand)
    screen.seen.how.setFocus()
    hand.choose(1)
    assert "به خواست" in said(screen)
    hand.choose(1)
    hand.choose(2)
    assert (screen.answers().consent, screen.answers().attempt) == (True, 2)


def test_both_eyes_together_open_by_f7(screen: VisionScreen, hand: Typist) -> None:
    begin(screen, hand)
    hand.press(Key.Key_F7)
    assert hand.on() == "هر دو چشم"
    hand.press(Key.Key_Down)
    assert screen.answers().both == "1/10"


def test_a_child_who_didnt_wait_is_found(screen: VisionScreen, hand: Typist) -> None:
    hand.press(Key.Key_F6)
    hand.write("مهتاب")
    hand.press(Key.Key_Return)
    assert screen.child == ToScreen("", FOUND[0].person_id, FOUND[0].name, FOUND[0].birth, "vision")


def test_an_unfinished_test_comes_back_after_a_crash(
    screen: VisionScreen, hand: Typist, post: Post, look: Look, show: Show
) -> None:
    begin(screen, hand)
    read(screen, hand, "8", "4")
    screen.keeper.timer.timeout.emit()
    hand.settle()
    later = post.screen(look)
    show(in_window(look, later))
    Typist(later).settle()
    assert later.child == AVA
    assert later.answers() == screen.answers()


def test_recording_one_child_keeps_the_readings_of_every_other(
    screen: VisionScreen, hand: Typist, post: Post, look: Look, show: Show
) -> None:
    post.waiting = [AVA, SARV, NIKAN]
    screen.shown()
    hand.settle()
    begin(screen, hand)
    read(screen, hand, "8", "4")
    hand.press(Key.Key_F11)
    assert [row.chip for row in screen.list.results()] == ["نیمه‌تمام", "", ""]
    begin(screen, hand, SARV)
    read(screen, hand, "8", "8")
    hand.press(Key.Key_F9)
    assert [child for child, _ in post.recorded] == [SARV]
    assert not screen.keeper.timer.isActive()
    later = post.screen(look)
    show(in_window(look, later))
    Typist(later.window()).settle()
    assert later.child is None, "nobody sits there: the list is shown"
    for each in (screen, later):
        each.choose(AVA)
        assert (each.answers().right, each.answers().left) == ("8/10", "4/10")
        each.choose(SARV)
        assert each.answers().right == ""


def test_a_test_put_aside_is_kept_at_once(screen: VisionScreen, hand: Typist, post: Post) -> None:
    begin(screen, hand)
    read(screen, hand, "8", "4")
    hand.press(Key.Key_F11)
    assert not screen.keeper.timer.isActive()
    assert post.draft is not None
    begin(screen, hand)
    hand.press(Key.Key_F9)
    assert post.draft is None, "recorded: nothing unfinished is left"


def test_closing_the_window_keeps_what_was_read_a_moment_ago(screen: VisionScreen, hand: Typist, post: Post) -> None:
    window = screen.window()
    assert isinstance(window, Window)
    window.closing.connect(tasks.drain)
    begin(screen, hand)
    read(screen, hand, "8", "4")
    window.close()
    assert post.draft is not None


def test_a_full_disk_keeps_the_readings(screen: VisionScreen, hand: Typist, post: Post, announced: list[str]) -> None:
    post.fault = Known("disk-full")
    begin(screen, hand)
    read(screen, hand, "8", "4")
    hand.press(Key.Key_F9)
    assert announced[-1] == " ".join(Known("disk-full").parts())
    assert screen.answers().left == "4/10"
    post.fault = None
    hand.press(Key.Key_F9)
    assert len(post.recorded) == 1


@pytest.mark.parametrize("state", ["waiting", "begun", "refer", "both", "young"])
def test_nothing_is_cut_or_nameless(screen: VisionScreen, hand: Typist, look: Look, state: str) -> None:
    if state != "waiting":
        begin(screen, hand, NIKAN if state == "young" else AVA)
    if state in ("refer", "both"):
        read(screen, hand, "8", "4")
    if state == "both":
        hand.press(Key.Key_F7)
    assert faults(screen.window()) == []
    found = {(theme, zoom): wrong for theme, zoom in every_look(look) if (wrong := cut(screen.window()))}
    assert found == {}


def test_the_waiting_list_has_the_keyboard_on_the_first_visit(look: Look, show: Show, post: Post) -> None:
    made = post.screen(look)
    show(in_window(look, made))
    hand = Typist(made.window())
    hand.settle()
    assert made.list.hasFocus()
    made.finder.box.setFocus()
    made.shown()
    hand.settle()
    assert made.finder.box.hasFocus(), "a list read again takes the keyboard from nobody"


def test_an_empty_list_leaves_the_keyboard_in_the_search(look: Look, show: Show, post: Post) -> None:
    post.waiting.clear()
    made = post.screen(look)
    show(in_window(look, made))
    Typist(made.window()).settle()
    assert made.finder.box.hasFocus()


def test_visits_of_the_same_child_and_a_child_without_a_birth_date_are_told_apart(
    screen: VisionScreen, hand: Typist, post: Post
) -> None:
    post.waiting.append(replace(AVA, visit_id="v-9"))
    screen.shown()
    hand.settle()
    seconds = {row.id: row.second for row in screen.list.results()}
    assert seconds == {"v-1": "مراجعهٔ ۱", "v-2": "", "v-3": "", "v-9": "مراجعهٔ ۲"}
    unborn = next(row for row in screen.list.results() if row.id == "v-3")
    assert unborn.about == "تاریخ تولد نوشته نشده است"
