"""Who may write: only actions, the journal, the trail and migrations change the world."""

import ast
import re
from pathlib import Path

from tests.house.tree import Module, modules

WRITERS = {"actions", "journal"}
# The trail and the checkpoints are what every action writes through; the loader composes actions.
ALSO = {"core.trail", "core.checkpoints"}
ALWAYS = {
    "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "acreate", "abulk_create", "aget_or_create", "aupdate_or_create", "asave", "adelete",
}  # fmt: skip
# Things that are saved but are no rows: pictures, sheets and canvases.
NO_ROWS = re.compile(
    r"canvas|page|pdf|book|sheet|image|picture|archive|writer|storage|letter|figure|doc", re.IGNORECASE
)
SQL = re.compile(r"\s*(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|TRUNCATE)\b", re.IGNORECASE)


def stray_writes(root: Path) -> list[str]:
    """Writes outside the rooms' actions and journal."""
    return [
        line
        for module in modules(root)
        if not _may_write(module)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        for line in _finding(module, node)
    ]


def _may_write(module: Module) -> bool:
    return (
        (bool(module.parts) and module.parts[0] in WRITERS)
        or module.name in ALSO
        or module.where.startswith("deploy/launcher/")
    )


def _finding(module: Module, call: ast.Call) -> list[str]:
    if not isinstance(call.func, ast.Attribute):
        return []
    verb, receiver = call.func.attr, ast.unparse(call.func.value)
    if verb in ALWAYS or _writes_rows(verb, receiver, call):
        return [module.at(call, f"{receiver}.{verb}(…) writes outside actions")]
    if verb in {"execute", "executemany"} and call.args and _is_writing_sql(call.args[0]):
        return [module.at(call, f"{receiver}.{verb}(…) writes outside actions")]
    return []


def _writes_rows(verb: str, receiver: str, call: ast.Call) -> bool:
    if verb == "save":
        return not call.args and not NO_ROWS.search(receiver)
    if verb == "update":
        return not call.args and bool(call.keywords) and call.keywords[0].arg is not None
    return verb == "delete" and not call.args and not call.keywords


def _is_writing_sql(node: ast.expr) -> bool:
    words = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return any(isinstance(word, str) and SQL.match(word) for word in words)


def signals(root: Path) -> list[str]:
    """Receivers of Django's signals: what happens must stand in the action that makes it happen."""
    bad = []
    for module in modules(root):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django"):
                names = {alias.name for alias in node.names}
                if node.module in {"django.dispatch", "django.db.models.signals"} or "signals" in names:
                    bad.append(module.at(node, "signals hide what happens; call it from the action"))
    return bad


DOORS = {"consumers", "management", "pulse", "sweep", "tasks"}  # where a socket or a job meets the world


def broad_excepts(root: Path) -> list[str]:
    """Handlers of everything, unless they raise again, or log it at a socket's or a job's outermost door."""
    bad = []
    for module in modules(root):
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ExceptHandler) or not _is_broad(node):
                continue
            raises = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            at_a_door = bool(module.parts) and module.parts[0] in DOORS
            if not raises and not (at_a_door and _logs(node)):
                bad.append(module.at(node, "catches everything; name what you expect, let the rest crash"))
    return bad


def _logs(node: ast.ExceptHandler) -> bool:
    """True when the handler's first act is to log the whole error."""
    first = node.body[0]
    call = first.value if isinstance(first, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "exception"


def _is_broad(node: ast.ExceptHandler) -> bool:
    if node.type is None:
        return True
    names = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(ast.unparse(name) in {"Exception", "BaseException"} for name in names)
