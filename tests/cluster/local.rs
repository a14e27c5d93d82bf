//! The scripts of the other engines: GNU parallel for real, and the elements and ranks of the others with the
//! variables that their engines set.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::fixture::{KINDS, PROGRAM, Small, done, ended, found, same, tables, until};
use super::processes;

const RUNS: u32 = 2_000;

/// Writes the scripts for an engine.
fn write(small: &Small, kind: &str, out: &Path, engine: &str, more: &[&str]) {
    let mut program = Command::new(PROGRAM);
    program
        .args(small.hand_over("script", kind, out, more))
        .args(["--for", engine])
        .current_dir(small.folder());
    assert_eq!(ended(&mut program), 0);
}

/// A script in the folder of the store.
fn bash(out: &Path, script: &str) -> Command {
    let mut bash = Command::new("bash");
    bash.arg(out.join(script)).stdin(Stdio::null());
    // The variables of an engine around this test would mislead it.
    for (name, _) in std::env::vars() {
        if ["SLURM", "PBS", "SGE", "OMPI", "PMI"]
            .iter()
            .any(|engine| name.starts_with(engine))
        {
            bash.env_remove(name);
        }
    }
    bash
}

#[test]
fn elements_of_pbs_and_grid_engine_and_ranks_give_the_same_tables() {
    let small = Small::new(RUNS);
    // Variables of one element or rank of three.
    type Variables = fn(u32) -> Vec<(&'static str, String)>;
    let engines: [(&str, &str, Option<&str>, Variables); 6] = [
        ("pbs", ".pbs", Some("merge.pbs"), |i| {
            vec![("PBS_ARRAY_INDEX", i.to_string()), ("NCPUS", "1".into())]
        }),
        ("pbs", ".pbs", Some("merge.pbs"), |i| {
            vec![("PBS_ARRAYID", i.to_string())]
        }),
        ("sge", ".sge", Some("merge.sge"), |i| {
            vec![("SGE_TASK_ID", (i + 1).to_string())]
        }),
        ("srun", "-ranks.sh", None, |i| {
            vec![
                ("SLURM_PROCID", i.to_string()),
                ("SLURM_NTASKS", "3".into()),
            ]
        }),
        // Inside a Slurm job mpirun hands the same SLURM_PROCID to every rank.
        ("srun", "-ranks.sh", None, |i| {
            vec![
                ("OMPI_COMM_WORLD_RANK", i.to_string()),
                ("OMPI_COMM_WORLD_SIZE", "3".into()),
                ("SLURM_PROCID", "0".into()),
                ("SLURM_NTASKS", "1".into()),
            ]
        }),
        ("srun", "-ranks.sh", None, |i| {
            vec![("PMI_RANK", i.to_string()), ("PMI_SIZE", "3".into())]
        }),
    ];
    for kind in KINDS {
        let whole = small.whole(kind);
        for (at, (engine, ending, merge_script, variables)) in engines.into_iter().enumerate() {
            let out = small.out(&format!("{kind} {engine} {at}"));
            let more = ["--array", "3", "--time", "1h"];
            write(&small, kind, &out, engine, &more);
            // At the same time, as on a cluster.
            let elements: Vec<Child> = (0..3)
                .map(|i| {
                    let mut element = bash(&out, &format!("{kind}{ending}"));
                    element.envs(variables(i)).stdout(Stdio::null());
                    element.spawn().unwrap()
                })
                .collect();
            for mut element in elements {
                let code = element.wait().unwrap().code();
                assert_eq!(code, Some(0), "{kind} {engine} {at}");
            }
            let mut last =
                merge_script.map_or_else(|| small.merge(&out), |script| bash(&out, script));
            assert_eq!(ended(&mut last), 0);
            same(&tables(&out), &whole);
        }
    }
}

#[test]
fn without_the_variables_of_an_engine_a_script_says_what_it_wants() {
    let small = Small::new(40);
    let out = small.out("bare");
    for (engine, script, wants) in [
        ("pbs", "sweep.pbs", "submit this script with qsub"),
        ("sge", "sweep.sge", "submit this script with qsub"),
        (
            "srun",
            "sweep-ranks.sh",
            "start this script with srun, mpirun or mpiexec",
        ),
    ] {
        write(&small, "sweep", &out, engine, &[]);
        let output = bash(&out, script).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains(wants), "{told}");
    }
}

