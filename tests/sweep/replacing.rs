//! A sweep in the place of another one: what was made of the old one goes with it.

use std::fs;
use std::path::Path;

use pointplane::store::figure;
use pointplane::texts::Lang;

use super::fixture::{PLAN, files, room, same, say, shell, whole, with};

/// What `sweep summary`, `report` and `figures` have made.
fn derived(out: &Path) -> Vec<String> {
    let all = files(out).into_keys();
    let of = |name: &String| {
        let below = name.starts_with("summary/") || name.starts_with("figures/");
        below || name.ends_with(".html")
    };
    all.filter(of).collect()
}

#[test]
fn what_was_made_of_the_old_sweep_goes_with_it() {
    let small = with(PLAN, "replicates = 10", "replicates = 2");
    let dir = room(&with(&small, "points = 20", "points = 8"));
    let out = dir.path().join("out");
    let make = || {
        for command in ["sweep summary out --quiet", "report out --quiet"] {
            say(dir.path(), command).exits(0);
        }
        fs::create_dir_all(out.join("figures")).unwrap();
        let name = figure("tornado", None, 84.0, Lang::En, "pdf");
        fs::write(out.join("figures").join(name), "drawn").unwrap();
        fs::write(out.join("figures/mine.pdf"), "mine").unwrap();
        fs::write(out.join("summary/mine.csv"), "mine").unwrap();
        assert!(derived(&out).len() > 5, "{:?}", derived(&out));
    };
    let own = ["figures/mine.pdf", "summary/mine.csv"];
    say(dir.path(), "sweep run plan.toml --out out --quiet").exits(0);
    make();
    // The same again, merged again: it is still of these tables.
    let before = derived(&out);
    say(dir.path(), "sweep run plan.toml --out out --resume --quiet").exits(0);
    say(dir.path(), "sweep merge out").exits(0);
    assert_eq!(derived(&out), before);
    // Another sweep.
    let other = with(&small, "points = 20", "points = 9");
    fs::write(
        dir.path().join("plan.toml"),
        with(&other, "replicates = 2", "replicates = 2\nseed = 5"),
    )
    .unwrap();
    say(dir.path(), "sweep run plan.toml --out out --force --quiet").exits(0);
    assert_eq!(derived(&out), own);
    let ran = say(dir.path(), "report out --quiet").exits(0);
    assert!(!ran.err.contains("error"), "{}", ran.err);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    // It is worked out of the tables of this one.
    assert!(page.contains("9 draws") && !page.contains("8 draws"));
    // More replicates of it: the tables are others.
    make();
    let more = with(&other, "replicates = 2", "replicates = 3\nseed = 5");
    fs::write(dir.path().join("plan.toml"), more).unwrap();
    say(dir.path(), "sweep run plan.toml --out out --resume --quiet").exits(0);
    assert_eq!(derived(&out), own);
    own.iter()
        .for_each(|name| fs::remove_file(out.join(name)).unwrap());
    same(&whole(dir.path()), &out);
}

/// The tables of the other format go; both would tell of the sweep, and only one is kept up.
#[test]
fn tables_of_another_format_go() {
    let small = with(PLAN, "replicates = 10", "replicates = 2");
    let dir = room(&small);
    say(dir.path(), "sweep run plan.toml --out out --quiet").exits(0);
    let csv = with(&small, "replicates = 2", "replicates = 2\nformat = \"csv\"");
    fs::write(dir.path().join("plan.toml"), csv).unwrap();
    say(dir.path(), "sweep run plan.toml --out out --resume --quiet").exits(0);
    let out = dir.path().join("out");
    let there: Vec<String> = files(&out).into_keys().collect();
    assert!(
        !there.iter().any(|name| name.ends_with(".parquet")),
        "{there:?}"
    );
    same(&whole(dir.path()), &out);
    let names = |out: &Path| -> Vec<String> {
        let all = files(out).into_keys();
        all.filter(|name| !name.starts_with("logs/")).collect()
    };
    assert_eq!(names(&out), names(&dir.path().join("whole")));
}

/// A manifest that somebody changed: what the program advises passes.
#[test]
fn a_sweep_whose_manifest_is_damaged_is_made_again_by_force() {
    let small = with(PLAN, "replicates = 10", "replicates = 2");
    let dir = room(&small);
    let whole = whole(dir.path());
    for (number, harm) in [
        "sed -i 's/\"seed\": 1,/\"seed\": 2,/' out/manifest.json",
        "truncate -s 700 out/manifest.json",
    ]
    .iter()
    .enumerate()
    {
        fs::remove_dir_all(dir.path().join("out")).ok();
        say(dir.path(), "sweep run plan.toml --out out --quiet").exits(0);
        fs::write(dir.path().join("out/notes.txt"), "mine").unwrap();
        shell(dir.path(), harm).exits(0);
        for command in [
            "sweep run plan.toml --out out --resume",
            "status out",
            "sweep merge out",
        ] {
            say(dir.path(), command).exits(2).says(&[
                "out/manifest.json is damaged",
                "the command that made the results recomputes them with --force",
            ]);
        }
        say(dir.path(), "sweep run plan.toml --out out --force --quiet").exits(0);
        assert_eq!(
            fs::read(dir.path().join("out/notes.txt")).unwrap(),
            b"mine",
            "{number}"
        );
        same(&whole, &dir.path().join("out"));
    }
}
