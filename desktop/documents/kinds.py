"""The kinds of paper the desk hands out: which content function makes each."""

from __future__ import annotations

from desktop.documents import intake_receipt, screening_slip
from desktop.documents.content import Document, words
from desktop.documents.engine import render
from desktop.domain.papers import IntakeReceipt, Paper, Variant


def content(paper: Paper) -> Document:
    """What a paper says, for any variant."""
    return intake_receipt.content(paper) if isinstance(paper, IntakeReceipt) else screening_slip.content(paper)


def render_paper(paper: Paper, variant: Variant) -> bytes:
    """The paper as an accessible PDF; equal papers give equal bytes."""
    return render(content(paper), variant)


def paper_words(paper: Paper, variant: Variant) -> list[str]:  # noqa: ARG001 - a variant may come to say less
    """The paper's logical text blocks in reading order, as a screen reader is given them."""
    return words(content(paper))
