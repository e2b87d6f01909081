"""Finding a person: digits by range scan over their numbers, letters by prefix over folded names. Unsent ones included.

The index follows the shown rows and is rebuilt at will. The full-text table is contentless: it holds no readable name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Boolean, bindparam, delete, select, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from db.models.intake import Request
from db.models.journal import ChangeRow
from db.models.people import Contact, Household, Membership, Person
from db.models.search import Identifier, PersonEntry
from desktop.domain import digits, persian_text
from desktop.domain.merging import Document
from desktop.seal import commits
from desktop.seal.commits import Sealed

FULL_TEXT = (
    "CREATE VIRTUAL TABLE search_name USING fts5("
    "words, content='', contentless_delete=1, prefix='1 2 3', tokenize=\"unicode61 remove_diacritics 0\")"
)
"""How the full-text table is made; the migration runs it."""

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_PERSONS = select(
    Person.id, Person.given_name, Person.family_name, Person.father_name, Person.national_id, Person.foreign_id
).where(Person.id.in_(_IDS), Person.void.is_(None))
_PHONES = select(Contact.person, Contact.value).where(Contact.person.in_(_IDS), Contact.void.is_(None))
_FILES = (
    select(Membership.person, Household.file_number)
    .join(Household, Household.id == Membership.household)
    .where(Membership.person.in_(_IDS), Membership.until.is_(None), Membership.void.is_(None))
)
_CODES = select(Request.person, Request.tracking_code).where(Request.person.in_(_IDS), Request.void.is_(None))
_MEMBERS = select(Membership.person).where(Membership.household.in_(_IDS))
_MADE = select(ChangeRow.header, ChangeRow.body, ChangeRow.salt).where(ChangeRow.entity_id.in_(_IDS))
_OLD = select(PersonEntry.row).where(PersonEntry.person.in_(_IDS))
_FORGET_NAMES = text("DELETE FROM search_name WHERE rowid = :row")
_FORGET_ENTRIES = delete(PersonEntry).where(PersonEntry.person.in_(_IDS))
_FORGET_NUMBERS = delete(Identifier).where(Identifier.person.in_(_IDS))
_SWEEP = text("INSERT INTO search_name (search_name) VALUES ('optimize')")
_EMPTY = text("INSERT INTO search_name (search_name) VALUES ('delete-all')")
_ADD_ENTRY = insert(PersonEntry).returning(PersonEntry.row)
_ADD_NAME = text("INSERT INTO search_name (rowid, words) VALUES (:row, :words)")
_ADD_NUMBER = insert(Identifier).on_conflict_do_nothing()

_BY_NUMBER = (
    select(Identifier.person, Identifier.kind)
    .join(PersonEntry, PersonEntry.person == Identifier.person)
    .where(
        Identifier.value >= bindparam("low"),
        Identifier.value < bindparam("high"),
        (Identifier.kind != "phone_end") | bindparam("ends", type_=Boolean),
    )
    .order_by(Identifier.value != bindparam("low"), PersonEntry.sort_key)
    .limit(bindparam("most"))
)
_BY_NAME = text(
    "SELECT p.person FROM search_name n JOIN search_person p ON p.row = n.rowid "
    "WHERE search_name MATCH :words ORDER BY p.sort_key LIMIT :most"
)
_ALIKE = select(PersonEntry.person).where(PersonEntry.likeness == bindparam("likeness"))
_SAME_NUMBER = select(Identifier.person).where(
    Identifier.kind == bindparam("kind"), Identifier.value == bindparam("value")
)
_PHONE_END = 4
_POINTS_AT_PERSON = frozenset({"membership", "contact", "request"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A person found, and by what: name, national_id, foreign_id, phone, phone_end, file_number, tracking_code."""

    person: str
    matched: str


def refresh(session: Session, shown: Mapping[str, Document | None], kinds: Mapping[str, str]) -> None:
    """Index again every person these entities touch. The typed rows must be current."""
    persons = {each for each in shown if kinds[each] == "person"}
    households = [each for each in shown if kinds[each] == "household"]
    for entity_id, document in shown.items():
        if kinds[entity_id] in _POINTS_AT_PERSON and document and isinstance(person := document.value("person"), str):
            persons.add(person)
    persons |= _once_named(session, [each for each, left in shown.items() if left is None], kinds)
    if households:
        found = session.connection().execute(_MEMBERS, {"ids": households}).scalars()
        persons |= {each for each in found if each}
    again(session, persons)


def again(session: Session, persons: Iterable[str]) -> None:
    """Index these persons again."""
    batch = sorted(persons)
    for at in range(0, len(batch), 500):
        _index(session, batch[at : at + 500])


def sweep(session: Session) -> None:
    """Leave nothing of what was taken out: until its segments are merged the full-text table still holds the words."""
    session.connection().execute(_SWEEP)


