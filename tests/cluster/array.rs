//! A Slurm array in which workers are killed and nodes die: after requeue and merge the tables are those of one
//! thread that nothing interrupted.

use std::path::Path;

use crate::fixture::{PROGRAM, Small, done, same, scratch, tables};
use crate::processes;
use crate::slurm::{NODES, Slurm};

/// Runs of the sweep, enough seconds of work to be caught in the middle.
const RUNS: u32 = 12_000;
const ELEMENTS: u64 = 8;

/// Submits a sweep with `sweep slurm --submit`; gives the ids of the array and of the merge job.
fn submit(slurm: &Slurm, small: &Small, out: &Path) -> [String; 2] {
    let elements = ELEMENTS.to_string();
    let words = small.hand_over(
        "slurm",
        out,
        &["--array", &elements, "--time", "30m", "--submit"],
    );
    let output = slurm.command(PROGRAM).args(words).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    let ids = told.split("submitted job ").skip(1);
    let ids: Vec<String> = ids
        .map(|rest| rest.split(':').next().unwrap().to_owned())
        .collect();
    assert!(
        told.contains(&format!("squeue --job={},{}", ids[0], ids[1])),
        "{told}"
    );
    ids.try_into().expect("two ids")
}

/// The worker of a running element: its pid, node and index.
struct Worker {
    pid: u32,
    node: String,
    index: String,
}

/// The workers that write into a folder.
fn workers(out: &Path) -> Vec<Worker> {
    let out = out.to_str().unwrap();
    let workers = processes::of(Path::new(out)).into_iter().filter_map(|pid| {
        let words = processes::words(pid);
        let worker = words.windows(2).any(|pair| pair == ["sweep", "run"]);
        worker.then_some(Worker {
            pid,
            node: processes::variable(pid, "SLURMD_NODENAME")?,
            index: processes::variable(pid, "SLURM_ARRAY_TASK_ID")?,
        })
    });
    workers.collect()
}

/// Waits until every element and the merge job are over; the merge job must have found everything.
fn finish(slurm: &Slurm, merge: &str, out: &Path) {
    slurm.until("end of all jobs", 180, Slurm::quiet);
    let log = std::fs::read_to_string(out.join(format!("jobs/merge-{merge}.out"))).unwrap();
    assert_eq!(
        slurm.job(merge, "JobState").as_deref(),
        Some("COMPLETED"),
        "{log}"
    );
    assert_eq!(
        slurm.job(merge, "ExitCode").as_deref(),
        Some("0:0"),
        "{log}"
    );
}

#[test]
fn a_killed_worker_and_a_dead_node_lose_nothing() {
    let dir = scratch();
    let Some(mut slurm) = Slurm::start(dir.path()) else {
        return;
    };
    let small = Small::new(RUNS);
    let whole = small.whole();
    let out = small.out("array");
    let [array, merge] = submit(&slurm, &small, &out);

    // In the middle: workers on both nodes, some runs done.
    slurm.until("workers on both nodes", 60, |_| {
        let at = workers(&out);
        done(&out) >= 10
            && NODES
                .iter()
                .all(|node| at.iter().any(|worker| worker.node == *node))
    });
    let at = workers(&out);
    let killed = at.iter().find(|worker| worker.node == NODES[0]).unwrap();
    processes::signal("KILL", &[killed.pid]);
    let element = format!("{array}_{}", killed.index);
    slurm.until("failed element", 30, |slurm| {
        slurm.job(&element, "JobState").as_deref() == Some("FAILED")
    });
    assert_eq!(slurm.job(&element, "ExitCode").as_deref(), Some("137:0"));
    slurm.run("scontrol", &["requeue", &element]).unwrap();

    // A node dies, and comes back when Slurm has given its elements to others.
    let on_node: Vec<String> = workers(&out)
        .into_iter()
        .filter(|worker| worker.node == NODES[1])
        .map(|worker| format!("{array}_{}", worker.index))
        .collect();
    assert!(!on_node.is_empty());
    slurm.crash(NODES[1]);
    slurm.until("requeued elements of the dead node", 120, |slurm| {
        on_node
            .iter()
            .all(|element| slurm.job(element, "Restarts").as_deref() == Some("1"))
    });
    slurm.slurmd(NODES[1]);

    finish(&slurm, &merge, &out);
    assert_eq!(slurm.job(&element, "Restarts").as_deref(), Some("1"));
    same(&tables(&out), &whole);
}
