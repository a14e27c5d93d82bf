"""Draws docs/firms-growth.svg from the lines that the bench `firms` prints. Standard library only.

    cargo bench --bench firms -- growth > docs/firms-growth.csv
    python3 python/growth.py docs/firms-growth.csv docs/firms-growth.svg

Seconds of a run of 120 months against the number of firms, both on logarithmic axes, beside as many
random increments as the run makes. A straight line of slope 1 is linear growth.
"""

import csv
import math
import sys

BLUE, ORANGE, GREY, BLACK = "#0072b2", "#d55e00", "#888888", "#222222"
LEFT, RIGHT, TOP, BOTTOM = 70, 500, 40, 320


def text(x, y, words, size=12, anchor="start", colour=BLACK):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{colour}">{words}</text>'
    )


def decades(values):
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def main(source, target):
    with open(source, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["threads"] != "threads"]
    series = {}
    for row in rows:
        for kind in ("run_s", "increments_s"):
            point = (float(row["firms"]), float(row[kind]))
            series.setdefault((row["threads"], kind), []).append(point)
    points = [point for line in series.values() for point in line]
    x0, x1 = decades([x for x, _ in points])
    y0, y1 = decades([y for _, y in points])

    def place(x, y):
        across = (math.log10(x) - x0) / (x1 - x0)
        up = (math.log10(y) - y0) / (y1 - y0)
        return LEFT + across * (RIGHT - LEFT), BOTTOM - up * (BOTTOM - TOP)

    out = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 370" '
        'font-family="Helvetica, Arial, sans-serif">',
        '<rect width="720" height="370" fill="white"/>',
        text(LEFT, 24, "Seconds of 120 months, against the number of firms", 14),
    ]
    for n in range(x0, x1 + 1):
        x, _ = place(10**n, 10**y0)
        out.append(f'<path d="M{x:.1f} {TOP}V{BOTTOM}" stroke="#dddddd"/>')
        out.append(text(x, BOTTOM + 18, f"{10**n:,}", 11, "middle"))
    for n in range(y0, y1 + 1):
        _, y = place(10**x0, 10**n)
        out.append(f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="#dddddd"/>')
        out.append(text(LEFT - 8, y + 4, f"{10.0**n:g}", 11, "end"))
    height = 60
    for (threads, kind), line in sorted(series.items()):
        colour = BLUE if kind == "run_s" else ORANGE
        dash = "" if threads == "1" else ' stroke-dasharray="6 4"'
        spots = [place(x, y) for x, y in sorted(line)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        name = "run" if kind == "run_s" else "random increments"
        out.append(f'<path d="M515 {height}H545" stroke="{colour}" stroke-width="2"{dash}/>')
        many = "thread" if threads == "1" else "threads"
        out.append(text(552, height + 4, f"{name}, {threads} {many}", 11))
        height += 20
    out.append(text((LEFT + RIGHT) / 2, BOTTOM + 38, "firms", 12, "middle", GREY))
    out.append("</svg>")
    with open(target, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
