"""Vision screening, level 1: what an eye read against what its age should, by an instrument pack.

Acuity is compared in whole centi-logMAR from the pack's tables (0 is 20/20, 100 is 20/200), never by logarithms of
what was read. Sources of the shipped thresholds are in the pack's note.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from desktop.domain import jalali
from desktop.domain.faults import Invalid
from desktop.domain.jalali import Jalali
from desktop.domain.screening_verdict import Said, Verdict

Effect = Literal["pass", "refer", "urgent", "untestable"]


@dataclass(frozen=True, slots=True)
class VisionAnswers:
    """What was seen at one test. Readings are a line of the chart ("5/10"), a special reading, or empty: not done.

    `glasses`: tested with glasses on. `device` is what a screening device printed, or empty. `attempt` counts from 1.
    `under_doctor`: already followed by an eye doctor.
    """

    chart: str = ""
    right: str = ""
    left: str = ""
    both: str = ""
    glasses: bool = False
    distance_cm: int | None = None
    device: str = ""
    signs: tuple[str, ...] = ()
    attempt: int = 1
    consent: bool = True
    under_doctor: bool = False

    def to_plain(self) -> dict[str, object]:
        """Of strings, ints, booleans, None and lists, for storing."""
        return {**asdict(self), "signs": list(self.signs)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> VisionAnswers:
        """Missing fields take their defaults. Raises Invalid for an unknown field or a value of the wrong kind."""
        for name, value in plain.items():
            if name not in _KINDS:
                raise Invalid("screening.unknown-field", field=name)
            if type(value) not in _KINDS[name]:
                raise Invalid("screening.unknown-value", field=name)
        return cls(**{**plain, "signs": tuple(plain.get("signs", ()))})


_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("chart", "right", "left", "both", "device"), (str,)),
    **dict.fromkeys(("glasses", "consent", "under_doctor"), (bool,)),
    "distance_cm": (int, type(None)),
    "attempt": (int,),
    "signs": (list, tuple),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart's lines, largest letters first, as centi-logMAR; `apart[line]` is how many lines fewer the weaker eye
    reads when the better eye reads `line` and the difference alone refers; a line without an entry never does."""

    lines: Mapping[str, int]
    apart: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class VisionPack:
    """A vision instrument as data. `thresholds` are (from completed months, centi-logMAR to reach), youngest first;
    `effects` of readings, signs and device words; `due` in days, `yearly_months` apart."""

    name: str
    version: str
    from_months: int
    to_months: int
    thresholds: tuple[tuple[int, int], ...]
    charts: Mapping[str, Chart]
    readings: Mapping[str, Effect]
    signs: Mapping[str, Effect]
    device: Mapping[str, Effect]
    distance_cm: tuple[int, int]
    tries: int
    due: Mapping[str, int]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> VisionPack:
        """The pack of its JSON. Raises ValueError or KeyError where the tables contradict themselves."""
        thresholds = tuple((row["from_months"], row["centi_logmar"]) for row in data["thresholds"])
        pack = cls(
            name=data["name"], version=data["version"], from_months=data["from_months"], to_months=data["to_months"],
            thresholds=thresholds, charts={code: _chart(row) for code, row in data["charts"].items()},
            readings=data["readings"], signs=data["signs"], device=data["device"],
            distance_cm=(data["distance_cm"]["from"], data["distance_cm"]["to"]), tries=data["tries"], due=data["due"],
        )  # fmt: skip
        drawn = {value for chart in pack.charts.values() for value in chart.lines.values()}
        if not {value for _, value in thresholds} <= drawn:
            raise ValueError("a threshold that no chart has a line for")
        if thresholds[0][0] != pack.from_months or list(thresholds) != sorted(thresholds):
            raise ValueError("thresholds don't cover the ages")
        return pack

    def needed(self, low: int, high: int) -> int:
        """The strictest centi-logMAR to reach at any eligible age from `low` to `high` completed months."""
        ages = range(max(low, self.from_months), min(high, self.to_months) + 1)
        return min(max((start, value) for start, value in self.thresholds if start <= age)[1] for age in ages)


def _chart(row: Mapping[str, Any]) -> Chart:
    """A chart whose table says what its lines' names say, in the order of the chart."""
    lines = dict(row["lines"])
    for line, value in lines.items():
        above, below = line.split("/")
        if value != round(100 * math.log10(float(below) / float(above))):
            raise ValueError(f"line {line} isn't {value}")
    if list(lines.values()) != sorted(lines.values(), reverse=True):
        raise ValueError("lines out of order")
    apart = row["apart"] if isinstance(row["apart"], dict) else dict.fromkeys(lines, row["apart"])
    return Chart(lines, apart)


