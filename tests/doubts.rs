//! What is allowed and perhaps not meant is warned of, with its figures; and a scenario that is meant is not.

use std::fs;
use std::path::Path;

use pointplane::experiment::build::build;
use pointplane::scenario::{Problem, Setting, Severity, load};
use pointplane::world::memory::Recorded;
use tempfile::TempDir;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

fn minimal() -> TempDir {
    let folder = TempDir::new().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal");
    copy(&from, folder.path());
    folder
}

#[track_caller]
fn edit(folder: &Path, file: &str, find: &str, put: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(find), "{file}: {find:?}");
    fs::write(path, text.replace(find, put)).unwrap();
}

/// All warnings about a scenario and its graph.
#[track_caller]
fn warnings(folder: &Path, sets: &[&str]) -> Vec<Problem> {
    let sets: Vec<Setting> = sets.iter().map(|set| Setting::from(*set)).collect();
    let loaded = load(folder, &[], &sets).unwrap_or_else(|e| panic!("{e}"));
    let (_, of_graph) = build(&loaded, 1, Recorded::default()).unwrap();
    let all: Vec<Problem> = loaded
        .warnings
        .problems
        .into_iter()
        .chain(of_graph)
        .collect();
    assert!(all.iter().all(|p| p.severity == Severity::Warning));
    all
}

#[track_caller]
fn new_warnings(folder: &Path, sets: &[&str]) -> Vec<String> {
    let told = warnings(folder, sets).into_iter();
    told.map(|p| p.to_string()).collect()
}

#[test]
fn shipped_scenarios_are_meant() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for scenario in ["minimal", "china", "china/county.toml"] {
        let told = new_warnings(&shipped.join(scenario), &[]);
        assert!(told.is_empty(), "{scenario}: {told:#?}");
    }
}

/// (file, what stands there, what is put there, words of the one warning more).
type Case<'c> = (&'c str, &'c str, &'c str, &'c [&'c str]);

