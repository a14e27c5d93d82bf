//! The same scenario with other values of its parameters, without reading its files again: what makes
//! thousands of points of a design cheap.

use super::checks::check_spec;
use super::load::{Loaded, spec_of};
use super::problem::{Problems, Report};
use super::setting::Setting;
use super::sources::apply;

/// Tables of which every number, choice and switch may change while all places, links and dates stay.
const TABLES: [&str; 5] = ["point.", "line.", "circle.", "axis.", "plane."];
/// Other such keys.
const KEYS: [&str; 2] = ["gateways.transit_strength", "alliances.strength_factor"];
/// Keys of these tables that name files or dates.
const NOT: [&str; 3] = ["point.mandates", "plane.evaluations", "plane.observed"];

/// Whether a key can change without a file being read again.
pub fn is_light(key: &str) -> bool {
    let inside = TABLES.iter().any(|table| key.starts_with(table)) || KEYS.contains(&key);
    inside && !NOT.iter().any(|not| key.starts_with(not))
}

impl Loaded {
    /// This scenario after `sets`, all of them light ([`is_light`]): the same as if it were loaded anew with them. `inputs` and `warnings` are those of
    /// the scenario itself.
    ///
    /// # Errors
    /// What is wrong with the values, alone and together.
    pub fn varied(&self, sets: &[Setting]) -> Result<Self, Problems> {
        let mut report = Report::default();
        let mut tree = self.tree.clone();
        for setting in sets {
            apply(&mut tree, setting, &mut report);
        }
        let spec = spec_of(&mut tree, true, &mut report);
        if let Some(spec) = &spec {
            check_spec(spec, &tree, &mut report);
        }
        let Some(spec) = spec.filter(|_| report.errors() == 0) else {
            return Err(report.finish());
        };
        let mut scenario = self.scenario.clone();
        scenario.alliance_strength_factor = spec.alliances.strength_factor;
        scenario.gateways.clone_from(&spec.gateways);
        scenario.point.clone_from(&spec.point);
        scenario.line.clone_from(&spec.line);
        scenario.circle.clone_from(&spec.circle);
        scenario.axis.clone_from(&spec.axis);
        scenario.plane.clone_from(&spec.plane);
        Ok(Self {
            scenario,
            spec,
            inputs: self.inputs.clone(),
            layouts: self.layouts.clone(),
            overlays: self.overlays.clone(),
            idle: self.idle.clone(),
            warnings: self.warnings.clone(),
            tree,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::scenario::{load, parameter_table};
    use crate::world::World;

    const CHINA: &str = "scenarios/china";

    fn china(sets: &[Setting]) -> Loaded {
        load(Path::new(CHINA), &[PathBuf::from("northeast")], sets).unwrap()
    }

    #[test]
    fn a_varied_scenario_is_the_one_that_is_loaded_with_the_values() {
        let base = china(&[]);
        let world = World::new(&base.scenario).unwrap();
        for sets in [
            vec![
                "line.beta=0.011",
                "plane.national_quality=0.5",
                "circle.radius_km=400",
            ],
            vec![
                "line.express=0",
                "line.response=hill",
                "gateways.transit_strength=0",
            ],
            vec!["line.structures=false", "alliances.strength_factor=0.5"],
            vec!["line.circle_bonus=0.1", "circle.radius_km=250"],
            vec!["line.line_bonus=0"],
            vec!["point.quality_base=0.2", "axis.min_segments=2"],
        ] {
            assert!(
                sets.iter()
                    .all(|set| is_light(set.split('=').next().unwrap()))
            );
            let sets: Vec<Setting> = sets.into_iter().map(Setting::from).collect();
            let (varied, loaded) = (base.varied(&sets).unwrap(), china(&sets));
            assert_eq!(varied.spec, loaded.spec);
            assert_eq!(varied.resolved(), loaded.resolved());
            assert_eq!(
                format!("{:?}", varied.scenario),
                format!("{:?}", loaded.scenario)
            );
            // And so are their worlds, to the last bit.
            let built = World::new(&loaded.scenario).unwrap();
            let varied = world.varied(&base.scenario, &varied.scenario).unwrap();
            assert_eq!(format!("{varied:?}"), format!("{built:?}"));
        }
    }

    #[test]
    fn wrong_values_are_told_as_when_loading() {
        let base = china(&[]);
        let sets = [
            Setting::from("line.beta=-1"),
            Setting::from("point.direct_share=0.9"),
        ];
        let told = base.varied(&sets).unwrap_err();
        let northeast = [PathBuf::from("northeast")];
        assert_eq!(told, load(Path::new(CHINA), &northeast, &sets).unwrap_err());
        assert_eq!(told.errors().count(), 2, "{told}");
    }

    #[test]
    fn every_light_key_is_a_number_a_choice_or_a_switch() {
        let light = parameter_table()
            .into_iter()
            .filter(|row| is_light(&row.key));
        let keys: Vec<String> = light
            .inspect(|row| {
                assert!(
                    !row.range.contains("items") && !row.key.contains("[]"),
                    "{row:?}"
                )
            })
            .map(|row| row.key)
            .collect();
        assert!(keys.len() > 30, "{keys:?}");
        assert!(!keys.iter().any(|key| key == "point.mandates"));
    }
}
