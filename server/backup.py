"""The province's backup: the whole database and this server's keys in one sealed file, and back from it.

A backup is read back whole before it counts; only then the desks are told that their changes are durable. What it
restores is another telling of the feeds: desks send again what it lacks and begin from a snapshot.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import zstandard
from sqlalchemy import Connection, Engine, Table, bindparam, func, insert, select, update

from desktop.domain import identifiers
from desktop.seal import keys as sealing
from desktop.seal import vessel
from desktop.seal.keys import BoxKey
from desktop.seal.refused import Refused
from server import orders, recoveries, revocation, store
from server.books import Books
from server.keys import IDENTITY, Identity, write_private
from server.store import CENTRE_HEAD, DESK, PROVINCE, metadata

MAGIC = b"pishkhan/backup/v1\0"
SERIES_AHEAD = 30
"""How many paper series are left out after a restore: some may have been given since the backup."""
_BATCH = 500
_MOST_RECORD = 64 * 1024 * 1024
_LENGTH = 4
_encoder, _decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder()
_DESKS = select(DESK.c.centre_id, DESK.c.desk_id, DESK.c.last_seq)
_DURABLE = (
    update(DESK)
    .where(
        DESK.c.centre_id == bindparam("centre"), DESK.c.desk_id == bindparam("desk"),
        DESK.c.durable_seq < bindparam("seq"),
    )
    .values(durable_seq=bindparam("seq"))
)  # fmt: skip
_FOLDER_KEYS = "folder"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was read back whole: rows of each table, SHA-256 of what was sealed, hex."""

    rows: dict[str, int]
    digest: str


class NotEmpty(ValueError):
    """The database already has centres: a restore writes over nothing."""


def write(engine: Engine, identity: Identity, folder: Path, out: Path) -> Made:
    """Back up to a new file, read it back, and tell the desks. Raises FileExistsError; Refused if it doesn't come back.

    One consistent view of the database; work goes on meanwhile.
    """
    if not identity.recovery_public:
        raise Refused("this province has no recovery key")
    taken: dict[tuple[str, str], int] = {}
    rows: dict[str, int] = {}
    digest = hashlib.sha256()
    with store.reading(engine) as connection, out.open("xb") as file:
        out.chmod(0o600)
        taken = {(row.centre_id, row.desk_id): row.last_seq for row in connection.execute(_DESKS)}
        records = _records(connection, folder, rows)
        key = vessel.write(file, MAGIC, sealing.box_public(identity.recovery_public), _packed(records, digest))
        file.flush()
        os.fsync(file.fileno())
    made = Made(rows, digest.hexdigest())
    if _checked(out, key) != made:
        raise Refused("the backup doesn't come back as it was written")
    centres = sorted({centre for centre, _ in taken})
    for centre_id in centres:
        with store.writing(engine, centre_id) as connection:
            mine = [
                {"centre": each, "desk": desk, "seq": seq} for (each, desk), seq in taken.items() if each == centre_id
            ]
            connection.execute(_DURABLE, mine)
    return made


def _records(connection: Connection, folder: Path, rows: dict[str, int]) -> Iterator[Any]:
    """Everything, a record at a time: (table, columns), then its rows in batches; first the server's own keys."""
    files = (
        path for path in sorted(folder.iterdir()) if path.suffix in (".key", ".crt", ".proof") or path.name == IDENTITY
    )
    yield _FOLDER_KEYS, {path.name: path.read_bytes() for path in files}
    for table in metadata.sorted_tables:
        if table.info.get("passing"):
            continue
        names = [str(column.name) for column in table.columns]
        yield str(table.name), names
        rows[str(table.name)] = 0
        batch = table.info.get("backed_up_at_once", _BATCH)
        found = connection.execution_options(yield_per=batch).execute(select(table))
        for some in found.partitions(batch):
            rows[str(table.name)] += len(some)
            yield [list(row) for row in some]


def _packed(records: Iterable[Any], digest: Any) -> Iterator[bytes]:
    tool = zstandard.ZstdCompressor().compressobj()
    for record in records:
        data = _encoder.encode(record)
        whole = len(data).to_bytes(_LENGTH) + data
        digest.update(whole)
        if packed := tool.compress(whole):
            yield packed
    yield tool.flush()


