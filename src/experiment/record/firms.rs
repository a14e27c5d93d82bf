//! The tables of firms: `uptake`, `benefit`, `sample`.

use std::sync::Arc;

use crate::experiment::labels::every_month;
use crate::experiment::observe::Observer;
use crate::experiment::standing::is_kept;
use crate::model::firm::FirmState;
use crate::model::{Listener, State};
use crate::store::schema::{Field, Schema};
use crate::store::{Column, ColumnDef};
use crate::world::{Firms, PlaceId, World};

use super::Wanted;
use super::kept::{Kept, Rows, of_replicate};
use super::tables::column_name;

/// What is kept of firms while a replicate runs.
#[derive(Debug, Default)]
pub(super) struct FirmRows {
    /// Months of the rows of `uptake` and `benefit`.
    months: Vec<u16>,
    /// Firms that took up, `[month][domain · cells + cell]`.
    taken: Vec<Vec<u32>>,
    /// Benefit of each region with firms and its uptake by domain, `[month][region · (D + 1)]`.
    benefit: Vec<Vec<f64>>,
    /// Rows of `sample`, `[month][firm · D + domain]`.
    sample: Vec<Vec<Sampled>>,
    /// What the hazard of the month to come reads: partners that took up and the base hazard.
    next: Vec<(u32, f64)>,
    /// Share of firms that took each domain up.
    shares: Vec<f64>,
    /// Months between rows of `uptake` and `benefit`, if either is wanted.
    every: Option<u16>,
    /// Whether `sample` is wanted.
    sampled: bool,
}

/// A sampled firm in a month.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sampled {
    /// Partners that had taken up by the end of the month before.
    with: u32,
    /// Base hazard of the month.
    base: f64,
    /// Whether it has taken up by the end of the month.
    taken: bool,
}

/// Places that have firms.
fn regions(firms: &Firms) -> Vec<PlaceId> {
    let mut regions = firms.cells.place.clone();
    regions.dedup();
    regions
}

impl FirmRows {
    /// For these tables.
    pub(super) fn new(wanted: &Wanted) -> Self {
        let ends = wanted.has("uptake") || wanted.has("benefit");
        Self {
            every: ends.then_some(wanted.every),
            sampled: wanted.has("sample"),
            ..Self::default()
        }
    }

    /// Of each domain, the share of firms that took it up.
    pub(super) fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// The end of a month with rows of `uptake` and `benefit`.
    fn month_end_of(&mut self, world: &World, state: &FirmState<'_>, t: u16) {
        let (firms, domains) = (state.firms, world.domains.len());
        let cells = (0..domains).flat_map(|d| (0..firms.cells.len()).map(move |c| (d, c)));
        self.months.push(t);
        self.taken
            .push(cells.map(|(d, c)| state.taken(d, c)).collect());
        let mut values = Vec::new();
        for i in regions(firms) {
            values.push(state.benefit(world.places.weight[i], i));
            values.extend((0..domains).map(|d| state.uptake(d, i).unwrap_or(0.0)));
        }
        self.benefit.push(values);
    }

    /// The end of a month of the sample.
    fn month_of_sample(&mut self, world: &World, state: &FirmState<'_>) {
        let (firms, domains) = (state.firms, world.domains.len());
        let pairs = firms
            .sample
            .iter()
            .flat_map(|f| (0..domains).map(move |d| (*f as usize, d)));
        let pairs: Vec<(usize, usize)> = pairs.collect();
        self.next.resize(pairs.len(), (0, 0.0));
        let read = pairs
            .iter()
            .zip(&self.next)
            .map(|((f, d), (with, base))| Sampled {
                with: *with,
                base: *base,
                taken: state.has(*d, *f),
            });
        self.sample.push(read.collect());
        let next = pairs.iter().map(|(f, d)| {
            let cell = firms.cell_of(*f);
            (state.partners_with(*d, *f), state.base(*d, cell))
        });
        self.next = next.collect();
    }
}

