//! Every own maximisation of the reference results in `../shared/data/histories` is met: estimates and standard errors
//! to a relative 10⁻⁴, ℓ and likelihood ratios to 10⁻³, profile limits to a relative 10⁻³, and limits that are 0 exactly.
//!
//! The data are read where they lie; a scenario of each is made of them in a folder that goes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use pointplane::inference::{Asked, Cluster, Estimates, Term, estimate};
use pointplane::scenario::{Setting, load};
use tempfile::TempDir;

use crate::tools::there;

pub type Row = BTreeMap<String, String>;

/// The folder of a history; nothing where it is not there, which is noted, unless `POINTPLANE_NEEDS_HISTORIES=1` (as in
/// `.ci/run`).
#[track_caller]
pub fn folder(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/histories");
    let found = root.join(name);
    let required = std::env::var("POINTPLANE_NEEDS_HISTORIES").is_ok_and(|v| v == "1");
    assert!(
        !required || found.is_dir(),
        "{} is not there",
        found.display()
    );
    let reason = "the histories with reference results (../shared/data/histories) are not here";
    there(found.is_dir(), reason).then_some(found)
}

/// The rows of a table by column name.
pub fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader
        .deserialize()
        .map(|row| row.expect("a row"))
        .collect()
}

/// A layer: its id, the file of its links (none: everybody hears everybody else), whether rows are standardised, and
/// whether a link counts 1 whatever its weight.
#[derive(Clone, Copy)]
pub struct Layer(
    pub &'static str,
    pub Option<&'static str>,
    pub bool,
    pub bool,
);

/// A scenario of a history, in a folder of its own.
pub struct Made {
    dir: TempDir,
    layers: Vec<&'static str>,
}

impl Made {
    /// Of the items that are `kept`, and covariates as (id, table, keys).
    pub fn new(
        data: &Path,
        step: &str,
        layers: &[Layer],
        kept: impl Fn(&Row) -> bool,
        covariates: &[(&'static str, String, &str)],
    ) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            fs::write(dir.path().join(name), text).expect("a file");
        };
        let units = rows(&data.join("units.csv"));
        let ids: Vec<&str> = units.iter().map(|unit| unit["id"].as_str()).collect();
        let mut text = "id,environment,radiation\n".to_owned();
        ids.iter()
            .for_each(|id| writeln!(text, "{id},1,1").unwrap());
        write("places.csv", &text);
        let items = rows(&data.join("items.csv"));
        // Names of laws have spaces and commas; ids have none.
        let items = items.iter().filter(|item| kept(item)).enumerate();
        let items: BTreeMap<&str, (usize, &Row)> = items
            .map(|(n, item)| (item["item"].as_str(), (n, item)))
            .collect();
        let mut text = "item,first_risk,last\n".to_owned();
        for (n, item) in items.values() {
            writeln!(text, "item{n},{},{}", item["first_risk"], item["last"]).unwrap();
        }
        write("items.csv", &text);
        let mut text = "place,item,time,until\n".to_owned();
        for row in rows(&data.join("adoptions.csv")) {
            if let Some((n, _)) = items.get(row["item"].as_str()) {
                let until = row.get("until").map_or("", String::as_str);
                writeln!(text, "{},item{n},{},{until}", row["unit"], row["time"]).unwrap();
            }
        }
        write("adoptions.csv", &text);
        let mut scenario = format!(
            "format = 1\nname = \"history\"\nstart = \"1960-01\"\nend = \"1969-12\"\nstep = \"{step}\"\n\
             places.files = [\"places.csv\"]\nline.structures = false\n\
             history = {{ adoptions = \"adoptions.csv\", items = \"items.csv\" }}\n\
             [[domains]]\nid = \"all\"\naffinity = {{ {} }}\n",
            layers
                .iter()
                .map(|layer| format!("{} = 1", layer.0))
                .collect::<Vec<_>>()
                .join(", ")
        );
        for Layer(id, file, by_row, binary) in layers {
            let mut text = "source,target,weight\n".to_owned();
            match file {
                Some(file) => {
                    for row in rows(&data.join(file)) {
                        let weight = if *binary { "1" } else { &row["weight"] };
                        writeln!(text, "{},{},{weight}", row["source"], row["listener"]).unwrap();
                    }
                }
                None => {
                    for listener in &ids {
                        for source in ids.iter().filter(|source| *source != listener) {
                            writeln!(text, "{source},{listener},1").unwrap();
                        }
                    }
                }
            }
            write(&format!("{id}.csv"), &text);
            let standardise = if *by_row { "row" } else { "none" };
            write!(
                scenario,
                "[[layers]]\nid = \"{id}\"\ncoefficient = 0\nstandardise = \"{standardise}\"\n\
                 [[layers.links]]\nrule = \"table\"\nfile = \"{id}.csv\"\n"
            )
            .unwrap();
        }
        for (id, table, keys) in covariates {
            write(&format!("of_{id}.csv"), table);
            write!(
                scenario,
                "[[covariates]]\nid = \"{id}\"\nfile = \"of_{id}.csv\"\n{keys}\n"
            )
            .unwrap();
        }
        write("scenario.toml", &scenario);
        let layers = layers.iter().map(|layer| layer.0).collect();
        Self { dir, layers }
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// The estimates of the intrinsic rate and `terms`.
    pub fn estimate(&self, terms: &[&str], cluster: Cluster) -> Estimates {
        let parameters = ["intrinsic"].iter().chain(terms);
        let asked = Asked {
            parameters: Some(parameters.map(|term| (*term).to_owned()).collect()),
            cluster,
            residuals: false,
            ..Asked::default()
        };
        let sets: &[Setting] = &[];
        let loaded = load(self.dir.path(), &[], sets).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(loaded.scenario.layers.len(), self.layers.len());
        estimate(&loaded, &asked).unwrap_or_else(|e| panic!("{e}"))
    }
}

/// What the references say, and what of it was met.
struct References {
    rows: Vec<Row>,
    met: BTreeSet<(String, String)>,
}

fn number(row: &Row, column: &str) -> Option<f64> {
    (!row[column].is_empty()).then(|| row[column].parse().expect("a number"))
}

/// Whether two numbers differ by at most this share of the wanted one.
#[track_caller]
fn close(found: Option<f64>, wanted: Option<f64>, share: f64, what: &str) {
    match (found, wanted) {
        (None, None) => {}
        (Some(found), Some(0.0)) => assert!(found == 0.0, "{what}: {found}"),
        (Some(found), Some(wanted)) => {
            let far = (found / wanted - 1.0).abs();
            assert!(
                far <= share,
                "{what}: {found} instead of {wanted}, {far:.1e}"
            );
        }
        found => panic!("{what}: {found:?}"),
    }
}

impl References {
    fn of(data: &Path) -> Self {
        Self {
            rows: rows(&data.join("reference.csv")),
            met: BTreeSet::new(),
        }
    }

