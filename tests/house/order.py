"""Import order: rooms import downhill, layers import inward, doors only, no circles, at the top."""

from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOMS, Module, imports, modules

BELOW = {
    "core": set(),
    "registration": {"core"},
    "questionbank": {"core"},
    "cat_exam": {"core", "registration", "questionbank"},
    "results": {"core", "registration", "questionbank", "cat_exam"},
    "proctoring": {"core", "registration", "questionbank", "cat_exam"},
    "deploy": set(ROOMS) - {"deploy"},
}
DOORS = {"models", "queries", "actions", "rules", "protocol"}
# The ground floor is there for everybody, except what it shows; the hall's clock is a door of its own.
MORE_DOORS = {
    "core": {"access", "clock", "errors", "forms", "letter", "seal", "steps", "trail", "vault", "uploads"},
    "cat_exam": {"hallclock"},
}
LAYERS = {
    "rules": 0, "protocol": 0,
    "models": 1,
    "queries": 2, "actions": 2, "journal": 2,
    "forms": 3, "exchange": 3, "documents": 3,
    "views": 4, "consumers": 4, "sweep": 4, "management": 4,
}  # fmt: skip
LAYER_WORDS = ("rules", "models", "queries/actions", "forms/exchange/documents", "views/consumers/commands")


def _room(target: str) -> str | None:
    head = target.split(".")[0]
    return head if head in ROOMS else None


def uphill(root: Path) -> list[str]:
    """Imports of a room that is not below."""
    return [
        module.at(found.node, f"{module.room} may not import {room}")
        for module in modules(root)
        for found in imports(module)
        if (room := _room(found.target)) and room != module.room and room not in BELOW[module.room]
    ]


def past_the_door(root: Path) -> list[str]:
    """Imports of another room's inside (views, forms, consumers, documents); the roof may wire everything."""
    return [
        module.at(found.node, f"{found.target} is no door of {room}")
        for module in modules(root)
        if module.room != "deploy"
        for found in imports(module)
        if (room := _room(found.target)) and room != module.room and not _is_door(room, found.target)
    ]


def _is_door(room: str, target: str) -> bool:
    parts = target.split(".")
    return len(parts) > 1 and parts[1] in DOORS | MORE_DOORS.get(room, set())


def inner_layers(root: Path) -> list[str]:
    """Imports of a more outward layer of the same room."""
    bad = []
    for module in modules(root):
        mine = _layer(module.parts)
        if mine is None or module.room == "deploy":
            continue
        for found in imports(module):
            theirs = _layer(tuple(found.target.split(".")[1:]))
            if _room(found.target) == module.room and theirs is not None and theirs > mine:
                words = f"{LAYER_WORDS[mine]} may not import {LAYER_WORDS[theirs]} ({found.target})"
                bad.append(module.at(found.node, words))
    return bad


def _layer(parts: tuple[str, ...]) -> int | None:
    return LAYERS.get(parts[0]) if parts else None


def not_at_the_top(root: Path) -> list[str]:
    """Imports inside functions; only ``AppConfig.ready`` has to wait for the registry."""
    return [
        module.at(found.node, f"import {found.target} belongs at the top of the file")
        for module in modules(root)
        if module.path.name != "apps.py"
        for found in imports(module)
        if not found.top and not found.typing_only
    ]


def circles(root: Path) -> list[str]:
    """Groups of files that import each other in a circle."""
    known = {module.name: module for module in modules(root)}
    graph = {name: set(_neighbours(module, known)) - {name} for name, module in known.items()}
    return [
        f"circle: {' -> '.join(sorted(group))}" for group in _strong_groups(graph) if len(group) > 1
    ]


def _neighbours(module: Module, known: dict[str, Module]) -> Iterator[str]:
    for found in imports(module):
        if found.typing_only or not found.top:
            continue
        parts = found.target.split(".")
        for length in (len(parts), len(parts) - 1):
            name = ".".join(parts[:length])
            if name in known:
                # A package's face re-exports its files; asking the package from inside is no circle by itself.
                if not module.name.startswith(name + "."):
                    yield name
                break


def _strong_groups(graph: dict[str, set[str]]) -> list[set[str]]:
    """Tarjan's strongly connected groups, without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[set[str]] = []
    for start in graph:
        if start in index:
            continue
        work = [(start, iter(sorted(graph[start])))]
        index[start] = low[start] = len(index)
        stack.append(start)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    work.append((other, iter(sorted(graph.get(other, ())))))
                    break
                if other in stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    at = stack.index(node)
                    groups.append(set(stack[at:]))
                    del stack[at:]
    return groups
