//! The model page says how to draw its random numbers: a program of another language that was written from the page
//! alone draws the same.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use pointplane::draw::{Luck, Process, beta, id_hash};
use pointplane::model::{self, Innovation, Listener};
use pointplane::world::World;

use crate::common::{Dice, plain, world, zone};
use crate::tools::there;

/// A draw that is asked for, and what the engine has for it.
struct Draw {
    row: String,
    words: [u32; 2],
    uniform: f64,
    value: f64,
}

/// An id of any letters but those that end a cell of a table.
fn id(dice: &mut Dice) -> String {
    const LETTERS: [char; 12] = ['a', 'Z', '0', '_', '-', '.', 'é', 'ß', '沪', '片', '𝛉', '~'];
    (0..dice.whole(1, 12))
        .map(|_| LETTERS[dice.whole(0, LETTERS.len() - 1)])
        .collect()
}

/// Random words, uniforms and exponentials under names of all sorts.
fn named(dice: &mut Dice) -> Draw {
    let seed = [dice.bits(), 1, u64::MAX, 1 << 32][dice.whole(0, 3)];
    let replicate = [dice.bits() as u32, 0, 1, u32::MAX - 1][dice.whole(0, 3)];
    let serial = [dice.bits() as u32, 0, 1, u32::MAX][dice.whole(0, 3)];
    let (first, second, domain) = (id(dice), id(dice), id(dice));
    let luck = Luck::new(seed, replicate);
    let (process, second, domain) = match dice.whole(0, 8) {
        0 => (Process::Arrival, "", ""),
        1 => (Process::Domain, "", ""),
        2 => (Process::Orientation, "", ""),
        3 => (Process::Implementation, "", ""),
        4 => (Process::Failure, "", ""),
        5 => (Process::Abandonment, second.as_str(), ""),
        6 => (Process::FirmDegree, second.as_str(), ""),
        7 => (Process::FirmThreshold, second.as_str(), domain.as_str()),
        _ => (Process::Threshold, second.as_str(), ""),
    };
    let hash = |text: &str| if text.is_empty() { 0 } else { id_hash(text) };
    let (one, two) = (id_hash(&first), hash(second) ^ hash(domain));
    let number = process as u16;
    let [a, b, ..] = luck.words(process, one, two, serial, 0);
    let uniform = luck.uniform(process, one, two, serial);
    let value = match process {
        Process::Domain | Process::Orientation | Process::FirmDegree => uniform,
        // As the engine has it, many at once.
        _ => luck.exponentials(process, std::iter::once((one, two, serial)))[0],
    };
    Draw {
        row: format!("{seed},{replicate},{number},{first},{second},{domain},{serial},,"),
        words: [a, b],
        uniform,
        value,
    }
}

/// The qualities of a replicate.
#[derive(Default)]
struct Qualities(Vec<Innovation>);

impl Listener for Qualities {
    fn start(&mut self, _: &World, innovations: &[Innovation]) {
        self.0 = innovations.to_vec();
    }
}

/// The qualities of a run's innovations.
fn qualities(seed: u64, replicate: u32, mean: f64, concentration: f64) -> Vec<Draw> {
    let ids = ["coast_harbor", "沪片", "z"];
    let mut scenario = plain(12, ids.map(|id| zone(id, "p", 0, 60)).to_vec(), vec![]);
    scenario.point.arrival_rate = 0.5;
    scenario.point.quality_base = mean;
    scenario.point.quality_concentration = concentration;
    let world = world(&scenario);
    let mut found = Qualities::default();
    model::run(&world, seed, replicate, &mut found).unwrap();
    let draw = |k: Innovation| {
        let id = &world.places.id[k.first[0]];
        let luck = Luck::new(seed, replicate);
        let [a, b, ..] = luck.words(Process::Quality, id_hash(id), 0, k.serial, 0);
        Draw {
            row: format!(
                "{seed},{replicate},3,{id},,,{},{mean},{concentration}",
                k.serial
            ),
            words: [a, b],
            uniform: luck.uniform(Process::Quality, id_hash(id), 0, k.serial),
            value: k.quality,
        }
    };
    found.0.into_iter().map(draw).collect()
}

/// Draws again from the page; none where there is no Python, unless `POINTPLANE_NEEDS_PYTHON=1` (as in `.ci/run`).
#[track_caller]
fn drawn(draws: &[Draw]) -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/draws.py");
    let dir = tempfile::tempdir().expect("a folder");
    let asked = dir.path().join("asked.csv");
    let head = "seed,replicate,process,first,second,domain,serial,mean,concentration";
    let rows = draws.iter().map(|draw| draw.row.as_str());
    let text: Vec<&str> = std::iter::once(head).chain(rows).collect();
    fs::write(&asked, text.join("\n")).expect("written");
    let done = Command::new("python3")
        .args(["-X", "utf8"])
        .arg(script)
        .stdin(fs::File::open(&asked).expect("there"))
        .stderr(Stdio::inherit())
        .output();
    let found = !matches!(&done, Err(error) if error.kind() == std::io::ErrorKind::NotFound);
    let required = std::env::var("POINTPLANE_NEEDS_PYTHON").is_ok_and(|v| v == "1");
    assert!(found || !required, "Python is required and not installed");
    if !there(found, "no python3 here (Debian: apt-get install python3)") {
        return None;
    }
    let done = done.expect("Python runs");
    assert!(done.status.success());
    Some(String::from_utf8(done.stdout).expect("text"))
}