    /// Holds estimates against all rows of a model, and of its likelihood ratio against another.
    fn hold(&mut self, model: &str, found: &Estimates, null: Option<&Estimates>) {
        let all = self.rows.iter().filter(|row| row["model"] == model);
        let mut count = 0;
        for row in all {
            count += 1;
            let term = row["term"].as_str();
            let what = format!("{model}, {term}");
            self.met.insert((model.to_owned(), term.to_owned()));
            let loglik = found.fits[0].loglik;
            let far = |found: f64, wanted: f64| (found - wanted).abs();
            let wanted = number(row, "loglik").expect("a log likelihood");
            assert!(
                far(loglik, wanted) <= 1e-3,
                "{what}: {loglik} instead of {wanted}"
            );
            assert_eq!(found.rows.to_string(), row["n"], "{what}");
            assert_eq!(found.adoptions.to_string(), row["events"], "{what}");
            let estimate = number(row, "estimate");
            if term.starts_with("LR vs ") {
                let null = null.expect("the other model").fits[0].loglik;
                let lr = 2.0 * (loglik - null);
                assert!(far(lr, estimate.expect("a ratio")) <= 1e-3, "{what}: {lr}");
                continue;
            }
            let logarithm = term == "log(alpha)";
            let name = match term {
                "alpha" | "log(alpha)" => "intrinsic",
                name => name,
            };
            let term: &Term = found
                .terms
                .iter()
                .find(|t| t.parameter.name == name)
                .expect("the term");
            let se = match row["interval"].as_str() {
                "wald" => term.clustered_se,
                _ => term.se,
            };
            let limits = match row["interval"].as_str() {
                "wald" => term.wald(),
                _ => term.independent,
            };
            let of = |value: Option<f64>| if logarithm { value.map(f64::ln) } else { value };
            close(of(term.estimate), estimate, 1e-4, &what);
            let se = if logarithm {
                se.zip(term.estimate).map(|(se, a)| se / a)
            } else {
                se
            };
            close(se, number(row, "se"), 1e-4, &format!("s.e. of {what}"));
            close(
                of(limits[0]),
                number(row, "low"),
                1e-3,
                &format!("lower limit of {what}"),
            );
            close(
                of(limits[1]),
                number(row, "high"),
                1e-3,
                &format!("upper limit of {what}"),
            );
        }
        assert!(count > 0, "no reference of {model}");
    }

