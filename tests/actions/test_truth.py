"""Where every record is: counts are of all, lists of some; what was voided isn't counted."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, text

from db import feed, journal, settings, sync_history
from db.models.journal import ChangeRow, CommitRow
from desktop.actions import cases, sync_truth, today
from desktop.desk import Desk
from desktop.domain import digits, hlc
from desktop.domain.changes import Draft
from desktop.domain.staffing import Actor
from desktop.domain.sync_truth import REASONS, SyncTruth, act_of, coming, number_of, with_conflicts
from server import judging
from tests.actions.working import mother_and_child, screen
from tests.desk import opened


def test_more_than_can_be_listed_is_still_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_truth, "_MOST", 2)
    monkeypatch.setattr(today, "_MOST", 2)
    for at in range(4):
        mother_and_child(desk, 10 * at)
    with desk.reading() as session:
        truth = sync_truth.truth(session, desk.actor, desk.signer.desk, desk.now())
        day = today.today(session, desk.actor, desk.signer.desk, desk.now())
    assert (len(truth.on_way), truth.on_way_count) == (2, 5), "four families and the founding"
    assert (len(day.visits), day.recorded) == (2, 4)


def test_what_the_province_holds_back_needs_a_person_and_is_not_on_its_way(desk: Desk) -> None:
    mother_and_child(desk)
    last = desk.tip()
    mother_and_child(desk, 10)
    with desk.writing() as session:
        feed.acked(session, desk.tip(), 0)
        feed.judge(session, desk.signer.desk, [feed.Judged(last + 1, desk.tip(), "quarantined", "role")])
    with desk.reading() as session:
        truth = sync_truth.truth(session, desk.actor, desk.signer.desk, desk.now())
    assert (truth.on_way_count, truth.needs_you_count) == (2, 1)
    assert truth.saved == truth.sent == 3


def test_a_voided_result_is_not_counted(desk: Desk) -> None:
    done = mother_and_child(desk)
    first, second = screen(desk, done), screen(desk, done)
    with desk.writing() as session:
        seen = journal.document(session, first.result_id)
        assert seen is not None
        void = Draft("screening_result", first.result_id, "void", {"void": "mistake"}, seen.base_for_void())
        journal.write(session, desk.pen, [void])
    with desk.reading() as session:
        assert today.today(session, desk.actor, desk.signer.desk, desk.now()).screenings == 1
    assert first.result_id != second.result_id


def test_a_desk_of_years_answers_at_once(desk: Desk) -> None:
    """100 000 old changes, all accepted: asking costs a small part of reading them once."""
    mother_and_child(desk)
    mine, tip, many = desk.signer.desk, desk.tip(), 100_000
    with desk.writing() as session:
        session.execute(text("UPDATE change SET sseq = seq, effective = hlc, standing = 'placed'"))
        row = {"kind": "person", "desk": mine, "hlc": "0" * 16, "header": b"", "standing": "placed", "entity_id": "x"}
        session.execute(
            insert(ChangeRow), [{**row, "change_id": str(at), "seq": -at, "sseq": tip + at} for at in range(1, many)]
        )
        blank = {"desk": mine, "message": b"", "actor": "", "desk_signature": b"", "actor_signature": b""}
        session.execute(insert(CommitRow), [{**blank, "first": -at, "last": -at} for at in range(1, many)])

    def fastest(work: Callable[[], object]) -> float:
        return min(timeit.repeat(work, number=1, repeat=3))

    with desk.reading() as session:
        whole = fastest(lambda: session.execute(select(ChangeRow.seq, ChangeRow.hlc)).all())
        asked = fastest(lambda: sync_truth.truth(session, desk.actor, mine, desk.now()))
        assert sync_truth.truth(session, desk.actor, mine, desk.now()).on_way_count == 0
    assert asked < whole / 5, f"{asked:.3f} s of {whole:.3f}"


def judged(desk: Desk, *verdicts: tuple[str, str]) -> list[int]:
    """A family each, its commit judged so; the first seq of each commit."""
    firsts: list[int] = []
    for at, (verdict, reason) in enumerate(verdicts):
        firsts.append(desk.tip() + 1)
        mother_and_child(desk, 10 * at)
        with desk.writing() as session:
            last = session.scalars(select(CommitRow.last).where(CommitRow.first == firsts[-1])).one()
            feed.acked(session, desk.tip(), 0)
            feed.judge(session, desk.signer.desk, [feed.Judged(firsts[-1], last, verdict, reason)])
    return firsts


def truth_of(desk: Desk, actor: Actor | None = None) -> SyncTruth:
    with desk.reading() as session:
        return sync_truth.truth(session, actor or desk.actor, desk.signer.desk, desk.now())


@pytest.mark.parametrize("reason", [*REASONS, "a_word_of_a_newer_province"])
def test_every_reason_is_told_in_words_with_one_thing_to_do(desk: Desk, reason: str) -> None:
    judged(desk, ("quarantined", reason))
    (item,) = truth_of(desk).needs_you
    assert item.words == "مراجعه"
    assert item.reason.startswith("استان آن را نگه داشته است.")
    assert len(item.reason) > 40
    assert item.waits
    assert item.act
    assert reason not in f"{item.words}{item.reason}{item.waits}{item.read_out}"
    expected = act_of("quarantined", reason)
    assert item.act == ("send" if expected == "behind" else expected), "nothing is before it: it can only be sent again"


def test_the_province_is_told_by_telephone_where_to_look(desk: Desk) -> None:
    (first,) = judged(desk, ("quarantined", "role"))
    (item,) = truth_of(desk).needs_you
    short = desk.signer.desk.replace("-", "")[-8:].upper()
    assert item.read_out == (
        "مرکز ۱۲۴", f"میز \u2066{short[:4]} {short[4:]}\u2069", f"شمارهٔ ثبت {digits.persian(first)}", "کد دلیل ۱۴",
    )  # fmt: skip


def test_numbers_of_reasons_are_told_apart_and_cover_what_the_province_says() -> None:
    assert len({number for number, _ in REASONS.values()} | {number_of("new")}) == len(REASONS) + 1
    assert set(judging.REASONS) <= REASONS.keys()


def test_what_is_held_leads_to_what_holds_it(desk: Desk) -> None:
    done = mother_and_child(desk, 90)
    first = desk.tip() + 1
    screen(desk, done)
    second = desk.tip() + 1
    screen(desk, done)
    third = desk.tip() + 1
    screen(desk, done)
    with desk.writing() as session:
        for at, last, reason in (
            (first, second - 1, "role"), (second, third - 1, "held"), (third, desk.tip(), "held"),
        ):  # fmt: skip
            feed.judge(session, desk.signer.desk, [feed.Judged(at, last, "quarantined", reason)])
    before, *held = truth_of(desk).needs_you
    assert [each.act for each in held] == ["behind", "behind"]
    assert {each.target for each in held} == {before.id}, "the one that nothing holds"
    assert f"«{before.words}»" in held[0].waits


def test_a_refused_transfer_leads_to_its_file_for_those_who_may_open_it(desk: Desk) -> None:
    judged(desk, ("quarantined", "transfer_refused"))
    (item,) = truth_of(desk).needs_you
    with desk.reading() as session:
        assert item.act == "open"
        assert cases.card(session, desk.actor, item.target).name
    (item,) = truth_of(desk, replace(desk.actor, roles=("technician",))).needs_you
    assert (item.act, item.target) == ("tell", "")
    assert item.read_out


def test_what_somebody_read_asks_no_more_until_the_province_says_something_else(desk: Desk) -> None:
    first, _, _ = judged(desk, ("discarded", "late"), ("rerouted", ""), ("quarantined", "schema_ahead"))
    items = truth_of(desk).needs_you
    assert [each.act for each in items] == ["seen", "seen", "seen"]
    with desk.writing() as session:
        for each in items[::2]:
            sync_truth.seen(session, desk.actor, each.id)
            sync_truth.seen(session, desk.actor, each.id)
        sync_truth.seen(session, desk.actor, "clock")
        sync_truth.seen(session, desk.actor, f"{desk.signer.desk}/999999")
    left = truth_of(desk)
    assert [each.id for each in left.needs_you] == [items[1].id]
    assert left.needs_you_count == 1
    with desk.writing() as session:
        assert session.get(CommitRow, (desk.signer.desk, first)), "the record is kept"
        last = session.scalars(select(CommitRow.last).order_by(CommitRow.last.desc())).first()
        at = int(items[2].id.partition("/")[2])
        feed.judge(session, desk.signer.desk, [feed.Judged(at, last or 0, "quarantined", "role")])
    assert [each.act for each in truth_of(desk).needs_you] == ["seen", "tell"]


def test_the_oldest_waiting_and_the_last_success_are_told_as_people_say_them(desk: Desk) -> None:
    with desk.reading() as session:
        founded = hlc.microseconds(hlc.parse(session.scalars(select(ChangeRow.hlc)).first() or ""))
    minute, hour, clock = 60_000_000, 3_600_000_000, opened.Clock(founded)
    desk.now = clock
    with desk.writing() as session:
        settings.put(session, "last_sync", founded)
    assert "/" not in truth_of(desk).last_success
    for passed, words in (
        (0, "کمتر از یک دقیقه"), (59 * minute, "۵۹ دقیقه"), (3 * hour, "۳ ساعت"), (50 * hour, "۲ روز"),
    ):  # fmt: skip
        clock.at = founded + passed
        assert truth_of(desk).oldest == words
    assert "/" in truth_of(desk).last_success, "a time alone would be taken for today's"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (None, ""), (0, "تلاش بعدی: تا یک دقیقهٔ دیگر"), (59, "تلاش بعدی: تا یک دقیقهٔ دیگر"),
        (600, "تلاش بعدی: ۰۹:۴۰"),
    ],
)  # fmt: skip
def test_when_the_next_attempt_is(at: int | None, words: str) -> None:
    assert coming(None if at is None else opened.NOW + at * 1_000_000, opened.NOW) == words


@pytest.mark.parametrize(
    ("minutes", "words", "needs"),
    [
        (0, "", 0), (2, "", 0), (-2, "", 0), (3, "ساعت این رایانه ۳ دقیقه عقب است.", 0),
        (-200, "ساعت این رایانه ۳ ساعت جلو است.", 0), (-24 * 60, "ساعت این رایانه ۱ روز جلو است.", 0),
        (-24 * 60 - 1, "ساعت این رایانه ۱ روز جلو است.", 1), (400 * 24 * 60, "ساعت این رایانه ۴۰۰ روز عقب است.", 1),
    ],
)  # fmt: skip
def test_a_wrong_clock_is_told_and_one_that_is_days_off_asks_for_a_person(
    desk: Desk, minutes: int, words: str, needs: int
) -> None:
    offset = minutes * 60_000_000
    with desk.writing() as session:
        sync_history.keep(session, sync_history.Attempt(desk.now(), "timer", "ok", clock_offset=offset))
        sync_history.keep(session, sync_history.Attempt(desk.now(), "timer", "province-unreachable"))
    truth = truth_of(desk)
    assert (truth.clock, truth.needs_you_count, len(truth.needs_you)) == (words, needs, needs)
    assert [each.act for each in truth.needs_you] == ["send"] * needs


def test_what_came_under_a_key_nobody_listed_is_reported(desk: Desk) -> None:
    mother_and_child(desk)
    before = truth_of(desk).needs_you_count
    with desk.writing() as session:
        session.execute(text("UPDATE change SET sseq = 41, standing = 'unknown' WHERE seq = 2"))
    truth = truth_of(desk)
    assert (before, truth.needs_you_count) == (0, 1)
    (item,) = truth.needs_you
    assert (item.act, item.read_out[2:]) == ("tell", ("شمارهٔ ثبت ۴۱", "کد دلیل ۵۱"))


def test_conflicts_are_one_item_that_leads_to_their_list(desk: Desk) -> None:
    judged(desk, ("rerouted", ""))
    truth = truth_of(desk)
    assert with_conflicts(truth, 0) == truth
    more = with_conflicts(truth, 3)
    assert more.needs_you_count == 2
    assert (more.needs_you[0].act, more.needs_you[0].target) == ("conflicts", "conflicts")
    assert more.needs_you[0].words.startswith("۳ ")
