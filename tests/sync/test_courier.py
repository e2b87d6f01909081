"""A centre without a link: work goes to the province on a stick, and the answer comes back on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from db import feed, journal, restored
from desktop import wire
from desktop.actions import dump as desk_dump
from desktop.desk import Desk
from desktop.domain.changes import Draft, Value
from desktop.domain.faults import Known
from desktop.seal import anchors, canonical, commits, courier, keys, signing
from desktop.seal.courier import Label, Part
from desktop.sync import courier as stick
from desktop.sync import enrol, link, round_trip
from desktop.sync.http import address
from server import config, exchange, store
from server import courier as counter
from server.config import Province as Running
from server.store import CHANGE, DESK, FEED, SIGNED_COMMIT
from tests.desk import opened
from tests.desk.provinces import Province

MakeDesk = Callable[[str], Desk]
FAR = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def fault(of: Callable[[], object]) -> str:
    with pytest.raises(Known) as raised:
        of()
    assert all(raised.value.parts())
    return raised.value.code


def held(desk: Desk) -> dict[str, Any]:
    with desk.reading() as session:
        return desk_dump.dump(session)


def place(desk: Desk) -> feed.Position:
    with desk.reading() as session:
        return feed.position(session)


def stored(province: Province) -> list[Any]:
    """All a courier could alter at the province."""
    with store.reading(province.engine) as connection:
        wanted = [
            select(CHANGE.c.desk_id, CHANGE.c.seq, CHANGE.c.hash).order_by(CHANGE.c.desk_id, CHANGE.c.seq),
            select(FEED.c.sseq, FEED.c.desk_id, FEED.c.first).order_by(FEED.c.sseq),
            select(SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first, SIGNED_COMMIT.c.verdict).order_by(
                SIGNED_COMMIT.c.desk_id, SIGNED_COMMIT.c.first
            ),
            select(DESK.c.desk_id, DESK.c.last_seq).order_by(DESK.c.desk_id),
        ]
        return [connection.execute(each).all() for each in wanted]


def running(province: Province) -> Running:
    return Running(province.engine, province.identity)


def take(province: Province, files: Sequence[bytes]) -> counter.Answer:
    return counter.take(running(province), files)


def by_stick(desk: Desk, province: Province) -> stick.Taken:
    """There and back."""
    return stick.read(desk, take(province, stick.write(desk)[1]).parts)


def hired_everywhere(desk: Desk, *others: Desk) -> None:
    """Each desk's founder is known to the centre, so that the province takes their work."""
    for other in others:
        known: dict[str, Value] = {"name": other.actor.name, "roles": list(other.actor.roles), "active": True}
        with desk.writing() as session:
            journal.write(session, desk.pen, [Draft("staff", other.actor.staff_id, "create", known)])


