"""The parts of a courier file: what each binds, how they come together, how they lie on a stick."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.faults import Known
from desktop.seal import canonical, courier, courier_files, keys, sealing, signing
from desktop.seal.courier import Label, Part

KEY, BOX = keys.sign_key(), keys.box_key()
DESK = "124/019a0000-0000-7000-8000-0000deadbeef"
LABEL = Label("yazd", DESK, courier.PROVINCE, 1, 160, 7)


def fault(of: Callable[[], object]) -> str:
    with pytest.raises(Known) as raised:
        of()
    assert all(raised.value.parts())
    return raised.value.code


def believed(part: Part) -> Label:
    return courier.believed(part, KEY.public_key(), realm="yazd", to=courier.PROVINCE)


def signed(part: Part, /, **other: object) -> Part:
    """The part under another label, signed anew by its own sender."""
    raw = canonical.encode({**asdict(courier.label(part.label)), **other})
    return Part(raw, signing.sign(KEY, "courier", "yazd", raw), part.share)


@given(content=st.binary(max_size=200), share=st.integers(20, 200))
def test_content_comes_out_as_it_went_in(content: bytes, share: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(courier, "SHARE", share)
        parts = courier.split(content, LABEL, KEY)
    assert len(parts) == max(1, -(-len(content) // share))
    said, whole = courier.joined([(believed(each), each.share) for each in reversed(parts)])
    assert (whole, said.first, said.last, said.of) == (content, 1, 160, len(parts))


def test_only_the_recipient_opens_a_part_and_only_under_its_header() -> None:
    file = courier.seal(b"payload", BOX.public_key())
    assert courier.unseal(file, BOX) == b"payload"
    assert fault(lambda: courier.unseal(file, keys.box_key())) == "courier-not-ours"
    header = file[: courier._HEADER]
    for info in (b"", header):
        other = header + sealing.seal(b"payload", BOX.public_key(), info)
        assert fault(lambda other=other: courier.unseal(other, BOX)) == "courier-damaged"  # type: ignore[misc]


def test_a_part_is_no_larger_than_eight_mebibytes() -> None:
    [part] = courier.split(os.urandom(courier.SHARE), LABEL, KEY)
    assert len(courier.seal(part.label + part.signature + part.share, BOX.public_key())) <= courier.MOST_PART
    large = courier.seal(os.urandom(courier.MOST_PART), BOX.public_key())
    assert fault(lambda: courier.unseal(large, BOX)) == "courier-damaged"


def test_a_courier_has_so_many_parts_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "SHARE", 1)
    assert len(courier.split(bytes(courier.MOST_PARTS), LABEL, KEY)) == courier.MOST_PARTS
    with pytest.raises(ValueError, match="too many"):
        courier.split(bytes(courier.MOST_PARTS + 1), LABEL, KEY)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"to": DESK}, "courier-not-ours"), ({"realm": "kerman"}, "courier-not-ours"),
        ({"share": "0" * 64}, "courier-damaged"), ({"whole": "0" * 64}, "courier-damaged"),
        ({"part": 0}, "courier-damaged"), ({"part": 2}, "courier-damaged"), ({"of": 17}, "courier-damaged"),
        ({"first": -1}, "courier-damaged"), ({"issued_at": True}, "courier-damaged"), ({"to": 7}, "courier-damaged"),
        ({"more": 1}, "courier-damaged"), ({"of": 2}, "courier-parts"),
    ],
)  # fmt: skip
def test_a_label_that_is_not_so_is_refused_even_from_its_own_sender(other: dict[str, object], code: str) -> None:
    [part] = courier.split(b"content", LABEL, KEY)
    lying = signed(part, **other)
    assert fault(lambda: courier.joined([(believed(lying), lying.share)])) == code


def test_a_signature_of_another_purpose_or_key_is_refused() -> None:
    [part] = courier.split(b"content", LABEL, KEY)
    for signature in (
        signing.sign(KEY, "directory", "yazd", part.label), signing.sign(KEY, "courier", "kerman", part.label),
        signing.sign(keys.sign_key(), "courier", "yazd", part.label), bytes(64), b"",
    ):  # fmt: skip
        bad = replace(part, signature=signature)
        assert fault(lambda bad=bad: believed(bad)) == "courier-damaged"  # type: ignore[misc]


def test_names_of_files_tell_the_way_and_no_one() -> None:
    assert courier_files.name(LABEL) == "pishkhan-124-deadbeef-1-160"
    back = replace(LABEL, sender=courier.PROVINCE, to=DESK)
    assert courier_files.name(back) == "pishkhan-124-deadbeef-answer-1-160"


def test_files_are_written_whole_and_read_with_a_bound(tmp_path: Path) -> None:
    paths = courier_files.write(tmp_path / "stick", "x", [b"one", b"two"])
    assert [path.name for path in paths] == ["x-1of2.courier", "x-2of2.courier"]
    assert sorted(each.name for each in paths[0].parent.iterdir()) == ["x-1of2.courier", "x-2of2.courier"]
    assert courier_files.read(paths) == [b"one", b"two"]
    assert paths[0].stat().st_mode & 0o777 == 0o600
    with paths[0].open("wb") as file:
        file.truncate(3 * courier.MOST_PART)
    assert len(courier_files.read(paths)[0]) == courier.MOST_PART + 1


def test_a_full_stick_leaves_no_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    courier_files.write(tmp_path, "x", [b"yesterday's"])

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert fault(lambda: courier_files.write(tmp_path, "x", [b"today's"])) == "courier-unwritable"
    assert (tmp_path / "x-1of1.courier").read_bytes() == b"yesterday's"
