"""A disk that keeps its promises and no more: what was synced is there after a cut, the rest in part or not at all.

Harsher than most disks: unsynced writes of a file survive each on its own, in sectors of 512 bytes; names given,
changed or removed since the last sync of the folder survive up to some point in their order, as in a
journaled file system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Written:
    at: int
    data: bytes

    def onto(self, image: bytearray) -> None:
        """Apply; a write beyond the end leaves zeros between."""
        _stretch(image, self.at)
        image[self.at : self.at + len(self.data)] = self.data

    def torn(self, image: bytearray, rng: Random) -> None:
        """Some of its sectors."""
        for start in range(0, len(self.data), SECTOR):
            if rng.random() < 0.5:
                Written(self.at + start, self.data[start : start + SECTOR]).onto(image)


@dataclass(frozen=True, slots=True)
class Cut:
    size: int

    def onto(self, image: bytearray) -> None:
        del image[self.size :]
        _stretch(image, self.size)


def _stretch(image: bytearray, size: int) -> None:
    if len(image) < size:
        image.extend(bytes(size - len(image)))


@dataclass
class File:
    """What is on the platter, and what the system still holds back."""

    durable: bytearray = field(default_factory=bytearray)
    waiting: list[Written | Cut] = field(default_factory=list)

    def sync(self) -> None:
        for each in self.waiting:
            each.onto(self.durable)
        self.waiting = []

    def after_cut(self, rng: Random) -> bytes:
        """What a power cut leaves of it: each waiting write whole, torn, or not there."""
        image = bytearray(self.durable)
        for each in self.waiting:
            luck = rng.random()
            if luck < 0.4:
                each.onto(image)
            elif luck < 0.7 and isinstance(each, Written):
                each.torn(image, rng)
        return bytes(image)

    def whole(self) -> bytes:
        """What the running system sees."""
        image = bytearray(self.durable)
        for each in self.waiting:
            each.onto(image)
        return bytes(image)


class Disk:
    """One folder of a disk, replayed from what was done to it."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Everything in `files` is on the platter."""
        self.durable = {name: File(bytearray(data)) for name, data in files.items()}
        self.seen = dict(self.durable)
        self._waiting: list[tuple[str, File | None]] = []

    def file(self, name: str) -> File:
        """The file as the system sees it; made if it wasn't there."""
        if name not in self.seen:
            self.seen[name] = File()
            self._waiting.append((name, self.seen[name]))
        return self.seen[name]

    def rename(self, name: str, other: str) -> None:
        file = self.seen.pop(name)
        self.seen[other] = file
        self._waiting += [(other, file), (name, None)]

    def remove(self, name: str) -> None:
        self.seen.pop(name, None)
        self._waiting.append((name, None))

    def sync_names(self) -> None:
        """The folder itself was synced."""
        self._name(self.durable, len(self._waiting))
        self._waiting = []

    def _name(self, names: dict[str, File], most: int) -> None:
        for name, file in self._waiting[:most]:
            if file is None:
                names.pop(name, None)
            else:
                names[name] = file

    def after_cut(self, rng: Random) -> dict[str, bytes]:
        """The files a power cut leaves."""
        names = dict(self.durable)
        self._name(names, rng.randint(0, len(self._waiting)))
        return {name: file.after_cut(rng) for name, file in sorted(names.items())}
