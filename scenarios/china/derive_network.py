"""What ties places together: alliances, corridors, gateways; and the observed batches.

One rule, one function; every rule has a row in README.md."""

from derive_facts import month, region_id, split, whole_parts
from derive_regions import counties_of, seat_county

LAYERS = ["hub", "market", "capacity", "rule"]
ENTRY_COUNTIES = {"330900": "330902", "330400": "330482"}  # Dinghai (Jintang), Pinghu (Zhapu)
SOURCE_FORCE = "0.500"  # gateways never adopt; the column must hold something
FIRST_MONTH = "2013-09"


def alliance_rows(facts):
    """alliances.csv: months from source/, strength and layers from judgement/."""
    out = []
    for a in facts.alliances:
        t = facts.alliance_terms[a["alliance_id"]]
        out.append({
            "id": a["alliance_id"], "name_en": a["name_en"], "name_zh": a["name_zh"],
            "from": t["from"] or month(a["start_date"]), "to": t["to"], "strength": t["strength"],
            "size_exponent": t["size_exponent"], **{"c_" + k: t["c_" + k] for k in LAYERS},
            "note": t["note"], "note_status": a["status"],
        })
    return out


def alliance_member_rows(facts):
    """alliance_members.csv: a free-trade zone (also a candidate) is a group, else the province."""
    return [
        {"alliance": m["alliance_id"],
         "member_kind": "province" if m["member_type"] == "province" else "group",
         "member": m["member_id"], "note": m["member_type"]}
        for m in facts.alliance_members
    ]


def corridor_rows(facts):
    """corridors.csv."""
    return [
        {"id": c["corridor_id"], "name_en": c["name_en"], "name_zh": c["name_zh"],
         **{"c_" + k: c["c_" + k] for k in LAYERS}, "note": c["note"]}
        for c in facts.corridor_terms
    ]


def join_without_zone(groups, has_zone):
    """A segment without any zone area, open or candidate, can never be lit and would cut the corridor: it
    joins the one before it, or the one after it when it comes first."""
    out = []
    for name, members in groups:
        if out and not has_zone(members):
            out[-1] = (out[-1][0] + [name], out[-1][1] + members)
        elif out and not has_zone(out[-1][1]):
            out[-1] = (out[-1][0] + [name], out[-1][1] + members)
        else:
            out.append(([name], list(members)))
    return out


def segments(facts, corridor):
    """Segments of a corridor as (names, member kind, members); members are province codes or city codes."""
    cities = [c["adcode"] for c in facts.corridors if c["corridor_id"] == corridor["corridor_id"]]
    zone_cities = {z["host_prefecture_adcode"] for z in facts.zones}
    zone_provinces = {z["province_adcode"] for z in facts.zones}
    by_code = {u["adcode"]: u for u in facts.units()}
    if corridor["segments"] == "provinces":
        order = [m for m in facts.alliance_members if m["alliance_id"] == corridor["order_from"]]
        order.sort(key=lambda m: int(m["corridor_order"]))
        groups = [(facts.provinces[m["province_adcode"]], [m["province_adcode"]]) for m in order]
        joined = join_without_zone(groups, lambda m: bool(zone_provinces & set(m)))
        return [(names, "province", members) for names, members in joined]
    if corridor["segments"] == "cities":
        groups = [(by_code[c]["name_en"].split(" (")[0].lower(), [c]) for c in cities]
    else:
        groups = []
        for c in cities:
            name = facts.province_of(c)
            found = next((g for g in groups if g[0] == name), None)
            if found:
                found[1].append(c)
            else:
                groups.append((name, [c]))
    joined = join_without_zone(groups, lambda m: bool(zone_cities & set(m)))
    return [(names, "place", members) for names, members in joined]


def segment_id(names):
    """One or two names joined; of more, the first and the last."""
    plain = [n.replace("'", "").replace(" ", "_") for n in names]
    return "_".join(plain) if len(plain) < 3 else f"{plain[0]}_to_{plain[-1]}"


def segment_rows(facts, units, county_scale):
    """corridor_segments.csv or county_corridor_segments.csv: provinces, or cities (their counties at
    county scale) with the zone areas that they host."""
    by_code = {u["adcode"]: u for u in units}
    out = []
    for c in facts.corridor_terms:
        for number, (names, kind, members) in enumerate(segments(facts, c), start=1):
            ids = []
            for m in members:
                if kind == "province":
                    ids.append(facts.provinces[m])
                    continue
                inside = counties_of(facts, by_code[m]) if county_scale else [by_code[m]]
                ids += [region_id(r["adcode"]) for r in inside]
                ids += [z["zone_id"] for z in facts.zones if z["host_prefecture_adcode"] == m]
            out += [
                {"corridor": c["corridor_id"], "segment": segment_id(names),
                 "order": str(number), "member_kind": kind, "member": i} for i in ids
            ]
    return out


