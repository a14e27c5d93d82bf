//! A Slurm array in which workers are killed and nodes die: after requeue and merge the tables are those of one
//! thread that nothing interrupted.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::fixture::{PROGRAM, Small, done, ended, same, scratch, tables};
use super::processes;
use super::slurm::{NODES, Slurm};

/// Runs of the sweep, enough seconds of work to be caught in the middle.
const RUNS: u32 = 12_000;

/// Submits a command with `slurm --submit`, as so many elements; gives the ids of the array and of the merge job.
fn submit(slurm: &Slurm, small: &Small, kind: &str, out: &Path, elements: u32) -> [String; 2] {
    let elements = elements.to_string();
    let more = ["--array", &elements, "--time", "30m", "--submit"];
    let mut program = slurm.command(PROGRAM);
    program.args(small.hand_over("slurm", kind, out, &more));
    let output = program.current_dir(small.folder()).output().unwrap();
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
        let worker = words.iter().any(|word| word == "--shard");
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
    slurm.until("end of all jobs", 900, Slurm::quiet);
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
    let whole = small.whole("sweep");
    let out = small.out("array");
    let [array, merge] = submit(&slurm, &small, "sweep", &out, 8);

    // In the middle: workers on both nodes, some runs done.
    slurm.until("workers on both nodes", 300, |_| {
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
    slurm.until("failed element", 120, |slurm| {
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
    slurm.crash(NODES[1], false);
    slurm.until("requeued elements of the dead node", 300, |slurm| {
        on_node
            .iter()
            .all(|element| slurm.job(element, "Restarts").as_deref() == Some("1"))
    });
    slurm.slurmd(NODES[1]);

    finish(&slurm, &merge, &out);
    assert_eq!(slurm.job(&element, "Restarts").as_deref(), Some("1"));
    same(&tables(&out), &whole);
}

#[test]
fn time_that_is_over_and_a_node_that_is_lost_but_lives_on_lose_nothing() {
    let dir = scratch();
    let Some(mut slurm) = Slurm::start(dir.path()) else {
        return;
    };
    let small = Small::new(RUNS);
    let whole = small.whole("sweep");
    let out = small.out("array");
    let [array, merge] = submit(&slurm, &small, "sweep", &out, 4);
    let on = |node: &str| workers(&out).into_iter().find(|worker| worker.node == node);
    slurm.until("workers on both nodes", 300, |_| {
        done(&out) >= 10 && NODES.iter().all(|node| on(node).is_some())
    });

    // What Slurm sends before the time limit: the element goes back into the queue by itself.
    let index = on(NODES[0]).unwrap().index;
    let element = format!("{array}_{index}");
    let signal = ["--batch", "--signal=USR1", &element];
    slurm.run("scancel", &signal).unwrap();
    slurm.until("element that requeued itself", 120, |slurm| {
        slurm.job(&element, "Restarts").as_deref() == Some("1")
    });

    // The daemons of the other node die, its worker does not: it hangs until its double is at work, then goes on.
    let orphan = on(NODES[1]).unwrap();
    slurm.crash(NODES[1], true);
    // (Not before: a stopped process that becomes an orphan is hung up.)
    processes::signal("STOP", &[orphan.pid]);
    let double = |worker: &Worker| worker.index == orphan.index && worker.pid != orphan.pid;
    slurm.until("a double of the orphan", 300, |_| {
        workers(&out).iter().any(double)
    });
    assert!(processes::alive(orphan.pid));
    processes::signal("CONT", &[orphan.pid]);
    slurm.slurmd(NODES[1]);

    finish(&slurm, &merge, &out);
    let log = std::fs::read_to_string(out.join(format!("jobs/{array}_{index}.out"))).unwrap();
    assert!(
        log.contains(&format!("shard {index} goes back into the queue")),
        "{log}"
    );
    assert!(
        log.contains("start 2") && log.contains("all its runs are done"),
        "{log}"
    );
    same(&tables(&out), &whole);
}

/// What holds of sweeps holds of runs and comparisons: both at a time, each with a killed worker and one on the node
/// that dies.
#[test]
fn killed_workers_and_a_dead_node_lose_nothing_of_a_comparison_and_a_run() {
    let dir = scratch();
    let Some(mut slurm) = Slurm::start(dir.path()) else {
        return;
    };
    let small = Small::of(40, ["2400", "1200"]);
    let kinds = ["compare", "run"];
    let whole = kinds.map(|kind| small.whole(kind));
    let outs = kinds.map(|kind| small.out(kind));
    // Three elements of the comparison and one of the run find room at first.
    let ids = [0, 1].map(|at| submit(&slurm, &small, kinds[at], &outs[at], 3));
    let on = |node: &str, out: &Path| {
        let mut all = workers(out).into_iter();
        all.find(|worker| worker.node == node)
    };
    slurm.until("workers of both on the second node", 300, |_| {
        let at = |out: &PathBuf| done(out) >= 10 && on(NODES[1], out).is_some();
        outs.iter().all(at)
    });
    let elements: Vec<String> = outs
        .iter()
        .zip(&ids)
        .flat_map(|(out, [array, _])| {
            let there = workers(out).into_iter().filter(|w| w.node == NODES[1]);
            there.map(move |worker| format!("{array}_{}", worker.index))
        })
        .collect();
    slurm.crash(NODES[1], false);
    // Meanwhile, on the other node, of which the comparison leaves room to the run when its worker is killed.
    for (out, [array, _]) in outs.iter().zip(&ids) {
        let mut killed = None;
        slurm.until("a worker on the first node", 120, |_| {
            killed = on(NODES[0], out);
            killed.is_some()
        });
        let killed = killed.unwrap();
        processes::signal("KILL", &[killed.pid]);
        let element = format!("{array}_{}", killed.index);
        slurm.until("failed element", 120, |slurm| {
            slurm.job(&element, "JobState").as_deref() == Some("FAILED")
        });
        slurm.run("scontrol", &["requeue", &element]).unwrap();
    }
    slurm.until("requeued elements of the dead node", 300, |slurm| {
        let restarted = |element: &String| slurm.job(element, "Restarts").as_deref() == Some("1");
        elements.iter().all(restarted)
    });
    slurm.slurmd(NODES[1]);
    for ((out, [_, merge]), whole) in outs.iter().zip(&ids).zip(&whole) {
        finish(&slurm, merge, out);
        same(&tables(out), whole);
    }
}

#[test]
fn a_comparison_and_a_run_give_the_tables_of_an_undisturbed_one() {
    let dir = scratch();
    let Some(slurm) = Slurm::start(dir.path()) else {
        return;
    };
    let small = Small::new(40);
    for kind in ["compare", "run"] {
        let whole = small.whole(kind);
        let out = small.out(kind);
        let [_, merge] = submit(&slurm, &small, kind, &out, 3);
        finish(&slurm, &merge, &out);
        same(&tables(&out), &whole);
    }
}

/// A search, whose every stage depends on all of the one before: each element is given the same command with its shard. One
/// is killed and not given back; the others do its work.
#[test]
fn elements_share_a_search_and_do_the_work_of_one_that_is_killed() {
    let dir = scratch();
    let Some(slurm) = Slurm::start(dir.path()) else {
        return;
    };
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal/search.toml");
    let search = |out: &Path| {
        let mut words = vec![PROGRAM.to_owned(), "search".to_owned()];
        words.extend([&plan, out].map(|path| path.to_str().unwrap().to_owned()));
        words.insert(3, "--out".to_owned());
        words.extend(["--threads", "1", "--quiet"].map(str::to_owned));
        words
    };
    let found = |out: &Path| -> BTreeMap<String, Vec<u8>> {
        let names = ["layouts", "chosen", "synergy", "contributions", "regret"];
        let read = |name: &str| {
            let bytes = std::fs::read(out.join(format!("{name}.csv"))).ok()?;
            Some((name.to_owned(), bytes))
        };
        names.into_iter().filter_map(read).collect()
    };
    let alone = dir.path().join("alone");
    let words = search(&alone);
    assert_eq!(ended(Command::new(&words[0]).args(&words[1..])), 0);
    let whole = found(&alone);
    assert!(whole.len() >= 4, "{:?}", whole.keys());

    let out = dir.path().join("array");
    let command = search(&out).join(" ") + " --shard $SLURM_ARRAY_TASK_ID/3";
    let log = format!("--output={}/%a.out", dir.path().display());
    let submitted = slurm.run(
        "sbatch",
        &["--parsable", "--array=0-2", &log, "--wrap", &command],
    );
    let array = submitted.unwrap().trim().to_owned();
    slurm.until("three workers in a stage", 300, |_| {
        out.join("stage-1-1").exists() && workers(&out).len() == 3
    });
    let killed = workers(&out).into_iter().find(|worker| worker.index == "1");
    processes::signal("KILL", &[killed.unwrap().pid]);
    slurm.until("end of all elements", 900, Slurm::quiet);
    let state = |n: u32| slurm.job(&format!("{array}_{n}"), "JobState");
    assert_eq!(state(1).as_deref(), Some("FAILED"));
    for n in [0, 2] {
        assert_eq!(state(n).as_deref(), Some("COMPLETED"));
    }
    same(&found(&out), &whole);
}

#[test]
fn ranks_of_srun_give_the_same_tables() {
    let dir = scratch();
    let Some(slurm) = Slurm::start(dir.path()) else {
        return;
    };
    let small = Small::new(400);
    for kind in ["sweep", "compare"] {
        let whole = small.whole(kind);
        let out = small.out(&format!("ranks {kind}"));
        let mut script = slurm.command(PROGRAM);
        script.args(small.hand_over("script", kind, &out, &["--for", "srun"]));
        assert_eq!(ended(script.current_dir(small.folder())), 0);
        let mut srun = slurm.command("srun");
        srun.args(["--ntasks=4", "--kill-on-bad-exit=0", "bash"])
            .arg(out.join(format!("{kind}-ranks.sh")));
        assert_eq!(ended(&mut srun), 0);
        assert_eq!(ended(&mut small.merge(&out)), 0);
        same(&tables(&out), &whole);
    }
}

#[test]
fn a_cluster_stops_when_its_test_panics() {
    let dir = scratch();
    let Some(slurm) = Slurm::start(dir.path()) else {
        return;
    };
    let ended = std::panic::catch_unwind(AssertUnwindSafe(move || {
        let job = slurm.run("sbatch", &["--output=/dev/null", "--wrap", "sleep 600"]);
        job.unwrap();
        slurm.until("a running job", 120, |slurm| {
            slurm.job("1", "JobState").as_deref() == Some("RUNNING")
        });
        panic!("on purpose");
    }));
    let said = ended.unwrap_err();
    assert_eq!(said.downcast_ref::<&str>(), Some(&"on purpose"));
    assert_eq!(processes::of(dir.path()), [0; 0]);
}
