"""What every kind of paper has in common: who hands it out and when, how it is checked, where to complain."""

from __future__ import annotations

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from desktop.documents.content import (
    Beside,
    Block,
    Code,
    Document,
    Fact,
    Facts,
    Figure,
    Flowing,
    Masthead,
    Notice,
    Paragraph,
    StampBox,
    Steps,
    Title,
    plain,
)
from desktop.domain import jalali
from desktop.domain.digits import persian
from desktop.domain.papers import Letterhead
from desktop.domain.texts import say

COMPLAINT_LINE = "1482"  # of the Welfare Organization, nationwide
_TEHRAN = ZoneInfo("Asia/Tehran")
_GROUP = 5
# Figures and Latin letters in groups; a space joins groups of three figures and more, as in phone numbers.
_GROUPS = re.compile(r"[A-Za-z\d]+(?:(?:[/:.,×\-\u066b\u066c\u2010-\u2013]|(?<=\d{3}) (?=\d{3}))[A-Za-z\d]+)*")
_LATIN = re.compile("[A-Za-z]")


def code(text: str) -> Code:
    """An isolated code in Persian digits."""
    return Code(persian(text))


def day(canonical: str) -> Code:
    """A Jalali date for people: weekday, day, month's name, year."""
    return Code(jalali.long(jalali.of(canonical)))


def sentence(text: str) -> str:
    """Text from outside with the numbers, dates and codes in it isolated; digits Persian but in codes with letters."""
    return _GROUPS.sub(lambda found: str(_isolated(found[0])), plain(text))


def _isolated(group: str) -> str | Code:
    if not any(char.isdigit() for char in group):
        return group
    return Code(group) if _LATIN.search(group) else code(group)


def joined(items: tuple[str, ...]) -> str:
    """Outside texts as one list in a line."""
    return say("paper.comma").join(sentence(item) for item in items)


def instant(letterhead: Letterhead) -> str:
    """When the paper was issued, ISO 8601 with Tehran's offset."""
    date = jalali.of(letterhead.day).gregorian()
    return datetime.combine(date, time.fromisoformat(letterhead.time), _TEHRAN).isoformat()


def opening(letterhead: Letterhead, title: str) -> tuple[Block, ...]:
    """Masthead, title, moment, and what makes this paper less than an original."""
    reach = reached(letterhead)
    marks: list[Block] = [Notice(say("paper.training"))] if letterhead.training else []
    if letterhead.copy:
        marks.append(Paragraph(say("paper.copy", number=letterhead.copy), "strong"))
    return (
        Masthead(plain(letterhead.centre_name), (reach, plain(letterhead.centre_address))),
        Title(title, say("paper.moment", day=day(letterhead.day), time=code(letterhead.time))),
        *marks,
    )


def reached(letterhead: Letterhead) -> str:
    """How the centre is reached: its code, and its phone where it has one."""
    if not letterhead.centre_phone:
        return say("paper.reach-code", code=code(letterhead.centre_code))
    return say("paper.reach", code=code(letterhead.centre_code), phone=code(letterhead.centre_phone))


def named(letterhead: Letterhead, facts: tuple[Fact, ...]) -> Beside:
    """The facts, the tracking code large, the QR beside them."""
    tracking = code(letterhead.tracking_code)
    alt = say("paper.qr-alt", code=tracking)
    return Beside(
        (Facts((*facts, Fact(say("paper.tracking-code"), tracking, huge=True))),),
        Figure(letterhead.qr, alt, say("paper.qr-caption")),
    )


def closing(letterhead: Letterhead) -> tuple[Block, ...]:
    """Where to complain, what the centre never asks, who issued it, room for a stamp, the number to check it by."""
    groups = (letterhead.head[at : at + _GROUP] for at in range(0, len(letterhead.head), _GROUP))
    issuer = say("paper.issuer", name=plain(letterhead.issuer), role=plain(letterhead.issuer_role))
    said: tuple[Flowing, ...] = (
        Paragraph(say("paper.complaints", phone=code(COMPLAINT_LINE)), "quiet"),
        Paragraph(say("paper.never-asks"), "quiet"),
        Paragraph(issuer, "quiet"),
        Paragraph(say("paper.head", digits=" ".join(str(code(group)) for group in groups)), "quiet"),
        *(() if letterhead.enrolled else (Paragraph(say("paper.unenrolled"), "quiet"),)),
    )
    return (Beside(said, StampBox(say("paper.stamp"))),)


def numbered(items: tuple[str, ...]) -> Steps:
    """A numbered list of outside texts. Never of none."""
    labels = tuple(say("paper.step", number=number) for number in range(1, len(items) + 1))
    return Steps(labels, tuple(sentence(item) for item in items))


def document(letterhead: Letterhead, title: str, person: str, blocks: tuple[Block, ...]) -> Document:
    """The paper of these blocks, its footer naming its number, each further page its title, person and request."""
    footer = say("paper.footer", number=code(letterhead.number))
    running = say("paper.running", title=title, person=plain(person))
    if letterhead.training:
        running = say("paper.running-training", running=running)
    page_of = say("paper.page-of", page="{page}", pages="{pages}")
    return Document(title, blocks, footer, page_of, running, code(letterhead.tracking_code), instant(letterhead))
