"""Recovery by the province as technicians and officers do it: a command each, one file between them, a telephone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop import admin
from desktop.domain.faults import Known
from desktop.machine import single_instance
from server import commands
from tests.desk import opened
from tests.desk.provinces import Province

Capture = pytest.CaptureFixture[str]
NEW = "رود از کوه می‌آید"


class People:
    """Who types the commands, at the PC and at the province."""

    def __init__(self, folder: Path, province: Province, capsys: Capture, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.province, self._capsys, self._patch = folder, province, capsys, patch

    def at_desk(self, *words: str, password: str = opened.PASSWORD, code: int = 0) -> dict[str, Any]:
        self._patch.setenv(admin.PASSWORD, password)
        assert admin.main([*words, "--data-dir", str(self.folder)]) == code
        said: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return said

    def at_province(self, *words: str) -> dict[str, Any]:
        assert commands.main([*words, "--data-dir", str(self.province.folder)]) == 0
        said: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return said

    def refused(self, code: str, *words: str, **values: str) -> None:
        assert commands.main([*words, "--data-dir", str(self.province.folder)]) == 1
        assert self._capsys.readouterr().err.splitlines() == list(Known(code, **values).parts())


@pytest.fixture
def people(tmp_path: Path, province: Province, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> People:
    return People(opened.found(tmp_path / "far"), province, capsys, monkeypatch)


def test_the_whole_way(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    province, request, answer = people.province, tmp_path / "request", tmp_path / "answer"
    assert people.at_desk("recovery", "ask", "--out", str(request), code=1) == {"fault": "no-province-slot"}
    with province.serving():
        people.at_desk("enrol", "--server", province.url, "--code", province.code(opened.CENTRE))
        people.at_desk("sync")  # the centre hears of the spare keys
    read = str(request)
    heard = people.at_desk("recovery", "ask", "--out", read, password="")["fingerprint"]
    told = people.at_province("recovery", "read", read)
    assert (told["fingerprint"], told["centre"], told["revoked"], told["refused"]) == (heard, opened.CENTRE, False, "")
    root = str(province.folder.with_suffix(".root"))
    for name in ("one", "two"):
        people.at_province("officer", "add", name, "--key-out", str(tmp_path / name))
    give = ["recovery", "answer", read, "--root", root, "--out", str(answer)]
    people.refused("server-recovery-approvals", *give)
    one = ["recovery", "approve", read, "--by", "one", "--key", str(tmp_path / "one")]
    people.refused("server-recovery-heard", *one, "--heard", heard[:-1] + str(9 - int(heard[-1])))
    people.refused("server-recovery-heard", *one)
    wrong = [*one[:4], "two", *one[5:]]
    people.refused("server-recovery-officer", *wrong, "--heard", heard, name="two")
    people.at_province(*one, "--heard", heard.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")))
    people.refused("server-recovery-approvals", *give)
    assert not answer.exists()
    two = ["recovery", "approve", read, "--by", "two", "--key", str(tmp_path / "two"), "--heard", heard]
    assert people.at_province(*two)["approvals"] == ["one", "two"]
    halves = [str(tmp_path / "half-1"), str(tmp_path / "half-2")]
    people.at_province("recovery", "split", "--root", root, "--out", halves[0], "--share", halves[1])
    whole = Path(root).read_bytes()
    assert all(whole not in Path(half).read_bytes() for half in halves)
    people.refused("server-recovery-halves", *give[:4], halves[0], "--share", halves[0], *give[5:])
    later = [str(tmp_path / "later-1"), str(tmp_path / "later-2")]
    people.at_province("recovery", "split", "--root", root, "--out", later[0], "--share", later[1])
    people.refused("server-recovery-halves", *give[:4], halves[0], "--share", later[1], *give[5:])
    people.at_province("recovery", "join", "--root", halves[1], "--share", halves[0], "--out", str(tmp_path / "again"))
    assert (tmp_path / "again").read_bytes() == whole
    people.at_province(*give[:4], halves[0], "--share", halves[1], *give[5:])
    people.refused("server-exists", *give, path=str(answer))
    people.refused("server-recovery-answered", *give[:-1], str(tmp_path / "more"))
    people.refused("server-recovery-answered", *two)
    with monkeypatch.context() as patch:
        patch.setattr(single_instance, "held", lambda _lock: True)
        assert people.at_desk("recovery", "use", str(answer), code=1) == {"fault": "already-running"}
    done = people.at_desk("recovery", "use", str(answer), password=NEW)
    assert done["manager"] == "نرگس آبان‌پور"
    assert people.at_desk("verify", password=NEW)["signatures"] is True
    assert people.at_desk("status", code=1) == {"fault": "wrong-password"}
    assert people.at_desk("recover", "--code", done["recovery_code"])["manager"] == "نرگس آبان‌پور", "a new envelope"


def test_an_older_province_has_its_root_vouch_for_the_key(people: People, tmp_path: Path) -> None:
    province = people.province
    (province.folder / "recovery-key.proof").unlink()
    people.refused("server-recovery-file", "recovery", "key")
    assert people.at_province("recovery", "key", "--root", str(province.folder.with_suffix(".root")))["recovery_key"]
    people.refused("server-recovery-damaged", "recovery", "read", str(province.folder / "province.json"))
    people.refused("server-recovery-file", "recovery", "read")
