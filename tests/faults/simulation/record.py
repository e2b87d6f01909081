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

    def is_shown(self, name: str, named: frozenset[str], shown: set[Value]) -> bool:
        """Whether what is shown of a field is what the named changes wrote into it; what was taken away may be shown
        where nobody has heard of that. What was written before the run began isn't recorded."""
        if not named or not named <= self.written.keys():
            return True
        wrote = {each: self.written[each].patch.get(name) for each in named}
        must = {value for each, value in wrote.items() if each not in self.redacted}
        may = {*wrote.values(), *({None} if named & self.redacted else ())}
        return must <= shown <= may
