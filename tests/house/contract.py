"""Writes `importlinter.ini` from the table of rooms: `python -m tests.house.contract`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.house import rooms

ROOT = Path(__file__).parents[2]
NAME = "importlinter.ini"


def render(root: Path) -> str:
    """The contracts for the rooms built in `root`."""
    built = rooms.present(root)
    parts = [
        "# Written by `python -m tests.house.contract` from tests/house/rooms.py. Change the table, not this file.",
        _section("importlinter", {"root_packages": rooms.TOPS, "include_external_packages": "True"}),
    ]
    for room in built:
        contract = {
            "name": f"{room.name} imports nothing but its own",
            "type": "forbidden",
            "source_modules": [room.name],
            "forbidden_modules": rooms.forbidden(room, built),
            "allow_indirect_imports": "True",
        }
        parts.append(_section(f"importlinter:contract:{room.name}", contract))
    if any(room.name == rooms.FEATURES for room in built):
        parts.append(_section("importlinter:contract:strangers", _strangers()))
    return "\n".join(parts)


def _strangers() -> Mapping[str, str | Iterable[str]]:
    every = f"{rooms.FEATURES}.*"
    return {
        "name": f"the features of {rooms.FEATURES} are strangers",
        "type": "independence",
        "modules": [every],
        "ignore_imports": [f"{every} -> {rooms.FEATURES}.{shared}" for shared in rooms.SHARED_BY_FEATURES],
        "unmatched_ignore_imports_alerting": "none",
    }


def _section(head: str, body: Mapping[str, str | Iterable[str]]) -> str:
    lines = [f"[{head}]"]
    for key, value in body.items():
        lines += [f"{key} = {value}"] if isinstance(value, str) else [f"{key} =", *(f"    {each}" for each in value)]
    return "\n".join(lines) + "\n"


def main() -> int:
    (ROOT / NAME).write_text(render(ROOT), "utf-8")
    print(f"{NAME} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
