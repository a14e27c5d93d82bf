//! Reports in a real browser, offline: they load without a word on the console, the map answers to the
//! slider, the keyboard and the choice of layouts, data can be downloaded, nothing overflows from 390 to 1920
//! pixels, names stay text, and axe-core finds no serious fault.
//!
//! Needs Chromium, and for the last one axe-core: `POINTPLANE_AXE=…/axe.min.js`. Without them the last lines of
//! `cargo test` say that these did not run; `.ci/run` installs both and demands them.

mod chrome;
mod histories;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrome::{Page, browser};
use serde_json::{Value, json};

use crate::tools::there;

/// A place with such a name must stay text.
const EVIL: &str = "</script><script>window.evil = 1</script><img src=x onerror=window.evil=2>";

fn pointplane(arguments: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_pointplane"))
        .args(arguments)
        .output()
        .expect("the program starts");
    let words = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{arguments:?}: {words}");
}

/// A folder with the minimal scenario in which a place has an evil name, a run of it and a comparison.
struct Results(tempfile::TempDir);

impl Results {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        copy(
            Path::new("scenarios/minimal"),
            &folder.path().join("country"),
        );
        let places = folder.path().join("country/regions.csv");
        let text = fs::read_to_string(&places).expect("the places");
        let name = text
            .lines()
            .nth(1)
            .and_then(|line| line.split(',').nth(2))
            .expect("a name");
        let evil = text.replacen(&format!(",{name},"), &format!(",{EVIL},"), 1);
        assert_ne!(text, evil);
        fs::write(&places, evil).expect("it is written");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    fn run(&self) -> PathBuf {
        let out = self.text("run");
        pointplane(&[
            "run",
            &self.text("country"),
            "--replicates",
            "3",
            "--every",
            "6",
            "--quiet",
            "--out",
            &out,
        ]);
        pointplane(&["report", &out, "--quiet"]);
        self.path("run/report.html")
    }

    fn comparison(&self) -> PathBuf {
        let out = self.text("compared");
        pointplane(&[
            "compare",
            &self.text("country"),
            "--baseline",
            "base",
            "none",
            "--replicates",
            "3",
            "--every",
            "6",
            "--quiet",
            "--out",
            &out,
        ]);
        pointplane(&["report", &out, "--quiet", "--lang", "zh"]);
        self.path("compared/report-zh.html")
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the scenario") {
        let entry = entry.expect("an entry");
        let (here, there) = (entry.path(), to.join(entry.file_name()));
        if here.is_dir() {
            copy(&here, &there);
        } else {
            fs::copy(here, there).expect("a copy");
        }
    }
}

/// A small sweep with its indices.
fn swept(results: &Results) -> PathBuf {
    let plan = results.text("plan.toml");
    let text = "name = \"small\"\nscenario = \"country\"\nlayouts = [\"none\", \"base\"]\nreplicates = 2\n\
        outcomes = [\"mean_stock\"]\n[design]\nkind = \"morris\"\ntrajectories = 4\n[parameters]\n\
        line.beta = { distribution = \"uniform\", min = 0.05, max = 0.3 }\n\
        circle.radius_km = { distribution = \"uniform\", min = 100, max = 500 }\n";
    fs::write(&plan, text).expect("the plan");
    let out = results.text("small");
    pointplane(&["sweep", "run", &plan, "--out", &out, "--quiet"]);
    pointplane(&["sweep", "summary", &out, "--quiet"]);
    pointplane(&["report", &out, "--quiet"]);
    results.path("small/report.html")
}

fn quiet(page: &Page) {
    assert!(page.said.is_empty(), "{:#?}", page.said);
}