def judge(pack: VisionPack, answers: VisionAnswers, birth: Jalali, on: Jalali) -> Verdict:
    """The verdict of one test on a day. Raises Invalid for values the pack doesn't know, or an age out of its range
    with nothing that refers by itself."""
    _check(pack, answers)
    low, high = jalali.age_months(birth, on)
    eligible = low <= pack.to_months and high >= pack.from_months
    notes = (Said("vision.note-age-range"),) if low != high else ()

    def verdict(
        outcome: Any, step: str, days: int | None = None, reasons: tuple[Said, ...] = (), urgent: bool = False
    ) -> Verdict:
        due = None if days is None else jalali.plus_days(on, days)
        return Verdict(outcome, reasons, f"vision.step-{step}", due, urgent, (low, high), notes)

    if not answers.consent:
        if answers.attempt > 1:  # what the first test began is not ended by declining the second
            return verdict("declined", "declined-again", pack.due["rescreen_days"])
        return verdict("declined", "declined")
    signs = _signs(pack, answers)
    if any(pack.signs[sign] == "urgent" for sign in answers.signs):
        return verdict("refer", "level-3", pack.due["urgent_days"], signs, urgent=True)
    if answers.under_doctor:
        return verdict("already_diagnosed", "under-doctor")
    if not eligible and not signs:
        raise Invalid("vision.too-young" if high < pack.from_months else "vision.too-old")
    reasons = signs + (_readings(pack, answers, pack.needed(low, high)) if eligible else ())
    if reasons:
        return verdict("refer", "level-2", pack.due["refer_days"], reasons)
    if _untestable(pack, answers):
        if answers.attempt < pack.tries:
            return verdict("rescreen", "rescreen", pack.due["rescreen_days"], (Said("vision.reason-untestable"),))
        return verdict("untestable", "level-2", pack.due["refer_days"], (Said("vision.reason-untestable"),))
    if _missing(answers):
        if answers.attempt < pack.tries:
            return verdict("incomplete", "finish", pack.due["incomplete_days"], (Said("vision.reason-missing"),))
        return verdict("refer", "level-2", pack.due["refer_days"], (Said("vision.reason-missing"),))
    again = jalali.plus_months(on, pack.due["yearly_months"])
    if jalali.age_months(birth, again)[0] > pack.to_months:
        return verdict("pass", "last")
    return Verdict("pass", (), "vision.step-yearly", again, False, (low, high), notes)


def _check(pack: VisionPack, answers: VisionAnswers) -> None:
    """Raises Invalid naming the first field that holds what the pack doesn't know."""

    def refuse(name: str) -> Invalid:
        return Invalid("screening.unknown-value", field=name)

    if answers.chart and answers.chart not in pack.charts:
        raise refuse("chart")
    lines = pack.charts[answers.chart].lines if answers.chart else {}
    for name, reading in (("right", answers.right), ("left", answers.left), ("both", answers.both)):
        if reading and reading not in lines and reading not in pack.readings:
            raise refuse(name)
    if answers.device and answers.device not in pack.device:
        raise refuse("device")
    if not set(answers.signs) <= set(pack.signs):
        raise refuse("signs")
    if answers.attempt < 1:
        raise refuse("attempt")
    least, most = pack.distance_cm
    if answers.distance_cm is not None and not least <= answers.distance_cm <= most:
        raise Invalid("vision.distance", least=least, most=most)


def _signs(pack: VisionPack, answers: VisionAnswers) -> tuple[Said, ...]:
    """Reasons that hold whatever was read and at any age, in the pack's order."""
    return tuple(Said(f"vision.sign-{sign}") for sign in pack.signs if sign in answers.signs)


def _readings(pack: VisionPack, answers: VisionAnswers, needed: int) -> tuple[Said, ...]:
    """Reasons in what was read or printed: an eye below its line, the eyes apart, the device."""
    chart = pack.charts.get(answers.chart)
    reasons: list[Said] = []
    for eye, reading in (("right", answers.right), ("left", answers.left)):
        if pack.readings.get(reading) == "refer":
            reasons.append(Said(f"vision.reason-{eye}-special"))
        elif chart and reading in chart.lines and chart.lines[reading] > needed:
            line = next(name for name, value in chart.lines.items() if value <= needed)
            reasons.append(Said(f"vision.reason-{eye}", {"line": line}))
    if chart and answers.right in chart.lines and answers.left in chart.lines:
        order = list(chart.lines)
        worse, better = sorted((order.index(answers.right), order.index(answers.left)))
        if better - worse >= chart.apart.get(order[better], len(order)):
            reasons.append(Said("vision.reason-apart"))
    if pack.device.get(answers.device) == "refer":
        reasons.append(Said("vision.reason-device"))
    return tuple(reasons)


def _untestable(pack: VisionPack, answers: VisionAnswers) -> bool:
    """The child couldn't or wouldn't: an eye, or the device with no chart to fall back on."""
    eyes = (answers.right, answers.left)
    by_chart = any(pack.readings.get(reading) == "untestable" for reading in eyes)
    by_device = pack.device.get(answers.device) == "untestable" and not any(eyes)
    return by_chart or by_device


def _missing(answers: VisionAnswers) -> bool:
    """Neither a device's word nor a reading of each eye: begun and not finished, or nothing done."""
    begun = bool(answers.right or answers.left)
    return not (answers.right and answers.left) and (begun or not answers.device)
