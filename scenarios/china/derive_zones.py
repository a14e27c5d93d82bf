"""Zone areas: opening, weight, forces, friction, tasks, domain mix, orientation.

One rule, one function; every rule has a row in README.md. Nothing here is fitted to an outcome but LATER."""

from derive_facts import month, region_id, split, whole_parts
from derive_regions import FORCES, INDUSTRIES, RANGE, seat_county

TOP = 0.95  # no force is higher
LIFT = {"factor": 0.1, "platform": 0.25, "environment": 0.3}  # part of the way from the host to TOP
RADIATION_CLASS = {"coastal": 1.0, "inland": 0.9, "border": 0.75}
# Mix that a location suggests, before the roles speak.
CLASS_MIX = {
    "coastal": {"trade": 4, "transport": 3, "capital": 1, "enterprise": 2},
    "inland": {"enterprise": 4, "trade": 2, "transport": 2, "investment": 1, "data": 1},
    "border": {"trade": 5, "people": 2, "transport": 2, "capital": 1},
}
SHRINK = 0.5  # weight of the national share in a zone's mix; class and roles share the rest 1 to 2
DIRECT_CLASS = {"coastal": -0.05, "inland": 0.05, "border": 0.0}
DIRECT_ROLE = 0.05  # a role that serves production, at most two; minus one for finance
UPGRADE_SHARE = 0.2  # size of an upgrade plan against the free-trade zone's own state plans' mean
WHOLE_ISLAND_KM2 = 10_000
# Part of its leadership that an area keeps which opened after the first: much of the ground was taken. Set with the
# quality parameters of scenario.toml so that the lists come out: 34 items of the first plan's 98 tasks by 2014-12, but
# 24 (batches 2 and 3) while more than 400 tasks of the second generation were open.
LATER = 0.45


def domain_share(facts):
    """Share of each domain in the 143 items of the six batches."""
    counts = [sum(i["seed_domain"] == d for i in facts.innovations) for d in facts.domains]
    return {d: c / sum(counts) for d, c in zip(facts.domains, counts)}


def zone_weight(facts, zone, host, zones_of_host):
    """Free-trade zones make 18 % of the country's trade and inward investment (ftz_trade_2022,
    ftz_fdi_2022): so a host's zones weigh 18 % of its people, divided by area. An island that is one
    zone weighs 18 % of its province."""
    share = (float(facts.targets["ftz_trade_2022"]["value"])
             + float(facts.targets["ftz_fdi_2022"]["value"])) / 2
    area = area_km2(zone)
    if area > WHOLE_ISLAND_KM2:
        people = next(float(p["population_2020"]) for p in facts.regions
                      if p["adcode"] == zone["province_adcode"])
        return share * people / 1e4
    return share * host["people"] / 1e4 * area / sum(area_km2(z) for z in zones_of_host)


def area_km2(zone):
    """Published area; candidates have none and count as 40 km2, a third of the usual 120."""
    return float(zone["area_km2"] or 40)


def first_month(facts):
    """Month of the first area of all."""
    return min(month(z["founded_date"]) for z in facts.zones if z["founded_date"])


def zone_forces(facts, zone, host):
    """Factor, platform and environment go part of the way from the host's value to the top; leadership
    goes further the more demanding the roles; radiation is the host's, less inland and at the border."""
    rank = sum(int(facts.roles[r]["leadership"]) for r in split(zone["strategic_roles"]))
    out = {k: host[k] + (TOP - host[k]) * lift for k, lift in LIFT.items()}
    out["leadership"] = host["leadership"] + (TOP - host["leadership"]) * min(0.5, 0.07 * (1 + rank))
    if month(zone["founded_date"]) != first_month(facts):
        out["leadership"] *= LATER
    low = RANGE["radiation"][0]
    out["radiation"] = low + (host["radiation"] - low) * RADIATION_CLASS[zone["zone_class"]]
    return out


def zone_friction(facts, zone):
    """How many masters: a base of 0.20, more when the free-trade zone lies in several prefectures, across
    a provincial boundary or at a border (customs, army, two states), less with special legislation."""
    roles = split(zone["strategic_roles"])
    cities = {z["host_prefecture_adcode"] for z in facts.zones if z["ftz_id"] == zone["ftz_id"]}
    friction = 0.20 + 0.05 * min(3, len(cities) - 1)
    friction += 0.10 * ("Beijing-administered" in zone["note"] or "blocks in" in zone["note"])
    friction += 0.10 * (zone["zone_class"] == "border")
    friction -= 0.10 * bool({"special_economic_function", "ftp", "pressure_test"} & set(roles))
    return round(max(0.05, friction), 3)


