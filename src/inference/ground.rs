//! What a history is replayed over: the world with its links, as they are all the time, or as the engine tells it.
//!
//! Where lines, circles and axes are on, what the engine tells depends on the parameters themselves, as these share out
//! the flows by which lines form. So the history is told, ℓ is maximised, and it is told again at the maximum, until the
//! engine says the same: ℓ is then exact at the estimates. Where that goes round in a circle, as ℓ jumps where a line forms
//! a step earlier, structures are those of the likeliest values on the way, which is told.

use crate::scenario::{Loaded, Problems};
use crate::texts::text;
use crate::world::{PlaceId, World};

use super::gather::{By, Gathered, Setting};
use super::likelihood::groups::Mix;
use super::maximise::maximise;
use super::start::Start;
use super::terms::{Columns, Kind, Parameter, values};
use super::told::{Fault, Frame, is_needed, tell};

/// How often a history is told before the search is given up.
const TURNS: usize = 30;
/// What stands for a rate that is estimated and 0 in the scenario while a history is told for the first time.
const FIRST_RATE: f64 = 1e-3;

/// What a history is replayed over.
pub struct Ground<'a> {
    loaded: &'a Loaded,
    parameters: &'a [Parameter],
    columns: Columns,
    /// The calendar in which the engine is told the history, where it has to be.
    pub frame: Option<Frame>,
    /// The world, with all strengths that are estimated at 1.
    pub world: World,
}

impl<'a> Ground<'a> {
    /// Of a scenario and the parameters of the likelihood.
    ///
    /// # Errors
    /// Links that cannot be made; a history that is longer than a run.
    pub fn new(loaded: &'a Loaded, parameters: &'a [Parameter]) -> Result<Self, Problems> {
        let scenario = &loaded.scenario;
        let columns = Columns::new(scenario, parameters);
        let frame = match is_needed(scenario, &columns) {
            true => Some(Frame::new(scenario).map_err(|what| loaded.error("history", what))?),
            false => None,
        };
        let world = match &frame {
            None => World::new(scenario),
            Some(frame) => {
                let mut unit = frame.scenario.clone();
                let strengths = parameters.iter().filter(|p| p.kind() == Kind::Strength);
                strengths.for_each(|p| p.put(&mut unit, 1.0));
                World::new(&unit)
            }
        };
        let world = world.map_err(|error| loaded.error("layers", error.text()))?;
        Ok(Self {
            loaded,
            parameters,
            columns,
            frame,
            world,
        })
    }

