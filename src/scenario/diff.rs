//! What exactly differs between two scenarios, and that all else is equal.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value as Json;

use super::Month;
use super::ids::Ids;
use super::load::Loaded;
use super::places::{tier_word, word};
use super::tables::{
    Alliance, Corridor, GatewayLink, GatewayRole, LinkTable, Mandate, Member, Place, Scenario,
    TableLink,
};

/// How many differing rows of one table are listed; the others are counted.
const LISTED: usize = 1000;

/// A value that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Dotted key path, or column.
    pub key: String,
    /// Value in the first scenario; nothing when it is not set there.
    pub a: Option<String>,
    /// Value in the second scenario.
    pub b: Option<String>,
}

/// How a row differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Only the second scenario has it.
    Added,
    /// Only the first scenario has it.
    Removed,
    /// Both have it, with other values.
    Changed,
}

/// A row that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowChange {
    /// How.
    pub how: How,
    /// What names the row.
    pub id: String,
    /// The columns that differ, when both have the row.
    pub columns: Vec<Change>,
}

/// How the rows of a table differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableDiff {
    /// What the rows are.
    pub table: String,
    /// Rows that are only in the second scenario.
    pub added: u64,
    /// Rows that are only in the first.
    pub removed: u64,
    /// Rows with other values.
    pub changed: u64,
    /// Rows that are the same in both.
    pub equal: u64,
    /// The first 1000 rows that differ.
    pub rows: Vec<RowChange>,
}

/// What differs between two scenarios.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// The first scenario, with its layout.
    pub a: String,
    /// The second scenario, with its layout.
    pub b: String,
    /// Keys whose values differ.
    pub keys: Vec<Change>,
    /// How many keys are equal.
    pub equal_keys: u64,
    /// Places, links, alliances, corridors, gateway links, mandates, observed batches.
    pub tables: Vec<TableDiff>,
}

impl Diff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.tables.iter().all(TableDiff::is_empty)
    }
}

impl TableDiff {
    /// Whether nothing differs in this table.
    pub const fn is_empty(&self) -> bool {
        self.added + self.removed + self.changed == 0
    }

    fn note(&mut self, how: How, id: impl FnOnce() -> String, columns: Vec<Change>) {
        match how {
            How::Added => self.added += 1,
            How::Removed => self.removed += 1,
            How::Changed => self.changed += 1,
        }
        if self.rows.len() < LISTED {
            let id = id();
            self.rows.push(RowChange { how, id, columns });
        }
    }
}

/// A scenario split into keys and tables. Taking it apart field by field makes the compiler ask for
/// every field that is added later.
struct Parts<'a> {
    keys: BTreeMap<String, String>,
    places: &'a [Place],
    industries: &'a [String],
    layers: Vec<&'a str>,
    domains: Vec<&'a str>,
    link_tables: &'a [LinkTable],
    alliances: &'a [Alliance],
    corridors: &'a [Corridor],
    gateway_links: &'a [GatewayLink],
    mandates: &'a [Mandate],
    observed: &'a [(Month, u32)],
}

fn parts(loaded: &Loaded) -> Parts<'_> {
    let Scenario {
        name,
        title,
        title_zh,
        layout,
        start,
        end,
        seed,
        replicates,
        places,
        domains,
        layers,
        industries,
        link_tables,
        alliances,
        corridors,
        gateway_links,
        mandates,
        observed,
        gateways,
        point,
        line,
        circle,
        axis,
        plane,
    } = &loaded.scenario;
    let mut keys = BTreeMap::new();
    let mut put = |key: &str, value: Json| flatten(key, &value, &mut keys);
    put("", json(&loaded.spec));
    put("name", json(name));
    put("title", json(title));
    put("title_zh", json(title_zh));
    put("layout", json(layout));
    put("start", json(start));
    put("end", json(end));
    put("seed", json(seed));
    put("replicates", json(replicates));
    put("domains", json(domains));
    put("layers", json(layers));
    put("places.industries", json(industries));
    put("gateways", json(gateways));
    put("point", json(point));
    put("line", json(line));
    put("circle", json(circle));
    put("axis", json(axis));
    put("plane", json(plane));
    Parts {
        keys,
        places,
        industries,
        layers: layers.iter().map(|layer| layer.id.as_str()).collect(),
        domains: domains.iter().map(|domain| domain.id.as_str()).collect(),
        link_tables,
        alliances,
        corridors,
        gateway_links,
        mandates,
        observed,
    }
}