def gateway_rows(facts):
    """gateways.csv: benchmark hubs and rule sources as sources, ports abroad as transit. A transit route
    is open when both of its ends are: the later of the port's and the entry ports' dates; the ports that
    the seed names without a date are taken to be in use by then."""
    entries = [g for g in facts.gateways if g["kind"] == "entry_port"]
    entry_open = max(month(g["open_date"]) for g in entries)
    out = []

    def add(row_id, kind, name_en, name_zh, at, opening, provisions, note):
        out.append({
            "id": row_id, "kind": kind, "name_en": name_en, "name_zh": name_zh, "lon": at["lon"],
            "lat": at["lat"], "weight": "1.00", "open": opening,
            **dict.fromkeys(["factor", "platform", "leadership", "environment", "radiation"], SOURCE_FORCE),
            "friction": "0.000", "provisions": str(provisions), "note": note,
        })

    for g in facts.gateways:
        if g["kind"] == "benchmark_hub":
            add(g["gateway_id"], "source_gateway", g["name_en"], g["name_zh"], g, FIRST_MONTH, 0, g["note"])
    for r in facts.rule_sources:
        t = facts.rule_places[r["rule_id"]]
        if r["china_in_force_date"] and month(r["china_in_force_date"]) != t["open"]:
            raise ValueError(r["rule_id"] + ": judgement and source differ about the month in force")
        add("rs_" + r["rule_id"], "source_gateway", r["name_en"], r["name_zh"], t, t["open"],
            t["provisions"], t["note"])
    for g in facts.gateways:
        if g["kind"] == "transit_port":
            known = g["open_date"] if len(g["open_date"]) >= 7 else g["open_date"] and g["open_date"] + "-01"
            opening = max(month(known), entry_open) if known else entry_open
            add(g["gateway_id"], "transit_gateway", g["name_en"], g["name_zh"], g, opening, 0, g["note"])
    return out


def source_shares(zone_ids, weights, provisions, tried):
    """Whole tasks in proportion to the weights, as shares of all provisions."""
    if provisions == 0:
        return [(z, 1 / len(zone_ids)) for z in zone_ids]
    return [(z, n / provisions) for z, n in zip(zone_ids, whole_parts(tried, weights)) if n]


def gateway_link_rows(facts, units, county_scale):
    """gateway_links.csv or county_gateway_links.csv. The RCEP's encouraged provisions go to all areas
    open by then, with a weight of 1 and 2 more for each role that the judgement names; those of the other
    rule sources, and the benchmark hubs, to the areas with a named role."""
    by_code = {u["adcode"]: u for u in units}
    existing = [z for z in facts.zones if z["status"] == "existing"]
    out = []

    def add(gateway, role, place, share=""):
        out.append({"gateway": gateway, "role": role, "place": place, "share": share})

    for link in facts.benchmark_links:
        named = [z["zone_id"] for z in existing
                 if set(split(link["zone_roles"])) & set(split(z["strategic_roles"]))]
        for zone, share in source_shares(named, [1] * len(named), 0, 0):
            add(link["gateway_id"], "source", zone, f"{share:.9f}")
    for rule in facts.rule_sources:
        t = facts.rule_places[rule["rule_id"]]
        roles = set(split(t["zone_roles"]))
        hits = {z["zone_id"]: len(roles & set(split(z["strategic_roles"]))) for z in existing}
        everyone = rule["china_status"] == "member"
        named = [z for z, n in hits.items() if n or everyone]
        weights = [(1 if everyone else 0) + (2 if everyone else 1) * hits[z] for z in named]
        for zone, share in source_shares(named, weights, int(t["provisions"]), int(t["tried_in_zones"])):
            add("rs_" + rule["rule_id"], "source", zone, f"{share:.9f}")
    ports = [g for g in facts.gateways if g["kind"] == "transit_port"]
    entries = [g["coord_source"].split(":")[1] for g in facts.gateways if g["kind"] == "entry_port"]
    for g in ports:
        for group in split(g["served_ftz_ids"]):
            add(g["gateway_id"], "serves", group)
        for city in entries:
            code = ENTRY_COUNTIES.get(city, seat_county(facts, by_code[city])) if county_scale else city
            add(g["gateway_id"], "entry", region_id(code))
    return out


def observed_rows(facts):
    """observed.csv: the six batches in the months of their documents."""
    return [
        {"month": month(b["official_date"]), "items": b["official_total"],
         "note": f"batch {b['batch']}: {b['direct_industry']} direct and {b['indirect_industry']} indirect"}
        for b in facts.batches
    ]