    /// The history over it; where structures are on, as they form at these values of the parameters.
    ///
    /// # Errors
    /// A place that hears more than can be counted; no memory.
    fn setting(&self, at: &[Option<f64>]) -> Result<Setting<'_>, Problems> {
        let scenario = &self.loaded.scenario;
        let too_large = |place: PlaceId| {
            let what = text!("exposure-too-large", place = self.world.places.id[place]);
            self.loaded.error("layers", what)
        };
        let Some(frame) = &self.frame else {
            let setting = Setting::new(scenario, &self.world, &self.columns);
            return Ok(setting.map_err(too_large)?);
        };
        let told = match scenario.line.structures {
            false => tell(&self.world, &self.world, &self.columns, frame),
            true => {
                let mut real = frame.scenario.clone();
                for (parameter, value) in self.parameters.iter().zip(at) {
                    if let Some(value) = value {
                        // Links that carry nothing are left out of a world, and both have the same.
                        parameter.put(
                            &mut real,
                            value.max(match parameter.kind() {
                                Kind::Strength => f64::MIN_POSITIVE,
                                _ => f64::NEG_INFINITY,
                            }),
                        );
                    }
                }
                let real = World::new(&real);
                let real = real.map_err(|error| self.loaded.error("layers", error.text()))?;
                tell(&self.world, &real, &self.columns, frame)
            }
        };
        let told = told.map_err(|fault| match fault {
            Fault::TooLarge(place) => too_large(place),
            Fault::Memory(what) => self.loaded.error("layers", what).room(),
        })?;
        Ok(Setting::of(scenario, &self.world, &self.columns, told))
    }

    /// The history over it, what was gathered of it with its rows in groups where these are asked for, and whether structures
    /// are those of the maximum.
    ///
    /// # Errors
    /// Those of [`Self::setting`].
    pub fn settle(
        &self,
        possible: &[bool],
        groups: Option<(By, Mix)>,
    ) -> Result<(Setting<'_>, Gathered, bool), Problems> {
        let scenario = &self.loaded.scenario;
        let mut at: Vec<Option<f64>> = self.parameters.iter().map(first).collect();
        let mut setting = self.setting(&at)?;
        let gather = |setting: &Setting<'_>| {
            let mut gathered = setting.gather(scenario, possible);
            if let Some((by, mix)) = groups {
                gathered.likelihood = setting.grouped(&gathered, by, mix);
            }
            gathered
        };
        let mut gathered = gather(&setting);
        if self.frame.is_none() || !scenario.line.structures {
            return Ok((setting, gathered, true));
        }
        // The values at which it was told, and ℓ there, which is exact.
        let mut seen: Vec<(Vec<Option<f64>>, f64)> = Vec::new();
        let mut around = 0;
        for _ in 0..TURNS {
            let start = Start::new(&gathered, self.parameters);
            let best = maximise(&gathered.likelihood, &start.at, &start.free);
            if !best.of.value.is_finite() {
                return Ok((setting, gathered, true));
            }
            for (at, value) in at.iter_mut().zip(values(self.parameters, &best.at)) {
                *at = value.or(*at);
            }
            // It goes round in a circle.
            if let Some(known) = seen.iter().position(|(known, _)| *known == at) {
                around = known;
                break;
            }
            let next = self.setting(&at)?;
            if next.exposures() == setting.exposures() {
                return Ok((setting, gathered, true));
            }
            setting = next;
            gathered = gather(&setting);
            seen.push((at.clone(), gathered.likelihood.at(&best.at).value));
        }
        let likeliest = seen
            .drain(around..)
            .reduce(|one, other| match other.1 > one.1 {
                true => other,
                false => one,
            });
        if let Some((at, _)) = likeliest {
            setting = self.setting(&at)?;
            gathered = gather(&setting);
        }
        Ok((setting, gathered, false))
    }
}

