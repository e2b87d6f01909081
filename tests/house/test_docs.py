"""What the documents point at is there: files, tests, dependencies."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
_TEST = re.compile(r"`([a-z_/]+)::(test_\w+)`")


def dangling(page: Path) -> list[str]:
    text = page.read_text("utf-8")
    files = [link for link in _LINK.findall(text) if not (page.parent / link).exists()]
    tests = [f"{file}::{name}" for file, name in _TEST.findall(text) if not is_test(file, name)]
    return files + tests


def is_test(file: str, name: str) -> bool:
    path = ROOT / "tests" / f"{file}.py"
    return path.exists() and f"def {name}(" in path.read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_it_points_at_is_missing(page: Path) -> None:
    assert dangling(page) == []


def test_what_is_missing_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](gone.md#part) [b](https://x.org/y) [c](page.md) `house/test_docs::test_gone` `no/x::test_a`")
    assert dangling(page) == ["gone.md", "house/test_docs::test_gone", "no/x::test_a"]


def test_every_direct_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.split(r"[\[=<>]", each)[0] for group in groups for each in group}
    told = set(re.findall(r"^\| ([a-z0-9-]+) \|", (ROOT / "docs" / "dependencies.md").read_text("utf-8"), re.MULTILINE))
    assert told - {"package"} == names
