//! What a measure or an outcome is, and how it is read from what a replicate gave.

use crate::paired::Better;
use crate::texts::{Words, words};

use super::firsts::{Firsts, Scale};
use super::national::{FirmRow, NationalRow};

/// How far an innovation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It was implemented at its origin.
    Implemented,
    /// A province took it up.
    Provincial,
    /// The centre took it up.
    National,
}

/// What an outcome is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nothing: an index.
    Index,
    /// Items, each counting as much as its quality.
    Quality,
    /// Adoptions.
    Adoptions,
    /// Innovations.
    Innovations,
    /// A part of a whole, from 0 to 1.
    Share,
    /// Zones.
    Zones,
    /// Lines.
    Lines,
    /// Circles.
    Circles,
    /// Clusters.
    Clusters,
    /// Axes.
    Axes,
    /// Months.
    Months,
    /// Benefit to firms.
    Benefit,
}

impl Unit {
    /// As tables have it; an index has none.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Index => "",
            Self::Quality => "quality",
            unit => unit.words().en,
        }
    }

    /// In words, for an axis.
    pub const fn words(self) -> Words {
        match self {
            Self::Index => words("index", "指数"),
            Self::Quality => words("quality-weighted items", "按质量加权的项数"),
            Self::Adoptions => words("adoptions", "采纳"),
            Self::Innovations => words("innovations", "创新"),
            Self::Share => words("share", "比例"),
            Self::Zones => words("zones", "片区"),
            Self::Lines => words("lines", "线"),
            Self::Circles => words("circles", "圈"),
            Self::Clusters => words("clusters", "团"),
            Self::Axes => words("axes", "轴"),
            Self::Months => words("months", "月"),
            Self::Benefit => words("benefit", "收益"),
        }
    }
}

/// How it is read.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// A number at the end of a month.
    Level(fn(&NationalRow) -> f64),
    /// A whole number at the end of a month.
    Count(fn(&NationalRow) -> u32),
    /// Whether something is so at the end of a month, as 0 or 1.
    Flag(fn(&NationalRow) -> bool),
    /// A whole number of each month, added up from the start of the run.
    Sum(fn(&NationalRow) -> u32),
    /// One number of each month over another, each added up from the start of the run; missing when the other
    /// is 0.
    Ratio(fn(&NationalRow) -> f64, fn(&NationalRow) -> u32),
    /// What firms did by the end of a month; only with firms.
    Firms(fn(&FirmRow) -> f64),
    /// First month with a structure of a scale.
    First(Scale),
    /// First month in which a number at the end of the month is at least so much.
    Reached(fn(&NationalRow) -> f64, f64),
    /// First month of each corridor's axis.
    AxisFormed,
}

/// What the country did in a replicate.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The row of each month, from the first.
    pub rows: &'a [NationalRow],
    /// When structures first formed.
    pub firsts: &'a Firsts,
}

impl Value {
    /// Whether it is taken at a horizon; else it is the month in which something first happens.
    pub const fn has_horizon(&self) -> bool {
        !matches!(self, Self::First(_) | Self::Reached(..) | Self::AxisFormed)
    }

    /// The country's at the end of month `at`, or the month number in which it first happened; NaN where there
    /// is none.
    pub fn of_country(&self, told: &Told<'_>, at: usize) -> f64 {
        let until = || told.rows.iter().take(at + 1);
        match self {
            Self::Sum(get) => until().map(|row| u64::from(get(row))).sum::<u64>() as f64,
            Self::Ratio(part, of) => {
                let of = until().map(|row| u64::from(of(row))).sum::<u64>();
                until().map(part).sum::<f64>() / of as f64
            }
            Self::Level(_) | Self::Count(_) | Self::Flag(_) | Self::Firms(_) => {
                told.rows.get(at).map_or(f64::NAN, |row| self.of_month(row))
            }
            Self::First(scale) => number(told.firsts.scale(*scale)),
            Self::Reached(get, enough) => {
                let reached = told.rows.iter().position(|row| get(row) >= *enough);
                reached.map_or(f64::NAN, |t| t as f64)
            }
            Self::AxisFormed => f64::NAN,
        }
    }

    /// The month number in which the axis of a corridor, by its number in the world, first formed; NaN when
    /// never, and for what is not of corridors.
    pub fn of_corridor(&self, told: &Told<'_>, corridor: usize) -> f64 {
        match self {
            Self::AxisFormed => number(told.firsts.axis(corridor)),
            _ => f64::NAN,
        }
    }

