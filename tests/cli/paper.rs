//! Figures for papers: none is taller than a page has room for, no letter is too small, and no text lies on
//! another or beyond the edge. In both widths and languages.

use std::path::Path;

use pointplane::report::Lang;
use pointplane::report::chart::{Drawn, LEAST_TEXT, TALLEST, Width};
use pointplane::report::contents::{report, sweep_report};
use pointplane::report::figures::Figure;
use pointplane::scenario::{Loaded, load};
use pointplane::store::Manifest;
use svg2pdf::usvg::{self, fontdb};

use super::fixture::{call, manifest, run_into, shipped, temp};

/// Units of the drawing in a point of it.
const UNIT: f64 = 10.0;

/// Words with where their letters are: left, top, right, lower end in points.
fn words(svg: &str, fonts: &std::sync::Arc<fontdb::Database>) -> Vec<(String, [f64; 4])> {
    fn texts(group: &usvg::Group, list: &mut Vec<(String, [f64; 4])>) {
        for node in group.children() {
            match node {
                usvg::Node::Group(group) => texts(group, list),
                usvg::Node::Text(text) => {
                    let chunks = text.chunks().iter().map(usvg::TextChunk::text);
                    let letters = text.flattened().bounding_box();
                    let at = letters.transform(text.abs_transform());
                    let at = at.expect("a turn keeps a box");
                    let ends = [at.left(), at.top(), at.right(), at.bottom()];
                    let ends = ends.map(|end| f64::from(end) / UNIT);
                    list.push((chunks.collect(), ends));
                }
                _ => {}
            }
        }
    }
    let svg = svg.replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1);
    let svg = svg.replacen(" xmlns=\"http://www.w3.org/2000/svg\">", ">", 1);
    let options = usvg::Options {
        fontdb: fonts.clone(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(&svg, &options).expect("a drawing");
    let mut list = Vec::new();
    texts(tree.root(), &mut list);
    list
}

/// The sizes of all letters in points of the printed page.
fn sizes(drawn: &Drawn, width: Width) -> Vec<f64> {
    let printed = width.millimetres() * 72.0 / 25.4 / drawn.size.0;
    let parts = drawn.svg.split("font-size=\"").skip(1);
    let number = |part: &str| part.split('"').next()?.parse::<f64>().ok();
    parts
        .map(|part| number(part).expect("a size") / UNIT * printed)
        .collect()
}

/// Looks at all figures; gives how many drawings there were.
fn look(what: &str, figures: &[Figure], fonts: &std::sync::Arc<fontdb::Database>) -> usize {
    let mut seen = 0;
    for figure in figures {
        let Ok(chart) = &figure.chart else { continue };
        for width in [Width::Column, Width::Page] {
            let drawings = chart.draw_for_paper(width, &figure.title).expect("drawn");
            assert!(!drawings.is_empty());
            for drawn in &drawings {
                seen += 1;
                let what = format!("{what}, {}, {width:?}", figure.id);
                let (wide, tall) = drawn.size;
                let millimetres = tall * width.millimetres() / wide;
                assert!(millimetres <= TALLEST, "{what}: {millimetres} mm");
                let least = sizes(drawn, width).into_iter().fold(f64::MAX, f64::min);
                assert!(least >= LEAST_TEXT, "{what}: letters of {least} points");
                let words = words(&drawn.svg, fonts);
                for (n, (text, at)) in words.iter().enumerate() {
                    let inside =
                        at[0] > -0.5 && at[1] > -0.5 && at[2] < wide + 0.5 && at[3] < tall + 0.5;
                    assert!(inside, "{what}: {text:?} at {at:?} of {wide} × {tall}");
                    for (other, there) in &words[..n] {
                        let across = at[2].min(there[2]) - at[0].max(there[0]);
                        let down = at[3].min(there[3]) - at[1].max(there[1]);
                        let apart = across < 0.5 || down < 0.5;
                        assert!(
                            apart,
                            "{what}: {text:?} at {at:?} on {other:?} at {there:?}"
                        );
                    }
                }
            }
        }
    }
    seen
}

fn fonts() -> std::sync::Arc<fontdb::Database> {
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    // Without any, texts have no place: then only heights and sizes are looked at.
    std::sync::Arc::new(fonts)
}

fn loaded(scenario: &str, layout: &str) -> Loaded {
    let folder = shipped(scenario);
    let layouts = match layout {
        "" => Vec::new(),
        layout => vec![Path::new(&folder).join(format!("layouts/{layout}.toml"))],
    };
    load(Path::new(&folder), &layouts, &[]).expect("a shipped scenario")
}

fn of(dir: &Path, manifest: &Manifest, loaded: &[(String, Loaded)], lang: Lang) -> Vec<Figure> {
    report(dir, manifest, Ok(loaded), lang)
        .expect("a report")
        .figures
}

#[test]
fn figures_of_the_published_comparison_fit_on_a_page() {
    let dir = shipped("results/alliance-layouts");
    let dir = Path::new(&dir);
    let manifest = manifest(dir);
    let layouts = manifest.layouts.iter();
    let all: Vec<(String, Loaded)> = layouts
        .map(|layout| (layout.name.clone(), loaded("scenarios/china", &layout.name)))
        .collect();
    let fonts = fonts();
    for lang in [Lang::En, Lang::Zh] {
        assert!(look("comparison", &of(dir, &manifest, &all, lang), &fonts) >= 14);
    }
}

#[test]
fn figures_of_a_run_fit_on_a_page() {
    let (dir, fonts) = (temp(), fonts());
    let country = shipped("scenarios/china");
    let words = ["run", &country, "--layout", "existing", "--replicates", "2"];
    let more = ["--every", "24", "--out", "china", "--quiet"];
    call(dir.path(), &[&words[..], &more[..]].concat()).exits(0);
    run_into(dir.path(), "minimal", &["--replicates", "3"]);
    for (name, scenario, layout) in [
        ("china", "scenarios/china", "existing"),
        ("minimal", "scenarios/minimal", ""),
    ] {
        let dir = dir.path().join(name);
        let manifest = manifest(&dir);
        let all = [(manifest.layout.clone(), loaded(scenario, layout))];
        for lang in [Lang::En, Lang::Zh] {
            assert!(look(name, &of(&dir, &manifest, &all, lang), &fonts) >= 20);
        }
    }
}

#[test]
fn figures_of_a_sweep_fit_on_a_page() {
    let (dir, fonts) = (temp(), fonts());
    // Many parameters, two layouts, few months: tall figures from a small sweep.
    let keys = [
        "line.beta = { distribution = \"uniform\", min = 0.05, max = 0.3 }",
        "line.line_bonus = { distribution = \"uniform\", min = 0, max = 0.6 }",
        "line.circle_bonus = { distribution = \"uniform\", min = 0, max = 0.4 }",
        "line.axis_bonus = { distribution = \"uniform\", min = 0, max = 0.4 }",
        "line.national_rate = { distribution = \"uniform\", min = 0.03, max = 0.15 }",
        "line.provincial_rate = { distribution = \"uniform\", min = 0.03, max = 0.15 }",
        "line.forgetting = { distribution = \"uniform\", min = 0.02, max = 0.06 }",
        "line.express = { distribution = \"uniform\", min = 0, max = 0.04 }",
        "point.arrival_rate = { distribution = \"uniform\", min = 0.08, max = 0.14 }",
        "plane.national_quality = { distribution = \"uniform\", min = 0.5, max = 0.8 }",
        "circle.radius_km = { distribution = \"uniform\", min = 100, max = 500 }",
        "alliances.strength_factor = { distribution = \"uniform\", min = 0, max = 2 }",
    ];
    let plan = format!(
        "name = \"tall\"\nscenario = '{}'\nlayouts = [\"none\", \"base\"]\nreplicates = 2\n\
         outcomes = [\"mean_stock\", \"adoptions\", \"theil\", \"coverage\"]\n[design]\nkind = \"saltelli\"\n\
         base_points = 8\n[parameters]\n{}\n",
        shipped("scenarios/minimal"),
        keys.join("\n")
    );
    std::fs::write(dir.path().join("plan.toml"), plan).expect("the plan");
    call(
        dir.path(),
        &["sweep", "run", "plan.toml", "--out", "s", "--quiet"],
    )
    .exits(0);
    for lang in [Lang::En, Lang::Zh] {
        let made = sweep_report(&dir.path().join("s"), lang).expect("a report");
        let cut = |figure: &&Figure| {
            let chart = figure.chart.as_ref().expect("a chart");
            chart
                .draw_for_paper(Width::Column, "")
                .expect("drawn")
                .len()
                > 1
        };
        assert!(made.figures.iter().any(|f| cut(&f)), "some come in parts");
        assert!(look("sweep", &made.figures, &fonts) >= 8);
    }
}
