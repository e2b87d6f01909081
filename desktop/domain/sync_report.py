"""How one full sync went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.domain.changed import Changed


@dataclass(frozen=True, slots=True)
class SyncReport:
    """`pushed` and `pulled` count changes; `held` own commits that wait at the province.

    `acked_seq`, `durable_seq`, `cursor` are where the desk stands now; `clock_offset` is the province's clock less this
    PC's, µs; `changed` what screens must read again; `open_elsewhere` which of the files open here another desk of the
    centre has open too, and which desk.
    """

    pushed: int
    pulled: int
    held: int
    acked_seq: int
    durable_seq: int
    cursor: int
    clock_offset: int
    changed: Changed
    open_elsewhere: Mapping[str, str] = field(default_factory=dict)
