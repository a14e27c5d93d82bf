//! What is asked of a results folder, and the manifest and the texts that say so.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::super::checksum::sha256;
use super::super::error::StoreError;
use super::super::files::Files;
use super::super::job::{Jobs, PointRow};
use super::super::kind::ResultKind;
use super::super::manifest::{
    COLUMNS, Comparison, Derivation, FileEntry, Input, LayoutEntry, Manifest, POINTS, Sweep,
    TableEntry, layout_files,
};
use super::super::points::points_table;
use super::super::table::column::{TableDef, check_tables};
use super::super::table::columns::write_columns;
use super::super::table::{Format, TableData, csv};
use super::super::tables::definitions;
use super::{Folder, PLAN, SCENARIO};

/// What is asked of a results folder: everything that its tables depend on.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What it is.
    pub kind: ResultKind,
    /// What was asked, as data.
    pub request: Value,
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the layout, of a comparison that of the baseline; empty without one.
    pub layout: String,
    /// The layouts of the jobs, the baseline first.
    pub layouts: Vec<LayoutAsked>,
    /// Files that the scenario was read from.
    pub inputs: Vec<Input>,
    /// Random seed of all replicates.
    pub seed: u64,
    /// Number of the first replicate.
    pub first_replicate: u32,
    /// How many replicates of each point and layout; they are numbered on from the first.
    pub replicates: u32,
    /// File format of the tables.
    pub format: Format,
    /// The tables whose rows are kept of each job, in order; none for a sweep, which keeps values.
    pub tables: Vec<TableDef>,
    /// What a comparison has besides.
    pub comparison: Option<ComparisonAsked>,
    /// What a sweep has besides.
    pub sweep: Option<SweepAsked>,
}

/// A layout of the jobs.
#[derive(Clone, Debug, Default)]
pub struct LayoutAsked {
    /// Its name.
    pub name: String,
    /// Its title in English and in Chinese; empty where there is none.
    pub titles: [String; 2],
    /// The text of its resolved scenario.
    pub resolved: String,
}

/// What a comparison has besides.
#[derive(Clone, Debug)]
pub struct ComparisonAsked {
    /// Months at which outcomes are taken.
    pub horizons: Vec<String>,
    /// How the derived tables are made.
    pub derivation: Derivation,
    /// Tables that are derived from the replicates when all are done, in order, after the others.
    pub derived: Vec<TableDef>,
}

/// What a sweep has besides.
#[derive(Clone, Debug)]
pub struct SweepAsked {
    /// What is swept.
    pub sweep: Sweep,
    /// The text of the plan.
    pub plan: String,
    /// The distinct points.
    pub points: Vec<PointRow>,
    /// The table of points, as [`points_table`] defines it.
    pub table: TableData,
}

/// The texts beside the tables: file name, bytes.
pub(super) type Texts = Vec<(String, Vec<u8>)>;

impl Folder {
    /// What is asked, before anything is looked at.
    pub(super) fn of(
        files: Arc<dyn Files>,
        dir: &Path,
        asked: Asked,
    ) -> Result<(Self, Texts), StoreError> {
        let mut manifest = Manifest::empty(asked.kind);
        let names: Vec<&str> = asked.layouts.iter().map(|of| &of.name[..]).collect();
        let files_of = match asked.kind {
            ResultKind::Comparison | ResultKind::Sweep | ResultKind::Replay => layout_files(&names),
            ResultKind::Run | ResultKind::Explanation => vec![SCENARIO.to_owned(); names.len()],
        };
        let mut texts: Texts = Vec::new();
        let first = asked.layouts.first();
        texts.extend(first.map(|of| (SCENARIO.to_owned(), of.resolved.clone().into_bytes())));
        for (layout, file) in asked.layouts.iter().zip(files_of) {
            let [title, title_zh] = layout.titles.clone();
            manifest.layouts.push(LayoutEntry {
                name: layout.name.clone(),
                title,
                title_zh,
                file: file.clone(),
                scenario_resolved_sha256: sha256(layout.resolved.as_bytes()),
            });
            if file != SCENARIO {
                texts.push((file, layout.resolved.clone().into_bytes()));
            }
        }
        manifest.request = asked.request;
        manifest.scenario = asked.scenario;
        manifest.layout = asked.layout;
        manifest.inputs = asked.inputs;
        manifest.seed = asked.seed;
        manifest.first_replicate = asked.first_replicate;
        manifest.replicates = asked.replicates;
        manifest.format = asked.format;
        let (mut points, mut table, mut tables) =
            (vec![PointRow::new(Vec::new())], None, asked.tables);
        if let Some(asked) = asked.sweep {
            let def = points_table(&asked.sweep.parameters);
            check_tables(std::slice::from_ref(&def))?;
            asked.table.check(&def)?;
            let mut text = Vec::new();
            // Writing to memory cannot fail.
            let _ = csv::write_header(&def, &mut text);
            let _ = csv::write_rows(&asked.table, &mut text);
            texts.push((PLAN.to_owned(), asked.plan.into_bytes()));
            texts.push((POINTS.to_owned(), text));
            tables = definitions(&asked.sweep);
            points = asked.points;
            table = Some(asked.table);
            manifest.sweep = Some(asked.sweep);
        }
        manifest.points = points.len() as u64;
        let mut derived = Vec::new();
        if let Some(asked) = asked.comparison {
            derived = asked.derived;
            manifest.comparison = Some(Comparison {
                baseline: names.first().map_or("", |name| *name).to_owned(),
                horizons: asked.horizons,
                derivation: asked.derivation,
            });
        }
        let all: Vec<TableDef> = tables.iter().chain(&derived).cloned().collect();
        check_tables(&all)?;
        let mut columns = Vec::new();
        let _ = write_columns(&all, &mut columns);
        texts.push((COLUMNS.to_owned(), columns));
        let entry = |(file, text): &(String, Vec<u8>)| FileEntry {
            file: file.clone(),
            sha256: sha256(text),
        };
        manifest.files = texts.iter().map(entry).collect();
        let format = manifest.format;
        let kept = tables.iter().map(|def| TableEntry::new(def, false, format));
        let made = derived.iter().map(|def| TableEntry::new(def, true, format));
        manifest.tables = kept.chain(made).collect();
        manifest.fingerprint = manifest.make_fingerprint();
        let names = manifest.layouts.iter().map(|l| l.name.clone()).collect();
        let numbering = manifest.numbering();
        let jobs = Jobs::new(points, names, manifest.first_replicate, manifest.replicates);
        let folder = Self {
            files,
            dir: dir.to_path_buf(),
            manifest,
            jobs: Arc::new(jobs.numbered(numbering)),
            tables,
            derived,
            points: table,
        };
        Ok((folder, texts))
    }
}
