//! What commands make of the tables, beside them: the summary of a sweep, figures, pages. It goes when the
//! tables do: nobody shall take it for what is there now.

use std::path::Path;
use std::sync::Arc;

use crate::texts::Lang;

use super::bound::MADE_FROM;
use super::error::StoreError;
use super::files::Files;
use super::stage::{clear_temps, remove};

/// Name of the folder with the summary of a sweep.
pub const SUMMARY: &str = "summary";
/// Tables of a summary.
pub const SUMMARIES: [&str; 7] = [
    "interactions",
    "morris",
    "regression",
    "sobol",
    "sobol_pairs",
    "tornado",
    "uncertainty",
];
/// Name of the folder with figures.
pub const FIGURES: &str = "figures";
/// Formats of figures.
const FORMATS: [&str; 3] = ["pdf", "png", "svg"];
const LANGUAGES: [Lang; 2] = [Lang::En, Lang::Zh];

/// Name of the page of a report.
pub fn page(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "report.html",
        Lang::Zh => "report-zh.html",
    }
}

/// Name of a figure, or of a part of one, in [`FIGURES`]; `format` is what the name ends with.
pub fn figure(id: &str, part: Option<usize>, millimetres: f64, lang: Lang, format: &str) -> String {
    let part = part.map_or_else(String::new, |part| format!("-part{part}"));
    format!("{id}{part}-{millimetres}mm-{lang}.{format}")
}

/// Whether [`figure`] gives such names.
fn is_figure(name: &str) -> bool {
    let parts = || {
        let (name, format) = name.rsplit_once('.')?;
        let (name, lang) = name.rsplit_once('-')?;
        let (id, width) = name.rsplit_once('-')?;
        let width: f64 = width.strip_suffix("mm")?.parse().ok()?;
        let known = LANGUAGES.iter().any(|known| known.to_string() == lang);
        Some(!id.is_empty() && width > 0.0 && known && FORMATS.contains(&format))
    };
    parts().unwrap_or(false)
}

fn is_summary(name: &str) -> bool {
    let table = name.strip_suffix(".csv");
    name == MADE_FROM || table.is_some_and(|table| SUMMARIES.contains(&table))
}

/// Removes all of it; what others have put beside it stays.
pub(super) fn clear(files: &Arc<dyn Files>, dir: &Path) -> Result<(), StoreError> {
    let is_folder = |path: &Path| {
        let found = files.look(path);
        let found = found.map_err(|e| StoreError::io("read", path, e))?;
        Ok::<_, StoreError>(found.map(|found| found.folder))
    };
    for lang in LANGUAGES {
        let path = dir.join(page(lang));
        if is_folder(&path)? == Some(false) {
            remove(files, &path)?;
        }
    }
    for folder in [SUMMARY, FIGURES] {
        let own = match folder {
            SUMMARY => is_summary,
            _ => is_figure,
        };
        let path = dir.join(folder);
        // What a link leads to is elsewhere.
        if is_folder(&path)? != Some(true) {
            continue;
        }
        clear_temps(files, &path)?;
        let names = files.names(&path);
        let names = names.map_err(|e| StoreError::io("read", &path, e))?;
        for name in names.iter().filter(|name| own(name)) {
            remove(files, &path.join(name))?;
        }
        // Refused when something else is in it: then it stays.
        let _ = files.remove_folder(&path);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::files::disk;
    use super::*;

    #[test]
    fn what_is_derived_goes_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str| {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        };
        let of_figures = [
            figure("map", None, 84.0, Lang::En, "svg"),
            figure("first-formed", Some(2), 174.0, Lang::Zh, "pdf"),
        ];
        assert_eq!(of_figures[1], "first-formed-part2-174mm-zh.pdf");
        for name in &of_figures {
            put(&format!("{FIGURES}/{name}"));
        }
        for name in ["summary/sobol.csv", "summary/tornado.csv", "report.html"] {
            put(name);
        }
        let own = [
            "figures/map-84mm.svg",
            "figures/mine-84mm-en.tiff",
            "report.pdf",
            "outcomes.csv",
        ];
        own.iter().for_each(|name| put(name));
        // A folder elsewhere that somebody has led here to.
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("sobol.csv"), "").unwrap();
        clear(&disk(), dir.path()).unwrap();
        assert!(own.iter().all(|name| dir.path().join(name).exists()));
        assert!(!dir.path().join(SUMMARY).exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
        assert_eq!(fs::read_dir(dir.path().join(FIGURES)).unwrap().count(), 2);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(elsewhere.path(), dir.path().join(SUMMARY)).unwrap();
            clear(&disk(), dir.path()).unwrap();
            assert!(elsewhere.path().join("sobol.csv").exists());
        }
        // Again, where there is nothing.
        clear(&disk(), &dir.path().join("nowhere")).unwrap();
    }
}