@pytest.fixture
def far(desk: Desk, province: Province) -> Desk:
    """A desk that was enrolled before it went where there is no link, and a morning's work on it."""
    with province.serving():
        enrol.enrol(desk, province.url, province.code(opened.CENTRE))
    opened.at_work(desk).whole()
    return desk


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts so small that a morning takes several."""
    monkeypatch.setattr(courier, "SHARE", 1_000)


def test_a_whole_round_by_stick_between_two_desks_of_which_one_never_has_a_link(
    make_desk: MakeDesk, province: Province
) -> None:
    near, far = make_desk("near"), make_desk("far")
    with province.serving():
        for desk in (near, far):
            enrol.enrol(desk, province.url, province.code(opened.CENTRE))
        hired_everywhere(near, far)
        opened.at_work(near, 1).whole()
        round_trip.sync(near)
        opened.at_work(far, 2).whole()
        first = by_stick(far, province)
        assert (first.news, first.more, first.acked_seq) == (True, False, far.tip())
        assert held(near) != held(far)
        round_trip.sync(near)
        assert held(near) == held(far)
        assert not any(each["pending"] for each in held(far)["documents"])
        opened.at_work(near, 3).whole()
        opened.at_work(far, 4).whole()
        round_trip.sync(near)
        second = by_stick(far, province)
        round_trip.sync(near)
    assert (second.news, second.acked_seq) == (True, far.tip())
    assert held(near) == held(far)
    assert place(near).cursor == place(far).cursor == near.tip() + far.tip()


def test_what_one_courier_left_behind_the_next_one_brings(
    far: Desk, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stick, "MOST_CHANGES", 2)
    monkeypatch.setattr(courier, "ROOM", 500)
    rounds = 0
    while place(far).acked_seq < far.tip():
        by_stick(far, province)
        rounds += 1
    assert rounds > 1
    assert place(far).cursor == far.tip()


def test_an_answer_without_room_says_that_there_is_more(
    far: Desk, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = stick.write(far)[1]
    monkeypatch.setattr(wire, "MOST_CHANGES", 2)
    monkeypatch.setattr(courier, "ROOM", 500)
    taken = [stick.read(far, take(province, parts).parts)]
    while taken[-1].more:
        taken.append(by_stick(far, province))
    assert len(taken) > 2
    assert (taken[-1].cursor, sum(each.pulled for each in taken)) == (far.tip(), far.tip())


def test_the_provinces_countersignature_comes_by_stick_too(far: Desk, province: Province) -> None:
    by_stick(far, province)
    tip = far.tip()
    opened.at_work(far, 9).whole()
    with far.reading() as session:
        [after, *_] = journal.unsent(session, far.signer.desk, tip, 1)
        tie = link.load(session)
    anchor = commits.span(after.message).anchor
    assert anchor
    assert anchors.opened(anchor, far.signer.realm, tie.sign_key).seq == tip


def test_with_nothing_to_send_the_courier_still_asks_for_the_colleagues_work(
    make_desk: MakeDesk, province: Province
) -> None:
    near, far = make_desk("near"), make_desk("far")
    with province.serving():
        for desk in (near, far):
            enrol.enrol(desk, province.url, province.code(opened.CENTRE))
        by_stick(far, province)
        round_trip.sync(near)
        label, parts = stick.write(far)
        assert label.last < label.first
        taken = stick.read(far, take(province, parts).parts)
    assert taken.pulled == near.tip()
    assert place(far).cursor == near.tip() + far.tip()


def test_reading_thrice_is_reading_once(far: Desk, province: Province) -> None:
    _, parts = stick.write(far)
    answers = [take(province, parts)]
    once = stored(province)
    answers += [take(province, parts), take(province, parts)]
    assert stored(province) == once
    assert len({(each.acked_seq, *each.verdicts.items()) for each in answers}) == 1
    first = stick.read(far, answers[0].parts)
    after = held(far), place(far)
    again = [stick.read(far, answers[0].parts) for _ in range(2)]
    assert (held(far), place(far)) == after
    assert (first.news, first.pulled) == (True, far.tip())
    assert {(each.news, each.pulled) for each in again} == {(False, 0)}
    for later in answers[1:]:
        assert stick.read(far, later.parts).pulled == 0
    assert (held(far), place(far)) == after


def test_an_older_answer_after_a_newer_one_changes_nothing(far: Desk, province: Province) -> None:
    _, early = stick.write(far)
    old = take(province, early).parts
    opened.at_work(far, 9).whole()
    new = take(province, stick.write(far)[1]).parts
    assert stick.read(far, new).acked_seq == far.tip()
    after = held(far), place(far)
    late = stick.read(far, old)
    assert (late.news, late.pulled) == (False, 0)
    assert (held(far), place(far)) == after


def test_an_answer_older_than_the_last_sync_by_the_wire_changes_nothing(far: Desk, province: Province) -> None:
    old = take(province, stick.write(far)[1]).parts
    opened.at_work(far, 9).whole()
    with province.serving(known_as=linked(far)):
        on_the_wire(far, province)
    after = held(far), place(far)
    assert not stick.read(far, old).news
    assert (held(far), place(far)) == after


def test_an_answer_that_overlaps_what_the_wire_brought_folds_the_rest_alone(far: Desk, province: Province) -> None:
    """The line was cut after a page: what came counts, and the stick brings what is missing."""
    answer = take(province, stick.write(far)[1]).parts
    reply = opened_for(far, answer)
    with far.reading() as session:
        tie = link.load(session)
    first, *rest = reply.pages[0].entries
    cut = msgspec.structs.replace(reply.pages[0], entries=(first,))
    stick._folded(far, tie, cut, far.now())
    assert 0 < place(far).cursor < far.tip()
    taken = stick.read(far, answer)
    assert (taken.cursor, taken.pulled) == (far.tip(), sum(len(each.effective) for each in rest))


def linked(desk: Desk) -> str:
    with desk.reading() as session:
        return link.load(session).server.base


def on_the_wire(desk: Desk, province: Province) -> None:
    """The desk's own address has another port than the province now: a technician would tell it the new one."""
    with desk.reading() as session:
        tie = link.load(session)
    with desk.writing() as session:
        link.save(session, replace(tie, server=address(province.url)))
    round_trip.sync(desk)