fn json(value: &impl Serialize) -> Json {
    // The types of a scenario hold only finite numbers and text keys, which JSON can say.
    serde_json::to_value(value).unwrap_or(Json::Null)
}

/// Writes every value under its dotted path; items of a list are named by their `id`.
fn flatten(path: &str, value: &Json, keys: &mut BTreeMap<String, String>) {
    let join = |key: &str| super::tree::join(path, key);
    match value {
        Json::Object(table) => {
            for (key, value) in table {
                flatten(&join(key), value, keys);
            }
        }
        Json::Array(items) if items.iter().any(Json::is_object) => {
            let mut names = Vec::new();
            for (position, item) in items.iter().enumerate() {
                let id = item.get("id").and_then(Json::as_str);
                let name = id.map_or_else(|| position.to_string(), str::to_owned);
                flatten(&join(&name), item, keys);
                names.push(name);
            }
            keys.insert(path.to_owned(), names.join(", "));
        }
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            keys.insert(path.to_owned(), format!("[{}]", items.join(", ")));
        }
        value => {
            keys.insert(path.to_owned(), plain(value));
        }
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// States what differs between two scenarios: keys, places, links of files, alliances, corridors,
/// gateway links, later tasks and observed batches, matched by their ids.
pub fn diff(a: &Loaded, b: &Loaded) -> Diff {
    let (pa, pb) = (parts(a), parts(b));
    let (keys, equal_keys) = changes(&pa.keys, &pb.keys);
    let mut tables = vec![places(&pa, &pb)];
    tables.push(links(&pa, &pb));
    let row = |side: &Parts<'_>, alliance: &Alliance| alliance_columns(alliance, &side.layers);
    tables.push(rows(
        "alliances",
        (&pa, pa.alliances),
        (&pb, pb.alliances),
        |_, x| x.id.clone(),
        row,
    ));
    let row = |side: &Parts<'_>, corridor: &Corridor| corridor_columns(corridor, side);
    tables.push(rows(
        "corridors",
        (&pa, pa.corridors),
        (&pb, pb.corridors),
        |_, x| x.id.clone(),
        row,
    ));
    tables.push(rows(
        "gateway links",
        (&pa, pa.gateway_links),
        (&pb, pb.gateway_links),
        |side, link| {
            let role = match link.role {
                GatewayRole::Serves => "serves",
                GatewayRole::Entry => "entry",
                GatewayRole::Source => "source",
            };
            format!(
                "{} {role} {}",
                id_of(side, link.gateway),
                id_of(side, link.place)
            )
        },
        |_, link| {
            let GatewayLink {
                gateway: _,
                role: _,
                place: _,
                share,
            } = link;
            vec![("share".to_owned(), share.to_string())]
        },
    ));
    tables.push(rows(
        "mandates",
        (&pa, pa.mandates),
        (&pb, pb.mandates),
        |side, mandate| format!("{} {}", id_of(side, mandate.zone), mandate.month),
        |_, mandate| {
            let Mandate {
                zone: _,
                month: _,
                tasks,
            } = mandate;
            vec![("tasks".to_owned(), tasks.to_string())]
        },
    ));
    tables.push(rows(
        "observed batches",
        (&pa, pa.observed),
        (&pb, pb.observed),
        |_, (month, _)| month.to_string(),
        |_, (_, items)| vec![("items".to_owned(), items.to_string())],
    ));
    Diff {
        a: title(a),
        b: title(b),
        keys,
        equal_keys,
        tables,
    }
}

fn title(loaded: &Loaded) -> String {
    let Scenario { name, layout, .. } = &loaded.scenario;
    if layout.is_empty() {
        name.clone()
    } else {
        format!("{name} with {layout}")
    }
}

fn id_of<'a>(side: &Parts<'a>, place: u32) -> &'a str {
    side.places
        .get(place as usize)
        .map_or("", |place| &place.id)
}

