"""Part 3: nothing that a user can do is lost. What is lost has a line in CHANGELOG.md that names it."""

import json
import re
import shutil

import tables
from cases import Case
from common import ROOT, Findings, Side, fresh

QUIET = ["--quiet", "--replicates", "2"]
FIRMS = ["--set", "firms.number=2000", "--set", "firms.sample=5", "--set", "end=2024-06"]
PLAN = "scenarios/minimal/sweeps/grid.toml"

# Commands whose exit code is a promise, in this order: later ones find what earlier ones left.
EXITS = [
    (0, ["--help"]), (0, ["--version"]), (2, []), (2, ["rum"]), (2, ["run"]), (2, ["run", "nowhere"]),
    (0, ["run", "scenarios/minimal", *QUIET, "--out", "x/run"]),
    (0, ["run", "scenarios/minimal", *QUIET, "--out", "x/run", "--resume"]),
    (2, ["run", "scenarios/minimal", *QUIET, "--out", "x/run", "--seed", "4"]),
    (2, ["run", "scenarios/minimal", *QUIET, "--out", "x/run", "--resume", "--seed", "4"]),
    (0, ["run", "scenarios/minimal", *QUIET, "--out", "x/run", "--force"]),
    (2, ["run", "scenarios/minimal", *QUIET, "--out", "scenarios", "--force"]),
    (1, ["run", "scenarios/minimal", *QUIET, "--out", "/proc/nowhere/run"]),
    (2, ["run", "scenarios/minimal", "--replicates", "0"]), (2, ["run", "scenarios/minimal", "--tables", "nation"]),
    (2, ["run", "scenarios/minimal", "--layout", "non"]), (2, ["run", "scenarios/minimal", "--set", "line.betta=1"]),
    (2, ["run", "scenarios/china-firms", "--set", "firms.number=4000000000"]),
    (0, ["compare", "scenarios/minimal", "--baseline", "base", "none", *QUIET, "--out", "x/compare"]),
    (2, ["compare", "scenarios/minimal", "--baseline", "base", "none", "--replicates", "1", "--resume", "--out", "x/compare"]),
    (2, ["compare", "scenarios/minimal", "none"]), (2, ["compare", "scenarios/minimal", "--baseline", "none"]),
    (2, ["compare", "scenarios/minimal", "--baseline", "base", "none", "--outcome", "mean_stok"]),
    (2, ["compare", "scenarios/minimal", "--baseline", "base", "none", "--horizon", "2031-01"]),
    (0, ["sweep", "plan", PLAN, "--dry-run"]), (0, ["sweep", "plan", PLAN, "--out", "x/sweep"]),
    (0, ["sweep", "run", PLAN, "--quiet", "--resume", "--shard", "0/2", "--out", "x/sweep"]),
    (0, ["sweep", "status", "x/sweep"]), (3, ["sweep", "merge", "x/sweep", "--quiet"]), (3, ["sweep", "summary", "x/sweep"]),
    (0, ["sweep", "run", PLAN, "--quiet", "--resume", "--shard", "1/2", "--out", "x/sweep"]),
    (0, ["sweep", "merge", "x/sweep", "--quiet"]), (0, ["sweep", "summary", "x/sweep"]),
    (2, ["sweep", "run", PLAN, "--quiet", "--out", "x/sweep"]), (2, ["sweep", "run", "nowhere.toml"]),
    (2, ["sweep", "summary", "x/run"]), (2, ["sweep", "status", "nowhere"]), (2, ["sweep", "run", PLAN, "--shard", "2/2"]),
    (0, ["sweep", "slurm", PLAN, "--out", "x/slurm"]), (0, ["sweep", "script", PLAN, "--for", "pbs", "--out", "x/script"]),
    (0, ["check", "scenarios/china", "scenarios/china/layouts/northeast.toml"]), (2, ["check", "nowhere"]),
    (2, ["check", "scenarios/china", "--set", "line.beta=-1"]),
    (0, ["diff", "existing", "northeast", "--scenario", "scenarios/china"]), (2, ["diff", "existing", "nowhere"]),
    (0, ["outcomes"]), (0, ["outcomes", "--json"]), (0, ["schema"]), (0, ["schema", "--layout"]), (0, ["schema", "--plan"]),
    (0, ["explain", "scenarios/minimal", "none", "base"]), (2, ["explain", "scenarios/minimal", "none", "nowhere"]),
    (2, ["explain", "scenarios/minimal", "none", "base", "--place", "nowhere"]),
    (0, ["report", "x/run"]), (0, ["report", "x/compare", "--lang", "zh"]), (0, ["report", "x/sweep"]), (2, ["report", "nowhere"]),
    (0, ["figures", "x/run"]), (0, ["figures", "x/compare", "--format", "png"]), (0, ["figures", "x/sweep", "--format", "pdf"]),
    (2, ["figures", "nowhere"]), (0, ["odd", "scenarios/minimal"]), (0, ["odd", "scenarios/minimal", "--lang", "zh"]),
    (0, ["new", "x/new"]), (2, ["new", "x/new"]), (0, ["run", "x/new", *QUIET, "--out", "x/run-new"]),
    (0, ["synthetic", "x/synthetic", "--places", "100"]), (0, ["completions", "bash"]), (2, ["completions", "dos"]),
]

