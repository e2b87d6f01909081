"""The places of an open desk: each screen is given the functions it may call, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from db import drafts as kept
from db import restored
from desktop import place_of_commands, place_of_conflicts, place_of_home, place_of_staff, place_of_transfers, support
from desktop.actions import conflicts, documents, intake, screening, staffing, sync_truth, transfers
from desktop.desk import Desk
from desktop.domain import catalogue, jalali, texts
from desktop.domain import screening as packs
from desktop.domain.changed import Changed
from desktop.domain.faults import Known
from desktop.domain.intake import Registered, WalkIn
from desktop.domain.papers import Kind
from desktop.domain.people import Found
from desktop.domain.roles import may
from desktop.domain.screening_record import RecordedResult, ToScreen
from desktop.domain.sync_truth import SyncTruth, with_conflicts
from desktop.domain.vision import VisionAnswers
from desktop.own_look import OwnLook
from desktop.paperwork import Paperwork
from desktop.place_of_client import ClientFront
from desktop.place_of_queue import QueuePlace
from desktop.syncing import Syncing
from ui import tasks
from ui.screens.draft_keeper import Drafts
from ui.screens.intake import IntakeActs, IntakeScreen
from ui.screens.preview import PreviewActs, PreviewScreen
from ui.screens.sync_truth import SyncActs, SyncScreen
from ui.screens.vision import VisionActs, VisionScreen
from ui.shell import Place
from ui.theme.look import Look
from ui.window import Window

Result = TypeVar("Result")
INTAKE, VISION = "intake", "vision"
_MOST_USED = ("VISION_SCREENING", "INTAKE_FILE", "REQUEST_REFERRAL", "CASEWORK_FOLLOWUP", "HOME_VISIT")


def without(fields: dict[str, Any], person_id: str) -> dict[str, Any] | None:
    """The draft of the vision post less one child's test; None where no other is left."""
    tests = [each for each in fields.get("tests", ()) if each.get("child", {}).get("person_id") != person_id]
    now = fields.get("now")
    return {**fields, "tests": tests, "now": "" if now == person_id else now} if tests else None


