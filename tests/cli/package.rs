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
    let name = Path::new(results).file_name().unwrap().to_str().unwrap();
    let made = sums(&there, "replicated.sha256");
    let packed = sums(&there, "checksums.sha256");
    assert!(made.len() >= 4, "{made:?}");
    // Figures too, with the same fonts.
    let figures = packed.iter().filter(|file| file.starts_with("figures/"));
    let figures: Vec<String> = figures.map(|f| format!("replicated/{name}/{f}")).collect();
    assert!(!err.contains("has other bytes"), "{err}");
    for file in made.iter().chain(&figures) {
        let file = file.strip_prefix(&format!("replicated/{name}/")).unwrap();
        let of = match file.starts_with("figures/") {
            true => file.to_owned(),
            false => format!("results/{name}/{file}"),
        };
        let again = there.join("replicated").join(name).join(file);
        assert_eq!(
            fs::read(there.join(&of)).unwrap(),
            fs::read(again).unwrap(),
            "{results}: {file}"
        );
        // What is in the package is held against its checksum, inputs too.
        assert!(packed.contains(&of), "{of}: {packed:?}");
        // No times, and nothing of one session.
        assert!(!file.contains("run_times") && !file.ends_with(".json"));
    }
    assert!(packed.iter().any(|file| file.starts_with("inputs/")));
    // Nothing in it leads to where it was made, but in what main.sh made.
    let mut open = vec![there.clone()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path)
                .unwrap()
                .map(|entry| entry.unwrap().path());
            open.extend(entries.filter(|path| !path.ends_with("replicated")));
        } else if let Ok(text) = fs::read_to_string(&path) {
            assert!(!text.contains(dir.to_str().unwrap()), "{}", path.display());
        }
    }
    call(there.join("results").as_path(), &["cite", name]).exits(0);
    fs::read_to_string(there.join("README.md")).unwrap()
}

/// The files in a list of checksums.
#[track_caller]
fn sums(package: &Path, list: &str) -> Vec<String> {
    let text = fs::read_to_string(package.join(list)).unwrap();
    let files = text.lines().map(|line| line.split_once("  ").unwrap().1);
    files.map(str::to_owned).collect()
}

/// Copies the minimal scenario into a folder, and runs two replicates of it into `out` there.
#[track_caller]
fn ran(dir: &Path, words: &[&str]) {
    copy(Path::new(&minimal()), &dir.join("minimal"));
    let run = ["run", "minimal", "--replicates", "2", "--out", "out"];
    call(dir, &[&run[..], words].concat()).exits(0);
}