def zone_mix(facts, zone, national):
    """Half the national share; of the other half one third by location, two thirds by roles."""
    def normal(weights):
        total = sum(weights.values())
        return {d: weights.get(d, 0) / total for d in facts.domains}

    place = normal(CLASS_MIX[zone["zone_class"]])
    profiles = [{d: int(facts.roles[r][d]) for d in facts.domains} for r in split(zone["strategic_roles"])]
    profiles = [normal(p) for p in profiles if sum(p.values())]
    if not profiles:
        profiles = [place]
    role = {d: sum(p[d] for p in profiles) / len(profiles) for d in facts.domains}
    return {
        d: SHRINK * national[d] + (1 - SHRINK) * (place[d] / 3 + role[d] * 2 / 3) for d in facts.domains
    }


def direct_shift(facts, zone):
    """More direct inland and where a role serves production, less on the coast and with finance."""
    role = sum(int(facts.roles[r]["direct"]) for r in split(zone["strategic_roles"]))
    return DIRECT_CLASS[zone["zone_class"]] + DIRECT_ROLE * max(-1, min(2, role))


def zone_orientation(facts, zone):
    """Direct and indirect shares of the batches that a generation could first supply (1; 2 and 3; 4; 5 and
    6), shifted by how far the zone's tilt is from the mean of its generation."""
    used = {"1": "1", "2": "23", "3": "4"}.get(zone["generation"], "56")
    b = [x for x in facts.batches if x["batch"] in used]
    total = sum(int(x["official_total"]) for x in b)
    direct = sum(int(x["direct_industry"]) for x in b) / total
    indirect = sum(int(x["indirect_industry"]) for x in b) / total
    peers = [z for z in facts.zones if z["generation"] == zone["generation"]]
    shift = direct_shift(facts, zone) - sum(direct_shift(facts, z) for z in peers) / len(peers)
    shift = max(-direct + 0.02, min(indirect - 0.02, shift))
    return round(direct + shift, 3), round(indirect - shift, 3)


def zone_industries(facts, zone, host):
    """The host's profile with 0.5 more (at most 1.2) of the industry of each role."""
    out = dict(host["industries"])
    for r in split(zone["strategic_roles"]):
        industry = facts.roles[r]["industry"]
        if industry:
            out[industry] = round(min(1.2, out[industry] + 0.5), 3)
    return out


def published_tasks(facts, plan):
    """Tasks of a plan on record: those of targets.csv of that group and month; of a founding plan also those
    of ftzs.csv. Two records of one plan must agree."""
    record = {int(t["value"]) for t in facts.targets.values()
              if t["metric"] == "pilot_tasks_of_plan" and t["geography"] == plan["group"]
              and month(t["date"]) == plan["month"]}
    group = facts.ftzs[plan["group"]]
    if month(group["founded_date"]) == plan["month"] and group["pilot_tasks"]:
        record.add(int(group["pilot_tasks"]))
    if len(record) != 1:
        raise ValueError(f"{plan['plan_id']}: source/ gives {len(record)} sizes of this plan, not one")
    return record.pop()


def plan_tasks(facts):
    """Tasks of every plan. The 28 plans of the state add up to the 3,400 tasks of targets.csv: published
    where known, the mean of the published plans of its generation where plans.csv says `generation`, the rest
    divided evenly. Provincial upgrade plans, Xinjiang, the candidate and the assumed renewals come on top."""
    def generation(group):
        return facts.ftzs[group]["generation"]

    control = int(facts.targets["tasks_2023"]["value"])
    known, tasks = {}, {}
    for p in facts.plans:
        if p["basis"] == "published":
            tasks[p["plan_id"]] = published_tasks(facts, p)
            known.setdefault(generation(p["group"]), []).append(tasks[p["plan_id"]])
        elif p["basis"] == "recalled":
            tasks[p["plan_id"]] = int(p["tasks"])
    for p in facts.plans:
        if p["basis"] == "generation":
            like = known[generation(p["group"])]
            tasks[p["plan_id"]] = round(sum(like) / len(like))
    residual = [p["plan_id"] for p in facts.plans if p["basis"] == "residual"]
    parts = whole_parts(control - sum(tasks.values()), [1] * len(residual))
    tasks.update(zip(residual, parts))
    for p in facts.plans:
        if p["basis"] == "later":
            tasks[p["plan_id"]] = min(parts)
        elif p["basis"] == "upgrade":
            own = [tasks[q["plan_id"]] for q in facts.plans
                   if q["group"] == p["group"] and q["kind"] == "state"]
            tasks[p["plan_id"]] = round(UPGRADE_SHARE * sum(own) / len(own))
        elif p["basis"] == "renewal":
            own = [tasks[q["plan_id"]] for q in facts.plans
                   if q["group"] == p["group"] and q["kind"] in ("state", "later")]
            tasks[p["plan_id"]] = round(sum(own) / len(own))
    return tasks


def tasks_by_zone(facts, hosts):
    """Each plan divided over its areas: half by area, half by the host's GDP (shared by the areas in one
    host). Gives (plan, zone, tasks)."""
    zones = {z["zone_id"]: z for z in facts.zones}
    out = []
    tasks = plan_tasks(facts)
    for row in facts.plans:
        total = tasks[row["plan_id"]]
        members = [zones[z] for z in split(row["zones"])]
        area = [area_km2(z) for z in members]
        same = [sum(m["host_prefecture_adcode"] == z["host_prefecture_adcode"] for m in members)
                for z in members]
        gdp = [hosts[z["host_prefecture_adcode"]]["gdp"] / n for z, n in zip(members, same)]
        weights = [a / sum(area) + g / sum(gdp) for a, g in zip(area, gdp)]
        for z, n in zip(members, whole_parts(total, weights)):
            out.append((row, z["zone_id"], n))
    return out


