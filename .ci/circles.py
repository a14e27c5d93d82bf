#!/usr/bin/env python3
"""Says which files of src import each other in a circle, and fails when there is one.

An import is a path in a `use` or in the code (`crate::a::b`, `super::c`, `self::d`) that leads to another file of
the crate. A module and the modules inside it may name each other: that is how Rust builds a folder. So an import
between a file and its ancestor or descendant counts for nothing; every other one is an arrow, and arrows may not
lead back to where they began. An item that a module passes on (`pub use`) is followed to the file that has it.
Test modules do not count: what stands under `#[cfg(test)]` is left out.

Which folder of src uses which stands in docs/architecture.md, in a table that begins with `| folder | uses |`. It
must say what the imports say.

    .ci/circles.py [ROOT]      ROOT: the folder with src (default: the project's)
"""

import re
import sys
from pathlib import Path

WORD = r"[A-Za-z_][A-Za-z0-9_]*"


def without_comments(text):
    """The code with comments, strings and characters blanked, so that braces can be counted."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|b?r(#*)".*?"\1|b?"(?:\\.|[^"\\])*"|b?\'(?:\\.|[^\'\\])\'', re.S
    )
    return pattern.sub(lambda m: " ", text)


def without_tests(code):
    """The code without the items under `#[cfg(test)]`."""
    while (m := re.search(r"#\[cfg\((?:all\()?test", code)) is not None:
        at = code.index("]", m.start()) + 1
        depth = 0
        for end in range(at, len(code)):
            if code[end] == "{":
                depth += 1
            elif code[end] == "}":
                depth -= 1
                if depth == 0:
                    break
            elif code[end] == ";" and depth == 0:
                break
        else:
            end = len(code) - 1
        code = code[: m.start()] + code[end + 1 :]
    return code


def modules(src):
    """Files by the path of their module, a tuple of names."""
    found = {}
    for path in sorted(src.rglob("*.rs")):
        parts = path.relative_to(src).with_suffix("").parts
        if parts in [("main",), ("build",)]:
            continue
        if parts[-1] in ("mod", "lib"):
            parts = parts[:-1]
        found[parts] = path
    return found


def expand(tree, prefix=()):
    """The paths of a use tree: `a::{b, c as d}` gives (a, b) and (a, c), each with the name it gets here."""
    tree = tree.strip()
    depth, start, pieces = 0, 0, []
    for at, c in enumerate(tree):
        depth += (c == "{") - (c == "}")
        if c == "," and depth == 0:
            pieces.append(tree[start:at])
            start = at + 1
    pieces.append(tree[start:])
    for piece in pieces:
        piece = piece.strip()
        if not piece:
            continue
        if "{" in piece:
            head, rest = piece.split("{", 1)
            names = tuple(w for w in re.findall(WORD, head))
            yield from expand(rest.rsplit("}", 1)[0], prefix + names)
        else:
            path, _, alias = piece.partition(" as ")
            names = prefix + tuple(re.findall(WORD + r"|\*", path))
            if names[-1:] == ("self",) and len(names) > 1:
                names = names[:-1]
            yield names, alias.strip() or names[-1]


def absolute(names, here):
    """A path as written in module `here`, from the root of the crate; none when it leads out of it."""
    names = list(names)
    if names[0] == "crate":
        return tuple(names[1:])
    if names[0] in ("self", "super"):
        base = list(here)
        while names and names[0] in ("self", "super"):
            if names.pop(0) == "super":
                base = base[:-1]
        return tuple(base + names)
    if here + (names[0],) in MODULES:
        return here + tuple(names)
    return None


def resolve(path, seen=()):
    """The module in whose file the item of a path stands, through re-exports."""
    for cut in range(len(path), -1, -1):
        if path[:cut] in MODULES:
            break
    module, rest = path[:cut], path[cut:]
    if not rest or path in seen:
        return module
    for names, name in EXPORTS.get(module, []):
        target = absolute(names, module)
        if target is None:
            continue
        if name == rest[0]:
            return resolve(target + rest[1:], seen + (path,))
    for names, name in EXPORTS.get(module, []):
        target = absolute(names, module) if name == "*" else None
        if target is not None:
            inside = resolve(target[:-1] + rest, seen + (path,))
            if DEFINES.get(inside, "").find(rest[0]) >= 0:
                return inside
    return module


def circles(arrows):
    """Strongly connected sets of more than one file (Tarjan)."""
    order, low, stack, on, found = {}, {}, [], set(), []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        on.add(node)
        for other in sorted(arrows.get(node, ())):
            if other not in order:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in on:
                low[node] = min(low[node], order[other])
        if low[node] == order[node]:
            group = []
            while True:
                top = stack.pop()
                on.discard(top)
                group.append(top)
                if top == node:
                    break
            if len(group) > 1:
                found.append(sorted(group))

    sys.setrecursionlimit(10_000)
    for node in sorted(arrows):
        if node not in order:
            visit(node)
    return found


def shown(module):
    return str(MODULES[module].relative_to(ROOT))


ROOT = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
MODULES = modules(ROOT / "src")
CODE = {m: without_tests(without_comments(p.read_text("utf-8"))) for m, p in MODULES.items()}
USE = re.compile(r"(pub(?:\([^)]*\))?\s+)?\buse\s+([^;]+);")
EXPORTS, DEFINES = {}, {}
for module, code in CODE.items():
    EXPORTS[module] = [e for m in USE.finditer(code) if m[1] for e in expand(m[2])]
    DEFINES[module] = code

arrows = {}
for module, code in CODE.items():
    paths = [names for m in USE.finditer(code) for names, _ in expand(m[2])]
    body = USE.sub(" ", code)
    paths += [tuple(m[0].split("::")) for m in re.finditer(rf"\b(?:crate|super|self)(?:::{WORD})+", body)]
    for names in paths:
        if not names:
            continue
        path = absolute(tuple(w for w in names if w != "*"), module)
        if path is None:
            continue
        target = resolve(path)
        nested = target[: len(module)] == module or module[: len(target)] == target
        if not nested:
            arrows.setdefault(module, set()).add(target)

found = circles(arrows)
for group in found:
    print("these import each other in a circle:")
    for module in group:
        inside = sorted(shown(t) for t in arrows[module] if t in group)
        print(f"  {shown(module)} -> {', '.join(inside)}")

uses = {}
for module, targets in arrows.items():
    here = (module or ("lib",))[0]
    for target in targets:
        if target and target[0] != here:
            uses.setdefault(here, set()).add(target[0])
folders = sorted({module[0] for module in MODULES if module and (ROOT / "src" / module[0]).is_dir()})
said, page = {}, ROOT / "docs" / "architecture.md"
table = page.read_text("utf-8").partition("| folder | uses |\n| --- | --- |\n")[2] if page.exists() else ""
for row in table.split("\n\n")[0].splitlines():
    folder, others = re.match(r"\| `(\w+)` \| (.*) \|$", row).groups()
    said[folder] = sorted(re.findall(r"`(\w+)`", others))
wrong = [f for f in folders if said.get(f) != sorted(uses.get(f, ()))] if page.exists() else []
for folder in wrong:
    print(f"docs/architecture.md must say: | `{folder}` | {', '.join(f'`{u}`' for u in sorted(uses.get(folder, ()))) or 'nothing'} |")

total = sum(len(a) for a in arrows.values())
print(f"{len(MODULES)} files, {total} imports between files that are not parent and child, {len(found)} circles")
sys.exit(1 if found or wrong else 0)