impl Listener for FirmRows {
    fn month_end(&mut self, world: &World, state: &State<'_>, t: u16) {
        let Some(firms) = &state.firms else { return };
        if self.sampled {
            self.month_of_sample(world, firms);
        }
        if self.every.is_some_and(|every| is_kept(world, every, t)) {
            self.month_end_of(world, firms, t);
        }
    }

    fn finish(&mut self, world: &World, state: &State<'_>) {
        if let Some(firms) = &state.firms {
            self.shares = (0..world.domains.len()).map(|d| firms.share(d)).collect();
        }
    }
}

impl Observer for FirmRows {}

/// What the three tables of firms are filled from.
pub(crate) struct Uptake<'w> {
    firms: &'w Firms,
    domains: usize,
    months: Vec<u16>,
    taken: Vec<Vec<u32>>,
}

/// See [`Uptake`].
pub(crate) struct Benefit {
    regions: Vec<PlaceId>,
    wide: usize,
    months: Vec<u16>,
    values: Vec<Vec<f64>>,
}

/// See [`Uptake`].
pub(crate) struct Sample<'w> {
    firms: &'w Firms,
    domains: usize,
    rows: Vec<Vec<Sampled>>,
}

impl FirmRows {
    /// The rows of the three tables.
    pub(super) fn tables<'w>(
        self,
        world: &'w World,
        firms: &'w Firms,
    ) -> (Uptake<'w>, Benefit, Sample<'w>) {
        let domains = world.domains.len();
        (
            Uptake {
                firms,
                domains,
                months: self.months.clone(),
                taken: self.taken,
            },
            Benefit {
                regions: regions(firms),
                wide: domains + 1,
                months: self.months,
                values: self.benefit,
            },
            Sample {
                firms,
                domains,
                rows: self.sample,
            },
        )
    }
}

impl Uptake<'_> {
    /// Month, cell and domain of every row.
    fn all(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let (cells, domains) = (self.firms.cells.len(), self.domains);
        (0..self.count()).map(move |n| (n / (cells * domains), n / domains % cells, n % domains))
    }

    fn codes(&self, of: impl Fn(usize) -> u32) -> Vec<Option<u32>> {
        self.all().map(|(_, c, _)| Some(of(c))).collect()
    }
}

impl Rows for Uptake<'_> {
    fn count(&self) -> usize {
        self.taken.len() * self.firms.cells.len() * self.domains
    }
}

fn industries(firms: &Firms) -> Arc<Vec<String>> {
    Arc::new(firms.industries.clone())
}

fn classes(firms: &Firms) -> Arc<Vec<String>> {
    Arc::new(firms.sizes.iter().map(|class| class.id.clone()).collect())
}

/// The table `uptake`.
pub(crate) fn uptake<'a>(every: u16) -> Schema<'a, Kept<'a, Uptake<'a>>> {
    of_replicate::<Uptake<'a>>(
        "uptake",
        "one row per replicate, month, cell with firms (region, industry, size \
             class) and domain",
    )
    .column(every_month(every), |kept| {
        let rows = &kept.rows;
        kept.months(rows.all().map(|(m, _, _)| rows.months[m]))
    })
    .column(ColumnDef::text("region", "place id"), |kept| Column::Text {
        codes: kept.rows.codes(|c| kept.rows.firms.cells.place[c].code()),
        ids: kept.names.places.clone(),
    })
    .column(ColumnDef::text("industry", "industry id"), |kept| {
        let firms = kept.rows.firms;
        Column::Text {
            codes: kept.rows.codes(|c| u32::from(firms.cells.industry[c])),
            ids: industries(firms),
        }
    })
    .column(
        ColumnDef::text("size_class", "from_ and the least size"),
        |kept| {
            let firms = kept.rows.firms;
            Column::Text {
                codes: kept.rows.codes(|c| u32::from(firms.cells.size[c])),
                ids: classes(firms),
            }
        },
    )
    .column(ColumnDef::text("domain", "domain"), |kept| Column::Text {
        codes: kept.rows.all().map(|(_, _, d)| Some(d as u32)).collect(),
        ids: kept.names.domains.clone(),
    })
    .column(
        ColumnDef::float(
            "share",
            "share",
            "firms of the cell that took the domain up over all its firms",
        ),
        |kept| {
            let Uptake { firms, taken, .. } = &kept.rows;
            let cells = &firms.cells;
            let share = |(m, c, d): (usize, usize, usize)| {
                f64::from(taken[m][d * cells.len() + c]) / cells.range(c).len() as f64
            };
            Column::Float(kept.rows.all().map(share).collect())
        },
    )
    .column(
        ColumnDef::int("firms", "firms", "firms of the cell"),
        |kept| {
            let number = |c: usize| kept.rows.firms.cells.range(c).len() as i64;
            Column::Int(kept.rows.all().map(|(_, c, _)| Some(number(c))).collect())
        },
    )
}

