"""How one full sync went."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.changed import Changed


@dataclass(frozen=True, slots=True)
class SyncReport:
    """`pushed` and `pulled` count changes; `held` own commits that wait at the province.

    `acked_seq`, `durable_seq`, `cursor` are where the desk stands now; `clock_offset` is the province's clock less this
    PC's, µs; `changed` what screens must read again.
    """

    pushed: int
    pulled: int
    held: int
    acked_seq: int
    durable_seq: int
    cursor: int
    clock_offset: int
    changed: Changed
