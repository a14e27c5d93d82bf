//! The store under whatever may happen to it: interleavings of workers and merges with a crash at any
//! operation, in a world that forgets what was not synced and shows each process an old view.
//!
//! After each: what was synced is there; nothing that is not complete reads as complete; no tables of two
//! merges are mixed; whoever goes on comes to the bytes of an undisturbed run; and merging again changes
//! nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde_json::json;

use crate::store::checksum::sha256;
use crate::store::table::column::{ColumnDef, Kind, TableDef};
use crate::store::table::data::{Column, TableData};
use crate::store::{Format, StoreError};

use super::super::files::Files;
use super::super::folder::{whole_as_made_in, whole_in};
use super::super::manifest::read_all;
use super::super::stage::is_temp;
use super::fake::{Crash, Random, View, World};
use crate::store::*;

const DIR: &str = "/results";

fn dir() -> &'static Path {
    Path::new(DIR)
}

fn table(name: &str) -> TableDef {
    let columns = vec![
        ColumnDef::new("replicate", Kind::Int, "", ""),
        ColumnDef::new("layout", Kind::Int, "", ""),
        ColumnDef::new("value", Kind::Float, "", ""),
    ];
    TableDef::new(name, "", columns)
}

fn asked(kind: ResultKind, replicates: u32) -> Asked {
    let layouts = match kind {
        ResultKind::Run => vec!["a"],
        _ => vec!["a", "b"],
    };
    let layout = |name: &&str| LayoutAsked {
        name: (*name).to_owned(),
        resolved: format!("layout = {name}\n"),
        ..LayoutAsked::default()
    };
    let points: Vec<PointRow> = ["x=1", "x=2"]
        .map(|setting| PointRow::new(vec![setting.to_owned()]))
        .to_vec();
    let ids = || Column::text(points.iter().map(|point| Some(point.id.as_str())));
    let missing = || Column::text(points.iter().map(|_| None));
    let rows = TableData::new(
        "points",
        vec![
            Column::Int(vec![Some(0), Some(1)]),
            ids(),
            Column::Int(vec![None; 2]),
            missing(),
            missing(),
            Column::Int(vec![None; 2]),
            Column::text([Some("x=1"), Some("x=2")]),
        ],
    );
    let slot = SlotEntry {
        outcome: "value".into(),
        group_kind: "national".into(),
        group: None,
        horizon: None,
    };
    Asked {
        kind,
        request: json!({ "replicates": replicates }),
        scenario: "s".into(),
        layout: String::new(),
        layouts: layouts.iter().map(layout).collect(),
        inputs: Vec::new(),
        seed: 1,
        first_replicate: 0,
        replicates,
        format: Format::Csv,
        tables: match kind {
            ResultKind::Sweep => Vec::new(),
            _ => vec![table("first"), table("second")],
        },
        comparison: (kind == ResultKind::Comparison).then(|| ComparisonAsked {
            horizons: Vec::new(),
            derivation: Derivation::default(),
            derived: vec![table("derived")],
        }),
        sweep: (kind == ResultKind::Sweep).then(|| SweepAsked {
            sweep: Sweep {
                name: "s".into(),
                slots: vec![slot],
                rows: 2,
                ..Sweep::default()
            },
            plan: format!("replicates = {replicates}\n"),
            points,
            table: rows,
        }),
    }
}

fn value(job: Job, part: u32) -> f64 {
    f64::from(job.point * 1000 + u32::from(job.layout) * 100 + job.replicate * 10 + part)
}

fn payload(folder: &Folder, job: Job) -> Payload {
    if folder.manifest().sweep.is_some() {
        return Payload::Values(vec![value(job, 0)]);
    }
    let rows = |name: &str, part| {
        let replicate = Column::Int(vec![Some(job.replicate.into())]);
        let layout = Column::Int(vec![Some(job.layout.into())]);
        let value = Column::Float(vec![value(job, part)]);
        TableData::new(name, vec![replicate, layout, value])
    };
    let encoded = folder
        .encoder()
        .encode(vec![rows("first", 1), rows("second", 2)]);
    encoded.unwrap()
}

fn derive(kept: &Kept<'_>) -> Result<Vec<TableData>, StoreError> {
    let mut columns = vec![
        Column::empty(Kind::Int),
        Column::empty(Kind::Int),
        Column::empty(Kind::Float),
    ];
    for replicate in kept.replicates() {
        let more = kept.columns(replicate, "second", &["replicate", "layout", "value"])?;
        let pairs = columns.into_iter().zip(more);
        columns = pairs
            .map(|(all, more)| Column::join(vec![all, more]))
            .collect();
    }
    Ok(vec![TableData::new("derived", columns)])
}

