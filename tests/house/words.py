"""The catalogue of texts and the code agree: every key is used, every used key is there, no words lie elsewhere."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from desktop.domain.roles import Permission
from tests.house.source import Source

# Two letters side by side are a word; single ones are what Persian text is folded and shaped by.
_WORD = re.compile(r"[\u0620-\u064a\u066e-\u06d3]{2}")
# Tables of letters, not of words.
_LETTERS = ("desktop/domain/persian_text.py", "desktop/seal/passwords.py")
_KEY = re.compile(r"[a-z][a-z-]*(\.[a-z0-9_-]+)+")
_QUOTED = re.compile(r"[\"']([a-z0-9._-]+)[\"']")
_PERMISSIONS = frozenset(get_args(Permission))  # written as keys are, "sync.run"
_FILES = (".json", ".toml", ".html", ".css", ".db", ".pdf", ".png", ".svg", ".log")
_FAULT_PARTS = ("happened", "safe", "do")


@dataclass(frozen=True, slots=True)
class _Used:
    """What the code says: whole texts of its literals, and f-strings as patterns of keys, each with where it is."""

    literals: dict[str, str]
    patterns: dict[re.Pattern[str], str]
    values: set[str]  # what may stand in a pattern's gap


def foreign_words(sources: Sequence[Source]) -> list[str]:
    """Persian words in code: they belong in resources/texts/fa.toml."""
    return [
        f"{source.path}:{node.lineno}: Persian words in code"
        for source in sources
        if not source.is_test and source.path not in _LETTERS
        for node, text in _texts(source, _documentation)
        if _WORD.search(text)
    ]


def keys(sources: Sequence[Source], root: Path) -> list[str]:
    """Keys nothing uses, and keys that are used and aren't there."""
    catalogue = set(_flat("", tomllib.loads((root / "resources/texts/fa.toml").read_text("utf-8"))))
    used = _used([source for source in sources if not source.is_test], root)
    unused = (f"fa.toml: {key} is used by nothing" for key in sorted(catalogue) if not _is_used(key, used))
    return [*unused, *_missing(catalogue, used, sources)]


def _flat(prefix: str, table: dict[str, object]) -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{key}.", value)
        else:
            yield prefix + key


def _is_used(key: str, used: _Used) -> bool:
    table, _, last = key.rpartition(".")
    if key in used.literals or (table in used.literals and last in used.values):
        return True  # the second: code that is given the name of a table, and chooses in it
    return any(
        all(part.isdigit() or part in used.values for part in found.groups())
        for pattern in used.patterns
        if (found := pattern.fullmatch(key))
    )


def _missing(catalogue: set[str], used: _Used, sources: Sequence[Source]) -> Iterator[str]:
    tables = {key.partition(".")[0] for key in catalogue}
    inner = {key.rpartition(".")[0] for key in catalogue}
    for text, where in used.literals.items():
        shaped = _KEY.fullmatch(text) and text.partition(".")[0] in tables and not text.endswith(_FILES)
        if shaped and text not in catalogue | inner | _PERMISSIONS:
            yield f"{where}: {text} is not in fa.toml"
    for pattern, where in used.patterns.items():
        table = pattern.pattern.partition("\\.")[0].replace("\\-", "-")
        if table in tables and not any(pattern.fullmatch(key) for key in catalogue):
            yield f"{where}: nothing in fa.toml is like {pattern.pattern}"
    for source in sources:
        if not source.is_test:
            for code, line in _known_codes(source):
                if any(f"fault.{code}.{part}" not in catalogue for part in _FAULT_PARTS):
                    yield f"{source.path}:{line}: fault.{code} has not its three parts in fa.toml"


def _used(sources: Sequence[Source], root: Path) -> _Used:
    literals: dict[str, str] = {}
    patterns: dict[re.Pattern[str], str] = {}
    pieces: set[str] = set()
    for source in sources:
        for node, text in _literals(source):
            literals.setdefault(text, f"{source.path}:{node.lineno}")
        for each in ast.walk(source.tree):
            if isinstance(each, ast.JoinedStr):
                pieces.update(piece for part in each.values for piece in _constant(part).split("."))
                if pattern := _pattern(each):
                    patterns.setdefault(pattern, f"{source.path}:{each.lineno}")
    for text, file in _in_data(root):
        literals.setdefault(text, file)
        if text.endswith("."):
            patterns.setdefault(re.compile(re.escape(text) + "([^.]+)"), file)
    return _Used(literals, patterns, {*literals, *pieces})


def _in_data(root: Path) -> Iterator[tuple[str, str]]:
    """What stands in quotes in packs, catalogues and page templates, with the file."""
    for file in sorted((root / "resources").rglob("*.json")):
        yield from ((text, file.relative_to(root).as_posix()) for text in _strings(json.loads(file.read_text("utf-8"))))
    for file in sorted((root / "server").rglob("*.html")):
        yield from ((text, file.relative_to(root).as_posix()) for text in _QUOTED.findall(file.read_text("utf-8")))


def _pattern(node: ast.JoinedStr) -> re.Pattern[str] | None:
    """An f-string that begins like a key, `table.…{value}…`, as what it can become."""
    if not re.fullmatch(r"[a-z][a-z-]*\.[a-z0-9_.-]*", _constant(node.values[0])):
        return None
    return re.compile("".join(re.escape(_constant(part)) or "([^.]+)" for part in node.values))


def _constant(part: ast.expr) -> str:
    """The fixed text of a piece of an f-string, empty for what is filled in."""
    return str(part.value) if isinstance(part, ast.Constant) else ""


def _literals(source: Source) -> Iterator[tuple[ast.Constant, str]]:
    """What may be a key: texts but docstrings, pieces of f-strings, and what is written to the log."""
    return _texts(source, lambda node: (*_documentation(node), *_pieces(node), *_logged(node)))


def _texts(source: Source, apart: Callable[[ast.AST], Iterable[ast.AST]]) -> Iterator[tuple[ast.Constant, str]]:
    left_out = {id(each) for node in ast.walk(source.tree) for each in apart(node)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node, node.value


def _documentation(node: ast.AST) -> Iterable[ast.AST]:
    return [node.value] if isinstance(node, ast.Expr) else []


def _pieces(node: ast.AST) -> Iterable[ast.AST]:
    return node.values if isinstance(node, ast.JoinedStr) else []


def _logged(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.args if node.func.value.id in ("log", "_log") else []
    return []


def _known_codes(source: Source) -> Iterator[tuple[str, int]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Known" and node.args:
            for each in ast.walk(node.args[0]):
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value, node.lineno


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (str(key), *_strings(each))
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
