"""Regions at prefecture and at county scale: weight, tier, five forces, industry profile.

One rule, one function; every rule has a row in README.md. Nothing here is fitted to an outcome."""

import math

from derive_facts import distance_km, region_id, split

INDUSTRIES = [
    "primary", "manufacturing", "services", "logistics", "energy", "next_gen_it", "biomedicine",
    "new_energy_vehicles", "high_end_equipment", "digital_trade", "offshore_trade",
]
FORCES = ["factor", "platform", "leadership", "environment", "radiation"]
# Range of each force: wide for the two that set who adopts early and who is heard.
RANGE = {
    "factor": (0.15, 0.95), "platform": (0.15, 0.95), "leadership": (0.15, 0.95),
    "environment": (0.2, 0.95), "radiation": (0.2, 0.95),
}
REGION_FRICTION = 0.3  # read by no process of the model for a region; a column must hold something
FALLBACK_POPULATION = 50_000  # directly governed cities whose census is counted in a neighbour
COUNTY_HEADS = {"district": 1.5, "city": 1.5, "county": 1.0, "autonomous": 0.7}
COUNTY_FORCE = {"district": 1.0, "city": 0.9, "county": 0.75, "autonomous": 0.7}
# Slope of the logistic of a standardised score.
SLOPE = {
    "factor": 1.0, "platform": 1.0, "leadership": 0.9, "environment": 1.4, "radiation": 1.4,
}
# Share of a named city's industry that other cities of its agglomeration have (suppliers).
NEIGHBOUR_INDUSTRY = 0.3
DIGITAL_ROLES = {
    "digital_trade_demonstration": 1.0, "digital_trade_pioneer": 0.8, "digital_trade_cluster": 0.5,
}
OFFSHORE_ROLES = {"offshore_trade_pilot": 1.0, "offshore_trade_policy": 1.0}


def standardise(values):
    """z-scores with the population standard deviation."""
    mean = sum(values) / len(values)
    sd = math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))
    return [(v - mean) / sd for v in values]


def logistic(x):
    return 1 / (1 + math.exp(-x))


def population(unit):
    """Census of 2020, else the fallback."""
    return float(unit["population_2020"] or FALLBACK_POPULATION)


def gdp_per_head(units, regions):
    """Yuan per head, 2022: the unit's own value where it is known, else what the known units leave of
    its province, per head of the province's other people."""
    left = {}
    for p in regions:
        if p["level"] != "province":
            continue
        inside = [u for u in units if u["parent_adcode"] == p["adcode"]]
        known = [u for u in inside if u["gdp_2022"]]
        money = float(p["gdp_2022"]) - sum(float(u["gdp_2022"]) for u in known)
        people = float(p["population_2020"]) - sum(population(u) for u in known)
        left[p["adcode"]] = money * 1e8 / people if people > 1000 else 0.0
    return [
        float(u["gdp_2022"]) * 1e8 / population(u) if u["gdp_2022"] else left[u["parent_adcode"]]
        for u in units
    ]


def market_potential(units, gdp):
    """Harris: sum of the GDP of all units over distance plus 50 km (its own over 50 km)."""
    return [sum(g / (50 + distance_km(u, v)) for v, g in zip(units, gdp)) for u in units]


def is_capital(unit, regions):
    """A province's point is its capital's point."""
    return any(
        p["level"] == "province" and p["adcode"] == unit["parent_adcode"]
        and (p["lon"], p["lat"]) == (unit["lon"], unit["lat"])
        for p in regions
    )


def tier_of(unit, capital, hosts, linkage_areas):
    """Linkage: hosts a zone, is a capital, or is a recorded linkage area. Radiation: in an urban
    agglomeration. Hinterland: the rest."""
    if capital or unit["adcode"] in hosts or unit["adcode"] in linkage_areas:
        return "linkage"
    return "radiation" if unit["urban_agglomerations"] else "hinterland"


def force_scores(unit, z, marks):
    """Weighted sums behind the five forces; z are z-scores of log indicators, marks are 0/1 facts."""
    step = {"linkage": 1.0, "radiation": 0.35, "hinterland": 0.0}[unit["tier"]]
    return {
        "factor": 0.6 * z["gdp"] + 0.4 * z["people"],
        "platform": 0.5 * z["gdp"] + 0.2 * z["income"]
        + 0.5 * (marks["host"] + marks["nidz"] + marks["capital"]),
        "leadership": 0.4 * z["income"] + 0.2 * z["gdp"] + 0.6 * marks["nidz"]
        + 0.25 * min(4, marks["clusters"]) + 0.2 * marks["digital"],
        "environment": 0.5 * z["income"] + 0.3 * z["potential"] + 0.6 * step,
        "radiation": 0.5 * z["gdp"] + 0.2 * z["potential"] + 0.5 * step + 0.5 * marks["capital"],
    }