#[test]
fn a_warned_element_of_grid_engine_keeps_what_it_has() {
    let small = Small::new(20_000);
    let out = small.out("warned");
    write(&small, "sweep", &out, "sge", &["--array", "1"]);
    let mut element = bash(&out, "sweep.sge");
    let mut element = element
        .env("SGE_TASK_ID", "1")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    assert!(
        until(Duration::from_secs(300), || done(&out) >= 20),
        "no runs"
    );
    // Grid Engine sends its warning to the whole process group; only the shell may heed it.
    let mine = processes::of(&out);
    assert!(mine.len() >= 2, "{mine:?}");
    processes::signal("USR2", &mine);
    assert_eq!(element.wait().unwrap().code(), Some(3));
    let kept = done(&out);
    assert!((20..20_000).contains(&kept), "{kept}");
}

#[test]
fn gnu_parallel_with_a_killed_worker_gives_the_same_tables() {
    if !found(&["parallel"]) {
        return;
    }
    let small = Small::new(6_000);
    let whole = small.whole("sweep");
    let out = small.out("parallel");
    write(&small, "sweep", &out, "parallel", &["--array", "4"]);
    let text = std::fs::read_to_string(out.join("sweep-parallel.sh")).unwrap();
    // Two workers on any machine: the line is there to be edited.
    let lines: Vec<&str> = text
        .lines()
        .map(|line| {
            if line.starts_with("workers=") {
                "workers=2"
            } else {
                line
            }
        })
        .collect();
    std::fs::write(out.join("sweep-parallel.sh"), lines.join("\n") + "\n").unwrap();

    let mut running = bash(&out, "sweep-parallel.sh").spawn().unwrap();
    let workers = || -> Vec<u32> {
        let pids = processes::of(&out).into_iter();
        pids.filter(|pid| {
            processes::words(*pid)
                .windows(2)
                .any(|pair| pair == ["sweep", "run"])
        })
        .filter(|pid| processes::words(*pid)[0] == PROGRAM)
        .collect()
    };
    assert!(
        until(Duration::from_secs(300), || done(&out) >= 20
            && workers().len() == 2),
        "no workers"
    );
    processes::signal("KILL", &workers()[..1]);
    // The others go on; what the killed one had is kept, the rest of its shard is missing.
    assert_eq!(running.wait().unwrap().code(), Some(3));
    let kept = done(&out);
    assert!((4_500..6_000).contains(&kept), "{kept}");
    let joblog = out.join("jobs/parallel-4.joblog");
    assert_eq!(std::fs::read_to_string(&joblog).unwrap().lines().count(), 5);

    // The same command again does what is left, and only that.
    assert_eq!(ended(&mut bash(&out, "sweep-parallel.sh")), 0);
    same(&tables(&out), &whole);
    assert!(!joblog.exists());
}

#[test]
fn gnu_parallel_gives_the_tables_of_an_undisturbed_run_and_comparison() {
    if !found(&["parallel"]) {
        return;
    }
    let small = Small::new(40);
    for kind in ["run", "compare"] {
        let out = small.out(kind);
        write(&small, kind, &out, "parallel", &["--array", "3"]);
        let script = format!("{kind}-parallel.sh");
        assert_eq!(ended(&mut bash(&out, &script)), 0);
        let whole = small.whole(kind);
        same(&tables(&out), &whole);
        // Once more changes nothing.
        assert_eq!(ended(&mut bash(&out, &script)), 0);
        same(&tables(&out), &whole);
    }
}
