"""How far is a run of China from the record? The simulated figures of docs/model.md, "How far off". Standard
library only.

    pointplane run scenarios/china --format csv --tables all
    python3 python/how_far_off.py results/china

Each figure is the mean over replicates (lowest to highest replicate); months are the median and the range. What
needs the table `adoptions` is left out where that is not there.
"""

import csv
import statistics
import sys
from collections import defaultdict
from pathlib import Path

SCENARIO = Path(__file__).resolve().parent.parent / "scenarios" / "china"
LISTS = ["2014-12", "2016-11", "2017-07", "2018-05", "2019-04", "2020-06"]
LATER = [str(year) for year in range(2021, 2036)]
CORRIDORS = ["yangtze", "coast", "yellow", "land_sea", "northeast"]


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def number(value, decimals):
    return f"{value:,.{decimals}f}"


def shown(values, decimals=0):
    values = list(values)
    ends = number(min(values), decimals), number(max(values), decimals)
    return f"{number(statistics.mean(values), decimals)} ({ends[0]} to {ends[1]})"


def index(month):
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def month(at):
    return f"{at // 12}-{at % 12 + 1:02d}"


def dates(found, replicates):
    """Median month and range, over the replicates in which it comes."""
    if not found:
        return "never"
    text = f"{month(int(statistics.median_low(sorted(found))))} ({month(min(found))} to {month(max(found))})"
    return text if len(found) == replicates else f"{text}; in {len(found)} of {replicates}"


def main(folder):
    places = {row["id"]: row for file in ("zones.csv", "regions.csv", "candidates.csv") for row in rows(SCENARIO / file)}
    province = {place: row["province"] for place, row in places.items()}
    regions = {place for place, row in places.items() if row["kind"] == "region"}
    of_2017 = {place for place, row in places.items() if row["kind"] == "zone" and row["open"][:4] == "2017"}
    items, by = {}, defaultdict(lambda: defaultdict(int))
    direct, listed = defaultdict(int), defaultdict(int)
    for row in rows(folder / "innovations.csv"):
        r, origin, national = int(row["replicate"]), row["origin"], row["replicated_national"][:7]
        items[r, row["innovation"]] = national
        count = by[r]
        implemented, provincial = row["implemented"][:7], row["replicated_provincial"][:7]
        if national:
            count["list " + national] += 1
            if national in LISTS:
                listed[r] += 1
                direct[r] += row["orientation"] == "direct"
            if origin in of_2017 and national <= "2019-04":
                count["2017"] += 1
                count["zhejiang"] += province[origin] == "zhejiang"
            count["national 2021-07"] += national <= "2021-07"
            count["national"] += 1
        if provincial:
            count["provincial 2021-07"] += provincial <= "2021-07"
            count["provincial"] += 1
        if implemented:
            count["implemented 2021-07"] += implemented <= "2021-07"
        born, at = row["born"][:7], province[origin]
        count["sichuan"] += at == "sichuan" and born <= "2019-03"
        count["shandong"] += at == "shandong" and born <= "2022-08"
        count["shandong promoted"] += bool(provincial) and at == "shandong" and provincial <= "2022-08"
    n = sorted(by)
    print("### National lists")
    for at in LISTS:
        print(at, shown(by[r]["list " + at] for r in n))
    print("all six", shown(sum(by[r]["list " + at] for at in LISTS) for r in n))
    later = {r: [sum(v for k, v in by[r].items() if k.startswith("list " + year)) for year in LATER] for r in n}
    single = [size for sizes in later.values() for size in sizes]
    print("mean of the yearly lists", shown((statistics.mean(later[r]) for r in n), 1), "single", min(single), "to", max(single))
    print("from the zones of 2017", shown(by[r]["2017"] for r in n))
    print("of these from Zhejiang", shown(by[r]["zhejiang"] for r in n))
    print("direct", shown((direct[r] / listed[r] for r in n), 2))
    print("### Provinces")
    print("provincial for each national, 2021-07", shown((by[r]["provincial 2021-07"] / by[r]["national 2021-07"] for r in n), 1))
    print("to the end", shown((by[r]["provincial"] / by[r]["national"] for r in n), 1))
    print("provincial to 2021-07", shown(by[r]["provincial 2021-07"] for r in n))
    print("share provincial", shown((by[r]["provincial 2021-07"] / by[r]["implemented 2021-07"] for r in n), 2))
    print("share national", shown((by[r]["national 2021-07"] / by[r]["implemented 2021-07"] for r in n), 3))
    for name in ("sichuan", "shandong", "shandong promoted"):
        print(name, shown(by[r][name] for r in n))
    if (folder / "adoptions.csv").exists():
        took_up(folder, items, places, regions, province, n)
    total = defaultdict(float)
    for row in rows(folder / "national.csv"):
        total[int(row["replicate"])] += float(row["adoptions"])
    print("adoptions", shown(total[r] for r in n))
    print("### Structures")
    first = defaultdict(dict)
    for row in rows(folder / "structures.csv"):
        if row["event"] == "formed":
            r, at = int(row["replicate"]), index(row["month"])
            for key in (row["kind"], f"{row['kind']} {row['id']}"):
                first[key].setdefault(r, at)
    for kind in ["line", "circle", "axis", "plane"] + [f"axis {corridor}" for corridor in CORRIDORS]:
        print(kind, dates(list(first[kind].values()), len(n)))
    never = 10**9
    in_order = [all(first[a].get(r, never) < first[b].get(r, never)
                    for a, b in (("line", "circle"), ("circle", "axis"), ("axis", "plane"))) for r in n]
    not_after = [all(first[a].get(r, never) <= first[b].get(r, never)
                     for a, b in (("line", "circle"), ("circle", "axis"), ("axis", "plane"))) for r in n]
    rivers = [first["axis yangtze"].get(r, never) < first["axis yellow_river"].get(r, never) for r in n]
    print("in order", sum(in_order), "not after", sum(not_after), "Yangtze before Yellow", sum(rivers), "of", len(n))
    print("### Credit, per cent")
    credit, late = defaultdict(lambda: defaultdict(float)), defaultdict(lambda: defaultdict(float))
    for row in rows(folder / "credit.csv"):
        kind = row["mechanism"].split("_")[0]
        r, value = int(row["replicate"]), float(row["credit"] or 0)
        credit[r][kind] += value
        if int(row["year"]) >= 2022:
            late[r][kind] += value
    for kind in ["base", "line", "circle", "axis", "alliance", "transit", "provincial", "national"]:
        print(kind, shown((100 * credit[r][kind] / sum(credit[r].values()) for r in n), 1))
    print("alliance from 2022", shown((100 * late[r]["alliance"] / sum(late[r].values()) for r in n), 1))