/// The value at which a history is told for the first time.
fn first(parameter: &Parameter) -> Option<f64> {
    let rate = matches!(parameter.kind(), Kind::Intrinsic | Kind::Contagion);
    Some(match parameter.free && rate && parameter.value <= 0.0 {
        true => FIRST_RATE,
        false => parameter.value,
    })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::inference::likelihood::groups::Mix;
    use crate::inference::terms::parameters;
    use crate::model::{
        Adoption, Course, Innovation, InnovationId, Listener, Ranges, Silent, run, run_as,
    };
    use crate::scenario::problem::Report;
    use crate::scenario::{Setting as Set, load};

    /// Who adopts what when, and gives it up.
    #[derive(Default)]
    struct Rows(Vec<(usize, PlaceId, u16, Option<u16>)>);

    impl Listener for Rows {
        fn adopted(&mut self, _: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
            let g = innovation.given.map_or(0, |g| g as usize);
            self.0.push((g, adoption.place, adoption.month, None));
        }

        fn abandoned(&mut self, _: &World, k: &Innovation, _: InnovationId, i: PlaceId, t: u16) {
            let g = k.given.map_or(0, |g| g as usize);
            let row = self.0.iter_mut().find(|row| (row.0, row.1) == (g, i));
            row.into_iter().for_each(|row| row.3 = Some(t));
        }
    }

    /// The small invented country with 14 items that began at two of its zones, and a layout that closes a zone and opens
    /// the candidate; what happened to them is what the engine makes of these settings.
    fn country(sets: &[Set]) -> (tempfile::TempDir, Loaded) {
        let dir = tempfile::tempdir().unwrap();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal");
        for entry in fs::read_dir(shipped).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
            }
        }
        let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
        let text = fs::read_to_string(dir.path().join("scenario.toml")).unwrap();
        let history = "\n[history]\nadoptions = \"adoptions.csv\"\nitems = \"items.csv\"\n";
        write("scenario.toml", &(text + history));
        let mut items = "item,first_risk,last,origin,domain,quality\n".to_owned();
        for n in 0..14 {
            let origin = ["coast_harbor", "river_port"][n % 2];
            let domain = ["trade", "enterprise"][n / 2 % 2];
            let (year, quality) = (2017 + n / 4, 0.35 + 0.045 * n as f64);
            writeln!(
                items,
                "i{n:02},{year}-0{},2024-06,{origin},{domain},{quality}",
                6 + n % 4
            )
            .unwrap();
        }
        write("items.csv", &items);
        write("adoptions.csv", "place,item,time,until\n");
        write(
            "moves.toml",
            "layout = \"moves\"\n[open]\npass_gate = \"2019-05\"\n[close]\ncoast_park = \"2022-03\"\n",
        );
        let layouts: Vec<PathBuf> = vec![dir.path().join("moves.toml")];
        let loaded = || load(dir.path(), &layouts, sets).unwrap_or_else(|e| panic!("{e}"));
        let world = World::new(&Frame::new(&loaded().scenario).unwrap().scenario).unwrap();
        let mut rows = Rows::default();
        run(&world, 11, 0, &mut rows).unwrap();
        let mut text = "place,item,time,until\n".to_owned();
        for (g, i, t, until) in rows.0 {
            let until = until.map_or_else(String::new, |t| world.calendar.name(t));
            let (place, item) = (&world.places.id[i], &world.given[g].id);
            writeln!(text, "{place},{item},{},{until}", world.calendar.name(t)).unwrap();
        }
        write("adoptions.csv", &text);
        let loaded = loaded();
        (dir, loaded)
    }

    /// ℓ at the parameters of a scenario is what the engine itself says of the history: with alliances that begin, zones
    /// that open and close, replication, a transit port, backwash, intrinsic rates by domain, covariates of none, and
    /// with lines, circles and axes. Strengths are in it by products of their own, and as parts of what β multiplies.
    #[test]
    fn the_likelihood_is_what_the_engine_says() {
        let plain = [
            "line.intrinsic_rate=0.003",
            "line.beta=0.2",
            "line.national_rate=0.02",
            "line.provincial_rate=0.03",
            "line.abandonment_rate=0.01",
        ];
        let ties = [
            "line.structures=true",
            "line.line_threshold=0.4",
            "axis.min_segments=1",
        ];
        let none = ["line.structures=false"];
        let more = [
            "line.structures=false",
            "line.backwash=0.8",
            "domains.0.intrinsic_rate=0.005",
            "alliances.strength_factor=2.0",
        ];
        let hill = [
            "line.structures=true",
            "line.line_threshold=0.4",
            "line.response=hill",
            "line.x0=0.3",
        ];
        let mut formed = 0;
        for (sets, linear) in [
            (&ties[..], true),
            (&none, true),
            (&more, true),
            (&hill, false),
        ] {
            let sets: Vec<Set> = plain
                .iter()
                .chain(sets)
                .map(|set| Set::from(*set))
                .collect();
            let (_dir, loaded) = country(&sets);
            let scenario = &loaded.scenario;
            let frame = Frame::new(scenario).unwrap();
            let real = World::new(&frame.scenario).unwrap();
            let course = Course::Told(Ranges::new(&real));
            let Course::Told(ranges) = run_as(&real, 1, 0, course, &mut Silent).unwrap() else {
                panic!("it was told");
            };
            let wanted = ranges.loglik(&real);
            assert!(wanted.is_finite() && ranges.adoptions > 40);
            for asked in [None, Some(Vec::new())] {
                let mut report = Report::default();
                let parameters = parameters(&loaded, asked.as_deref(), Mix::Alike, &mut report);
                assert_eq!(report.errors(), 0);
                let ground = Ground::new(&loaded, &parameters).unwrap();
                let at: Vec<Option<f64>> = parameters.iter().map(|p| Some(p.value)).collect();
                let setting = ground.setting(&at).unwrap();
                formed += setting.exposures().changes().len();
                let l = setting
                    .gather(scenario, &vec![true; setting.rates()])
                    .likelihood;
                let p: Vec<f64> = parameters
                    .iter()
                    .map(|p| match p.kind() {
                        Kind::Strength => p.value * scenario.line.beta,
                        _ => p.value,
                    })
                    .collect();
                let strengths = parameters.iter().filter(|p| p.kind() == Kind::Strength);
                assert_eq!(strengths.count() > 0, linear && asked.is_none());
                let found = l.at(&p).value;
                assert!((found - wanted).abs() < 1e-6, "{sets:?}: {found} {wanted}");
            }
        }
        assert!(formed > 60, "{formed}");
    }
}
