//! `pointplane package`, as its user meets it: the package makes the same bytes in another folder and environment.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::fixture::{PROGRAM, call, copy, minimal, shipped, temp};

/// Makes a package of results, moves it out of the way of its inputs, and runs its script with nothing but a path.
#[track_caller]
fn replicated(dir: &Path, results: &str, words: &[&str]) -> String {
    call(
        dir,
        &[&["package", results, "--out", "package"], words].concat(),
    )
    .exits(0);
    let elsewhere = temp();
    let there = elsewhere.path().join("a b");
    fs::rename(dir.join("package"), &there).unwrap();
    fs::create_dir(elsewhere.path().join("inputs")).unwrap();
    let made = Command::new("bash")
        .arg(there.join("main.sh"))
        .current_dir("/")
        .env_clear()
        .env("CDPATH", elsewhere.path())
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("POINTPLANE", PROGRAM)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    let err = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{results}: {said}\n{err}");
    let sums = fs::read_to_string(there.join("checksums.sha256")).unwrap();
    assert!(sums.lines().count() >= 4, "{sums}");
    for line in sums.lines() {
        let (_, file) = line.split_once("  ").unwrap();
        let name = Path::new(results).file_name().unwrap();
        let of = |folder: &str| fs::read(there.join(folder).join(name).join(file)).unwrap();
        assert_eq!(of("results"), of("replicated"), "{results}: {file}");
        // No times, and nothing of one session.
        assert!(!file.contains("run_times") && !file.ends_with(".json"));
    }
    // Nothing in its texts leads out of it.
    for file in ["README.md", "main.sh"] {
        let text = fs::read_to_string(there.join(file)).unwrap();
        assert!(!text.contains(dir.to_str().unwrap()), "{file}: {text}");
    }
    fs::read_to_string(there.join("README.md")).unwrap()
}

#[test]
fn a_run_and_a_comparison_are_made_again_elsewhere() {
    let dir = temp();
    let dir = dir.path();
    copy(Path::new(&minimal()), &dir.join("minimal"));
    let absolute = dir.join("minimal/layouts/none.toml").display().to_string();
    let words = ["--replicates", "2", "--layout", &absolute, "--out", "out"];
    call(dir, &[&["run", "minimal"][..], &words].concat()).exits(0);
    let readme = replicated(dir, "out", &[]);
    for words in [
        "## Data availability and provenance statements",
        "### Controlled randomness",
        "The random seed is 1.",
        "`inputs/minimal/regions.csv`",
        "pointplane run minimal --layout minimal/layouts/none.toml --replicates 2",
        "`figures/growth-174mm-en.svg`",
        "@software{",
    ] {
        assert!(readme.contains(words), "{words}: {readme}");
    }
    let base = ["--baseline", "base", "none", "minimal/layouts/none.toml"];
    let more = ["--replicates", "4", "--format", "csv", "--out", "compared"];
    call(
        dir,
        &[&["compare", "minimal"][..], &base[..2], &base[3..], &more].concat(),
    )
    .exits(0);
    let readme = replicated(dir, "compared", &["--lang", "zh"]);
    assert!(readme.contains("## 数据可得性与来源说明"), "{readme}");
}

/// Plans, lists of draws and layouts are found through the files that name them.
#[test]
fn sweeps_and_comparisons_over_draws_are_made_again_elsewhere() {
    let dir = temp();
    let dir = dir.path();
    copy(Path::new(&minimal()), &dir.join("minimal"));
    fs::create_dir(dir.join("plans")).unwrap();
    let plan = "name = \"p\"\nscenario = \"../minimal\"\nlayouts = [\"base\", \"none\"]\n\
                [design]\nkind = \"list\"\nfile = \"points.csv\"\n";
    fs::write(dir.join("plans/plan.toml"), plan).unwrap();
    let points = "line.beta,line.express\n0.03,0.01\n0.04,0.02\n";
    fs::write(dir.join("plans/points.csv"), points).unwrap();
    call(dir, &["sweep", "run", "plans/plan.toml", "--out", "swept"]).exits(0);
    replicated(dir, "swept", &[]);
    let draws: String = (0..60).map(|n| format!("0.{:03}\n", 20 + n)).collect();
    fs::write(dir.join("draws.csv"), format!("line_beta\n{draws}")).unwrap();
    let words = ["--baseline", "base", "none", "--posterior", "draws.csv"];
    call(
        dir,
        &[&["compare", "minimal"][..], &words, &["--out", "over"]].concat(),
    )
    .exits(0);
    let readme = replicated(dir, "over", &[]);
    assert!(readme.contains("`inputs/draws.csv`"), "{readme}");
    fs::write(dir.join("plans/plan.toml"), plan.replace("none", "base")).unwrap();
    call(dir, &["package", "swept", "--out", "package"])
        .exits(2)
        .says(&["plan.toml", "not found as it was", "1 error"]);
    call(dir, &["explain", "minimal", "base", "none", "--out", "why"]).exits(0);
    replicated(dir, "why", &[]);
}