def opened_for(desk: Desk, parts: Sequence[bytes]) -> wire.CourierReply:
    with desk.reading() as session:
        tie = link.load(session)
    return stick._opened(desk, tie, parts)[1]


def test_parts_come_in_any_order_and_twice(far: Desk, province: Province, small: None) -> None:
    _, parts = stick.write(far)
    assert len(parts) > 2
    answer = take(province, [*reversed(parts), parts[0]])
    assert answer.acked_seq == far.tip()
    assert len(answer.parts) > 2
    assert stick.read(far, [*reversed(answer.parts), answer.parts[1]]).acked_seq == far.tip()


@settings(max_examples=25, suppress_health_check=FAR)
@given(st.data())
def test_any_subset_of_parts_is_refused_and_names_what_is_missing(
    far: Desk, province: Province, small: None, data: st.DataObject
) -> None:
    _, parts = stick.write(far)
    kept = data.draw(st.sets(st.sampled_from(range(len(parts))), min_size=1, max_size=len(parts) - 1))
    with pytest.raises(Known) as raised:
        take(province, [parts[at] for at in sorted(kept)])
    assert raised.value.code == "courier-parts"
    missing = [str(at + 1) for at in range(len(parts)) if at not in kept]
    assert raised.value.fields == {"of": len(parts), "missing": "، ".join(missing)}


def flipped(file: bytes, at: int, by: int) -> list[bytes]:
    return [file[:at] + bytes([file[at] ^ by]) + file[at + 1 :]]


@settings(max_examples=60, suppress_health_check=FAR)
@given(where=st.floats(0, 1, exclude_max=True), by=st.integers(1, 255))
def test_any_single_byte_flipped_is_refused(far: Desk, province: Province, where: float, by: int) -> None:
    """On both ways."""
    before = stored(province), held(far), place(far)
    [there] = stick.write(far)[1]
    back = answer_to(far, province)
    codes = {
        fault(lambda: take(province, flipped(there, int(where * len(there)), by))),
        fault(lambda: stick.read(far, flipped(back, int(where * len(back)), by))),
    }
    assert codes <= {"courier-damaged", "courier-version", "courier-not-ours"}
    assert (stored(province), held(far), place(far)) == before


def test_no_byte_of_a_file_is_free(far: Desk, province: Province) -> None:
    back = answer_to(far, province)
    for at in range(len(back)):
        assert fault(lambda at=at: stick.read(far, flipped(back, at, 1)))  # type: ignore[misc]