/// Bit for bit: words, uniforms, exponentials and qualities.
#[test]
fn the_page_is_enough_to_draw_the_same_numbers() {
    let dice = &mut Dice::new(178);
    let mut draws: Vec<Draw> = (0..3000).map(|_| named(dice)).collect();
    // Both of Cheng's algorithms, either shape the larger one or both equal, and the ends of the range.
    for (mean, concentration) in [
        (0.5, 6.0),
        (0.3, 20.0),
        (0.8, 20.0),
        (0.5, 10_000.0),
        (0.2, 3.0),
        (0.8, 3.0),
        (0.5, 2.0),
        (0.5, 1.0),
        (0.2, 0.9),
        (0.8, 0.9),
        (0.5, 0.01),
        (0.001, 0.01),
        (0.999, 10_000.0),
    ] {
        draws.extend(qualities(
            dice.bits(),
            dice.bits() as u32,
            mean,
            concentration,
        ));
    }
    let qualities = draws.len() - 3000;
    assert!(qualities > 1500, "{qualities}");
    let Some(drawn) = drawn(&draws) else { return };
    let mut rows = drawn.lines().skip(1);
    for draw in &draws {
        let row = rows.next().expect("a row for each");
        let cells: Vec<&str> = row.rsplitn(5, ',').collect();
        let number = |at: usize| cells[at].parse::<f64>().expect("a number");
        assert_eq!(cells[4], draw.row);
        assert_eq!(
            [cells[3], cells[2]],
            draw.words.map(|w| w.to_string()),
            "{row}"
        );
        assert_eq!(number(1).to_bits(), draw.uniform.to_bits(), "{row}");
        assert_eq!(number(0).to_bits(), draw.value.to_bits(), "{row}");
    }
    assert_eq!(rows.next(), None);
}

/// 1,000 draws, stored: every platform has to draw these bits. They are `cut -d, -f1-9 tests/draws.csv | python3 python/draws.py`, which
/// was written from the page and has logarithms and exponentials of its own.
#[test]
fn stored_draws_have_the_same_bits() {
    let stored = include_str!("draws.csv");
    let mut rows = 0;
    for row in stored.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let [
            seed,
            replicate,
            process,
            first,
            second,
            domain,
            serial,
            mean,
            concentration,
            ..,
        ] = cells[..]
        else {
            panic!("{row}");
        };
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let luck = Luck::new(
            seed.parse().expect("a seed"),
            replicate.parse().expect("a number"),
        );
        let hash = |text: &str| if text.is_empty() { 0 } else { id_hash(text) };
        let (one, two) = (hash(first), hash(second) ^ hash(domain));
        let serial: u32 = serial.parse().expect("a number");
        let (process, values) = match process {
            "3" => {
                let mut stream = luck.stream(Process::Quality, one, two, serial);
                let mean = number(mean);
                let shapes = [mean, 1.0 - mean].map(|share| number(concentration) * share);
                (
                    Process::Quality,
                    vec![beta(shapes[0], shapes[1], &mut stream).clamp(1e-9, 1.0 - 1e-9)],
                )
            }
            "7" => {
                let names = std::iter::once((one, two, serial));
                let process = Process::Threshold;
                let many = luck.exponentials(process, names)[0];
                (
                    process,
                    vec![many, luck.exponential(process, one, two, serial)],
                )
            }
            _ => panic!("{row}"),
        };
        let uniform = luck.uniform(process, one, two, serial);
        assert_eq!(uniform.to_bits(), number(cells[11]).to_bits(), "{row}");
        for value in values {
            assert_eq!(
                value.to_bits(),
                number(cells[12]).to_bits(),
                "{row}: {value}"
            );
        }
        rows += 1;
    }
    assert_eq!(rows, 1000);
}

#[test]
fn the_example_of_the_page_is_the_engines() {
    let place = id_hash("seamouth");
    let zone = id_hash("coast_harbor");
    let luck = Luck::new(1, 0);
    let uniform = luck.uniform(Process::Threshold, place, zone, 1);
    let theta = luck.exponential(Process::Threshold, place, zone, 1);
    let quality = qualities(1, 0, 0.5, 6.0);
    let quality = quality
        .iter()
        .find(|draw| draw.row == "1,0,3,coast_harbor,,,1,0.5,6");
    let quality = quality.expect("the first of the zone").value;
    for page in ["docs/model.md", "docs/model.zh.md"] {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let text = fs::read_to_string(page).expect("the page");
        for number in [
            format!("`{place:016X}`"),
            format!("U = {uniform}"),
            format!("θ = {theta:.15}"),
            format!("q = {quality:.15}"),
        ] {
            assert!(text.contains(&number), "{number}");
        }
    }
}