#[test]
fn what_commands_without_jobs_gave_is_made_again_elsewhere() {
    let dir = temp();
    let dir = dir.path();
    copy(Path::new(&minimal()), &dir.join("minimal"));
    let lotteries = shipped("scenarios/us-lotteries");
    call(dir, &["estimate", &lotteries, "--out", "estimated"]).exits(0);
    let readme = replicated(dir, "estimated", &[]);
    // Where its data are from stands beside them.
    assert!(readme.contains("README.md)"), "{readme}");
    call(
        dir,
        &[
            "calibrate",
            "minimal/calibrate.toml",
            "--quick",
            "--out",
            "calibrated",
        ],
    )
    .exits(0);
    replicated(dir, "calibrated", &[]);
    call(dir, &["search", "minimal/search.toml", "--out", "searched"]).exits(0);
    replicated(dir, "searched", &[]);
}

#[test]
fn what_cannot_be_packed_is_told() {
    let dir = temp();
    let dir = dir.path();
    copy(Path::new(&minimal()), &dir.join("minimal"));
    call(
        dir,
        &["run", "minimal", "--replicates", "2", "--out", "out"],
    )
    .exits(0);
    for name in ["regions.csv", "zones.csv"] {
        let path = dir.join("minimal").join(name);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text + "\n").unwrap();
    }
    call(dir, &["package", "out"]).exits(2).says(&[
        "regions.csv",
        "zones.csv",
        "not found as it was",
        "2 errors",
    ]);
    assert!(!dir.join("out-replication").exists());
    fs::rename(dir.join("minimal"), dir.join("moved")).unwrap();
    call(dir, &["package", "out"])
        .exits(2)
        .says(&["minimal, from which these results were made"]);
    fs::rename(dir.join("moved"), dir.join("minimal")).unwrap();
    fs::create_dir(dir.join("taken")).unwrap();
    fs::write(dir.join("taken/mine"), "mine").unwrap();
    call(
        dir,
        &["run", "minimal", "--replicates", "2", "--out", "again"],
    )
    .exits(0);
    call(dir, &["package", "again", "--out", "taken"])
        .exits(2)
        .says(&["taken holds something already", "--out"]);
    // Advice, when followed, passes.
    call(dir, &["package", "again", "--out", "free"]).exits(0);
    let half = ["--replicates", "4", "--shard", "0/2", "--out", "half"];
    call(dir, &[&["run", "minimal"][..], &half].concat());
    call(dir, &["package", "half"])
        .exits(2)
        .says(&["not complete"]);
    call(dir, &["package", "nothing"]).exits(2);
    // A folder has a name when it is `.`, and results are not the place of their package.
    let root = ["--out", "../whole"];
    call(&dir.join("again"), &[&["package", "."][..], &root].concat()).exits(0);
    assert!(dir.join("whole/results/again/manifest.json").is_file());
    call(dir, &["package", "again", "--out", "again/inside"])
        .exits(2)
        .says(&["again/inside is the folder of the results, in it"]);
    assert!(!dir.join("again/inside").exists());
}

/// A table that was changed is told, one that is not there is made by the script, and the script tells another answer.
#[test]
fn tables_are_those_of_the_results() {
    let dir = temp();
    let dir = dir.path();
    copy(Path::new(&minimal()), &dir.join("minimal"));
    let words = ["--replicates", "2", "--format", "csv", "--out", "out"];
    call(dir, &[&["run", "minimal"][..], &words].concat()).exits(0);
    fs::remove_file(dir.join("out/outcomes.csv")).unwrap();
    let main = |package: &str| {
        let mut made = Command::new("bash");
        made.arg(dir.join(package).join("main.sh"));
        made.env("POINTPLANE", PROGRAM).output().unwrap()
    };
    call(dir, &["package", "out", "--out", "without"]).exits(0);
    let readme = fs::read_to_string(dir.join("without/README.md")).unwrap();
    assert!(readme.contains("`replicated/out/outcomes.csv`"), "{readme}");
    assert!(main("without").status.success());
    let inputs = dir.join("without/inputs/minimal/scenario.toml");
    let text = fs::read_to_string(&inputs).unwrap();
    fs::write(&inputs, text.replace("\nseed = 1 ", "\nseed = 2 ")).unwrap();
    let told = main("without");
    assert!(!told.status.success());
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("national.csv: FAILED"), "{told}");
    let path = dir.join("out/national.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace('1', "2")).unwrap();
    call(dir, &["package", "out", "--out", "changed"])
        .exits(2)
        .says(&["national.csv"]);
}