fn changes(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>) -> (Vec<Change>, u64) {
    let mut changes = Vec::new();
    let mut equal = 0;
    let only_b = b.keys().filter(|key| !a.contains_key(*key));
    let mut keys: Vec<&String> = a.keys().chain(only_b).collect();
    keys.sort();
    for key in keys {
        let (a, b) = (a.get(key), b.get(key));
        if a == b {
            equal += 1;
        } else {
            changes.push(Change {
                key: key.clone(),
                a: a.cloned(),
                b: b.cloned(),
            });
        }
    }
    (changes, equal)
}

/// Compares two tables row by row, matched by id. Rows with one id are numbered.
fn rows<T>(
    table: &str,
    (side_a, a): (&Parts<'_>, &[T]),
    (side_b, b): (&Parts<'_>, &[T]),
    id: impl Fn(&Parts<'_>, &T) -> String,
    columns: impl Fn(&Parts<'_>, &T) -> Vec<(String, String)>,
) -> TableDiff {
    let index = |side: &Parts<'_>, list: &[T]| {
        let mut rows: BTreeMap<(String, usize), usize> = BTreeMap::new();
        let mut last: BTreeMap<String, usize> = BTreeMap::new();
        for (position, row) in list.iter().enumerate() {
            let id = id(side, row);
            let number = last.entry(id.clone()).and_modify(|n| *n += 1).or_insert(0);
            rows.insert((id, *number), position);
        }
        rows
    };
    let (in_a, in_b) = (index(side_a, a), index(side_b, b));
    let mut diff = TableDiff {
        table: table.to_owned(),
        ..TableDiff::default()
    };
    for (id, at) in &in_a {
        let Some(there) = in_b.get(id) else {
            diff.note(How::Removed, || id.0.clone(), Vec::new());
            continue;
        };
        let of_a = columns(side_a, &a[*at]).into_iter().collect();
        let of_b = columns(side_b, &b[*there]).into_iter().collect();
        let (changes, _) = changes(&of_a, &of_b);
        if changes.is_empty() {
            diff.equal += 1;
        } else {
            diff.note(How::Changed, || id.0.clone(), changes);
        }
    }
    for id in in_b.keys().filter(|id| !in_a.contains_key(*id)) {
        diff.note(How::Added, || id.0.clone(), Vec::new());
    }
    diff
}

fn ids(places: &[Place]) -> Ids {
    let mut ids = Ids::default();
    for place in places {
        // The places of a checked scenario have different ids.
        let _ = ids.insert(&place.id);
    }
    ids
}

fn places(a: &Parts<'_>, b: &Parts<'_>) -> TableDiff {
    let mut diff = TableDiff {
        table: "places".to_owned(),
        ..TableDiff::default()
    };
    let in_b = ids(b.places);
    let in_a = ids(a.places);
    let same_columns = a.industries == b.industries && a.domains == b.domains;
    for place in a.places {
        let there = in_b.get(&place.id);
        let Some(there) = there.and_then(|at| b.places.get(at as usize)) else {
            diff.note(How::Removed, || place.id.clone(), Vec::new());
            continue;
        };
        if same_columns && place == there {
            diff.equal += 1;
            continue;
        }
        let of_a = place_columns(place, a).into_iter().collect();
        let of_b = place_columns(there, b).into_iter().collect();
        let (changes, _) = changes(&of_a, &of_b);
        if changes.is_empty() {
            diff.equal += 1;
        } else {
            diff.note(How::Changed, || place.id.clone(), changes);
        }
    }
    for place in b.places {
        if in_a.get(&place.id).is_none() {
            diff.note(How::Added, || place.id.clone(), Vec::new());
        }
    }
    diff
}

fn place_columns(place: &Place, side: &Parts<'_>) -> Vec<(String, String)> {
    let Place {
        id: _,
        kind,
        name_en,
        name_zh,
        lon,
        lat,
        weight,
        province,
        area,
        agglomerations,
        tier,
        capital,
        host,
        group,
        open,
        factor,
        platform,
        leadership,
        environment,
        radiation,
        friction,
        tasks,
        provisions,
        mix,
        orientation,
        industries,
    } = place;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut columns: Vec<(String, String)> = [
        ("kind", word(*kind).to_owned()),
        ("name_en", name_en.clone()),
        ("name_zh", name_zh.clone()),
        ("lon", lon.to_string()),
        ("lat", lat.to_string()),
        ("weight", weight.to_string()),
        ("province", province.clone()),
        ("area", area.clone()),
        ("agglomerations", agglomerations.join("|")),
        ("tier", tier_word(*tier).to_owned()),
        ("capital", u8::from(*capital).to_string()),
        ("host", text(host)),
        ("group", text(group)),
        (
            "open",
            open.map(|month| month.to_string()).unwrap_or_default(),
        ),
        ("factor", factor.to_string()),
        ("platform", platform.to_string()),
        ("leadership", leadership.to_string()),
        ("environment", environment.to_string()),
        ("radiation", radiation.to_string()),
        ("friction", friction.to_string()),
        ("tasks", tasks.to_string()),
        ("provisions", provisions.to_string()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    for (domain, weight) in side.domains.iter().zip(mix.iter().flatten()) {
        columns.push((format!("mix_{domain}"), weight.to_string()));
    }
    if let Some((direct, indirect)) = orientation {
        columns.push(("direct_share".to_owned(), direct.to_string()));
        columns.push(("indirect_share".to_owned(), indirect.to_string()));
    }
    for (industry, weight) in side.industries.iter().zip(industries) {
        // An industry that a table lacks has weight 0 there.
        if *weight != 0.0 {
            columns.push((format!("industry_{industry}"), weight.to_string()));
        }
    }
    columns
}

fn multiplier_columns(layers: &[&str], multipliers: &[f64]) -> Vec<(String, String)> {
    let all = layers.iter().zip(multipliers);
    all.map(|(layer, c)| (format!("c_{layer}"), c.to_string()))
        .collect()
}

fn alliance_columns(alliance: &Alliance, names: &[&str]) -> Vec<(String, String)> {
    let Alliance {
        id: _,
        name_en,
        name_zh,
        from,
        to,
        strength,
        size_exponent,
        layers,
        members,
    } = alliance;
    let month = |month: &Option<Month>| month.map(|m| m.to_string()).unwrap_or_default();
    let members: Vec<String> = members
        .iter()
        .map(|member| match member {
            Member::Group(name) => format!("group {name}"),
            Member::Province(name) => format!("province {name}"),
        })
        .collect();
    let mut columns = multiplier_columns(names, layers);
    columns.extend([
        ("name_en".to_owned(), name_en.clone()),
        ("name_zh".to_owned(), name_zh.clone()),
        ("from".to_owned(), month(from)),
        ("to".to_owned(), month(to)),
        ("strength".to_owned(), strength.to_string()),
        ("size_exponent".to_owned(), size_exponent.to_string()),
        ("members".to_owned(), members.join(", ")),
    ]);
    columns
}

fn corridor_columns(corridor: &Corridor, side: &Parts<'_>) -> Vec<(String, String)> {
    let Corridor {
        id: _,
        name_en,
        name_zh,
        layers,
        segments,
    } = corridor;
    let mut columns = multiplier_columns(&side.layers, layers);
    columns.push(("name_en".to_owned(), name_en.clone()));
    columns.push(("name_zh".to_owned(), name_zh.clone()));
    let order: Vec<&str> = segments.iter().map(|segment| segment.id.as_str()).collect();
    columns.push(("segments".to_owned(), order.join(", ")));
    for segment in segments {
        let mut places: Vec<&str> = segment.places.iter().map(|at| id_of(side, *at)).collect();
        places.sort_unstable();
        columns.push((format!("segment {}", segment.id), places.join(", ")));
    }
    columns
}

/// Compares the links of files, layer by layer and source by source.
fn links(a: &Parts<'_>, b: &Parts<'_>) -> TableDiff {
    let mut diff = TableDiff {
        table: "links of files".to_owned(),
        ..TableDiff::default()
    };
    let mut common = ids(a.places);
    for place in b.places {
        // Only the places that the first scenario lacks are new.
        let _ = common.insert(&place.id);
    }
    let mut tables: BTreeMap<(&str, usize), [Vec<TableLink>; 2]> = BTreeMap::new();
    for (side, second) in [(a, 0), (b, 1)] {
        let position: Vec<u32> = side
            .places
            .iter()
            .map(|place| common.get(&place.id).unwrap_or(u32::MAX))
            .collect();
        for table in side.link_tables {
            let layer = side.layers.get(table.layer).copied().unwrap_or("");
            let list = &mut tables.entry((layer, table.source)).or_default()[second];
            list.extend(table.links.iter().map(|link| TableLink {
                listener: position[link.listener as usize],
                source: position[link.source as usize],
                weight: link.weight,
            }));
            list.sort_unstable_by_key(|link| (link.listener, link.source));
        }
    }
    for ((layer, source), [of_a, of_b]) in tables {
        let id = |link: &TableLink| {
            format!(
                "{layer} {source}: {} hears {}",
                common.name(link.listener),
                common.name(link.source)
            )
        };
        let (mut left, mut right) = (of_a.iter().peekable(), of_b.iter().peekable());
        loop {
            let key = |link: &&TableLink| (link.listener, link.source);
            let order = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(x), Some(y)) => key(x).cmp(&key(y)),
            };
            match order {
                std::cmp::Ordering::Less => {
                    if let Some(link) = left.next() {
                        diff.note(How::Removed, || id(link), Vec::new());
                    }
                }
                std::cmp::Ordering::Greater => {
                    if let Some(link) = right.next() {
                        diff.note(How::Added, || id(link), Vec::new());
                    }
                }
                std::cmp::Ordering::Equal => {
                    if let (Some(x), Some(y)) = (left.next(), right.next()) {
                        if x.weight == y.weight {
                            diff.equal += 1;
                        } else {
                            let change = Change {
                                key: "weight".to_owned(),
                                a: Some(x.weight.to_string()),
                                b: Some(y.weight.to_string()),
                            };
                            diff.note(How::Changed, || id(x), vec![change]);
                        }
                    }
                }
            }
        }
    }
    diff
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |value: &Option<String>| match value.as_deref() {
            None => "(not set)".to_owned(),
            Some("") => "(empty)".to_owned(),
            Some(value) => value.to_owned(),
        };
        write!(f, "{}: {} → {}", self.key, show(&self.a), show(&self.b))
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} → {}", self.a, self.b)?;
        if !self.keys.is_empty() {
            writeln!(f, "\nkeys: {} changed", self.keys.len())?;
        }
        for change in &self.keys {
            writeln!(f, "  {change}")?;
        }
        for table in self.tables.iter().filter(|table| !table.is_empty()) {
            writeln!(
                f,
                "\n{}: {} added, {} removed, {} changed",
                table.table, table.added, table.removed, table.changed
            )?;
            for row in &table.rows {
                match row.how {
                    How::Added => writeln!(f, "  + {}", row.id)?,
                    How::Removed => writeln!(f, "  - {}", row.id)?,
                    How::Changed => {
                        let columns: Vec<String> =
                            row.columns.iter().map(Change::to_string).collect();
                        writeln!(f, "  ~ {}: {}", row.id, columns.join("; "))?;
                    }
                }
            }
            let listed = table.rows.len() as u64;
            let more = table.added + table.removed + table.changed - listed;
            if more > 0 {
                writeln!(f, "  and {more} more")?;
            }
        }
        let equal: Vec<String> = self
            .tables
            .iter()
            .map(|table| format!("{} {}", table.equal, table.table))
            .collect();
        let start = if self.is_empty() {
            "\nNothing differs"
        } else {
            "\nAll else is equal"
        };
        write!(
            f,
            "{start}: {} keys, {}.",
            self.equal_keys,
            equal.join(", ")
        )
    }
}
