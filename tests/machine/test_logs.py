"""The log tells what happened and never to whom: a canary of each kind is looked for in its bytes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.machine import logs

DOCUMENT = "0190a2b3-7c4d-7e5f-8a9b-123456789012"
CANARIES = [
    "9990000018",  # national ID
    "۹۹۹۰۰۰۰۰۱۸",
    "٩٩٩٠٠٠٠٠١٨",
    "999-000001-8",
    "09131234567",
    "۰۹۱۳ ۱۲۳ ۴۵ ۶۷",
    "+98 913 123 4567",
    "IR062960000000100324200001",
    "قناری‌پور",
    "مریم قناری",
]

log = logging.getLogger("desktop.machine.canary")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    level = logging.getLogger().level
    handler = logs.start(tmp_path)
    yield tmp_path
    logs.stop(handler)
    logging.getLogger().setLevel(level)


def written(folder: Path) -> str:
    return "".join(file.read_text("utf-8") for file in sorted(folder.iterdir()))


def digits_of(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


@pytest.mark.parametrize("canary", CANARIES)
def test_no_canary_reaches_the_file(folder: Path, canary: str) -> None:
    log.info("print.failed %s %s", DOCUMENT, canary)
    log.info(f"intake.saved {canary}")
    try:
        try:
            raise KeyError(canary)
        except KeyError as inner:
            raise ValueError(f"no such person: {canary}") from inner
    except ValueError:
        log.exception("window.bug", stack_info=True)
    logging.getLogger("sqlalchemy.engine").warning("INSERT INTO person VALUES (%s)", canary)
    logging.getLogger("sqlalchemy.engine").info("[parameters: (%s)]", canary)
    text = written(folder)
    assert canary not in text
    assert not digits_of(canary) or digits_of(canary) not in digits_of(text.replace(DOCUMENT, ""))
    assert "INSERT" not in text
    assert "parameters" not in text
    for kept in (DOCUMENT, "print.failed", "intake.saved", "window.bug", "ValueError", "KeyError", "test_logs.py"):
        assert kept in text


def test_short_codes_and_counts_stay_readable(folder: Path) -> None:
    log.info("sync.pushed %s commits=%d bytes=%d", DOCUMENT, 12, 4096)
    assert f"sync.pushed {DOCUMENT} commits=12 bytes=4096" in written(folder)


NUMBERS = st.text(st.characters(categories=["Nd"]), min_size=7, max_size=12)


@given(NUMBERS, st.sampled_from(["", " ", "-", "\u200c", " / "]))
def test_a_number_of_seven_digits_or_more_in_any_script_is_masked(number: str, between: str) -> None:
    assert not digits_of(logs.masked(f"seen {between.join(number)} there"))


def test_other_handlers_still_see_the_record_as_it_was(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    log.warning("print.failed %s", "مریم")
    assert caplog.records[-1].getMessage() == "print.failed مریم"
    assert "مریم" not in written(folder)


def test_the_log_stays_within_six_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MOST", 400)
    level = logging.getLogger().level
    handler = logs.start(tmp_path)
    for number in range(200):
        log.warning("sync.pushed %d", number)
    logs.stop(handler)
    logging.getLogger().setLevel(level)
    assert len(list(tmp_path.iterdir())) == 6
    assert "sync.pushed 199" in (tmp_path / "desk.log").read_text()


def test_a_log_that_cannot_be_written_stops_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    handler = next(each for each in logging.getLogger().handlers if isinstance(each, logs._DeskFile))
    monkeypatch.setattr(handler.stream, "write", full, raising=False)
    log.warning("intake.saved قناری")
    assert "قناری" not in capfd.readouterr().err
