//! What a scenario of data has that a simulation, or a command, does not have yet.

use super::checks::LONGEST_RUN;
use super::load::Loaded;
use super::problem::{Problems, Report};
use super::spec::Response;
use crate::texts::text;

impl Loaded {
    /// Whether the scenario can be simulated.
    ///
    /// # Errors
    /// The keys that only estimation has.
    pub fn simulated(&self) -> Result<(), Problems> {
        let (spec, mut report) = (&self.spec, Report::default());
        let several = spec.layers.len() > 1;
        let own = spec.layers.iter().any(|layer| layer.coefficient.is_some());
        if several && own && spec.line.response != Response::Linear {
            report.push(self.error("line.response", text!("coefficients-linear")));
        }
        let n = spec.step.last(spec.end) - spec.step.first(spec.start) + 1;
        if !spec.step.is_month() {
            if n > LONGEST_RUN {
                let problem = self.error("step", text!("run-steps", n));
                report.push(problem.allowed(text!("steps-allowed", LONGEST_RUN)));
            }
            if self.scenario.firms.is_some() {
                report.push(self.error("step", text!("firms-in-months")));
            }
        }
        self.done(report)
    }

    /// Whether its steps are months.
    ///
    /// # Errors
    /// They are not.
    pub fn in_months(&self) -> Result<(), Problems> {
        let mut report = Report::default();
        if !self.spec.step.is_month() {
            report.push(self.error("step", text!("only-in-months")));
        }
        self.done(report)
    }

    fn done(&self, report: Report) -> Result<(), Problems> {
        match report.errors() {
            0 => Ok(()),
            _ => Err(report.finish()),
        }
    }
}
