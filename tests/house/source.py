"""The project's Python files, read once for the shape rules. Nothing is imported or run."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from tests.house import rooms


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path as the repository names it, its module, its text and its tree."""

    path: str
    module: str
    text: str
    tree: ast.Module

    @property
    def is_test(self) -> bool:
        return self.path.startswith("tests/")

    @property
    def is_package(self) -> bool:
        return self.path.endswith("__init__.py")


def read(root: Path) -> list[Source]:
    """Every Python file of the house under `root`; migrations are written by machine and left out."""
    found = []
    for top in rooms.TOPS:
        for file in sorted((root / top).rglob("*.py")):
            inside = file.relative_to(root)
            if "versions" in inside.parts:
                continue
            parts = [*inside.parts[:-1], *([] if inside.stem == "__init__" else [inside.stem])]
            text = file.read_text("utf-8")
            found.append(Source(inside.as_posix(), ".".join(parts), text, ast.parse(text)))
    return found