class Places(QObject):
    """Wires one open desk into one window, until the desk is closed."""

    changed = Signal(object)

    def __init__(self, window: Window, look: Look, desk: Desk, paperwork: Paperwork | None = None) -> None:
        super().__init__(window)
        self._window, self._look, self._desk = window, look, desk
        self.paperwork = paperwork or Paperwork(desk, self.changed.emit)
        self.client = ClientFront(self, window, look, desk)
        self.client.changed.connect(self.changed)
        self.syncing = Syncing(self, desk, open_files=self.open_files)
        self.syncing.ended.connect(self._attempted)
        self._open_files: dict[str, str] = {}
        self._open_elsewhere: Mapping[str, str] = {}
        self.syncing.pulled.connect(self._show_again)
        self.syncing.elsewhere.connect(self.show_open_elsewhere)
        self.changed.connect(self._heard)
        self.queue = QueuePlace(window, look, desk, self.changed.emit)
        self.own_look = OwnLook(self, look, desk)

    def open(self) -> None:
        """Show the places; home first."""
        desk = self._desk
        places = [
            place_of_home.place(self._window, self._look, desk, self._ways()),
            *self.queue.places(),
            Place("intake", texts.say("intake.title"), "intake", self._intake),
            Place("vision", texts.say("vision.name"), "eye", self._vision),
            Place("papers", texts.say("preview.title"), "print", self._papers),
            Place("sync", texts.say("sync.title"), "sync", self._sync),
        ]
        places += place_of_transfers.places(self._look, desk, self._find, self.changed.emit)
        places += place_of_conflicts.places(self._look, desk, self.changed.emit, self._open_person)
        places += self.queue.last_places()
        places.append(place_of_staff.place(self._look, desk, self.changed.emit))
        role = texts.say(f"role.{desk.actor.roles[0]}") if desk.actor.roles else ""
        self._window.open(places, centre=desk.centre.name, who=desk.actor.name, role=role)
        self.client.bind()
        find = self._find if may(desk.actor.roles, "person.read") else None
        place_of_commands.bind(self._window, self._look, self.client, find, self._today, self._open_person)
        self._tell_truth()
        self._badges()
        tasks.run(self, self._left_over, self._tell_left_over, lambda _failure: None)
        self.syncing.start()
        self.queue.open()
        self.own_look.open()

    # -- functions given to screens: each opens its own transaction and is called off the window's thread
    def _reading(self, action: Callable[..., Result], *given: Any) -> Result:
        with self._desk.reading() as session:
            return action(session, self._desk.actor, *given)

    def _register(self, walk_in: WalkIn) -> Registered:
        desk = self._desk
        with desk.writing() as session:
            sync_truth.require_begun(session, desk.signer.desk)
            begun = self.queue.begun(session)
            given = (desk.pen, desk.actor, desk.centre, walk_in, desk.now(), begun.slip)
            done, changed = intake.register(session, *given)
            self.queue.ended(session, begun, done, walk_in.service)
            kept.drop(session, desk.actor.staff_id, INTAKE)  # with it: a cut between would offer the same walk-in again
        self.changed.emit(changed)
        return done

    def _find(self, typed: str) -> list[Found]:
        """Whoever was meant; raises Known for the number of a file that left."""
        return self._reading(intake.find, typed) or self._reading(transfers.tell_moved, self._desk.centre, typed)

    def _record(self, child: ToScreen, answers: VisionAnswers) -> RecordedResult:
        desk = self._desk
        with desk.writing() as session:
            done, changed = screening.record(session, desk.pen, desk.actor, desk.centre, child, answers, desk.now())
            draft = kept.load(session, desk.actor.staff_id, VISION)
            others = without(draft.fields, child.person_id) if draft else None
            if others:
                kept.save(session, desk.actor.staff_id, VISION, others, desk.now())
            else:
                kept.drop(session, desk.actor.staff_id, VISION)
        self.changed.emit(changed)
        return done

    def _today(self) -> str:
        return str(jalali.today(self._desk.now()))

    def _drafts(self, form: str) -> Drafts:
        desk, who = self._desk, self._desk.actor.staff_id

        def load() -> dict[str, Any] | None:
            with desk.reading() as session:
                found = kept.load(session, who, form)
            return found.fields if found else None

        def save(fields: dict[str, Any]) -> None:
            with desk.writing() as session:
                kept.save(session, who, form, fields, desk.now())

        def drop() -> None:
            with desk.writing() as session:
                kept.drop(session, who, form)

        return Drafts(load, save, drop)

    def truth(self) -> SyncTruth:
        """Where each record is, with how the last attempt to reach the province ended."""
        with self._desk.reading() as session:
            desk = self._desk
            found = sync_truth.truth(session, desk.actor, desk.signer.desk, desk.now(), self.syncing.next_at)
            copied = Known("restored-copy").parts() if restored.noticed(session) else None
            contested = conflicts.count(session, desk.actor)
        return replace(with_conflicts(found, contested), fault=self.syncing.fault or copied)

    # -- the screens
    def _ways(self) -> place_of_home.Ways:
        """Where home leads."""
        return place_of_home.Ways(
            visit=self._open_receipt,
            paper=lambda document_id: self._show_paper(document_id, print_it=False),
            incidents=self.client.open_incidents,
            call_next=self.queue.call_next,
            board=self.queue.read,
            truth=self.truth,
        )

    def _intake(self) -> IntakeScreen:
        offered = catalogue.services(jalali.of(self._today()))
        first = {code: place for place, code in enumerate(_MOST_USED)}
        services = sorted(offered, key=lambda each: first.get(each.code, len(first)))
        acts = IntakeActs(
            find=self._find,
            card=self.client.card,
            likenesses=lambda walk_in: self._reading(intake.likenesses, walk_in),
            register=self._register,
            drafts=self._drafts(INTAKE),
            status=self.client.status,
            more=self.client.of_person(),
        )
        screen = IntakeScreen(self._look, services, self._today, acts)
        screen.registered.connect(self._registered)
        screen.file_opened.connect(self._file_opened)
        self.queue.attach(screen)
        return screen

    def _vision(self) -> VisionScreen:
        acts = VisionActs(
            waiting=lambda: self._reading(screening.waiting, VISION, self._today()),
            find=lambda typed: self._reading(intake.find, typed),
            record=self._record,
            drafts=self._drafts(VISION),
        )
        screen = VisionScreen(self._look, packs.load_pack(VISION), self._today, acts)
        screen.recorded.connect(self._recorded)
        return screen

    def _papers(self) -> PreviewScreen:
        paperwork = self.paperwork
        acts = PreviewActs(
            recent=lambda: self._reading(documents.recent),
            open=paperwork.preview,
            reissue=paperwork.reissue,
            send=paperwork.send,
            came_out=paperwork.came_out,
            save_file=paperwork.save_file,
            today=self._today,
        )
        return PreviewScreen(self._look, acts)

    def _sync(self) -> SyncScreen:
        acts = SyncActs(
            read=self.truth,
            sync_now=self.sync_now,
            seen=self._seen,
            report=lambda path: support.save(self._desk, path),
            report_name=texts.say("sync.report-name", centre=self._desk.centre.code),
        )
        screen = SyncScreen(self._look, acts)
        screen.wanted_person.connect(self._open_person)
        screen.wanted_place.connect(self._window.go)
        return screen

    def _seen(self, item: str) -> None:
        with self._desk.writing() as session:
            sync_truth.seen(session, self._desk.actor, item)

    # -- what follows from one screen to another
    def _registered(self, done: Registered, _service: str, print_receipt: bool) -> None:
        """The visit is on disk: its receipt is issued, shown and printed where that was asked."""
        self.client.registered(done)
        if print_receipt:
            self._hand_out("intake_receipt", done.visit_id)

    def _recorded(self, done: RecordedResult) -> None:
        self._hand_out("screening_slip", done.result_id)

    @Slot(str)
    def _open_receipt(self, visit_id: str) -> None:
        """The visit's newest receipt, issued where it has none."""

        def found() -> str:
            there = self._reading(documents.receipt_of, visit_id)
            return there or self.paperwork.issue("intake_receipt", visit_id)

        tasks.run(self, found, lambda document_id: self._show_paper(document_id, print_it=False), self._explain)

    @Slot(str)
    def _open_person(self, person_id: str) -> None:
        screen = self._window.go("intake")
        if isinstance(screen, IntakeScreen):
            screen.open_person(person_id)

    def _hand_out(self, kind: Kind, subject: str) -> None:
        """Issue a paper, show it, and send it to the printer."""
        tasks.run(self, lambda: self.paperwork.issue(kind, subject), self._show_paper, self._explain)

    def _show_paper(self, document_id: str, *, print_it: bool = True) -> None:
        screen = self._window.go("papers")
        if isinstance(screen, PreviewScreen):
            screen.open_document(document_id, print_it=print_it)

    def _explain(self, failure: tasks.Failure) -> None:
        self._window.toast.say(" ".join(failure.parts))

    # -- which files are open here, and elsewhere: a hint, never a lock
    def open_files(self) -> frozenset[str]:
        """The households on this desk's screen, for the province to tell the centre's other desks."""
        return frozenset(self._open_files.values())

    @Slot(object)
    def show_open_elsewhere(self, elsewhere: Mapping[str, str]) -> None:
        """What the province said of the centre's other desks: household → the desk that has its file open."""
        self._open_elsewhere = dict(elsewhere)
        self._hint()

    @Slot(str)
    def _file_opened(self, household: str) -> None:
        self._open_files = {INTAKE: household} if household else {}
        self._hint()

    def _hint(self) -> None:
        screen = self._window.built("intake")
        if isinstance(screen, IntakeScreen):
            desk = self._open_elsewhere.get(self._open_files.get(INTAKE, ""), "")
            if not desk:
                screen.show_elsewhere("")
                return
            naming = partial(self._reading, staffing.desk_words, desk)
            tasks.run(self, naming, screen.show_elsewhere, lambda _failure: None)

    # -- sync
    def sync_now(self) -> None:
        """One full sync; how it ended is kept for the truth. A second one waits for the first. Raises Known."""
        self.syncing.once("hand")

    @Slot(object)
    def _heard(self, changed: Changed) -> None:
        """Something was written here."""
        self._show_again(changed)
        if changed.kinds:
            self.syncing.written()

    @Slot(object)
    def _show_again(self, changed: Changed) -> None:
        self._window.refresh(changed)
        self.queue.refresh()
        self._tell_truth()
        self._badges()

    @Slot()
    def _attempted(self) -> None:
        """The chip, and the sync screen where it is in front: it says how the attempt ended and when the next is."""
        self._tell_truth()
        if isinstance(front := self._window.front(), SyncScreen):
            front.shown()

    @Slot()
    def _tell_truth(self) -> None:
        tasks.run(self, self.truth, self._show_truth, lambda _failure: None)

    def _show_truth(self, truth: SyncTruth) -> None:
        """The chip in the top bar and the badge of the sync place."""
        waiting = truth.on_way_count
        if not truth.enrolled:
            self._window.show_sync(texts.say("sync.chip.alone"), "muted", "server")
        elif self.syncing.fault:
            words = texts.say("sync.chip.offline", n=waiting) if waiting else texts.say("sync.chip.unreached")
            self._window.show_sync(words, "warn", "send")
        elif waiting:
            self._window.show_sync(texts.say("sync.chip.waiting", n=waiting), "warn", "send")
        else:
            self._window.show_sync(texts.say("sync.chip.all"), "ok", "check")
        self._window.set_badge("sync", truth.needs_you_count)

    def _badges(self) -> None:
        """How much waits at each place; one that the person doesn't have is passed over."""
        counts: dict[str, Callable[[], int]] = {
            "vision": lambda: len(self._reading(screening.waiting, VISION, self._today())),
            "transfers": lambda: self._reading(transfers.unanswered, self._desk.centre),
            "conflicts": lambda: self._reading(conflicts.count),
            "papers": lambda: self._reading(documents.unanswered),
        }
        for place, count in counts.items():
            tasks.run(self, count, partial(self._window.set_badge, place), lambda _failure: None)

    # -- what the last time left open
    def _left_over(self) -> tuple[int, bool]:
        """Papers that may or may not have come out, and whether this database was restored from a copy."""
        with self._desk.reading() as session:
            return documents.unanswered(session, self._desk.actor), bool(restored.noticed(session))

    def _tell_left_over(self, left: tuple[int, bool]) -> None:
        """Told once, in one toast; the papers stay first in their list and the copy on the sync screen."""
        unanswered, copied = left
        self._window.set_badge("papers", unanswered)
        said = [*Known("restored-copy").parts()] if copied else []
        if unanswered:
            said.append(texts.say("papers.unanswered", n=unanswered))
        if said:
            self._window.toast.say(" ".join(said))

    def stop(self) -> None:
        """Try the province no more; the desk stays open."""
        self.syncing.stop()
        self.queue.stop()
        self.own_look.stop()

    def close(self) -> None:
        """Stop and let go of the desk; work under way must be drained before. Raises Known: storage faults."""
        self.stop()
        self.client.close()
        self._desk.close()