def _once_named(session: Session, gone: Sequence[str], kinds: Mapping[str, str]) -> set[str]:
    """Whom entities that are shown no more pointed at: no row says it, the changes that made them do."""
    ids = [each for each in gone if kinds[each] in _POINTS_AT_PERSON]
    found = session.connection().execute(_MADE, {"ids": ids}).all() if ids else []
    patches = (commits.opened(Sealed(*each)).patch for each in found)
    return {person for patch in patches if isinstance(person := patch.get("person"), str)}


def _index(session: Session, ids: Sequence[str]) -> None:
    connection = session.connection()
    where = {"ids": ids}
    if old := [{"row": row} for row in connection.execute(_OLD, where).scalars()]:
        connection.execute(_FORGET_NAMES, old)
        connection.execute(_FORGET_ENTRIES, where)
        connection.execute(_FORGET_NUMBERS, where)
    numbers: list[dict[str, str]] = []
    living: list[str] = []
    for person in connection.execute(_PERSONS, where).all():
        name = " ".join(filter(None, (person.given_name, person.family_name)))
        entry = {
            "person": person.id,
            "sort_key": persian_text.sort_key(
                f"{person.family_name or person.given_name or ''} {person.given_name or ''}"
            ),
            "likeness": likeness(person.given_name or "", person.family_name or "", person.father_name or ""),
        }
        row = connection.execute(_ADD_ENTRY, entry).scalar_one()
        connection.execute(_ADD_NAME, {"row": row, "words": _words(name)})
        numbers += _numbers(person.id, "national_id", person.national_id)
        numbers += _numbers(person.id, "foreign_id", person.foreign_id)
        living.append(person.id)
    for kind, query in (("phone", _PHONES), ("file_number", _FILES), ("tracking_code", _CODES)):
        for person_id, value in connection.execute(query, {"ids": living}).all():
            numbers += _numbers(str(person_id), kind, value)
    if numbers:
        connection.execute(_ADD_NUMBER, numbers)


def _words(name: str) -> str:
    """The folded words of a name, each name part joined, so that a moved space still finds it."""
    parts = [persian_text.squashed(part) for part in name.split()]
    return " ".join(dict.fromkeys([*persian_text.fold(name).split(), *parts, persian_text.squashed(name)]))


def _numbers(person: str, kind: str, value: str | None) -> Iterable[dict[str, str]]:
    if not value:
        return
    bare = value.replace("/", "")
    yield {"value": bare, "kind": kind, "person": person}
    if kind == "phone":
        yield {"value": bare[-_PHONE_END:], "kind": "phone_end", "person": person}


def find(session: Session, typed: str, most: int = 20) -> list[Hit]:
    """Persons for what was typed, in Persian order of their names; nothing for nothing.

    Of a number typed whole, who holds it comes first.
    """
    wanted = persian_text.fold(typed)
    bare = wanted.replace(" ", "")
    if not bare:
        return []
    if bare.isdigit():
        return _by_number(session, bare, most)
    words = " ".join(f'"{word}"*' for word in wanted.split())
    squashed = f'"{bare}"*'
    query = {"words": f"({words}) OR {squashed}", "most": most}
    return [Hit(person, "name") for person in session.connection().execute(_BY_NAME, query).scalars()]


def _by_number(session: Session, typed: str, most: int) -> list[Hit]:
    """Each person once, by the first of their numbers that begins with `typed`; the end of a phone only when whole."""
    hits: dict[str, Hit] = {}
    values = {"low": typed, "high": typed + "~", "ends": len(typed) == _PHONE_END, "most": most * 3}
    for person, kind in session.connection().execute(_BY_NUMBER, values).all():
        hits.setdefault(person, Hit(person, kind))
    return list(hits.values())[:most]


def likeness(given: str, family: str, father: str) -> str:
    """The key under which two persons are the same name and father, as folded and squashed."""
    return "|".join((persian_text.squashed(f"{given} {family}"), persian_text.squashed(father)))


def alike(session: Session, given: str, family: str, father: str) -> list[str]:
    """Persons of the same folded name and father."""
    return list(session.connection().execute(_ALIKE, {"likeness": likeness(given, family, father)}).scalars())


def with_number(session: Session, kind: str, value: str) -> list[str]:
    """Persons who hold exactly this number."""
    values: dict[str, Any] = {"kind": kind, "value": digits.latin(value).replace("/", "")}
    return list(session.connection().execute(_SAME_NUMBER, values).scalars())


def clear(session: Session) -> None:
    """Empty the index, of the words its segments still hold too."""
    connection = session.connection()
    connection.execute(_EMPTY)
    connection.execute(delete(PersonEntry))
    connection.execute(delete(Identifier))