    /// The country's in or at the end of one month, as the table `national` has it; NaN where there is none.
    pub fn of_month(&self, row: &NationalRow) -> f64 {
        match self {
            Self::Level(get) => get(row),
            Self::Count(get) | Self::Sum(get) => f64::from(get(row)),
            Self::Flag(get) => f64::from(u8::from(get(row))),
            Self::Ratio(part, of) => part(row) / f64::from(of(row)),
            Self::Firms(get) => row.firms.as_ref().map_or(f64::NAN, get),
            Self::First(_) | Self::Reached(..) | Self::AxisFormed => f64::NAN,
        }
    }

    /// Whether the value of a month is a whole number.
    pub const fn is_whole(&self) -> bool {
        matches!(self, Self::Count(_) | Self::Flag(_) | Self::Sum(_))
    }

    /// Whether it is of firms.
    pub const fn of_firms(&self) -> bool {
        matches!(self, Self::Firms(_))
    }
}

fn number(month: Option<u16>) -> f64 {
    month.map_or(f64::NAN, f64::from)
}

/// A figure of the report of a run that draws the country's measures month by month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// How the country fills, a panel for each measure.
    Growth,
    /// How many structures stand, a panel for each measure.
    Structures,
    /// What firms do, a panel for each measure.
    Firms,
    /// Others that read the measure: inequality, batches.
    Other,
}

/// A column of the table `national`.
#[derive(Clone, Copy, Debug)]
pub struct Monthly {
    /// Columns stand in the order of these numbers, which have gaps.
    pub place: u16,
    /// What it is in a month, as `columns.csv` says it.
    pub definition: &'static str,
}

/// A row of the table `outcomes` of a run, which has fewer than that of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct OfRun {
    /// Rows stand in the order of these numbers, which have gaps for rows by mechanism, batch, place and domain.
    pub place: u16,
    /// Its name there.
    pub name: &'static str,
}

/// A measure of the country, or an outcome that layouts are compared by.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Name in the tables.
    pub name: &'static str,
    /// Unit.
    pub unit: Unit,
    /// Which direction is better, where that can be said. Only such outcomes are ranked.
    pub better: Option<Better>,
    /// What a report calls it.
    pub label: Words,
    /// Definition, one sentence: of its value at a horizon.
    pub definition: Words,
    /// How it is read.
    pub value: Value,
    /// Whether it is also given by province, area, tier, corridor and membership; what firms do also by
    /// industry and size class.
    pub by_group: bool,
    /// What of an innovation a sweep or a calibration can count by the province that it comes from.
    pub by_origin: Option<Stage>,
    /// Whether a summary shows it, and a sweep keeps it, unless told otherwise.
    pub usual: bool,
    /// Its column in the table `national`, if it is a monthly measure.
    pub monthly: Option<Monthly>,
    /// Its row in the table `outcomes` of a run, if it has one.
    pub of_run: Option<OfRun>,
    /// Figures of the report of a run that it is drawn in, and its title there.
    pub figure: Option<(Figure, Words)>,
    /// Whether the report of a comparison draws its paths.
    pub compared: bool,
    /// What an axis says of it.
    pub axis: Words,
    /// Whether it can be below 0.
    pub signed: bool,
}

impl Outcome {
    /// An outcome of the country that has only what everything has.
    pub const fn new(
        name: &'static str,
        unit: Unit,
        label: Words,
        value: Value,
        definition: Words,
    ) -> Self {
        let better = if value.has_horizon() {
            None
        } else {
            Some(Better::Lower)
        };
        Self {
            name,
            unit,
            better,
            label,
            definition,
            value,
            by_group: false,
            by_origin: None,
            usual: false,
            monthly: None,
            of_run: None,
            figure: None,
            compared: false,
            axis: unit.words(),
            signed: false,
        }
    }

    /// More is better.
    pub const fn higher(mut self) -> Self {
        self.better = Some(Better::Higher);
        self
    }

    /// Less is better.
    pub const fn lower(mut self) -> Self {
        self.better = Some(Better::Lower);
        self
    }

    /// It is also given by groups.
    pub const fn by_group(mut self) -> Self {
        self.by_group = true;
        self
    }

    /// It can be counted by the province that innovations come from: those that came so far.
    pub const fn by_origin(mut self, stage: Stage) -> Self {
        self.by_origin = Some(stage);
        self
    }

    /// It is shown and kept unless told otherwise.
    pub const fn usual(mut self) -> Self {
        self.usual = true;
        self
    }

    /// It is a column of `national` at this place, where it is this.
    pub const fn monthly(mut self, place: u16, definition: &'static str) -> Self {
        self.monthly = Some(Monthly { place, definition });
        self
    }

    /// It is a row of the `outcomes` of a run at this place.
    pub const fn of_run(self, place: u16) -> Self {
        let name = self.name;
        self.of_run_as(place, name)
    }

    /// The same under another name.
    pub const fn of_run_as(mut self, place: u16, name: &'static str) -> Self {
        self.of_run = Some(OfRun { place, name });
        self
    }

