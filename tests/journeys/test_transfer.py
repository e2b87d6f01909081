"""A family moves: the old centre's window hands the file over, the new one's takes it in, and both say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from db import journal
from db.models.people import Household
from desktop.actions import cases, sync_truth
from desktop.desk import Desk
from desktop.domain.changes import Draft
from desktop.domain.faults import Known
from desktop.domain.transfers import OFFER, OFFERED
from desktop.sync import enrol, round_trip
from server import config
from tests.actions.working import mother_and_child
from tests.desk import opened, provinces
from tests.desk.provinces import Province
from tests.desk.sitting import sitting
from ui.screens.intake import IntakeScreen
from ui.screens.transfers import TransfersScreen
from ui.theme.look import Look
from ui.widgets import Paragraph

NEW_HOME = "125"


@pytest.fixture
def two_centres(tmp_path: Path) -> Iterator[Province]:
    with provinces.founded(tmp_path / "province", opened.CENTRE, NEW_HOME) as made:
        yield made


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Desk]:
    """A desk of the other centre."""
    with opened.opened(opened.found(tmp_path / "far", NEW_HOME), opened.Clock(config.now_us())) as desk:
        yield desk


def test_a_file_is_handed_over_and_taken_in(desk: Desk, far: Desk, two_centres: Province, look: Look) -> None:
    with two_centres.serving() as url:
        for each in (desk, far):
            enrol.enrol(each, url, two_centres.code(each.signer.centre))
        done = mother_and_child(desk)
        round_trip.sync(desk)
        with sitting(desk, look) as at:
            at.press("Ctrl+7")
            screen = at.screen()
            assert isinstance(screen, TransfersScreen)
            assert screen.form.finder.box.hasFocus()
            at.type("کاج‌نژاد")
            at.press("Return")
            at.press("Return")
            assert screen.form.words()[0].startswith("پروندهٔ ۱۲، ")
            at.type("۱۲۵")
            at.press("F9")
            assert [each.name for each in screen.open.results()] == ["پروندهٔ ۱۲"]
        for each in (desk, far):
            round_trip.sync(each)
        with sitting(far, look) as at:
            at.press("Ctrl+7")
            screen = at.screen()
            assert isinstance(screen, TransfersScreen)
            assert screen.open.hasFocus()
            at.press("F7")
            assert [each.chip for each in screen.past.results()] == ["آمد"]
        with desk.writing() as session:
            kept = journal.document(session, done.person_id)
            assert kept
            late = Draft(
                "person", done.person_id, "set", {"father_name": "یحیی"}, kept.base("father_name"), kept.household
            )
            journal.write(session, desk.pen, [late])
        for each in (far, desk):
            round_trip.sync(each)
        with far.reading() as session:
            assert cases.card(session, far.actor, done.person_id).members
        with desk.reading() as session:
            with pytest.raises(Known, match="person-gone"):
                cases.card(session, desk.actor, done.person_id)
            (item,) = sync_truth.truth(session, desk.actor, desk.signer.desk, desk.now()).needs_you
        assert item.reason == "به مرکز ۱۲۵ فرستاده شد، که پروندهٔ این خانوار حالا آنجاست."
        with sitting(desk, look) as at:
            at.press("F3")
            assert isinstance(at.screen(), IntakeScreen)
            at.type("۱۲")
            at.press("Return")
            said = " ".join(each.text() for each in at.screen().findChildren(Paragraph) if each.isVisible())
            assert "به مرکز ۱۲۵ منتقل شد" in said


def test_an_offer_the_province_refused_leads_to_its_file(desk: Desk, far: Desk, two_centres: Province) -> None:
    """A centre nobody knows: the code was mistyped."""
    with two_centres.serving() as url:
        enrol.enrol(desk, url, two_centres.code(desk.signer.centre))
        mother_and_child(desk)
        with desk.writing() as session:
            home = session.scalars(select(Household)).one()
            patch = {"household": home.id, "source": desk.centre.code, "target": "999", "state": OFFERED}
            journal.write(session, desk.pen, [Draft("transfer", far.signer.desk, OFFER, dict(patch))])
            head = home.head
        round_trip.sync(desk)
        with desk.reading() as session:
            (item,) = sync_truth.truth(session, desk.actor, desk.signer.desk, desk.now()).needs_you
        assert (item.words, item.act, item.target) == ("انتقال پرونده", "open", head)
