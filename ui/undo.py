"""Taking back what was just done, where that has an honest inverse. A signed record of a person never has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

UNDO_KEY = "Shift F8"


@dataclass(frozen=True, slots=True)
class Undo:
    """What the toast offers beside its sentence, as long as it stands there: the words, and the function."""

    words: str
    act: Callable[[], object]
