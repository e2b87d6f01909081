"""Import cycles among the house's own modules, imports inside functions counted."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tests.house.source import Source


def cycles(sources: Sequence[Source]) -> list[str]:
    """One sentence a group of modules that import each other round, whatever the way."""
    graph = _graph(sources)
    reach = {module: _reach(module, graph) for module in graph}
    inside = [module for module in graph if module in reach[module]]
    groups = {frozenset(other for other in reach[module] if module in reach[other]) for module in inside}
    return [f"import cycle: {', '.join(sorted(group))}" for group in sorted(groups, key=sorted)]


def _graph(sources: Sequence[Source]) -> dict[str, set[str]]:
    known = {source.module for source in sources}
    return {source.module: set(_imported(source, known)) - {source.module} for source in sources}


def _imported(source: Source, known: set[str]) -> Iterator[str]:
    for node in ast.walk(source.tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, source)
            # `from package import name` needs the module `name` if there is one, else what the package itself holds
            names = [full if (full := f"{base}.{alias.name}") in known else base for alias in node.names]
        yield from (name for name in names if name in known)


def _base(node: ast.ImportFrom, source: Source) -> str:
    if not node.level:
        return node.module or ""
    parts = source.module.split(".")
    up = node.level - (1 if source.is_package else 0)
    return ".".join([*parts[: len(parts) - up], *([node.module] if node.module else [])])


def _reach(start: str, graph: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting += graph[module]
    return seen