#[test]
fn a_report_of_a_run_works_offline() {
    let Some(browser) = browser() else { return };
    let results = Results::new();
    let mut page = Page::open(&browser, &results.run());
    page.until("!document.getElementById('map-box').hidden && document.querySelectorAll('#map-panes canvas').length === 1");

    // The slider moves the map, by script and by key.
    let end = page.picture();
    let month = |page: &mut Page| page.value("+document.getElementById('map-month').value");
    page.value("(() => { const s = document.getElementById('map-month'); s.value = 0; s.dispatchEvent(new Event('input')); })()");
    let start = page.picture();
    assert_ne!(start, end);
    page.value("document.getElementById('map-month').focus()");
    for _ in 0..6 {
        page.press("ArrowRight", 39);
    }
    assert_eq!(month(&mut page), json!(6));

    // Play moves on by itself, pause holds it.
    page.value("document.getElementById('map-play').click()");
    page.until("+document.getElementById('map-month').value > 8");
    page.value("document.getElementById('map-play').click()");
    let held = month(&mut page);
    page.picture();
    assert_eq!(month(&mut page), held);

    // Arrow keys walk from place to place, and what is told changes.
    let told = |page: &mut Page| page.value("document.getElementById('map-place').textContent");
    let before = told(&mut page);
    page.value("document.querySelector('#map-panes canvas').focus()");
    page.press("ArrowRight", 39);
    page.picture();
    let first = told(&mut page);
    assert_ne!(first, before);

    // A name from a file is text: in the map, in the tables, in the file.
    let walk = "(async () => {
        document.querySelector('.sheet').open = true;
        await new Promise(done => setTimeout(done, 300));
        return document.body.textContent.includes('window.evil = 1');
    })()";
    assert_eq!(page.value(walk), json!(true));
    assert_eq!(
        page.value("window.evil === undefined && !document.querySelector('img')"),
        json!(true)
    );

    // Tables sort and filter.
    let table = "document.querySelector('#places table')";
    page.until(&format!("!!{table}"));
    let rows = |page: &mut Page| page.value(&format!("{table}.tBodies[0].rows.length"));
    let all = rows(&mut page).as_u64().expect("a number");
    let stocks = format!(
        "(() => {{ {table}.querySelectorAll('th button')[3].click();
        return [...{table}.tBodies[0].rows].map(r => +r.cells[3].textContent); }})()"
    );
    let stocks: Vec<f64> = serde_json::from_value(page.value(&stocks)).expect("numbers");
    assert!(
        stocks.windows(2).all(|pair| pair[0] >= pair[1]),
        "{stocks:?}"
    );
    page.value("(() => { const i = document.querySelector('#places input'); i.value = 'evil'; i.dispatchEvent(new Event('input')); })()");
    let some = rows(&mut page).as_u64().expect("a number");
    assert!(some >= 1 && some < all, "{some} of {all}");
    quiet(&page);

    // Nothing but the page's own script runs, and nothing is fetched.
    let late =
        "(() => { const s = document.createElement('script'); s.textContent = 'window.late = 1';
        document.body.append(s); return window.late === undefined; })()";
    assert_eq!(page.value(late), json!(true));
    let fetched = "fetch('data:text/plain,1').then(() => true, () => false)";
    assert_eq!(page.value(fetched), json!(false));
}

#[test]
fn figures_and_data_can_be_downloaded() {
    let Some(browser) = browser() else { return };
    let results = Results::new();
    let mut page = Page::open(&browser, &results.run());
    let folder = results.path("downloads");
    fs::create_dir(&folder).expect("a folder");
    page.call(
        "Browser.setDownloadBehavior",
        json!({ "behavior": "allow", "downloadPath": folder }),
    );
    let mut fetch = |button: &str, ending: &str| -> String {
        page.value(&format!("document.querySelector('{button}').click()"));
        for _ in 0..200 {
            std::thread::sleep(std::time::Duration::from_millis(50));
            page.value("1");
            let files = fs::read_dir(&folder).expect("the folder");
            let done = files
                .filter_map(Result::ok)
                .find(|file| file.file_name().to_string_lossy().ends_with(ending));
            if let Some(done) = done {
                return fs::read_to_string(done.path()).expect("text");
            }
        }
        panic!("no file ends with {ending}");
    };
    let csv = fetch("[data-csv=growth]", "growth.csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(
        reader.headers().expect("a first line"),
        &["month", "measure", "mean", "low", "high"][..]
    );
    let rows: Vec<Vec<String>> = reader.deserialize().map(Result::unwrap).collect();
    assert!(rows.len() > 100 && rows.iter().any(|row| row[1] == "mean_stock"));
    let svg = fetch("[data-svg=growth]", "growth.svg");
    assert!(svg.starts_with("<svg") && svg.contains("174mm") && svg.contains("</svg>"));
    quiet(&page);
}

