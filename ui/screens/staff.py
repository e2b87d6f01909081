"""Colleagues: who works here and in which roles, who can open this PC; and for everyone their own password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop.domain.roles import Role
from desktop.domain.staffing import Colleague
from desktop.domain.texts import say
from ui import tasks
from ui.screens.base import Screen
from ui.screens.password_part import CodeNote
from ui.screens.staff_parts import Form, Mode
from ui.theme.look import Look
from ui.theme.tokens import Tone
from ui.widgets import (
    ActionBar,
    Button,
    Card,
    Grid,
    Note,
    NotePlace,
    PrimaryButton,
    ResultList,
    StateBox,
    column,
    columns,
    heading,
    holder,
    row,
)
from ui.widgets import Found as Row


@dataclass(frozen=True, slots=True)
class StaffRead:
    """Everyone; whether this PC has a sealed envelope; the names of whose passwords were refused here."""

    people: Sequence[Colleague]
    envelope: bool = True
    refused: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class StaffActs:
    """What the screen can do; all block and are called off the window's thread. What returns text returns the new code
    for the sealed envelope, empty where there is none. `change_password` takes the old and the new."""

    read: Callable[[], StaffRead]
    add: Callable[[str, Sequence[Role], str], str]
    change_roles: Callable[[str, Sequence[Role]], str]
    admit: Callable[[str, str], str]
    leave: Callable[[str], str]
    new_code: Callable[[], str]
    seen: Callable[[], object]
    change_password: Callable[[str, str], object]
    me: str
    manages: bool


class StaffScreen(Screen):
    """F6 somebody new; for the chosen one F7 roles, F8 a password here, F10 they left; F11 a new envelope; the own
    password has a button. F9 does what the form at the side says."""

    help_name = "staff"

    def __init__(self, look: Look, acts: StaffActs) -> None:
        title = "staff.title" if acts.manages else "staff.own-title"
        super().__init__(look, say(title), say("staff.subtitle") if acts.manages else "")
        self._acts = acts
        self._latest: tasks.Latest[StaffRead] = tasks.Latest(self)
        self._people: dict[str, Colleague] = {}
        self.people = ResultList(look, say("staff.list"))
        self.people.picked.connect(self._picked)
        self.people.selectionModel().currentChanged.connect(self._show_current)
        self._box = StateBox(look, self.people)
        self.add = Button(look, say("staff.add"), icon="plus", key="F6")
        self.roles = Button(look, say("staff.roles"), icon="tasks", key="F7")
        self.admit = Button(look, say("staff.admit"), icon="lock", key="F8")
        self.left = Button(look, say("staff.leave"), icon="cross", key="F10")
        self.envelope = Button(look, say("staff.new-code"), icon="again", key="F11")
        self.own = Button(look, say("staff.own"), icon="lock")
        modes: dict[Button, Mode] = {
            self.add: "add", self.roles: "roles", self.admit: "admit", self.left: "leave", self.envelope: "code",
            self.own: "own",
        }  # fmt: skip
        for button, mode in modes.items():
            button.clicked.connect(self._asks(mode))
        self.form = Form(look)
        self.save = PrimaryButton(look, say("staff.do-own"), icon="check")
        self.save.clicked.connect(self.submit)
        self._notes, self._code = NotePlace(look), column(look)
        self.build(self._body(), ActionBar(look, self.save))
        self.ask("own")

    def _asks(self, mode: Mode) -> Callable[[], None]:
        return lambda: self.ask(mode)

    def _body(self) -> QWidget:
        look = self.look
        side = Card(look, self.form, 1)
        if not self._acts.manages:
            whole = column(look, self._notes.box, gap="m")
            whole.addLayout(columns(look, (holder(column(look, side, 1)), 12), (holder(column(look, 1)), 14)), 1)
            return holder(whole)
        about = Grid(look, [self.roles, self.admit, self.left], 3, 2)
        people = Card(look, row(look, heading(look, say("staff.list")), 1, self.add), self._box, about, gap="m")
        safe = Card(look, heading(look, say("staff.keys")), row(look, self.own, self.envelope, 1), gap="m")
        main = holder(column(look, people, safe, 1, gap="m"))
        whole = column(look, self._notes.box, self._code, gap="m")
        whole.addLayout(columns(look, (main, 15), (holder(column(look, side, 1)), 12)), 1)
        return holder(whole)

    def first(self) -> QWidget:
        return self.people if self._acts.manages and self.people.results() else self.form.first()

    def shown(self) -> None:
        if self._acts.manages:
            self._box.loading()
            self._latest.run(self._acts.read, self.show_staff, lambda failure: self._box.failed(failure.parts))

    def leave(self) -> None:
        self.form.forget()  # nothing of a password waits for anybody's return

    def show_staff(self, read: StaffRead) -> None:
        """Show these people, the chosen one still chosen; what the manager should know stands above."""
        chosen = self.people.current() if self.people.results() else None
        self._people = {each.staff_id: each for each in read.people}
        self.people.show_results([_row(each, self._acts.me) for each in read.people])
        if chosen is not None and chosen.id in self._people:
            self.people.setCurrentIndex(self.people.model().index(list(self._people).index(chosen.id), 0))
        self._box.full()
        if read.refused:
            seen = Button(self.look, say("staff.seen"), icon="check")
            seen.clicked.connect(self._seen)
            names = say("ui.and").join(read.refused)
            self._notes.say(Note(self.look, "warn", "lock", say("staff.refused", names=names), action=seen))
        elif not read.envelope:
            self._notes.say(Note(self.look, "warn", "lock", say("staff.no-envelope")))
        self._show_current()

    def _current(self) -> Colleague | None:
        found = self.people.current() if self.people.results() else None
        return self._people.get(found.id) if found else None

    def _show_current(self) -> None:
        """What can be done with who is chosen; why not is said at the button."""
        who = self._current()
        gone = who is None or not who.active
        for button in (self.roles, self.admit, self.left):
            button.disable(say("staff.gone")) if gone else button.enable()
        if who is not None and who.staff_id == self._acts.me:
            self.left.disable(say("staff.not-yourself"))
        if who is not None and self.form.mode in ("roles", "admit", "leave") and self.form.whose() != who.staff_id:
            self.ask("add")

    def _picked(self, _staff_id: str) -> None:
        if self.people.hasFocus() and self.roles.isEnabled():
            self.ask("roles")

    # -- the form at the side
    def ask(self, mode: Mode) -> None:
        """Show the form for this, and put the keyboard in it."""
        who = self._current() if mode in ("roles", "admit", "leave") else None
        self.form.ask(mode, who)
        self.save.set_words(say(f"staff.do-{mode}"))
        if self.isVisible():
            self.form.first().setFocus() if mode not in ("leave", "code") else self.save.setFocus()

    def submit(self) -> None:
        """Do what the form says; what is missing is asked for at its field."""
        if not self.save.isEnabled() or not self.form.complete():
            return
        work, said = self._work()
        self.save.disable(say("staff.doing"))
        tasks.run(self, work, lambda code: self._done(str(code or ""), said), self._failed)

    def _work(self) -> tuple[Callable[[], object], str]:
        acts, form = self._acts, self.form
        name, roles, password, old, whose = (
            form.name.value(),
            form.roles(),
            form.password(),
            form.old.value(),
            form.whose(),
        )
        called = name or form.called()
        does: dict[Mode, Callable[[], object]] = {
            "add": lambda: acts.add(name, roles, password),
            "roles": lambda: acts.change_roles(whose, roles),
            "admit": lambda: acts.admit(whose, password),
            "leave": lambda: acts.leave(whose),
            "code": acts.new_code,
            "own": lambda: acts.change_password(old, password),
        }
        return does[form.mode], say(f"staff.told-{form.mode}", name=called)

    def _done(self, code: str, said: str) -> None:
        self.save.enable()
        self._notes.say(None)
        if code:
            self.show_code(said, code)
        else:
            self.told.emit(said)
        self.ask("add" if self._acts.manages else "own")
        self.shown()
        self.first().setFocus()

    def show_code(self, said: str, code: str) -> None:
        """The new envelope's code, until it was written down."""
        written = Button(self.look, say("envelope.written"), icon="check")
        shown = holder(column(self.look, CodeNote(self.look, said, code), row(self.look, written, 1), gap="s"))
        written.clicked.connect(shown.hide)
        written.clicked.connect(shown.deleteLater)
        written.clicked.connect(self.people.setFocus)
        self._code.put(shown)

    def _failed(self, failure: tasks.Failure) -> None:
        self.save.enable()
        if failure.code == "wrong-password":
            self.form.old_field.set_error(say("staff.old-wrong"))
            self.form.old.selectAll()
            self.form.old_field.focus()
            return
        self._notes.say(Note(self.look, "danger", "alert", *failure.parts))

    def _seen(self) -> None:
        self._notes.say(None)
        tasks.run(self, self._acts.seen, lambda _done: self.shown(), self._failed)

    def problem(self) -> tuple[str, ...]:
        """What is said above the list."""
        return self._notes.sentences()


def roles_words(roles: Sequence[Role]) -> str:
    """Roles as people say them."""
    return say("ui.and").join(say(f"role.{role}") for role in roles)


def _row(each: Colleague, me: str) -> Row:
    words, tone = _state(each)
    name = say("staff.you", name=each.name) if each.staff_id == me else each.name
    return Row(each.staff_id, name, roles_words(each.roles), say(words), tone)


def _state(each: Colleague) -> tuple[str, Tone]:
    if not each.active:
        return "staff.state-left", "muted"
    return ("staff.state-here", "ok") if each.here else ("staff.state-not-here", "muted")
