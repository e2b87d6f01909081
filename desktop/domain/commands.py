"""What the desk can be told to do, and which of it somebody means who types a few letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from desktop.domain import persian_text

CommandKind = Literal["act", "place", "everywhere"]


@dataclass(frozen=True, slots=True)
class Command:
    """`id` is whoever carries it out's own; `key` is bound and shown, "" where there is none."""

    id: str
    words: str
    kind: CommandKind = "act"
    key: str = ""


def matching(commands: Sequence[Command], typed: str) -> list[Command]:
    """Those that hold every word that was typed, in any order; letters compare folded, so the kind of yeh, a ZWNJ or a
    space more or less doesn't matter. Words that begin so come before words that only hold it; else the given order.

    A key finds its command too: "f9". Nothing typed means everything.
    """
    wanted = persian_text.fold(typed).split()
    if not wanted:
        return list(commands)
    ranked = [(rank, at) for at, each in enumerate(commands) if (rank := _rank(each, wanted)) is not None]
    return [commands[at] for _, at in sorted(ranked)]


def _rank(command: Command, wanted: Sequence[str]) -> int | None:
    words = [*persian_text.fold(command.words).split(), persian_text.squashed(command.key)]
    whole = persian_text.squashed(command.words)
    if all(any(word.startswith(each) for word in words) for each in wanted):
        return 0
    if whole.startswith("".join(wanted)):
        return 1
    return 2 if all(each in whole for each in wanted) else None
