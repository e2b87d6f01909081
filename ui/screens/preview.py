"""Document preview and print: the paper as it will be printed, its forms, and what became of printing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.domain import digits, jalali
from desktop.domain.faults import Known
from desktop.domain.papers import IssuedLine, Preview, PrintState, Variant
from desktop.domain.texts import say
from ui import tasks
from ui.access import announce
from ui.access.keys import shortcut
from ui.screens.base import Screen
from ui.screens.page_view import FACTORS, PageArea, ReadingList
from ui.screens.print_part import PrintPart, Stage
from ui.theme.look import Look
from ui.theme.tokens import Tone
from ui.widgets import (
    ActionBar,
    Button,
    Card,
    Choice,
    ChoiceTiles,
    Found,
    Icon,
    Label,
    Paragraph,
    PrimaryButton,
    ResultList,
    StateBox,
    clear,
    column,
    columns,
    failure_note,
    heading,
    holder,
    row,
)
from ui.widgets.save_dialog import asked_path, save_dialog

_STAGES: dict[PrintState, Stage] = {
    "issued": "issued", "accepted": "accepted", "failed": "failed", "unknown": "unknown",
}  # fmt: skip
_TONES: dict[PrintState, Tone] = {"issued": "muted", "accepted": "ok", "failed": "danger", "unknown": "warn"}
_PRIMARY: dict[Stage, str] = {
    "issued": "print", "failed": "print-again", "accepted": "print-copy", "out": "print-copy", "not-out": "print-copy",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PreviewActs:
    """What the screen can do; all but `ask_path` block and are called off the window's thread.

    `send` returns what the printer said, or raises Known; `came_out` keeps the clerk's answer; `ask_path` asks the
    person where to save a file of the suggested name and returns "" if they don't. `today` is the canonical Jalali day:
    papers of other days are listed with theirs.
    """

    recent: Callable[[], list[IssuedLine]]
    open: Callable[[str], Preview]
    reissue: Callable[[str, Variant], Preview]
    send: Callable[[str], PrintState]
    came_out: Callable[[str, bool], None]
    save_file: Callable[[str, str], None]
    ask_path: Callable[[str], str] | None = None
    today: Callable[[], str] | None = None


class PreviewScreen(Screen):
    """First the newest papers, then one of them: `open_document` shows it."""

    help_name = "papers"

    def __init__(self, look: Look, acts: PreviewActs) -> None:
        super().__init__(look, say("preview.title"))
        self._acts = acts
        self.preview: Preview | None = None
        self._busy, self._folder = False, ""
        self._after: Callable[[], None] | None = None
        self._list_stage = self._make_list()
        self._paper_stage = self._make_paper()
        self._news = column(look, gap="none")
        self._make_bar()
        self.build(holder(column(look, self._news, self._list_stage, self._paper_stage, gap="m")), self.bar)
        self.page.verticalScrollBar().rangeChanged.connect(self._question_moved)
        self._show_stage()

    def _make_list(self) -> QWidget:
        look = self.look
        self.list = ResultList(look, say("preview.recent"))
        self.list.picked.connect(self._picked)
        self.state = StateBox(look, holder(column(look, self.list)))
        return holder(column(look, Card(look, heading(look, say("preview.recent")), self.state), 1))

    def _make_paper(self) -> QWidget:
        look = self.look
        self.pages, self.words = PageArea(look), ReadingList(look)
        self.words.hide()
        shortcut(self.words, "Escape", self._swap_words)  # bound while the words are shown
        self._page_words = Label(look, weight="medium")
        self.read = Button(look, say("preview.read-aloud"), kind="quiet", icon="ear", key="F7")
        self.read.clicked.connect(self._swap_words)
        self.bigger = Button(look, say("preview.bigger"), kind="quiet", icon="plus")
        self.smaller = Button(look, say("preview.smaller"), kind="quiet")
        self.bigger.clicked.connect(partial(self._zoom, 1))
        self.smaller.clicked.connect(partial(self._zoom, -1))
        head = row(look, self._page_words, 1, self.read, self.bigger, self.smaller)
        main = Card(look, head, self.pages, self.words, pad="m", ground="well")
        self.need = Paragraph(look, tone="muted")
        need = row(look, Icon(look, "eye"))
        need.addWidget(self.need, 1)
        self._tiles_box = column(look, gap="none")
        self.tiles: ChoiceTiles | None = None
        self.make = Button(look, say("preview.print-copy"), key="F6")
        self.make.clicked.connect(self._make_form)
        which = Card(look, heading(look, say("preview.which")), need, self._tiles_box, row(look, self.make, 1))
        self.printing = PrintPart(look)
        self.printing.answered.connect(self.answer)
        side = holder(column(look, which, self.printing, 1, gap="m"))
        return holder(columns(look, (main, 17), (side, 10)))

    def _make_bar(self) -> None:
        look = self.look
        self.primary = PrimaryButton(look, say("preview.print"), icon="print")
        self.primary.clicked.connect(self.print_now)
        self.save = Button(look, say("preview.save"), icon="save", key="F8")
        self.save.clicked.connect(self.save_file)
        self.all = Button(look, say("preview.all"), kind="quiet")
        self.all.clicked.connect(self.show_list)
        self.bar = ActionBar(look, self.primary, self.save, self.all)

    def _show_stage(self) -> None:
        shown = self.preview is not None
        self._list_stage.setVisible(not shown)
        self._paper_stage.setVisible(shown)
        self.bar.setVisible(shown)

    # What the window asks

    def shown(self) -> None:
        if self.preview is None:
            self.state.loading()
            tasks.run(self, self._acts.recent, self._show_recent, lambda failure: self.state.failed(failure.parts))

    def first(self) -> QWidget | None:
        if self.preview is None:
            return self.list
        return self._paper()

    def _paper(self) -> QWidget:
        """The paper itself, picture or words: no key that is still on its way does anything there."""
        return self.pages if self.words.isHidden() else self.words

    def _show_recent(self, lines: list[IssuedLine]) -> None:
        today = self._acts.today() if self._acts.today else ""
        rows = [_row(each, today) for each in lines]
        self.list.show_results(rows)
        if rows:
            self.state.full()
        else:
            self.state.empty(say("preview.recent-none"))

    # One paper

    def _picked(self, document_id: str) -> None:
        """A row of the list: not while another paper is on its way here, which the keys aren't meant for."""
        if not self._busy:
            self.open_document(document_id)

    def open_document(self, document_id: str, *, print_it: bool = False) -> None:
        """Show an issued paper; `print_it`: send it to the printer as soon as it is seen. It waits its turn."""
        if self._busy:
            self._after = partial(self.open_document, document_id, print_it=print_it)
            return

        def opened(preview: Preview) -> None:
            self.show_preview(preview)
            if print_it:
                self.print_now()

        self._do(lambda: self._acts.open(document_id), opened)

    def show_list(self) -> None:
        """Back to the newest papers."""
        self.preview = None
        self._note(None)
        self.head(say("preview.title"))
        self._show_stage()
        self.list.setFocus()
        self.shown()

    def show_preview(self, preview: Preview) -> None:
        """Show a paper that is read already."""
        self.preview = preview
        self._note(None)
        code = f"\u2066{digits.persian(preview.tracking_code)}\u2069"
        subtitle = say("preview.subtitle", person=preview.person, code=code)
        self.head(say(f"preview.kind-{preview.kind}"), subtitle)
        self.pages.show_pages(preview.pages)
        self.words.show_words(preview.words)
        self._page_words.setText(say("preview.page", page=1, pages=len(preview.pages)))
        self._page_words.updateGeometry()
        self.need.setText(say("preview.need-noted", variant=say(f"papers.variant.{preview.stored_need}")))
        self._show_tiles(preview)
        self._show_stage()
        self._stand(_STAGES[preview.state])
        if not preview.printer and preview.state in ("issued", "failed"):
            self.printing.show_fault(Known("no-printer").parts())
        self._zoom(0)
        self._paper().setFocus()

    def _show_tiles(self, preview: Preview) -> None:
        clear(self._tiles_box)
        choices = [
            Choice(each, say(f"papers.variant.{each}"), say(f"preview.size-{each}"), f"form-{each}")
            for each in preview.offered
        ]
        self.tiles = ChoiceTiles(self.look, say("preview.which"), choices, wide=2, compact=True)
        self.tiles.choose(preview.variant)
        self.tiles.chosen.connect(self._form_chosen)
        self._tiles_box.put(self.tiles)
        self._form_chosen()

    def _form_chosen(self) -> None:
        """Another form is another paper with its own number: it is made by F6, not by passing over the tiles."""
        assert self.preview is not None and self.tiles is not None  # noqa: S101, PT018
        wanted = self.tiles.value() or self.preview.variant
        self.make.setVisible(wanted != self.preview.variant)
        self.make.set_words(say("preview.make", variant=say(f"papers.variant.{wanted}")))
        if wanted != self.preview.variant:
            self.primary.disable(say("preview.make-first"))
        else:
            self.primary.enable()

    def _make_form(self) -> None:
        if self.preview is not None and self.tiles is not None:
            document_id, variant = self.preview.document_id, cast("Variant", self.tiles.value())
            self._do(lambda: self._acts.reissue(document_id, variant), self._made)

    def _made(self, preview: Preview) -> None:
        self.show_preview(preview)

    def _swap_words(self) -> None:
        """F7: the words instead of the picture, and back."""
        reading = not self.words.isVisible()
        self.words.setVisible(reading)
        self.pages.setVisible(not reading)
        for button in (self.bigger, self.smaller):
            button.setVisible(not reading)
        (self.words if reading else self.read).setFocus()

    def _zoom(self, by: int) -> None:
        self.pages.zoom(by)
        self.bigger.setEnabled(self.pages.factor < FACTORS[-1])
        self.smaller.setEnabled(self.pages.factor > FACTORS[0])

    # Printing

    def _stand(self, stage: Stage) -> None:
        """Where printing stands; the one primary act is the question's while it is asked."""
        assert self.preview is not None  # noqa: S101
        leaving = self.focusWidget()
        self.printing.show_stage(stage, self.preview.copy, self.preview.printer)
        self.primary.setVisible(not self.printing.asking())
        if leaving is None or leaving.isHidden() or leaving in (self.printing.yes, self.printing.no):
            self._paper().setFocus()
        if self.printing.asking():
            self._question_moved()
            announce(self, say("preview.asked"))
        else:
            self.primary.set_words(say(f"preview.{_PRIMARY[stage]}"))

    def _question_moved(self) -> None:
        """Its place is known when the layout has come to rest."""
        QTimer.singleShot(0, self, self._show_question)

    def _show_question(self) -> None:
        """The keyboard isn't brought to the question, so the eye must be, where the page is folded."""
        if self.printing.asking():
            self.page.ensureWidgetVisible(self.printing.yes, 0, self.look.px(90))

    def print_now(self) -> None:
        """F9: send the paper; once one is out, or was sent in vain, make its copy first, so that it is seen."""
        if self.preview is None:
            return
        document_id, variant = self.preview.document_id, self.preview.variant
        if self.printing.stage in ("accepted", "out", "not-out"):
            self._do(lambda: self._acts.reissue(document_id, variant), self._made)
        else:
            send = partial(self._acts.send, document_id)
            self._do(send, partial(self._sent, document_id), partial(self._not_sent, document_id))

    def _shows(self, document_id: str) -> bool:
        """Whether that paper is still the one on the screen; the clerk may have gone on meanwhile."""
        return self.preview is not None and self.preview.document_id == document_id

    def _sent(self, document_id: str, state: PrintState) -> None:
        if self._shows(document_id):
            self._stand("asking" if state == "accepted" else _STAGES[state])

    def _not_sent(self, document_id: str, failure: tasks.Failure) -> None:
        if not self._shows(document_id):
            self._failed(failure)
            return
        self._stand("failed")
        self.printing.show_fault(failure.parts)

    def answer(self, out: bool) -> None:
        """The clerk's word on whether paper came out."""
        if self.preview is not None:
            document_id = self.preview.document_id
            self._do(lambda: self._acts.came_out(document_id, out), lambda _none: self._answered(document_id, out))

    def _answered(self, document_id: str, out: bool) -> None:
        if self._shows(document_id):
            self._stand("out" if out else "not-out")
        self.told.emit(say("preview.done" if out else "preview.step-not-out"))

    def save_file(self) -> None:
        """F8: the paper as a PDF on the client's stick."""
        if self.preview is None:
            return
        document_id = self.preview.document_id
        # The name is read by whoever holds the stick: it says nothing of what the paper is about.
        name = say("preview.file-name", code=self.preview.tracking_code.replace("/", "-"))
        path = (self._acts.ask_path or self._ask_path)(name)
        if path:
            self._do(lambda: self._acts.save_file(document_id, path), lambda _none: self._saved(path))

    def _saved(self, path: str) -> None:
        self.told.emit(say("preview.saved", name=path.replace("\\", "/").rsplit("/", 1)[-1]))

    def _ask_path(self, name: str) -> str:
        path = asked_path(self.make_dialog(name))
        self._folder = str(Path(path).parent) if path else self._folder
        return path

    def make_dialog(self, name: str) -> QFileDialog:
        """Asks where to save, in the last folder used, else on the stick that is in, else at home."""
        files = say("preview.pdf-files")
        return save_dialog(self, say("preview.save"), name, folder=self._folder, files=files, suffix="pdf")

    # Work

    def _do(
        self,
        work: Callable[[], object],
        done: Callable[..., object],
        failed: Callable[[tasks.Failure], object] | None = None,
    ) -> None:
        """One thing at a time: a second key while the first is under way does nothing."""
        if self._busy:
            return
        self._busy = True

        def after(act: Callable[..., object], value: object) -> None:
            self._busy = False
            act(value)
            waiting, self._after = self._after, None
            if waiting is not None:
                waiting()

        tasks.run(self, work, partial(after, done), partial(after, failed or self._failed))

    def _failed(self, failure: tasks.Failure) -> None:
        self._note(failure_note(self.look, failure.parts))
        self.page.ensureVisible(0, 0)
        announce(self, " ".join(failure.parts), now=True)

    def _note(self, note: QWidget | None) -> None:
        clear(self._news)
        if note is not None:
            self._news.put(note)


def _row(line: IssuedLine, today: str) -> Found:
    kind, time = say(f"preview.kind-{line.kind}"), digits.persian(line.time)
    other = bool(line.day) and line.day != today
    return Found(
        line.document_id,
        line.person,
        say("preview.at", kind=kind, time=time) if other else kind,
        say(f"preview.state-{line.state}"),
        _TONES[line.state],
        lead=jalali.numeric(jalali.of(line.day)) if other else time,
    )
