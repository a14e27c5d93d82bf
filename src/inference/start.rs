//! Where the search for a maximum starts.

use super::gather::Gathered;
use super::terms::Parameter;

/// Parameters before the search.
#[derive(Clone, Debug)]
pub struct Start {
    /// Their values.
    pub at: Vec<f64>,
    /// Those that are asked for and that some row at risk was exposed to.
    pub free: Vec<bool>,
    /// Those that are asked for and that none was.
    pub idle: Vec<bool>,
}

impl Start {
    /// Of what was gathered of a history: adoptions are shared out evenly over the rates, effects are 0.
    pub fn new(gathered: &Gathered, parameters: &[Parameter]) -> Self {
        let l = &gathered.likelihood;
        let sum = |m: usize| -> f64 {
            let rows = l.adoptions.chunks(l.rates).zip(&l.counts);
            let adoptions: f64 = rows.map(|(x, (_, count))| x[m] * count).sum();
            let totals = l.totals.iter().skip(m).step_by(l.rates);
            adoptions + totals.sum::<f64>()
        };
        let sums: Vec<f64> = (0..l.rates).map(sum).collect();
        let idle = |i: usize| parameters[i].free && i < l.rates && sums[i] == 0.0;
        let idle: Vec<bool> = (0..parameters.len()).map(idle).collect();
        let free: Vec<bool> = (0..parameters.len())
            .map(|i| parameters[i].free && !idle[i])
            .collect();
        let rates = (0..l.rates).filter(|&m| free[m]).count().max(1) as f64;
        let start = |i: usize| match free[i] {
            true if i < l.rates => gathered.adoptions as f64 / rates / sums[i],
            true if l.bounded(i) => 0.1,
            true => 0.0,
            false if idle[i] => 0.0,
            false => parameters[i].value,
        };
        Self {
            at: (0..parameters.len()).map(start).collect(),
            free,
            idle,
        }
    }
}
