//! What a scenario of data has that a simulation does not have yet.

use super::load::Loaded;
use super::problem::{Problems, Report};
use crate::texts::text;

impl Loaded {
    /// Whether the scenario can be simulated.
    ///
    /// # Errors
    /// The keys that only estimation has.
    pub fn simulated(&self) -> Result<(), Problems> {
        let spec = &self.spec;
        let mut keys = Vec::new();
        keys.extend((!spec.step.is_month()).then(|| "step".to_owned()));
        for (at, layer) in spec.layers.iter().enumerate() {
            let of = |key: &str| format!("layers.{at}.{key}");
            keys.extend(layer.coefficient.map(|_| of("coefficient")));
            keys.extend((!layer.standardise.is_row()).then(|| of("standardise")));
        }
        keys.extend(spec.history.as_ref().map(|_| "history".to_owned()));
        keys.extend((!spec.covariates.is_empty()).then(|| "covariates".to_owned()));
        if keys.is_empty() {
            return Ok(());
        }
        let mut report = Report::default();
        for key in &keys {
            report.push(self.error(key, text!("only-estimated")));
        }
        Err(report.finish())
    }
}