    /// No own maximisation of a grouped model is left over.
    fn all_met(&self) {
        let grouped =
            |row: &&Row| row["model"].starts_with("additive_") || row["model"].starts_with("daily");
        let own = |row: &&Row| row["source"].starts_with("own maximisation");
        let wanted: BTreeSet<(String, String)> = self
            .rows
            .iter()
            .filter(grouped)
            .filter(own)
            .map(|row| (row["model"].clone(), row["term"].clone()))
            .collect();
        assert_eq!(self.met, wanted);
    }
}

const NONE: Cluster = Cluster::None;

/// The layers of the measles.
pub const MEASLES: [Layer; 4] = [
    Layer("household", Some("links_household.csv"), false, false),
    Layer("c1", Some("links_class1.csv"), false, false),
    Layer("c2", Some("links_class2.csv"), false, false),
    Layer("nothousehold", Some("links_nothousehold.csv"), false, false),
];

#[test]
fn measles_of_hagelloch() {
    let Some(data) = folder("hagelloch") else {
        return;
    };
    let made = Made::new(&data, "day", &MEASLES, |_| true, &[]);
    let mut references = References::of(&data);
    let null = made.estimate(&[], NONE);
    let half = made.estimate(&["household", "nothousehold"], NONE);
    let full = made.estimate(&["household", "c1", "c2", "nothousehold"], NONE);
    references.hold("daily_null", &null, None);
    references.hold("daily_no_classes", &half, Some(&null));
    references.hold("daily", &full, Some(&half));
    references.all_met();
}

/// The covariates of the lotteries with their centres.
const OF_LOTTERIES: [(&str, f64); 6] = [
    ("fiscal", -0.1),
    ("party", 0.0),
    ("elect1", 0.0),
    ("elect2", 0.0),
    ("income", 90.0),
    ("religion", 17.0),
];

#[test]
fn lotteries_of_the_states() {
    let Some(data) = folder("lotteries") else {
        return;
    };
    let count = [Layer("neighbours", Some("links.csv"), false, false)];
    let share = [Layer("share", Some("links.csv"), true, false)];
    let mut references = References::of(&data);
    let counted = Made::new(&data, "year", &count, |_| true, &[]);
    let null = counted.estimate(&[], NONE);
    references.hold("additive_null", &null, None);
    references.hold(
        "additive_count",
        &counted.estimate(&["neighbours"], NONE),
        Some(&null),
    );
    let shared = Made::new(&data, "year", &share, |_| true, &[]);
    references.hold(
        "additive_share",
        &shared.estimate(&["share"], NONE),
        Some(&null),
    );
    // With covariates; the file has them all.
    let table = fs::read_to_string(data.join("covariates.csv")).expect("covariates");
    let table = table.replacen("unit,", "place,", 1);
    let with = |acts_on: &str| {
        let of = |(id, center): (&'static str, f64)| {
            let keys = format!("center = {center:?}\nacts_on = \"{acts_on}\"");
            (id, keys)
        };
        let keys = OF_LOTTERIES.map(of);
        let covariates: Vec<_> = keys
            .iter()
            .map(|(id, keys)| (*id, table.clone(), &**keys))
            .collect();
        Made::new(&data, "year", &count, |_| true, &covariates)
    };
    let names: Vec<&str> = OF_LOTTERIES.iter().map(|covariate| covariate.0).collect();
    let all: Vec<&str> = ["neighbours"].into_iter().chain(names.clone()).collect();
    let made = with("all");
    let null = made.estimate(&names, NONE);
    references.hold("additive_covariates_null", &null, None);
    references.hold(
        "additive_covariates",
        &made.estimate(&all, NONE),
        Some(&null),
    );
    let endemic = with("intrinsic").estimate(&all, NONE);
    references.hold("additive_endemic_covariates", &endemic, Some(&null));
    assert_eq!(endemic.without_covariate, 901 - 856);
    references.all_met();
}

#[test]
fn carbon_pricing() {
    let Some(data) = folder("carbon_pricing") else {
        return;
    };
    let layers = [
        Layer("region", Some("links_region.csv"), false, false),
        Layer("world", None, false, false),
    ];
    let made = Made::new(&data, "year", &layers, |_| true, &[]);
    let mut references = References::of(&data);
    let null = made.estimate(&[], NONE);
    let region = made.estimate(&["region"], NONE);
    references.hold("additive_null", &null, None);
    references.hold("additive_region", &region, Some(&null));
    references.hold(
        "additive_world",
        &made.estimate(&["world"], NONE),
        Some(&null),
    );
    let both = made.estimate(&["region", "world"], NONE);
    references.hold("additive_region_world", &both, Some(&region));
    references.all_met();
}

/// A network of people: shares and counts of those named, with and without a trend.
fn network(data: &Path, step: &str) {
    let layers = [
        Layer("share", Some("links.csv"), true, true),
        Layer("count", Some("links.csv"), false, true),
    ];
    let item = &rows(&data.join("items.csv"))[0];
    let [first, last] = ["first_risk", "last"].map(|c| item[c].parse::<i32>().expect("a period"));
    let mut trend = "time,trend\n".to_owned();
    (first..=last).for_each(|t| writeln!(trend, "{t},{}", t - first).unwrap());
    let made = Made::new(data, step, &layers, |_| true, &[("trend", trend, "")]);
    let mut references = References::of(data);
    let null = made.estimate(&[], NONE);
    references.hold("additive_null", &null, None);
    references.hold(
        "additive_share",
        &made.estimate(&["share"], NONE),
        Some(&null),
    );
    references.hold(
        "additive_count",
        &made.estimate(&["count"], NONE),
        Some(&null),
    );
    let null = made.estimate(&["trend"], NONE);
    references.hold("additive_trend_null", &null, None);
    let both = made.estimate(&["share", "trend"], NONE);
    references.hold("additive_trend_share", &both, Some(&null));
    references.all_met();
}

#[test]
fn medical_innovation() {
    if let Some(data) = folder("medical_innovation") {
        network(&data, "month");
    }
}

#[test]
fn brazilian_farmers() {
    if let Some(data) = folder("brazilian_farmers") {
        network(&data, "year");
    }
}

#[test]
fn korean_family_planning() {
    if let Some(data) = folder("korean_family") {
        network(&data, "year");
    }
}

#[test]
fn policies_of_the_states() {
    let Some(data) = folder("spid") else { return };
    let layers = [
        Layer("count", Some("links.csv"), false, false),
        Layer("share", Some("links.csv"), true, false),
        Layer("national", None, true, false),
    ];
    let sample = |item: &Row| {
        let number = |column: &str| item[column].parse::<i32>().expect("a number");
        number("adopters") >= 10 && number("first_year") >= 1960
    };
    // The logarithm of population less its mean.
    let units = rows(&data.join("units.csv"));
    let of = |unit: &Row| unit["population_2010"].parse::<f64>().expect("people").ln();
    let mean = units.iter().map(of).sum::<f64>() / units.len() as f64;
    let mut population = "place,log_population\n".to_owned();
    for unit in &units {
        writeln!(population, "{},{}", unit["id"], of(unit) - mean).unwrap();
    }
    let covariates = [("log_population", population, "")];
    let made = Made::new(&data, "year", &layers, sample, &covariates);
    let mut references = References::of(&data);
    let mut hold = |model: &str, terms: &[&str], null: Option<&Estimates>| {
        let found = made.estimate(terms, Cluster::Item);
        references.hold(model, &found, null);
        references.hold(&format!("{model}_clustered"), &found, null);
        found
    };
    let null = hold("additive_null", &[], None);
    hold("additive_count", &["count"], Some(&null));
    let share = hold("additive_share", &["share"], Some(&null));
    hold(
        "additive_share_national",
        &["share", "national"],
        Some(&share),
    );
    hold(
        "additive_share_population",
        &["share", "log_population"],
        Some(&share),
    );
    references.all_met();
}

#[test]
fn strategies_of_cities() {
    let Some(data) = folder("dual_carbon_cities") else {
        return;
    };
    let layers = [
        Layer("count", Some("links_province.csv"), false, false),
        Layer("share", Some("links_province.csv"), true, false),
    ];
    let made = Made::new(&data, "year", &layers, |_| true, &[]);
    let mut references = References::of(&data);
    let null = made.estimate(&[], NONE);
    references.hold("additive_null", &null, None);
    references.hold(
        "additive_count",
        &made.estimate(&["count"], NONE),
        Some(&null),
    );
    references.hold(
        "additive_share",
        &made.estimate(&["share"], NONE),
        Some(&null),
    );
    references.all_met();
}
