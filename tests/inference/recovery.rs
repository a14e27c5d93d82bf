//! Recovery: of simulated histories, the profile intervals cover the rates and the effect that they were made with.

use std::fmt::Write;
use std::fs;

use pointplane::draw::{Luck, Process, id_hash};
use pointplane::inference::{Asked, Cluster, estimate};
use pointplane::model::{Adoption, Innovation, InnovationId, Listener, run};
use pointplane::scenario::{Loaded, Setting, load};
use pointplane::world::{PlaceId, World};

const HISTORIES: u32 = 200;
const PLACES: usize = 40;
const ITEMS: usize = 12;
const STEPS: usize = 30;
/// α, b, γ.
const TRUTH: [f64; 3] = [0.01, 0.04, 0.5];

/// A place hears the two before it and the one after it, on a ring; every third source ends after six steps.
fn heard(place: usize) -> [usize; 3] {
    [PLACES - 1, PLACES - 2, 1].map(|by| (place + by) % PLACES)
}

/// The covariate of a place.
fn covariate(place: usize) -> f64 {
    (place % 5) as f64 / 2.0 - 1.0
}

/// A simulated history: rows of the table of adoptions.
fn history(number: u32) -> String {
    let luck = Luck::new(20_260_901, number);
    let name = id_hash("recovery");
    let mut text = "place,item,time,until\n".to_owned();
    for item in 0..ITEMS {
        let mut adopted = [None; PLACES];
        for step in 1..=STEPS {
            let before = adopted;
            for place in (0..PLACES).filter(|place| before[*place].is_none()) {
                let active = |source: &usize| {
                    before[*source]
                        .is_some_and(|t: usize| !source.is_multiple_of(3) || step < t + 7)
                };
                let x = heard(place).iter().filter(|source| active(source)).count() as f64;
                let hazard = (TRUTH[2] * covariate(place)).exp() * (TRUTH[0] + TRUTH[1] * x);
                let serial = (step * PLACES + place) as u32;
                let u = luck.uniform(Process::Threshold, name, item as u64, serial);
                if u < 1.0 - (-hazard).exp() {
                    adopted[place] = Some(step);
                    // Heard up to and with step t + 6.
                    let until = match place % 3 {
                        0 => (step + 6).to_string(),
                        _ => String::new(),
                    };
                    writeln!(text, "p{place},i{item},{step},{until}").unwrap();
                }
            }
        }
    }
    text
}

/// A 95 % interval covers in 190 of 200 histories. Fewer than 181 or more than 198 come about in one of 325 such
/// counts (binomial), and there are three; the seed is fixed.
#[test]
fn intervals_cover_what_histories_were_made_with() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let mut places = "id,environment,radiation\n".to_owned();
    let mut links = "source,target,weight\n".to_owned();
    let mut covariates = "place,z\n".to_owned();
    for place in 0..PLACES {
        writeln!(places, "p{place},1,1").unwrap();
        writeln!(covariates, "p{place},{}", covariate(place)).unwrap();
        for source in heard(place) {
            writeln!(links, "p{source},p{place},1").unwrap();
        }
    }
    let mut items = "item,first_risk,last\n".to_owned();
    (0..ITEMS).for_each(|item| writeln!(items, "i{item},1,{STEPS}").unwrap());
    write("places.csv", &places);
    write("links.csv", &links);
    write("z.csv", &covariates);
    write("items.csv", &items);
    write(
        "scenario.toml",
        "format = 1\nname = \"recovery\"\nstart = \"2000-01\"\nend = \"2009-12\"\n\
         places.files = [\"places.csv\"]\nline.structures = false\n\
         history = { adoptions = \"adoptions.csv\", items = \"items.csv\" }\n\
         [[domains]]\nid = \"all\"\naffinity = { ring = 1 }\n\
         [[layers]]\nid = \"ring\"\ncoefficient = 0\nstandardise = \"none\"\n\
         links = [{ rule = \"table\", file = \"links.csv\" }]\n\
         [[covariates]]\nid = \"z\"\nfile = \"z.csv\"\n",
    );
    let mut covered = [0; 3];
    for number in 0..HISTORIES {
        write("adoptions.csv", &history(number));
        let sets: &[Setting] = &[];
        let loaded = load(dir.path(), &[], sets).unwrap_or_else(|e| panic!("{e}"));
        let asked = Asked {
            parameters: None,
            cluster: Cluster::None,
            residuals: false,
            ..Asked::default()
        };
        let found = estimate(&loaded, &asked).unwrap_or_else(|e| panic!("{e}"));
        for ((term, truth), covered) in found.terms.iter().zip(TRUTH).zip(&mut covered) {
            let [low, high] = term.limits.map(|limit| limit.expect("a limit"));
            *covered += u32::from((low..=high).contains(&truth));
        }
    }
    let right = |covered: &u32| (181..=198).contains(covered);
    assert!(covered.iter().all(right), "{covered:?} of {HISTORIES}");
}

