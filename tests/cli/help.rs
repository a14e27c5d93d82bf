//! The help: there for each command, with examples that work, readable on a narrow terminal.

use super::fixture::{call, program, shell, shipped, temp};

const COMMANDS: [&str; 14] = [
    "run",
    "calibrate",
    "cite",
    "search",
    "check",
    "diff",
    "estimate",
    "explain",
    "package",
    "replay",
    "schema",
    "new",
    "synthetic",
    "completions",
];

/// What git says of this repository; none where it is none.
fn git(words: &[&str]) -> Option<String> {
    let mut git = std::process::Command::new("git");
    let output = git.args(words).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = output.output().ok().filter(|o| o.status.success())?;
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn each_command_has_help_with_examples() {
    let dir = temp();
    let main = call(dir.path(), &["--help"]).exits(0).out;
    assert!(
        main.contains("Examples:") && main.contains("Exit codes: 0 done, 1 failed"),
        "{main}"
    );
    for command in COMMANDS {
        assert!(main.contains(&format!("\n  {command} ")), "{main}");
        let long = call(dir.path(), &[command, "--help"]).exits(0);
        let short = call(dir.path(), &[command, "-h"]).exits(0);
        for text in [&long.out, &short.out] {
            let (_, examples) = text.split_once("\nExamples:\n").unwrap();
            let example = format!("  pointplane {command} ");
            assert!(examples.starts_with(&example), "{text}");
            assert!(text.contains("Usage: pointplane "), "{text}");
            for line in text.lines() {
                assert!(line.chars().count() <= 110, "{line}");
            }
            // As they stand, examples can be copied: a command goes on in the next line only after a backslash.
            let mut goes_on = false;
            for line in examples.lines().take_while(|line| !line.is_empty()) {
                assert!(line.chars().count() <= 80, "{line}");
                assert_eq!(line.starts_with("  pointplane "), !goes_on, "{examples}");
                goes_on = line.ends_with('\\');
            }
        }
        assert_eq!(long.err, "");
    }
    call(dir.path(), &[])
        .exits(2)
        .says(&["Usage: pointplane", "Examples:"]);
    // The commit follows the version, unless this is built from an archive.
    let version = call(dir.path(), &["--version"]).exits(0).out;
    let version = version.strip_prefix("pointplane 0.2.0").unwrap();
    let version = version.strip_suffix('\n').unwrap();
    let inside = version.strip_prefix(" (").and_then(|v| v.strip_suffix(')'));
    match git(&["ls-files", "--error-unmatch", "src/build.rs"]) {
        Some(_) => {
            let commit = inside.unwrap().trim_end_matches("-dirty");
            assert_eq!(commit.len(), 12, "{version}");
            let head = git(&["rev-parse", "HEAD"]).unwrap();
            assert!(head.starts_with(commit), "{version} is not {head}");
        }
        None => assert_eq!(version, ""),
    }
}

/// The examples that are quick enough, as they stand, in a copy of the shipped scenarios.
#[test]
fn the_examples_are_right() {
    let dir = temp();
    let link = |name: &str| {
        std::os::unix::fs::symlink(
            shipped(&format!("scenarios/{name}")),
            dir.path().join("scenarios").join(name),
        )
    };
    std::fs::create_dir(dir.path().join("scenarios")).unwrap();
    link("minimal").unwrap();
    link("china").unwrap();
    let mut tried = 0;
    for command in ["check", "diff", "explain", "schema", "new", "run"] {
        let help = call(dir.path(), &[command, "--help"]).out;
        let (_, examples) = help.split_once("\nExamples:\n").unwrap();
        // A command may go on in the next line, as in a shell.
        let examples = examples.replace("\\\n", "");
        for line in examples.lines().take_while(|line| !line.is_empty()) {
            let line = line.trim();
            let slow = ["run", "explain"].contains(&command)
                && !line.contains("minimal")
                && !line.contains("my-country");
            if slow || line.contains("my-layout") {
                continue;
            }
            let words = line.strip_prefix("pointplane ").unwrap();
            shell(dir.path(), &format!("\"$POINTPLANE\" {words}")).exits(0);
            tried += 1;
        }
    }
    assert!(tried >= 10, "{tried}");
}

/// An answer says "a plan as in `pointplane sweep --help`": there is a plan that can be copied, and the commands.
#[test]
fn the_help_of_sweeps_says_how_to_vary_parameters() {
    let dir = temp();
    let help = call(dir.path(), &["sweep", "--help"]).exits(0).out;
    let (_, rest) = help
        .split_once(pointplane::report::not_varied::question(
            pointplane::report::Lang::En,
        ))
        .unwrap();
    let plan: Vec<&str> = rest
        .lines()
        .skip_while(|line| !line.contains("# parameters.toml"))
        .take_while(|line| !line.contains("what to do with it"))
        .map(|line| line.trim_start())
        .collect();
    let scenario = format!("scenario = {:?}", shipped("scenarios/minimal"));
    let plan = plan
        .join("\n")
        .replace("scenario = \"my-country\"", &scenario);
    assert!(plan.contains(&scenario), "{plan}");
    let plan = plan.replace("points = 64", "points = 2");
    std::fs::write(dir.path().join("parameters.toml"), plan).unwrap();
    let commands: Vec<&str> = rest
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pointplane "))
        .collect();
    assert_eq!(commands.len(), 3, "{rest}");
    for words in commands {
        let words = words.trim_end_matches(" --open");
        shell(dir.path(), &format!("\"$POINTPLANE\" {words}")).exits(0);
    }
    let page = std::fs::read_to_string(dir.path().join("results/parameters/report.html")).unwrap();
    let words = "Relative to “No alliances (none)”: change at the end of the run";
    assert!(page.contains(words));
}

#[test]
fn a_narrow_terminal_gets_narrow_help() {
    let dir = temp();
    for command in COMMANDS {
        let mut narrow = program(dir.path());
        let output = narrow
            .args([command, "--help"])
            .env("COLUMNS", "40")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && text.lines().count() > 10,
            "{text}"
        );
        for line in text.lines() {
            // Only one word that cannot be cut (or a usage line, which is one) may be longer.
            let long = line.chars().count() > 40 && line.trim().contains(' ');
            assert!(!long || line.starts_with("Usage:"), "{command}: {line:?}");
        }
    }
}
