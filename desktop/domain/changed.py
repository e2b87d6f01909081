"""What a write or a pull changed: the one signal screens refresh from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changed:
    """Kinds of entities that changed, and the households they belong to."""

    kinds: frozenset[str]
    households: frozenset[str]

    def __or__(self, other: Changed) -> Changed:
        return Changed(self.kinds | other.kinds, self.households | other.households)
