"""A household moves between centres: whole, as signed, leaving nothing behind, and nobody forges it (security 22)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, select

from desktop.domain import hlc, identifiers, merging, transfers
from desktop.domain.changes import Draft, Value, Verb
from desktop.domain.merging import Document
from desktop.seal import commits, keys
from desktop.seal.commits import Commit
from server import enrol, feed, inbox, monitor, orders, store
from server.books import Books
from server.keys import Identity
from server.store import CHANGE, DOCUMENT, FEED, MOVED, SIGNED_COMMIT
from tests.desk.authors import CENTRE, NOW, PROVINCE_KEY, REALM, Author
from tests.desk.inbox import enrolled, joined, push

ACCEPTED = ("accepted", "")
NORTH, SOUTH = "1301", "1302"
CANARY = "قناری‌پور"


@pytest.fixture
def centres(engine: Engine) -> tuple[Author, Author, Author]:
    """A desk at each of three centres, founded."""
    with store.writing(engine) as connection:
        for code in (NORTH, SOUTH):
            enrol.add_centre(connection, code, f"مرکز {code}", NOW)
    found = tuple(enrolled(engine, Author(centre=code)) for code in (CENTRE, NORTH, SOUTH))
    for each in found:
        assert push(engine, each, each.write(*each.founding())) == [ACCEPTED]
    return found[0], found[1], found[2]


class Home:
    """A household of one person with a visit."""

    def __init__(self, family: str = CANARY) -> None:
        self.home, self.person, self.member, self.visit = (identifiers.new() for _ in range(4))
        self.family = family

    @property
    def ids(self) -> set[str]:
        return {self.home, self.person, self.member, self.visit}

    def drafts(self) -> list[Draft]:
        member: dict[str, Value] = {"person": self.person, "household": self.home, "relation": "head"}
        return [
            Draft("household", self.home, "create", {"file_number": "99001"}, household=self.home),
            Draft("person", self.person, "create", {"family_name": self.family}, household=self.home),
            Draft("membership", self.member, "create", member, household=self.home),
            Draft("visit", self.visit, "create", {"person": self.person, "day": "1405-08-24"}, household=self.home),
        ]

    def note(self, text: str, base: list[str] | None = None) -> Draft:
        seen = {"family_name": base} if base else {}
        return Draft("person", self.person, "set", {"family_name": text}, base=seen, household=self.home)


def offer(home: str, source: str, target: str) -> Draft:
    patch: dict[str, Value] = {
        "household": home, "source": source, "target": target, "file_number": "99001", "members": 1,
        "day": "1405-09-03", "state": transfers.OFFERED,
    }  # fmt: skip
    return Draft("transfer", identifiers.new(), transfers.OFFER, patch)


def ending(engine: Engine, centre: str, offered: Draft, verb: Verb = transfers.ACCEPT) -> Draft:
    kept = documents(engine, centre)[offered.entity_id]
    state = transfers.STATES[verb]
    return Draft("transfer", offered.entity_id, verb, {"state": state}, base=kept.base("state"))


def documents(engine: Engine, centre: str) -> dict[str, Document]:
    with store.reading(engine) as connection:
        rows = connection.execute(select(DOCUMENT).where(DOCUMENT.c.centre_id == centre)).all()
    return {row.entity_id: merging.loaded(row.kind, row.entity_id, row.doc) for row in rows}


def whole(engine: Engine) -> None:
    """What holds for every centre at any time: no gap, nothing twice, documents, state and marks as the feed folds."""
    with store.reading(engine) as connection:
        for centre in (CENTRE, NORTH, SOUTH):
            rows: list[feed.Entry | feed.Said] = []
            after = 0
            while page := feed.page(connection, centre, after, 7):
                assert page[0].sseq == after + 1
                rows += page
                after = page[-1].sseq + page[-1].length - 1
            folded: dict[str, Document | None] = {}
            told: set[str] = set()
            states = {}
            for row in rows:
                if isinstance(row, feed.Entry):
                    for sealed, clock in zip(row.commit.changes, row.effective, strict=True):
                        change = commits.opened(sealed)
                        folded[change.entity_id] = merging.fold(folded.get(change.entity_id), change, clock)
                        assert sealed.body is None or change.change_id not in told, "it comes once"
                        told |= {change.change_id} if sealed.body else set()
                states[row.sseq + row.length - 1] = state_of(doc for doc in folded.values() if doc)
            kept = documents(engine, centre)
            assert {key: merging.dumped(doc) for key, doc in folded.items() if doc} == {
                key: merging.dumped(doc) for key, doc in kept.items()
            }
            state = connection.execute(select(store.CENTRE_HEAD.c.state).where(store.CENTRE_HEAD.c.centre_id == centre))
            assert state.scalar_one() == state_of(kept.values())
            for mark in connection.execute(select(store.MARK).where(store.MARK.c.centre_id == centre)):
                assert states[mark.sseq] == mark.state


def state_of(kept: Iterable[Document]) -> str:
    return merging.state_hash(
        sum(
            merging.weight(doc.kind, doc.entity_id, merging.document_hash(doc.kind, doc.entity_id, merging.dumped(doc)))
            for doc in kept
        )
    )


def bodies(engine: Engine, centre: str) -> bytes:
    with store.reading(engine) as connection:
        found = connection.execute(select(CHANGE.c.body).where(CHANGE.c.centre_id == centre)).scalars()
        return b"\n".join(each or b"" for each in found)


def move(engine: Engine, source: Author, target: Author, home: str) -> Draft:
    """The whole way: offered and accepted."""
    offered = offer(home, source.centre, target.centre)
    assert push(engine, source, source.write(offered)) == [ACCEPTED]
    assert push(engine, target, target.write(ending(engine, target.centre, offered))) == [ACCEPTED]
    whole(engine)
    return offered


def test_it_goes_whole_and_leaves_nothing(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    here, there, _ = centres
    family, stays = Home(), Home("ماندگار")
    push(engine, here, here.write(*family.drafts()), here.write(*stays.drafts()))
    before = {key: doc for key, doc in documents(engine, CENTRE).items() if key in family.ids}
    offered = move(engine, here, there, family.home)
    now = documents(engine, NORTH)
    assert {key: now[key] for key in family.ids} == before, "the same documents, clocks and all"
    left = documents(engine, CENTRE)
    assert family.ids.isdisjoint(left)
    assert stays.ids <= set(left)
    assert CANARY.encode() not in bodies(engine, CENTRE)
    assert CANARY.encode() in bodies(engine, NORTH)
    for centre in (CENTRE, NORTH):
        assert documents(engine, centre)[offered.entity_id].value("state") == transfers.ACCEPTED


def refused(engine: Engine, author: Author, *drafts: Draft) -> None:
    assert push(engine, author, author.write(*drafts)) == [("quarantined", "transfer_refused")]
    whole(engine)


def test_only_the_named_centre_accepts(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    here, _, far = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    offered = offer(family.home, CENTRE, NORTH)
    push(engine, here, here.write(offered))
    base = documents(engine, NORTH)[offered.entity_id].base("state")
    forged = Draft("transfer", offered.entity_id, transfers.ACCEPT, {"state": transfers.ACCEPTED}, base=base)
    assert push(engine, far, far.write(forged))[0][0] == "quarantined"
    refused(engine, here, forged)
    assert family.ids <= set(documents(engine, CENTRE))
    assert family.ids.isdisjoint(documents(engine, SOUTH))


def test_it_is_accepted_once_and_not_after_it_was_taken_back(
    engine: Engine, centres: tuple[Author, Author, Author]
) -> None:
    here, there, _ = centres
    one, two = Home(), Home()
    push(engine, here, here.write(*one.drafts()), here.write(*two.drafts()))
    done = move(engine, here, there, one.home)
    again = Draft(
        "transfer", done.entity_id, transfers.ACCEPT, {"state": transfers.ACCEPTED},
        base=documents(engine, NORTH)[done.entity_id].base("state"),
    )  # fmt: skip
    refused(engine, there, again)
    offered = offer(two.home, CENTRE, NORTH)
    push(engine, here, here.write(offered))
    late = ending(engine, NORTH, offered)
    assert push(engine, here, here.write(ending(engine, CENTRE, offered, transfers.CANCEL))) == [ACCEPTED]
    fresh = enrolled(engine, Author(centre=NORTH))
    person, key = fresh.founding()
    push(engine, fresh, fresh.write(person, key))
    refused(engine, fresh, late)
    assert two.ids <= set(documents(engine, CENTRE))


def test_an_offer_is_its_owners_and_of_what_is_here(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    here, _, far = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    for wrong in (
        offer(family.home, CENTRE, CENTRE), offer(family.home, CENTRE, "9999"), offer(family.home, SOUTH, NORTH),
        offer(family.person, CENTRE, NORTH),
    ):  # fmt: skip
        author = enrolled(engine, Author())
        push(engine, author, author.write(*author.founding()))
        refused(engine, author, wrong)
    assert push(engine, far, far.write(offer(family.home, SOUTH, NORTH))) == [("quarantined", "missing_reference")]
    whole(engine)


def test_an_offer_that_waits_stays_with_its_centre(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    """It speaks of the household and is no part of it."""
    here, there, _ = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()), here.write(first := offer(family.home, CENTRE, NORTH)))
    second = here.write(offer(family.home, CENTRE, SOUTH))
    assert push(engine, here, second) == [("quarantined", "transfer_refused")]
    assert push(engine, there, there.write(ending(engine, NORTH, first))) == [ACCEPTED]
    assert verdict_of(engine, CENTRE, second) == ("quarantined", "transfer_refused")
    whole(engine)


def test_the_target_may_decline(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    here, there, _ = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    offered = offer(family.home, CENTRE, NORTH)
    push(engine, here, here.write(offered))
    assert push(engine, there, there.write(ending(engine, NORTH, offered, transfers.CANCEL))) == [ACCEPTED]
    assert documents(engine, CENTRE)[offered.entity_id].value("state") == transfers.CANCELLED
    assert family.ids <= set(documents(engine, CENTRE))
    whole(engine)


def test_a_household_is_offered_to_one_centre_at_a_time(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    here, there, far = centres
    family, other = Home(), Home()
    push(engine, here, here.write(*family.drafts()), here.write(*other.drafts()))
    colleague = enrolled(engine, Author())
    push(engine, colleague, colleague.write(*colleague.founding()))
    refused(engine, colleague, offer(other.home, CENTRE, NORTH), offer(other.home, CENTRE, SOUTH))
    first, second = offer(family.home, CENTRE, NORTH), offer(family.home, CENTRE, SOUTH)
    assert push(engine, here, here.write(first)) == [ACCEPTED]
    again = here.write(second)
    assert push(engine, here, again) == [("quarantined", "transfer_refused")]
    with pytest.raises(inbox.NotToRelease):
        decide(engine, CENTRE, again, inbox.release_by_hand)
    assert push(engine, there, there.write(ending(engine, NORTH, first, transfers.CANCEL))) == [ACCEPTED]
    decide(engine, CENTRE, again, inbox.release_by_hand)
    assert push(engine, far, far.write(ending(engine, SOUTH, second))) == [ACCEPTED], "it was right after all"
    assert family.ids <= set(documents(engine, SOUTH))
    whole(engine)


def test_nobody_carries_a_forged_acceptance_out_by_hand(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    here, _, _ = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    offered = offer(family.home, CENTRE, NORTH)
    push(engine, here, here.write(offered))
    forged = here.write(ending(engine, CENTRE, offered))
    assert push(engine, here, forged) == [("quarantined", "transfer_refused")]
    with pytest.raises(inbox.NotToRelease):
        decide(engine, CENTRE, forged, inbox.release_by_hand)
    decide(engine, CENTRE, forged, inbox.discard)
    assert family.ids <= set(documents(engine, CENTRE))
    whole(engine)


def test_only_who_may_decide_decides(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    """A social worker may offer a household, and not take one in."""
    here, there, _ = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    offered = offer(family.home, CENTRE, NORTH)
    push(engine, here, here.write(offered))
    worker = enrolled(engine, Author(centre=NORTH, roles=("social_worker",)))
    person, key = worker.founding()
    push(engine, there, there.write(person, key))
    assert push(engine, worker, worker.write(ending(engine, NORTH, offered))) == [("quarantined", "role")]
    assert family.ids <= set(documents(engine, CENTRE))


def test_accepted_and_taken_back_at_once_is_one_of_both(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    here, there, _ = centres
    homes = [Home() for _ in range(3)]
    offers = [offer(each.home, CENTRE, NORTH) for each in homes]
    for home, offered in zip(homes, offers, strict=True):
        push(engine, here, here.write(*home.drafts()), here.write(offered))
    sent = {
        CENTRE: [here.write(ending(engine, CENTRE, each, transfers.CANCEL)) for each in offers],
        NORTH: [there.write(ending(engine, NORTH, each)) for each in offers],
    }
    said: dict[str, list[tuple[str, str]]] = {CENTRE: [], NORTH: []}
    at_once(engine, (here, there), sent, said)
    for home, back, taken in zip(homes, said[CENTRE], said[NORTH], strict=True):
        assert ACCEPTED in (back, taken)
        assert {back[0], taken[0]} <= {"accepted", "quarantined", "rerouted"}
        assert (home.ids <= set(documents(engine, NORTH))) == (taken == ACCEPTED)
        assert (home.ids <= set(documents(engine, CENTRE))) == (taken != ACCEPTED)
    whole(engine)


def at_once(
    engine: Engine,
    authors: tuple[Author, Author],
    sent: dict[str, list[Commit]],
    said: dict[str, list[tuple[str, str]]],
) -> None:
    """Two desks push their commits one by one, each pair in the same moment."""
    ready = threading.Barrier(2)

    def go(author: Author) -> None:
        for commit in sent[author.centre]:
            ready.wait(20)
            said[author.centre] += push(engine, author, commit)

    threads = [threading.Thread(target=go, args=(author,)) for author in authors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def verdict_of(engine: Engine, centre: str, commit: Commit) -> tuple[str, str]:
    said = commits.span(commit.message)
    with store.reading(engine) as connection:
        row = connection.execute(
            select(SIGNED_COMMIT.c.verdict, SIGNED_COMMIT.c.reason).where(
                SIGNED_COMMIT.c.centre_id == centre, SIGNED_COMMIT.c.desk_id == said.desk,
                SIGNED_COMMIT.c.first == said.first,
            )
        ).one()  # fmt: skip
    return row.verdict, row.reason


def decide(engine: Engine, centre: str, commit: Commit, act: Callable[..., None]) -> None:
    said = commits.span(commit.message)

    def work(connection: Connection) -> None:
        act(Books(connection, REALM, PROVINCE_KEY, NOW), centre, said.desk, said.first)

    store.locked(engine, centre, work)


def test_late_work_on_two_households_that_crossed_waits_where_the_one_went_and_is_kept(
    engine: Engine, centres: tuple[Author, Author, Author]
) -> None:
    here, there, _ = centres
    went, came, also_came = Home(), Home("آمده"), Home("نیز آمده")
    push(engine, here, here.write(*went.drafts()))
    push(engine, there, there.write(*came.drafts()), there.write(*also_came.drafts()))
    for family in (came, also_came):
        move(engine, there, here, family.home)
    move(engine, here, there, went.home)
    late = here.write(went.note("دیرآمده"), came.note("دیرآمده"), also_came.note("دیرآمده"))
    assert push(engine, here, late) == [("rerouted", NORTH)]
    assert verdict_of(engine, CENTRE, late) == ("rerouted", NORTH)
    assert verdict_of(engine, NORTH, late) == ("quarantined", "late")
    move(engine, here, there, came.home)
    assert verdict_of(engine, NORTH, late) == ("quarantined", "late")
    assert "دیرآمده".encode() in bodies(engine, NORTH)
    decide(engine, NORTH, late, inbox.release_by_hand)
    for centre, family in ((NORTH, went), (NORTH, came), (CENTRE, also_came)):
        heads = documents(engine, centre)[family.person].cells["family_name"]
        assert "دیرآمده" in [head.value for head in heads]
    whole(engine)


def test_what_waits_and_follows_a_household_takes_nobody_else_along(
    engine: Engine, centres: tuple[Author, Author, Author]
) -> None:
    here, there, _ = centres
    went, stayed = Home(), Home("مانده")
    push(engine, here, here.write(*went.drafts()), here.write(*stayed.drafts()))
    nobody: dict[str, Value] = {"merged_into": identifiers.new()}
    waits = here.write(went.note("منتظر"), Draft("person", stayed.person, "merge", nobody, household=stayed.home))
    assert push(engine, here, waits) == [("quarantined", "missing_reference")]
    colleague = joined(engine, here)
    move(engine, colleague, there, went.home)
    assert verdict_of(engine, NORTH, waits) == ("quarantined", "late")
    with store.reading(engine) as connection:
        assert stayed.person not in Books(connection, REALM, PROVINCE_KEY, NOW).moved(CENTRE, [stayed.person])
    assert push(engine, colleague, colleague.write(stayed.note("ماند"))) == [ACCEPTED]
    whole(engine)


def test_late_work_that_refers_to_who_left_stays_where_its_own_person_is(
    engine: Engine, centres: tuple[Author, Author, Author]
) -> None:
    here, there, _ = centres
    went, stayed = Home(), Home("مانده")
    push(engine, here, here.write(*went.drafts()), here.write(*stayed.drafts()))
    move(engine, here, there, went.home)
    merged = Draft("person", stayed.person, "merge", {"merged_into": went.person}, household=stayed.home)
    late = here.write(went.note("دیرآمده"), merged)
    assert push(engine, here, late) == [("rerouted", NORTH)]
    decide(engine, NORTH, late, inbox.release_by_hand)
    assert stayed.person not in documents(engine, NORTH)
    assert documents(engine, CENTRE)[stayed.person].value("merged_into") == went.person
    whole(engine)


def test_late_work_waits_at_the_target_and_a_person_lets_it_in(
    engine: Engine, centres: tuple[Author, Author, Author]
) -> None:
    here, there, _ = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    move(engine, here, there, family.home)
    late = here.write(family.note("دیرآمده"))
    follows = here.write(Draft("visit", identifiers.new(), "create", {"person": family.person, "day": "1405-08-25"}))
    assert push(engine, here, late, follows) == [("rerouted", NORTH)] * 2
    assert push(engine, here, late, follows) == [("rerouted", NORTH)] * 2, "said again"
    assert verdict_of(engine, NORTH, late) == ("quarantined", "late")
    assert "دیرآمده".encode() not in bodies(engine, CENTRE)
    whole(engine)
    decide(engine, NORTH, late, inbox.release_by_hand)
    assert [head.value for head in documents(engine, NORTH)[family.person].cells["family_name"]] == [CANARY, "دیرآمده"]
    decide(engine, NORTH, follows, inbox.discard)
    assert verdict_of(engine, NORTH, follows)[0] == "discarded"
    whole(engine)
    with pytest.raises(KeyError):
        decide(engine, NORTH, late, inbox.release_by_hand)


def test_who_was_told_and_writes_on_is_refused(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    here, there, _ = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    move(engine, here, there, family.home)
    with store.writing(engine, CENTRE) as connection:
        feed.reached(connection, CENTRE, here.desk, feed.head(connection, CENTRE))
    written_before = here.write(family.note("پیش"), at=hlc.pack(NOW - 1_000_000))
    written_after = here.write(family.note("پس"), at=hlc.pack(NOW + 5_000_000))
    assert push(engine, here, written_before, written_after, now_us=NOW + 9_000_000) == [
        ("rerouted", NORTH), ("discarded", "moved_away"),
    ]  # fmt: skip
    whole(engine)


def test_it_comes_back_and_goes_on(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    here, there, far = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    before = {key: doc for key, doc in documents(engine, CENTRE).items() if key in family.ids}
    move(engine, here, there, family.home)
    assert push(engine, there, there.write(family.note("نو"))) == [ACCEPTED]
    move(engine, there, here, family.home)
    back = documents(engine, CENTRE)
    assert {key: back[key] for key in family.ids if key != family.person} == {
        key: doc for key, doc in before.items() if key != family.person
    }
    assert push(engine, here, here.write(family.note("بازگشته"))) == [ACCEPTED], "it is theirs again"
    move(engine, here, far, family.home)
    late = there.write(family.note("از شمال"))
    assert push(engine, there, late)[0][0] == "rerouted"
    assert verdict_of(engine, SOUTH, late) == ("quarantined", "late"), "it follows to where it is now"
    for centre in (CENTRE, NORTH):
        assert CANARY.encode() not in bodies(engine, centre)
    whole(engine)
    with store.writing(engine, CENTRE, NORTH, SOUTH) as connection:
        for centre in (CENTRE, NORTH, SOUTH):
            feed.refold(connection, centre)
    whole(engine)


def test_two_households_of_one_commit_go_one_after_the_other(
    engine: Engine, centres: tuple[Author, Author, Author]
) -> None:
    here, there, far = centres
    one, two, three = Home("یکم"), Home("دوم"), Home("سوم")
    push(engine, here, here.write(*one.drafts(), *two.drafts(), *three.drafts()))
    move(engine, here, there, one.home)
    move(engine, here, far, three.home)
    move(engine, here, there, two.home)
    assert one.ids | two.ids <= set(documents(engine, NORTH))
    assert three.ids <= set(documents(engine, SOUTH))
    with store.reading(engine) as connection:
        gone = connection.execute(select(FEED.c.gone).where(FEED.c.centre_id == CENTRE, FEED.c.gone != "")).scalars()
        assert [len(each.split()) for each in gone] == [12]


def test_who_is_only_a_member_goes_too_with_what_is_theirs(
    engine: Engine, centres: tuple[Author, Author, Author]
) -> None:
    """A walk-in came alone; the household was opened later."""
    here, there, _ = centres
    family = Home()
    alone = [replace_household(each, None) for each in family.drafts() if each.kind in ("person", "visit")]
    push(engine, here, here.write(*alone))
    push(engine, here, here.write(*(each for each in family.drafts() if each.kind in ("household", "membership"))))
    move(engine, here, there, family.home)
    assert family.ids <= set(documents(engine, NORTH))
    assert CANARY.encode() not in bodies(engine, CENTRE)


def replace_household(draft: Draft, household: str | None) -> Draft:
    return Draft(draft.kind, draft.entity_id, draft.verb, draft.patch, draft.base, household, draft.reason)


def test_what_waited_for_a_person_goes_along(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    here, there, _ = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    clerk = enrolled(engine, Author(roles=("technician",)))
    who, key = clerk.founding()
    push(engine, here, here.write(who, key))
    waits = clerk.write(family.note("بی‌اجازه"))
    assert push(engine, clerk, waits) == [("quarantined", "role")]
    move(engine, here, there, family.home)
    assert verdict_of(engine, CENTRE, waits) == ("rerouted", NORTH)
    assert verdict_of(engine, NORTH, waits) == ("quarantined", "late")
    assert "بی‌اجازه".encode() not in bodies(engine, CENTRE)


def test_opposite_moves_at_once_never_wait_for_each_other(
    engine: Engine, centres: tuple[Author, Author, Author]
) -> None:
    here, there, _ = centres
    families = [(Home(), Home()) for _ in range(4)]
    sent: dict[str, list[Commit]] = {CENTRE: [], NORTH: []}
    offers: list[tuple[Draft, Draft]] = []
    for mine, theirs in families:
        push(engine, here, here.write(*mine.drafts()))
        push(engine, there, there.write(*theirs.drafts()))
        pair = offer(mine.home, CENTRE, NORTH), offer(theirs.home, NORTH, CENTRE)
        push(engine, here, here.write(pair[0]))
        push(engine, there, there.write(pair[1]))
        offers.append(pair)
    for to_north, to_here in offers:
        sent[CENTRE].append(here.write(ending(engine, CENTRE, to_here)))
        sent[NORTH].append(there.write(ending(engine, NORTH, to_north)))
    said: dict[str, list[tuple[str, str]]] = {CENTRE: [], NORTH: []}
    at_once(engine, (here, there), sent, said)
    assert said == {CENTRE: [ACCEPTED] * 4, NORTH: [ACCEPTED] * 4}
    for mine, theirs in families:
        assert mine.ids <= set(documents(engine, NORTH))
        assert theirs.ids <= set(documents(engine, CENTRE))
    whole(engine)
    with store.reading(engine) as connection:
        assert connection.execute(select(MOVED.c.entity_id)).scalars().all()


def test_late_work_that_waits_comes_back_with_the_household(
    engine: Engine, centres: tuple[Author, Author, Author]
) -> None:
    here, there, _ = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    move(engine, here, there, family.home)
    late = here.write(family.note("دیرآمده"))
    assert push(engine, here, late) == [("rerouted", NORTH)]
    move(engine, there, here, family.home)
    assert verdict_of(engine, NORTH, late) == ("rerouted", CENTRE)
    assert verdict_of(engine, CENTRE, late) == ("quarantined", "late"), "it waits where the household is"
    assert "دیرآمده".encode() not in bodies(engine, NORTH)
    assert push(engine, here, late) == [("quarantined", "late")]
    decide(engine, CENTRE, late, inbox.release_by_hand)
    heads = documents(engine, CENTRE)[family.person].cells["family_name"]
    assert [head.value for head in heads] == [CANARY, "دیرآمده"]
    whole(engine)


def test_late_work_on_two_households_finds_each_where_it_is(
    engine: Engine, centres: tuple[Author, Author, Author]
) -> None:
    here, there, far = centres
    gone, stays, further = Home("رفته"), Home("مانده"), Home("دورتر")
    for each in (gone, stays, further):
        push(engine, here, here.write(*each.drafts()))
    move(engine, here, there, gone.home)
    move(engine, here, far, further.home)
    visit = Draft("visit", identifiers.new(), "create", {"person": stays.person, "day": "1405-08-25"})
    late = here.write(gone.note("دیر یک"), stays.note("دیر دو"), visit, further.note("دیر سه"))
    ((verdict, waits),) = push(engine, here, late)
    assert (verdict, waits in (NORTH, SOUTH)) == ("rerouted", True)
    whole(engine)
    decide(engine, waits, late, inbox.release_by_hand)
    for centre, home, words in ((NORTH, gone, "دیر یک"), (CENTRE, stays, "دیر دو"), (SOUTH, further, "دیر سه")):
        heads = documents(engine, centre)[home.person].cells["family_name"]
        assert [head.value for head in heads] == [home.family, words]
        for other in {CENTRE, NORTH, SOUTH} - {centre}:
            assert words.encode() not in bodies(engine, other)
            assert home.ids.isdisjoint(documents(engine, other))
    assert visit.entity_id in documents(engine, CENTRE)
    whole(engine)
    more = here.write(Draft("visit", visit.entity_id, "set", {"staff": here.staff}))
    assert push(engine, here, more) == [ACCEPTED], "what it made here is here"
    whole(engine)


def test_no_row_of_the_old_centre_names_anybody(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    here, there, _ = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    assert visits(engine) == {CENTRE: 1, NORTH: 0, SOUTH: 0}
    move(engine, here, there, family.home)
    assert visits(engine) == {CENTRE: 0, NORTH: 1, SOUTH: 0}, "the province counts it where it is"
    push(engine, here, here.write(family.note(f"{CANARY} دیر")))
    assert CANARY not in every_row(engine, CENTRE)
    assert CANARY in every_row(engine, NORTH)


def visits(engine: Engine) -> dict[str, int | None]:
    """What the province counts of each centre."""
    with store.reading(engine) as connection:
        return {each.centre_id: each.visits for each in monitor.centres(connection, NOW)}


def every_row(engine: Engine, centre: str) -> str:
    """Every value of every table's rows of this centre."""
    found: list[str] = []
    with store.reading(engine) as connection:
        for table in store.metadata.sorted_tables:
            asked = select(table)
            if "centre_id" in table.c:
                asked = asked.where(table.c.centre_id == centre)
            for row in connection.execute(asked):
                found += [bytes(each).decode("utf-8", "replace") if isinstance(each, bytes | memoryview) else str(each)
                          for each in row]  # fmt: skip
    return "\n".join(found)


