//! What an answer does not say: whether it holds over the parameters. And how to see that.

use crate::texts::{Lang, say};

/// The question, as the section of docs/sweep.md and of reports is called.
pub fn question(lang: Lang) -> &'static str {
    say!(lang, "not-varied-question")
}

/// Commands that run the plan, and show over what an answer holds.
pub const COMMANDS: &str = "pointplane sweep run parameters.toml --out results/parameters
pointplane sweep summary results/parameters
pointplane report results/parameters --open
";

/// A plan that varies parameters over layouts, the baseline first, to be saved as `parameters.toml`.
pub fn plan(layouts: &[&str], lang: Lang) -> String {
    let layouts: Vec<String> = layouts.iter().map(|name| format!("{name:?}")).collect();
    let [folder, first, unknown] = [
        say!(lang, "not-varied-folder"),
        say!(lang, "not-varied-first"),
        say!(lang, "not-varied-parameters"),
    ];
    format!(
        r#"# parameters.toml
name = "parameters"
scenario = "my-country"         # {folder}
layouts = [{}]      # {first}
replicates = 4
outcomes = ["mean_stock", "theil_between", "theil"]

[design]
kind = "sobol"
points = 64

[parameters]                    # {unknown}
line.beta = {{ distribution = "log-uniform", min = 0.025, max = 0.1 }}
alliances.strength_factor = {{ distribution = "uniform", min = 0.2, max = 2 }}
"#,
        layouts.join(", ")
    )
}

/// What to do with the plan.
pub fn how(lang: Lang) -> &'static str {
    say!(lang, "not-varied-how")
}
