"""The way back in by the province: a locked PC asks, and takes the answer (security 6).

The request waits beside the vault with the key that opens its answer; a later one takes its place, and so does a
manager who comes in after all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from db import durable, vault
from db.storage_faults import naming
from desktop import desk as desks
from desktop import keyholders
from desktop.domain.faults import Known
from desktop.keyholders import REQUEST, Recovered
from desktop.machine import clock
from desktop.seal import canonical, keys, recovery_request
from desktop.seal.keys import BoxKey
from desktop.seal.recovery_request import Asked
from desktop.seal.refused import Refused

_MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Asking:
    """A request as a file, and the digits that are read aloud on both ends of the telephone."""

    text: str
    fingerprint: str


def asked(folder: Path) -> str:
    """The digits of the request that waits for its answer; empty where none does."""
    found = _waiting(folder)
    return recovery_request.fingerprint(found[0]) if found else ""


def ask(folder: Path, now: Callable[[], int] = clock.now) -> Asking:
    """A new request to the province; an answer to an earlier one opens nothing any more.

    Raises Known: no-province-slot, vault and storage faults.
    """
    held = vault.read(folder)
    slot = next((each for each in held.slots if each.province), None)
    if slot is None or slot.province is None:
        raise Known("no-province-slot")
    bound = vault.bound_of(held, slot, slot.province)
    ask_key = keys.sign_key(slot.province.ask)
    made, ephemeral = recovery_request.ask(bound, slot.sealed, held.generation, ask_key, now())
    said = {"opens": keys.secret_of(ephemeral).hex(), "request": recovery_request.dumped(made)}
    with naming():
        durable.replace(folder / REQUEST, canonical.encode(said))
    return Asking(recovery_request.dumped(made), recovery_request.fingerprint(made))


def ask_into(folder: Path, path: Path) -> str:
    """Write a new request to `path`; the digits to read aloud. Raises Known: file-not-saved, and as `ask`."""
    made = ask(folder)
    try:
        path.write_text(made.text, "utf-8")
    except OSError as error:
        raise Known("file-not-saved") from error
    return made.fingerprint


def read(path: Path) -> bytes:
    """The province's answer in a file. Raises Known("answer-unreadable")."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST)
    except OSError as error:
        raise Known("answer-unreadable") from error


def use(folder: Path, answered: bytes, password: str) -> Recovered:
    """Set the manager's password by the province's answer; it and the request are dead then.

    Raises Known: no-request, answer-refused (not the answer to the request of this PC, or the database has another key
    since), slot-unlisted, not-allowed, vault and storage faults.
    """
    found = _waiting(folder)
    if found is None:
        raise Known("no-request")
    made, ephemeral = found
    try:
        plaintext = recovery_request.opened(answered, made, ephemeral)
        if recovery_request.read(made).generation != vault.read(folder).generation:
            raise Refused("asked for another generation")
    except Refused as error:
        raise Known("answer-refused") from error
    try:
        opened = desks.unlock_with_keys(folder, plaintext)
    except KeyError as error:
        raise Known("answer-refused") from error
    done = keyholders.renewed(opened, password)
    (folder / REQUEST).unlink(missing_ok=True)
    return done


def _waiting(folder: Path) -> tuple[Asked, BoxKey] | None:
    try:
        said = canonical.decode((folder / REQUEST).read_bytes())
        return recovery_request.loaded(said["request"]), keys.box_key(bytes.fromhex(said["opens"]))
    except (OSError, KeyError, TypeError, ValueError):  # Refused is a ValueError
        return None