/// Rows of the table of adoptions that a replicate makes, with what is given up.
#[derive(Default)]
struct Rows(Vec<(String, String, u16, Option<u16>)>);

fn name(world: &World, innovation: &Innovation) -> String {
    world.given[innovation.given.expect("a given item") as usize]
        .id
        .clone()
}

impl Listener for Rows {
    fn adopted(&mut self, world: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        let place = world.places.id[adoption.place].clone();
        self.0
            .push((place, name(world, innovation), adoption.month, None));
    }

    fn abandoned(
        &mut self,
        world: &World,
        innovation: &Innovation,
        _: InnovationId,
        place: PlaceId,
        month: u16,
    ) {
        let key = (&world.places.id[place], &name(world, innovation));
        let mut rows = self.0.iter_mut();
        let row = rows.find(|row| (&row.0, &row.1) == key);
        row.expect("it was adopted").3 = Some(month);
    }
}

/// The folder of a scenario on the ring of [`heard`], with these further keys.
fn ring(keys: &str, layer: &str, covariates: &str, quality: f64) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let mut places = "id,environment,radiation,platform\n".to_owned();
    let mut links = "source,target,weight\n".to_owned();
    let mut values = "place,time,z,a\n".to_owned();
    for place in 0..PLACES {
        writeln!(places, "p{place},1,1,0").unwrap();
        for step in 0..=STEPS {
            // One moves with the place, the other back and forth in time.
            let other = (step / 5 % 2) as f64 - 0.5;
            writeln!(values, "p{place},{step},{},{other}", covariate(place)).unwrap();
        }
        for source in heard(place) {
            writeln!(links, "p{source},p{place},1").unwrap();
        }
    }
    let mut items = "item,first_risk,last,quality\n".to_owned();
    (0..ITEMS).for_each(|item| writeln!(items, "i{item},0,{},{quality}", STEPS - 1).unwrap());
    write("places.csv", &places);
    write("links.csv", &links);
    write("z.csv", &values);
    write("items.csv", &items);
    write("adoptions.csv", "place,item,time,until\n");
    let text = format!(
        "format = 1\nname = \"ring\"\nstart = \"2000-01\"\nend = \"2002-06\"\n\
         places.files = [\"places.csv\"]\nline.structures = false\npoint.tolerance = 0\n{keys}\n\
         history = {{ adoptions = \"adoptions.csv\", items = \"items.csv\" }}\n\
         [[domains]]\nid = \"all\"\naffinity = {{ ring = 1 }}\n\
         [[layers]]\nid = \"ring\"\nstandardise = \"none\"\n{layer}\n\
         links = [{{ rule = \"table\", file = \"links.csv\" }}]\n{covariates}"
    );
    write("scenario.toml", &text);
    dir
}

