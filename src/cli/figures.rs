//! `pointplane figures`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::report::chart::Width;
use crate::report::contents::ReportError;
use crate::report::export::{ExportError, FigureFormat, Fonts};
use crate::report::{Lang, Report, gather};
use crate::store::{FIGURES, StoreError, atomic_write, figure as name_of};
use crate::texts::{Text, say};

use super::report::{not_written, refused, warn};
use super::{Exit, say};

/// Arguments of `figures`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane figures results/china --format pdf --width 84mm
  pointplane figures results/china-compare --format png --lang zh
  pointplane figures archive/china --out paper/figures

The figures are those of `pointplane report`, in the folder figures/ of the results, named
ID-WIDTH-LANG.FORMAT. PDF embeds its fonts; SVG has its letters as outlines; PNG has 600 dots per inch.
Letters are taken from the fonts of this machine. No figure is taller than 230 mm: one that would be is
set tighter, in letters of 5 to 7 points, or split into parts (ID-part1-WIDTH-LANG.FORMAT).")]
pub struct Arguments {
    /// Results folder of a run, a comparison or a sweep
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Format of the files
    #[arg(long, value_enum, default_value_t = Format::Svg, overrides_with = "format")]
    format: Format,
    /// Width: a column or a whole page of a journal
    #[arg(long, value_enum, default_value_t = Wide::Page, overrides_with = "width")]
    width: Wide,
    /// Scenario that was run [default: the one named in the manifest of the results]
    #[arg(long, value_name = "PATH", overrides_with = "scenario")]
    scenario: Option<PathBuf>,
    /// Write them into this folder [default: figures in the results folder]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    out: Option<PathBuf>,
    /// Print problems only
    #[arg(long)]
    quiet: bool,
}

/// Formats on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Scalable vector graphics
    Svg,
    /// Pixels, 600 dots per inch
    Png,
    /// Portable document format
    Pdf,
}

/// Widths on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Wide {
    /// A column
    #[value(name = "84mm")]
    Column,
    /// A page
    #[value(name = "174mm")]
    Page,
}

/// Does the command.
pub fn run(arguments: &Arguments, lang: Lang) -> Exit {
    let format = match arguments.format {
        Format::Svg => FigureFormat::Svg,
        Format::Png => FigureFormat::Png,
        Format::Pdf => FigureFormat::Pdf,
    };
    let width = match arguments.width {
        Wide::Column => Width::Column,
        Wide::Page => Width::Page,
    };
    let made = match gather(&arguments.dir, arguments.scenario.as_deref(), lang) {
        Ok(made) => made,
        Err(error) => return refused(&error),
    };
    let elsewhere = arguments.out.is_some();
    let folder = arguments.out.clone();
    let folder = folder.unwrap_or_else(|| arguments.dir.join(FIGURES));
    let quiet = arguments.quiet;
    let mut hear = |drawn: &Drawn| {
        if !quiet {
            say(&drawn.path.display().to_string());
        }
    };
    if let Err(error) = draw(&made, &folder, width, format, &mut hear) {
        return match error {
            Undrawn::Store(error) => not_written(error, elsewhere),
            Undrawn::Export(error) => failed(&error),
            Undrawn::Drawing(error) => refused(&ReportError::Drawing(error)),
        };
    }
    let exit = warn(&made);
    for figure in made.figures.iter().filter(|_| !quiet) {
        if let Err(why) = &figure.chart {
            let figure = &figure.id;
            say(&say!(super::lang(), "without-figure", figure, why));
        }
    }
    exit
}

/// A file of a figure, or of a part of one.
pub struct Drawn {
    /// Id of the figure.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The file.
    pub path: PathBuf,
}

/// Why figures are not in their folder.
pub enum Undrawn {
    /// They cannot be written.
    Store(StoreError),
    /// They cannot be made into files.
    Export(ExportError),
    /// They cannot be drawn.
    Drawing(Text),
}

/// Draws the figures of a report into a folder; `hear` hears of each file.
///
/// # Errors
/// Why one is not there; those before it are.
pub fn draw(
    made: &Report,
    folder: &Path,
    width: Width,
    format: FigureFormat,
    hear: &mut dyn FnMut(&Drawn),
) -> Result<(), Undrawn> {
    let fonts = Fonts::new().map_err(Undrawn::Export)?;
    fs::create_dir_all(folder)
        .map_err(|error| Undrawn::Store(StoreError::io("make folder", folder, error)))?;
    for figure in &made.figures {
        let chart = match &figure.chart {
            Ok(chart) if !chart.panels.is_empty() => chart,
            _ => continue,
        };
        let parts = chart.draw_for_paper(width, &figure.title);
        let parts = parts.map_err(|error| Undrawn::Drawing(Text::foreign(error)))?;
        for (n, drawn) in parts.iter().enumerate() {
            let bytes = fonts.file(drawn, width, format).map_err(Undrawn::Export)?;
            let part = (parts.len() > 1).then_some(n + 1);
            let (wide, ending) = (width.millimetres(), format.extension());
            let path = folder.join(name_of(&figure.id, part, wide, made.lang, ending));
            atomic_write(&path, |w| w.write_all(&bytes)).map_err(Undrawn::Store)?;
            hear(&Drawn {
                id: figure.id.clone(),
                title: figure.title.clone(),
                path,
            });
        }
    }
    Ok(())
}

fn failed(error: &ExportError) -> Exit {
    say(&say!(super::lang(), "error", error));
    Exit::Failed
}
