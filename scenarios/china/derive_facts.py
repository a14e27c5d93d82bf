"""Reads source/ (facts) and judgement/ (what the authors decided) and gives both as plain rows."""

import csv
import math
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def rows(folder, name):
    """All rows of folder/name.csv as dictionaries of text."""
    with open(os.path.join(HERE, folder, name + ".csv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split(text):
    """Values joined by `|`; none for an empty cell."""
    return [part for part in text.split("|") if part]


def region_id(adcode):
    """Regions are named by their administrative code with the country in front."""
    return "cn" + adcode


def month(date):
    """YYYY-MM of an ISO date; empty stays empty; a year alone is an error."""
    if date and len(date) < 7:
        raise ValueError(f"{date} names no month")
    return date[:7]


def distance_km(a, b):
    """Great-circle distance (haversine, mean radius 6371.0088 km) of two rows with lon and lat."""
    lon1, lat1, lon2, lat2 = (
        math.radians(float(v)) for v in (a["lon"], a["lat"], b["lon"], b["lat"])
    )
    h = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371.0088 * math.asin(math.sqrt(min(1.0, h)))


def whole_parts(total, weights):
    """Divides a whole number in proportion to weights by largest remainder; earlier rows win ties."""
    exact = [total * w / sum(weights) for w in weights]
    parts = [math.floor(x) for x in exact]
    order = sorted(range(len(exact)), key=lambda i: (-(exact[i] - parts[i]), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


class Facts:
    """Every table that the rules read, loaded once."""

    def __init__(self):
        self.regions = rows("source", "regions")
        self.counties = rows("source", "counties")
        self.county_names = {r["adcode"]: r["name_en"] for r in rows("source", "county_names")}
        self.zones = rows("source", "zones")
        self.ftzs = {r["ftz_id"]: r for r in rows("source", "ftzs")}
        self.clusters = rows("source", "clusters")
        self.innovation_zones = rows("source", "innovation_zones")
        self.linkage_areas = rows("source", "linkage_areas")
        self.batches = rows("source", "batches")
        self.innovations = rows("source", "innovations")
        self.alliances = rows("source", "alliances")
        self.alliance_members = rows("source", "alliance_members")
        self.corridors = rows("source", "corridors")
        self.gateways = rows("source", "gateways")
        self.rule_sources = rows("source", "rule_sources")
        self.targets = {r["target_id"]: r for r in rows("source", "targets")}
        self.roles = {r["role"]: r for r in rows("judgement", "roles")}
        self.plans = rows("judgement", "plans")
        self.alliance_terms = {r["alliance_id"]: r for r in rows("judgement", "alliances")}
        self.corridor_terms = rows("judgement", "corridors")
        self.rule_places = {r["rule_id"]: r for r in rows("judgement", "rule_places")}
        self.benchmark_links = rows("judgement", "benchmark_links")
        self.provinces = {
            r["province_adcode"]: r["province_id"] for r in rows("judgement", "provinces")
        }
        self.domains = [r["domain_id"] for r in rows("source", "domains")]
        self.macro = {
            r["adcode"]: r["macro_region"] for r in self.regions if r["level"] == "province"
        }

    def units(self):
        """Prefecture-level units and directly governed counties that have a point, in source order."""
        return [r for r in self.regions if r["level"] != "province" and r["lon"]]

    def province_of(self, adcode):
        """Text id of the province of a six-digit code."""
        return self.provinces[adcode[:2] + "0000"]