/// Of 200 histories that the engine makes, how many intervals cover the values that it was given, by parameter.
fn covered(dir: &std::path::Path, truth: &[(&str, f64)]) -> Vec<u32> {
    let sets: &[Setting] = &[];
    let loaded = || -> Loaded { load(dir, &[], sets).unwrap_or_else(|e| panic!("{e}")) };
    let world = World::new(&loaded().scenario).unwrap();
    let mut covered = vec![0; truth.len()];
    for number in 0..HISTORIES {
        let mut rows = Rows::default();
        run(&world, 20_261_201, number, &mut rows).unwrap();
        let mut text = "place,item,time,until\n".to_owned();
        for (place, item, time, until) in rows.0 {
            let until = until.map_or_else(String::new, |until| until.to_string());
            writeln!(text, "{place},{item},{time},{until}").unwrap();
        }
        fs::write(dir.join("adoptions.csv"), text).unwrap();
        let asked = Asked {
            parameters: Some(truth.iter().map(|(name, _)| (*name).to_owned()).collect()),
            cluster: Cluster::None,
            residuals: false,
            ..Asked::default()
        };
        let found = estimate(&loaded(), &asked).unwrap_or_else(|e| panic!("{e}"));
        for ((name, truth), covered) in truth.iter().zip(&mut covered) {
            let term = found.terms.iter().find(|term| term.parameter.name == *name);
            let [low, high] = term
                .expect("the term")
                .limits
                .map(|limit| limit.expect("a limit"));
            *covered += u32::from((low..=high).contains(truth));
        }
    }
    fs::write(dir.join("adoptions.csv"), "place,item,time,until\n").unwrap();
    covered
}

/// The engine's own histories, for each response, with covariates, and where places give items up. Of each, 181 to 198
/// of 200 intervals cover; one in 325 such counts lies outside by chance, and there are twelve. The seed is fixed.
#[test]
fn intervals_cover_what_the_engine_was_given() {
    let covariates = "[[covariates]]\nid = \"z\"\nfile = \"z.csv\"\neffect = 0.5\n\
         [[covariates]]\nid = \"a\"\nfile = \"z.csv\"\neffect = -0.8\nacts_on = \"intrinsic\"\n";
    for (what, keys, layer, quality, truth) in [
        (
            "linear, given up",
            "line.intrinsic_rate = 0.01\nline.beta = 0.05\nline.abandonment_rate = 0.4",
            "",
            0.8,
            vec![("intrinsic", 0.01), ("beta", 0.05)],
        ),
        (
            "hill",
            "line.intrinsic_rate = 0.01\nline.beta = 0.15\nline.response = \"hill\"\nline.x0 = 1.2",
            "",
            1.0,
            vec![("intrinsic", 0.01), ("beta", 0.15)],
        ),
        (
            "threshold",
            "line.intrinsic_rate = 0.02\nline.beta = 0.08\nline.response = \"threshold\"\nline.x0 = 2.0",
            "",
            1.0,
            vec![("intrinsic", 0.02), ("beta", 0.08)],
        ),
        (
            "a coefficient and covariates",
            "line.intrinsic_rate = 0.02",
            "coefficient = 0.04",
            1.0,
            vec![("intrinsic", 0.02), ("ring", 0.04), ("z", 0.5), ("a", -0.8)],
        ),
    ] {
        let of = if truth.len() > 2 { covariates } else { "" };
        let dir = ring(keys, layer, of, quality);
        let covered = covered(dir.path(), &truth);
        println!("{what}: {covered:?}");
        assert!(
            covered.iter().all(|n| (181..=198).contains(n)),
            "{what}: {covered:?} of {HISTORIES}"
        );
    }
}

