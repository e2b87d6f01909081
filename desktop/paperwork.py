"""A paper's way from its fact to the client's hand: issued and on disk first, then rendered, printed, and recorded.

A print fault never undoes a visit: what failed is a step of the paper's own state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from desktop.actions import documents
from desktop.desk import Desk
from desktop.documents.kinds import paper_words, render_paper
from desktop.documents.pictures import pages
from desktop.domain.changed import Changed
from desktop.domain.faults import Known
from desktop.domain.papers import OFFERED, Kind, PagePicture, Preview, PrintState, Variant
from desktop.machine import printing

PREVIEW_DPI = 144
Print = Callable[[Sequence[PagePicture], str, str], printing.Sent]
Told = Callable[[Changed], object]


class Paperwork:
    """What can be done with papers. `told` hears of each change; `wanted` names the printer."""

    def __init__(
        self,
        desk: Desk,
        told: Told,
        *,
        wanted: Callable[[], str] = lambda: "",
        choose: Callable[[str], str] = printing.chosen,
        send: Print = printing.send,
    ) -> None:
        self._desk, self._told, self._wanted, self._choose, self._print = desk, told, wanted, choose, send

    def issue(self, kind: Kind, subject: str) -> str:
        """Issue a paper in the form the client's record asks for; returns its id once that is on disk."""
        desk = self._desk
        with desk.writing() as session:
            document_id, changed = documents.issue(
                session, desk.pen, desk.actor, desk.centre, kind, subject, desk.now()
            )
        self._told(changed)
        return document_id

    def reissue(self, document_id: str, variant: Variant) -> Preview:
        """The same paper in another form, as a new fact."""
        desk = self._desk
        with desk.writing() as session:
            other, changed = documents.reissue(
                session, desk.pen, desk.actor, desk.centre, document_id, variant, desk.now()
            )
        self._told(changed)
        return self.preview(other)

    def read(self, document_id: str) -> documents.Issued:
        """The issued paper as the journal holds it."""
        with self._desk.reading() as session:
            return documents.read(session, self._desk.actor, self._desk.centre, document_id)

    def pdf(self, document_id: str) -> bytes:
        """The accessible file of an issued paper."""
        issued = self.read(document_id)
        return render_paper(issued.paper, issued.variant)

    def words(self, document_id: str) -> tuple[str, ...]:
        """The paper's text blocks in reading order."""
        issued = self.read(document_id)
        return tuple(paper_words(issued.paper, issued.variant))

    def preview(self, document_id: str) -> Preview:
        """What the preview shows: the very pages that are printed."""
        issued = self.read(document_id)
        letterhead = issued.paper.letterhead
        return Preview(
            issued.document_id,
            issued.kind,
            issued.paper.person,
            letterhead.tracking_code,
            issued.variant,
            OFFERED[issued.kind],
            issued.stored_need,
            tuple(pages(render_paper(issued.paper, issued.variant), PREVIEW_DPI)),
            tuple(paper_words(issued.paper, issued.variant)),
            issued.state,
            letterhead.copy,
            self._printer(),
        )

    def _printer(self) -> str:
        try:
            return self._choose(self._wanted())
        except Known:
            return ""

    def send(self, document_id: str) -> PrintState:
        """Print. Raises Known where this PC has no printer; the paper then stays issued, to be printed later.

        The state is unknown from before the spooler has it until it answered, so a power cut in between is asked about.
        """
        issued = self.read(document_id)
        printer = self._choose(self._wanted())
        pictures = pages(render_paper(issued.paper, issued.variant), printing.PRINT_DPI)
        self._record(document_id, "unknown")
        try:
            state: PrintState = self._print(pictures, printer, issued.paper.letterhead.number)
        except Known:
            self._record(document_id, "failed")
            raise
        self._record(document_id, state)
        return state

    def came_out(self, document_id: str, out: bool) -> None:
        """The clerk's answer to whether paper came out."""
        self._record(document_id, "accepted" if out else "failed")

    def _record(self, document_id: str, state: PrintState) -> None:
        desk = self._desk
        with desk.writing() as session:
            changed = documents.printed(session, desk.pen, desk.actor, document_id, state)
        self._told(changed)

    def save_file(self, document_id: str, path: str) -> None:
        """The accessible PDF on the client's stick. Raises Known("file-not-saved")."""
        try:
            Path(path).write_bytes(self.pdf(document_id))
        except OSError as error:
            raise Known("file-not-saved") from error
