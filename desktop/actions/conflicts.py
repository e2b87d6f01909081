"""What two people wrote differently: the list of it, and a person's decision on one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import journal, settings
from db.journal import Pen
from db.models.journal import ChangeRow, Conflict
from db.models.people import Household, Membership, Person
from db.models.staffing import Staff
from desktop.actions import cases
from desktop.domain import conflicts, digits, hlc, jalali, roles, texts
from desktop.domain.changed import Changed
from desktop.domain.changes import Draft
from desktop.domain.conflicts import Across, Choice, Contested
from desktop.domain.entities import ENTITIES
from desktop.domain.faults import Known
from desktop.domain.merging import Document, Head
from desktop.domain.staffing import DESK, Actor
from desktop.domain.sync_truth import moment
from desktop.seal import commits
from desktop.seal.commits import Sealed

MOST = 50
_READ = 1_000
_LISTED = select(Conflict.entity_id, Conflict.field, Conflict.kind).order_by(Conflict.entity_id, Conflict.field)
_AUTHORS = select(ChangeRow.change_id, ChangeRow.desk, ChangeRow.header)
_OPEN = Membership.until.is_(None), Membership.void.is_(None)
# Candidates for `conflicts.across`, few of many: an index finds them, the rule is the domain's.
_SHARED = tuple(
    select(Person.id).where(
        number.in_(select(number).where(number > "", Person.void.is_(None)).group_by(number).having(func.count() > 1))
    )
    for number in (Person.national_id, Person.foreign_id)
)
_MERGED = select(Person.id).where(Person.merged_into.is_not(None))
_TWICE = select(Membership.id).where(
    *_OPEN, Membership.person.in_(select(Membership.person).where(*_OPEN).group_by(Membership.person)
    .having(func.count() > 1)),
)  # fmt: skip
_HEADED = (*_OPEN, Membership.relation == "head")
_HEADS = select(Membership.id).where(
    *_HEADED, Membership.household.in_(select(Membership.household).where(*_HEADED).group_by(Membership.household)
    .having(func.count() > 1)),
)  # fmt: skip


def count(session: Session, actor: Actor) -> int:
    """How many ask for this person."""
    mine = select(func.count()).select_from(Conflict).where(Conflict.kind.in_(_kinds(actor)))
    return (session.scalar(mine) or 0) + len(_across(session, actor))


def listed(session: Session, actor: Actor, now: int) -> list[Contested]:
    """What this person may decide, longest waiting first, at most `MOST`; then what lies across files.

    `now` in µs UTC, the province's where it was heard.
    """
    rows = session.execute(_LISTED.where(Conflict.kind.in_(_kinds(actor))).limit(_READ)).all()
    documents = journal.shown(session, list(dict.fromkeys(row.entity_id for row in rows)))
    found: list[tuple[int, Document, str, tuple[Head, ...]]] = []
    for row in rows:
        document = documents[row.entity_id]
        heads = document.conflicts().get(row.field) if document else None
        if document and heads:
            found.append((conflicts.began(heads), document, row.field, heads))
    found.sort(key=lambda each: each[0])
    telling = _Telling(session, now)
    return [
        *(telling.field(*each) for each in found[:MOST]),
        *(telling.across(each) for each in _across(session, actor)[:MOST]),
    ]


def decide(session: Session, pen: Pen, contested: str, head: str, seen: Sequence[str]) -> Changed:
    """The value of the change `head` is right: it takes the place of all that were `seen`.

    `contested` is the id of what was listed. What somebody else wrote or decided meanwhile is never written over.
    Raises Known: "conflict-moved-on" where the values are no longer those that were seen, "not-allowed".
    """
    entity_id, _, field = contested.partition("/")
    document = journal.document(session, entity_id)
    heads = document.conflicts().get(field, ()) if document else ()
    chosen = next((each for each in heads if each.change_id == head), None)
    if document is None or chosen is None or {each.change_id for each in heads} != set(seen):
        raise Known("conflict-moved-on")
    if document.kind in conflicts.NOT_DECIDED_HERE:
        raise Known("not-allowed")
    base = document.base(field)
    draft = Draft(document.kind, entity_id, "resolve", {field: chosen.value}, base, document.household)
    return journal.write(session, pen, [draft])


def _kinds(actor: Actor) -> frozenset[str]:
    """The kinds this person may write, and so decide on."""
    return frozenset(kind for kind in ENTITIES if roles.may_write(actor.roles, kind))


def _across(session: Session, actor: Actor) -> list[Across]:
    if not roles.may(actor.roles, "person.write"):
        return []
    ids = {each for query in (*_SHARED, _MERGED, _TWICE, _HEADS) for each in session.scalars(query)}
    return conflicts.across(each for each in journal.shown(session, sorted(ids)).values() if each) if ids else []


class _Telling:
    """Puts conflicts into words; who wrote what is looked up as it is needed."""

    def __init__(self, session: Session, now: int) -> None:
        self._session, self._now = session, now
        self._centre = (settings.get(session, "desk") or {}).get("centre")

    def field(self, began: int, document: Document, field: str, heads: tuple[Head, ...]) -> Contested:
        words, whom, person = conflicts.field_words(document.kind, field), *self._about(document)
        decided = document.kind not in conflicts.NOT_DECIDED_HERE
        choices = self._choices(field, heads)
        late = conflicts.is_late(began, self._now)
        ways = texts.say("conflicts.two-ways") if len(choices) == 2 else texts.say("conflicts.ways", n=len(choices))
        asked = {"what": words, "whom": whom, "ways": ways}
        return Contested(
            f"{document.entity_id}/{field}", whom, words,
            texts.say("conflicts.question" if whom else "conflicts.question-of-nobody", **asked),
            "choose" if decided else "tell", late, choices,
            tuple(head.change_id for head in heads), person,
            texts.say("conflicts.late") if late else "" if decided else texts.say("conflicts.province-decides"),
        )  # fmt: skip

    def _choices(self, field: str, heads: tuple[Head, ...]) -> tuple[Choice, ...]:
        """One a value: who wrote the same are named together, the earliest stands for it."""
        same: list[list[Head]] = []
        for head in heads:
            for group in same:
                if group[0].value == head.value:
                    group.append(head)
                    break
            else:
                same.append([head])
        names = self._names(field, heads)
        return tuple(
            Choice(
                group[0].change_id, conflicts.said(field, group[0].value, names),
                texts.say("ui.and").join(dict.fromkeys(self._author(each.change_id) for each in group)),
                moment(_at(min(each.hlc for each in group)), self._now),
                conflicts.more(field, group[0].value, jalali.today(self._now)), at == 0,
            )
            for at, group in enumerate(same)
        )  # fmt: skip

    def _names(self, field: str, heads: Iterable[Head]) -> dict[str, str]:
        if field not in conflicts.NAMING:
            return {}
        return {str(head.value): self._name(str(head.value)) for head in heads if head.value}

    def _name(self, entity_id: str) -> str:
        if (person := self._session.get(Person, entity_id)) is not None:
            return cases.full_name(person)
        if (staff := self._session.get(Staff, entity_id)) is not None:
            return staff.name or ""
        home = self._session.get(Household, entity_id)
        return _file(home) if home is not None else ""

    def _about(self, document: Document) -> tuple[str, str]:
        """Whom a document is about, in words, and the person whose file that is; empty where there is none."""
        match document.kind:
            case "person":
                return self._name(document.entity_id), document.entity_id
            case "household":
                home = self._session.get(Household, document.entity_id)
                return (_file(home), home.head or "") if home else ("", "")
            case "staff" | "staff_key":
                return self._name(str(document.value("staff") or document.entity_id)), ""
        person = document.value("person")
        return (self._name(person), person) if isinstance(person, str) else ("", "")

    def _author(self, change_id: str) -> str:
        """Who wrote a change and at which desk, as far as it is known here."""
        row = self._session.execute(_AUTHORS.where(ChangeRow.change_id == change_id)).one_or_none()
        if row is None:  # its history is still on its way, behind a snapshot
            return texts.say("conflicts.author-unknown")
        change = commits.opened(Sealed(row.header, None, None))
        if change.centre != self._centre:
            return texts.say("conflicts.author-centre", centre=digits.persian(change.centre))
        staff = self._session.get(Staff, change.actor)
        if staff is None or change.actor == DESK:
            return texts.say("conflicts.author-unknown")
        return texts.say("ui.and").join(filter(None, (staff.name, cases.desk_words(self._session, row.desk))))

    def across(self, found: Across) -> Contested:
        """What lies across several files. Nothing is chosen here: whoever knows the people puts it right."""
        session = self._session
        if found.rule in ("shared_id", "merge_ring"):
            person, whom = found.ids[0], texts.say("ui.and").join(self._name(each) for each in found.ids)
        else:
            rows = [row for each in found.ids if (row := session.get(Membership, each)) is not None]
            person = next((row.person for row in rows if row.person), "")
            named = (row.person if found.rule == "two_heads" else row.household for row in rows)
            whom = texts.say("ui.and").join(self._name(each) for each in named if each)
            if found.rule == "two_homes":
                whom = texts.say("conflicts.in-homes", name=self._name(person), homes=whom)
        return Contested(
            f"{found.rule}/{'/'.join(found.ids)}", whom, texts.say(f"conflicts.across.{found.rule}"),
            texts.say(f"conflicts.asks.{found.rule}", whom=whom), "open", person=person,
            hint=texts.say(f"conflicts.hint.{found.rule}"),
        )  # fmt: skip


def _file(home: Any) -> str:
    number = digits.persian(home.file_number or "")
    return texts.say("transfers.file", number=number) if number else texts.say("transfers.file-none")


def _at(clock: str) -> int:
    return hlc.microseconds(hlc.parse(clock))
