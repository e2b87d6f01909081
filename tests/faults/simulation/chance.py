"""Everything the product leaves to chance or to the clock, given by a seed instead: the same seed, the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from types import SimpleNamespace
from unittest.mock import patch

from desktop.domain import identifiers
from desktop.seal import keys
from desktop.seal.passwords import Cost

START = 1_795_500_000_000_000
"""25 Nov 2026, about 09:30 in Tehran, µs UTC."""
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000


class Clock:
    """The province's time, µs UTC. Each reading is a millisecond later, so nothing happens at the same moment."""

    def __init__(self, at: int = START) -> None:
        self.at = at

    def __call__(self) -> int:
        self.at += 1_000
        return self.at


def cheap() -> Cost:
    """What deriving a key from a code costs here."""
    return Cost(8 * 1024, 1, 1)


@contextmanager
def seeded(rng: Random, now: Callable[[], int]) -> Iterator[None]:
    """Ids, salts, keys, codes and far blocks of paper numbers come from `rng`, the time of ids from `now`."""
    secrets = SimpleNamespace(choice=rng.choice, randbits=rng.getrandbits, token_bytes=rng.randbytes)
    sign_key, box_key = keys.sign_key, keys.box_key
    with ExitStack() as patched:
        for target, value in (
            ("desktop.domain.identifiers.secrets", secrets),
            ("desktop.domain.identifiers.new", identifiers.Mint(lambda: now() // 1_000).new),
            ("desktop.seal.commits.os", SimpleNamespace(urandom=rng.randbytes)),
            ("desktop.seal.enrolment.secrets", secrets),
            ("db.paper_numbers.secrets", secrets),
            ("desktop.seal.keys.sign_key", lambda raw=None: sign_key(raw or rng.randbytes(32))),
            ("desktop.seal.keys.box_key", lambda raw=None: box_key(raw or rng.randbytes(32))),
            ("desktop.seal.passwords.Cost", cheap),
        ):
            patched.enter_context(patch(target, value))
        yield
