"""The words people read, by key, from `resources/texts/fa.toml`.

`say("intake.saved", name="…")` fills `{name}`; a missing key or field raises `KeyError`, so a gap is found by the
first test that passes it. Numbers given as int are written in Persian digits.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from desktop.domain import digits


@cache
def catalogue() -> dict[str, str]:
    """All texts, flattened: table and key joined by a dot."""
    read = tomllib.loads(files("resources").joinpath("texts", "fa.toml").read_text("utf-8"))
    flat: dict[str, str] = {}

    def walk(prefix: str, table: dict[str, object]) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                walk(f"{prefix}{key}.", value)
            else:
                flat[prefix + key] = str(value)

    walk("", read)
    return flat


def say(key: str, /, **fields: object) -> str:
    """The Persian text of `key` with its fields filled; ints in Persian digits. Raises KeyError."""
    filled = {name: digits.persian(value) if isinstance(value, int) else value for name, value in fields.items()}
    return catalogue()[key].format_map(filled)
