"""Small files and functions, each module with its sentence, no unfinished work."""

import ast
import re
from pathlib import Path

from tests.house.tree import functions, modules

FILE_MOST, FILE_USUAL = 400, 290
FUNCTION_MOST, FUNCTION_USUAL = 60, 28
TEXTS = ("py", "html", "js", "mjs", "css", "md", "toml", "sh", "sql", "yml", "yaml")
# Written so that these lines do not find themselves.
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b|lorem[ ]ipsum", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.])/(hom[e]|roo[t]|wor[k]|User[s])/\w")
EMOJI = re.compile("[\U0001f300-\U0001faff\u2705\u274c\u26a0\u2728]")


def too_long(root: Path) -> list[str]:
    """Files over 400 lines and functions over 60."""
    bad = []
    for module in modules(root):
        if len(module.lines) > FILE_MOST:
            bad.append(module.at(1, f"{len(module.lines)} lines; at most {FILE_MOST}"))
        for node in functions(module):
            length = _length(node)
            if length > FUNCTION_MOST:
                bad.append(module.at(node, f"{node.name} has {length} lines; at most {FUNCTION_MOST}"))
    return bad


def share_over_usual(root: Path) -> tuple[float, float]:
    """Share of files over 290 lines and of functions of 28 lines and more."""
    files = [len(module.lines) for module in modules(root)]
    lengths = [_length(node) for module in modules(root) for node in functions(module)]
    over_files = sum(length > FILE_USUAL for length in files) / max(len(files), 1)
    over_functions = sum(length >= FUNCTION_USUAL for length in lengths) / max(len(lengths), 1)
    return over_files, over_functions


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def without_sentence(root: Path) -> list[str]:
    """Modules without a docstring (an empty ``__init__`` says nothing and needs none)."""
    return [
        module.at(1, "needs a one-sentence docstring")
        for module in modules(root)
        if module.text.strip() and not ast.get_docstring(module.tree)
    ]


def unfinished(root: Path, files: list[Path]) -> list[str]:
    """Marks of unfinished work, paths of somebody's machine, and emoji."""
    bad = []
    for path in files:
        if path.suffix.lstrip(".") not in TEXTS or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            for what, pattern in (("unfinished", UNFINISHED), ("machine path", MACHINE), ("emoji", EMOJI)):
                if pattern.search(line):
                    bad.append(f"{path.relative_to(root)}:{number}: {what}: {line.strip()[:80]}")
    return bad
