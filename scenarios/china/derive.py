#!/usr/bin/env python3
"""Makes the tables that this scenario reads from source/ (facts) and judgement/ (decisions).

    python derive.py            writes the tables
    python derive.py --check    makes them in memory and says whether the files are the same (exit 1 if not)

Python 3.11 or later, standard library only, no network; the same bytes every time."""

import csv
import io
import os
import sys
import tomllib

sys.dont_write_bytecode = True

from derive_facts import HERE, Facts
from derive_network import (
    alliance_member_rows, alliance_rows, corridor_rows, gateway_link_rows, gateway_rows,
    observed_rows, segment_rows,
)
from derive_regions import county_rows, enriched_units, prefecture_rows
from derive_zones import domain_share, mandate_rows, task_problems, zone_rows


def tables(facts):
    """Every derived file: name and rows."""
    units = enriched_units(facts)
    return {
        "regions.csv": prefecture_rows(facts, units),
        "zones.csv": zone_rows(facts, units, candidates=False, county_scale=False),
        "candidates.csv": zone_rows(facts, units, candidates=True, county_scale=False),
        "gateways.csv": gateway_rows(facts),
        "gateway_links.csv": gateway_link_rows(facts, units, county_scale=False),
        "alliances.csv": alliance_rows(facts),
        "alliance_members.csv": alliance_member_rows(facts),
        "corridors.csv": corridor_rows(facts),
        "corridor_segments.csv": segment_rows(facts, units, county_scale=False),
        "mandates.csv": mandate_rows(facts, units),
        "observed.csv": observed_rows(facts),
        "counties.csv": county_rows(facts, units),
        "county_zones.csv": zone_rows(facts, units, candidates=False, county_scale=True),
        "county_candidates.csv": zone_rows(facts, units, candidates=True, county_scale=True),
        "county_gateway_links.csv": gateway_link_rows(facts, units, county_scale=True),
        "county_corridor_segments.csv": segment_rows(facts, units, county_scale=True),
    }


def as_csv(rows):
    """The text of a table: header from the first row, Unix line ends."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read_toml(name):
    with open(os.path.join(HERE, name), "rb") as file:
        return tomllib.load(file)


def scenario_problems(facts):
    """What the scenario files repeat must agree: counts and months with source/, and the layers of the
    county scale with those of the prefecture scale, but for `hub`."""
    scenario, county = read_toml("scenario.toml"), read_toml("county.toml")
    counts = {d: round(s * len(facts.innovations)) for d, s in domain_share(facts).items()}
    problems = []
    for domain in scenario["domains"]:
        if domain.get("share") != counts.get(domain["id"]):
            problems.append(f"scenario.toml: share of {domain['id']} is not {counts.get(domain['id'])}")
    for layer, other in zip(scenario["layers"], county["layers"], strict=True):
        if layer["id"] != "hub" and layer != other:
            problems.append(f"county.toml: layer {layer['id']} differs from scenario.toml")
    months = [r["month"] for r in observed_rows(facts)]
    if scenario["plane"]["evaluations"][: len(months)] != months:
        problems.append("scenario.toml: plane.evaluations does not begin with the observed batches")
    return problems


def main(arguments):
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    facts = Facts()
    problems = scenario_problems(facts) + task_problems(facts, enriched_units(facts))
    for name, rows in tables(facts).items():
        path, text = os.path.join(HERE, name), as_csv(rows)
        if not arguments:
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            print(f"{name}: {len(rows)} rows")
            continue
        try:
            with open(path, encoding="utf-8", newline="") as file:
                same = file.read() == text
        except FileNotFoundError:
            same = False
        if not same:
            problems.append(f"{name}: differs from what derive.py makes")
    for problem in problems:
        print(problem, file=sys.stderr)
    if arguments and not problems:
        print("all tables are what derive.py makes")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