def to_range(name, scores):
    """Standardised score, through a logistic, into the force's range."""
    low, high = RANGE[name]
    return [low + (high - low) * logistic(SLOPE[name] * s) for s in standardise(scores)]


def industry_profile(unit, z, named):
    """Broad default from income and size, so that no profile is all zero, and the named clusters."""
    profile = dict.fromkeys(INDUSTRIES, 0.0)
    profile["primary"] = 1.2 * logistic(-1.2 * z["income"] - 0.6 * z["gdp"])
    profile["manufacturing"] = logistic(z["income"] + 0.3 * z["potential"])
    profile["services"] = logistic(z["gdp"] + 0.3 * z["income"])
    profile["logistics"] = 0.3 + (0.4 if unit["capital"] else 0.0) + (0.5 if unit["coast"] else 0.0)
    for industry, level in named.items():
        profile[industry] = max(profile[industry], level)
    return {k: round(v, 3) for k, v in profile.items()}


def named_industries(units, clusters):
    """Industries that clusters.csv names: full for a named city, a part for the rest of its
    agglomeration, and for a named province a level by role scaled by the city's size."""
    named = {u["adcode"]: {} for u in units}
    by_code = {u["adcode"]: u for u in units}

    def put(adcode, industry, level):
        named[adcode][industry] = max(level, named[adcode].get(industry, 0.0))

    for c in clusters:
        level, industry = 1.0, c["industry_id"]
        if industry in DIGITAL_ROLES:
            level, industry = DIGITAL_ROLES[industry], "digital_trade"
        elif industry in OFFSHORE_ROLES:
            level, industry = OFFSHORE_ROLES[industry], "offshore_trade"
        whole_province = c["adcode"].endswith("0000")
        if whole_province:
            for u in units:
                if u["parent_adcode"] == c["adcode"] and industry in ("digital_trade", "offshore_trade"):
                    put(u["adcode"], industry, 0.6 * level * logistic(u["z"]["gdp"]))
            continue
        put(c["adcode"], industry, level)
        around = set(split(by_code[c["adcode"]]["urban_agglomerations"]))
        for u in units:
            if u["adcode"] != c["adcode"] and around & set(split(u["urban_agglomerations"])):
                put(u["adcode"], industry, NEIGHBOUR_INDUSTRY * level)
    return named


def enriched_units(facts):
    """The prefecture-scale units with every indicator, force and profile."""
    units = [dict(u) for u in facts.units()]
    people = [population(u) for u in units]
    income = gdp_per_head(units, facts.regions)
    gdp = [y * p for y, p in zip(income, people)]
    potential = market_potential(units, gdp)
    z = {
        "people": standardise([math.log(v) for v in people]),
        "income": standardise([math.log(v) for v in income]),
        "gdp": standardise([math.log(v) for v in gdp]),
        "potential": standardise([math.log(v) for v in potential]),
    }
    hosts = {r["host_prefecture_adcode"] for r in facts.zones if r["status"] != "candidate"}
    linkage_areas = {r["adcode"] for r in facts.linkage_areas if r["adcode"]}
    nidz = {a for r in facts.innovation_zones for a in split(r["adcodes"])}
    coast = {r["adcode"] for r in facts.corridors if r["corridor_id"] == "coast"}
    for i, u in enumerate(units):
        u.update(people=people[i], income=income[i], gdp=gdp[i])
        u["z"] = {k: v[i] for k, v in z.items()}
        u["capital"] = is_capital(u, facts.regions)
        u["coast"] = u["adcode"] in coast
        u["tier"] = tier_of(u, u["capital"], hosts, linkage_areas)
    named = named_industries(units, facts.clusters)
    own = [c for c in facts.clusters if c["role"] == "named_city"]
    scores = []
    for u in units:
        u["industries"] = industry_profile(u, u["z"], named[u["adcode"]])
        scores.append(force_scores(u, u["z"], {
            "host": u["adcode"] in hosts, "capital": u["capital"], "nidz": u["adcode"] in nidz,
            "clusters": sum(c["adcode"] == u["adcode"] for c in own),
            "digital": named[u["adcode"]].get("digital_trade", 0.0),
        }))
    for name in FORCES:
        for u, value in zip(units, to_range(name, [s[name] for s in scores])):
            u[name] = value
    return units


