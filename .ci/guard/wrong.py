"""Part 4: wrong files. What the old program told, by file, line and key, the new one tells too."""

import json
import random
import re
import shutil
import tomllib
from pathlib import Path

from common import ROOT, Findings, Side, fresh

CORPUS = ROOT / "tests" / "wrong"
# Files of scenarios that are read by the program, with the scenario that they are checked by.
MUTATED = {
    "scenarios/minimal": ["scenario.toml", "*.csv", "layouts/*.toml", "sweeps/*.toml"],
    "scenarios/china": ["*.toml", "*.csv", "layouts/*.toml", "sweeps/*.toml"],
    "scenarios/china-firms": ["scenario.toml", "sweeps/*.toml"],
}


def told(side: Side, words: list[str], cwd: Path) -> tuple[int | None, set, bool]:
    """Exit code, what is told as (severity, file, line, key or column), and whether it panicked."""
    end = side.call([*words, "--json"], 120, cwd=cwd)
    try:
        problems = json.loads(end.out).get("problems", [])
    except (json.JSONDecodeError, AttributeError):
        problems = []
    found = {(p["severity"], p["file"], p.get("line"), p.get("key") or p.get("column")) for p in problems}
    # Warnings of what is accepted are told in words.
    for line in end.err.splitlines():
        if got := re.match(r"(error|warning): ([^:]+)(?::(\d+))?(?:: `([^`]+)`)?", line):
            found.add((got[1], got[2], int(got[3]) if got[3] else None, got[4]))
    return end.code, found, "panicked" in end.err


def held(found: Findings, name: str, old: tuple, new: tuple) -> None:
    (before, by_old, _), (after, by_new, panicked) = old, new
    if before != after:
        found.fail(f"{name}: exit code {before} became {after}")
    elif panicked or after is None:
        found.fail(f"{name}: panicked or did not end")
    elif lost := by_old - by_new:
        found.fail(f"{name}: no longer told: {sorted(lost, key=str)[:3]}; instead {sorted(by_new - by_old, key=str)[:3]}")
    else:
        found.passed += 1


def edit(path: Path, find: str | None, put: str) -> None:
    if find is not None:
        text = path.read_text("utf-8")
        if text.count(find) != 1:
            raise SystemExit(f"{path.name}: {find!r} is not there once")
        put = text.replace(find, put, 1)
    path.write_text(put, "utf-8")


def corpus(old: Side, new: Side, found: Findings) -> None:
    """The wrong scenarios of tests/wrong/cases.toml, as tests/scenario_files.rs makes them."""
    for case in tomllib.loads((CORPUS / "cases.toml").read_text("utf-8"))["case"]:
        got = {}
        for side in (old, new):
            folder = side.folder / "wrong"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(CORPUS / "base", folder)
            if "file" in case and "put" in case:
                edit(folder / case["file"], case.get("find"), case["put"])
            if "and_file" in case:
                edit(folder / case["and_file"], case["and_find"], case["and_put"])
            sets = [word for value in case.get("sets", []) for word in ("--set", value)]
            layouts = [word for layout in case.get("layouts", []) for word in ("--layout", layout)]
            words = ["run", case.get("scenario", "."), *layouts, *sets, "--quiet", "--out", "out"]
            got[side.name] = told(side, words, folder)
            check = ["check", case.get("scenario", "."), *sets]
            got[side.name, "check"] = told(side, check, folder)
        held(found, f"cases.toml: {case['name']}", got["old"], got["new"])
        held(found, f"cases.toml, check: {case['name']}", got["old", "check"], got["new", "check"])
        found.check(got["new"][0] == 2, f"cases.toml: {case['name']}: exit code {got['new'][0]}")


