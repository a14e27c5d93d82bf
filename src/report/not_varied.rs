//! What an answer does not say: whether it holds over the parameters. And how to see that.

use super::lang::Lang;

/// The question, as the section of docs/sweep.md and of reports is called.
pub const QUESTION: &str = "Does the answer hold over the parameters?";

/// The same in a language.
pub fn question(lang: Lang) -> &'static str {
    lang.of(QUESTION, "结论对参数是否稳健？")
}

/// Commands that run the plan, and show over what an answer holds.
pub const COMMANDS: &str = "pointplane sweep run parameters.toml --out results/parameters
pointplane sweep summary results/parameters
pointplane report results/parameters --open
";

/// A plan that varies parameters over layouts, the baseline first, to be saved as `parameters.toml`.
pub fn plan(layouts: &[&str]) -> String {
    let layouts: Vec<String> = layouts.iter().map(|name| format!("{name:?}")).collect();
    format!(
        r#"# parameters.toml
name = "parameters"
scenario = "my-country"         # its folder, seen from that of this file
layouts = [{}]      # the baseline first
replicates = 4
outcomes = ["mean_stock", "theil_between", "theil"]

[design]
kind = "sobol"
points = 64

[parameters]                    # all that nobody has estimated
line.beta = {{ distribution = "log-uniform", min = 0.025, max = 0.1 }}
alliances.strength_factor = {{ distribution = "uniform", min = 0.2, max = 2 }}
"#,
        layouts.join(", ")
    )
}

/// What to do with the plan.
pub fn how(lang: Lang) -> &'static str {
    lang.of(
        "Every number on this page holds at one setting of the parameters. A sweep varies them over all layouts on the same luck, and its report says over what range each layout changes an outcome. Save the plan below as `parameters.toml`, name your scenario in it, put values that were given with `--set` into a table `[set]`, and vary the parameters that nobody has estimated, each over the range that is thought possible (`pointplane schema --parameters` lists all). docs/sweep.md says more.",
        "本页所有数字都只在一组参数取值下成立。参数扫描在同样的随机运气下，对所有布局一并改变参数；其报告给出各布局的效应在各参数点上的范围。请将下面的计划存为 `parameters.toml`，填入您的情景目录；命令中用 `--set` 给出的取值写入 `[set]` 表；再列出尚无估计值的参数及其可能范围（`pointplane schema --parameters` 列出全部参数）。详见 docs/sweep.md。",
    )
}
