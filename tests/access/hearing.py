"""Somebody who hears the desk and sees nothing of it: `reader.py` in a process of its own, asked line by line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.access.display import SYSTEM_PYTHON, Display, ended


class Hearing:
    """Each wish waits until it can be fulfilled; AssertionError with what is there where it can't."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def _ask(self, *words: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"wrong": "the reader ended"}
        assert "wrong" not in answer, answer["wrong"]
        return answer["said"]

    def press(self, *names: str) -> None:
        """Buttons, tiles, boxes, by their own action."""
        for name in names:
            self._ask("press", name)

    def write(self, texts: Mapping[str, str]) -> None:
        """Whole texts into fields, by their names."""
        for name, text in texts.items():
            self._ask("write", name, text)

    def choose(self, name: str, row: str) -> None:
        """Stand on the row of a list that has these words."""
        self._ask("choose", name, row)

    def take(self, name: str, row: str) -> None:
        """Stand on it and press Enter."""
        self._ask("take", name, row)

    def go(self, place: str) -> None:
        self.choose("صفحه‌ها", place)

    def wait_for(self, name: str) -> None:
        """Something of this name is there."""
        self._ask("wait_for", name)

    def about(self, name: str) -> str:
        """The description of a control."""
        said: str = self._ask("about", name)
        return said

    def typed(self, name: str) -> str:
        """What stands in a field."""
        said: str = self._ask("typed", name)
        return said

    def focus(self, name: str) -> None:
        """Put the keyboard in a field."""
        self._ask("focus", name)

    def focused(self) -> str:
        """The name of what has the keyboard."""
        said: str = self._ask("focused")
        return said

    def everything(self) -> list[tuple[str, str]]:
        """Role and name of whatever can be heard, in order."""
        return [(role, name) for role, name in self._ask("everything")]


@contextmanager
def hearing(display: Display) -> Iterator[Hearing]:
    """The reader, ended with the block."""
    program = Path(__file__).with_name("reader.py")
    process = subprocess.Popen(
        [SYSTEM_PYTHON, str(program)], env=dict(display.environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, encoding="utf-8",
    )  # fmt: skip
    with ended(process):
        yield Hearing(process)
