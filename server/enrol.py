"""Centres, their enrolment codes, and desks that join with one (security 17)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from desktop import wire
from desktop.domain import identifiers
from desktop.seal import enrolment
from desktop.seal.commits import NO_HASH
from server.keys import Identity
from server.store import CENTRE, CENTRE_HEAD, DESK, ENROL_CODE, PAPER_SERIES

CODE_MOST = 8
TRIES = 5
LIFE_US = 72 * 3_600 * 1_000_000
SERIES_EACH = 3
SPARE = 2
"""As many untouched series a desk always has: one that is restored leaves the one in use."""
_LAST_SERIES = 999

_KEY = (ENROL_CODE.c.centre_id == bindparam("centre"), ENROL_CODE.c.code_key == bindparam("code"))
_OPEN = select(ENROL_CODE.c.code_key, ENROL_CODE.c.used_by).where(
    ENROL_CODE.c.centre_id == bindparam("centre"),
    ENROL_CODE.c.expires_at > bindparam("now"),
    ENROL_CODE.c.tries_left > 0,
)
_MISSED = (
    update(ENROL_CODE)
    .where(ENROL_CODE.c.centre_id == bindparam("centre"), ENROL_CODE.c.used_by.is_(None))
    .values(tries_left=ENROL_CODE.c.tries_left - 1)
)
_USED = update(ENROL_CODE).where(*_KEY).values(used_by=bindparam("desk"))
_STALE = delete(ENROL_CODE).where(
    ENROL_CODE.c.centre_id == bindparam("centre"), ENROL_CODE.c.expires_at <= bindparam("now")
)
_DESK = select(DESK.c.sign_key, DESK.c.box_key, DESK.c.last_seq).where(
    DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk")
)
_ELSEWHERE = select(DESK.c.centre_id).where(DESK.c.desk_id == bindparam("desk"))
_INSTEAD = (
    update(DESK)
    .where(DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"))
    .values(instead_of=bindparam("before"))
)
_SERIES = (
    select(PAPER_SERIES.c.series)
    .where(PAPER_SERIES.c.centre_id == bindparam("centre"), PAPER_SERIES.c.desk_id == bindparam("desk"))
    .order_by(PAPER_SERIES.c.series)
)
_NEXT = select(CENTRE_HEAD.c.next_series).where(CENTRE_HEAD.c.centre_id == bindparam("centre"))
_TAKE = (
    update(CENTRE_HEAD).where(CENTRE_HEAD.c.centre_id == bindparam("centre")).values(next_series=bindparam("following"))
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a desk asked, and how it reached this server: the pins it will be told, the first being the one in use.

    `costs`: whether a failure takes a try from the centre's open codes.
    """

    ask: wire.EnrolAsk
    pins: tuple[bytes, ...]
    now_us: int
    costs: bool = True


def is_code(code: str) -> bool:
    """Whether this could be the code of a centre."""
    return code.isascii() and code.isdigit() and len(code) <= CODE_MOST


def add_centre(connection: Connection, code: str, name: str, now_us: int) -> bool:
    """Make a centre known; False if its code was already, then nothing changes. Raises ValueError for a bad code."""
    if not is_code(code):
        raise ValueError("a centre code has one to eight digits")
    if connection.execute(select(CENTRE.c.name).where(CENTRE.c.centre_id == code)).first():
        return False
    connection.execute(insert(CENTRE).values(centre_id=code, name=name, added_at=now_us))
    connection.execute(insert(CENTRE_HEAD).values(centre_id=code, head=0, next_series=1, state="0"))
    return True


def new_code(connection: Connection, centre_id: str, now_us: int) -> str:
    """A code for one desk of this centre, good for 72 hours. It is shown once; only its derived key is kept."""
    code = enrolment.new_code()
    connection.execute(_STALE, {"centre": centre_id, "now": now_us})
    connection.execute(
        insert(ENROL_CODE).values(
            centre_id=centre_id, code_key=enrolment.code_key(code, centre_id), expires_at=now_us + LIFE_US,
            tries_left=TRIES,
        )
    )  # fmt: skip
    return code