#[test]
fn layouts_stand_side_by_side_or_as_their_difference() {
    let Some(browser) = browser() else { return };
    let results = Results::new();
    let mut page = Page::open(&browser, &results.comparison());
    page.until("document.querySelectorAll('#map-panes canvas').length > 0");
    let mut show = |mode: &str| {
        let choose = format!(
            "(() => {{ const s = document.getElementById('map-mode'); s.value = '{mode}';
            s.dispatchEvent(new Event('change')); return document.querySelectorAll('#map-panes canvas').length; }})()"
        );
        let canvases = page.value(&choose);
        (canvases, page.picture())
    };
    let (two, both) = show("both");
    let (one, difference) = show("difference");
    assert_eq!((two, one), (json!(2), json!(1)));
    assert_ne!(both, difference);
    assert_eq!(page.value("document.documentElement.lang"), json!("zh-CN"));
    quiet(&page);
}

#[test]
fn the_map_of_a_comparison_has_structures() {
    let Some(browser) = browser() else { return };
    let results = Results::new();
    let mut page = Page::open(&browser, &results.comparison());
    page.until("document.querySelectorAll('#map-panes canvas').length > 0");
    // The words come with the first frame, after the canvases.
    page.until("document.getElementById('map-state').textContent !== ''");
    let state = page.value("document.getElementById('map-state').textContent");
    let state = state.as_str().expect("a text").to_owned();
    assert!(state.contains("条线") && state.contains("个圈"), "{state}");
    // A place that is pointed at tells its main sources in the layout that is shown.
    page.value("document.querySelector('#map-panes canvas').focus()");
    page.press("ArrowRight", 39);
    page.until("document.getElementById('map-place').textContent.includes('主要来源')");
    // Alone, side by side and as a difference: lines and circles are drawn, and can be hidden.
    for mode in ["a", "both", "difference"] {
        page.value(&format!(
            "(() => {{ const s = document.getElementById('map-mode'); s.value = '{mode}'; s.dispatchEvent(new Event('change')); }})()"
        ));
        let with = page.picture();
        for layer in ["lines", "circles"] {
            page.value(&format!("document.getElementById('map-{layer}').click()"));
        }
        let without = page.picture();
        assert_ne!(with, without, "{mode}");
        for layer in ["lines", "circles"] {
            page.value(&format!("document.getElementById('map-{layer}').click()"));
        }
        assert_eq!(page.picture(), with, "{mode}");
    }
    quiet(&page);
}

/// Alliances are on the map from the month in which they begin, and can be hidden; a chosen place has a card beside it.
#[test]
fn the_map_shows_alliances_and_a_card() {
    let Some(browser) = browser() else { return };
    let results = Results::new();
    let mut page = Page::open(&browser, &results.run());
    page.until("document.querySelectorAll('#map-panes canvas').length > 0");
    page.until("document.getElementById('map-state').textContent !== ''");
    let click = "document.getElementById('map-alliances-shown').click()";
    let told = "document.getElementById('map-alliances').textContent";
    let mut seen = Vec::new();
    for month in [0, 10_000] {
        page.value(&format!("(() => {{ const s = document.getElementById('map-month'); s.value = {month}; s.dispatchEvent(new Event('input')); }})()"));
        let with = page.picture();
        let names = page.value(told);
        page.value(click);
        let without = page.picture();
        page.value(click);
        assert_eq!(page.picture(), with);
        seen.push((with != without, names));
    }
    // The alliance of this scenario begins after the start.
    assert!(!seen[0].0 && seen[1].0, "{seen:?}");
    assert_ne!(seen[0].1, seen[1].1);
    let tip = "(t => !t.hidden && t.textContent)(document.getElementById('tip'))";
    assert_eq!(page.value(tip), json!(false));
    page.value("document.querySelector('#map-panes canvas').focus()");
    // A page that scrolls hides the card.
    page.value("new Promise(done => setTimeout(done, 1000))");
    page.press("ArrowRight", 39);
    page.picture();
    let card = page.value(tip);
    let place = page.value("document.getElementById('map-place').textContent");
    let lines = card.as_str().expect("a card").lines();
    assert!(
        lines.clone().count() > 1 && lines.eq(place.as_str().expect("a text").split(" · ")),
        "{card} {place}"
    );
    page.press("Escape", 27);
    assert_eq!(page.value(tip), json!(false));
    quiet(&page);
}

