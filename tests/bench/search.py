"""Finding a person by what is typed, beside LIKE over normalised names and numbers.

The same encrypted file, the same 34,470 invented persons, the same typed words: 30 % whole names or numbers, 40 % their
beginnings, 15 % with one wrong letter, 15 % as heard. The built file is kept in the system's temporary folder.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from db import engine as engines
from db import search
from db.migrations import run as migrations
from db.models.people import Contact, Person
from desktop.domain import jalali, persian_text
from desktop.training.people import People
from tests.bench.measure import figures, ratio, rounds

PERSONS = 34_470
MIX = {"exact": 6, "prefix": 8, "typo": 3, "homophone": 3}
_KEY = bytes(range(32))
_SOUNDS = ("زذضظ", "سصث", "تط", "حه", "قغ")
_LETTERS = "ابپتجدرزسشفکگلمنوهی"
_PLAIN = "CREATE TABLE bench_plain (person TEXT PRIMARY KEY, sort_key TEXT NOT NULL, words TEXT NOT NULL)"
_LIKE = text("SELECT person FROM bench_plain WHERE words LIKE :typed ORDER BY sort_key LIMIT 20")
_BARE = text("SELECT rowid FROM search_name WHERE search_name MATCH :words LIMIT 20")
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed for a person, and of which kind."""

    kind: str
    typed: str
    name: str


