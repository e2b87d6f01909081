"""One page for the province: what each centre last sent. No script, no cookie, nothing that changes anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import Engine
from starlette.responses import Response

from desktop.domain import digits, jalali, texts
from server import monitor, store
from server.monitor import CentreState

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": CSP,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_FONTS = {f"{name}.ttf": f"Vazirmatn-{name}.ttf" for name in ("Regular", "Medium", "Bold")}
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MINUTE_US, _HOUR_US, _DAY_US = 60_000_000, 3_600_000_000, 86_400_000_000
_LATE_US = 48 * _HOUR_US


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("server.web", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    say: Callable[..., str] = texts.say
    found.globals["say"] = say
    found.filters |= {"fa": digits.persian, "plain": plain}
    return found


def plain(text: str) -> str:
    """A name without the marks that would turn the line around it."""
    return _BIDI.sub("", text)


def age(now_us: int, then_us: int | None) -> str:
    """How long ago, in words."""
    if then_us is None:
        return texts.say("province-page.never")
    for unit, size in (("days", _DAY_US), ("hours", _HOUR_US), ("minutes", _MINUTE_US)):
        if now_us - then_us >= size:
            return texts.say(f"province-page.{unit}", count=(now_us - then_us) // size)
    return texts.say("province-page.now")


def tone(now_us: int, centre: CentreState) -> str:
    """ok, warn or muted: the sign beside a centre's age."""
    if centre.last_sync is None:
        return "muted"
    late = now_us - centre.last_sync > _LATE_US
    return "warn" if late or centre.silent_desks or centre.waiting or centre.contested else "ok"


def render(engine: Engine, now_us: int) -> Response:
    """The page at this moment."""
    today = jalali.today(now_us)
    with store.reading(engine) as connection:
        centres = monitor.centres(connection, now_us)
    synced = [centre for centre in centres if centre.visits is not None]
    html = (
        _environment()
        .get_template("status.html")
        .render(
            centres=[(centre, age(now_us, centre.last_sync), tone(now_us, centre)) for centre in centres],
            today=jalali.long(today),
            time=digits.persian(jalali.time_of_day(now_us)),
            unsynced=len(centres) - len(synced),
            not_today=sum(centre.visits_today is None for centre in synced),
            visits_today=sum(centre.visits_today or 0 for centre in synced),
            visits=sum(centre.visits or 0 for centre in synced),
            counted=bool(synced),
            counted_today=any(centre.visits_today is not None for centre in synced),
            waiting=sum(count for centre in centres for _, count in centre.waiting),
        )
    )
    return Response(html, 200, _HEADERS, "text/html; charset=utf-8")


def asset(name: str) -> Response | None:
    """The style sheet or a font of the page; None for any other name."""
    if name == "status.css":
        return Response(files("server.web").joinpath(name).read_bytes(), 200, _HEADERS, "text/css; charset=utf-8")
    if name in _FONTS:
        data = files("resources").joinpath("fonts", _FONTS[name]).read_bytes()
        return Response(data, 200, {**_HEADERS, "cache-control": "max-age=86400"}, "font/ttf")
    return None
