"""A line that can't be trusted: every connection between a desk and the province meets a fate drawn by the seed.

TLS passes through, so nothing here reads or alters a request. SIGUSR2 begins the faults, SIGUSR1 ends them, SIGTERM
ends the proxy, which writes down how many connections met which fate.
"""

from __future__ import annotations

import asyncio
import json
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

_CHUNK = 65_536
FATES = {
    "clean": 46, "refused": 6, "cut_upload": 12, "cut_download": 12, "answer_lost": 8, "delayed": 10, "held": 6,
}  # fmt: skip
"""How many of a hundred connections meet each fate. `answer_lost`: the province had a whole request and the desk hears
nothing of it. `held`: what was sent waits while others overtake it."""


@dataclass
class Chaos:
    """One proxy: from its own port to that of the province."""

    port: int
    to: int
    dice: Random
    faults: bool = False
    met: dict[str, int] = field(default_factory=dict)

    def fate(self) -> str:
        """What the next connection meets."""
        if not self.faults:
            return "clean"
        drawn = self.dice.choices(list(FATES), list(FATES.values()))[0]
        self.met[drawn] = self.met.get(drawn, 0) + 1
        return drawn

    async def meet(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Carry one connection to its end."""
        line = _Line(self.fate(), Random(self.dice.random()), back)
        with suppress(OSError):
            if line.fate != "refused":
                far, forth = await asyncio.open_connection("127.0.0.1", self.to)
                await line.carry(near, far, forth)
        line.close()


class _Line:
    def __init__(self, fate: str, dice: Random, back: asyncio.StreamWriter) -> None:
        self.fate, self.back = fate, back
        self._dice, self._ends = dice, [back]
        # A hello takes about four turns of TLS and HTTP; a push or a page comes after it.
        self._turn, self._last_turn = 0, dice.randint(3, 9)
        self._asking = True
        self._up_left = dice.randint(1_500, 30_000) if fate == "cut_upload" else None
        self._down_left = dice.randint(1_500, 40_000) if fate == "cut_download" else None

    async def carry(self, near: asyncio.StreamReader, far: asyncio.StreamReader, forth: asyncio.StreamWriter) -> None:
        self._ends.append(forth)
        if self.fate == "held":
            await asyncio.sleep(self._dice.uniform(0.1, 0.8))
        ways = [asyncio.create_task(self._up(near, forth)), asyncio.create_task(self._down(far))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)

    async def _up(self, near: asyncio.StreamReader, forth: asyncio.StreamWriter) -> None:
        while data := await near.read(_CHUNK):
            self._asking = True
            await self._slow()
            if self._up_left is not None:
                data, self._up_left = data[: self._up_left], self._up_left - len(data)
            forth.write(data)
            await forth.drain()
            if self._up_left is not None and self._up_left <= 0:
                return

    async def _down(self, far: asyncio.StreamReader) -> None:
        while data := await far.read(_CHUNK):
            self._turn, self._asking = self._turn + self._asking, False
            if self.fate == "answer_lost" and self._turn >= self._last_turn:
                return
            await self._slow()
            if self._down_left is not None:
                data, self._down_left = data[: self._down_left], self._down_left - len(data)
            self.back.write(data)
            await self.back.drain()
            if self._down_left is not None and self._down_left <= 0:
                return

    async def _slow(self) -> None:
        if self.fate == "delayed":
            await asyncio.sleep(self._dice.uniform(0.002, 0.06))

    def close(self) -> None:
        for end in self._ends:
            end.transport.abort() if self.fate != "clean" else end.close()


def serve(port: int, to: int, seed: str, told: Path) -> int:
    """Carry connections until SIGTERM; what they met is in `told` then."""
    chaos = Chaos(port, to, Random(seed))

    async def run() -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, over.set)
        loop.add_signal_handler(signal.SIGUSR1, lambda: setattr(chaos, "faults", False))
        loop.add_signal_handler(signal.SIGUSR2, lambda: setattr(chaos, "faults", True))
        async with await asyncio.start_server(chaos.meet, "127.0.0.1", port):
            told.write_text("{}")
            await over.wait()
            told.write_text(json.dumps(chaos.met))

    asyncio.run(run())
    return 0
