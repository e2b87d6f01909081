"""What a password must be, in one sentence a manager can say: ten characters, five of them different, not your name."""

from __future__ import annotations

from desktop.domain import persian_text
from desktop.domain.faults import Invalid

LEAST, DIFFERENT = 10, 5


def checked(password: str, name: str = "") -> str:
    """The password as typed. Raises Invalid for one that is guessed too soon; `name` is its owner's."""
    if len(password) < LEAST:
        raise Invalid("password.short", least=LEAST)
    if len(set(password)) < DIFFERENT:
        raise Invalid("password.same", least=DIFFERENT)
    bare = persian_text.squashed(password)
    if any(bare == persian_text.squashed(each) for each in (name, *name.split(), f"{name}{name}") if each):
        raise Invalid("password.name")
    return password
