//! A Chinese session says no sentence in English: what goes well, what goes wrong, what is in the way. What is
//! excepted stands at `chinese::english`; help and files that are written are English in all languages.

use std::fs;
use std::path::Path;

use super::fixture::{Ran, call, copy, edit, minimal, temp};
use crate::chinese::{english, is_chinese};

/// A plan of a few runs, of which those with a large radius cannot be.
const PLAN: &str = r#"
name = "trial"
scenario = "minimal"
layouts = ["base", "none"]
replicates = 2
outcomes = ["mean_stock", "theil", "first_line"]
[design]
kind = "saltelli"
base_points = 6
second_order = true
constraints = ["line.beta < 0.15"]
[parameters]
line.beta = { distribution = "log-uniform", min = 0.01, max = 0.2 }
circle.radius_km = { distribution = "uniform", min = 100, max = 500 }
"#;

/// A call in Chinese that ends so and says something; gives all of it.
#[track_caller]
fn says(dir: &Path, words: &str, code: i32) -> Ran {
    let words: Vec<&str> = words.split(' ').chain(["--lang", "zh"]).collect();
    let ran = call(dir, &words).exits(code);
    let all = format!("{}{}", ran.err, ran.out);
    // Of a report it says where it is.
    assert!(is_chinese(&all) || words[0] == "report", "{words:?}: {all}");
    assert_eq!(english(&all), None, "{words:?}:\n{all}");
    for line in all.lines().filter(|line| line.starts_with("错误")) {
        assert!(
            is_chinese(line.trim_start_matches("错误：")),
            "{words:?}: {line}"
        );
    }
    assert!(
        !all.contains("error:") && !all.contains("warning:"),
        "{all}"
    );
    ran
}

#[test]
fn what_goes_well_is_said_in_chinese() {
    let dir = temp();
    let dir = dir.path();
    copy(minimal().as_ref(), &dir.join("minimal"));
    fs::write(dir.join("plan.toml"), PLAN).unwrap();
    for words in [
        "outcomes",
        "check minimal",
        "check minimal --set firms.number=1000",
        "new mine",
        "synthetic small --places 100 --degree 3",
        "run minimal --replicates 3 --out r",
        "run minimal --replicates 3 --out r --resume",
        "run minimal --set firms.number=1000 --replicates 3 --out f",
        "report r",
        "status r",
        "compare minimal --baseline base none --replicates 3 --out c",
        "compare minimal --baseline base none --replicates 4 --out c --resume",
        "compare minimal --baseline base none --until-width mean_stock=0.5 --min-replicates 3 --max-replicates 4 --out w",
        "report c",
        "merge c",
        "diff none open-candidate --scenario minimal",
        "explain minimal base none",
        "sweep plan plan.toml --dry-run",
        "sweep run plan.toml --out s",
        "sweep run plan.toml --out s --resume",
        "sweep summary s",
        "sweep status s",
        "report s",
        "slurm run minimal --replicates 3 --out j --time 1h",
        "script sweep plan.toml --out k --for parallel",
        "run minimal --replicates 4 --out h --shard 0/2",
        "status h",
    ] {
        says(dir, words, 0);
    }
}

#[test]
fn wrong_words_are_refused_in_chinese() {
    let dir = temp();
    let dir = dir.path();
    copy(minimal().as_ref(), &dir.join("minimal"));
    for words in [
        "runn",
        "run",
        "run minimal --replicate 3",
        "run minimal --replicates",
        "run minimal --shard 4/4",
        "run minimal --shard x",
        "run minimal --time-limit soon",
        "run minimal --format xlsx",
        "run minimal --force --resume",
        "slurm run minimal --time 1s",
        "slurm run minimal --time soon",
        "slurm run minimal --mem 4.5G",
        "slurm run minimal --partition -x",
        "run nowhere",
        "run minimal --layout open-candidat",
        "run minimal --tables nationl,uptake,xyz",
        "run minimal --set line.betta=0.1",
        "run minimal --set lin.beta=0.1",
        "run minimal --set line.beta",
        "run minimal --set line.beta=-1 --set plane.national_quality=7",
        "compare minimal --baseline base none --horizon soon",
        "compare minimal --baseline base none --outcome mean_stok",
        "compare minimal --baseline base none --until-width mean_stock",
        "compare minimal --baseline base none --until-width first_line@2020-01=1",
        "explain minimal base none --place nowhere",
        "explain minimal base none --since never",
        "check nowhere",
        "check /dev/null",
        "check --scenario gone minimal/layouts/none.toml",
        "diff one two",
        "sweep plan minimal",
        "sweep run minimal/scenario.toml",
    ] {
        says(dir, words, 2);
    }
}

