"""A clerk whose power goes: `python -m tests.journeys.cut FOLDER typing|printing` works until it is killed.

Says `now` on a line of its own when the power may go: the draft is kept, or the printer has the pages and hasn't
answered.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

from PySide6.QtWidgets import QApplication

from db import drafts
from desktop.desk import Desk
from desktop.paperwork import Paperwork
from desktop.places import INTAKE
from tests.desk import opened
from tests.desk.sitting import Sitting, settle, sitting, until
from tests.journeys.test_main_job import MOTHER, fill, intake_screen, register_mother_and_son
from ui.theme.look import Look


def typing(desk: Desk, at: Sitting) -> None:
    """Half a form; nobody asks for it to be kept."""
    at.press("F3")
    at.press("F6")
    at.type(MOTHER)
    fill(at, intake_screen(at), given_name="مهتاب", family_name="کاج‌نژاد")

    def kept() -> bool:
        with desk.reading() as session:
            draft = drafts.load(session, desk.actor.staff_id, INTAKE)
        return draft is not None and "کاج‌نژاد" in json.dumps(draft.fields, ensure_ascii=False)

    until(kept, "the draft")
    _now()


def printing(_desk: Desk, at: Sitting) -> None:
    """A walk-in registered with its receipt; the print system takes it and is never heard of again."""
    register_mother_and_son(at)
    at.press("F9")
    settle()


def _silent(desk: Desk, told: object) -> Paperwork:
    assert callable(told)

    def send(_pages: object, _printer: str, _title: str) -> object:
        _now()
        threading.Event().wait()
        return "accepted"

    return Paperwork(desk, told, choose=lambda _wanted: "میز ۱", send=send)  # type: ignore[arg-type]


def _now() -> None:
    sys.stdout.write("now\n")
    sys.stdout.flush()


def main() -> None:
    folder, doing = Path(sys.argv[1]), {"typing": typing, "printing": printing}[sys.argv[2]]
    application = QApplication(sys.argv[:1])
    with opened.opened(folder) as desk, sitting(desk, Look(application), paperwork=_silent) as at:
        doing(desk, at)
        threading.Event().wait()


if __name__ == "__main__":
    main()
