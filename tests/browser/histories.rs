//! Pages of what leads from data to parameters and back, and of a run in years.

use std::path::{Path, PathBuf};

use super::chrome::{Page, browser};
use super::{axe, pointed, pointplane, quiet, serious};

/// The pages, each with the number of its charts.
fn pages(dir: &Path) -> Vec<(PathBuf, u64)> {
    let lotteries = "scenarios/us-lotteries";
    let at = |name: &str| dir.join(name).display().to_string();
    let [estimation, replay, run] = [at("estimation"), at("replay"), at("run")];
    let more = "--curves --profiles --residuals --hold-out last=6 --quiet --out";
    let more = more.split(' ');
    let words: Vec<&str> = ["estimate", lotteries].into_iter().chain(more).collect();
    pointplane(&[&words[..], &[&estimation]].concat());
    let draws = dir.join("estimation/draws.csv").display().to_string();
    let words = [
        "replay", lotteries, "--layout", "compact", "--draws", "60", "--quiet",
    ];
    pointplane(&[&words[..], &["--posterior", &draws, "--out", &replay]].concat());
    let words = [
        "run",
        lotteries,
        "--replicates",
        "5",
        "--quiet",
        "--out",
        &run,
    ];
    pointplane(&words);
    let of = [(estimation, "en", 6), (replay, "zh", 2), (run, "en", 4)];
    of.into_iter()
        .map(|(folder, lang, charts)| {
            pointplane(&["report", &folder, "--lang", lang, "--quiet"]);
            let file = if lang == "zh" {
                "report-zh.html"
            } else {
                "report.html"
            };
            (Path::new(&folder).join(file), charts)
        })
        .collect()
}

/// Nothing is wider than the window, each chart says its values, and axe-core finds no serious fault.
#[test]
fn pages_of_histories_fit_and_are_read() {
    let Some(browser) = browser() else { return };
    let axe = axe();
    let dir = tempfile::tempdir().expect("a folder");
    for (file, charts) in pages(dir.path()) {
        let mut page = Page::open(&browser, &file);
        for (width, dark) in [(390, false), (768, true), (1280, false), (1920, true)] {
            page.resize(width, dark);
            let wide = page.value("document.documentElement.scrollWidth");
            let name = file.display();
            assert!(
                wide.as_u64() <= Some(u64::from(width)),
                "{name}: {wide} at {width}"
            );
            let shown = page.value(
                "[...document.querySelectorAll('.chart svg')].filter(s => s.getBoundingClientRect().width > 0).length",
            );
            assert!(
                shown.as_u64() >= Some(charts),
                "{name}: {shown} charts at {width}"
            );
        }
        let figures = page.value(
            "[...document.querySelectorAll('section')].filter(s => s.querySelector('.chart svg')).map(s => s.id)",
        );
        let figures: Vec<String> = serde_json::from_value(figures).expect("names");
        for figure in &figures {
            let said = pointed(&mut page, figure, "mouse");
            assert!(
                !said.is_empty(),
                "{figure} of {} says nothing",
                file.display()
            );
        }
        if let Some(axe) = &axe {
            for (width, dark) in [(1280, true), (390, false)] {
                page.resize(width, dark);
                let serious = serious(&mut page, axe);
                assert!(
                    serious.is_empty(),
                    "{} at {width}: {serious:#?}",
                    file.display()
                );
            }
        }
        quiet(&page);
    }
}
