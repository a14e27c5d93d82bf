//! The scripts as a shell and its checker read them, and what `--submit` says when it cannot.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::fixture::{KINDS, PROGRAM, Small, ended, found};

const ENGINES: [&str; 4] = ["pbs", "sge", "parallel", "srun"];

/// The program, in the folder where commands are given.
fn program(small: &Small) -> Command {
    let mut program = Command::new(PROGRAM);
    program.current_dir(small.folder());
    program
}

/// Writes the scripts of every engine; gives their paths.
fn scripts(small: &Small, kind: &str, out: &Path, more: &[&str]) -> Vec<PathBuf> {
    let hand_over = |command: &str, engine: Option<&str>| {
        let mut program = program(small);
        program.args(small.hand_over(command, kind, out, more));
        if let Some(engine) = engine {
            program.args(["--for", engine]);
        }
        assert_eq!(ended(&mut program), 0);
    };
    hand_over("slurm", None);
    for engine in ENGINES {
        hand_over("script", Some(engine));
    }
    let names = [
        &format!("{kind}.sbatch"),
        "merge.sbatch",
        &format!("{kind}.pbs"),
        "merge.pbs",
        &format!("{kind}.sge"),
        "merge.sge",
        &format!("{kind}-parallel.sh"),
        &format!("{kind}-ranks.sh"),
    ];
    names.map(|name| out.join(name)).into()
}

#[test]
fn shellcheck_finds_nothing_in_any_script() {
    let small = Small::new(40);
    let asked = [
        "--array",
        "7",
        "--time",
        "1d12h",
        "--cpus-per-task",
        "4",
        "--mem",
        "8G",
        "--partition",
        "long",
        "--account",
        "econ",
    ];
    let mut all = Vec::new();
    for kind in KINDS {
        for (name, more) in [("bare", &[][..]), ("asked", &asked)] {
            let out = small.out(&format!("{kind} {name}"));
            all.extend(scripts(&small, kind, &out, more));
        }
    }
    for path in &all {
        let mut bash = Command::new("bash");
        bash.arg("-n").arg(path);
        assert_eq!(ended(&mut bash), 0, "{}", path.display());
    }
    if found(&["shellcheck"]) {
        let mut shellcheck = Command::new("shellcheck");
        shellcheck
            .args(["--shell=bash", "--severity=style"])
            .args(all);
        assert_eq!(ended(&mut shellcheck), 0);
    }
}

#[test]
fn commands_of_sweeps_write_the_same_scripts() {
    let small = Small::new(40);
    let out = small.out("own");
    let files = || {
        let names = std::fs::read_dir(&out).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let texts = names.filter(|name| name.contains(".s"));
        let texts = texts.map(|name| (std::fs::read_to_string(out.join(&name)).unwrap(), name));
        texts.collect::<std::collections::BTreeSet<_>>()
    };
    for (command, more) in [("slurm", &[][..]), ("script", &["--for", "sge"])] {
        let mut words = small.hand_over(command, "sweep", &out, more);
        assert_eq!(ended(program(&small).args(&words)), 0);
        let written = files();
        words.swap(0, 1);
        assert_eq!(ended(program(&small).args(&words)), 0);
        assert_eq!(files(), written);
    }
}

#[test]
fn there_are_no_more_elements_than_replicates() {
    let small = Small::new(40);
    for (kind, most) in [("run", 30), ("compare", 60), ("sweep", 20)] {
        let out = small.out(kind);
        let mut slurm = program(&small);
        slurm.args(small.hand_over("slurm", kind, &out, &["--array", "900"]));
        let output = slurm.env("LC_ALL", "C").output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        let wanted = format!("{most} elements instead of 900");
        assert!(told.contains(&wanted), "{told}");
        let script = std::fs::read_to_string(out.join(format!("{kind}.sbatch"))).unwrap();
        assert!(script.contains(&format!("\n#SBATCH --array=0-{}\n", most - 1)));
    }
}