def test_a_visit_of_somebody_who_left_is_kept_for_where_they_are(
    engine: Engine, centres: tuple[Author, Author, Author]
) -> None:
    """Its household isn't said; whom it names decides."""
    here, there, _ = centres
    family = Home()
    push(engine, here, here.write(*family.drafts()))
    move(engine, here, there, family.home)
    visit = Draft("visit", identifiers.new(), "create", {"person": family.person, "day": "1405-08-26"})
    late = here.write(visit)
    assert push(engine, here, late) == [("rerouted", NORTH)]
    follows = here.write(Draft("visit", visit.entity_id, "set", {"staff": here.staff}))
    assert push(engine, here, follows) == [("rerouted", NORTH)]
    decide(engine, NORTH, late, inbox.release_by_hand)
    decide(engine, NORTH, follows, inbox.release_by_hand)
    assert visit.entity_id in documents(engine, NORTH)
    whole(engine)


def test_who_lives_in_another_household_stays(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    """A daughter who moved out: her old membership goes with her parents' household, she doesn't."""
    here, there, _ = centres
    parents, own = Home("پدر"), Home("دختر")
    member: dict[str, Value] = {"person": own.person, "household": parents.home, "relation": "child", "until": "1404"}
    old = Draft("membership", identifiers.new(), "create", member, household=parents.home)
    alone = [replace_household(each, None) if each.kind in ("person", "visit") else each for each in own.drafts()]
    push(engine, here, here.write(*parents.drafts()), here.write(*alone), here.write(old))
    move(engine, here, there, parents.home)
    assert own.ids <= set(documents(engine, CENTRE))
    assert own.ids.isdisjoint(documents(engine, NORTH))
    assert old.entity_id in documents(engine, NORTH)


def test_marks_of_a_past_that_was_changed_are_gone(
    engine: Engine, centres: tuple[Author, Author, Author], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.ledger._MARK_EVERY", 5)
    here, there, _ = centres
    families = [Home() for _ in range(3)]
    for each in families:
        push(engine, here, here.write(*each.drafts()))
    whole(engine)
    move(engine, here, there, families[1].home)
    push(engine, here, here.write(*Home().drafts()))
    whole(engine)
    move(engine, there, here, families[1].home)


def test_an_order_comes_along_with_what_it_redacted(
    engine: Engine, centres: tuple[Author, Author, Author], tmp_path: Path
) -> None:
    here, there, far = centres
    family = Home()
    written = here.write(*family.drafts())
    push(engine, here, written)
    redact(engine, tmp_path, commits.opened(written.changes[1]).change_id)
    assert CANARY not in every_row(engine, CENTRE)
    for source, target in ((here, there), (there, far)):
        move(engine, source, target, family.home)
        assert documents(engine, target.centre)[family.person].value("family_name") is None
        with store.reading(engine) as connection:
            page = feed.pull(connection, target.centre, target.desk, 0, 100)
        assert len(page.orders) == 1, "a stub is only believed beside its order"
        assert "redaction" in [json.loads(each.message)["type"] for each in page.notices]
        assert push(engine, target, target.write(family.note("پس از دستور"))) == [ACCEPTED]
    whole(engine)


def redact(engine: Engine, folder: Path, change_id: str) -> None:
    """Two officers and the root took the values of this change."""
    root = keys.sign_key()
    order = orders.ask((change_id,), "کارشناس", "حکم دادگاه", NOW)
    for name in ("افسر الف", "افسر ب"):
        key = keys.sign_key()
        with store.writing(engine) as connection:
            orders.add_officer(connection, name, keys.public_of(key))
        order = orders.approve(order, name, key, REALM)
    identity = Identity(REALM, keys.public_of(root), PROVINCE_KEY, b"", keys.box_key(), b"")
    assert orders.carry_out(engine, identity, orders.sign(order, root, REALM), folder, NOW) == [CENTRE]


def test_what_desks_would_refuse_no_officer_lets_in(engine: Engine, centres: tuple[Author, Author, Author]) -> None:
    """Work under a forged name follows the household and stays what it is: a desk that pulled it would stand still."""
    here, there, _ = centres
    family = Home()
    first = here.write(*family.drafts())
    push(engine, here, first)
    other = enrolled(engine, Author())
    push(engine, other, other.write(*other.founding()))
    forged = other.write(family.note("جعلی"), actor_key=keys.sign_key())
    assert push(engine, other, forged) == [("quarantined", "actor_signature")]
    ids = [commits.opened(each).change_id for each in first.changes]
    move(engine, here, there, family.home)
    twice = here.write(family.note("دوباره"), ids=ids[:1])
    assert push(engine, here, twice) == [("rerouted", NORTH)]
    assert verdict_of(engine, NORTH, twice) == ("quarantined", "repeated_id")
    for centre in (CENTRE, SOUTH):
        assert "دوباره".encode() not in bodies(engine, centre)
        assert "جعلی".encode() not in bodies(engine, centre)
    assert verdict_of(engine, NORTH, forged) == ("quarantined", "actor_signature")
    for wrong in (forged, twice):
        with pytest.raises(inbox.NotToRelease):
            decide(engine, NORTH, wrong, inbox.release_by_hand)
        decide(engine, NORTH, wrong, inbox.discard)
    whole(engine)
