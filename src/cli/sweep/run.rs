//! `pointplane sweep run`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;

use crate::experiment::sweep::Work;
use crate::experiment::{Ended, Order, Outcome, Progress, Shard};
use crate::store::sweep::{Prepared, State, scan};
use crate::texts::say;

use super::super::arguments::{SayArgs, ThreadArgs};
use super::super::progress::Bar;
use super::super::session::{quote, session};
use super::super::{Exit, lang, print_json, say, signals};
use super::common::{self, Planned};
use super::merge;

/// Arguments of `sweep run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane sweep run plan.toml --out results/mine
  pointplane sweep run plan.toml --out results/mine --resume
  pointplane sweep run plan.toml --out results/mine --shard 3/16 --threads 4 --time-limit 2h --resume

Any number of workers, on any machines that see the folder, may work on one sweep, each on its --shard;
with --resume a sweep that is not there is begun and one that is there is joined. Nothing is ever
counted twice and nothing that was finished is lost. Before its time limit, and within seconds of
SIGTERM or SIGUSR1, a worker keeps what is finished and ends with exit code 3.
Exit codes: 0 all runs are done, 3 some are left or have failed, 1 failed, 2 wrong input.")]
pub struct Arguments {
    /// The plan
    plan: PathBuf,
    /// Folder of the sweep [default: results/NAME]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    out: Option<PathBuf>,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Share of the runs: the I-th of N, where I counts from 0 (the rank of a cluster's task)
    #[arg(long, value_name = "I/N", overrides_with = "shard", default_value = "0/1", value_parser = shard)]
    shard: Shard,
    /// End before so long: 90s, 30m, 2h, 1d, or 01:30:00
    #[arg(long, value_name = "TIME", overrides_with = "time_limit", value_parser = duration)]
    time_limit: Option<Duration>,
    /// Go on with a sweep, or join others that work on it
    #[arg(long)]
    resume: bool,
    /// Run those that failed again
    #[arg(long, requires = "resume")]
    retry_failed: bool,
    #[command(flatten)]
    say: SayArgs,
}

fn shard(text: &str) -> Result<Shard, String> {
    let parsed = text.split_once('/').and_then(|(number, of)| {
        Some(Shard {
            number: number.trim().parse().ok()?,
            of: of.trim().parse().ok()?,
        })
    });
    match parsed {
        Some(shard) if shard.number < shard.of => Ok(shard),
        Some(Shard { of, .. }) if of > 0 => Err(format!(
            "the number of a shard counts from 0 to {} here",
            of - 1
        )),
        _ => Err("must be I/N, for example 0/16 for the first of 16".to_owned()),
    }
}