# What programs read: the keys of these answers.
ANSWERS = [
    ["run", "scenarios/minimal", "--replicates", "2", "--json", "--out", "y/run"],
    ["run", "scenarios/china-firms", "--replicates", "1", *FIRMS, "--json", "--out", "y/firms"],
    ["run", "nowhere", "--json"],
    ["compare", "scenarios/minimal", "--baseline", "none", "base", "--replicates", "12", "--json", "--out", "y/compare"],
    ["sweep", "plan", PLAN, "--dry-run", "--json"], ["sweep", "run", PLAN, "--json", "--out", "y/sweep"],
    ["sweep", "status", "y/sweep", "--json"], ["sweep", "merge", "y/sweep", "--json"],
    ["sweep", "summary", "y/sweep", "--json"], ["check", "scenarios/minimal", "--json"],
    ["check", "scenarios/china", "--set", "line.betta=1", "--json"], ["outcomes", "--json"],
    ["diff", "existing", "northeast", "--scenario", "scenarios/china", "--json"],
    ["explain", "scenarios/minimal", "none", "base", "--json"],
]

# Answers in words: they may change, and it is said which.
TEXTS = [
    ["outcomes"], ["schema"], ["schema", "--layout"], ["schema", "--plan"], ["schema", "--parameters"],
    ["check", "scenarios/minimal"], ["check", "scenarios/china"], ["check", "scenarios/china-firms"],
    ["diff", "none", "northeast", "--scenario", "scenarios/china"], ["diff", "scenarios/china", "scenarios/minimal"],
    ["explain", "scenarios/minimal", "none", "open-candidate"],
    ["explain", "scenarios/china", "existing", "northeast", "--place", "Dalian", "--set", "end=2026-06"],
    ["odd", "scenarios/china"], ["odd", "scenarios/china-firms", "--lang", "zh"],
    ["run", "scenarios/minimal", "--replicates", "5", "--out", "z/run"],
    ["compare", "scenarios/minimal", "--baseline", "none", "base", "--replicates", "12", "--out", "z/compare"],
    ["sweep", "plan", PLAN, "--dry-run"], ["sweep", "run", PLAN, "--out", "z/sweep"], ["sweep", "summary", "z/sweep"],
]

COLUMNS = [
    Case("columns/run", [["run", "scenarios/minimal", *QUIET, "--tables", "all", "--out", "OUT"]]),
    Case("columns/firms", [["run", "scenarios/china-firms", *QUIET, *FIRMS, "--tables", "all", "--out", "OUT"]]),
    Case("columns/compare", [["compare", "scenarios/minimal", "--baseline", "none", "base", *QUIET, "--every", "12", "--out", "OUT"]]),
    Case("columns/sweep", [["sweep", "run", PLAN, "--quiet", "--out", "OUT"]]),
]


def options(side: Side) -> set[str]:
    """Commands, options, arguments and the values that they take, from all helps."""
    found, open_ = set(), [()]
    while open_:
        command = open_.pop()
        text = side.call([*command, "--help"]).out
        name = " ".join(command)
        found.add(f"command {name}")
        section = None
        last = name
        for line in text.splitlines():
            if re.match(r"^[A-Z][A-Za-z ]*:$", line):
                section = line[:-1]
            elif section == "Commands" and (got := re.match(r"^  ([a-z][a-z-]*)(\s|$)", line)):
                if got[1] != "help":
                    open_.append((*command, got[1]))
            elif section in ("Options", "Arguments"):
                if got := re.match(r"^\s{2,6}(?:(-\w), )?(--[a-z-]+)", line):
                    last = f"{name} {got[2]}"
                    found.update({last} | ({f"{name} {got[1]}"} if got[1] else set()))
                elif got := re.match(r"^  [<\[]([A-Za-z_0-9]+)[>\]]", line):
                    last = f"{name} <{got[1].upper()}>"
                    found.add(last)
                if got := re.match(r"^\s+- ([a-z0-9-]+):?", line):
                    found.add(f"{last} {got[1]}")
            if got := re.search(r"\[possible values: ([^\]]*)\]", line):
                found.update(f"{last} {value.strip()}" for value in got[1].split(","))
            if got := re.search(r"\[default: ([^\]]*)\]", line):
                found.add(f"{last} [default: {got[1]}]")
    return found


def keys(side: Side) -> set[str]:
    """Keys of scenarios, layouts and plans with what they allow and their defaults."""
    found = set()
    for kind, words in {"scenario": [], "layout": ["--layout"], "plan": ["--plan"]}.items():
        for line in side.call(["schema", *words, "--parameters"]).out.splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
            if line.startswith("| `"):
                key = cells[0].strip("`")
                found.update({f"{kind} {key}"} | {f"{kind} {key} ({cell})" for cell in cells[1:-1] if cell})
        text = side.call(["schema", *words]).out
        found.update(f"{kind} {path}" for path in paths(json.loads(text)) if "properties." in path)
    return found