    /// The report of a run draws it in this figure under this title.
    pub const fn drawn(mut self, figure: Figure, en: &'static str, zh: &'static str) -> Self {
        self.figure = Some((figure, words(en, zh)));
        self
    }

    /// The report of a comparison draws its paths.
    pub const fn compared(mut self) -> Self {
        self.compared = true;
        self
    }

    /// What an axis says of it, where that is more than its unit.
    pub const fn axis(mut self, en: &'static str, zh: &'static str) -> Self {
        self.axis = words(en, zh);
        self
    }

    /// It can be below 0.
    pub const fn signed(mut self) -> Self {
        self.signed = true;
        self
    }

    /// Whether it is taken at a horizon; else it is the month in which something first happens.
    pub const fn has_horizon(&self) -> bool {
        self.value.has_horizon()
    }

    /// Its unit in the table `national`: of a month a flag is only 0 or 1.
    pub const fn monthly_unit(&self) -> &'static str {
        match self.value {
            Value::Flag(_) => "",
            _ => self.unit.id(),
        }
    }

    /// `higher`, `lower`, or nothing.
    pub fn better_word(&self) -> Option<&'static str> {
        self.better.map(|better| match better {
            Better::Higher => "higher",
            Better::Lower => "lower",
        })
    }

    /// The kinds of groups it is given by, besides the country.
    pub const fn groups(&self) -> Words {
        match self.value {
            Value::AxisFormed => words("corridor", "走廊"),
            Value::Firms(_) if self.by_group => words(
                "province, area, tier, corridor, membership, industry, size class",
                "省、区域、层级、走廊、是否成员、产业、规模级",
            ),
            _ if self.by_group => words(
                "province, area, tier, corridor, membership",
                "省、区域、层级、走廊、是否成员",
            ),
            _ => words("", ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Shape, StructureEvent};

    fn row(adoptions: u32, credit_to_sources: f64, coverage: f64) -> NationalRow {
        NationalRow {
            adoptions,
            credit_to_sources,
            coverage,
            plane: coverage > 0.7,
            ..NationalRow::default()
        }
    }

    #[test]
    fn each_kind_of_value_is_read_as_it_says() {
        let event = |shape, month, formed| StructureEvent {
            shape,
            formed,
            month,
            size: 2,
            weight_share: 0.0,
        };
        let mut firsts = Firsts::of(2);
        for event in [
            event(Shape::Line(4), 2, true),
            event(Shape::Line(1), 1, true),
            event(Shape::Plane, 0, false),
            event(Shape::Axis(1), 2, true),
        ] {
            firsts.event(&event);
        }
        let rows = [row(0, 0.0, 0.1), row(4, 1.0, 0.5), row(4, 3.0, 0.8)];
        let told = Told {
            rows: &rows,
            firsts: &firsts,
        };
        let sum = Value::Sum(|r| r.adoptions);
        let ratio = Value::Ratio(|r| r.credit_to_sources, |r| r.adoptions);
        let level = Value::Level(|r| r.coverage);
        let flag = Value::Flag(|r| r.plane);
        let all = |value: &Value| [0, 1, 2].map(|at| value.of_country(&told, at));
        assert_eq!(all(&sum), [0.0, 4.0, 8.0]);
        assert_eq!(all(&level), [0.1, 0.5, 0.8]);
        assert_eq!(all(&flag), [0.0, 0.0, 1.0]);
        // Credit of all months so far over adoptions of all months so far, and of the month alone.
        assert!(all(&ratio)[0].is_nan());
        assert_eq!(all(&ratio)[1..], [0.25, 0.5]);
        assert!(ratio.of_month(&rows[0]).is_nan());
        assert_eq!(ratio.of_month(&rows[2]), 0.75);
        assert_eq!(sum.of_month(&rows[2]), 4.0);
        // Without firms there is nothing of firms; after the end there is no level.
        assert!(all(&Value::Firms(|f| f.uptake)).iter().all(|v| v.is_nan()));
        assert!(level.of_country(&told, 3).is_nan());
        let month = |value: Value| value.of_country(&told, 0);
        assert_eq!(month(Value::First(Scale::Line)), 1.0);
        assert_eq!(month(Value::First(Scale::Axis)), 2.0);
        assert!(month(Value::First(Scale::Plane)).is_nan());
        assert_eq!(month(Value::Reached(|r| r.coverage, 0.5)), 1.0);
        assert!(month(Value::Reached(|r| r.coverage, 0.9)).is_nan());
        let axis = |corridor| Value::AxisFormed.of_corridor(&told, corridor);
        assert!(axis(0).is_nan() && month(Value::AxisFormed).is_nan());
        assert_eq!(axis(1), 2.0);
    }
}