/// A duration as people and schedulers write it.
pub fn duration(text: &str) -> Result<Duration, String> {
    let bad = || "is not a time: write 90s, 30m, 2h, 1d, or 01:30:00".to_owned();
    let days = text
        .trim()
        .strip_suffix('d')
        .map(|days| days.trim().parse::<f64>());
    if let Some(Ok(days)) = days {
        return Duration::try_from_secs_f64(days * 86_400.0).map_err(|_| bad());
    }
    let parsed: jiff::SignedDuration = text.trim().parse().map_err(|_| bad())?;
    match Duration::try_from(parsed) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(bad()),
    }
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let began = Instant::now();
    let threads = arguments.threads.threads();
    let mut session = match session(threads) {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    signals::watch(&session.stop, signals::From::Scheduler);
    session.deadline = arguments.time_limit.map(|limit| began + limit);
    let mut planned = match common::read(&arguments.plan, arguments.say.json) {
        Ok(planned) => planned,
        Err(exit) => return exit,
    };
    if let Err(exit) = planned.fits(threads, arguments.say.json) {
        return exit;
    }
    let dir = arguments.out.clone().unwrap_or_else(|| planned.folder());
    let prepared = match planned.prepare(&dir, arguments.resume, arguments.say.json) {
        Ok(prepared) => prepared,
        Err(exit) => return exit,
    };
    let Planned {
        plan,
        index,
        manifest,
        ..
    } = &planned;
    let shard = arguments.shard;
    let states = match scan(&dir, manifest, index, Some(shard)) {
        Ok(states) => states,
        Err(error) => return common::refused(&error, arguments.say.json),
    };
    let work = Work {
        plan,
        jobs: index,
        manifest,
        dir: &dir,
        shard,
        retry_failed: arguments.retry_failed,
    };
    let all = work.order().count(|_| true);
    let todo = work.order().count(|job| work.wants(states[index.at(job)]));
    if !arguments.say.quiet {
        planned.warn();
        if prepared == Prepared::Extended {
            say(say!(lang(), "sweep-extended"));
        }
        let (name, dir) = (&manifest.name, dir.display().to_string());
        say(&if shard.of > 1 {
            let shard = format!("{}/{}", shard.number, shard.of);
            say!(lang(), "sweep-todo-shard", name, todo, all, shard, dir)
        } else {
            say!(lang(), "sweep-todo", name, todo, all, dir)
        });
    }
    let bar = Arc::new(Bar::new(
        say!(lang(), "bar-runs"),
        all,
        1,
        all - todo,
        arguments.say.quiet,
    ));
    let heard: Arc<dyn Progress> = bar.clone();
    let outcome = if todo == 0 {
        Ok(Outcome::default())
    } else {
        work.run(&states, &session, &heard)
    };
    bar.done();
    let again = || {
        let mut words = format!(
            "pointplane sweep run {} --out {}",
            quote(&arguments.plan.to_string_lossy()),
            quote(&dir.to_string_lossy())
        );
        if shard.of > 1 {
            words.push_str(&format!(" --shard {}/{}", shard.number, shard.of));
        }
        say!(lang(), "go-on-with", command = words + " --resume")
    };
    let exit = match outcome.map(|outcome| outcome.ended) {
        Err(error) => {
            say(&say!(lang(), "error", error = error.to_string()));
            say(&again());
            return Exit::Failed;
        }
        Ok(Ended::Whole) => Exit::Done,
        Ok(Ended::TimeLimit) => {
            say(&say!(lang(), "stopped-time", again = again()));
            Exit::Partly
        }
        Ok(Ended::Stopped) => {
            say(&say!(lang(), "stopped", again = again()));
            if session.stop.is_at_once() {
                Exit::Partly
            } else {
                Exit::Interrupted
            }
        }
    };
    finish(arguments, &planned, &dir, shard, exit)
}

/// What is said at the end, after the tables are made when this worker had everything to do.
fn finish(
    arguments: &Arguments,
    planned: &Planned,
    dir: &std::path::Path,
    shard: Shard,
    exit: Exit,
) -> Exit {
    let Planned {
        index, manifest, ..
    } = planned;
    let exit = if exit == Exit::Done && shard.of == 1 {
        let opened = common::Opened {
            manifest: manifest.clone(),
            index: index.as_ref().clone(),
            points: planned.points.clone(),
        };
        merge::merge_and_say(&opened, dir, arguments.say.quiet, false)
    } else {
        let states = match scan(dir, manifest, index, Some(shard)) {
            Ok(states) => states,
            Err(error) => return common::refused(&error, arguments.say.json),
        };
        let order = Order::new(index, planned.plan.is_scattered(), shard);
        let failed = order.count(|job| states[index.at(job)] == State::Failed);
        if failed > 0 {
            say(&say!(lang(), "runs-failed", n = failed));
        }
        match exit {
            Exit::Done if failed > 0 => Exit::Partly,
            exit => exit,
        }
    };
    if arguments.say.json {
        return match crate::store::sweep::status(dir, manifest, index) {
            Ok(status) => match print_json(&status) {
                Exit::Done => exit,
                other => other,
            },
            Err(error) => common::refused(&error, true),
        };
    }
    exit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_count_from_zero() {
        assert_eq!(shard("3/16"), Ok(Shard { number: 3, of: 16 }));
        assert!(shard("16/16").unwrap_err().contains("0 to 15"));
        for wrong in ["", "1", "-1/4", "a/b", "0/0", "1/-2"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_read_as_people_and_schedulers_write_them() {
        for (text, seconds) in [
            ("90s", 90),
            ("30m", 1800),
            ("2h", 7200),
            ("1d", 86_400),
            ("1h 30m", 5400),
            ("01:30:00", 5400),
        ] {
            assert_eq!(duration(text).unwrap().as_secs(), seconds, "{text}");
        }
        for wrong in ["", "2", "-1h", "0s", "soon", "1e99d", "nand"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