#[test]
fn an_edited_script_is_kept() {
    let small = Small::new(40);
    let out = small.out("edited");
    let write = || {
        let words = small.hand_over("slurm", "sweep", &out, &[]);
        assert_eq!(ended(program(&small).args(words)), 0);
    };
    let at = |name: &str| std::fs::read_to_string(out.join(name));
    write();
    let written = at("sweep.sbatch").unwrap();
    write();
    assert!(at("sweep.sbatch.old").is_err(), "nothing had changed");
    std::fs::write(out.join("sweep.sbatch"), "edited").unwrap();
    write();
    assert_eq!(at("sweep.sbatch.old").unwrap(), "edited");
    assert_eq!(at("sweep.sbatch").unwrap(), written);
}

/// Calls `sweep slurm --submit` with only these programs on PATH.
fn submit(small: &Small, name: &str, sbatch: Option<&str>) -> (Option<i32>, String) {
    let bin = small.out(&format!("bin-{name}"));
    std::fs::create_dir(&bin).unwrap();
    if let Some(script) = sbatch {
        use std::os::unix::fs::PermissionsExt;
        let path = bin.join("sbatch");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let out = small.out(name);
    let output = program(small)
        .args(small.hand_over("slurm", "sweep", &out, &["--submit"]))
        .env("PATH", &bin)
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    assert!(out.join("sweep.sbatch").is_file() && out.join("merge.sbatch").is_file());
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn what_sbatch_says_is_passed_on() {
    let small = Small::new(40);
    let (code, told) = submit(&small, "none", None);
    assert_eq!(code, Some(1));
    assert!(told.contains("there is no sbatch on PATH"), "{told}");
    assert!(told.contains("job=$(sbatch --parsable "), "{told}");

    let refuses = "echo 'sbatch: error: Batch job submission failed: Invalid account' >&2; exit 1";
    let (code, told) = submit(&small, "refuses", Some(refuses));
    assert_eq!(code, Some(1));
    assert!(
        told.contains(
            "nothing was submitted: sbatch: error: Batch job submission failed: Invalid account"
        ),
        "{told}"
    );

    // Only the array is taken: the command that submits the merge job is told.
    let half = "case \"$*\" in *merge*) echo too many jobs >&2; exit 1;; *) echo '77;north';; esac";
    let (code, told) = submit(&small, "half", Some(half));
    assert_eq!(code, Some(1));
    assert!(told.contains("submitted job 77: 4 elements"), "{told}");
    assert!(
        told.contains("the merge job was not submitted: too many jobs"),
        "{told}"
    );
    assert!(told.contains("sbatch --dependency=afterany:77 "), "{told}");

    let (code, told) = submit(&small, "talks", Some("echo hello"));
    assert_eq!(code, Some(1));
    assert!(
        told.contains("sbatch gave no job id but \"hello\""),
        "{told}"
    );
}

#[test]
fn a_wrong_request_is_refused_before_anything_is_written() {
    let small = Small::new(40);
    let out = small.out("wrong");
    for words in [
        ["--time", "soon"],
        ["--mem", "much"],
        ["--partition", "a b"],
        ["--account", "x;rm"],
        ["--array", "0"],
        ["--cpus-per-task", "0"],
    ] {
        let given = small.hand_over("slurm", "sweep", &out, &words);
        assert_eq!(ended(program(&small).args(given)), 2, "{words:?}");
    }
    for name in ["back\\slash", "line\nbreak"] {
        let given = small.hand_over("slurm", "sweep", &small.out(name), &[]);
        assert_eq!(ended(program(&small).args(given)), 2, "{name:?}");
        assert!(!small.out(name).exists());
    }
    // Neither can a word of the command hold a line break, nor a share say how many replicates are needed.
    let title = ["--set", "title=\"a\nb\""];
    let given = small.hand_over(
        "script",
        "run",
        &out,
        &[&title[..], &["--for", "sge"]].concat(),
    );
    assert_eq!(ended(program(&small).args(given)), 2);
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/minimal");
    let mut width = program(&small);
    width.args(["slurm", "compare", scenario, "--baseline", "base", "none"]);
    width
        .args(["--until-width", "mean_stock=0.1", "--out"])
        .arg(&out);
    assert_eq!(ended(&mut width), 2);
    assert!(!out.exists());
}