def paths(value, before="") -> set[str]:
    """The keys of a JSON answer, with those above them."""
    if isinstance(value, dict):
        found = set()
        for key, of in value.items():
            here = f"{before}.{key}" if before else key
            found |= {here} | paths(of, here)
        return found
    if isinstance(value, list):
        return set().union(*[paths(of, f"{before}[]") for of in value]) if value else set()
    return set()


def answers(side: Side) -> set[str]:
    fresh(side.folder / "y")
    found = set()
    for words in ANSWERS:
        end = side.call(words)
        name = " ".join(words[:2] if words[0] == "sweep" else words[:1])
        try:
            found.update(f"{name} --json {path}" for path in paths(json.loads(end.out)))
        except json.JSONDecodeError:
            found.add(f"{' '.join(words)}: no JSON")
    return found


def outcomes(side: Side) -> set[str]:
    listed = json.loads(side.call(["outcomes", "--json"]).out)
    entries = listed if isinstance(listed, list) else next(v for v in listed.values() if isinstance(v, list))
    found = set()
    for entry in entries:
        name = entry.get("outcome") or entry.get("id") or entry.get("name")
        found.add(f"outcome {name}")
        found.update(f"outcome {name} {key}={value}" for key, value in entry.items() if key in ("unit", "better", "direction"))
    return found


def columns(side: Side) -> set[str]:
    found = set()
    for case in COLUMNS:
        tables.made(side, case, side.name == "new")
        for row in tables.rows_of(side.folder / "out" / case.name / "columns.csv")[1:]:
            found.add(f"column {case.name.split('/')[1]} {row[0]} {row[1]} ({row[2]})")
    return found


def written(text: str) -> str:
    """What CHANGELOG.md says of losses: all lines under Removed and Changed."""
    sections = re.split(r"(?m)^### ", text)
    return "\n".join(part for part in sections if part.startswith(("Removed", "Changed")))


def files(side: Side) -> set[str]:
    """Names of the files that the commands of EXITS left, those of workers aside."""
    found = set()
    for path in (side.folder / "x").rglob("*"):
        name = path.relative_to(side.folder).as_posix()
        if path.is_file() and not re.search(r"/(parts|logs)/", name):
            found.add(f"file {name}")
    return found


def exits(old: Side, new: Side, found: Findings) -> None:
    for side in (old, new):
        fresh(side.folder / "x")
    for expected, words in EXITS:
        codes = [side.call(words, 120).code for side in (old, new)]
        found.check(codes == [expected] * 2, f"exit code of `pointplane {' '.join(words)}`: {codes[0]} before, {codes[1]} now, promised {expected}")


def merged_again(new: Side, found: Findings) -> None:
    """`merge`, of sweeps alone before, takes the folder of a run too: what is complete stays as it is."""
    folder = new.folder / "x" / "run"
    held = lambda: {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    before = held()
    for words in (["merge", "x/run"], ["sweep", "merge", "x/run"]):
        code = new.call(words, 120).code
        found.check(code == 0 and held() == before, f"`pointplane {' '.join(words)}` of a complete run: exit code {code}, and it changes nothing")


def texts(old: Side, new: Side, found: Findings) -> None:
    changed = []
    for side in (old, new):
        fresh(side.folder / "z")
    for n, words in enumerate(TEXTS):
        ends = [side.call(words) for side in (old, new)]
        plain = [re.sub(r"\d+(\.\d+)? (s|ms|min|seconds|minutes)\b", "TIME", end.out + end.err) for end in ends]
        if plain[0] != plain[1]:
            for side, text in zip((old, new), plain):
                (side.folder / "texts").mkdir(exist_ok=True)
                (side.folder / "texts" / f"{n:02}").write_text(text, "utf-8")
            changed.append(f"`{' '.join(words)}` (texts/{n:02})")
    if changed:
        found.note(f"words changed, to be read with diff in {old.folder} and {new.folder}: {', '.join(changed)}")


def part(old: Side, new: Side, quick: bool, words: str | None) -> Findings:
    found = Findings("inventory")
    changelog = written((ROOT / "CHANGELOG.md").read_text("utf-8"))
    exits(old, new, found)
    merged_again(new, found)
    lists = {"options": options, "keys": keys, "outcomes": outcomes, "columns": columns, "answers": answers, "files": files}
    for what, list_ in lists.items():
        before, after = list_(old), list_(new)
        found.check(bool(before), f"{what}: the old program tells none, so nothing is compared")
        lost = sorted(name for name in before - after if f"`{name}`" not in changelog)
        found.passed += len(before & after)
        for name in lost:
            found.fail(f"{what}: `{name}` is lost, and CHANGELOG.md has no line under Removed or Changed that names it so")
        gained = sorted(after - before)
        if gained:
            shown = ", ".join(gained[:8]) + (f" and {len(gained) - 8} more" if len(gained) > 8 else "")
            found.note(f"{what}: new: {shown}")
    texts(old, new, found)
    shutil.rmtree(new.folder / "y", ignore_errors=True)
    return found
