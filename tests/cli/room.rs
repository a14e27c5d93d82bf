//! Room: what a run is said to need against what it takes, and limits of the system.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use pointplane::scenario::{Setting, layout_files, load};
use pointplane::world::memory::{self, Recorded};

use crate::sweep::fixture::peak;

const USUAL: Recorded = Recorded {
    places_every: Some(12),
    innovations: true,
    adoptions: false,
    abandonments: false,
    links: false,
};
const ALL: Recorded = Recorded {
    adoptions: true,
    abandonments: true,
    ..USUAL
};
const NONE: Recorded = Recorded {
    places_every: None,
    innovations: false,
    ..USUAL
};

/// A scenario, what is set in it, what is kept, threads, more words of the command.
type Case<'c> = (&'c str, &'c [&'c str], Recorded, usize, &'c [&'c str]);

/// What the program said, its exit code, and the most memory that it held, in bytes.
fn watched(words: &[&str], limit: Option<&str>) -> (String, Option<i32>, u64) {
    let program = env!("CARGO_BIN_EXE_pointplane");
    let mut command = match limit {
        None => Command::new(program),
        Some(limit) => {
            let mut shell = Command::new("sh");
            shell.args(["-c", &format!("{limit} && exec \"$0\" \"$@\""), program]);
            shell
        }
    };
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("said");
    let said = fs::File::create(&out).unwrap();
    let mut child = command
        .args(words)
        .current_dir(dir.path())
        .stdin(Stdio::null())
        .stdout(said.try_clone().unwrap())
        .stderr(said)
        .spawn()
        .unwrap();
    let mut most = 0;
    let code = loop {
        most = most.max(peak(child.id()).unwrap_or(0));
        if let Some(ended) = child.try_wait().unwrap() {
            break ended.code();
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    (fs::read_to_string(out).unwrap(), code, most)
}

/// A scenario of the repository.
fn shipped(name: &str) -> String {
    format!("{}/scenarios/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// What the runs of `words` are forecast to need, after the checks that the program makes.
fn forecast(
    scenario: &str,
    layouts: &[&str],
    sets: &[&str],
    recorded: Recorded,
    threads: usize,
) -> u64 {
    let scenario = Path::new(scenario);
    let sets: Vec<Setting> = sets.iter().map(|set| Setting::from(*set)).collect();
    let of = |layout: &&str| {
        let loaded = load(scenario, &layout_files(scenario, layout), &sets)
            .unwrap_or_else(|e| panic!("{e}"));
        memory::estimate(&loaded.scenario, recorded)
    };
    let all: Vec<_> = layouts.iter().map(of).collect();
    memory::together(&all).unwrap().bytes(threads)
}

/// Forecasts of the shipped scenarios, with all tables, of firms, and of a zone with very many tasks lie within a
/// factor of 1.5 of the most memory that the program holds.
#[test]
#[cfg(target_os = "linux")]
fn forecasts_are_within_a_factor_of_one_and_a_half() {
    let tasks = tempfile::tempdir().unwrap();
    for file in fs::read_dir(shipped("minimal")).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            let text = fs::read_to_string(file.path()).unwrap();
            let text = text.replace("0.90,0.1,60,0.75", "0.90,0.1,1000000,0.75");
            fs::write(tasks.path().join(file.file_name()), text).unwrap();
        }
    }
    let tasks = tasks.path().to_str().unwrap();
    let (minimal, china, firms) = (shipped("minimal"), shipped("china"), shipped("china-firms"));
    let years = ["end=2016-12"];
    let number = ["firms.number=50000"];
    let none: &[&str] = &[];
    let cases: &[Case<'_>] = &[
        (&minimal, none, USUAL, 1, &[]),
        (&minimal, none, USUAL, 2, &[]),
        (&minimal, none, ALL, 1, &["--tables", "all"]),
        (&china, none, USUAL, 1, &[]),
        (&china, none, USUAL, 2, &[]),
        (&china, none, NONE, 1, &["--tables", "national"]),
        (&china, none, ALL, 1, &["--tables", "all"]),
        (&firms, &number, USUAL, 1, &[]),
        (tasks, &years, NONE, 1, &["--tables", "national"]),
        (tasks, &years, USUAL, 1, &[]),
        (tasks, &years, ALL, 1, &["--tables", "all"]),
    ];
    let mut lines = Vec::new();
    let mut wrong = 0;
    let mut compared =
        |what: String, forecast: u64, (said, code, peak): (String, Option<i32>, u64)| {
            assert_eq!(code, Some(0), "{what}: {said}");
            let ratio = forecast as f64 / peak as f64;
            wrong += usize::from(!(1.0 / 1.5..=1.5).contains(&ratio));
            let (forecast, peak) = (memory::size(forecast), memory::size(peak));
            lines.push(format!("| {what} | {forecast} | {peak} | {ratio:.2} |"));
        };
    for (scenario, sets, recorded, threads, more) in cases {
        let n = threads.to_string();
        let mut words = vec![
            "run",
            scenario,
            "--replicates",
            &n,
            "--threads",
            &n,
            "--out",
            "out",
        ];
        words.extend(*more);
        sets.iter().for_each(|set| words.extend(["--set", set]));
        let name = Path::new(scenario).file_name().unwrap().display();
        let what = format!("{name} {} {} {n}", sets.join(" "), more.join(" "));
        let said = forecast(scenario, &["base"], sets, *recorded, *threads);
        compared(what, said, watched(&words, None));
    }
    for (scenario, base, other) in [(&minimal, "base", "none"), (&china, "existing", "none")] {
        let words = [
            "compare",
            scenario,
            "--baseline",
            base,
            other,
            "--replicates",
            "2",
            "--threads",
            "1",
            "--out",
            "out",
        ];
        let said = forecast(scenario, &[base, other], &[], Recorded::default(), 1);
        compared(
            format!("compare {base} {other}"),
            said,
            watched(&words, None),
        );
    }
    let table = lines.join("\n");
    println!("{table}");
    assert_eq!(wrong, 0, "forecast, peak, ratio:\n{table}");
}

/// Where the process may have only so much address space, what does not fit is said before it is run, and nothing
/// panics or is killed.
#[test]
#[cfg(target_os = "linux")]
fn limits_of_address_space_are_asked_before_a_run() {
    let china = shipped("china");
    let words = [
        "run",
        &china,
        "--replicates",
        "2",
        "--threads",
        "2",
        "--out",
        "out",
    ];
    let (said, code, _) = watched(&words, Some("ulimit -v 250000"));
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("of memory") && said.contains("are available"),
        "{said}"
    );
    assert!(!said.contains("panicked"), "{said}");
    // The same scenario is as right as ever.
    let (said, code, _) = watched(&["check", &china], Some("ulimit -v 150000"));
    assert_eq!(code, Some(0), "{said}");
    let (said, code, _) = watched(&words, Some("ulimit -v 2000000"));
    assert_eq!(code, Some(0), "{said}");
}

/// However little address space there is, nothing panics, hangs or ends by a signal: what is done is done, and all else is
/// said and fails.
#[test]
#[cfg(target_os = "linux")]
fn little_address_space_is_no_panic() {
    let (minimal, china) = (shipped("minimal"), shipped("china"));
    let cases: [&[&str]; 4] = [
        &["check", &china],
        &["run", &minimal, "--threads", "1", "--out", "out"],
        &[
            "run",
            &china,
            "--replicates",
            "1",
            "--threads",
            "1",
            "--out",
            "out",
        ],
        &[
            "compare",
            &china,
            "--baseline",
            "none",
            "existing",
            "--replicates",
            "2",
            "--threads",
            "2",
            "--out",
            "out",
        ],
    ];
    let mut failed = 0;
    for words in cases {
        for kilobytes in [40_000, 48_000, 60_000, 120_000, 150_000, 300_000] {
            let limit = format!("ulimit -v {kilobytes}");
            let (said, code, _) = watched(words, Some(&limit));
            assert!(
                matches!(code, Some(0 | 1)),
                "{words:?} {limit}: {code:?}\n{said}"
            );
            assert!(!said.contains("panicked"), "{words:?} {limit}: {said}");
            assert!(
                code == Some(0) || !said.trim().is_empty(),
                "{words:?} {limit}"
            );
            failed += u32::from(code == Some(1));
        }
    }
    assert!((8..24).contains(&failed), "{failed}");
}

/// A table whose rows would not fit is not read.
#[test]
#[cfg(target_os = "linux")]
fn tables_of_places_that_do_not_fit_are_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let world = dir.path().join("world");
    let world = world.to_str().unwrap();
    let (said, code, _) = watched(
        &["synthetic", world, "--places", "400000", "--degree", "1"],
        None,
    );
    assert_eq!(code, Some(0), "{said}");
    let (said, code, _) = watched(&["check", world], Some("ulimit -v 200000"));
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("places.files") && said.contains("rows need about 200 MB"),
        "{said}"
    );
}

/// Where the system starts no thread, that is said, or the work is done on the one that there is.
#[test]
#[cfg(target_os = "linux")]
fn a_limit_of_processes_is_said() {
    let limit = |words: &[&str]| {
        // A limit of processes does not bind who may do everything.
        let mut all = vec!["--reuid=64321", "--clear-groups", "prlimit", "--nproc=1"];
        all.push(env!("CARGO_BIN_EXE_pointplane"));
        all.extend(words);
        Command::new("setpriv").args(all).output().ok()
    };
    let minimal = shipped("minimal");
    // Whoever runs this may not become another user, or that one may not read here.
    let Some(checked) = limit(&["check", &minimal]).filter(|ran| ran.status.success()) else {
        return;
    };
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    let ran = limit(&["run", &minimal, "--threads", "2", "--out", "/tmp/never"]).unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(
        said.contains("--threads") && !said.contains("panicked"),
        "{said}"
    );
}
