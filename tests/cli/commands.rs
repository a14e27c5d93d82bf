//! The smaller commands: `diff`, `schema`, `new`, `synthetic`, `completions`.

use std::fs;

use super::fixture::{call, edit, files, minimal, run_into, shell, shipped, temp};

#[test]
fn diff_of_two_layouts_is_their_alliances_and_zones_and_nothing_else() {
    let dir = temp();
    let china = shipped("scenarios/china");
    let words = ["diff", "none", "northeast", "--scenario", &china];
    let ran = call(dir.path(), &words).exits(0);
    assert_eq!(ran.err, "");
    let (head, rest) = ran.out.split_once('\n').unwrap();
    assert!(
        head.contains("none") && head.contains("northeast"),
        "{head}"
    );
    let sections: Vec<&str> = rest
        .lines()
        .filter(|line| line.contains(" added, "))
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(sections, ["places", "alliances"], "{rest}");
    let marked = |mark: &str| -> Vec<&str> {
        let lines = rest.lines().filter_map(|line| line.strip_prefix(mark));
        lines.map(|line| line.split(':').next().unwrap()).collect()
    };
    // All that the northeast layout has by what it and the one it extends say.
    let layout = |name: &str| {
        let text = fs::read_to_string(format!("{china}/layouts/{name}.toml")).unwrap();
        text.parse::<toml::Table>().unwrap()
    };
    let mut alliances: Vec<String> = fs::read_to_string(format!("{china}/alliances.csv"))
        .unwrap()
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap().to_owned())
        .collect();
    alliances.sort();
    let added = marked("  + ");
    assert!(
        added.contains(&"northeast") && added.len() >= 2,
        "{added:?}"
    );
    assert!(
        added.iter().all(|id| alliances.iter().any(|a| a == id)),
        "{added:?}"
    );
    let open = layout("northeast")["open"].as_table().unwrap().clone();
    let zones: Vec<&str> = open.keys().map(String::as_str).collect();
    assert_eq!(marked("  ~ "), zones);
    assert!(marked("  - ").is_empty());
    assert!(rest.contains("Everything else is equal: "), "{rest}");

    let json = call(dir.path(), &[&words[..], &["--json"]].concat())
        .exits(0)
        .json();
    // The only key is the layout itself.
    let keys = json["keys"].as_array().unwrap();
    let expected = serde_json::json!([{"key": "layout", "a": "none", "b": "northeast"}]);
    assert_eq!(*keys, *expected.as_array().unwrap());
    let changed: Vec<(&str, u64)> = json["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| {
            let n = |key: &str| t[key].as_u64().unwrap();
            (
                t["table"].as_str().unwrap(),
                n("added") + n("removed") + n("changed"),
            )
        })
        .filter(|(_, n)| *n > 0)
        .collect();
    let expected = [
        ("places", zones.len() as u64),
        ("alliances", added.len() as u64),
    ];
    assert_eq!(changed, expected);
}

#[test]
fn diff_of_a_thing_with_itself_is_nothing() {
    let dir = temp();
    let minimal = minimal();
    let ran = call(dir.path(), &["diff", &minimal, &minimal]).exits(0);
    assert!(ran.out.contains("Nothing differs: "), "{}", ran.out);
    assert!(!ran.out.contains(" added, "), "{}", ran.out);
    let json = call(dir.path(), &["diff", &minimal, &minimal, "--json"])
        .exits(0)
        .json();
    assert!(json["equal_keys"].as_u64().unwrap() > 20);
    for table in json["tables"].as_array().unwrap() {
        let of = |key: &str| table[key].as_u64().unwrap();
        assert_eq!(of("added") + of("removed") + of("changed"), 0, "{table}");
    }
    let ran = call(dir.path(), &["diff", "-", "none", "--scenario", &minimal]).exits(0);
    assert!(ran.out.contains("  - river_mouth"), "{}", ran.out);
    call(
        dir.path(),
        &["diff", "nona", "none", "--scenario", &minimal],
    )
    .exits(2)
    .says(&["did you mean `none`?"]);
}

