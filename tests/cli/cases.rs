//! Situations in which the program once said nothing, said what does not help, or ended badly.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use super::fixture::*;

/// The minimal scenario in a folder of its own, as `s`.
fn room() -> tempfile::TempDir {
    let dir = temp();
    copy(minimal().as_ref(), &dir.path().join("s"));
    dir
}

fn say(dir: &tempfile::TempDir, words: &str) -> Ran {
    call(dir.path(), &words.split(' ').collect::<Vec<_>>())
}

/// `nohup` has the hang-up of the terminal ignored, a shell Ctrl-C for its jobs in the background; a scheduler's
/// SIGTERM ends the run all the same.
#[test]
fn signals_that_are_ignored_at_the_start_stay_so() {
    for command in ["run s", "compare s --baseline base none"] {
        let dir = room();
        let script = format!(
            "trap '' HUP INT\n\
            $POINTPLANE {command} --replicates 200000 --out o 2> said & p=$!\n\
            until grep -q replicates: said; do sleep 0.1; kill -0 $p || exit 9; done\n\
            kill -HUP $p; kill -INT $p; sleep 1\n\
            kill -0 $p && echo alive; kill -TERM $p; wait $p; echo $?"
        );
        let ran = shell(dir.path(), &script).exits(0);
        let said = fs::read_to_string(dir.path().join("said")).unwrap();
        assert_eq!(ran.out, "alive\n130\n", "{said}{}", ran.err);
        assert_eq!(said.matches("interrupted: ").count(), 1, "{said}");
    }
}