def region_row(facts, u):
    """A row of the place table for a unit."""
    return {
        "id": region_id(u["adcode"]), "kind": "region", "name_en": u["name_en"],
        "name_zh": u["name_zh"], "lon": u["lon"], "lat": u["lat"], "weight": f"{u['people'] / 1e4:.2f}",
        "province": facts.province_of(u["adcode"]), "area": u["macro_region"],
        "agglomerations": u["urban_agglomerations"], "tier": u["tier"],
        "capital": "1" if u["capital"] else "0",
        **{name: f"{u[name]:.3f}" for name in FORCES}, "friction": f"{REGION_FRICTION:.3f}",
        **{"industry_" + k: f"{v:.3f}" for k, v in u["industries"].items()},
        "note": u["scale_note"],
    }


def prefecture_rows(facts, units):
    """regions.csv."""
    out = []
    for u in units:
        note = [] if u["gdp_2022"] else ["GDP per head of the rest of its province"]
        if not u["population_2020"]:
            note.append("population is a fallback")
        out.append(region_row(facts, {**u, "scale_note": "; ".join(note)}))
    return out


def county_type(name_zh):
    """District, county-level city, county, or autonomous county, banner and the like, by its name."""
    if name_zh.endswith(("自治县", "自治旗", "旗", "林区", "特区")):
        return "autonomous"
    return {"区": "district", "市": "city"}.get(name_zh[-1], "county")


def county_tier(unit, kind, is_host):
    """A host is linkage; a linkage prefecture's districts too, its other counties are radiation; the
    counties of other prefectures have the prefecture's tier."""
    if is_host:
        return "linkage"
    if unit["tier"] == "linkage" and kind != "district":
        return "radiation"
    return unit["tier"]


def county_point(county, number, count):
    """Renamed districts stand at their prefecture's seat: spread them on a circle of about 8 km, so that
    no two counties share a point."""
    angle = 2 * math.pi * number / count
    lat = float(county["lat"]) + 0.072 * math.sin(angle)
    lon = float(county["lon"]) + 0.072 * math.cos(angle) / math.cos(math.radians(float(county["lat"])))
    return f"{lon:.5f}", f"{lat:.5f}"


def counties_of(facts, unit):
    """Counties with a point of a unit; the unit itself where the data has none (four cities)."""
    inside = [c for c in facts.counties if c["parent_adcode"] == unit["adcode"] and c["lon"]]
    return inside or [{**unit, "coord_source": unit["coord_source"]}]


def seat_county(facts, unit):
    """The county that stands for a unit's seat: the nearest one to its point that has a point of its own,
    else the first."""
    inside = counties_of(facts, unit)
    exact = [c for c in inside if c["coord_source"] != "parent_prefecture"]
    return min(exact or inside, key=lambda c: (distance_km(c, unit), c["adcode"]))["adcode"]


def county_rows(facts, units):
    """counties.csv: the population of a unit divided by type of county, the unit's forces lowered by
    type, its income and industries kept."""
    hosts = {r["host_county_adcode"] for r in facts.zones if r["status"] != "candidate"}
    out = []
    for u in units:
        inside = counties_of(facts, u)
        seat = seat_county(facts, u)
        single = len(inside) == 1
        kinds = ["district" if single else county_type(c["name_zh"]) for c in inside]
        heads = [COUNTY_HEADS[k] for k in kinds]
        moved = [c["adcode"] for c in inside if c["coord_source"] == "parent_prefecture"]
        for c, kind, head in zip(inside, kinds, heads):
            here = dict(u, adcode=c["adcode"], name_zh=c["name_zh"], lon=c["lon"], lat=c["lat"])
            if not single:
                here["name_en"] = f"{facts.county_names[c['adcode']]} ({u['name_en']})"
            note = [] if single else [f"{kind}: population split"]
            if c["adcode"] in moved:
                here["lon"], here["lat"] = county_point(c, moved.index(c["adcode"]), len(moved))
                note.append("point near the prefecture's seat")
            here["people"] = u["people"] * head / sum(heads)
            here["capital"] = u["capital"] and c["adcode"] == seat
            here["tier"] = county_tier(u, kind, c["adcode"] in hosts or here["capital"])
            for name in FORCES:
                low = RANGE[name][0]
                here[name] = low + (u[name] - low) * COUNTY_FORCE[kind]
            out.append(region_row(facts, {**here, "scale_note": "; ".join(note)}))
    return out
