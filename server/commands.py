"""The commands of `python -m server`: JSON on stdout, talk on stderr, zero only on success."""

from __future__ import annotations

import argparse
import errno
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from desktop.domain import dump as dumping
from desktop.domain import jalali, merging
from desktop.domain.faults import Invalid, Known
from desktop.seal import courier_files
from desktop.seal.refused import Refused
from server import (
    backup,
    config,
    courier,
    enrol,
    keys,
    monitor,
    order_commands,
    recovery_commands,
    reports,
    revocation,
    serving,
    snapshot,
    store,
    waiting_commands,
)
from server.config import Province
from server.store import CENTRE, CHANGE, DOCUMENT
from server.upgrade import upgrade

_DATABASE = "server.db"
_NO_PORT = frozenset({errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    asked = _parser().parse_args(arguments)
    try:
        asked.run(asked)
    except (Known, Invalid, Refused, OSError, ValueError, SQLAlchemyError) as error:
        said = _explained(error, asked)
        lines = said.parts() if isinstance(said, Known) else (said.sentence(),)
        print(*lines, sep="\n", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _explained(error: Exception, asked: argparse.Namespace) -> Known | Invalid:
    """What to say of a mistake; one nobody foresaw is raised again."""
    match error:
        case Known() | Invalid():
            return error
        case keys.RootInside():
            return Known("server-root-inside", folder=asked.data_dir)
        case config.AnotherProvince():
            return Known("server-another-province")
        case serving.Unsafe():
            return Known("server-unsafe", host=asked.host)
        case SQLAlchemyError():
            return Known("server-database")
        case FileExistsError():
            return Known("server-exists", path=error.filename or error.args[0])
        case FileNotFoundError() if not (asked.data_dir / keys.IDENTITY).exists():
            return Known("server-no-province", folder=asked.data_dir)
        case OSError(errno=number) if number in _NO_PORT:
            return Known("server-port", host=asked.host, port=str(asked.port))
        case OSError():
            return Known("server-file", path=error.filename or "", why=error.strerror or "")
        case Refused():
            return Known("server-keys", folder=asked.data_dir)
    raise error


def _parser() -> argparse.ArgumentParser:
    everywhere = argparse.ArgumentParser(add_help=False)
    everywhere.add_argument("--data-dir", type=Path, default=Path("province"), metavar="DIR")
    everywhere.add_argument("--database", metavar="URL", help="default: server.db in the data folder")
    parser = argparse.ArgumentParser(prog="python -m server", description="The province's side of Pishkhan.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        found: argparse.ArgumentParser = commands.add_parser(name, help=about, parents=[everywhere])
        found.set_defaults(run=run)
        return found

    init = command("init", _init, "make a province: keys and an empty database")
    init.add_argument("--province", required=True, metavar="ID")
    init.add_argument(
        "--root-out", required=True, type=Path, metavar="FILE", help="where the root key goes; keep it offline"
    )
    serve = command("serve", _serve, "answer desks")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8443)
    serve.add_argument("--tls-cert", type=Path, metavar="FILE")
    serve.add_argument("--tls-key", type=Path, metavar="FILE")
    serve.add_argument("--plain", action="store_true", help="without TLS, loopback only, behind a proxy")
    serve.add_argument("--url", default="", help="the address desks use, if it isn't host and port")
    centre = command("centre", _centre_add, "make a centre known: centre add CODE NAME")
    centre.add_argument("what", choices=["add"])
    centre.add_argument("code")
    centre.add_argument("name", nargs="+")
    code = command("enrol-code", _enrol_code, "a code for one desk of a centre, good for 72 hours")
    code.add_argument("centre")
    by_stick = command("courier", _courier, "desks without a link: courier read FILE... --out DIR, and courier key")
    by_stick.add_argument("what", choices=["read", "key"])
    by_stick.add_argument("files", nargs="*", type=Path, metavar="FILE", help="all the parts of one desk's courier")
    by_stick.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where the answer's parts go")
    by_stick.add_argument("--root", type=Path, metavar="FILE", help="for courier key: the root key")
    command("status", _status, "what every centre last sent")
    lost = command("revoke", _revoke, "a desk that was lost: it pushes once, into quarantine, and pulls nothing")
    lost.add_argument("centre")
    lost.add_argument("desk")
    lost.add_argument("--lost-at", metavar="DAY", help="the Jalali day it was lost, 1405-09-03; today if not said")
    lost.add_argument("--valid-through", type=int, metavar="SEQ", help="its last change still believed")
    again = command("begin-again", _begin_again, "have a desk fetch its centre anew at its next sync; its work stays")
    again.add_argument("centre")
    again.add_argument("desk")
    keep = command("backup", _backup, "the whole province into one sealed file; read back before it counts")
    keep.add_argument("--out", required=True, type=Path, metavar="FILE")
    back = command("restore", _restore, "an empty province filled from a backup")
    back.add_argument("file", type=Path, metavar="FILE")
    back.add_argument("--root", required=True, type=Path, metavar="FILE", help="the root key's file: it opens backups")
    order_commands.Commands(_ready, _say).add_to(command)
    recovery_commands.Commands(_ready, _say).add_to(command)
    waiting_commands.Commands(_ready, _say).add_to(command)
    dump = command("dump", _dump, "the whole state of a centre")
    dump.add_argument("--centre", required=True, metavar="CODE")
    return parser


def _say(value: dict[str, Any]) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")


@contextmanager
def _database(asked: argparse.Namespace) -> Iterator[Engine]:
    engine = store.opened(asked.database or f"sqlite:///{asked.data_dir / _DATABASE}")
    try:
        upgrade(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _ready(asked: argparse.Namespace) -> Iterator[tuple[Engine, keys.Identity]]:
    identity = keys.load(asked.data_dir)
    with _database(asked) as engine:
        config.prepare(engine, identity.realm, identity.sign_key)
        yield engine, identity


def _init(asked: argparse.Namespace) -> None:
    identity = keys.create(asked.data_dir, asked.province, asked.root_out)
    with _database(asked) as engine:
        config.prepare(engine, identity.realm, identity.sign_key)
    print(f"root key: {asked.root_out}. Keep it offline; this server never needs it.", file=sys.stderr)  # noqa: T201
    _say({"province": identity.realm, "root_key": identity.root_key.hex()})


def _serve(asked: argparse.Namespace) -> None:
    where = serving.Where(asked.host, asked.port, asked.tls_cert, asked.tls_key, asked.plain, asked.url)
    serving.check(where)
    with _ready(asked) as (engine, identity):
        serving.serve(asked.data_dir, engine, identity, where)


def _centre_add(asked: argparse.Namespace) -> None:
    name = " ".join(asked.name)
    if not enrol.is_code(asked.code):
        raise Invalid("value.centre-code", most=enrol.CODE_MOST)
    with _ready(asked) as (engine, _), store.writing(engine) as connection:
        added = enrol.add_centre(connection, asked.code, name, config.now_us())
    if not added:
        raise Known("server-centre-exists", centre=asked.code)
    _say({"centre": asked.code, "name": name})


def _enrol_code(asked: argparse.Namespace) -> None:
    try:
        with _ready(asked) as (engine, _), store.writing(engine, asked.centre) as connection:
            code = enrol.new_code(connection, asked.centre, config.now_us())
    except KeyError as error:
        raise Known("server-centre-unknown", centre=asked.centre) from error
    _say({"centre": asked.centre, "code": code, "hours": enrol.LIFE_US // 3_600_000_000})


def _courier(asked: argparse.Namespace) -> None:
    if asked.what == "key":
        keys.add_courier(asked.data_dir, asked.root or Path())
        _say({"courier_key": keys.load(asked.data_dir).courier_public.hex()})
        return
    files = courier_files.read(asked.files)
    with _ready(asked) as (engine, identity):
        answer = courier.take(Province(engine, identity), files)
    paths = courier_files.write(asked.out, courier_files.name(answer.label), answer.parts)
    centre_id, _, desk_id = answer.said.sender.partition("/")
    _say(
        {
            "acked_seq": answer.acked_seq, "centre": centre_id, "desk": desk_id, "first": answer.said.first,
            "files": [path.name for path in paths], "forked": answer.forked, "last": answer.said.last,
            "verdicts": answer.verdicts,
        }
    )  # fmt: skip


def _revoke(asked: argparse.Namespace) -> None:
    try:
        with _ready(asked) as (engine, _), store.writing(engine, asked.centre) as connection:
            day = jalali.parse(asked.lost_at) if asked.lost_at else str(jalali.today(config.now_us()))
            lost_at = jalali.begins(jalali.of(day))
            done = revocation.revoke(connection, asked.centre, asked.desk, lost_at, asked.valid_through)
            revocation.keep(asked.data_dir, asked.centre, asked.desk, lost_at, done)
    except KeyError as error:
        raise Known("server-desk-unknown", centre=asked.centre, desk=asked.desk) from error
    _say({"centre": asked.centre, "desk": asked.desk, **asdict(done)})


def _begin_again(asked: argparse.Namespace) -> None:
    try:
        with _ready(asked) as (engine, _), store.writing(engine, asked.centre) as connection:
            snapshot.ask(connection, asked.centre, asked.desk)
    except KeyError as error:
        raise Known("server-desk-unknown", centre=asked.centre, desk=asked.desk) from error
    _say({"centre": asked.centre, "desk": asked.desk, "begins_again": True})


def _backup(asked: argparse.Namespace) -> None:
    with _ready(asked) as (engine, identity):
        if not identity.recovery_public:
            raise Known("server-no-recovery-key", folder=asked.data_dir)
        made = backup.write(engine, identity, asked.data_dir, asked.out)
    _say({"backup": str(asked.out), **asdict(made)})


def _restore(asked: argparse.Namespace) -> None:
    try:
        recovery = keys.read_recovery(asked.root)
        if not (asked.data_dir / keys.IDENTITY).exists():
            backup.restore_keys(asked.file, recovery, asked.data_dir)
        identity = keys.load(asked.data_dir)
        with _database(asked) as engine:
            made = backup.restore(engine, identity, asked.data_dir, asked.file, recovery, config.now_us())
            config.prepare(engine, identity.realm, identity.sign_key)
    except backup.NotEmpty as error:
        raise Known("server-not-empty") from error
    except Refused as error:
        raise Known("server-backup-refused") from error
    _say({"restored": str(asked.file), **asdict(made)})


def _status(asked: argparse.Namespace) -> None:
    with _ready(asked) as (engine, identity), store.reading(engine) as connection:
        centres = [asdict(each) for each in monitor.centres(connection, config.now_us())]
        said = reports.by_centre(connection)
    for each in centres:
        each["waiting"], each["reports"] = dict(each["waiting"]), said.get(each["centre_id"], [])
    _say({"province": identity.realm, "centres": centres})


def _dump(asked: argparse.Namespace) -> None:
    with _ready(asked) as (engine, _), store.reading(engine) as connection:
        if connection.execute(select(CENTRE.c.name).where(CENTRE.c.centre_id == asked.centre)).first() is None:
            raise Known("server-centre-unknown", centre=asked.centre)
        changes = connection.execute(
            select(CHANGE.c.change_id, CHANGE.c.hash).where(CHANGE.c.centre_id == asked.centre)
        ).all()
        rows = connection.execute(select(DOCUMENT).where(DOCUMENT.c.centre_id == asked.centre)).all()
    kept = [merging.loaded(row.kind, row.entity_id, row.doc) for row in rows]
    _say(dumping.dump([(row.change_id, row.hash) for row in changes], [dumping.Kept(each, each) for each in kept]))