def _people(count: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Rows of persons and their mobiles; about every second name is held by one person alone."""
    rng = Random(7)
    people = People(rng, jalali.of("1405-09-03"))
    families = sorted({people.person("", "1360", relation="head").father_name for _ in range(200)})
    made = []
    for number in range(count):
        walk_in = people.walk_in().person
        family = walk_in.family_name if walk_in and walk_in.family_name else "سپیدرود"
        entry = people.person(family + rng.choice(["", *(f" {each}" for each in families)]), "1360", relation="head")
        key = f"0198c2f0-0000-7000-8000-{number:012x}"
        names = {"given_name": entry.given_name, "family_name": entry.family_name, "father_name": entry.father_name}
        person = {"id": key, "national_id": entry.national_id or None, **names}
        mobile = f"0999{rng.randint(0, 9_999_999):07d}"
        made.append((person, {"id": f"c{number}", "person": key, "channel": "mobile", "value": mobile}))
    return made


def _built(folder: Path, count: int) -> Path:
    """The file of so many persons; made again when the index or the tables change."""
    sources = [Path(str(search.__file__)), *sorted(migrations.VERSIONS.glob("[0-9]*.py")), Path(__file__)]
    stamp = hashlib.sha256(b"".join(each.read_bytes() for each in sources)).hexdigest()[:12]
    path = folder / f"search-{count}-{stamp}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        engine = _open(half, create=True)
        migrations.upgrade(engine)
        _fill(engine, count)
        engines.close(engine)
        half.replace(path)
    return path


def _open(path: Path, *, create: bool = False) -> Engine:
    return engines.open_database(path, _KEY, db_id="bench", generation=1, create=create)


def _fill(engine: Engine, count: int) -> None:
    made = _people(count)
    with engines.writing(engine) as session:
        session.execute(text(_PLAIN))
    for at in range(0, count, _BATCH):
        some = made[at : at + _BATCH]
        with engines.writing(engine) as session:
            session.execute(insert(Person), [person for person, _ in some])
            session.execute(insert(Contact), [contact for _, contact in some])
            ids = [person["id"] for person, _ in some]
            search.refresh(session, dict.fromkeys(ids), dict.fromkeys(ids, "person"))
            session.execute(
                text("INSERT INTO bench_plain VALUES (:person, :sort_key, :words)"), [_plain(*each) for each in some]
            )


def _plain(person: dict[str, Any], contact: dict[str, Any]) -> dict[str, Any]:
    name = _name(person)
    words = (persian_text.fold(name), persian_text.squashed(name), person["national_id"] or "", contact["value"])
    key = persian_text.sort_key(f"{person['family_name']} {name}")
    return {"person": person["id"], "sort_key": key, "words": " ".join(words)}


def _typed(count: int, rng: Random) -> list[Asked]:
    """The mix, in random order, over persons of the file."""
    kinds = [kind for kind, share in MIX.items() for _ in range(share)] * 5
    rng.shuffle(kinds)
    persons = rng.choices([person for person, _ in _people(count)], k=len(kinds))
    pairs = zip(kinds, persons, strict=True)
    return [Asked(kind, _as_typed(kind, person, rng), _name(person)) for kind, person in pairs]


def _name(person: dict[str, Any]) -> str:
    return f"{person['given_name']} {person['family_name']}"


def _as_typed(kind: str, person: dict[str, Any], rng: Random) -> str:
    name, number = _name(person), person["national_id"] or ""
    if kind in ("exact", "prefix") and number and rng.random() < 0.3:
        return str(number) if kind == "exact" else str(number)[: rng.randint(5, 9)]
    if kind == "exact":
        return name
    if kind == "prefix":
        return name[: rng.randint(3, max(4, len(name) - 2))]
    places = [at for at, letter in enumerate(name) if letter.isalpha()]
    if kind == "typo":
        at = rng.choice(places)
        return name[:at] + rng.choice(_LETTERS) + name[at + 1 :]
    heard = [(at, group) for at in places for group in _SOUNDS if name[at] in group]
    at, group = rng.choice(heard) if heard else (places[0], name[places[0]])
    return name[:at] + rng.choice(group) + name[at + 1 :]


def _bare_query(asked: Asked) -> str:
    return " ".join(f'"{word}"*' for word in persian_text.fold(asked.typed).split())


def run(folder: Path, *, persons: int = PERSONS, count: int = 5) -> dict[str, Any]:
    """Milliseconds a search: the desk's, LIKE's, and the bare full-text query's; ratios of each."""
    path = _built(Path(tempfile.gettempdir()) / "pishkhan-bench", persons)
    engine = _open(path)
    asked = _typed(persons, Random(11))
    said: dict[str, Any] = {"persons": persons, "asked": len(asked)}
    try:
        with engines.reading(engine) as session:
            said |= _timed(session, asked, count)
    finally:
        engines.close(engine)
    return said


def _timed(session: Session, asked: list[Asked], count: int) -> dict[str, Any]:
    said: dict[str, Any] = {}
    ours, like = list[float](), list[float]()
    for kind in MIX:
        some = [each for each in asked if each.kind == kind]
        desk, plain, bare = list[float](), list[float](), list[float]()
        for each in some:
            times = rounds(_ways(session, each), count)
            desk.append(figures(times["desk"])["median"])
            plain.append(figures(times["like"])["median"])
            bare.append(figures(times["bare"])["median"])
        found = sum(_found(session, each) for each in some) / len(some)
        kept = {"desk": desk, "like": plain, "bare": bare}
        said[kind] = {
            "ms": {name: figures(values) for name, values in kept.items()}, "found_in_ten": round(found, 3),
            "against_like": ratio(kept, "desk", "like"), "against_bare": ratio(kept, "desk", "bare"),
        }  # fmt: skip
        ours += desk
        like += plain
    p95 = {"desk": _p95(ours), "like": _p95(like)}
    said["mix"] = {"p95_ms": p95, "p95_against_like_p95": round(p95["desk"] / p95["like"], 3)}
    return said


def _ways(session: Session, asked: Asked) -> dict[str, Callable[[], object]]:
    connection = session.connection()
    typed, bare = f"%{persian_text.fold(asked.typed)}%", _bare_query(asked)
    return {
        "desk": lambda: search.find(session, asked.typed),
        "like": lambda: connection.execute(_LIKE, {"typed": typed}).all(),
        "bare": lambda: connection.execute(_BARE, {"words": bare}).all(),
    }


def _found(session: Session, asked: Asked) -> bool:
    """Whether somebody of that name is among the first ten."""
    for hit in search.find(session, asked.typed)[:10]:
        row = session.get(Person, hit.person)
        if row and f"{row.given_name} {row.family_name}" == asked.name:
            return True
    return False


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]
