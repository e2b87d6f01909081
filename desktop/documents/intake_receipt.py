"""The receipt of an intake: what was registered, the code to ask by, what comes next and what to bring."""

from __future__ import annotations

from desktop.documents.content import Block, Callout, Document, Fact, Facts, Heading, Paragraph, plain
from desktop.documents.letterhead import closing, document, joined, named, numbered, opening, sentence
from desktop.domain.papers import IntakeReceipt
from desktop.domain.texts import say


def content(paper: IntakeReceipt) -> Document:
    """What the receipt says. The person is named, never by an identity number."""
    title = say("receipt.title")
    facts = (Fact(say("paper.person"), plain(paper.person)), Fact(say("receipt.service"), sentence(paper.service)))
    blocks: list[Block] = [
        *opening(paper.letterhead, title),
        named(paper.letterhead, facts),
        Callout(say("paper.next-step"), sentence(paper.next_step)),
    ]
    if paper.bring:
        blocks += [Heading(say("receipt.bring")), numbered(paper.bring)]
    if paper.handed_in:
        handed = joined(paper.handed_in)
        blocks.append(Facts((Fact(say("receipt.handed-in"), handed),)))
    if paper.free:
        blocks.append(Paragraph(say("receipt.free"), "strong"))
    return document(paper.letterhead, title, paper.person, (*blocks, *closing(paper.letterhead)))