def answer_to(desk: Desk, province: Province) -> bytes:
    """An answer the province could give, without having taken anything in."""
    name = courier.desk_name(desk.signer.centre, desk.signer.desk)
    label = Label(desk.signer.realm, courier.PROVINCE, name, 1, 0, config.now_us())
    [part] = courier.split(b"whatever it says", label, province.identity.sign_key)
    return sealed(part, box_of(desk))


def box_of(desk: Desk) -> keys.BoxPublic:
    with desk.reading() as session:
        return enrol.box_key(session).public_key()


def sealed(part: Part, box: keys.BoxPublic) -> bytes:
    return courier.seal(wire.pack(wire.Parcel(part.label, part.signature, part.share)), box)


def parcels(province: Province, parts: Sequence[bytes]) -> list[wire.Parcel]:
    """What the province finds in the parts: a thief inside it could seal it anew for another."""
    return [wire.unpack(courier.unseal(each, province.identity.courier_key), wire.Parcel) for each in parts]


def forged(province: Province, parts: Sequence[bytes], signer: keys.SignKey | None = None, **other: object) -> bytes:
    """The first part under another label, sealed to the province: with the old signature, or `signer`'s new one."""
    [old, *_] = parcels(province, parts)
    said = replace(courier.label(old.label), **other)  # type: ignore[arg-type]
    raw = canonical.encode(asdict(said))
    signature = signing.sign(signer, "courier", said.realm, raw) if signer else old.signature
    return sealed(Part(raw, signature, old.share), province.identity.courier_key.public_key())


@pytest.mark.parametrize(
    "other",
    [
        {"realm": "yazd"}, {"to": "124/019a0000-0000-7000-8000-000000000001"}, {"first": 2}, {"last": 1},
        {"issued_at": 1}, {"whole": "0" * 64}, {"share": "0" * 64}, {"of": 2}, {"part": 2, "of": 2},
    ],
)  # fmt: skip
def test_a_label_altered_after_signing_is_refused(far: Desk, province: Province, other: dict[str, Any]) -> None:
    before = stored(province)
    assert fault(lambda: take(province, [forged(province, stick.write(far)[1], **other)])) == "courier-damaged"
    assert stored(province) == before


@pytest.mark.parametrize(("other", "code"), [({"to": "elsewhere"}, "courier-not-ours"), ({"realm": "yazd"}, "damaged")])
def test_what_a_desk_signed_for_another_reader_is_refused(
    far: Desk, province: Province, other: dict[str, Any], code: str
) -> None:
    """Another province could seal what it got anew for this one; the label inside says whom it was for."""
    file = forged(province, stick.write(far)[1], far.signer.desk_key, **other)
    assert fault(lambda: take(province, [file])).endswith(code)


def test_a_share_changed_under_its_label_is_refused(far: Desk, province: Province) -> None:
    [old] = parcels(province, stick.write(far)[1])
    part = Part(old.label, old.signature, old.share[:-1] + bytes([old.share[-1] ^ 1]))
    file = sealed(part, province.identity.courier_key.public_key())
    assert fault(lambda: take(province, [file])) == "courier-damaged"


def test_parts_of_two_couriers_are_not_one(far: Desk, province: Province, small: None) -> None:
    _, one = stick.write(far)
    _, two = stick.write(far)
    assert len(one) == len(two)
    assert fault(lambda: take(province, [one[0], *two[1:]])) == "courier-mixed"
    first, second = (take(province, each).parts for each in (one, two))
    assert fault(lambda: stick.read(far, [first[0], *second[1:]])) == "courier-mixed"


def test_the_wrong_recipient_opens_nothing(make_desk: MakeDesk, far: Desk, province: Province) -> None:
    other = make_desk("other")
    with province.serving():
        enrol.enrol(other, province.url, province.code(opened.CENTRE))
    _, out = stick.write(far)
    answer = take(province, out).parts
    assert fault(lambda: stick.read(other, answer)) == "courier-not-ours"
    assert fault(lambda: stick.read(far, out)) == "courier-not-ours"
    assert fault(lambda: take(province, answer)) == "courier-not-ours"


