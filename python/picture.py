"""Draws docs/china-run.svg from a run written as CSV. Standard library only.

    cargo run --release -- run scenarios/china --format csv --out results/picture
    python3 python/picture.py results/picture scenarios/china docs/china-run.svg

Left: the regions of the country in December 2030, as points sized by weight and coloured by the
highest scale that most replicates have them on. Right: national replication in batches, simulated
against observed (cumulative), and the national mean stock; bands span the replicates.
"""

import csv
import math
import statistics
import sys
from collections import defaultdict
from pathlib import Path

# Okabe and Ito's colours, safe for colour-blind readers.
SCALES = ["none", "point", "line", "circle", "axis", "plane"]
COLOURS = ["#bbbbbb", "#999999", "#56b4e9", "#e69f00", "#d55e00", "#009e73"]
MONTH = "2030-12"
GREY, BLUE, BLACK = "#888888", "#0072b2", "#222222"


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def text(x, y, words, size=12, anchor="start", colour=BLACK, weight="normal"):
    words = words.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{colour}" font-weight="{weight}">{words}</text>'
    )


def country(run, scenario):
    """The map: an equirectangular picture of the regions, by scale."""
    scale = defaultdict(list)
    for row in rows(run / "places.csv"):
        if row["month"][:7] == MONTH:
            scale[row["place"]].append(int(row["scale"]))
    places = [r for r in rows(scenario / "regions.csv") if r["id"] in scale]
    lon = [float(r["lon"]) for r in places]
    lat = [float(r["lat"]) for r in places]
    left, right, low, high = min(lon), max(lon), min(lat), max(lat)
    stretch = math.cos(math.radians((low + high) / 2))
    unit = min(470 / ((right - left) * stretch), 400 / (high - low))
    heaviest = max(float(r["weight"]) for r in places)
    out = [text(20, 28, f"Highest scale of each region, {MONTH}", 14, weight="bold")]
    for r in sorted(places, key=lambda r: -float(r["weight"])):
        x = 25 + (float(r["lon"]) - left) * stretch * unit
        y = 455 - (float(r["lat"]) - low) * unit
        size = 2.0 + 9.0 * math.sqrt(float(r["weight"]) / heaviest)
        colour = COLOURS[round(statistics.median(scale[r["id"]]))]
        out.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{colour}" fill-opacity="0.8"/>'
        )
    for n, (name, colour) in enumerate(zip(SCALES[1:], COLOURS[1:])):
        out.append(f'<circle cx="{30 + n * 75}" cy="485" r="6" fill="{colour}"/>')
        out.append(text(40 + n * 75, 489, name))
    return out


def curve(x, y, wide, tall, months, series, title, top, observed=None):
    """A median line in a band from smallest to largest replicate."""
    px = lambda n: x + wide * n / (len(months) - 1)
    py = lambda v: y + tall - tall * v / top
    low = [min(s) for s in series]
    high = [max(s) for s in series]
    middle = [statistics.median(s) for s in series]
    band = " ".join(f"{px(n):.1f},{py(v):.1f}" for n, v in enumerate(high))
    band += " " + " ".join(f"{px(n):.1f},{py(low[n]):.1f}" for n in reversed(range(len(low))))
    line = " ".join(f"{px(n):.1f},{py(v):.1f}" for n, v in enumerate(middle))
    out = [
        text(x, y - 12, title, 14, weight="bold"),
        f'<polygon points="{band}" fill="{BLUE}" fill-opacity="0.2"/>',
        f'<polyline points="{line}" fill="none" stroke="{BLUE}" stroke-width="2"/>',
        f'<path d="M{x},{y} V{y + tall} H{x + wide}" fill="none" stroke="{GREY}"/>',
    ]
    for n, month in enumerate(months):
        if month[5:7] == "01" and int(month[:4]) % 5 == 0:
            out.append(text(px(n), y + tall + 16, month[:4], 11, "middle", GREY))
    for value in (0, top / 2, top):
        out.append(text(x - 6, py(value) + 4, f"{value:.4g}", 11, "end", GREY))
    for month, value in observed or []:
        if month in months:
            n = months.index(month)
            out.append(
                f'<circle cx="{px(n):.1f}" cy="{py(value):.1f}" r="4" fill="none" '
                f'stroke="{BLACK}" stroke-width="1.5"/>'
            )
    return out


def rounded(top):
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(top))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= top)


def main():
    run, scenario, target = map(Path, sys.argv[1:4])
    items, stock = defaultdict(list), defaultdict(list)
    so_far = defaultdict(int)
    for row in rows(run / "national.csv"):
        month, replicate = row["month"][:7], row["replicate"]
        so_far[replicate] += int(row["replicated_national"])
        items[month].append(so_far[replicate])
        stock[month].append(float(row["mean_stock"]))
    months = sorted(items)
    observed, total = [], 0
    for row in rows(scenario / "observed.csv"):
        total += int(row["items"])
        observed.append((row["month"][:7], total))
    top = rounded(max(max(s) for s in items.values()))
    out = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 510" '
        'font-family="Helvetica, Arial, sans-serif">',
        '<rect width="1000" height="510" fill="white"/>',
        *country(run, scenario),
        *curve(580, 40, 390, 180, months, [items[m] for m in months],
               "Items replicated nationally, cumulative", top, observed),
        text(600, 62, "line: median, band: all replicates, circles: observed", 11, colour=GREY),
        *curve(580, 285, 390, 180, months, [stock[m] for m in months],
               "Mean adopted stock (quality, people-weighted)",
               rounded(max(max(s) for s in stock.values()))),
        "</svg>",
    ]
    target.write_text("\n".join(out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