#[test]
fn what_cannot_be_written_there_is_written_elsewhere() {
    let dir = room();
    say(&dir, "run s --replicates 2 --out r --quiet").exits(0);
    // Nobody can put a file there, not even root.
    fs::create_dir(dir.path().join("r/report.html")).unwrap();
    fs::write(dir.path().join("r/figures"), "").unwrap();
    for command in ["report", "figures"] {
        let ran = say(&dir, &format!("{command} r")).exits(1);
        assert!(ran.err.contains("--out writes it elsewhere"), "{}", ran.err);
        assert!(!ran.err.contains("--resume"), "{}", ran.err);
    }
    say(&dir, "report r --out china.html")
        .exits(0)
        .says(&["china.html"]);
    let page = fs::read_to_string(dir.path().join("china.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.len() > 50_000);
    say(&dir, "figures r --out paper/figures").exits(0);
    assert!(
        fs::read_dir(dir.path().join("paper/figures"))
            .unwrap()
            .count()
            > 3
    );
    say(&dir, "report r --out r/nowhere/x.html")
        .exits(1)
        .says(&["--out: ", "r/nowhere"]);
}

#[test]
fn advice_fits_the_command() {
    let dir = room();
    say(&dir, "run s --replicates 2 --out r --quiet").exits(0);
    say(&dir, "sweep run s/sweeps/grid.toml --out sw --quiet").exits(0);
    for command in [
        "explain s base open-candidate --out r",
        "explain s base open-candidate --out sw",
        "run s --out sw",
        "compare s --baseline base none --out sw",
        "compare s --baseline base none --out r",
    ] {
        let ran = say(&dir, command).exits(2);
        assert!(
            ran.err.contains("choose another folder with --out"),
            "{command}: {}",
            ran.err
        );
        assert!(!ran.err.contains("--resume"), "{command}: {}", ran.err);
    }
    say(&dir, "run s --replicates 3 --out sw --resume")
        .exits(2)
        .says(&["sw holds"]);
}

/// Nothing of a file reaches the terminal as a control character.
#[test]
fn names_do_nothing_to_a_terminal() {
    let dir = room();
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[31m\u{9b}2J\u{202e}";
    edit(
        &dir.path().join("s/regions.csv"),
        ",Seamouth,",
        &format!(",{evil}Seamouth,"),
    );
    edit(
        &dir.path().join("s/zones.csv"),
        ",Seamouth Harbour Area,",
        &format!(",{evil}Harbour,"),
    );
    edit(
        &dir.path().join("s/alliances.csv"),
        ",River Mouth Alliance,",
        &format!(",{evil}Mouth,"),
    );
    let escapes = "\\u001b]0;owned\\u0007\\u001b[31m";
    let path = dir.path().join("s/scenario.toml");
    edit(
        &path,
        "title = \"Three",
        &format!("title = \"{escapes}Three"),
    );
    edit(
        &path,
        "name_en = \"Trade\"",
        &format!("name_en = \"{escapes}Trade\""),
    );
    for (command, words) in [
        ("check s", "fine"),
        ("run s --replicates 2 --out r", "Harbour"),
        ("compare s --baseline base none --replicates 3 --out c", ""),
        ("explain s base open-candidate", ""),
        ("explain s base open-candidate --place seamoth", ""),
        ("run s --layout nowhere --out z", "no such file"),
        ("odd s", "Three"),
        ("diff base none --scenario s", ""),
        ("status c", ""),
    ] {
        let ran = say(&dir, command);
        let all = ran.err + &ran.out;
        assert!(all.len() > 20 && all.contains(words), "{command}: {all}");
        let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || c == '\u{202e}';
        assert!(!all.contains(bad), "{command}: {all:?}");
    }
    // Tables and JSON keep it.
    let json = say(&dir, "explain s base open-candidate --json")
        .exits(0)
        .json();
    assert!(json.is_object());
}

#[test]
fn more_threads_than_help_are_not_used() {
    let dir = room();
    let begun = Instant::now();
    say(&dir, "run s --replicates 2 --threads 4096 --out r")
        .exits(0)
        .says(&["4096 threads would only wait for each other", "are used"]);
    assert!(begun.elapsed() < Duration::from_secs(60));
    let ran = say(&dir, "run s --replicates 2 --threads 1 --out one").exits(0);
    assert!(!ran.err.contains("wait for each other"), "{}", ran.err);
    same(&dir.path().join("r"), &dir.path().join("one"));
}

#[test]
fn folders_without_results_are_told_apart() {
    let dir = room();
    say(&dir, "run s --replicates 2 --out r --quiet").exits(0);
    fs::create_dir(dir.path().join("empty")).unwrap();
    fs::create_dir(dir.path().join("other")).unwrap();
    fs::write(dir.path().join("other/manifest.json"), "{\"name\": \"x\"}").unwrap();
    fs::write(dir.path().join("r/manifest.json"), "").unwrap();
    for (folder, words) in [
        ("nowhere", "there is no such folder"),
        ("empty", "the folder is empty"),
        ("s", "it holds alliance_members.csv and no manifest.json"),
        ("s/zones.csv", "it is a file, not a folder"),
        ("other", "its manifest.json is not of this program"),
        ("r", "r/manifest.json is damaged: it is empty"),
    ] {
        for command in ["report", "figures", "status", "merge"] {
            say(&dir, &format!("{command} {folder}"))
                .exits(2)
                .says(&[folder, words]);
        }
    }
}

/// A pipe in the place of a file is not waited for.
#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_of_results_is_refused() {
    let dir = room();
    say(&dir, "run s --replicates 2 --out r --quiet").exits(0);
    let pipe = |path: &std::path::Path| {
        let _ = fs::remove_file(path);
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    for file in ["r/national.parquet", "r/columns.csv", "r/manifest.json"] {
        pipe(&dir.path().join(file));
        let ran = shell(dir.path(), "timeout 20 $POINTPLANE report r; echo $?");
        assert!(matches!(ran.out.trim(), "1" | "2"), "{file}: {ran:?}");
        assert!(ran.err.contains("a pipe or device"), "{file}: {}", ran.err);
    }
    pipe(&dir.path().join("s/sweeps/list.csv"));
    pipe(&dir.path().join("s/near.gwt"));
    let ran = shell(
        dir.path(),
        "timeout 20 $POINTPLANE check s/near.gwt; echo $?",
    );
    assert_eq!(ran.out, "2\n", "{ran:?}");
}

/// Tables as Excel, R and pandas save them: read, or refused with what to do.
#[test]
fn designs_and_tables_of_other_programs() {
    let dir = room();
    let plan = "name = \"p\"\nscenario = \"..\"\n[design]\nkind = \"list\"\nfile = \"d.csv\"\n";
    fs::write(dir.path().join("s/sweeps/p.toml"), plan).unwrap();
    for (list, words) in [
        (
            "line_beta;line_response\n0,1;hill\n",
            "the cells are separated by ';'",
        ),
        (
            "line_beta\tline_response\n0.1\thill\n",
            "the cells are separated by tabs",
        ),
        (
            "sep=,\nline_beta\n0.1\n",
            "this line is for Excel only: delete it",
        ),
        (
            ",line_beta\n0,0.1\n",
            "the number of rows that pandas or R writes",
        ),
        (
            "Unnamed: 0,line_beta\n0,0.1\n",
            "the number of rows that pandas or R writes",
        ),
    ] {
        fs::write(dir.path().join("s/sweeps/d.csv"), list).unwrap();
        let ran = say(&dir, "sweep run s/sweeps/p.toml --out o").exits(2);
        assert!(
            ran.err.contains(words) && ran.err.contains("1 error"),
            "{list}: {}",
            ran.err
        );
    }
    for (word, other) in [("TRUE", "FALSE"), ("True", "False"), ("1.0", "0.0")] {
        let list = format!("line_structures\n{word}\n{other}\n");
        fs::write(dir.path().join("s/sweeps/d.csv"), &list).unwrap();
        let ran = say(&dir, "sweep run s/sweeps/p.toml --out o --force --quiet");
        if word == "1.0" {
            continue;
        }
        ran.exits(0);
    }
    // Switches and whole numbers in tables.
    for word in ["TRUE", "True", "1.0"] {
        let dir = room();
        edit(
            &dir.path().join("s/regions.csv"),
            ",linkage,1,",
            &format!(",linkage,{word},"),
        );
        edit(&dir.path().join("s/zones.csv"), ",0.1,60,", ",0.1,60.0,");
        say(&dir, "check s").exits(0).says(&["s: fine"]);
        let told = say(&dir, &format!("diff s {}", minimal())).exits(0);
        assert!(
            !told.out.contains("capital") && !told.out.contains("tasks"),
            "{}",
            told.out
        );
    }
}

#[test]
fn names_of_another_script_are_told_what_letters_are_meant() {
    let dir = room();
    let layout = "layout = \"\u{4e1c}\u{5317}\"\ndrop = [\"*\"]\n";
    fs::write(dir.path().join("s/layouts/db.toml"), layout).unwrap();
    say(&dir, "check s/layouts/db.toml")
        .exits(2)
        .says(&["Latin letters (A-Z, a-z)"]);
    say(&dir, "new \u{6211}\u{7684}\u{56fd}\u{5bb6}")
        .exits(2)
        .says(&["Latin letters (A-Z, a-z)"]);
}

#[test]
fn base_is_a_layout_to_all_commands() {
    let dir = room();
    let told = say(&dir, "diff base none --scenario s").exits(0).out;
    assert_eq!(told, say(&dir, "diff - none --scenario s").exits(0).out);
    assert!(told.contains("river_mouth"), "{told}");
    let both = say(&dir, "diff none none+open-candidate --scenario s")
        .exits(0)
        .out;
    assert!(both.contains("pass_gate"), "{both}");
}

/// Stata takes no column of text in which nothing stands.
#[test]
fn no_column_of_text_of_a_sweep_is_all_missing() {
    use arrow_array::Array;
    use arrow_schema::DataType;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    let dir = room();
    say(&dir, "sweep run s/sweeps/grid.toml --out o --quiet").exits(0);
    let mut texts = 0;
    for table in ["points", "runs", "outcomes", "run_times"] {
        let file = fs::File::open(dir.path().join(format!("o/{table}.parquet"))).unwrap();
        let batches = ParquetRecordBatchReaderBuilder::try_new(file)
            .unwrap()
            .build()
            .unwrap();
        let batch = batches.map(Result::unwrap).next().unwrap();
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            let kind = field.data_type();
            if matches!(
                kind,
                DataType::Utf8
                    | DataType::LargeUtf8
                    | DataType::Utf8View
                    | DataType::Dictionary(..)
            ) {
                texts += 1;
                assert!(
                    column.null_count() < column.len(),
                    "{table}: {}",
                    field.name()
                );
            }
        }
    }
    assert!(texts >= 12, "{texts}");
}