def join(connection: Connection, identity: Identity, asked: Asked) -> wire.EnrolReply | None:
    """Enrol a desk; None if no open code of this centre vouches for it, and every open code has a try less.

    Called with the centre's lock; the transaction is committed either way. A desk whose reply was lost may ask again.
    """
    ask = asked.ask
    code_key = _vouching(connection, identity.realm, asked)
    theirs = ask.sign_key, ask.box_key
    known = code_key and _well_formed(ask)
    series = register(connection, ask.centre, ask.desk, theirs, asked.now_us) if known else None
    if code_key is None or series is None:
        if asked.costs:
            connection.execute(_MISSED, {"centre": ask.centre})
        return None
    connection.execute(_USED, {"centre": ask.centre, "code": code_key, "desk": ask.desk})
    mac = enrolment.server_mac(
        code_key, centre=ask.centre, desk=ask.desk, realm=identity.realm, root_key=identity.root_key,
        sign_key=identity.sign_public, courier_key=identity.courier_public, pins=asked.pins, series=series,
    )  # fmt: skip
    return wire.EnrolReply(
        identity.realm, ask.desk, identity.root_key, identity.sign_public, asked.pins, series, mac, asked.now_us,
        identity.proof, identity.courier_public, identity.courier_proof,
    )  # fmt: skip


def _vouching(connection: Connection, realm: str, asked: Asked) -> bytes | None:
    """The key of the code this desk knows. What the desk saw in TLS is taken from here, not from its word."""
    ask = asked.ask
    for row in connection.execute(_OPEN, {"centre": ask.centre, "now": asked.now_us}):
        mac = enrolment.desk_mac(
            row.code_key, realm=realm, centre=ask.centre, desk=ask.desk, sign_key=ask.sign_key, box_key=ask.box_key,
            spki=asked.pins[0] if asked.pins else b"",
        )  # fmt: skip
        if enrolment.same(mac, ask.mac) and row.used_by in (None, ask.desk):
            return bytes(row.code_key)
    return None


def _well_formed(ask: wire.EnrolAsk) -> bool:
    try:
        identifiers.parse(ask.desk)
    except ValueError:
        return False
    return len(ask.sign_key) == 32 and len(ask.box_key) == 32


def register(
    connection: Connection, centre_id: str, desk_id: str, theirs: tuple[bytes, bytes], now_us: int
) -> tuple[int, ...] | None:
    """The paper series of the desk, enrolled now or before with these keys (sign, box).

    None if it was with others, or at another centre: desks are told apart by their id alone. One that has sent work
    before gets new ones: this may be an old copy of it, that knows nothing of the numbers since.
    """
    mine = {"centre": centre_id, "desk": desk_id}
    known = connection.execute(_DESK, mine).one_or_none()
    if known is not None:
        if (known.sign_key, known.box_key) != theirs:
            return None
        if not known.last_seq:
            return series_of(connection, centre_id, desk_id)
        series = _next(connection, centre_id, SERIES_EACH)
        if series:
            _give(connection, centre_id, desk_id, series)
        return series
    if connection.execute(_ELSEWHERE, {"desk": desk_id}).first() is not None:
        return None
    series = _next(connection, centre_id, SERIES_EACH)
    if len(series) < SERIES_EACH:
        return None
    connection.execute(
        insert(DESK).values(
            centre_id=centre_id, desk_id=desk_id, sign_key=theirs[0], box_key=theirs[1], enrolled_at=now_us,
            last_seq=0, last_hash=NO_HASH,
        )
    )  # fmt: skip
    _give(connection, centre_id, desk_id, series)
    return series


def _next(connection: Connection, centre_id: str, count: int) -> tuple[int, ...]:
    """The next series of a centre that nobody ever had; fewer where it has no more."""
    first = connection.execute(_NEXT, {"centre": centre_id}).scalar_one()
    return tuple(range(first, min(first + count, _LAST_SERIES + 1)))


def _give(connection: Connection, centre_id: str, desk_id: str, series: tuple[int, ...]) -> None:
    connection.execute(_TAKE, {"centre": centre_id, "following": series[-1] + 1})
    given = [{"centre_id": centre_id, "series": each, "desk_id": desk_id} for each in series]
    connection.execute(insert(PAPER_SERIES), given)


def top_up(connection: Connection, centre_id: str, desk_id: str, held: Collection[int], spare: int) -> None:
    """Give a desk new series up to `SPARE` untouched ones, inside a transaction with the centre's lock. `held` are all
    it has: while an earlier answer hasn't come to it, it gets that again and nothing more."""
    all_here = set(series_of(connection, centre_id, desk_id)) <= set(held)
    if spare < SPARE and all_here and (series := _next(connection, centre_id, SPARE - spare)):
        _give(connection, centre_id, desk_id, series)


def takes_place_of(connection: Connection, centre_id: str, desk_id: str, before: str) -> None:
    """Note which desk this one was before its chain forked: its people's keys hold on it."""
    connection.execute(_INSTEAD, {"centre": centre_id, "desk": desk_id, "before": before})


def series_of(connection: Connection, centre_id: str, desk_id: str) -> tuple[int, ...]:
    """Every paper series this desk was given."""
    return tuple(connection.execute(_SERIES, {"centre": centre_id, "desk": desk_id}).scalars())
