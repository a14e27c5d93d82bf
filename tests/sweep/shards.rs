//! Shards, threads, and workers that know nothing of each other.

use std::fs;

use super::fixture::{
    PLAN, RUNS, Running, call, dones, list, made, manifest, merged, room, rows, same, say, status,
    whole, whole_trial, with,
};

#[test]
fn threads_leave_no_trace() {
    let whole = whole_trial();
    let dir = room(PLAN);
    for threads in [2, 8] {
        let words = format!("sweep run plan.toml --out out{threads} --threads {threads}");
        say(dir.path(), &words).exits(0);
        let out = dir.path().join(format!("out{threads}"));
        same(&whole, &out);
        assert_eq!(rows(&out), RUNS);
    }
}

#[test]
fn shards_in_any_order_and_one_of_them_twice() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let out = dir.path().join("out");
    for (turn, shard) in [2, 0, 2, 1].into_iter().enumerate() {
        // A shard joins what is there, with --resume and without.
        let resume = if turn == 0 { "" } else { " --resume" };
        let words = format!("sweep run plan.toml --out out --shard {shard}/3{resume}");
        let before = manifest_of(&out);
        say(dir.path(), &words).exits(0);
        let done = status(&out)["done"].as_u64().unwrap();
        assert!(done < RUNS || shard == 1, "{done}");
        // A shard does not merge: nobody knows whether the others are done.
        assert!(turn > 0 || !made(&out));
        assert!(turn == 0 || manifest_of(&out) == before);
        let merging = if shard == 1 { 0 } else { 3 };
        say(dir.path(), "sweep merge out").exits(merging);
        assert!(made(&out));
    }
    say(dir.path(), "sweep merge out").exits(0);
    same(&whole, &out);
    assert_eq!(rows(&out), RUNS, "a run was run twice");
}

fn manifest_of(out: &std::path::Path) -> Vec<u8> {
    fs::read(out.join("manifest.json")).unwrap_or_default()
}

/// Each leaves out what the others have done or have in hand, without a share and on the same one. Runs with firms take
/// longer than a worker needs to see what others do: of shorter ones more are run twice, and less is lost by each.
#[test]
fn workers_on_the_same_runs_do_little_twice() {
    let firms = "[set]\n\"firms.enabled\" = true\n\"firms.number\" = 2000\n\n[design]";
    let plan = with(
        &with(PLAN, "[design]", firms),
        "replicates = 10",
        "replicates = 5",
    );
    let runs = RUNS / 2;
    let of_whole = room(&plan);
    let whole = whole(of_whole.path());
    for shards in [&[""][..], &[" --shard 0/2", " --shard 1/2"]] {
        let dir = room(&plan);
        let out = dir.path().join("out");
        for shard in shards {
            let words =
                format!("sweep run plan.toml --out out --threads 1 --resume --quiet{shard}");
            let start = |_| Running::start(dir.path(), &words);
            let mut workers: Vec<Running> = (0..3).map(start).collect();
            for worker in &mut workers {
                worker.end().exits(0);
            }
        }
        let twice = rows(&out) - runs;
        assert!(twice < runs / 5, "{twice} runs of {runs} were run again");
        let logs = list(&out, "logs");
        let worked = logs.iter().filter(|log| dones(log) > 0).count();
        assert!(worked > shards.len(), "they did not work at the same time");
        say(dir.path(), "sweep merge out").exits(0);
        same(&whole, &out);
    }
}

#[test]
fn the_number_of_shards_may_change_between_sessions() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let out = dir.path().join("out");
    for shard in ["1/3", "0/3", "4/5", "1/5", "0/5", "3/5", "2/5"] {
        let words = format!("sweep run plan.toml --out out --shard {shard} --resume");
        say(dir.path(), &words).exits(0);
    }
    say(dir.path(), "sweep merge out").exits(0);
    same(&whole, &out);
    assert_eq!(rows(&out), RUNS, "a run was run twice");
}

/// Tasks of a cluster start in other folders and name the plan in other ways.
#[test]
fn a_plan_may_be_named_from_anywhere() {
    let dir = room(&with(PLAN, "\"none\"]", "\"own/mine.toml\"]"));
    fs::create_dir(dir.path().join("own")).unwrap();
    let layout = fs::read(dir.path().join("minimal/layouts/none.toml")).unwrap();
    fs::write(dir.path().join("own/mine.toml"), layout).unwrap();
    let whole = whole(dir.path());
    let plan = dir.path().join("plan.toml");
    let out = dir.path().join("out");
    let (plan, out_word) = (plan.to_str().unwrap(), out.to_str().unwrap());
    let below = dir.path().join("minimal");
    for (from, plan, shard) in [
        (dir.path(), "./plan.toml", "0/3"),
        (std::path::Path::new("/"), plan, "1/3"),
        (&*below, "../plan.toml", "2/3"),
    ] {
        let words = ["sweep", "run", plan, "--out", out_word, "--resume"];
        call(from, &[&words[..], &["--shard", shard]].concat()).exits(0);
    }
    call(&below, &["sweep", "merge", "../out"]).exits(0);
    assert!(merged(&out) == merged(&whole), "not the same");
    // The folder keeps the name by which the first to come called it.
    assert_eq!(manifest(&out)["sweep"]["plan"], "./plan.toml");
}