/// The folder of a scenario on the ring of [`heard`], in four provinces of ten places of which the first is a zone, with
/// an alliance of all provinces in its catalogue, and items that began at the zones.
fn provinces(keys: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let mut places =
        "id,kind,province,tier,open,lon,lat,weight,environment,radiation,platform\n".to_owned();
    let mut links = "source,target,weight\n".to_owned();
    for place in 0..PLACES {
        let (province, zone) = (place / 10, place % 10 == 0);
        let (kind, open) = if zone {
            ("zone", "1999-06")
        } else {
            ("region", "")
        };
        let tier = if zone { "" } else { "linkage" };
        writeln!(
            places,
            "p{place},{kind},v{province},{tier},{open},{place},30,1,1,1,0"
        )
        .unwrap();
        for source in heard(place) {
            writeln!(links, "p{source},p{place},1").unwrap();
        }
    }
    let mut items = "item,first_risk,last,origin,quality\n".to_owned();
    for item in 0..ITEMS {
        writeln!(
            items,
            "i{item},{},{},p{},1",
            item % 3,
            STEPS - 1,
            item % 4 * 10
        )
        .unwrap();
    }
    write("places.csv", &places);
    write("links.csv", &links);
    write("items.csv", &items);
    write("adoptions.csv", "place,item,time,until\n");
    write(
        "alliances.csv",
        "id,from,to,strength,size_exponent\nleague,2000-06,2001-09,0.6,0\n",
    );
    let members = (0..4).map(|province| format!("league,province,v{province}\n"));
    let members: String = members.collect();
    write(
        "members.csv",
        &format!("alliance,member_kind,member\n{members}"),
    );
    let text = format!(
        "format = 1\nname = \"provinces\"\nstart = \"2000-01\"\nend = \"2002-06\"\n\
         places.files = [\"places.csv\"]\npoint.tolerance = 0\n{keys}\n\
         line.forgetting = 0.05\nline.abandonment_rate = 0\nline.circle_bonus = 0\n\
         history = {{ adoptions = \"adoptions.csv\", items = \"items.csv\" }}\n\
         [[domains]]\nid = \"all\"\naffinity = {{ ring = 1 }}\n\
         [[layers]]\nid = \"ring\"\nstandardise = \"none\"\n\
         links = [{{ rule = \"table\", file = \"links.csv\" }}]\n"
    );
    write("scenario.toml", &text);
    dir
}

/// Of each parameter 181 to 198 of 200 intervals cover; one in 325 such counts lies outside by chance, and in the three
/// tests that ask this there are ten. The seed is fixed.
fn covers(keys: &str, truth: &[(&str, f64)]) {
    let dir = provinces(keys);
    let covered = covered(dir.path(), truth);
    assert!(
        covered.iter().all(|n| (181..=198).contains(n)),
        "{covered:?} of {HISTORIES}"
    );
}

/// The provinces review every half year, the centre three times.
#[test]
fn intervals_cover_rates_of_replication() {
    covers(
        "line.structures = false\nline.intrinsic_rate = 0.01\nline.beta = 0.03\n\
         line.provincial_rate = 0.06\nline.national_rate = 0.04\ncircle.replication_age = 3\n\
         circle.provincial_quality = 0.5\nplane.national_quality = 0.5\nplane.national_adopters = 4\n\
         plane.evaluations = [\"2000-10\", \"2001-04\", \"2001-10\"]\ncircle.review_every = 6",
        &[
            ("intrinsic", 0.01),
            ("beta", 0.03),
            ("provincial", 0.06),
            ("national", 0.04),
        ],
    );
}

/// It begins and ends within the run.
#[test]
fn intervals_cover_the_strength_of_an_alliance() {
    covers(
        "line.structures = false\nline.intrinsic_rate = 0.01\nline.beta = 0.05\n\
         alliances = { file = \"alliances.csv\", members = \"members.csv\", active = [\"league\"] }\n\
         circle.review_every = 0",
        &[("intrinsic", 0.01), ("beta", 0.05), ("league", 0.6)],
    );
}

/// Lines form and dissolve by the flows of the history.
#[test]
fn intervals_cover_the_bonus_of_lines() {
    covers(
        "line.structures = true\nline.intrinsic_rate = 0.01\nline.beta = 0.05\n\
         line.line_bonus = 2.0\nline.line_threshold = 1.0\ncircle.review_every = 0",
        &[("intrinsic", 0.01), ("beta", 0.05), ("line_bonus", 2.0)],
    );
}