fn make() -> Make<'static> {
    Make {
        command: &|_| String::new(),
        derive: &derive,
    }
}

fn merge(folder: &Folder) -> Result<Manifest, StoreError> {
    match folder.manifest().kind {
        ResultKind::Comparison => folder.merge(&make()),
        _ => folder.merge(&Make::default()),
    }
}

/// What a process does.
#[derive(Clone, Copy, Debug)]
enum Role {
    /// Runs the jobs of a share, stopping early perhaps, and merges.
    Work(Shard, u32),
    /// Merges what is there.
    Merge,
    /// Reads, again and again.
    Read,
}

/// What came of a process.
#[derive(Debug, Default)]
struct Outcome {
    merged: bool,
    error: Option<StoreError>,
    reads: u32,
}

fn work(
    view: &Arc<View>,
    kind: ResultKind,
    shard: Shard,
    replicates: u32,
) -> Result<bool, StoreError> {
    let files: Arc<dyn Files> = view.clone();
    let (folder, prepared) =
        Folder::prepare_in(files, dir(), asked(kind, replicates), Start::Join)?;
    if prepared == Prepared::Whole {
        return Ok(false);
    }
    let mut found = folder.scan(Some(shard))?;
    let mut worker = folder.worker(shard, 1, vec!["pointplane".into()])?;
    worker.full_at([200, 900, u64::MAX][view.draw(3)]);
    let jobs = folder.jobs();
    let stop = view.draw(3 * jobs.len());
    for (turn, at) in (0..jobs.len()).enumerate() {
        let own = at % shard.of as usize == shard.number as usize;
        if own && view.draw(3) == 0 {
            // What others have done since is left to them.
            found.read_on(&folder, Some(shard), worker.id())?;
        }
        if !own || found.state(at) == State::Done {
            continue;
        }
        if turn >= stop {
            worker.end(End::Interrupted)?;
            folder.settle()?;
            return Ok(false);
        }
        let job = jobs.job(at);
        worker.took(job)?;
        worker.keep(job, 0.5, Ok(payload(&folder, job)))?;
    }
    worker.end(End::Whole)?;
    match merge(&folder) {
        Err(StoreError::Incomplete { .. }) => folder.settle().map(|_| false),
        other => other.map(|_| true),
    }
}

/// Reads what is there, and holds it against what can be.
fn read(view: &Arc<View>, kind: ResultKind) -> Result<u32, StoreError> {
    let files: &dyn Files = &**view;
    let mut reads = 0;
    for _ in 0..8 {
        idle(view, 30);
        match whole_in(files, dir()) {
            Ok(manifest) => {
                reads += 1;
                is_what_it_says(kind, &manifest);
            }
            Err(
                StoreError::NotMade { .. }
                | StoreError::NotWhole { .. }
                | StoreError::NotARun { .. },
            ) => {}
            Err(error) => return Err(error),
        }
        if let Ok(manifest) = whole_as_made_in(files, dir()) {
            let of = |name: &str| manifest.tables.iter().find(|table| table.name == name);
            let texts: Vec<Option<Vec<u8>>> = ["runs", "outcomes"]
                .iter()
                .map(|name| {
                    let entry = of(name)?;
                    let bytes = read_all(files, &dir().join(&entry.file)).ok()?;
                    (Some(sha256(&bytes)) == entry.sha256).then_some(bytes)
                })
                .collect();
            if let [Some(runs), Some(outcomes)] = &texts[..] {
                reads += 1;
                one_merge(runs, outcomes);
            }
        }
    }
    Ok(reads)
}

/// The tables of a sweep tell the same runs.
fn one_merge(runs: &[u8], outcomes: &[u8]) {
    let rows = |text: &[u8], done: bool| -> BTreeSet<String> {
        let text = String::from_utf8(text.to_vec()).unwrap();
        let rows = text
            .lines()
            .skip(1)
            .filter(|row| !done || row.contains(",done,"));
        rows.map(|row| row.split(',').take(3).collect::<Vec<_>>().join(","))
            .collect()
    };
    assert_eq!(
        rows(runs, true),
        rows(outcomes, false),
        "tables of two merges"
    );
}

