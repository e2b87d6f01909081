"""The fold, sentence by sentence (design §3), and its promise: no value is replaced by somebody who hadn't seen it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain import hlc, merging
from desktop.domain.changes import Change
from desktop.domain.entities import ENTITIES
from desktop.domain.merging import Document

_serial = count(1)


def change(
    patch: Mapping[str, Any], base: Mapping[str, Sequence[str]] | None = None, *, verb: str = "set",
    kind: str = "person", at: int = 0, id_: str = "", has_body: bool = True,
) -> Change:  # fmt: skip
    """One change to one entity, written at `at` (µs)."""
    change_id = id_ or f"c{next(_serial):06d}"
    clock = hlc.text(hlc.pack(1_000_000 + at))
    return Change(
        change_id, change_id, "training", "124", "desk", 1, clock, "staff", kind, "e1", verb, 1, "", dict(patch),
        dict(base or {}), None, "", has_body,
    )  # fmt: skip


def folded(*changes: Change) -> Document:
    document: Document | None = None
    for each in changes:
        document = merging.fold(document, each, each.hlc)
    assert document is not None
    return document


def values(document: Document, field: str) -> list[object]:
    return [head.value for head in document.cells[field]]


def test_a_guarded_change_replaces_only_what_its_author_saw() -> None:
    first = change({"family_name": "کاج‌نژاد"}, verb="create")
    one = change({"family_name": "سروستانی"}, {"family_name": [first.change_id]})
    other = change({"family_name": "آبان‌پور"}, {"family_name": [first.change_id]})
    document = folded(first, one, other)
    assert values(document, "family_name") == ["سروستانی", "آبان‌پور"]
    assert document.value("family_name") == "سروستانی"
    assert set(document.conflicts()) == {"family_name"}


def test_equal_values_are_no_conflict() -> None:
    first = change({"sex": "female"}, verb="create")
    document = folded(first, *(change({"sex": "male"}, {"sex": [first.change_id]}) for _ in range(2)))
    assert len(document.cells["sex"]) == 2
    assert not document.conflicts()


def test_a_resolution_that_names_all_heads_ends_the_conflict_and_takes_the_first_place() -> None:
    first = change({"birth": "1398"}, verb="create")
    one = change({"birth": "1398-05"}, {"birth": [first.change_id]})
    other = change({"birth": "1399"}, {"birth": [first.change_id]})
    third = change({"birth": "1397"}, {"birth": [first.change_id]})
    partly = change({"birth": "1398-05-12"}, {"birth": [one.change_id, other.change_id]}, verb="resolve")
    assert values(folded(first, one, other, third, partly), "birth") == ["1398-05-12", "1397"]


def test_an_ordinary_field_keeps_the_latest_clock_whatever_came_last() -> None:
    late = change({"value": "09990000001"}, kind="contact", at=9)
    early = change({"value": "09990000002"}, kind="contact", at=1)
    tie = change({"value": "09990000003"}, kind="contact", at=9)
    assert values(folded(late, early), "value") == ["09990000001"]
    assert values(folded(late, tie), "value") == ["09990000003"]


def test_every_step_is_kept_and_two_steps_from_one_place_are_a_conflict() -> None:
    first = change({"status": "registered"}, kind="request", verb="create")
    one = change({"status": "closed"}, {"status": [first.change_id]}, kind="request", verb="step")
    other = change({"status": "incomplete"}, {"status": [first.change_id]}, kind="request", verb="step")
    document = folded(first, one, other)
    assert [step.value for step in document.steps] == ["registered", "closed", "incomplete"]
    assert set(document.conflicts()) == {"status"}


def test_a_void_that_saw_everything_holds() -> None:
    first = change({"given_name": "آوا"}, verb="create")
    void = change({"void": "entered twice"}, {"void": [first.change_id]}, verb="void")
    document = folded(first, void)
    assert document.value("void") == "entered twice"
    assert not document.conflicts()


@pytest.mark.parametrize("order", ["edit first", "void first"])
def test_a_void_and_an_edit_that_did_not_see_each_other_are_a_conflict_and_not_a_deletion(order: str) -> None:
    first = change({"given_name": "آوا"}, verb="create")
    void = change({"void": "entered twice"}, {"void": [first.change_id]}, verb="void")
    edit = change({"given_name": "آوان"}, {"given_name": [first.change_id]})
    document = folded(first, *((edit, void) if order == "edit first" else (void, edit)))
    assert document.value("void") is None
    assert "void" in document.conflicts()


def test_an_edit_that_knew_of_the_void_leaves_it_standing() -> None:
    first = change({"given_name": "آوا"}, verb="create")
    void = change({"void": "entered twice"}, {"void": [first.change_id]}, verb="void")
    document = folded(first, void)
    edit = change({"given_name": "آوان"}, document.base("given_name"))
    assert folded(first, void, edit).value("void") == "entered twice"


def test_only_a_merge_writes_merged_into() -> None:
    first = change({"given_name": "آوا"}, verb="create")
    assert folded(first, change({"merged_into": "other"})).value("merged_into") is None
    assert folded(first, change({"merged_into": "other"}, verb="merge")).value("merged_into") == "other"


def test_an_unknown_field_merges_as_guarded_and_survives() -> None:
    first = change({"blood_group": "A"}, verb="create")
    one = change({"blood_group": "B"}, {"blood_group": [first.change_id]})
    other = change({"blood_group": "O"}, {"blood_group": [first.change_id]})
    assert "blood_group" in folded(first, one, other).conflicts()


def test_a_change_whose_body_is_elsewhere_alters_nothing() -> None:
    first = change({"given_name": "آوا"}, verb="create")
    assert folded(first, change({}, has_body=False)) == folded(first)
    void = change({"void": "entered twice"}, {"void": [first.change_id]}, verb="void")
    assert folded(first, void, change({}, has_body=False)) == folded(first, void)


@pytest.mark.parametrize(
    ("links", "start", "meant"),
    [({}, "a", "a"), ({"a": "b"}, "a", "b"), ({"a": "b", "b": "c"}, "a", "c"), ({"a": "b", "b": "a"}, "a", "a"),
     ({"a": "b", "b": "c", "c": "b"}, "a", "b"), ({"a": "gone"}, "a", "gone")],
)  # fmt: skip
def test_a_merged_person_is_found_and_a_ring_ends(links: dict[str, str], start: str, meant: str) -> None:
    assert merging.resolved(start, links.get) == meant


def test_every_reference_is_a_field_and_every_kind_its_own_name() -> None:
    for kind, entity in ENTITIES.items():
        assert kind == entity.kind
        assert set(entity.references) <= set(entity.fields)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.sampled_from("abc")), max_size=25))
def test_no_value_is_replaced_by_an_author_who_had_not_seen_it(schedule: list[tuple[int, int, str]]) -> None:
    """Authors lag behind the feed by any amount. The oracle tracks who had received what; it never looks at heads."""
    feed: list[Change] = [change({"family_name": "آغاز"}, verb="create", id_="start")]
    received: dict[str, int] = {"start": 0}
    alive = ["start"]
    for author, lag, value in schedule:
        saw = max(1, len(feed) - lag % (len(feed) + 1))
        seen = folded(*feed[:saw])
        made = change({"family_name": value}, seen.base("family_name"), id_=f"{len(feed)}-{author}")
        alive = [each for each in alive if received[each] >= saw] + [made.change_id]
        received[made.change_id] = len(feed)
        feed.append(made)
        assert {head.change_id for head in folded(*feed).cells["family_name"]} == set(alive)


@given(st.lists(st.sampled_from(["family_name", "void", "status", "odd"]), min_size=1, max_size=12), st.randoms())
def test_a_document_is_the_same_after_it_was_written_down(fields: list[str], rng: Any) -> None:
    changes = [
        change(
            {field: rng.choice(["آ", "ب", None, 3, True, ["x"]])},
            verb="void" if field == "void" else "set",
            kind="request",
        )
        for field in fields
    ]
    document = folded(*changes)
    text = merging.dumped(document)
    again = merging.loaded("request", "e1", text)
    assert merging.dumped(again) == text
    assert again.conflicts().keys() == document.conflicts().keys()
    assert merging.document_hash("request", "e1", text) != merging.document_hash("person", "e1", text)


def test_a_void_head_does_not_depend_on_the_order_of_fields() -> None:
    """A document in memory and one read from the disk are folded alike."""
    first = change({"given_name": "آوا"}, verb="create", id_="c1")
    two = change({"father_name": "یونس"}, {}, id_="c2")
    three = change({"birth": "1398"}, {}, id_="c3")
    void = change({"void": "entered twice"}, {"void": ["c1"]}, verb="void", id_="c4")
    at_once = folded(first, two, three, void)
    stored = merging.loaded("person", "e1", merging.dumped(folded(first, two, three)))
    assert merging.fold(stored, void, void.hlc) == at_once._replace(cells=dict(sorted(at_once.cells.items())))


def test_two_voids_and_an_edit_that_saw_neither_are_contested_in_any_order() -> None:
    first = change({"given_name": "آوا"}, verb="create")
    voids = [change({"void": why}, {"void": [first.change_id]}, verb="void") for why in ("twice", "wrong")]
    edit = change({"given_name": "آوان"}, {"given_name": [first.change_id]})
    for order in ([*voids, edit], [voids[0], edit, voids[1]], [edit, *voids]):
        document = folded(first, *order)
        assert document.value("void") is None, order
        assert len({head.value for head in document.cells["void"]}) == 3


def test_a_revived_document_is_not_voided_by_one_who_missed_an_edit() -> None:
    first = change({"given_name": "آوا"}, verb="create")
    void = change({"void": "twice"}, {"void": [first.change_id]}, verb="void")
    revived = change({"void": None}, {"void": [void.change_id]}, verb="resolve")
    edit = change({"given_name": "آوان"}, {"given_name": [first.change_id], "void": [revived.change_id]})
    blind = change({"void": "again"}, {"void": [first.change_id, revived.change_id]}, verb="void")
    document = folded(first, void, revived, edit, blind)
    assert document.value("void") is None
    assert "void" in document.conflicts()


def test_a_create_merges_nobody() -> None:
    assert folded(change({"merged_into": "other"}, verb="create")).value("merged_into") is None


_PATCHES = ("given_name", "father_name", "birth", "void", "status")


@given(
    st.lists(st.tuples(st.sampled_from(_PATCHES), st.lists(st.integers(0, 9), max_size=4)), min_size=1, max_size=14),
    st.data(),
)
def test_folding_may_be_interrupted_anywhere(steps: list[tuple[str, list[int]]], data: st.DataObject) -> None:
    """Written down and read again between any two changes, a document comes out the same."""
    made: list[Change] = []
    for at, (field, seen) in enumerate(steps):
        base = {field: [f"s{each}" for each in seen if each < at]}
        verb = "void" if field == "void" else "set"
        made.append(change({field: f"v{at}"}, base, verb=verb, kind="request", id_=f"s{at}"))
    whole: Document | None = None
    parts: Document | None = None
    for each in made:
        whole, parts = merging.fold(whole, each, each.hlc), merging.fold(parts, each, each.hlc)
        if parts and data.draw(st.booleans()):
            parts = merging.loaded("request", "e1", merging.dumped(parts))
    assert whole is not None
    assert parts is not None
    assert merging.dumped(whole) == merging.dumped(parts)