impl Benefit {
    /// Month and region of every row.
    fn all(&self) -> impl Iterator<Item = (usize, usize)> {
        let regions = self.regions.len();
        (0..self.count()).map(move |n| (n / regions, n % regions))
    }

    fn values(&self, at: usize) -> Column {
        let of = |(m, r): (usize, usize)| self.values[m][r * self.wide + at];
        Column::Float(self.all().map(of).collect())
    }
}

impl Rows for Benefit {
    fn count(&self) -> usize {
        self.values.len() * self.regions.len()
    }
}

/// The table `benefit` of a world with these domains.
pub(crate) fn benefit<'a>(domains: &[String], every: u16) -> Schema<'a, Kept<'a, Benefit>> {
    of_replicate::<Benefit>("benefit", "one row per replicate, month and region")
        .column(every_month(every), |kept| {
            let rows = &kept.rows;
            kept.months(rows.all().map(|(m, _)| rows.months[m]))
        })
        .column(ColumnDef::text("region", "place id"), |kept| Column::Text {
            codes: kept
                .rows
                .all()
                .map(|(_, r)| Some(kept.rows.regions[r].code()))
                .collect(),
            ids: kept.names.places.clone(),
        })
        .column(
            ColumnDef::float("benefit", "benefit", "weight * sum_d gamma_d * uptake_d"),
            |kept| kept.rows.values(0),
        )
        .all(domains.iter().enumerate().map(|(d, domain)| {
            let def = ColumnDef::float(
                &column_name("uptake_", domain),
                "share",
                "size-weighted share of the region's firms that took the domain up",
            );
            Field::new(def, move |kept: &mut Kept<'a, Benefit>| {
                kept.rows.values(d + 1)
            })
        }))
}

/// A row of `sample`: a sampled firm, a domain, a month.
#[derive(Clone, Copy)]
struct At {
    firm: usize,
    domain: usize,
    month: usize,
}

impl Sample<'_> {
    fn all(&self) -> impl Iterator<Item = At> {
        let (months, domains) = (self.rows.len(), self.domains);
        (0..self.count()).map(move |n| At {
            firm: n / (domains * months),
            domain: n / months % domains,
            month: n % months,
        })
    }

    fn of(&self, at: At) -> Sampled {
        self.rows[at.month][at.firm * self.domains + at.domain]
    }

    /// Whether it had taken up by the end of the month before.
    fn before(&self, at: At) -> bool {
        at.month > 0 && self.rows[at.month - 1][at.firm * self.domains + at.domain].taken
    }

    fn number(&self, at: At) -> usize {
        self.firms.sample[at.firm] as usize
    }

    fn cell(&self, at: At) -> usize {
        self.firms.cell_of(self.number(at))
    }

    fn partners(&self, at: At) -> u16 {
        self.firms.partners[self.number(at)]
    }

    fn share(&self, at: At) -> f64 {
        f64::from(self.of(at).with) / f64::from(self.partners(at))
    }

    /// h_fd of the month.
    fn hazard(&self, at: At) -> f64 {
        let effect = self.firms.spec.partner_effect;
        let chi = crate::model::firm::pull_ticks(effect) as f64 / crate::model::firm::PULL as f64;
        let share = self.share(at);
        let pull = if share.is_nan() { 0.0 } else { share };
        self.of(at).base * (1.0 + chi * pull)
    }

    fn codes(&self, of: impl Fn(At) -> u32) -> Vec<Option<u32>> {
        self.all().map(|at| Some(of(at))).collect()
    }

    fn floats(&self, of: impl Fn(At) -> f64) -> Column {
        Column::Float(self.all().map(of).collect())
    }

    fn flags(&self, of: impl Fn(At) -> bool) -> Column {
        Column::Int(self.all().map(|at| Some(i64::from(of(at)))).collect())
    }
}