def plans(old: Side, new: Side, found: Findings) -> None:
    """The wrong plans of tests/wrong/plans.toml, as tests/sweep/wrong.rs makes them."""
    corpus = tomllib.loads((CORPUS / "plans.toml").read_text("utf-8"))
    for case in corpus["case"]:
        got = {}
        for side in (old, new):
            folder = fresh(side.folder / "wrong")
            shutil.copytree(CORPUS / "base", folder / "base")
            (folder / "plan.toml").write_text(corpus["base_of_list" if case.get("of_list") else "base"], "utf-8")
            (folder / "list.csv").write_text(corpus["list"], "utf-8")
            if "put" in case:
                edit(folder / case.get("file", "plan.toml"), case.get("find"), case["put"])
            if "and_find" in case:
                edit(folder / "plan.toml", case["and_find"], case["and_put"])
            got[side.name] = told(side, ["sweep", "plan", case.get("given", "plan.toml"), "--out", "out"], folder)
        held(found, f"plans.toml: {case['name']}", got["old"], got["new"])
        found.check(got["new"][0] == 2, f"plans.toml: {case['name']}: exit code {got['new'][0]}")


def mutated(text: str, is_table: bool, dice: random.Random) -> tuple[str, str]:
    """A text with one mistake, and what it is."""
    lines = text.split("\n")
    full = [n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
    at = dice.choice(full)
    kinds = ["deleted", "doubled", "cut", "swapped", "kind", "empty", "sign", "letter"] + ([] if is_table else ["key"])
    kind = dice.choice(kinds)
    line = lines[at]
    if kind == "deleted":
        del lines[at]
    elif kind == "doubled":
        lines.insert(at, line)
    elif kind == "cut":
        lines[at] = line[: len(line) // 2]
    elif kind == "key":
        lines.insert(at + 1, "unknwon_key = 3")
    elif is_table:
        cells = line.split(",")
        c = dice.randrange(len(cells))
        other = dice.choice(full)
        cells[c] = {
            "swapped": cells[(c + 1) % len(cells)], "kind": "x7y", "empty": "", "sign": f"-{cells[c]}",
            "letter": "".join(dice.sample(cells[c], len(cells[c]))) if kind == "letter" else "",
        }[kind]
        lines[at] = ",".join(cells)
        if kind == "swapped" and other != at:
            lines[at], lines[other] = lines[other], lines[at]
    else:
        before, equals, value = line.partition("=")
        lines[at] = {
            "swapped": f"{value.strip()} {equals} {before.strip()}", "kind": f'{before}{equals} "x7y"',
            "empty": f"{before}{equals}", "sign": re.sub(r"(\d)", r"-\1", line, count=1),
            "letter": before[:1] + before[2:] + equals + value,
        }[kind]
    return "\n".join(lines), f"line {at + 1} {kind}"


def mutations(old: Side, new: Side, found: Findings, quick: bool) -> None:
    """Seeded mistakes in every file of the shipped scenarios."""
    for scenario, globs in MUTATED.items():
        files = [path for pattern in globs for path in sorted((ROOT / scenario).glob(pattern))]
        for path in files:
            name = path.relative_to(ROOT).as_posix()
            text = path.read_text("utf-8")
            if path.parent.name == "sweeps":
                words = ["sweep", "plan", name, "--dry-run"]
            elif path.parent.name == "layouts":
                words = ["check", scenario, name]
            elif path.name.startswith("county") or path.name == "counties.csv":
                words = ["check", f"{scenario}/county.toml"]
            else:
                words = ["check", scenario]
            for n in range(1 if quick else 8):
                wrong, what = mutated(text, path.suffix == ".csv", random.Random(f"{name}:{n}"))
                got = []
                for side in (old, new):
                    (side.folder / name).write_text(wrong, "utf-8")
                    got.append(told(side, words, side.folder))
                    (side.folder / name).write_text(text, "utf-8")
                held(found, f"{name}, {what} (mistake {n})", *got)


def part(old: Side, new: Side, quick: bool, words: str | None) -> Findings:
    found = Findings("wrong")
    corpus(old, new, found)
    plans(old, new, found)
    mutations(old, new, found, quick)
    return found