def zone_rows(facts, units, candidates, county_scale):
    """zones.csv or candidates.csv (`candidates`), hosted by prefectures or by counties."""
    hosts = {u["adcode"]: u for u in units}
    national = domain_share(facts)
    shares = tasks_by_zone(facts, hosts)
    out = []
    for z in facts.zones:
        if (z["status"] == "candidate") != candidates:
            continue
        host = hosts[z["host_prefecture_adcode"]]
        near = [o for o in facts.zones if o["host_prefecture_adcode"] == z["host_prefecture_adcode"]
                and (o["status"] == "candidate") == candidates]
        opening = "" if candidates else month(z["founded_date"])
        founding = [(p, n) for p, zone, n in shares if zone == z["zone_id"] and is_founding(p, z)]
        direct, indirect = zone_orientation(facts, z)
        forces = zone_forces(facts, z, host)
        host_id = region_id((z["host_county_adcode"] or seat_county(facts, host)) if county_scale
                            else z["host_prefecture_adcode"])
        out.append({
            "id": z["zone_id"], "kind": "zone", "name_en": z["name_en"], "name_zh": z["name_zh"],
            "lon": z["lon"], "lat": z["lat"], "weight": f"{zone_weight(facts, z, host, near):.2f}",
            "province": facts.province_of(z["province_adcode"]),
            "area": facts.macro[z["province_adcode"]],
            "agglomerations": host["urban_agglomerations"], "host": host_id, "group": z["ftz_id"],
            "open": opening, **{k: f"{forces[k]:.3f}" for k in FORCES},
            "friction": f"{zone_friction(facts, z):.3f}",
            "tasks": str(sum(n for _, n in founding)),
            **{"mix_" + d: f"{v:.3f}" for d, v in zone_mix(facts, z, national).items()},
            "direct_share": f"{direct:.3f}", "indirect_share": f"{indirect:.3f}",
            **{"industry_" + k: f"{zone_industries(facts, z, host)[k]:.3f}" for k in INDUSTRIES},
            "note": "; ".join(f"{p['plan_id']} ({p['basis']})" for p, _ in founding),
            "note_class": z["zone_class"],
            "note_roles": z["strategic_roles"],
        })
    return out


def is_founding(plan, zone):
    """Whether a plan opens the zone (all candidates' plans do): the same month, or undated."""
    return plan["month"] in ("", month(zone["founded_date"])) or (
        plan["kind"] == "later" and plan["group"] == zone["ftz_id"])


def mandate_rows(facts, units):
    """mandates.csv: the plans that came after an area's opening, area by area."""
    zones = {z["zone_id"]: z for z in facts.zones}
    hosts = {u["adcode"]: u for u in units}
    return [
        {"place": zone, "month": plan["month"], "tasks": str(n), "note": plan["plan_id"],
         "note_basis": plan["basis"]}
        for plan, zone, n in tasks_by_zone(facts, hosts)
        if not is_founding(plan, zones[zone]) and n > 0
    ]


def task_problems(facts, units):
    """What is wrong with how tasks are counted: every area of a plan is its group's and is named once, the plans
    of the state add up to the control total, and each task of a plan is in exactly one row of one table."""
    groups = {z["zone_id"]: z["ftz_id"] for z in facts.zones}
    tasks = plan_tasks(facts)
    problems = []
    for p in facts.plans:
        areas = split(p["zones"])
        if len(set(areas)) != len(areas) or {groups.get(z) for z in areas} != {p["group"]}:
            problems.append(f"plans.csv: {p['plan_id']} names an area twice, or one that is not its group's")
    if len(tasks) != len(facts.plans):
        problems.append("plans.csv: a plan is there twice, or has no tasks")
    state = sum(tasks[p["plan_id"]] for p in facts.plans if p["kind"] == "state")
    if state != int(facts.targets["tasks_2023"]["value"]):
        problems.append(f"plans.csv: the plans of the state have {state} tasks, not those of tasks_2023")
    placed = {}
    rows = [r for c in (False, True) for r in zone_rows(facts, units, candidates=c, county_scale=False)]
    for row in rows + [{**m, "id": m["place"]} for m in mandate_rows(facts, units)]:
        placed[groups[row["id"]]] = placed.get(groups[row["id"]], 0) + int(row["tasks"])
    for group in sorted(set(groups.values())):
        planned = sum(tasks[p["plan_id"]] for p in facts.plans if p["group"] == group)
        if placed.get(group, 0) != planned:
            problems.append(f"tasks of {group}: {planned} in its plans, {placed.get(group, 0)} in the tables")
    return problems
