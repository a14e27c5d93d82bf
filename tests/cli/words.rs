//! What the program says to wrong words: exit code 2, every problem, the nearest name.

use std::fs;

use super::fixture::{call, copy, edit, files, minimal, program, shell, shipped, temp};

/// Asserts that a call is refused with these words and writes nothing.
#[track_caller]
fn refused(words: &[&str], says: &[&str]) {
    let dir = temp();
    let ran = call(dir.path(), words).exits(2).says(says);
    assert_eq!(ran.out, "");
    assert!(files(dir.path()).is_empty());
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

#[test]
fn unknown_names_are_refused_with_the_nearest_one() {
    let minimal = minimal();
    refused(&["run", "nowhere"], &["error: nowhere", "no such file"]);
    refused(
        &["run", &minimal, "--layout", "open-candidat"],
        &[
            "open-candidat",
            "none, open-candidate",
            "did you mean `open-candidate`?",
        ],
    );
    refused(
        &["run", &minimal, "--tables", "nationl,places,xyz"],
        &[
            "--tables: nationl: there is no table of this name",
            "allowed: national, places,",
            "or all; did you mean `national`?",
            "xyz: there is no table of this name",
            "2 errors",
        ],
    );
    refused(
        &["run", &minimal, "--set", "line.betta=0.1"],
        &["--set", "line.betta", "did you mean `line.beta`?"],
    );
    refused(
        &["run", &minimal, "--set", "lin.beta=0.1"],
        &["--set", "`lin`", "did you mean `line`?"],
    );
    refused(
        &["runn", &minimal],
        &["unrecognized subcommand 'runn'", "'run'"],
    );
    refused(
        &["run", &minimal, "--replicate", "3"],
        &["--replicate", "'--replicates'"],
    );
}

#[test]
fn values_out_of_range_are_refused_with_the_range() {
    let minimal = minimal();
    refused(
        &["run", &minimal, "--set", "line.beta=-1"],
        &["--set", "`line.beta` = -1", "allowed: "],
    );
    refused(
        &[
            "run",
            &minimal,
            "--set",
            "line.beta=much",
            "--set",
            "plane.national_quality=7",
        ],
        &["`line.beta` = ", "`plane.national_quality` = 7", "2 errors"],
    );
    refused(
        &["run", &minimal, "--set", "line.beta"],
        &["--set", "line.beta", "=0.1"],
    );
    for (option, value) in [
        ("--replicates", "0"),
        ("--replicates", "-1"),
        ("--replicates", "1e3"),
        ("--threads", "0"),
        ("--every", "0"),
        ("--seed", "-1"),
        ("--format", "xlsx"),
        ("--out", ""),
    ] {
        refused(&["run", &minimal, option, value], &[option]);
    }
    refused(&["run", &minimal, "--format", "xlsx"], &["parquet", "csv"]);
    refused(
        &["run", &minimal, "--force", "--resume"],
        &["cannot be used with"],
    );
    refused(&["run"], &["<SCENARIO>", "Usage"]);
}

#[test]
fn check_tells_every_problem_of_every_file_with_its_line() {
    let dir = temp();
    for (name, file, from, to) in [
        ("one", "scenario.toml", "beta = 0.15", "betta = 0.15"),
        ("two", "zones.csv", "coast_park,zone", "coast_harbor,zone"),
    ] {
        copy(minimal().as_ref(), &dir.path().join(name));
        edit(&dir.path().join(name).join(file), from, to);
    }
    edit(
        &dir.path().join("one/scenario.toml"),
        "radius_km = 250",
        "radius_km = -250",
    );
    let line = |text: &str, words: &str| {
        let at = text.lines().position(|line| line.contains(words)).unwrap();
        (at + 1).to_string()
    };
    let toml = fs::read_to_string(dir.path().join("one/scenario.toml")).unwrap();
    let betta = format!(
        "error: one/scenario.toml:{}: `line.betta`",
        line(&toml, "betta")
    );
    let radius = format!(
        "error: one/scenario.toml:{}: `circle.radius_km` = -250",
        line(&toml, "radius_km")
    );
    let words = ["check", "one", "two", "gone", &minimal()];
    call(dir.path(), &words).exits(2).says(&[
        &betta,
        "did you mean `beta`?",
        &radius,
        "error: two/zones.csv:3",
        "coast_harbor",
        "error: gone",
        "scenarios/minimal: fine. 11 places",
    ]);

    let ran = call(dir.path(), &[&words[..], &["--json"]].concat()).exits(2);
    assert_eq!(ran.err, "");
    let json = ran.json();
    let problems = json["problems"].as_array().unwrap();
    assert_eq!(json["left_out"], 0);
    let at = |file: &str| problems.iter().filter(|p| p["file"] == file).count();
    assert_eq!(at("one/scenario.toml"), 2, "{json:#}");
    assert!(at("two/zones.csv") > 0, "{json:#}");
    let found = problems.iter().find(|p| p["key"] == "line.betta").unwrap();
    assert_eq!(found["line"].to_string(), line(&toml, "betta"));
    assert_eq!(
        (&found["severity"], &found["nearest"]),
        (&"error".into(), &"beta".into())
    );
}

#[test]
fn check_of_what_is_right_or_no_file_at_all() {
    let dir = temp();
    let layout = shipped("scenarios/minimal/layouts/none.toml");
    call(dir.path(), &["check", &minimal(), &layout])
        .exits(0)
        .says(&[
            "scenarios/minimal: fine. 11 places, ",
            "none.toml: fine. 11 places, ",
        ]);
    let ran = call(dir.path(), &["check", "--json", &minimal()]).exits(0);
    assert_eq!(ran.json()["problems"].as_array().unwrap().len(), 0);
    // A device without end must not be read to it.
    call(dir.path(), &["check", "/dev/zero"])
        .exits(2)
        .says(&["/dev/zero", "not a file"]);
    call(dir.path(), &["check", "--scenario", "gone", &layout])
        .exits(2)
        .says(&["gone", "no such file"]);
}

#[test]
fn wrong_input_is_json_when_json_is_asked_for() {
    let dir = temp();
    let ran = call(dir.path(), &["run", "nowhere", "--json"]).exits(2);
    assert_eq!(ran.json()["problems"][0]["file"], "nowhere");
    let ran = call(
        dir.path(),
        &["run", &minimal(), "--tables", "xyz", "--json"],
    )
    .exits(2);
    assert_eq!(ran.json()["problems"][0]["file"], "--tables");
    fs::write(dir.path().join("file"), "").unwrap();
    let ran = call(
        dir.path(),
        &["run", &minimal(), "--out", "file/x", "--json"],
    )
    .exits(1);
    assert_eq!(ran.json()["problems"][0]["file"], "--out");
    let ran = call(dir.path(), &["diff", "one", "two", "--json"]).exits(2);
    assert_eq!(ran.json()["problems"].as_array().unwrap().len(), 2);
}

#[test]
fn a_reader_that_has_gone_away_is_no_error() {
    let dir = temp();
    let script = "set -o pipefail; \"$POINTPLANE\" schema | head -1; echo ${PIPESTATUS[0]} >&2";
    let ran = shell(dir.path(), script);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("{\n", "0\n"));
    for words in ["schema --parameters", "completions bash", "run --help"] {
        // The reader is gone before the first byte.
        let script = format!("\"$POINTPLANE\" {words} | true; echo ${{PIPESTATUS[0]}}");
        let ran = shell(dir.path(), &script);
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("0\n", ""), "{words}");
    }
    let script = format!(
        "\"$POINTPLANE\" run '{}' --replicates 2 2>&- >&-",
        minimal()
    );
    shell(dir.path(), &script).exits(0);
}

#[test]
fn without_a_terminal_words_are_plain_and_quiet_is_silent() {
    let dir = temp();
    let scenario = minimal();
    let words = ["run", &scenario, "--replicates", "20", "--out"];
    for (out, colour) in [("plain", "xterm-256color"), ("forced", "dumb")] {
        let mut command = program(dir.path());
        let output = command
            .args(words)
            .arg(out)
            .env("TERM", colour)
            .output()
            .unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(err.chars().all(|c| c == '\n' || !c.is_control()), "{err:?}");
        let lines = err.lines().filter(|line| line.starts_with("replicates: "));
        assert_eq!(lines.count(), 10, "{err}");
        assert!(output.stdout.is_empty());
    }
    let ran = call(dir.path(), &[&words[..], &["quiet", "--quiet"]].concat()).exits(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    // Quiet says problems still.
    call(dir.path(), &[&words[..], &["quiet", "--quiet"]].concat())
        .exits(2)
        .says(&["quiet already holds a run"]);
}