/// A manifest that says complete has the checksums of an undisturbed run.
fn is_what_it_says(kind: ResultKind, manifest: &Manifest) {
    let expected = undisturbed(kind, manifest.replicates);
    for table in &manifest.tables {
        let bytes = &expected[&dir().join(&table.file)];
        assert_eq!(
            table.sha256,
            Some(sha256(bytes)),
            "{} reads as complete",
            table.file
        );
    }
    assert_eq!(manifest.replicates_done, manifest.replicates);
}

/// The files of an undisturbed run.
fn undisturbed(kind: ResultKind, replicates: u32) -> &'static BTreeMap<PathBuf, Vec<u8>> {
    type Files = BTreeMap<PathBuf, Vec<u8>>;
    static ALL: OnceLock<BTreeMap<(String, u32), Files>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut all = BTreeMap::new();
        for kind in KINDS {
            for replicates in [2, 3] {
                let world = World::new(0, 1, false);
                finish(&world, 0, kind, replicates);
                all.insert((kind.to_string(), replicates), world.files());
            }
        }
        all
    });
    &all[&(kind.to_string(), replicates)]
}

/// Goes on with whatever is there until it is complete.
fn finish(world: &World, who: usize, kind: ResultKind, replicates: u32) -> Manifest {
    world.leave_to(who);
    let files: Arc<dyn Files> = world.view(who);
    let (folder, _) =
        Folder::prepare_in(files, dir(), asked(kind, replicates), Start::Join).unwrap();
    if let Some(whole) = folder.complete().unwrap() {
        return whole;
    }
    let found = folder.scan(None).unwrap();
    let mut worker = folder.worker(Shard::ALL, 1, Vec::new()).unwrap();
    let jobs = folder.jobs();
    for at in (0..jobs.len()).filter(|at| found.state(*at) != State::Done) {
        let job = jobs.job(at);
        worker.keep(job, 0.5, Ok(payload(&folder, job))).unwrap();
    }
    worker.end(End::Whole).unwrap();
    merge(&folder).unwrap()
}

const KINDS: [ResultKind; 3] = [ResultKind::Run, ResultKind::Comparison, ResultKind::Sweep];

/// What happened in all interleavings.
#[derive(Debug, Default)]
struct Tally {
    interleavings: u64,
    operations: u64,
    crashes: u64,
    full: u64,
    merges: u64,
    together: u64,
    busy: u64,
    complete_reads: u64,
}

/// One interleaving: one or two rounds of processes side by side, then somebody who goes on to the end.
fn interleave(seed: u64, tell: bool, tally: &mut Tally) {
    let mut random = Random::new(seed);
    let kind = KINDS[random.below(3)];
    let network = random.one_in(2);
    // More replicates may be asked for while others are at work on fewer; of a run that cannot be.
    let extends = kind != ResultKind::Run && random.one_in(3);
    let rounds: Vec<Vec<Role>> = (0..1 + random.below(2))
        .map(|_| roles(&mut random, extends))
        .collect();
    let last = rounds.iter().map(Vec::len).sum();
    let world = World::new(seed, last + 1, network);
    if tell {
        world.tell();
        eprintln!("{kind}, network {network}: {rounds:?}");
    }
    let mut first = 0;
    let mut extended = false;
    for round in rounds {
        let who = first..first + round.len();
        first = who.end;
        world.begin(who.clone());
        let crash = if random.one_in(3) {
            Crash::Kill
        } else {
            Crash::Power
        };
        let after = 1 + random.below(40 + 60 * round.len()) as u64;
        if !random.one_in(4) {
            world.crash_after(after, crash);
        }
        let full = random.one_in(8);
        world.room(if full {
            2_000 + random.below(40_000)
        } else {
            usize::MAX
        });
        extended |= round.iter().any(|role| matches!(role, Role::Work(_, 3)));
        run_round(&world, who, kind, &round, full, extended, tally);
        world.room(usize::MAX);
    }
    tally.interleavings += 1;
    world.leave_to(last);
    let view = world.view(last);
    survives(&world, &view, kind);
    let replicates = if extends { 3 } else { 2 };
    let manifest = finish(&world, last, kind, replicates);
    assert_eq!(manifest.status, Status::Complete, "{:?}", manifest.jobs);
    is_what_it_says(kind, &manifest);
    let files = world.files();
    for (path, bytes) in undisturbed(kind, replicates) {
        let own = !path.starts_with(dir().join("logs")) && !path.ends_with("manifest.json");
        let same = files.get(path) == Some(bytes);
        let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        let there = files.get(path).map(text);
        assert!(
            !own || same,
            "{}: {there:?} not {}",
            path.display(),
            text(bytes)
        );
    }
    // Again, and again: nothing changes.
    let folder = Folder::open_in(world.view(last), dir()).unwrap();
    let manifest = merge(&folder).unwrap();
    let files = world.files();
    let again = merge(&folder).unwrap();
    assert!(again == manifest, "a second merge says something else");
    assert!(world.files() == files, "a second merge changed something");
    let left = files.keys().filter_map(|path| path.file_name()?.to_str());
    let left: Vec<&str> = left.filter(|name| is_temp(name)).collect();
    assert!(network || left.is_empty(), "left behind: {left:?}");
    tally.operations += world.operations();
}

