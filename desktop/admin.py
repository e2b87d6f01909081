"""`python -m desktop.admin`: the desk without its window, for technicians and for outside checks.

JSON on stdout, talk on stderr; exit 0 only on success. The password comes from PISHKHAN_PASSWORD, which is removed from
the environment at once, or from a prompt.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from db import restored, verify
from desktop import desk as desks
from desktop import keyholders, recovering, support
from desktop.actions import dump, sync_support
from desktop.actions.permission import require
from desktop.actions.staffing import Founding
from desktop.desk import Desk
from desktop.domain import jalali, passwords
from desktop.domain.faults import Invalid, Known
from desktop.domain.roles import hidden
from desktop.machine import core_dumps, paths
from desktop.seal import courier_files
from desktop.sync import attempt, courier, enrol
from desktop.training.people import People
from desktop.training.work import Work

PASSWORD = "PISHKHAN_PASSWORD"  # noqa: S105  (the variable's name)
_ACK = re.compile(r"[0-9a-f-]{36} [0-9a-f]{64}")
Answer = tuple[Mapping[str, Any], bool]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 on success, 1 on a known fault or a failed check, 2 on wrong usage."""
    core_dumps.off()
    password = os.environ.pop(PASSWORD, None)
    asked = _parser().parse_args(arguments)
    try:
        answer, good = COMMANDS[asked.command](asked, password)
    except Known as fault:
        happened, safe, do = fault.parts()
        sys.stderr.write(f"{happened}\n{safe}\n{do}\n")
        answer, good = {"fault": fault.code}, False
    except Invalid as fault:
        sys.stderr.write(f"{fault.sentence()}\n")
        answer, good = {"fault": fault.key}, False
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, sort_keys=True) + "\n")
    return 0 if good else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m desktop.admin", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        added.add_argument("--data-dir", type=Path, help="the desk's data folder")
        return added

    init = command("init", "make the desk: data folder, vault, recovery code")
    init.add_argument("--province", required=True)
    init.add_argument("--centre", required=True, help="the centre's code: digits")
    init.add_argument("--manager", required=True, help="the manager's name")
    init.add_argument("--name", default="", help="the centre's name on papers")
    for option in ("county", "address", "phone", "licence-number", "licence-expiry"):
        init.add_argument(f"--{option}", default="")
    init.add_argument("--training", action="store_true")
    join = command("enrol", "join the province with a code, and fetch what the centre has")
    join.add_argument("--server", required=True)
    join.add_argument("--code", required=True)
    command("sync", "one full sync")
    by_stick = command("courier", "sync by a stick: courier write --out DIR, then courier read FILE...")
    by_stick.add_argument("what", choices=["write", "read"])
    by_stick.add_argument("files", nargs="*", type=Path, metavar="FILE", help="all the parts of one answer")
    by_stick.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where the parts go")
    command("status", "where this desk stands")
    history = command("sync-history", "how syncing went, for support: nothing of any person")
    history.add_argument("--out", type=Path, metavar="FILE", help="write it there instead of to the output")
    simulate = command("simulate", "register walk-ins for ever")
    simulate.add_argument("--acks", type=Path, required=True, help="`id hash` of each saved visit is appended here")
    simulate.add_argument("--seed", type=int, default=0)
    check = command("verify", "prove that the database is what its people signed")
    check.add_argument("--acks", type=Path)
    back = command("recover", "the manager's new password, by the code of the sealed envelope; prints the new code")
    back.add_argument("--code", help="the code; asked for if it isn't given")
    lost = command("recovery", "the same by the province: recovery ask --out FILE, then recovery use ANSWER")
    lost.add_argument("what", choices=["ask", "use"])
    lost.add_argument("file", nargs="?", type=Path, metavar="ANSWER")
    lost.add_argument("--out", type=Path, metavar="FILE", help="where the request goes")
    command("dump", "state hash, change ids and documents")
    return parser


def _folder(asked: argparse.Namespace) -> Path:
    return paths.prepare(asked.data_dir, training=getattr(asked, "training", False)).root


def _password(given: str | None, *, new: bool = False, name: str = "") -> str:
    """The password given or asked for. A `new` one, of whoever is called `name`, must be a good one: raises Invalid."""
    if given is None:
        given = getpass.getpass("Password: ", stream=sys.stderr)
        if new and given != getpass.getpass("Again: ", stream=sys.stderr):
            raise Known("passwords-differ")
    return passwords.checked(given, name) if new else given


def _open(asked: argparse.Namespace, password: str | None) -> Desk:
    """The desk, opened as its first person: the manager who founded it."""
    folder = _folder(asked)
    staff_id, _ = desks.users(folder)[0]
    return desks.unlock(folder, staff_id, _password(password))


def _init(asked: argparse.Namespace, password: str | None) -> Answer:
    if not asked.province.strip():
        raise Known("province-unnamed")
    folder = _folder(asked)
    centre = Founding(
        asked.centre,
        asked.province,
        asked.name or asked.centre,
        asked.county,
        asked.address,
        asked.phone,
        asked.licence_number,
        asked.licence_expiry,
    )
    password = _password(password, new=True, name=asked.manager)
    code = desks.init(folder, centre, manager=asked.manager, password=password, training=asked.training)
    return {"data_dir": str(folder), "recovery_code": code}, True


def _enrol(asked: argparse.Namespace, password: str | None) -> Answer:
    desk = _open(asked, password)
    try:
        joined = enrol.enrol(desk, asked.server, asked.code)
        # What the centre has comes before the first save here; where the line breaks now, `sync` brings it.
        first = attempt.attempt(desk, "command")
        keyholders.seal_to_province(desk)
        return {"enrolled": True, "series": list(joined.series), "pulled": first.pulled}, True
    finally:
        desk.close()


