"""The oracle's own record: what people wrote, and what each had before their eyes when they did. It knows no fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.domain.changes import Value


@dataclass(frozen=True, slots=True)
class Written:
    """One change that was saved: on disk when its author was told so. `seen`: field → the changes whose values were
    shown when the form was opened."""

    change_id: str
    kind: str
    entity: str
    verb: str
    patch: Mapping[str, Value]
    seen: Mapping[str, frozenset[str]]
    hlc: str
    pc: str


@dataclass
class Record:
    """Everything written, by change id; `lost` went with a disk before anybody else had it; `redacted` was taken."""

    written: dict[str, Written] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    redacted: set[str] = field(default_factory=set)
    _words: int = 0

    def word(self) -> str:
        """A value nobody else ever writes."""
        self._words += 1
        return f"word{self._words:06}end"

    def values(self, entity: str, name: str, ids: frozenset[str]) -> set[Value]:
        """What those of these changes that wrote the field wrote into it; None where it was taken away."""
        mine = (self.written[each] for each in ids if each in self.written)
        return {
            None if each.change_id in self.redacted else each.patch[name]
            for each in mine if each.entity == entity and name in each.patch
        }  # fmt: skip