impl Rows for Sample<'_> {
    fn count(&self) -> usize {
        self.firms.sample.len() * self.domains * self.rows.len()
    }
}

/// The table `sample`: by firm, domain, month.
pub(crate) fn sample<'a>() -> Schema<'a, Kept<'a, Sample<'a>>> {
    of_replicate::<Sample<'a>>(
        "sample",
        "one row per replicate, sampled firm, domain and month: a panel with its \
             true hazards",
    )
    .column(
        ColumnDef::text(
            "firm",
            "firm id: region.industry.size class.number, or the user's",
        ),
        |kept| {
            let firms = kept.rows.firms;
            let sampled = firms.sample.iter();
            let ids = sampled.map(|f| firms.id(&kept.world.places, *f as usize));
            Column::Text {
                codes: kept.rows.codes(|at| at.firm as u32),
                ids: Arc::new(ids.collect()),
            }
        },
    )
    .column(ColumnDef::text("region", "place id"), |kept| {
        let rows = &kept.rows;
        Column::Text {
            codes: rows.codes(|at| rows.firms.cells.place[rows.cell(at)].code()),
            ids: kept.names.places.clone(),
        }
    })
    .column(ColumnDef::text("industry", "industry id"), |kept| {
        let rows = &kept.rows;
        Column::Text {
            codes: rows.codes(|at| u32::from(rows.firms.cells.industry[rows.cell(at)])),
            ids: industries(rows.firms),
        }
    })
    .column(
        ColumnDef::text("size_class", "from_ and the least size"),
        |kept| {
            let rows = &kept.rows;
            Column::Text {
                codes: rows.codes(|at| u32::from(rows.firms.cells.size[rows.cell(at)])),
                ids: classes(rows.firms),
            }
        },
    )
    .column(
        ColumnDef::float("size", "employees", "mean size of the class"),
        |kept| {
            let rows = &kept.rows;
            let class = |at: At| usize::from(rows.firms.cells.size[rows.cell(at)]);
            rows.floats(|at| rows.firms.sizes[class(at)].size)
        },
    )
    .column(
        ColumnDef::int("partners", "firms", "number of partners"),
        |kept| {
            let partners = |at| Some(i64::from(kept.rows.partners(at)));
            Column::Int(kept.rows.all().map(partners).collect())
        },
    )
    .column(ColumnDef::text("domain", "domain"), |kept| Column::Text {
        codes: kept.rows.codes(|at| at.domain as u32),
        ids: kept.names.domains.clone(),
    })
    .column(ColumnDef::month("month", "the month"), |kept| {
        kept.months(kept.rows.all().map(|at| at.month as u16))
    })
    .column(
        ColumnDef::float(
            "partner_share",
            "share",
            "partners that had taken the domain up by the end of the month before; \
             missing without partners",
        ),
        |kept| kept.rows.floats(|at| kept.rows.share(at)),
    )
    .column(
        ColumnDef::float(
            "hazard",
            "per month",
            "h_fd of the month; missing once it had taken up",
        ),
        |kept| {
            let rows = &kept.rows;
            rows.floats(|at| {
                if rows.before(at) {
                    f64::NAN
                } else {
                    rows.hazard(at)
                }
            })
        },
    )
    .column(
        ColumnDef::int(
            "took_up",
            "",
            "1 in the month in which it takes the domain up",
        ),
        |kept| {
            let rows = &kept.rows;
            rows.flags(|at| rows.of(at).taken && !rows.before(at))
        },
    )
    .column(
        ColumnDef::int("taken", "", "1 from that month on"),
        |kept| kept.rows.flags(|at| kept.rows.of(at).taken),
    )
}