/// Titles say what figures show, tables have words as heads; on paper the map is light.
#[test]
fn titles_are_findings_and_heads_are_words() {
    let Some(browser) = browser() else { return };
    let results = Results::new();
    let mut page = Page::open(&browser, &results.comparison());
    page.resize(1280, true);
    page.until("document.querySelectorAll('#map-panes canvas').length > 0");
    let title = page.value("document.querySelector('#forest h2').textContent");
    let title = title.as_str().expect("a title");
    assert!(
        title.contains("对全国的影响") && title.contains("none") && title.contains('%'),
        "{title}"
    );
    page.value("document.querySelector('#forest .sheet').open = true");
    page.until("!!document.querySelector('#forest table')");
    let row = page.value("[...document.querySelectorAll('#forest th')].map(t => t.textContent).join() + [...document.querySelectorAll('#forest tbody tr')][0].textContent");
    let row = row.as_str().expect("a text");
    assert!(
        row.contains("布局") && row.contains("平均存量") && !row.contains("baseline_mean"),
        "{row}"
    );
    let corner = "(() => {
        const copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        copy.drawImage(document.querySelector('#map-panes canvas'), 0, 0);
        return [...copy.getImageData(3, 3, 1, 1).data].slice(0, 3);
    })()";
    page.picture();
    let dark: Vec<u8> = serde_json::from_value(page.value(corner)).expect("a colour");
    page.value("dispatchEvent(new Event('beforeprint'))");
    let light: Vec<u8> = serde_json::from_value(page.value(corner)).expect("a colour");
    page.value("dispatchEvent(new Event('afterprint'))");
    assert!(
        dark.iter().all(|c| *c < 60) && light.iter().all(|c| *c > 200),
        "{dark:?} {light:?}"
    );
    quiet(&page);
}

/// The first thing with a number that the tooltip says when a chart is pointed at here and there.
fn pointed(page: &mut Page, figure: &str, kind: &str) -> String {
    let event = if kind == "touch" {
        "pointerdown"
    } else {
        "pointermove"
    };
    let ask = format!(
        "(async () => {{
            const chart = [...document.querySelectorAll('#{figure} .chart')].find(c => c.getBoundingClientRect().width > 0);
            const box = chart.querySelector('svg').getBoundingClientRect(), tip = document.getElementById('tip');
            for (let n = 1; n < 50; n++) for (let m = 1; m < 40; m++) {{
                const at = {{ clientX: box.left + box.width * m / 40, clientY: box.top + box.height * n / 50, bubbles: true, pointerType: '{kind}' }};
                chart.dispatchEvent(new PointerEvent('{event}', at));
                await new Promise(done => setTimeout(done));
                if (!tip.hidden && /[0-9]/.test(tip.textContent)) return tip.textContent;
            }}
            return '';
        }})()"
    );
    page.value(&ask).as_str().expect("a text").to_owned()
}

#[test]
fn every_chart_says_its_values() {
    let Some(browser) = browser() else { return };
    let results = Results::new();
    for (file, width) in [
        (results.run(), 1280),
        (results.path("run/report.html"), 390),
        (results.comparison(), 1280),
        (swept(&results), 1280),
    ] {
        let mut page = Page::open(&browser, &file);
        page.resize(width, false);
        let figures = page.value(
            "[...document.querySelectorAll('section')].filter(s => s.querySelector('.chart svg')).map(s => s.id)",
        );
        let figures: Vec<String> = serde_json::from_value(figures).expect("names");
        assert!(figures.len() >= 3, "{figures:?}");
        let kind = if width < 600 { "touch" } else { "mouse" };
        for figure in &figures {
            let said = pointed(&mut page, figure, kind);
            assert!(
                !said.is_empty(),
                "{figure} of {} says nothing",
                file.display()
            );
        }
        // Arrow keys do the same, and what they find is read aloud.
        let figure = &figures[0];
        page.value(&format!(
            "[...document.querySelectorAll('#{figure} .chart')].find(c => c.getBoundingClientRect().width > 0).focus()"
        ));
        let mut told = Vec::new();
        for _ in 0..2 {
            page.press("ArrowRight", 39);
            page.value("new Promise(done => setTimeout(done, 400))");
            told.push(page.value("document.getElementById('told').textContent"));
        }
        assert!(told[0] != json!("") && told[0] != told[1], "{told:?}");
        quiet(&page);
    }
}