def test_another_desks_answer_sealed_anew_is_refused(make_desk: MakeDesk, far: Desk, province: Province) -> None:
    """Who holds a colleague's desk can open its answer; under this desk's key it is still not for it."""
    other = make_desk("other")
    with province.serving():
        enrol.enrol(other, province.url, province.code(opened.CENTRE))
    with other.reading() as session:
        box = enrol.box_key(session)
    mine = box_of(far)
    [answer] = take(province, stick.write(other)[1]).parts
    inside = courier.unseal(answer, box)
    assert fault(lambda: stick.read(far, [courier.seal(inside, mine)])) == "courier-not-ours"


def test_a_desk_cannot_send_anothers_work_as_its_own(make_desk: MakeDesk, far: Desk, province: Province) -> None:
    thief = make_desk("thief")
    with province.serving():
        enrol.enrol(thief, province.url, province.code(opened.CENTRE))
    content = b"".join(each.share for each in parcels(province, stick.write(far)[1]))
    name = courier.desk_name(thief.signer.centre, thief.signer.desk)
    label = Label(thief.signer.realm, name, courier.PROVINCE, 1, 1, config.now_us())
    [part] = courier.split(content, label, thief.signer.desk_key)
    before = stored(province)
    file = sealed(part, province.identity.courier_key.public_key())
    assert fault(lambda: take(province, [file])) == "courier-damaged"
    assert stored(province) == before


def test_a_desk_that_is_not_enrolled_is_refused(far: Desk, province: Province) -> None:
    stranger = courier.desk_name("124", "019a0000-0000-7000-8000-000000000001")
    for name in (stranger, courier.desk_name("125", far.signer.desk), "", "/"):
        file = forged(province, stick.write(far)[1], far.signer.desk_key, sender=name)
        assert fault(lambda file=file: take(province, [file])) == "courier-sender"  # type: ignore[misc]


def test_a_revoked_desk_is_refused_and_gets_no_answer(far: Desk, province: Province) -> None:
    with store.writing(province.engine) as connection:
        connection.execute(update(DESK).where(DESK.c.desk_id == far.signer.desk).values(lost_at=1, valid_through=0))
    before = stored(province)
    assert fault(lambda: take(province, stick.write(far)[1])) == "courier-sender"
    assert stored(province) == before


def test_a_desk_that_never_joined_says_so(desk: Desk) -> None:
    assert fault(lambda: stick.write(desk)) == "not-enrolled"
    assert fault(lambda: stick.read(desk, [b""])) == "not-enrolled"


@pytest.mark.parametrize("file", [b"", b"x", b"pishkhan/courier\0\1", bytes(100), b"pishkhan/courier\0\1" + bytes(99)])
def test_what_is_no_courier_file_is_refused(far: Desk, province: Province, file: bytes) -> None:
    for code in (fault(lambda: take(province, [file])), fault(lambda: stick.read(far, [file]))):
        assert code in {"courier-damaged", "courier-not-ours"}
    assert fault(lambda: take(province, [])) == "courier-damaged"


def test_a_file_of_a_later_format_says_so(far: Desk, province: Province) -> None:
    [file] = stick.write(far)[1]
    later = file.replace(b"courier\0\1", b"courier\0\2", 1)
    assert fault(lambda: take(province, [later])) == "courier-version"


def test_a_file_larger_than_a_part_is_refused(far: Desk, province: Province) -> None:
    [file] = stick.write(far)[1]
    assert fault(lambda: take(province, [file + bytes(courier.MOST_PART)])) == "courier-damaged"


