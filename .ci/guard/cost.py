"""Part 2: peak memory and time, the old program beside the new one, in turn."""

import math
import os
import shutil
import statistics

from common import Findings, Side, floor, fresh

BOUND = 1.1
END = ["--set", "end=2026-12"]
COMMANDS = {
    "run minimal": ["run", "scenarios/minimal", "--replicates", "400"],
    "run china": ["run", "scenarios/china", "--replicates", "4"],
    "run china, all tables": ["run", "scenarios/china", "--replicates", "2", "--tables", "all", "--every", "1"],
    "run county": ["run", "scenarios/china/county.toml", "--replicates", "1", *END],
    "run firms": ["run", "scenarios/china-firms", "--replicates", "1", "--set", "firms.number=200000", *END],
    "compare china": ["compare", "scenarios/china", "--baseline", "none", "existing", "northeast", "--replicates", "3"],
    "compare minimal, map": ["compare", "scenarios/minimal", "--baseline", "none", "base", "--replicates", "200", "--every", "12"],
    "sweep minimal": ["sweep", "run", "scenarios/minimal/sweeps/guard-cost.toml"],
}


def ratio(pairs: list[tuple[float, float]]) -> float:
    return statistics.median(new / old for old, new in pairs)


def part(old: Side, new: Side, quick: bool, words: str | None, pairs: int) -> Findings:
    found = Findings("cost")
    busy = os.getloadavg()[0] > 0.5 * (os.cpu_count() or 1)
    shipped = (new.folder / "scenarios/minimal/sweeps/grid.toml").read_text("utf-8")
    for side in (old, new):
        plan = side.folder / "scenarios/minimal/sweeps/guard-cost.toml"
        plan.write_text(shipped.replace("replicates = 5", "replicates = 60"), "utf-8")
    print(f"      {pairs} pairs, old and new in turn; medians; bound {BOUND} in all (geometric mean)")
    print(f"      {'':<24}{'memory':>9}{'new/old':>9}{'cpu':>9}{'new/old':>9}{'wall':>9}{'new/old':>9}")
    ratios = {"memory": [], "cpu": [], "wall": []}
    for name, command in COMMANDS.items():
        if words and words not in name:
            continue
        ends = []
        for n in range(pairs):
            turn = {}
            for side in (old, new) if n % 2 == 0 else (new, old):
                fresh(side.folder / "cost").rmdir()
                turn[side.name] = side.call([*command, "--quiet", "--out", "cost"])
                shutil.rmtree(side.folder / "cost", ignore_errors=True)
            if not found.check(turn["old"].code == turn["new"].code == 0, f"{name}: exit codes {turn['old'].code}, {turn['new'].code}"):
                break
            ends.append((turn["old"], turn["new"]))
        if len(ends) < pairs:
            continue
        cells = []
        for what, of in {"memory": lambda e: e.peak, "cpu": lambda e: e.cpu, "wall": lambda e: e.wall}.items():
            measured = [(of(a), of(b)) for a, b in ends]
            ratios[what].append(ratio(measured))
            middle = statistics.median(b for _, b in measured)
            cells.append(f"{middle / 2**20:6.0f} MB" if what == "memory" else f"{middle:7.2f} s")
            cells.append(f"{ratios[what][-1]:9.3f}")
        print(f"      {name:<24}{''.join(cells)}", flush=True)
    for what, of in ratios.items():
        if of:
            mean = math.exp(statistics.fmean(map(math.log, of)))
            print(f"      {what} in all: {mean:.3f} (bound {BOUND})")
            words = f"{what} is {mean:.3f} times that of the old program, more than {BOUND}"
            if what == "wall" and busy and mean > BOUND:
                # Others decide who waits for whom.
                found.note(f"{words}, but the machine was busy; measure again when it is quiet")
            else:
                found.check(mean <= BOUND, words)
    print(f"      peaks below {floor() / 2**20:.0f} MB, the guard's own size, cannot be seen")
    return found