/// One to three workers, none to two merges, perhaps a reader.
fn roles(random: &mut Random, extends: bool) -> Vec<Role> {
    let workers = 1 + random.below(3) as u32;
    let of = 1 + random.below(workers as usize) as u32;
    let mut roles = Vec::new();
    for worker in 0..workers {
        let number = worker % of;
        let replicates = if extends && random.one_in(2) { 3 } else { 2 };
        roles.push(Role::Work(Shard { number, of }, replicates));
    }
    roles.extend((0..random.below(3)).map(|_| Role::Merge));
    if random.one_in(2) {
        roles.push(Role::Read);
    }
    roles
}

fn run_round(
    world: &World,
    who: std::ops::Range<usize>,
    kind: ResultKind,
    roles: &[Role],
    full: bool,
    extended: bool,
    tally: &mut Tally,
) {
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let spawn = |(me, role): (usize, &Role)| {
            let (view, role) = (world.view(me), *role);
            scope.spawn(move || {
                let ran = act(&view, kind, role);
                view.finish();
                ran
            })
        };
        let threads: Vec<_> = who.clone().zip(roles).map(spawn).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.map(|ran| ran.unwrap()).collect()
    });
    let crashed = who.clone().any(|who| !world.is_alive(who));
    tally.crashes += u64::from(crashed);
    let (mut merged, mut busy) = (0, 0);
    for (me, outcome) in who.clone().zip(&outcomes) {
        tally.complete_reads += u64::from(outcome.reads);
        merged += u64::from(outcome.merged);
        match &outcome.error {
            None => {}
            Some(_) if !world.is_alive(me) => {}
            Some(StoreError::DiskFull { .. }) if full => tally.full += 1,
            Some(StoreError::Busy { .. }) => busy += 1,
            // Others were faster, or have asked for more; or a merge came before there was anything.
            Some(
                StoreError::Superseded { .. }
                | StoreError::TooMany { .. }
                | StoreError::NotARun { .. }
                | StoreError::NotWhole { .. }
                | StoreError::Damaged { .. }
                | StoreError::Incomplete { .. },
            ) => {}
            Some(error) => panic!("{:?}: {error}", roles[me - who.start]),
        }
    }
    tally.merges += merged;
    tally.together += u64::from(merged > 1);
    tally.busy += busy;
    // What lies there now is what it says.
    let files = world.files();
    let manifest = files.get(&dir().join("manifest.json"));
    let manifest: Option<Manifest> = manifest.and_then(|bytes| serde_json::from_slice(bytes).ok());
    let is_there = |table: &TableEntry| {
        let bytes = files.get(&dir().join(&table.file));
        bytes.is_some_and(|bytes| Some(sha256(bytes)) == table.sha256)
    };
    let status = manifest.as_ref().map(|manifest| manifest.status);
    let whole = manifest.filter(|manifest| manifest.tables.iter().all(is_there));
    if let Some(manifest) = &whole {
        let of = |name: &str| files.get(&dir().join(name));
        if let (Some(runs), Some(outcomes)) = (of("runs.csv"), of("outcomes.csv")) {
            one_merge(runs, outcomes);
        }
        if manifest.status == Status::Complete {
            is_what_it_says(kind, manifest);
        }
    }
    // Without a crash, what the last merge made lies there whole, unless more was asked for, or one could
    // not end. A worker with an old view of the disk may say afterwards that it is partial, or, where it does not
    // see the end of the last session either, running: then the copy beside the logs stands, by which whoever
    // looks next sets that right.
    let vouched = kind != ResultKind::Sweep
        && matches!(status, Some(Status::Partial | Status::Running))
        && files.contains_key(&dir().join("logs/complete.log"));
    if !crashed && !full && !extended && busy == 0 && merged > 0 {
        assert!(
            whole.is_some() || vouched,
            "{kind} ({status:?}) is not whole after {merged} merges: {outcomes:?}"
        );
    }
}