def _unpacked(pieces: Iterable[bytes], digest: Any) -> Iterator[Any]:
    """The records again. Raises Refused."""
    tool, held = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024).decompressobj(), bytearray()
    try:
        for piece in pieces:
            held += tool.decompress(piece)
            while len(held) >= _LENGTH:
                size = int.from_bytes(held[:_LENGTH])
                if size > _MOST_RECORD:
                    raise Refused("a record larger than any")
                if len(held) < _LENGTH + size:
                    break
                digest.update(held[: _LENGTH + size])
                yield _decoder.decode(held[_LENGTH : _LENGTH + size])
                del held[: _LENGTH + size]
    except (zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise Refused("not a backup's records") from error
    if held or not tool.eof:
        raise Refused("a backup that ends too early")


def _checked(path: Path, by: BoxKey | bytes) -> Made:
    """What a backup holds, read to its end. Raises Refused."""
    rows: dict[str, int] = {}
    digest, table = hashlib.sha256(), ""
    with path.open("rb") as file:
        for record in _unpacked(vessel.read(file, MAGIC, by), digest):
            match record:
                case [str(name), dict()]:
                    assert name == _FOLDER_KEYS  # noqa: S101
                case [str(name), [*_]]:
                    table, rows[name] = name, 0
                case [*values]:
                    rows[table] += len(values)
    return Made(rows, digest.hexdigest())


def restore_keys(path: Path, recovery: BoxKey, folder: Path) -> None:
    """Put the server's own keys back where `folder` has none: on another machine. Raises Refused, FileExistsError."""
    if (folder / IDENTITY).exists():
        raise FileExistsError(folder / IDENTITY)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("rb") as file:
        for record in _unpacked(vessel.read(file, MAGIC, recovery), hashlib.sha256()):
            for name, data in sorted(record[1].items()):
                if Path(name).name != name:
                    raise Refused("a key with a path")
                write_private(folder / name, data)
            return


def restore(engine: Engine, identity: Identity, folder: Path, path: Path, recovery: BoxKey, now_us: int) -> Made:
    """Fill an empty database from a backup, in one transaction. Raises NotEmpty; Refused, and nothing is kept.

    The feeds are another telling from here on. Redactions and revocations since the backup count again first.
    """
    rows: dict[str, int] = {}
    digest, table = hashlib.sha256(), metadata.tables["province"]
    columns: list[str] = []
    with store.writing(engine) as connection:
        if connection.execute(select(func.count()).select_from(metadata.tables["centre"])).scalar_one():
            raise NotEmpty
        connection.execute(PROVINCE.delete())
        with path.open("rb") as file:
            for record in _unpacked(vessel.read(file, MAGIC, recovery), digest):
                match record:
                    case [str(name), dict()]:
                        continue
                    case [str(name), [*names]]:
                        table, columns = _table(name), names
                        rows[name] = 0
                    case [*values]:
                        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in values])
                        rows[table.name] += len(values)
        if connection.execute(select(PROVINCE.c.realm)).scalar() != identity.realm:
            raise Refused("the backup of another province")
        _another_telling(connection, now_us)
        _decide_again(connection, identity, folder, now_us)
    orders.sweep(engine)
    return Made(rows, digest.hexdigest())


def _table(name: str) -> Table:
    found = metadata.tables.get(name)
    if found is None:
        raise Refused(f"a table this program doesn't know: {name}")
    return found


def _another_telling(connection: Connection, now_us: int) -> None:
    """What the backup holds is durable; places given since may be given again, paper series may not."""
    connection.execute(update(PROVINCE).values(feed_id=identifiers.new(), told_since=now_us))
    head = select(CENTRE_HEAD.c.head).where(CENTRE_HEAD.c.centre_id == DESK.c.centre_id).scalar_subquery()
    connection.execute(update(DESK).where(DESK.c.cursor > head).values(cursor=head))
    connection.execute(update(DESK).values(durable_seq=DESK.c.last_seq))
    connection.execute(update(CENTRE_HEAD).values(next_series=CENTRE_HEAD.c.next_series + SERIES_AHEAD))


def _decide_again(connection: Connection, identity: Identity, folder: Path, now_us: int) -> None:
    """What was decided since the backup and lies beside the database. The officers behind an order may be newer than
    the backup: they were asked when it was carried out, the root's signature is held against it again."""
    centres = frozenset(connection.execute(select(CENTRE_HEAD.c.centre_id)).scalars())
    connection.execution_options(centres=centres)  # nobody else is here yet: it is as good as their locks
    for order in orders.kept(folder):
        said = orders.of_the_root(order, identity)
        orders.redact(Books(connection, identity.realm, identity.sign_key, now_us), order, said)
    revocation.again(connection, folder)
    recoveries.again(connection, folder)
