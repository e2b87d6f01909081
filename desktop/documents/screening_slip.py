"""The family's slip of a screening: what was read, what to do next and by when. Never a diagnosis."""

from __future__ import annotations

from desktop.documents.content import (
    Blanks,
    Block,
    Callout,
    Document,
    Fact,
    Facts,
    Grid,
    Heading,
    Paragraph,
    TearOff,
    plain,
)
from desktop.documents.letterhead import closing, code, day, document, named, opening, reached, sentence
from desktop.domain.papers import ScreeningSlip
from desktop.domain.texts import say


def content(paper: ScreeningSlip) -> Document:
    """What the slip says; where it refers, with a part for the level-2 examiner to send back."""
    by = say("slip.due", day=day(paper.due)) if paper.due is not None else ""
    title = say("slip.title", programme=plain(paper.programme))
    facts = (
        Fact(say("slip.child"), plain(paper.person)),
        Fact(say("slip.age"), sentence(paper.age)),
        *((Fact(say("slip.tool"), sentence(paper.tool)),) if paper.tool else ()),
    )
    blocks: list[Block] = [*opening(paper.letterhead, title), named(paper.letterhead, facts)]
    if paper.readings:
        rows = tuple((plain(reading.eye), sentence(reading.read)) for reading in paper.readings)
        blocks.append(Grid((say("slip.eye"), say("slip.read")), rows))
    blocks += [
        Heading(say("slip.outcome")),
        Paragraph(sentence(paper.outcome), "strong"),
        Paragraph(say("slip.not-diagnosis")),
        Callout(say("paper.next-step"), sentence(paper.next_step), by),
        *closing(paper.letterhead),
    ]
    if paper.refers:
        blocks += _return_part(paper)
    return document(paper.letterhead, title, tuple(blocks))


def _return_part(paper: ScreeningSlip) -> tuple[Block, ...]:
    letterhead = paper.letterhead
    centre = say("paper.return-to", centre=plain(letterhead.centre_name), reach=reached(letterhead))
    known = (
        Fact(say("slip.child"), plain(paper.person)),
        Fact(say("paper.tracking-code"), code(letterhead.tracking_code)),
        Fact(say("slip.return-to"), centre),
    )
    keys = ("slip.examined-on", "slip.finding", "slip.next-visit", "slip.examiner")
    return (
        TearOff(say("slip.tear-off")),
        Heading(say("slip.return-title")),
        Facts(known),
        Blanks(tuple(say(key) for key in keys)),
    )