def took_up(folder, items, places, regions, province, n):
    """Who took up what when: of Suzhou's year, and within 36 months of a list."""
    of_place, soon = defaultdict(lambda: defaultdict(int)), defaultdict(lambda: [0, set()])
    last = {}
    for row in rows(folder / "adoptions.csv"):
        place = row["place"]
        if place not in regions:
            continue
        r, at = int(row["replicate"]), row["month"][:7]
        if "2019-09" <= at <= "2020-10":
            of_place[r][place] += 1
        national = items[r, row["innovation"]]
        if national:
            # A list whose 36 months are not over does not count.
            gap = index(at) - last.setdefault(national, index(national))
            if gap <= 36:
                found = soon[r, row["innovation"]]
                found[0] += 1
                found[1].add(province[place])
    print("### Take-up")
    print("Suzhou", shown(of_place[r]["cn320500"] for r in n))
    for tier in ("linkage", "radiation", "hinterland"):
        ids = [place for place in regions if places[place]["tier"] == tier]
        print(tier, number(statistics.mean(of_place[r][place] for r in n for place in ids), 1))
    lasts = {key for key, national in items.items() if national and index(national) + 36 <= index("2035-12")}
    by_replicate = defaultdict(list)
    for key in lasts:
        count, provinces = soon[key]
        by_replicate[key[0]].append((len(provinces), count / len(regions)))
    print("provinces", shown((statistics.mean(p for p, _ in by_replicate[r]) for r in n), 1))
    print("regions", shown((statistics.mean(s for _, s in by_replicate[r]) for r in n), 2))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