#[test]
fn the_schema_describes_every_parameter() {
    let dir = temp();
    for (words, key) in [
        (&["schema"][..], "properties"),
        (&["schema", "--layout"], "properties"),
    ] {
        let json = call(dir.path(), words).exits(0).json();
        assert!(
            json["$schema"]
                .as_str()
                .unwrap()
                .starts_with("https://json-schema.org/")
        );
        let properties = json[key].as_object().unwrap();
        for (name, property) in properties {
            let described = property["description"]
                .as_str()
                .is_some_and(|d| !d.is_empty());
            assert!(described, "{words:?}: {name} says nothing");
        }
    }
    let text = call(dir.path(), &["schema"]).out;
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let line = json["properties"]["line"].clone();
    let line = match line["$ref"].as_str() {
        Some(path) => json.pointer(path.trim_start_matches('#')).unwrap().clone(),
        None => line,
    };
    let beta = &line["properties"]["beta"];
    assert!(
        beta["default"].is_number() && beta["minimum"].is_number(),
        "{beta}"
    );
    assert!(
        beta["maximum"].is_number() && beta["description"].is_string(),
        "{beta}"
    );
    let table = call(dir.path(), &["schema", "--parameters"]).exits(0).out;
    assert!(
        table.lines().count() > 40 && table.contains("`line.beta`"),
        "{table}"
    );
}

#[test]
fn new_makes_a_scenario_that_is_fine_and_runs() {
    let dir = temp();
    call(dir.path(), &["new", "my-country"])
        .exits(0)
        .says(&["pointplane check my-country", "pointplane run my-country"]);
    call(dir.path(), &["check", "my-country"])
        .exits(0)
        .says(&["my-country: fine."]);
    call(dir.path(), &["run", "my-country", "--replicates", "2"])
        .exits(0)
        .says(&["my-country: 2015-01 to 2024-12, 2 replicates"]);
    // Each layout that came with it can be used, and each file that its comments name is there.
    let before = files(&dir.path().join("my-country"));
    let text = String::from_utf8(before["scenario.toml"].clone()).unwrap();
    assert!(!text.contains("scenarios/minimal"), "{text}");
    for name in before.keys().filter(|name| name.starts_with("layouts/")) {
        let layout = name
            .trim_start_matches("layouts/")
            .trim_end_matches(".toml");
        let words = ["run", "my-country", "--replicates", "2", "--layout", layout];
        call(dir.path(), &words).exits(0);
        assert!(
            dir.path()
                .join(format!("results/my-country-{layout}"))
                .exists()
        );
    }
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        files(minimal().as_ref()).keys().collect::<Vec<_>>()
    );

    edit(
        &dir.path().join("my-country/scenario.toml"),
        "seed = 1",
        "seed = 2",
    );
    let before = files(&dir.path().join("my-country"));
    call(dir.path(), &["new", "my-country"])
        .exits(2)
        .says(&["my-country already exists"]);
    assert!(before == files(&dir.path().join("my-country")));
    for name in ["", "a b", "省", "-x", "..", "/", "a/.."] {
        call(dir.path(), &["new", "--", name]).exits(2);
    }
    fs::write(dir.path().join("file"), "").unwrap();
    call(dir.path(), &["new", "file/x"])
        .exits(1)
        .says(&["file/x"]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
}

#[test]
fn a_synthetic_world_runs_and_is_the_same_each_time() {
    let dir = temp();
    for name in ["one", "two"] {
        let words = ["synthetic", name, "--places", "300", "--degree", "4"];
        call(dir.path(), &words).exits(0).says(&["created"]);
    }
    let links = |name: &str| fs::read(dir.path().join(name).join("links.csv")).unwrap();
    assert!(links("one") == links("two"));
    call(
        dir.path(),
        &["run", "one", "--tables", "national", "--quiet"],
    )
    .exits(0);
    call(dir.path(), &["synthetic", "one"])
        .exits(2)
        .says(&["one already exists"]);
    call(
        dir.path(),
        &["synthetic", "three", "--places", "3", "--degree", "3"],
    )
    .exits(2);
    assert!(!dir.path().join("three").exists());
}

#[test]
fn completions_are_made_for_each_shell() {
    let dir = temp();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = call(dir.path(), &["completions", shell]).exits(0);
        assert!(
            ran.out.contains("pointplane") && ran.out.contains("replicates"),
            "{shell}"
        );
        assert_eq!(ran.err, "");
    }
    // The script is one that its shell takes.
    let script = "\"$POINTPLANE\" completions bash > c && source ./c && complete -p pointplane";
    let ran = shell(dir.path(), script).exits(0);
    assert!(ran.out.contains("pointplane"), "{}", ran.out);
    call(dir.path(), &["completions", "dos"])
        .exits(2)
        .says(&["bash", "zsh", "fish"]);
}

#[test]
fn a_layout_changes_the_name_of_the_results() {
    let dir = temp();
    let one = run_into(
        dir.path(),
        "one",
        &["--replicates", "2", "--layout", "none"],
    );
    let told = super::fixture::manifest(&one);
    assert_eq!(told.layout, "none");
    assert!(
        told.inputs
            .iter()
            .any(|input| input.path == "layouts/none.toml")
    );
}
