"""Part 6: each old test is kept, moved, or replaced by one that asserts as much; tests/reference is as it was."""

import re
import subprocess
from collections import Counter, defaultdict

from common import ROOT, SINCE, Findings, allowed

TEST = re.compile(r"#\[test\]\s*(?:(?:#\[[^\n]*\]|//[^\n]*)\s*)*(?:pub )?fn (\w+)")
ASSERTS = re.compile(r"\b(?:prop_)?assert\w*!|\.exits\(|\.says\(|\bunwrap_err\(|assert_snapshot")


def git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def tests_in(text: str) -> dict[str, int]:
    """The tests of a file, each with how often it asserts by itself."""
    starts = list(TEST.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    found = Counter()
    for start, end in zip(starts, ends):
        found[start[1]] += len(ASSERTS.findall(text[start.start():end]))
    return dict(found)


def rust_files(since: str | None) -> dict[str, str]:
    if since is None:
        files = [path for top in ("src", "tests", "benches", "python") for path in sorted((ROOT / top).rglob("*.rs"))
                 if "target" not in path.parts]
        return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in files}
    names = [name for name in git("ls-tree", "-r", "--name-only", since).splitlines() if name.endswith(".rs")]
    return {name: git("show", f"{since}:{name}") for name in names}


def part(since: str = SINCE) -> Findings:
    found = Findings("tests")
    listed, used = allowed("tests-moved.txt", 2), set()
    old = {(file, name): asserts for file, text in rust_files(since).items() for name, asserts in tests_in(text).items()}
    new = {(file, name): asserts for file, text in rust_files(None).items() for name, asserts in tests_in(text).items()}
    moved_to = defaultdict(list)
    for file, name in new.keys() - old.keys():
        moved_to[name].append((file, name))
    for key, asserts in old.items():
        here = key if key in new else None
        if here is None and moved_to[key[1]]:
            # Of several of that name the one in a file of the same name, else the first.
            same = [k for k in moved_to[key[1]] if k[0].split("/")[-1] == key[0].split("/")[-1]]
            here = (same or sorted(moved_to[key[1]]))[0]
            moved_to[key[1]].remove(here)
        if here is None:
            used.add(key)
            found.check(key in listed, f"{key[0]}: `{key[1]}` is gone, and tests-moved.txt does not say where to")
        elif new[here] < asserts:
            found.note(f"{here[0]}: `{here[1]}` asserts {new[here]} times, {asserts} before: does it say as much?")
        else:
            found.passed += 1
    for key in listed.keys() - used:
        found.fail(f"tests-moved.txt lists {' '.join(key)}, which is not gone")
    changed = git("diff", "--stat", since, "--", "tests/reference").strip()
    found.check(not changed, f"tests/reference is touched:\n{changed}")
    print(f"      {len(old)} tests in {since}, {len(new)} here", flush=True)
    return found


if __name__ == "__main__":
    raise SystemExit(bool(part().failures))
