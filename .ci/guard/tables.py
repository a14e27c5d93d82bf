"""Part 1: all tables keep their bytes, whatever the number of threads, interruptions and shards."""

import csv
import json
import shutil
import signal
import time
from fnmatch import fnmatch
from pathlib import Path

import cases
from common import ROOT, Findings, Side, allowed, fresh, sha256

# What workers keep for themselves, and the one table that a clock wrote.
PRIVATE = ("parts/", "logs/")
CLOCK = ("run_times.csv", "run_times.parquet")
# Credit may differ by so much, absolutely and of its size: sums in another order.
CREDIT = 1e-12
# Columns and outcomes that are credit, or made of it.
CREDIT_NAMES = {"credit", "spillover_share", "spillover_given"}


def files_of(folder: Path) -> dict[str, str]:
    """The files of a results folder, by path: tables, resolved scenarios and plans with their checksums, the
    others, which may tell times and machines, with none."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(PRIVATE) and path.name not in CLOCK:
            found[name] = sha256(path) if path.suffix in {".csv", ".parquet", ".toml"} else ""
    return found


class Lists:
    """What may differ, and what of it did."""

    def __init__(self) -> None:
        self.columns, self.files, self.used = allowed("columns-allowed.txt", 2), allowed("files-allowed.txt", 3), set()
        for case, file, how in self.files:
            if how not in {"new", "gone"} or not file.endswith((".toml", ".json")):
                raise SystemExit(f".ci/guard/files-allowed.txt: {case} | {file} | {how}: only .toml and .json, `new` or `gone`")

    def unlisted(self, case: str, files: set[str], how: str) -> str:
        """Of files that are new or gone those that are not listed."""
        left = []
        for file in sorted(files):
            by = [key for key in self.files if key[2] == how and fnmatch(case, key[0]) and fnmatch(file, key[1])]
            self.used.update(by)
            left += [] if by else [file]
        return ", ".join(left)


def made(side: Side, case: cases.Case, again: bool) -> dict:
    """Runs a case. What it gave is kept beside its folder; of the old program that is enough."""
    out = side.folder / "out" / case.name
    kept = out.with_name(out.name + ".json")
    words = case.words()
    if not again and kept.exists():
        told = json.loads(kept.read_text("utf-8"))
        if told["words"] == words and told["files"] == case.files:
            return told
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(out, ignore_errors=True)
    for name, text in case.files.items():
        (side.folder / name).write_text(text, "utf-8")
    ends = [side.call(command) for command in words]
    told = {
        "words": words, "files": case.files, "codes": [end.code for end in ends],
        "words_told": [end.err[-500:] for end in ends], "files_made": files_of(out), "wall": sum(end.wall for end in ends),
    }
    kept.write_text(json.dumps(told), "utf-8")
    return told


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def is_near(a: str, b: str) -> bool:
    try:
        x, y = float(a), float(b)
    except ValueError:
        return False
    return abs(x - y) <= CREDIT * max(1.0, abs(x), abs(y))


def first_difference(old: Path, new: Path) -> str | None:
    """Where two CSV tables differ by more than credit may; nothing when they do not."""
    before, after = rows_of(old), rows_of(new)
    if before[:1] != after[:1]:
        return f"columns {before[:1]} became {after[:1]}"
    header = before[0] if before else []
    outcome = header.index("outcome") if "outcome" in header else None
    for number, (a, b) in enumerate(zip(before, after), 1):
        if a == b:
            continue
        of_credit = outcome is not None and a[outcome] == b[outcome] and a[outcome] in CREDIT_NAMES
        for column, x, y in zip(header, a, b):
            credit = of_credit or column in CREDIT_NAMES or column.startswith("c_")
            if x != y and not (credit and is_near(x, y)):
                return f"row {number}, column {column}: {x!r} became {y!r}\n        old: {','.join(a)}\n        new: {','.join(b)}"
    if len(before) != len(after):
        return f"{len(before) - 1} rows became {len(after) - 1}"
    return None


def columns_difference(old: Path, new: Path, lists: Lists) -> str | None:
    """What changed in two `columns.csv` that is not listed."""
    def by_name(path):
        return {(row[0], row[1]): row for row in rows_of(path)}
    before, after = by_name(old), by_name(new)
    changed = [name for name in before | after if before.get(name) != after.get(name)]
    lists.used.update(changed)
    open_ = [name for name in changed if name not in lists.columns]
    if open_:
        name = open_[0]
        return f"{len(open_)} rows, first {before.get(name)} became {after.get(name)}; not in columns-allowed.txt"
    order = [name for name in after if name in before] != [name for name in before if name in after]
    return "rows are in another order" if order else None


def csv_twin(side: Side, case: cases.Case) -> Path:
    """The same case in CSV, to say what differs where Parquet differs."""
    commands = [[*command, "--format", "csv"] for command in case.commands]
    if case.name.startswith("sweep/"):
        commands = case.commands
    files = {}
    for name, text in case.files.items():
        text = text.replace('format = "parquet"\n', "")
        files[name] = text.replace("scenario =", 'format = "csv"\nscenario =', 1) if name.endswith(".toml") else text
    twin = cases.Case(f"{case.name}-as-csv", commands, files)
    made(side, twin, True)
    return side.folder / "out" / twin.name


def compare(old: Side, new: Side, case: cases.Case, found: Findings, lists: Lists) -> dict:
    """Holds what both make against each other; gives what the new one gave."""
    before, after = made(old, case, False), made(new, case, True)
    if before["codes"] != after["codes"]:
        found.fail(f"{case.name}: exit codes {before['codes']} became {after['codes']}: {after['words_told'][-1].strip()}")
        return after
    if before["codes"] != [0] * len(before["codes"]):
        found.fail(f"{case.name}: the old program ends with {before['codes']}: {before['words_told'][-1].strip()}")
        return after
    a, b = before["files_made"], after["files_made"]
    gone = lists.unlisted(case.name, a.keys() - b.keys(), "gone")
    come = lists.unlisted(case.name, b.keys() - a.keys(), "new")
    found.check(not gone, f"{case.name}: files are gone: {gone}")
    found.check(not come, f"{case.name}: files are new: {come}")
    folders = [side.folder / "out" / case.name for side in (old, new)]
    twins = None
    for name in sorted(a.keys() & b.keys()):
        found.passed += 1
        if a[name] == b[name]:
            continue
        paths = [folder / name for folder in folders]
        if name.endswith("columns.csv"):
            why = columns_difference(*paths, lists)
        elif name.endswith(".csv"):
            why = first_difference(*paths)
        elif name.endswith(".parquet"):
            twins = twins or [csv_twin(side, case) for side in (old, new)]
            texts = [(twin / name).with_suffix(".csv") for twin in twins]
            if [sha256(text) for text in texts][0] == sha256(texts[1]):
                why = "the bytes of the file differ, its cells are the same"
            else:
                why = first_difference(*texts)
        else:
            lines = zip(*[path.read_text("utf-8").splitlines() for path in paths])
            differs = (f"line {n}: {x!r} became {y!r}" for n, (x, y) in enumerate(lines, 1) if x != y)
            why = next(differs, "one has more lines")
        if why:
            found.fail(f"{case.name}: {name}: {why}")
    return after


def same_in(found: Findings, what: str, whole: Path, other: Path) -> None:
    """Two ways of the new program to the same results."""
    a, b = files_of(whole), files_of(other)
    differ = sorted(name for name in a | b if a.get(name) != b.get(name))
    found.check(bool(a) and not differ, f"{what}: {len(differ)} of {len(a)} files differ: {', '.join(differ[:5])}")


def sameness(old: Side, new: Side, found: Findings, quick: bool, lists: Lists) -> None:
    """Threads, interruptions, kills and shards leave no trace: they give what a run of one session gives, and
    that gives what it gave with the old program."""
    out = fresh(new.folder / "out" / "same")
    plan = "scenarios/minimal/sweeps/guard-same.toml"
    text = cases.shortened((ROOT / "scenarios/minimal/sweeps/grid.toml").read_text("utf-8"), False)
    (new.folder / plan).write_text(text.replace("replicates = 1", "replicates = 150"), "utf-8")
    short = ["--set", "end=2024-06"]
    small = ["compare", "scenarios/minimal", "--baseline", "base", "none", "open-candidate", "--quiet", "--every", "12"]
    threads = {
        "run": ["run", "scenarios/china", "--tables", "all", "--replicates", "3", "--quiet", *short],
        "compare": ["compare", "scenarios/china", "--baseline", "none", "existing", "--replicates", "3", "--quiet", *short],
        "firms": ["run", "scenarios/china-firms", "--replicates", "2", "--quiet", *short, "--set", "firms.number=5000"],
        "sweep": ["sweep", "run", plan, "--quiet"],
    }
    for name, words in threads.items():
        if quick and name == "firms":
            continue
        for n in ("1", "2", "5"):
            end = new.call([*words, "--threads", n, "--out", f"out/same/{name}-{n}"])
            found.check(end.code == 0, f"{name} with {n} threads: exit code {end.code}: {end.err}")
        for n in ("2", "5"):
            same_in(found, f"{name}, threads 1 and {n}", out / f"{name}-1", out / f"{name}-{n}")

    many = str(300 if quick else 1500)
    disturbed = {
        "run": ["run", "scenarios/minimal", "--replicates", many, "--quiet", "--tables", "all"],
        "compare": [*small, "--replicates", many],
        "sweep": threads["sweep"],
    }
    for name, words in disturbed.items():
        case = cases.Case(f"{name}/whole", [[*words, "--out", "OUT"]], {plan: text})
        whole = compare(old, new, case, found, lists)
        if whole["codes"] != [0]:
            continue
        for what, by, code in (("stopped", signal.SIGINT, 130), ("killed", signal.SIGKILL, None)):
            for part in (0.5, 0.25, 0.1):  # a quick machine may be through before the signal comes
                shutil.rmtree(out / f"{name}-{what}", ignore_errors=True)
                end = new.call([*words, "--out", f"out/same/{name}-{what}"], stop_after=whole["wall"] * part, by=by)
                if end.code == code:
                    break
            if not found.check(end.code == code, f"{name}, {what}: ends with {end.code}, not with {code}: {end.err[-300:]}"):
                continue
            if what == "stopped":
                found.check(not (files_of(out / f"{name}-{what}").keys() & {"national.parquet", "outcomes.parquet"}),
                            f"{name}: tables are there though it was stopped")
            # Who is killed before there is a folder begins it.
            more = ["--resume"] if (out / f"{name}-{what}" / "manifest.json").exists() else []
            end = new.call([*words, "--out", f"out/same/{name}-{what}", *more])
            found.check(end.code == 0, f"{name}, {what} and resumed: exit code {end.code}: {end.err[-300:]}")
            same_in(found, f"{name}, {what} and resumed", new.folder / "out" / name / "whole", out / f"{name}-{what}")

        merge = ["sweep", "merge"] if name == "sweep" else ["merge"]
        for shard in ("1/2", "0/2"):
            end = new.call([*words, "--shard", shard, "--out", f"out/same/{name}-shards"])
            found.check(end.code == 0, f"{name}, shard {shard}: exit code {end.code}: {end.err[-300:]}")
        end = new.call([*merge, f"out/same/{name}-shards"])
        found.check(end.code == 0, f"{name}, merge of two shards: exit code {end.code}: {end.err[-300:]}")
        same_in(found, f"{name}, two shards and the whole", new.folder / "out" / name / "whole", out / f"{name}-shards")


def part(old: Side, new: Side, quick: bool, words: str | None) -> Findings:
    found = Findings("tables")
    lists = Lists()
    synthetic = old.folder / "synthetic"
    if not quick:
        if not (synthetic / "scenario.toml").exists():
            shutil.rmtree(synthetic, ignore_errors=True)
            end = old.call(["synthetic", "synthetic", "--places", "20000"])
            found.check(end.code == 0, f"synthetic: exit code {end.code}: {end.err}")
        end = new.call(["synthetic", "synthetic-of-new", "--places", "20000"])
        for path in sorted(synthetic.iterdir()):
            other = new.folder / "synthetic-of-new" / path.name
            found.check(other.exists() and sha256(other) == sha256(path), f"synthetic: {path.name} differs")
        shutil.copytree(synthetic, fresh(new.folder / "synthetic"), dirs_exist_ok=True)
    matrix = [case for case in cases.cases(quick) if not words or words in case.name]
    for case in matrix:
        began = time.monotonic()
        compare(old, new, case, found, lists)
        print(f"      {case.name:<44} {time.monotonic() - began:6.1f} s", flush=True)
    if not words or words in "same":
        sameness(old, new, found, quick, lists)
    if not (words or quick):
        for name in (lists.columns | lists.files).keys() - lists.used:
            found.note(f"columns-allowed.txt or files-allowed.txt lists {' | '.join(name)}, which did not change")
    print(f"      {len(matrix)} cases", flush=True)
    return found