def _sync(asked: argparse.Namespace, password: str | None) -> Answer:
    desk = _open(asked, password)
    try:
        require(desk.actor, "sync.run")
        report = attempt.attempt(desk, "command")
        keyholders.seal_to_province(desk)
        return {
            "pushed": report.pushed,
            "pulled": report.pulled,
            "held": report.held,
            "acked_seq": report.acked_seq,
        }, True
    finally:
        desk.close()


def _courier(asked: argparse.Namespace, password: str | None) -> Answer:
    desk = _open(asked, password)
    try:
        require(desk.actor, "sync.run")
        if asked.what == "write":
            label, parts = courier.write(desk)
            paths = courier_files.write(asked.out, courier_files.name(label), parts)
            sent = label.last - label.first + 1
            return {"files": [path.name for path in paths], "changes": sent}, True
        taken = courier.read(desk, courier_files.read(asked.files))
        keyholders.seal_to_province(desk)
        return {
            "news": taken.news, "pulled": taken.pulled, "acked_seq": taken.acked_seq, "cursor": taken.cursor,
            "more": taken.more,
        }, True  # fmt: skip
    finally:
        desk.close()


def _status(asked: argparse.Namespace, password: str | None) -> Answer:
    desk = _open(asked, password)
    try:
        with desk.reading() as session:
            said = sync_support.counts(session, desk.signer.desk, hidden(desk.roles))
        signer = desk.signer
        return {"desk": signer.desk, "centre": signer.centre, "realm": signer.realm, "head": desk.head, **said}, True
    finally:
        desk.close()


def _sync_history(asked: argparse.Namespace, password: str | None) -> Answer:
    desk = _open(asked, password)
    try:
        if not asked.out:
            return support.report(desk), True
        support.save(desk, asked.out)
        return {"file": asked.out.name}, True
    finally:
        desk.close()


def _simulate(asked: argparse.Namespace, password: str | None) -> Answer:
    """Never returns by itself: it is killed, and `verify --acks` says whether anything acknowledged was lost."""
    try:
        acks = asked.acks.open("a", encoding="ascii")
    except OSError as error:
        raise Known("acks-unwritable") from error
    desk = _open(asked, password)
    people = People(Random(asked.seed), jalali.today(desk.now()), serial=desk.tip())  # noqa: S311  (no secret)
    work = Work(desk.writing, desk.pen, desk.actor, desk.centre, people)
    with acks:
        while True:
            done = work.whole()
            acks.write(f"{done.registered.visit_id} {done.hash}\n")
            acks.flush()
            os.fsync(acks.fileno())


def _acks(path: Path) -> dict[str, str]:
    """Visit ids and record hashes as `simulate` wrote them. Raises Known("acks-unreadable")."""
    try:
        # A kill may tear the last line; it was then never acknowledged.
        lines = path.read_text("ascii").split("\n")[:-1]
    except (OSError, ValueError) as error:
        raise Known("acks-unreadable") from error
    if not all(_ACK.fullmatch(line) for line in lines):
        raise Known("acks-unreadable")
    return dict(line.split(" ", 1) for line in lines)


def _verify(asked: argparse.Namespace, password: str | None) -> Answer:
    acks = _acks(asked.acks) if asked.acks else {}
    desk = _open(asked, password)
    try:
        with desk.reading() as session:
            head = restored.noticed(session) or desk.head  # what an earlier opening noticed stands until a sync agrees
        found = verify.verify(desk.engine, desk.signer.desk, desk.signer.realm, acks, head=head)
    finally:
        desk.close()
    return {
        "chain": found.chain, "signatures": found.signatures, "integrity": found.integrity,
        "foreign_keys": found.foreign_keys, "state_differs": [list(each) for each in found.state_differs],
        "visits": found.visits, "missing": found.missing, "dated_back": found.dated_back,
        "anchored_at": found.anchored_at or None,
    }, found.clean  # fmt: skip


def _dump(asked: argparse.Namespace, password: str | None) -> Answer:
    desk = _open(asked, password)
    try:
        with desk.reading() as session:
            return dump.dump(session), True
    finally:
        desk.close()


def _recover(asked: argparse.Namespace, password: str | None) -> Answer:
    """Not beside an open window: the database gets a new key, and the window would go on writing to the old one."""
    folder = _alone(asked)
    code = asked.code or getpass.getpass("Recovery code: ", stream=sys.stderr)
    keyholders.code_read(code)
    done = keyholders.recover(folder, code, _password(password, new=True))
    return {"manager": done.name, "recovery_code": done.code}, True


def _recovery(asked: argparse.Namespace, password: str | None) -> Answer:
    path = asked.out if asked.what == "ask" else asked.file
    if path is None:
        raise Known("recovery-file")
    if asked.what == "ask":
        return {"file": str(path), "fingerprint": recovering.ask_into(_folder(asked), path)}, True
    folder = _alone(asked)
    done = recovering.use(folder, recovering.read(path), _password(password, new=True))
    return {"manager": done.name, "recovery_code": done.code}, True


def _alone(asked: argparse.Namespace) -> Path:
    """The folder of a desk that no window has open. Raises Known("already-running")."""
    from desktop.machine.single_instance import held  # Qt, which no other command needs

    places = paths.prepare(asked.data_dir)
    if held(places.lock):
        raise Known("already-running")
    return places.root


COMMANDS: dict[str, Callable[[argparse.Namespace, str | None], Answer]] = {
    "init": _init, "enrol": _enrol, "sync": _sync, "courier": _courier, "status": _status,
    "sync-history": _sync_history,
    "simulate": _simulate, "verify": _verify, "dump": _dump, "recover": _recover, "recovery": _recovery,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
