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
    title = say("slip.title", programme=plain(paper.programme))
    facts = (
        Fact(say("slip.child"), plain(paper.person)),
        Fact(say("slip.age"), sentence(paper.age)),
        *((Fact(say("slip.tool"), sentence(paper.tool)),) if paper.tool else ()),
    )
    blocks: list[Block] = [*opening(paper.letterhead, title), named(paper.letterhead, facts)]
    if paper.readings:
        rows = tuple((plain(each.eye), sentence(each.read) or say("slip.unmeasured")) for each in paper.readings)
        blocks.append(Grid((say("slip.eye"), say("slip.read")), rows))
    blocks += [
        Heading(say("slip.outcome")),
        Paragraph(_outcome(paper), "strong"),
        Paragraph(say("slip.not-diagnosis")),
        Callout(say("paper.next-step"), sentence(paper.next_step), _by(paper)),
        *closing(paper.letterhead),
    ]
    if paper.refers:
        blocks += _return_part(paper)
    return document(paper.letterhead, title, paper.person, tuple(blocks))


def _outcome(paper: ScreeningSlip) -> str:
    """The outcome, and which eyes it is still without."""
    missing = [say("slip.missing", eye=plain(reading.eye)) for reading in paper.readings if not reading.read]
    return " ".join([sentence(paper.outcome), *missing])


def _by(paper: ScreeningSlip) -> str:
    """Until when the next step is to be taken; of a yearly test, when it is."""
    if paper.due is None:
        return ""
    return say("slip.next-test" if paper.passed else "slip.due", day=day(paper.due))


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