#[track_caller]
fn each_is_told(cases: &[Case<'_>]) {
    for (file, find, put, words) in cases {
        let folder = minimal();
        edit(folder.path(), file, find, put);
        let told = new_warnings(folder.path(), &[]);
        let right = told
            .iter()
            .filter(|told| words.iter().all(|word| told.contains(word)));
        assert_eq!(
            right.count(),
            1,
            "{file}: {find} -> {put}: {words:?}\n{told:#?}"
        );
    }
}

#[test]
fn names_that_are_nearly_others_are_told() {
    each_is_told(&[
        (
            "regions.csv",
            "600,river,",
            "600,River,",
            &[
                "`river`",
                "only in how it is written: 1 places",
                "column `province`",
            ],
        ),
        (
            "regions.csv",
            "coast,east,delta,radiation",
            "coast,East,delta,radiation",
            &["column `area` = East", "did you mean `east`?"],
        ),
        (
            "regions.csv",
            "coast,east,delta,radiation",
            "coast,east\u{200b},delta,radiation",
            &["differs from `east`", "east<U+200B>"],
        ),
        (
            "regions.csv",
            "coast,east,delta,radiation",
            "coast,east\u{200b},delta,radiation",
            &["an invisible character (U+200B), in 1 rows"],
        ),
        (
            "regions.csv",
            "coast,east,delta,radiation",
            "coast,ｅａｓｔ,delta,radiation",
            &["differs from `east`", "column `area`"],
        ),
        (
            "regions.csv",
            "coast,east,delta,radiation",
            "coast,eats,delta,radiation",
            &["is not in `places.areas`", "did you mean `east`?"],
        ),
        (
            "regions.csv",
            "coast,east,delta,radiation",
            "coast,east,delta;gulf,radiation",
            &["delta;gulf", "joined by `;`", "in 1 rows", "joined by `|`"],
        ),
        (
            "regions.csv",
            "coast,east,delta,radiation",
            "coast,east,delta、gulf,radiation",
            &["joined by `、`"],
        ),
        (
            "regions.csv",
            "coast,east,delta,radiation",
            "coast,east,\"delta,gulf\",radiation",
            &["joined by `,`"],
        ),
        (
            "regions.csv",
            "coast,east,delta,radiation",
            "coast,east|west,delta,radiation",
            &["column `area`", "joined by `|`", "a place has one area"],
        ),
        (
            "zones.csv",
            "saltbay,coast_ftz",
            "saltbay,Coast_FTZ",
            &["column `group`", "differs from `coast_ftz`"],
        ),
        (
            "regions.csv",
            "reedfield,region",
            "Passtown,region",
            &["column `id`", "only in how it is written"],
        ),
    ]);
}

/// A name that two of the shipped tables use once each is told once, with both counts.
#[test]
fn the_figures_of_names_are_counts() {
    let folder = minimal();
    edit(folder.path(), "zones.csv", "coast,east", "coast,East");
    edit(
        folder.path(),
        "scenario.toml",
        "id = \"east\", ",
        "id = \"EAST\", ",
    );
    let told = new_warnings(folder.path(), &[]).join("\n");
    assert!(told.contains("2 places have it, 0 have `EAST`"), "{told}");
}

#[test]
fn words_for_nothing_known_are_no_names() {
    for word in ["NA", "N/A", "NULL", "null", "NaN", "None", "#N/A"] {
        let put = format!("coast,{word},{word},radiation");
        let folder = minimal();
        edit(
            folder.path(),
            "regions.csv",
            "coast,east,delta,radiation",
            &put,
        );
        let told = new_warnings(folder.path(), &[]);
        for column in ["area", "agglomerations"] {
            let is = |told: &&String| {
                told.contains(&format!(
                    "column `{column}` = \"{word}\": is taken as a name, in 1 rows"
                ))
            };
            assert_eq!(told.iter().filter(is).count(), 1, "{word}: {told:#?}");
        }
    }
    each_is_told(&[
        (
            "zones.csv",
            "saltbay,coast_ftz",
            "saltbay,NA",
            &["column `group`", "in 1 rows", "na = \"\""],
        ),
        (
            "regions.csv",
            ",江口市,",
            ",NA,",
            &["column `name_zh`", "in 1 rows"],
        ),
        (
            "alliances.csv",
            ",江口联盟,",
            ",NULL,",
            &["alliances.csv:2", "column `name_zh`"],
        ),
        (
            "corridors.csv",
            ",Great River,",
            ",None,",
            &["corridors.csv:2", "column `name_en`"],
        ),
    ]);
}

#[test]
fn ids_that_readers_garble_and_texts_that_spreadsheets_run_are_told() {
    for id in ["001", "310000", "1e5", "NA", "TRUE"] {
        let folder = minimal();
        edit(
            folder.path(),
            "regions.csv",
            "reedfield,region",
            &format!("{id},region"),
        );
        let told = new_warnings(folder.path(), &[]).join("\n");
        assert!(
            told.contains(&format!(
                "read 1 ids as numbers, switches or missing values ({id})"
            )),
            "{told}"
        );
    }
    for name in ["=1+1", "+cmd", "@SUM(A1)", "=HYPERLINK(A1)"] {
        let folder = minimal();
        edit(
            folder.path(),
            "regions.csv",
            ",Reedfield,",
            &format!(",{name},"),
        );
        let told = new_warnings(folder.path(), &[]).join("\n");
        assert!(
            told.contains("column `name_en`") && told.contains("begins like a formula"),
            "{told}"
        );
        let folder = minimal();
        edit(
            folder.path(),
            "regions.csv",
            "reedfield,region",
            &format!("{name},region"),
        );
        let told = new_warnings(folder.path(), &[]).join("\n");
        assert!(
            told.contains("column `id`") && told.contains("begins like a formula"),
            "{told}"
        );
    }
}

#[test]
fn places_in_the_wrong_place_are_told() {
    each_is_told(&[
        // The zone of Millford at its antipodes; exchanged; a sign; a decimal point; nowhere.
        (
            "zones.csv",
            "119.05,31.25",
            "-60.95,-31.25",
            &["river_port lies 20", "km from its host"],
        ),
        (
            "regions.csv",
            "118.40,30.40",
            "0,0",
            &["1 places lie at longitude 0 and latitude 0", "reedfield"],
        ),
        (
            "regions.csv",
            "118.40,30.40",
            "-118.40,30.40",
            &["reedfield lies", "longitude 118.4, latitude 30.4"],
        ),
        (
            "regions.csv",
            "118.40,30.40",
            "118.40,-30.40",
            &["reedfield lies", "longitude 118.4, latitude 30.4"],
        ),
        (
            "regions.csv",
            "118.40,30.40",
            "11.840,30.40",
            &["reedfield lies", "longitude 118.4, latitude 30.4"],
        ),
    ]);
    // A latitude that can only be a longitude.
    let folder = minimal();
    edit(folder.path(), "regions.csv", "118.40,30.40", "30.40,118.40");
    let told = load(folder.path(), &[], &[]).unwrap_err().to_string();
    assert!(told.contains("lon and lat seem to be transposed"), "{told}");
    assert!(told.contains("1 error"), "{told}");
    // Where both can be either.
    let folder = minimal();
    for file in ["regions.csv", "zones.csv"] {
        let path = folder.path().join(file);
        let mut text = fs::read_to_string(&path).unwrap();
        for lon in ["121", "119", "118", "116"] {
            text = text.replace(
                &format!(",{lon}."),
                &format!(",{}.", lon.parse::<u32>().unwrap() - 100),
            );
        }
        fs::write(path, text).unwrap();
    }
    edit(folder.path(), "regions.csv", "18.40,30.40", "30.40,18.40");
    let told = new_warnings(folder.path(), &[]).join("\n");
    assert!(told.contains("longitude 18.4, latitude 30.4"), "{told}");
}

#[test]
fn distances_in_the_place_of_weights_are_told() {
    let text = |weight: &dyn Fn(f64) -> f64| {
        // Great-circle distances of the five regions of the minimal scenario, km.
        let rows = [
            ("seamouth", "saltbay", 96.9),
            ("seamouth", "millford", 191.9),
            ("saltbay", "reedfield", 289.0),
            ("millford", "reedfield", 105.9),
            ("reedfield", "passtown", 188.5),
            ("passtown", "millford", 210.3),
            ("saltbay", "millford", 254.4),
            ("passtown", "seamouth", 402.0),
        ];
        let row = |(a, b, km): &(&str, &str, f64)| format!("{a} {b} {:.3}\n", weight(*km));
        let rows: String = rows.iter().map(row).collect();
        format!("0 5 places id\n{rows}")
    };
    let told = |text: &str| {
        let folder = minimal();
        fs::write(folder.path().join("near.gwt"), text).unwrap();
        edit(
            folder.path(),
            "scenario.toml",
            "links = [{ rule = \"gravity\", k = 3, alpha = 1.0, gamma = 0.9 }]",
            "links = [{ rule = \"table\", file = \"near.gwt\" }]",
        );
        new_warnings(folder.path(), &[]).join("\n")
    };
    let words = "the weights increase with the distance between places";
    for km in [1.0, 1000.0, 0.621] {
        let told = told(&text(&|far| far * km));
        assert!(
            told.contains(words) && told.contains("correlation 1.00"),
            "{told}"
        );
    }
    for right in [told(&text(&|far| 100.0 / far)), told(&text(&|_| 1.0))] {
        assert!(!right.contains(words), "{right}");
    }
}

#[test]
fn alliances_that_count_twice_begin_early_or_outweigh_are_told() {
    let both = |from: &str, to: &str| {
        let folder = minimal();
        let path = folder.path().join("alliances.csv");
        let mut text = fs::read_to_string(&path).unwrap();
        text += &format!("second,Second,,{from},{to},0.3,0.5,1,1,\n");
        fs::write(path, text).unwrap();
        let path = folder.path().join("alliance_members.csv");
        let mut text = fs::read_to_string(&path).unwrap();
        text += "second,group,coast_ftz,\nsecond,group,river_ftz,\n";
        fs::write(path, text).unwrap();
        edit(
            folder.path(),
            "scenario.toml",
            "[\"river_mouth\"]",
            "[\"river_mouth\", \"second\"]",
        );
        edit(
            folder.path(),
            "alliances.csv",
            "2018-01,,",
            "2018-01,2020-12,",
        );
        new_warnings(folder.path(), &[]).join("\n")
    };
    let told = both("2019-01", "");
    assert!(
        told.contains("alliances second and river_mouth both join 2 members (coast_ftz, river_ftz) from 2019-01 to 2020-12"),
        "{told}"
    );
    assert_eq!(both("2021-01", ""), "");
    // The predecessor has ended; this one begins before the river has a zone.
    let told = both("2015-01", "2017-12");
    assert!(
        told.contains("second begins in 2015-01, but only from 2017-04 on, 27 months later, can two of its members have delegates"),
        "{told}"
    );
    let folder = minimal();
    let told = new_warnings(folder.path(), &["alliances.strength_factor=5"]).join("\n");
    // Two members speak (the third is a province whose linkage region does): 5 × 0.3 × 2^0.5, times c.
    assert!(
        told.contains("alliances more than double the influence that 3 members receive"),
        "{told}"
    );
    assert!(told.contains("they add 2.42 to that on"), "{told}");
}

#[test]
fn weights_that_do_not_count_are_told() {
    let zones = |n: usize, weight: &str, region: &str| {
        let folder = TempDir::new().unwrap();
        let scenario = "format = 1\nname = \"w\"\nstart = \"2020-01\"\nend = \"2021-12\"\n\
            [places]\nfiles = [\"places.csv\"]\n[[domains]]\nid = \"d\"\naffinity = { l = 1.0 }\n\
            [[layers]]\nid = \"l\"\nlinks = [{ rule = \"gravity\" }]\n[line]\nstructures = false\n";
        fs::write(folder.path().join("scenario.toml"), scenario).unwrap();
        let mut text = "id,kind,lon,lat,weight,carries_weight,open,tasks\n".to_owned();
        for z in 0..n {
            text += &format!(
                "z{z},zone,{},50,{weight},2020-01,3\n",
                10.0 + z as f64 / 10.0
            );
        }
        fs::write(folder.path().join("places.csv"), text + region).unwrap();
        new_warnings(folder.path(), &[]).join("\n")
    };
    let told = zones(48, "7,", "r,region,11,50,5,,,\n");
    assert!(
        told.contains("only 1 of 49 zones and regions count in national measures (r)")
            && told.contains("48 zones have a weight that does not count"),
        "{told}"
    );
    let told = zones(48, "0.001,1", "r,region,11,50,5,,,\n");
    assert!(
        told.contains("r has 99.0 % of the weight of all 49"),
        "{told}"
    );
    assert_eq!(zones(48, "7,1", "r,region,11,50,5,,,\n"), "");
    assert_eq!(zones(48, "7,", ""), "");
}

#[test]
fn circles_that_can_never_form_are_told() {
    let folder = minimal();
    // A province of its own, beyond the radius: nothing in the catchment but the zone.
    edit(
        folder.path(),
        "zones.csv",
        "coast,east,delta,saltbay",
        "coats,east,delta,saltbay",
    );
    let told = new_warnings(folder.path(), &["circle.radius_km=1"]).join("\n");
    assert!(
        told.contains("1 of 3 zones can never form a circle: coast_park ("),
        "{told}"
    );
    // More of the catchment than lines can reach.
    let told = new_warnings(
        minimal().path(),
        &["circle.circle_threshold=1", "circle.radius_km=1500"],
    )
    .join("\n");
    assert!(!told.contains("can never form"), "{told}");
}