#[test]
fn what_is_in_a_folder_is_said_in_chinese() {
    let dir = temp();
    let dir = dir.path();
    copy(minimal().as_ref(), &dir.join("minimal"));
    fs::write(dir.join("plan.toml"), PLAN).unwrap();
    fs::create_dir(dir.join("full")).unwrap();
    fs::write(dir.join("full/thesis.tex"), "years of work").unwrap();
    let run = "run minimal --replicates 3 --out r";
    let compare = "compare minimal --baseline base none --replicates 3 --out c";
    let sweep = "sweep run plan.toml --out s";
    for words in [run, compare, sweep, "explain minimal base none --out e"] {
        says(dir, words, 0);
    }
    for (words, code, word) in [
        (run, 2, "单次布局的模拟结果（已完成）"),
        (compare, 2, "已有 none 与基准 base 的比较"),
        (sweep, 2, "扫描结果"),
        ("run minimal --out full", 2, "thesis.tex"),
        ("run minimal --out plan.toml", 1, "plan.toml"),
        ("run minimal --out gone --resume", 2, "去掉 --resume"),
        (
            "run minimal --replicates 3 --seed 9 --out r --resume",
            2,
            "种子原为 1，现为 9",
        ),
        (
            "run minimal --replicates 9 --out r --resume",
            2,
            "重复次数原为 3，现为 9",
        ),
        (
            "run minimal --replicates 3 --layout none --out r --resume",
            2,
            "布局原为",
        ),
        (
            "run minimal --replicates 3 --format csv --out r --resume",
            2,
            "文件格式",
        ),
        (
            "run minimal --replicates 3 --tables credit --out r --resume",
            2,
            "数据表列表",
        ),
        (
            "run minimal --replicates 3 --set line.beta=0.2 --out r --resume",
            2,
            "解析后的情景",
        ),
        (
            "run minimal --replicates 3 --every 6 --out r --resume",
            2,
            "--every",
        ),
        (
            "compare minimal --baseline base none --replicates 2 --out c --resume",
            2,
            "只能增加",
        ),
        (
            "compare minimal --baseline base none --replicates 3 --out r --resume",
            2,
            "内容原为",
        ),
        ("sweep run plan.toml --out c --resume", 2, "内容原为"),
        ("status full", 2, "没有 pointplane 的运行结果"),
        ("merge gone", 2, "没有 pointplane 的运行结果"),
        ("sweep summary r", 2, "没有扫描结果"),
        ("report e", 2, "解释结果"),
        ("figures e", 2, "解释结果"),
    ] {
        says(dir, words, code).says(&[word]);
    }
    // Not all is there.
    says(dir, "run minimal --replicates 4 --out h --shard 0/2", 0);
    says(dir, "merge h", 3).says(&["4 次重复中有 2 次未完成"]);
    says(dir, "report h", 2).says(&["尚未完成"]);
    // The scenario has changed.
    says(
        dir,
        "compare minimal --baseline base none --replicates 4 --out p --shard 0/2",
        0,
    );
    edit(&dir.join("minimal/observed.csv"), "invented", "other");
    says(dir, "merge p", 2).says(&["此后有改动"]);
    says(dir, "report r", 0);
    // Files are damaged or gone.
    let national = dir.join("r/national.parquet");
    let bytes = fs::read(&national).unwrap();
    fs::write(&national, &bytes[1..]).unwrap();
    says(dir, "report r", 2).says(&["national.parquet 已损坏：校验和", "--force"]);
    fs::remove_file(dir.join("r/columns.csv")).unwrap();
    says(dir, "figures r", 2).says(&["缺少 columns.csv", "national.parquet 已损坏"]);
    let log = fs::read_dir(dir.join("s/logs"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let log = log.filter(|path| path.extension().is_some()).max().unwrap();
    let mut bytes = fs::read(&log).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&log, bytes).unwrap();
    says(dir, "sweep status s", 0).says(&[]);
    fs::write(dir.join("s/points.csv"), "design_row\n").unwrap();
    says(dir, "sweep status s", 2).says(&["points.csv 已损坏", "用 --resume 修复"]);
    for (manifest, word) in [
        (
            "{\"program\": \"pointplane\", \"format_version\": 99}",
            "请使用更新的",
        ),
        ("{\"program\": \"pointplane\"}", "没有 format_version"),
        (
            "{\"program\": \"pointplane\", \"format_version\": 2}",
            "manifest.json 已损坏",
        ),
        (
            "{\"program\": \"pointplane\", \"format_version\": 1, \"command_line\": [\"pointplane\", \"run\", \"x\"]}",
            "由 pointplane 0.1 生成",
        ),
        ("{}", "没有 pointplane 的运行结果"),
    ] {
        fs::write(dir.join("c/manifest.json"), manifest).unwrap();
        says(dir, "status c", 2).says(&[word]);
    }
}
