"""Rules and the protocol are pure: plain values in, values out, no clock, no dice, no world."""

import ast
import sys
from pathlib import Path

from tests.house.tree import ROOMS, Module, imports, modules

WORLD = {
    "asyncio", "atexit", "builtins", "concurrent", "ctypes", "fcntl", "glob", "http", "importlib", "io",
    "logging", "multiprocessing", "os", "pathlib", "platform", "queue", "random", "sched", "secrets",
    "select", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile",
    "threading", "time", "urllib", "uuid",
}  # fmt: skip
NO = "core.errors"  # itself pure: the standard library only
VALUES = {"uuid.UUID"}  # the type; making one is an act
CLOCKS = {"now", "utcnow", "today", "localtime", "getenv"}
DOORS_OUT = {"open", "print", "input", "eval", "exec", "__import__", "globals"}


def pure_modules(root: Path) -> list[Module]:
    """``rules/`` (or ``rules.py``) and ``protocol.py`` of every room, and the one way to say no."""
    return [m for m in modules(root) if m.parts and (m.parts[0] in {"rules", "protocol"} or m.name == NO)]


def impure(root: Path) -> list[str]:
    """What the rules import or call although it is the world's."""
    return [line for module in pure_modules(root) for line in (*_imports(module), *_calls(module))]


def _imports(module: Module) -> list[str]:
    # Rules of rooms below are doors and just as pure; which room is below is checked by the import order.
    allowed = (*(f"{room}.{part}" for room in ROOMS for part in ("rules", "protocol")), NO)
    bad = []
    for found in imports(module):
        head = found.target.split(".")[0]
        standard = head in sys.stdlib_module_names and head not in WORLD
        value = found.target in VALUES
        if not standard and not value and not found.target.startswith(allowed):
            bad.append(module.at(found.node, f"pure code imports {found.target}"))
    return bad


def _calls(module: Module) -> list[str]:
    bad = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                bad.append(module.at(node, f"pure code calls {ast.unparse(node.func)}()"))
            elif isinstance(node.func, ast.Name) and node.func.id in DOORS_OUT:
                bad.append(module.at(node, f"pure code calls {node.func.id}()"))
        elif isinstance(node, ast.Global | ast.Nonlocal):
            bad.append(module.at(node, "pure code keeps state between calls"))
    return bad
