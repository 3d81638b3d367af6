"""Reads a project tree for the house's checks; every check is a function of such a tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOMS = ("core", "registration", "questionbank", "cat_exam", "results", "proctoring", "deploy")


@dataclass(frozen=True)
class Module:
    """One Python file: its room, its dotted path inside the room, its text."""

    path: Path
    root: Path

    @cached_property
    def where(self) -> str:
        return self.path.relative_to(self.root).as_posix()

    @cached_property
    def room(self) -> str:
        return self.where.split("/")[0]

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Dotted name without the room: ``("actions", "people")``; empty for the room's own package."""
        names = self.where.removesuffix(".py").split("/")[1:]
        return tuple(name for name in names if name != "__init__")

    @cached_property
    def name(self) -> str:
        return ".".join((self.room, *self.parts))

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.where)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def at(self, node: ast.AST | int, text: str) -> str:
        """A finding: ``path:line: text``."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return f"{self.where}:{line}: {text}"


def modules(root: Path, *, migrations: bool = False) -> Iterator[Module]:
    """Every Python file of every room."""
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            if migrations or "migrations" not in path.parts:
                yield Module(path, root)


@dataclass(frozen=True)
class Import:
    """One imported module or name: ``target`` is dotted, ``top`` says it stands at the top of the file."""

    target: str
    node: ast.stmt
    top: bool
    typing_only: bool


def imports(module: Module) -> Iterator[Import]:
    """All imports of a file; relative ones are resolved."""
    top = set(map(id, _top_statements(module.tree.body)))
    typing = {
        id(inner)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node, id(node) in top, id(node) in typing)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", node, id(node) in top, id(node) in typing)


def _top_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try):
            yield from _top_statements(node.body)


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = [module.room, *module.parts]
    if module.path.name != "__init__.py":
        package = package[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
