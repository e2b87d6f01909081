"""The desk's log: what happened, never to whom (security 35).

A line is an event's code and the ids it concerns: `log.info("print.failed %s", document_id)`. What slips in
nevertheless is masked before it is written: long numbers in any digits, words in any script but ASCII, the message of
an exception, everything a library says. A log that can't be written never stops the desk.
"""

from __future__ import annotations

import copy
import logging
import re
import time
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

_OURS = ("desktop", "ui", "db", "server")
_MOST = 1_000_000  # bytes a file
_KEPT = 5
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
# Seven digits or more, whatever stands between them: national ID, phone, postal code, IBAN, paper number.
_NUMBER = re.compile(r"\+?\d(?:[^\w]{0,3}\d){6,}")
_WORDS = re.compile(r"[^\x00-\x7f]+(?:[^\w]*[^\x00-\x7f]+)*")


def masked(text: str) -> str:
    """`text` without anything that could name a person; UUIDs stay."""
    kept: list[str] = []
    at = 0
    for found in _UUID.finditer(text):
        kept += (_masked_piece(text[at : found.start()]), found.group())
        at = found.end()
    kept.append(_masked_piece(text[at:]))
    return "".join(kept)


class Masking(logging.Filter):
    """Rewrites a record so that it may be kept. A library's words may hold SQL parameters: its name alone is kept."""

    def filter(self, record: logging.LogRecord) -> bool:
        ours = record.name.partition(".")[0] in _OURS
        record.msg = masked(record.getMessage()) if ours else "library"
        record.args = ()
        if record.exc_info:
            record.exc_text = _trail(record.exc_info[1])
            record.exc_info = None
        record.stack_info = None
        return ours or record.levelno >= logging.WARNING


class _DeskFile(RotatingFileHandler):
    def handle(self, record: logging.LogRecord) -> bool:
        return super().handle(copy.copy(record))  # other handlers keep the record as it was

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk is told where something is saved, not here."""


def start(folder: Path, name: str = "desk") -> logging.Handler:
    """Begin writing `folder/name.log`, at most six files of 1 MB. Returns the handler, for `stop`.

    Raises OSError if the file can't be opened.
    """
    handler = _DeskFile(folder / f"{name}.log", maxBytes=_MOST, backupCount=_KEPT, encoding="utf-8")
    form = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(form)
    handler.addFilter(Masking())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler


def stop(handler: logging.Handler) -> None:
    """Close the log that `start` began."""
    logging.getLogger().removeHandler(handler)
    handler.close()


def _masked_piece(text: str) -> str:
    # numbers first: words would take the Persian digits out of a number that mixes both and leave the others
    return _WORDS.sub("[text]", _NUMBER.sub("[number]", text))


def _trail(error: BaseException | None) -> str:
    """Where it was raised and its type; its message may hold what someone typed."""
    lines: list[str] = []
    while error is not None:
        lines.append(type(error).__name__)
        steps = traceback.extract_tb(error.__traceback__)
        lines += (f"  {Path(step.filename).name}:{step.lineno} {step.name}" for step in steps)
        error = error.__cause__ or error.__context__
    return "\n".join(lines)