#[test]
fn nothing_overflows_at_any_width() {
    let Some(browser) = browser() else { return };
    let results = Results::new();
    for file in [results.run(), results.comparison()] {
        let mut page = Page::open(&browser, &file);
        page.until("document.querySelectorAll('#map-panes canvas').length > 0");
        for (width, dark) in [(390, false), (768, true), (1280, false), (1920, true)] {
            page.resize(width, dark);
            let wide = page.value("document.documentElement.scrollWidth");
            assert!(wide.as_u64() <= Some(u64::from(width)), "{wide} at {width}");
            let shown = page.value(
                "[...document.querySelectorAll('.chart svg')].filter(s => s.getBoundingClientRect().width > 0).length",
            );
            assert!(shown.as_u64() >= Some(5), "{shown} charts at {width}");
        }
        quiet(&page);
    }
}

/// What an answer holds over is as large and as dark as the answer, and its link leads somewhere.
#[test]
fn what_is_not_known_is_as_large_as_the_answer() {
    let Some(browser) = browser() else { return };
    let results = Results::new();
    for file in [results.run(), results.comparison()] {
        let mut page = Page::open(&browser, &file);
        for (width, dark) in [(390, false), (1440, true)] {
            page.resize(width, dark);
            let look = "(p => { const s = getComputedStyle(p); return [s.fontSize, s.fontWeight, s.color, s.opacity].join(); })";
            let first = page.value(&format!(
                "{look}(document.querySelector('#answer p:not(.limits)'))"
            ));
            let link = "document.querySelector('#answer p a')";
            let told = page.value(&format!("{look}({link}.parentElement)"));
            assert_eq!(first, told, "{width}");
            let there = format!(
                "document.querySelector({link}.getAttribute('href')).getBoundingClientRect().height > 100"
            );
            assert_eq!(page.value(&there), json!(true));
        }
        quiet(&page);
    }
}

/// The text of axe-core, where it is there.
#[track_caller]
fn axe() -> Option<String> {
    let axe = std::env::var_os("POINTPLANE_AXE");
    let reason = "POINTPLANE_AXE does not name axe.min.js (npm install axe-core)";
    there(axe.is_some(), reason)
        .then(|| fs::read_to_string(axe.expect("it is there")).expect("axe-core"))
}

/// The faults of a page that are serious, with all that can be opened open.
fn serious(page: &mut Page, axe: &str) -> Vec<Value> {
    page.value("document.querySelectorAll('details').forEach(d => { d.open = true; })");
    page.value("new Promise(done => setTimeout(done, 500))");
    page.value(axe);
    let found = page.value("axe.run().then(r => r.violations.map(v => ({ id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html) })))");
    let mut found = found.as_array().expect("a list").clone();
    found.retain(|v| v["impact"] == "serious" || v["impact"] == "critical");
    found
}

#[test]
fn axe_finds_no_serious_fault() {
    let Some(browser) = browser() else { return };
    let Some(axe) = axe() else { return };
    let results = Results::new();
    for (file, width, dark) in [
        (results.run(), 1280, false),
        (results.path("run/report.html"), 390, true),
        (results.comparison(), 1280, true),
    ] {
        let mut page = Page::open(&browser, &file);
        page.resize(width, dark);
        page.until("document.querySelectorAll('#map-panes canvas').length > 0");
        let serious = serious(&mut page, &axe);
        assert!(
            serious.is_empty(),
            "{} at {width}: {serious:#?}",
            file.display()
        );
    }
}
