//! The scripts as a shell and its checker read them, and what `--submit` says when it cannot.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::fixture::{PROGRAM, Small, ended, found};

const ENGINES: [&str; 4] = ["pbs", "sge", "parallel", "srun"];

/// Writes the scripts of every engine; gives their paths.
fn scripts(small: &Small, out: &Path, more: &[&str]) -> Vec<PathBuf> {
    let hand_over = |command: &str, engine: Option<&str>| {
        let mut program = Command::new(PROGRAM);
        program.args(small.hand_over(command, out, more));
        if let Some(engine) = engine {
            program.args(["--for", engine]);
        }
        assert_eq!(ended(program), 0);
    };
    hand_over("slurm", None);
    for engine in ENGINES {
        hand_over("script", Some(engine));
    }
    let files = std::fs::read_dir(out)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut scripts: Vec<PathBuf> = files
        .filter(|path| {
            let ending = path
                .extension()
                .and_then(|e| e.to_str())
                .unwrap_or_default();
            ["sbatch", "pbs", "sge", "sh"].contains(&ending)
        })
        .collect();
    scripts.sort();
    assert_eq!(scripts.len(), 8, "{scripts:?}");
    scripts
}

#[test]
fn shellcheck_finds_nothing_in_any_script() {
    let small = Small::new(40);
    let bare = scripts(&small, &small.out("bare"), &[]);
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
    let asked = scripts(&small, &small.out("asked"), &asked);
    for path in bare.iter().chain(&asked) {
        let mut bash = Command::new("bash");
        bash.arg("-n").arg(path);
        assert_eq!(ended(bash), 0, "{}", path.display());
    }
    if found(&["shellcheck"]) {
        let mut shellcheck = Command::new("shellcheck");
        shellcheck
            .args(["--shell=bash", "--severity=style"])
            .args(bare)
            .args(asked);
        assert_eq!(ended(shellcheck), 0);
    }
}

#[test]
fn an_edited_script_is_kept() {
    let small = Small::new(40);
    let out = small.out("edited");
    let write = || {
        let mut program = Command::new(PROGRAM);
        program.args(small.hand_over("slurm", &out, &[]));
        assert_eq!(ended(program), 0);
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
    let output = Command::new(PROGRAM)
        .args(small.hand_over("slurm", &out, &["--submit"]))
        .env("PATH", &bin)
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
        let mut program = Command::new(PROGRAM);
        program.args(small.hand_over("slurm", &out, &words));
        assert_eq!(ended(program), 2, "{words:?}");
    }
    for name in ["back\\slash", "line\nbreak"] {
        let mut program = Command::new(PROGRAM);
        program.args(small.hand_over("slurm", &small.out(name), &[]));
        assert_eq!(ended(program), 2, "{name:?}");
        assert!(!small.out(name).exists());
    }
    assert!(!out.exists());
}