/// What a process does, and what comes of it.
fn act(view: &Arc<View>, kind: ResultKind, role: Role) -> Outcome {
    let ran = match role {
        Role::Work(shard, replicates) => work(view, kind, shard, replicates).map(|m| (m, 0)),
        Role::Merge => merge_often(view).map(|()| (true, 0)),
        Role::Read => read(view, kind).map(|reads| (false, reads)),
    };
    match ran {
        Ok((merged, reads)) => Outcome {
            merged,
            error: None,
            reads,
        },
        Err(error) => Outcome {
            error: Some(error),
            ..Outcome::default()
        },
    }
}

/// Merges three times, while others do something else.
fn merge_often(view: &Arc<View>) -> Result<(), StoreError> {
    let mut merged = Ok(());
    for _ in 0..3 {
        idle(view, 50);
        let folder = Folder::open_in(view.clone(), dir());
        merged = folder.and_then(|folder| merge(&folder)).map(drop);
    }
    merged
}

/// Lets others go first.
fn idle(view: &Arc<View>, most: usize) {
    for _ in 0..view.draw(most) {
        let _ = view.look(dir());
    }
}

/// Every job that was in a log when it was synced is there, unless it is complete already.
fn survives(world: &World, view: &Arc<View>, kind: ResultKind) {
    let mut synced: BTreeSet<String> = BTreeSet::new();
    for bytes in world.synced() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let jobs = text
            .lines()
            .filter_map(|line| line.strip_prefix("{\"done\":{\"job\":["));
        synced.extend(jobs.filter_map(|rest| Some(rest.split_once(']')?.0.to_owned())));
    }
    if synced.is_empty() {
        return;
    }
    let files: Arc<dyn Files> = view.clone();
    // Its texts may be missing; they are written when somebody goes on.
    let asked = |replicates| asked(kind, replicates);
    let replicates = match Manifest::load_from(&*files, dir()) {
        Ok(manifest) => manifest.replicates,
        Err(error) => panic!("{synced:?} were synced: {error}"),
    };
    let folder = Folder::prepare_in(files, dir(), asked(replicates), Start::Join);
    let (folder, _) = folder.unwrap();
    if folder.complete().unwrap().is_some() && kind == ResultKind::Run {
        return;
    }
    let found = folder.scan(None).unwrap();
    let jobs = folder.jobs();
    let done = (0..jobs.len()).filter(|at| found.state(*at) == State::Done);
    let name = |at| {
        let job = jobs.job(at);
        let (point, layout) = jobs.names(job).unwrap();
        format!("\"{point}\",\"{layout}\",{}", job.replicate)
    };
    let there: BTreeSet<String> = done.map(name).collect();
    // Those of more replicates than are asked for count only as others.
    let wanted = synced
        .iter()
        .filter(|name| replicates == 3 || !name.ends_with(",2"));
    let lost: Vec<&String> = wanted.filter(|name| !there.contains(*name)).collect();
    assert!(lost.is_empty(), "{lost:?} were synced and are gone");
}

/// How many interleavings: some in every test run, more when the environment asks for more.
fn how_many() -> u64 {
    let asked = std::env::var("POINTPLANE_INTERLEAVINGS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(2_000)
}

#[test]
fn nothing_is_lost_or_mixed_whatever_happens() {
    let began = std::time::Instant::now();
    let mut tally = Tally::default();
    let only = std::env::var("POINTPLANE_INTERLEAVING").ok();
    if let Some(seed) = only.and_then(|seed| seed.parse().ok()) {
        interleave(seed, true, &mut tally);
        return;
    }
    let many = how_many();
    for seed in 0..many {
        let ran = std::panic::catch_unwind(|| {
            let mut tally = Tally::default();
            interleave(seed, false, &mut tally);
            tally
        });
        let Ok(ran) = ran else {
            panic!("interleaving {seed}: POINTPLANE_INTERLEAVING={seed} does it again");
        };
        tally.interleavings += ran.interleavings;
        tally.operations += ran.operations;
        tally.crashes += ran.crashes;
        tally.full += ran.full;
        tally.merges += ran.merges;
        tally.together += ran.together;
        tally.busy += ran.busy;
        tally.complete_reads += ran.complete_reads;
    }
    println!("{tally:?} in {:.1} s", began.elapsed().as_secs_f64());
    // The simulation is one of what it should be.
    assert!(
        2 * tally.crashes > many && 4 * tally.merges > many,
        "{tally:?}"
    );
    assert!(
        20 * tally.together > many && 20 * tally.complete_reads > many,
        "{tally:?}"
    );
}
