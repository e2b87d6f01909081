"""What the intake screen looks like: its parts in place, and the way between them and the `IntakeForm`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.catalogue import Service
from desktop.domain.faults import Invalid
from desktop.domain.intake import Faults, Likeness, WalkIn, checked
from desktop.domain.people import Found
from desktop.domain.texts import say
from ui.access import announce
from ui.screens.caution import caution_note
from ui.screens.intake_form import IntakeForm
from ui.screens.intake_parts import DetailsPart, HouseholdPanel, LikenessPart, PersonPanel, SearchPart, about
from ui.screens.needs_part import NeedsPart
from ui.screens.person_form import HouseholdForm, PersonForm, age_of
from ui.screens.service_picker import ServicePicker
from ui.theme.look import Look
from ui.widgets import (
    ActionBar,
    Button,
    Card,
    Choice,
    ChoiceTiles,
    Field,
    Note,
    PrimaryButton,
    clear,
    column,
    columns,
    heading,
    holder,
    row,
)
from ui.widgets import Found as Row

NEW = "new:"
"""Before the number of an entry, in the rows of the household: someone who is being written."""
_NAMED_FAULTS = 3
_NAME_SHOWN = 40


class IntakeView(QWidget):
    """The body of the screen and its action bar. `form` is what it shows; `take` reads it back, `show_form` shows it.

    Emits `edited` after the person changed anything.
    """

    edited = Signal()

    def __init__(
        self, look: Look, services: Sequence[Service], today: Callable[[], str], find: Callable[[str], list[Found]]
    ) -> None:
        super().__init__()
        self.look, self._today, self.form = look, today, IntakeForm()
        self._refused = self._showing = False
        self._services = {each.code: each for each in services}
        self._make_parts(services, find)
        self._place_parts()
        for form in (self.person_form, self.household_form, self.details, self.needs):
            form.changed.connect(self.edited)
        self.picker.changed.connect(self.edited)
        self.with_household.chosen.connect(self.edited)

    def _make_parts(self, services: Sequence[Service], find: Callable[[str], list[Found]]) -> None:
        look = self.look
        self.finder = SearchPart(look, find, self._today)
        self.person_form, self.household_form = PersonForm(look, self._today), HouseholdForm(look)
        self.likeness = LikenessPart(look, self._today)
        self.picker = ServicePicker(look, services)
        self.details, self.needs = DetailsPart(look), NeedsPart(look)
        self.person_panel = PersonPanel(look, self._today, self._short_name)
        self.household_panel = HouseholdPanel(look)
        self.primary = PrimaryButton(look, say("intake.save-and-print"))
        self.save_only = Button(look, say("intake.save-only"), key="F10")
        self.again = Button(look, say("intake.again"), kind="quiet")
        self.number = Button(look, say("intake.number"), kind="quiet", icon="queue")
        self.bar = ActionBar(look, self.primary, self.save_only, self.again, self.number)
        one = [Choice("yes", say("intake.with-household"), icon="house")]
        self.with_household = ChoiceTiles(look, say("intake.household-too"), one, several=True, wide=1, compact=True)
        self.remove = Button(look, say("intake.remove-member"), kind="quiet")
        self._form_title = heading(look, "")

    def _place_parts(self) -> None:
        look = self.look
        places = tuple(holder(column(look, gap="none")) for _ in range(5))
        self._news_holder, self._aside_holder, self._elsewhere, self._begun, self._cautions = places
        for place in places:
            place.hide()
        look.changed.connect(self.show_cautions)
        self._form_card = Card(look, row(look, self._form_title, 1, self.remove), self.person_form)
        self._house_switch = row(look, self.with_household, 1)
        self._house_switch_holder = holder(self._house_switch)
        relation = self.person_form.fields["relation"]
        self._house_card = Card(look, self._house_switch_holder, relation, self.household_form)
        self._for_box = column(look, gap="none")
        self.for_tiles: ChoiceTiles | None = None
        self._for_labels: tuple[str, ...] = ()
        self._purpose = Card(look, self._for_box, self.picker)
        notes = (self._begun, self.finder, self._cautions, self._news_holder, self._aside_holder)
        parts = (*notes, self._form_card, self._house_card, self._purpose, self.details)
        main = holder(column(look, *parts, self.needs, 1, gap="m"))
        self._hint = Note(look, "muted", "info", say("intake.begin"), say("intake.begin-more"))
        asides = (self._elsewhere, self.person_panel, self.likeness, self.household_panel, self._hint)
        side = holder(column(look, *asides, 1, gap="m"))
        self.setLayout(columns(look, (main, 17), (side, 10)))
        coverage = self.person_form.fields["coverage"].control
        after = (self.remove, *self.with_household.tiles, *_stops(relation.control))
        _follow(coverage, *after, *(field.control for field in self.household_form.fields.values()))

    def take(self) -> None:
        """What stands in the widgets, into the form; nothing while the form is on its way into them."""
        if self._showing:
            return
        form = self.form
        if form.at is not None:
            form.entries[form.at] = self.person_form.entry()
        form.with_household = bool(self.with_household.value())
        form.household = self.household_form.entry()
        form.service, form.needs = self.picker.value(), self.needs.value()
        form.reason, form.new_mobile = self.details.typed("reason"), self.details.typed("new_mobile")
        if self.for_tiles is not None:
            form.for_member = int(self.for_tiles.value() or 0)

    def show_form(self) -> None:
        """The form, into the widgets.

        Hiding the part that holds the keyboard makes its field say it was left: what stood in the widgets for the last
        client must not be taken for the next one then.
        """
        self._showing = True
        try:
            self._show_form()
        finally:
            self._showing = False

    def _show_form(self) -> None:
        form, writing = self.form, self.form.at is not None
        self.number.setVisible(form.card is not None)
        somebody = not form.empty()
        for part in (self._purpose, self.details, self.needs, self.household_panel, self.again):
            part.setVisible(somebody)
        self._hint.setVisible(not somebody)
        self.person_panel.setVisible(form.card is not None)
        self._form_card.setVisible(writing)
        self._house_card.setVisible(writing)
        self._house_switch_holder.setVisible(form.card is None)
        self.household_form.setVisible(form.card is None and form.with_household)
        self.details.show_mobile(form.card is not None and not writing)
        if form.card is not None:
            self.person_panel.show_card(form.card)
        self.show_cautions()
        if form.at is not None:
            member = form.card is not None or form.with_household
            self.person_form.show_entry(form.entries[form.at], member=member)
            self._form_title.setText(self.title_of(form.at))
            self._form_title.updateGeometry()
            self.remove.setVisible(form.card is not None or form.at > 0)
        self.with_household.choose("yes" if form.with_household else None)
        several = len(form.entries) > 1
        self.with_household.setEnabled(not several)  # with members written there is a household
        self.with_household.setToolTip(say("intake.household-stays") if several else "")
        self.with_household.set_description(say("intake.household-stays") if several else "")
        self.household_form.show_entry(form.household)
        self.picker.choose(form.service)
        self.details.put("reason", form.reason)
        self.details.put("new_mobile", form.new_mobile)
        self.needs.show_needs(form.needs)
        self.likeness.show_likenesses(())
        self.show_people()
        self._refused = False
        self.bar.tell_problem("")

    def title_of(self, at: int) -> str:
        if at == 0 and self.form.card is None:
            return say("intake.new-title")
        return say("intake.member-title", n=at + 1 + (1 + len(self.form.card.members) if self.form.card else 0))

    def _name_of(self, at: int) -> str:
        entry = self.form.entries[at]
        name = f"{entry.given_name} {'' if entry.one_name else entry.family_name}".strip()
        if len(name) > _NAME_SHOWN:  # beyond any name: what was pasted stays whole in its field
            name = name[:_NAME_SHOWN] + say("intake.cut")
        nameless = at == 0 and self.form.card is None
        return name or (say("intake.this-person") if nameless else self.title_of(at))

    def show_people(self) -> None:
        """The household's rows, and whom the service is for."""
        form, today = self.form, self._today()
        here = form.card.members if form.card else ()
        rows = [
            Row(each.person_id, each.name, about((age_of(each.birth, today), say(f"people.relation.{each.relation}"))))
            for each in here
        ]
        faulty = {place[0] for name in self.faults()[1] if (place := form.entry_of(name)) is not None}
        for at, entry in enumerate(form.entries):
            relation = say(f"people.relation.{entry.relation}") if form.with_household and entry.relation else ""
            here_now = at == form.at
            chip = say("intake.in-form") if here_now else say("intake.unfinished") if at in faulty else ""
            facts = about((age_of(entry.birth, today), relation))
            rows.append(Row(f"{NEW}{at}", self._name_of(at), facts, chip, "accent" if here_now else "warn"))
        count = len(rows) + (form.card is not None)
        alone = form.card is not None and bool(form.card.household_id)
        current = len(here) + form.at if form.at is not None else 0
        self.household_panel.show_members(rows, count, current, alone=alone)
        first = (form.card.name,) if form.card else ()
        names = (*first, *(self._name_of(at) for at in range(len(form.entries))))
        self._show_for(names)
        if names:
            self.needs.show_whose(names[0])

    def _show_for(self, labels: tuple[str, ...]) -> None:
        if labels != self._for_labels:
            self._for_labels = labels
            clear(self._for_box)
            self.for_tiles = None
            if len(labels) > 1:
                choices = [Choice(str(at), label) for at, label in enumerate(labels)]
                self.for_tiles = ChoiceTiles(self.look, say("intake.for-whom"), choices, wide=3, compact=True)
                self.for_tiles.chosen.connect(self.edited)
                self._for_box.put(Field(self.look, say("intake.for-whom"), self.for_tiles))
                _follow(self.household_form.fields["address"].control, *self.for_tiles.tiles)
        if self.for_tiles is not None:
            self.for_tiles.choose(str(self.form.for_member))

    def _short_name(self, code: str) -> str:
        """The name others at the desk may read: what a restricted service is stays unsaid."""
        service = self._services.get(code)
        return "" if service is None else service.open_name() if service.restricted else service.short

    def faults(self) -> tuple[WalkIn, Faults]:
        return checked(self.form.walk_in(), self._today())

    def field_of(self, name: str) -> Field | None:
        """The visible field of a fault, or None."""
        place = self.form.entry_of(name)
        if place is not None:
            return self.person_form.fields.get(place[1]) if place[0] == self.form.at else None
        first, _, rest = name.partition(".")
        if first == "household":
            return self.household_form.fields.get(rest)
        return self.details.fields.get(name) or self.needs.fields.get(name)

    def _label_of(self, name: str) -> str:
        place = self.form.entry_of(name)
        if place is not None:
            label = self.person_form.fields[place[1]].label
            return label if len(self.form.entries) == 1 else say("intake.of", what=label, who=self._name_of(place[0]))
        field = self.field_of(name)
        return field.label if field else say("intake.service" if name == "service" else "intake.person")

    def show_faults(self, faults: dict[str, Invalid]) -> None:
        """Each beside its field, the first one focused and said, the action bar with how many and which."""
        first = next(iter(faults))
        place = self.form.entry_of(first)
        at = place[0] if place is not None else None if first == "new_mobile" else self.form.at
        if at != self.form.at:  # the part that holds the field comes first: another's form, or none
            self.form.at = at
            self.show_form()
        placed = [(self.form.entry_of(name), fault) for name, fault in faults.items()]
        here = {place[1]: fault for place, fault in placed if place is not None and place[0] == self.form.at}
        self.person_form.show_faults(here)
        self._mark_same_id()
        self.household_form.show_faults({name.removeprefix("household."): f for name, f in faults.items()})
        self.details.show_faults(faults)
        self.needs.show_faults(faults)
        self.picker.show_error(faults["service"].sentence() if "service" in faults else "")
        self._refused = True
        self._tell_faults(faults)
        self._focus_fault(first)
        announce(self, self.bar.problem(), now=True)

    def _tell_faults(self, faults: Faults) -> None:
        """In the action bar: how many are left, and which; somebody's number that another has is one of them."""
        labels = [self._label_of(name) for name in faults]
        if self.likeness.stops() and (label := self._number_label()) not in labels:
            labels.insert(0, label)
        nobody = faults.get("search")
        if nobody:
            words = nobody.sentence()
        elif faults:
            key = "intake.faults" if len(labels) <= _NAMED_FAULTS else "intake.faults-more"
            words = say(key, n=len(labels), names=say("ui.and").join(labels[:_NAMED_FAULTS]))
        elif self.likeness.shown_for() is not None:
            words = say("intake.stopped" if self.likeness.stops() else "intake.asked")
        else:
            words = ""
        self.bar.tell_problem(words)

    def _number_label(self) -> str:
        """The name of the field whose number another person has."""
        at = self.likeness.shown_for() or 0
        kind = self.form.entries[at].id_kind
        label = self.person_form.fields["foreign_id" if kind == "foreign" else "national_id"].label
        return label if len(self.form.entries) == 1 else say("intake.of", what=label, who=self._name_of(at))

    def recount(self) -> None:
        """After a refusal: fewer are left as they are mended."""
        if self._refused:
            self._tell_faults(self.faults()[1])

    def show_likenesses(self, left: Sequence[tuple[int, Likeness]]) -> None:
        """Who may be here already; an equal ID is marked at its field too."""
        self.likeness.show_likenesses(left)
        self._mark_same_id()
        self.recount()

    def refuse_likenesses(self, left: Sequence[tuple[int, Likeness]]) -> None:
        """F9 stopped at them: the entry of the first is in the form, and the action bar says what is to be done."""
        at = left[0][0]
        if at != self.form.at and self.form.at is not None:
            self.form.at = at
            self.show_form()
        self._refused = True
        self.show_likenesses(left)
        self.likeness.focus()

    def _mark_same_id(self) -> None:
        if self.likeness.stops() and self.likeness.shown_for() == self.form.at:
            self.person_form.number_field().set_error(say("intake.same-id-field"))

    def clear_faults(self) -> None:
        """No fault is left."""
        for form in (self.person_form, self.household_form, self.details, self.needs):
            form.show_faults({})
        self._refused = False
        self.bar.tell_problem("")

    def _focus_fault(self, name: str) -> None:
        if (field := self.field_of(name)) is not None:
            if name in self.needs.fields:
                self.needs.open_rest(True)
            field.focus()
        elif name == "service":
            self.picker.focus()
        else:
            self.focus_search()

    def focus_search(self) -> None:
        self.finder.box.setFocus()
        self.finder.box.selectAll()

    def show_cautions(self) -> None:
        """The cautions on the person, under the search box too where their card is far below: no one misses them."""
        said = self.form.card.cautions if self.form.card is not None and self.look.columns_folded else ()
        notes = [caution_note(self.look, each) for each in said]
        _put(self._cautions, holder(column(self.look, *notes)) if notes else None)

    def set_note(self, note: QWidget | None) -> None:
        """What happened, under the search box; None takes it away."""
        _put(self._news_holder, note)

    def set_elsewhere(self, note: QWidget | None) -> None:
        """That another desk has the same file open, above who stands there."""
        _put(self._elsewhere, note)

    def set_begun(self, note: QWidget | None) -> None:
        """What this intake was begun from, above everything."""
        _put(self._begun, note)

    def set_aside(self, note: QWidget | None) -> None:
        """That something was put aside, in a place of its own, which no other note takes."""
        _put(self._aside_holder, note)


def _follow(before: QWidget, *after: QWidget) -> None:
    """Have Tab go from one to the next, as the eye does; what is made later would come after everything else."""
    last = _stops(before)[-1]
    for widget in after:
        QWidget.setTabOrder(last, widget)
        last = widget


def _stops(widget: QWidget) -> Sequence[QWidget]:
    return widget.tiles if isinstance(widget, ChoiceTiles) else (widget,)


def _put(place: QWidget, note: QWidget | None) -> None:
    layout = place.layout()
    assert layout is not None  # noqa: S101
    clear(layout)
    if note is not None:
        layout.addWidget(note)
    place.setVisible(note is not None)
