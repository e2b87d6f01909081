"""The walls of the house stand: each forbidden door was tried and found shut."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import contract, rooms

ROOT = contract.ROOT
BUILT = rooms.present(ROOT)
STANDARD = {*sys.stdlib_module_names, "__future__"}


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    command = [str(tool), "--config", contract.NAME, "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, env={**os.environ, "COLUMNS": "400"})


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house's modules, without what is in them but the imports a test plants."""
    root = tmp_path_factory.mktemp("house")
    for top in rooms.TOPS:
        for file in (ROOT / top).rglob("*.py"):
            there = root / file.relative_to(ROOT)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.touch()
    (root / contract.NAME).write_text(contract.render(ROOT), "utf-8")
    return root


def file_of(module: str, root: Path) -> Path:
    path = root.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_the_contract_file_is_written_from_the_table() -> None:
    current = (ROOT / contract.NAME).read_text("utf-8")
    assert current == contract.render(ROOT), "run: python -m tests.house.contract"


def test_the_house_keeps_its_contracts() -> None:
    told = lint(ROOT)
    assert told.returncode == 0, told.stdout


def test_an_empty_house_keeps_them_too(copy: Path) -> None:
    told = lint(copy)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("room", BUILT, ids=lambda room: room.name)
def test_every_forbidden_door_of_a_room_is_shut(copy: Path, room: rooms.Room) -> None:
    doors = rooms.forbidden(room, BUILT)
    file = file_of(room.name, copy)
    file.write_text("".join(f"import {door}\n" for door in doors))
    told = lint(copy)
    file.write_text("")
    assert told.returncode == 1
    assert [door for door in doors if f"{room.name} -> {door} (" not in told.stdout] == []


@pytest.mark.parametrize(
    ("room", "doors"),
    [
        ("desktop.domain", ("db", "desktop.seal", "desktop.actions", "ui", "server", "PySide6", "sqlalchemy")),
        ("ui", ("db", "desktop.actions", "desktop.seal", "desktop.machine", "sqlalchemy", "sqlcipher3")),
        ("server", ("db", "ui", "desktop.actions", "desktop.sync", "desktop.machine", "desktop.app", "PySide6")),
        ("db", ("desktop.actions", "ui", "server", "PySide6", "msgspec")),
        ("desktop.actions", ("ui", "desktop.documents", "desktop.machine", "desktop.sync", "PySide6", "reportlab")),
        ("desktop.documents", ("db", "desktop.actions", "desktop.machine", "sqlalchemy", "PySide6")),
        ("desktop.machine", ("db", "desktop.actions", "ui", "sqlalchemy")),
    ],
)
def test_the_table_says_what_the_house_was_founded_on(room: str, doors: tuple[str, ...]) -> None:
    shut = rooms.forbidden(next(each for each in BUILT if each.name == room), BUILT)
    assert set(doors) <= set(shut)


def test_no_room_imports_the_server_or_the_tests() -> None:
    assert all({"server", "tests"} <= {*rooms.forbidden(room, BUILT), room.name} for room in BUILT)


def test_a_feature_that_knows_another_is_caught(copy: Path) -> None:
    folder = copy / "desktop" / "actions"
    for name in ("walk", "swim"):
        (folder / f"{name}.py").write_text("from desktop.actions import cases, permission\n")
    assert lint(copy).returncode == 0
    (folder / "swim.py").write_text("def go():\n    from desktop.actions.walk import step\n")
    told = lint(copy)
    (folder / "walk.py").unlink()
    (folder / "swim.py").unlink()
    assert told.returncode == 1
    assert "desktop.actions.swim -> desktop.actions.walk (" in told.stdout


def test_every_module_is_in_a_room() -> None:
    names = {room.name for room in BUILT}
    homeless = []
    for top in rooms.TOPS[:-1]:
        for file in (ROOT / top).rglob("*.py"):
            parts = file.relative_to(ROOT).with_suffix("").parts
            inside = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
            if parts != ("desktop", "__init__") and not inside & names:
                homeless.append(".".join(parts))
    assert homeless == [], "give them a room in tests/house/rooms.py"


def test_every_library_the_house_imports_is_in_the_table() -> None:
    """A library no room declares would be forbidden to none."""
    unknown = set()
    for top in rooms.TOPS[:-1]:
        for file in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    unknown |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    unknown.add((node.module or "").partition(".")[0])
    assert unknown - STANDARD - set(rooms.TOPS) - set(rooms.LIBRARIES) == set()
