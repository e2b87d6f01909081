"""Each gate stands open for a good house and shuts on a planted fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import shape

WORDS = """
[home]
title = "امروز"
[fault.disk-full]
happened = "دیسک پر است."
safe = "همه سالم است."
do = "جا باز کنید."
[screening]
outcome-pass = "سالم"
[people.sex]
female = "زن"
"""
GOOD = {
    "resources/texts/fa.toml": WORDS,
    "resources/packs/vision.json": '{"outcomes": ["pass"]}',
    "desktop/__init__.py": "",
    "desktop/faults.py": '''
"""Said in Persian: سلام."""
PARTS = ("happened", "safe", "do")
def parts(code): return [f"fault.{code}.{part}" for part in PARTS]
def full(): raise Known("disk-full")
''',
    "desktop/home.py": '''
from desktop import faults
from desktop.rows import row
LETTERS = {"ي": "ی"}
def show(outcome, table="people.sex"):
    _log.info("home.shown")
    return say("home.title"), say(f"screening.outcome-{outcome}"), say(f"{table}.{FEMALE}")
FEMALE = "female"
class Manager: pass
''',
    "desktop/rows.py": "def row():\n    try:\n        pass\n    except ValueError:\n        pass\n",
}  # fmt: skip
LONG = "def long():\n" + "    x = 1\n" * 60

PLANTED = [
    ("desktop/rows.py", "def late():\n    from desktop.home import show\n", "import cycle: desktop.home, desktop.rows"),
    ("desktop/rows.py", "from . import home\n", "import cycle: desktop.home, desktop.rows"),
    ("desktop/rows.py", LONG, "long has 61 lines"),
    ("desktop/rows.py", "class A:\n    async def long(self):\n" + "        x = 1\n" * 60, "long has 61 lines"),
    ("desktop/rows.py", "# line\n" * 400, "desktop/rows.py: 40"),
    ("desktop/rows.py", "try:\n    pass\nexcept:\n    pass\n", "bare except"),
    ("tests/desk/rows.py", "try:\n    pass\nexcept:\n    pass\n", "bare except"),
    ("desktop/date_utils.py", "", "named date_utils"),
    ("desktop/common/__init__.py", "", "named common"),
    ("ui/helpers.py", "", "named helpers"),
    ("desktop/controller.py", "", "named controller"),
    ("desktop/window_manager.py", "", "named window_manager"),
    ("desktop/rows.py", "class RowHelper: pass\n", "named RowHelper"),
    ("desktop/rows.py", 'HELLO = "سلام"\n', "Persian words in code"),
    ("desktop/rows.py", 'def greet(n): return f"سلام {n}"\n', "Persian words in code"),
    ("desktop/rows.py", 'x = say("home.gone")\n', "home.gone is not in fa.toml"),
    ("desktop/rows.py", 'x = say(f"home.gone-{n}")\n', "nothing in fa.toml is like"),
    ("desktop/rows.py", 'raise Known("no-paper")\n', "fault.no-paper has not its three parts"),
    ("resources/texts/fa.toml", '[people.age]\nold = "پیر"\n', "people.age.old is used by nothing"),
    ("resources/texts/fa.toml", '[slip]\ntitle = "برگه"\n', "slip.title is used by nothing"),
    ("resources/texts/fa.toml", '[fault.gone]\nhappened = "x"\n', "fault.gone.happened is used by nothing"),
    ("resources/packs/vision.json", "", "screening.outcome-pass is used by nothing"),
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name, text in GOOD.items():
        write(tmp_path / name, text)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_this_house_stands() -> None:
    assert shape.findings(shape.ROOT) == []


def test_a_good_house_has_no_findings(house: Path) -> None:
    assert shape.findings(house) == []


@pytest.mark.parametrize(("name", "text", "said"), PLANTED)
def test_a_planted_fault_is_found(house: Path, name: str, text: str, said: str) -> None:
    old = GOOD.get(name, "")
    write(house / name, old + text if text else "[]" if name.endswith(".json") else "")
    found = shape.findings(house)
    assert any(said in each for each in found), found