/// Runs the script of a package: whether it succeeds, and what it says.
fn main(package: &Path, program: &str) -> (bool, String) {
    let mut made = Command::new("bash");
    made.arg(package.join("main.sh"));
    let made = made.env("POINTPLANE", program).output().unwrap();
    let said = [&made.stdout[..], &made.stderr[..]].concat();
    (
        made.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
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
    call(dir, &["sweep", "summary", "swept"]).exits(0);
    let readme = replicated(dir, "swept", &[]);
    let table = "| tornado |  | `results/swept/summary/tornado.csv` | `pointplane sweep summary` |";
    assert!(readme.contains(table), "{readme}");
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
    assert!(!readme.contains("--resume"), "{readme}");
    // A layout names files from the folder of the scenario.
    copy(Path::new(&lotteries), &dir.join("lotteries"));
    let layout = ["--layout", "estimated/estimated.toml", "--replicates", "2"];
    call(
        dir,
        &[&["run", "lotteries", "--out", "at"][..], &layout].concat(),
    )
    .exits(0);
    replicated(dir, "at", &[]);
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
    let readme = replicated(dir, "calibrated", &[]);
    assert!(readme.contains("main.sh --resume"), "{readme}");
    call(dir, &["search", "minimal/search.toml", "--out", "searched"]).exits(0);
    replicated(dir, "searched", &[]);
}

#[test]
fn what_cannot_be_packed_is_told() {
    let dir = temp();
    let dir = dir.path();
    ran(dir, &[]);
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

/// A table that was changed is told, one that is not there is made by the script, and the script tells a package that was changed,
/// another program and another answer.
#[test]
fn tables_are_those_of_the_results() {
    let dir = temp();
    let dir = dir.path();
    ran(dir, &["--format", "csv"]);
    fs::remove_file(dir.join("out/outcomes.csv")).unwrap();
    call(dir, &["package", "out", "--out", "without"]).exits(0);
    let package = dir.join("without");
    let readme = fs::read_to_string(package.join("README.md")).unwrap();
    assert!(readme.contains("`replicated/out/outcomes.csv`"), "{readme}");
    assert!(readme.contains("MiB |") || !cfg!(target_os = "linux"));
    let (same, said) = main(&package, PROGRAM);
    let all = "\nall tables have the same bytes\n";
    assert!(same && said.contains(all), "{said}");
    // It goes on where it was interrupted, and starts anew where that is not asked for.
    let mark = package.join("replicated/out/mark");
    fs::write(&mark, "").unwrap();
    let mut made = Command::new("sh");
    made.arg(package.join("main.sh")).arg("--resume");
    assert!(
        made.env("POINTPLANE", PROGRAM)
            .output()
            .unwrap()
            .status
            .success()
    );
    assert!(mark.exists());
    assert!(main(&package, PROGRAM).0 && !mark.exists());
    let (same, said) = main(&package, "/nowhere/pointplane");
    assert!(!same && said.contains("/nowhere/pointplane: "), "{said}");
    // Another program: its version is told, and a table of it that differs.
    let other = dir.join("other");
    let script = format!(
        "#!/bin/sh\ncase $1 in\n--version) echo pointplane 0.0.1 ;;\n\
         run) shift 2; exec {PROGRAM} run minimal --set line.beta=0.01 \"$@\" ;;\n\
         *) exec {PROGRAM} \"$@\" ;;\nesac\n"
    );
    fs::write(&other, script).unwrap();
    Command::new("chmod")
        .arg("+x")
        .arg(&other)
        .status()
        .unwrap();
    let (same, said) = main(&package, other.to_str().unwrap());
    assert!(!same, "{said}");
    for words in [
        "not the program that made the results",
        "national.csv: FAILED",
        "were not replicated",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // Files of the package that were changed, inputs and results.
    for file in ["inputs/minimal/scenario.toml", "results/out/national.csv"] {
        let path = package.join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.clone() + "\n").unwrap();
        let (same, said) = main(&package, PROGRAM);
        assert!(!same && said.contains(&format!("{file}: FAILED")), "{said}");
        assert!(said.contains("is not as it was made"), "{said}");
        fs::write(&path, text).unwrap();
    }
    let path = dir.join("out/national.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace('1', "2")).unwrap();
    call(dir, &["package", "out", "--out", "changed"])
        .exits(2)
        .says(&["national.csv"]);
}

/// Tables of commands without jobs are known by checksums as well, and none that somebody put beside them is packed.
#[test]
fn tables_of_an_estimation_are_those_that_it_wrote() {
    let dir = temp();
    let dir = dir.path();
    let lotteries = shipped("scenarios/us-lotteries");
    call(dir, &["estimate", &lotteries, "--out", "out"]).exits(0);
    fs::write(dir.join("out/mine.csv"), "a\n1\n").unwrap();
    call(dir, &["package", "out", "--out", "package"]).exits(0);
    let package = dir.join("package");
    assert!(package.join("results/out/estimates.csv").is_file());
    assert!(!package.join("results/out/mine.csv").exists());
    let readme = fs::read_to_string(package.join("README.md")).unwrap();
    assert!(readme.contains("The random seed is"), "{readme}");
    let path = dir.join("out/estimates.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace('1', "2")).unwrap();
    call(dir, &["package", "out", "--out", "changed"])
        .exits(2)
        .says(&["estimates.csv"]);
    assert!(!dir.join("changed").exists());
}

/// What the inputs were derived from comes along where it is asked for; what a plan names and is not there is told.
#[test]
fn files_are_taken_along() {
    let dir = temp();
    let dir = dir.path();
    ran(dir, &[]);
    fs::create_dir_all(dir.join("raw/deep")).unwrap();
    fs::write(dir.join("raw/deep/derive.py"), "print()\n").unwrap();
    fs::write(dir.join("raw/.secret"), "no\n").unwrap();
    fs::write(dir.join("minimal/来源.md"), "统计年鉴\n").unwrap();
    fs::create_dir(dir.join("empty")).unwrap();
    let words = ["--also", "raw", "--also", "none", "--also", "empty"];
    call(
        dir,
        &[&["package", "out"][..], &words, &["--out", "raw"]].concat(),
    )
    .exits(2)
    .says(&[
        "none",
        "empty",
        "no file in it",
        "raw holds something already",
    ]);
    call(dir, &["package", "out", "--also", "raw"]).exits(0);
    let package = dir.join("out-replication");
    assert!(package.join("inputs/raw/deep/derive.py").is_file());
    assert!(package.join("inputs/minimal/来源.md").is_file());
    assert!(!package.join("inputs/raw/.secret").exists());
    let readme = fs::read_to_string(package.join("README.md")).unwrap();
    assert!(readme.contains("- `inputs/raw/deep/derive.py`"), "{readme}");
    assert!(
        readme.contains("| `inputs/raw/deep/derive.py` | 8 | `"),
        "{readme}"
    );
    let beyond = temp();
    fs::write(beyond.path().join("far.csv"), "a\n").unwrap();
    let far = beyond.path().join("far.csv").display().to_string();
    call(dir, &["package", "out", "--also", &far, "--out", "p"])
        .exits(2)
        .says(&["far.csv", "is not below"]);
    // Nothing of this machine.
    let manifest = fs::read_to_string(package.join("results/out/manifest.json")).unwrap();
    assert!(manifest.contains("\"host\": \"\""), "{manifest}");
    assert!(!manifest.contains(PROGRAM), "{manifest}");
    fs::write(dir.join("file"), "").unwrap();
    call(dir, &["package", "out", "--out", "file/in"])
        .exits(2)
        .says(&["file is a file", "--out"]);
    // A list of points that is gone.
    let plan =
        "name = \"p\"\nscenario = \"minimal\"\n[design]\nkind = \"list\"\nfile = \"points.csv\"\n";
    fs::write(dir.join("plan.toml"), plan).unwrap();
    fs::write(dir.join("points.csv"), "line.beta\n0.03\n0.04\n").unwrap();
    call(dir, &["sweep", "run", "plan.toml", "--out", "swept"]).exits(0);
    fs::remove_file(dir.join("points.csv")).unwrap();
    call(dir, &["package", "swept"])
        .exits(2)
        .says(&["points.csv", "not found as it was"]);
}

/// Wrong results do not write outside of the package, and all that is wrong is told at once.
#[test]
fn changed_results_are_refused() {
    let dir = temp();
    let dir = dir.path();
    ran(dir, &[]);
    // A copy of an input where the command was given does not stand for one that was changed.
    let regions = dir.join("minimal/regions.csv");
    fs::copy(&regions, dir.join("regions.csv")).unwrap();
    let text = fs::read_to_string(&regions).unwrap();
    fs::write(&regions, text.clone() + "\n").unwrap();
    call(dir, &["package", "out"]).exits(2).says(&[
        "regions.csv",
        "not found as it was",
        "1 error",
    ]);
    fs::write(&regions, text).unwrap();
    fs::write(dir.join("mine.txt"), "mine").unwrap();
    let path = dir.join("out/manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    let files = "\"files\": [";
    assert!(text.contains(files));
    let outside =
        "{\"file\": \"../mine.txt\", \"sha256\": \"SUM\"},".replace("SUM", "c6e3e1c7a2d6a7a9");
    fs::write(&path, text.replacen(files, &format!("{files}{outside}"), 1)).unwrap();
    call(dir, &["package", "out", "--also", "none"]).exits(2);
    assert_eq!(fs::read_to_string(dir.join("mine.txt")).unwrap(), "mine");
    // The same of a command without jobs.
    let lotteries = shipped("scenarios/us-lotteries");
    call(dir, &["estimate", &lotteries, "--out", "estimated"]).exits(0);
    let path = dir.join("estimated/about.json");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"file\": \"summary.md\""));
    fs::write(&path, text.replace("summary.md", "../mine.txt")).unwrap();
    call(dir, &["package", "estimated", "--also", "none"])
        .exits(2)
        .says(&["../mine.txt", "outside of their folder", "none", "2 errors"]);
}

/// Where a number is from may be an address, and a file may be called as a number is.
#[test]
fn words_that_are_no_files_are_none() {
    let dir = temp();
    let dir = dir.path();
    copy(Path::new(&minimal()), &dir.join("minimal"));
    let path = dir.join("minimal/scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let titled = "\ntitle = \"https://data.example.org/zones.csv\"\n";
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|l| !l.starts_with("title = "))
        .collect();
    lines.insert(0, titled.trim());
    fs::write(&path, lines.join("\n")).unwrap();
    fs::write(dir.join("minimal/license_microdata.csv"), "a\n1\n").unwrap();
    fs::write(dir.join("2"), "").unwrap();
    let words = ["--replicates", "2", "--out", "out"];
    call(dir, &[&["run", "minimal"][..], &words].concat()).exits(0);
    call(dir, &["package", "out", "--out", "package"]).exits(0);
    let inputs = dir.join("package/inputs");
    assert!(!inputs.join("2").exists());
    assert!(!inputs.join("minimal/license_microdata.csv").exists());
}
