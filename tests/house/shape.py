"""The shape of the code, with gates: `python -m tests.house.shape` prints a table and what breaks it.

The gates: no import cycle (imports inside functions counted), 95 of 100 files within 400 lines, no function over 60,
no bare except, no name that says nothing, words in the catalogue only and all of them used.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.house import words
from tests.house.cycles import cycles
from tests.house.source import Source, read

ROOT = Path(__file__).parents[2]
MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 60
_EMPTY_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|controllers?|common)(_|$)", re.IGNORECASE)


def long_files(sources: Sequence[Source]) -> list[str]:
    """The files over the limit, if they are more than five in a hundred."""
    lengths = sorted(_lines(source) for source in sources)
    if not lengths or lengths[min(len(lengths) - 1, int(0.95 * len(lengths)))] <= MOST_FILE_LINES:
        return []
    return [f"{each.path}: {_lines(each)} lines" for each in sources if _lines(each) > MOST_FILE_LINES]


def long_functions(sources: Sequence[Source]) -> list[str]:
    """Functions over the limit, header and body."""
    return [
        f"{source.path}:{node.lineno}: {node.name} has {length} lines"
        for source in sources
        for node in _functions(source)
        if (length := _function_lines(node)) > MOST_FUNCTION_LINES
    ]


def bare_excepts(sources: Sequence[Source]) -> list[str]:
    """`except:` also swallows the request to stop."""
    return [
        f"{source.path}:{node.lineno}: bare except"
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]


def empty_names(sources: Sequence[Source]) -> list[str]:
    """Names of modules, classes and functions that say where code was put, not what it is."""
    found = []
    for source in sources:
        found += [f"{source.path}: named {part}" for part in source.module.split(".") if _EMPTY_NAMES.search(part)]
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.name)
                # the centre's manager (مسئول مرکز) is a person and a role, the one sense the word has here
                if _EMPTY_NAMES.search(snake) and not re.search(r"(^|_)manager(_|$)", snake, re.IGNORECASE):
                    found.append(f"{source.path}:{node.lineno}: named {node.name}")
    return found


def findings(root: Path) -> list[str]:
    """Everything that breaks the shape of the house at `root`; empty if it stands."""
    sources = read(root)
    own = [source for source in sources if not source.is_test]
    return [
        *cycles(own), *long_files(own), *long_functions(sources), *bare_excepts(sources), *empty_names(sources),
        *words.foreign_words(sources), *words.keys(sources, root),
    ]  # fmt: skip


def _functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _function_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _lines(source: Source) -> int:
    return source.text.count("\n") + 1


def main() -> int:
    sources = read(ROOT)
    own = [source for source in sources if not source.is_test]
    lengths = sorted(_lines(source) for source in own)
    longest = max(_function_lines(node) for source in own for node in _functions(source))
    print(f"{len(own)} files, {sum(lengths)} lines; tests {sum(_lines(each) for each in sources) - sum(lengths)} lines")
    print(f"95 of 100 files within {lengths[int(0.95 * len(lengths))]} lines, longest function {longest}")
    broken = findings(ROOT)
    print(*broken, sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