def test_bombs_are_refused_whoever_signed_them(far: Desk, province: Province) -> None:
    """A parcel that swells, and a content that does, both from an enrolled desk; and the same from the province."""
    there, back = province.identity.courier_key.public_key(), box_of(far)
    name = courier.desk_name(far.signer.centre, far.signer.desk)
    swollen = wire.pack(wire.Parcel(b"", b"", bytes(wire.MOST_BYTES)))
    assert len(swollen) < 10_000
    content = wire.pack(wire.Parcel(b"", b"", bytes(courier.MOST_CONTENT)))
    label = Label(far.signer.realm, name, courier.PROVINCE, 1, 1, config.now_us())
    [mine] = courier.split(content, label, far.signer.desk_key)
    [its] = courier.split(content, replace(label, sender=label.to, to=name), province.identity.sign_key)
    for file in (courier.seal(swollen, there), sealed(mine, there)):
        swells(lambda file=file: take(province, [file]))  # type: ignore[misc]
    for file in (courier.seal(swollen, back), sealed(its, back)):
        swells(lambda file=file: stick.read(far, [file]))  # type: ignore[misc]


def swells(of: Callable[[], object]) -> None:
    """Refused for its size, before anything else of it was looked at."""
    with pytest.raises(Known) as raised:
        of()
    assert raised.value.code == "courier-damaged"
    assert "larger" in str(raised.value.__cause__)


def test_a_stick_that_was_lost_is_written_again(far: Desk, province: Province) -> None:
    stick.write(far)
    assert place(far).acked_seq == 0
    assert by_stick(far, province).acked_seq == far.tip()


def test_an_answer_from_where_this_desk_is_not_yet_is_refused(far: Desk, province: Province) -> None:
    """A desk restored from a backup reads an answer to a courier it no longer knows of."""
    by_stick(far, province)
    opened.at_work(far, 9).whole()
    answer = take(province, stick.write(far)[1]).parts
    with far.writing() as session:
        feed.mark(session, "cursor", 1)
    assert fault(lambda: stick.read(far, answer)) == "courier-gap"
    assert place(far).cursor == 1


def test_a_state_that_differs_from_the_provinces_is_said_so(
    far: Desk, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a snapshot mends that, and a snapshot needs a link."""
    honest = exchange.pull

    def lying(*asked: Any) -> wire.PullReply:
        page = honest(*asked)
        return msgspec.structs.replace(page, marks=(wire.Mark(page.head, "f" * 64),))

    monkeypatch.setattr(exchange, "pull", lying)
    assert fault(lambda: by_stick(far, province)) == "courier-diverged"
    assert place(far).cursor == 0


def test_a_forked_desk_learns_it_from_the_answer(far: Desk, province: Province) -> None:
    """The province has another past of this desk: nothing enters, and the desk says so as it would by the wire."""
    take(province, stick.write(far)[1])
    before = stored(province)
    with store.writing(province.engine) as connection:
        connection.execute(update(DESK).where(DESK.c.desk_id == far.signer.desk).values(last_hash="f" * 64))
    opened.at_work(far, 9).whole()
    answer = take(province, stick.write(far)[1])
    assert answer.forked
    assert stored(province) == before
    assert fault(lambda: stick.read(far, answer.parts)) == "province-forked"
    with far.reading() as session:
        assert restored.noticed(session)


def test_the_provinces_lost_memory_is_filled_by_the_next_stick(far: Desk, province: Province) -> None:
    """The desk believes more was stored than the province has: the answer tells it where to begin again."""
    with far.writing() as session:
        feed.acked(session, far.tip(), 0)
    opened.at_work(far, 9).whole()
    assert by_stick(far, province).acked_seq == 0
    assert by_stick(far, province).acked_seq == far.tip()


def test_no_name_and_no_word_lies_open_on_the_stick(far: Desk, province: Province) -> None:
    _, out = stick.write(far)
    answer = take(province, out).parts
    for file in (*out, *answer):
        assert far.actor.name.encode() not in file
        assert far.signer.desk.encode() not in file
        assert b"training" not in file
