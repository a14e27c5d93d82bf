//! The derived tables of a sweep: one row per question and parameter, term or pair.

use crate::sensitivity::{
    Bar, Coefficient, Estimate, Interaction, Limit, Morris, Pair, RankCorrelation, Region,
    Regression, Share, Sobol,
};
use crate::store::schema::Schema;
use crate::store::{Column, ColumnDef, Kind, TableData, TableDef};

use super::responses;
use super::{About, Analysis, BreakEven, Over, Summary, Under};

/// A table with its rows; `None` without any.
fn sheet<'r, T>(
    schema: &Schema<'r, [Row<'r, T>]>,
    rows: &mut [Row<'r, T>],
) -> Option<(TableDef, TableData)> {
    (!rows.is_empty()).then(|| (schema.def(), schema.data(rows)))
}

/// What a row is about.
struct Of<'r> {
    about: About<'r>,
    analysis: &'r Analysis,
}

/// A row: what it is about, the parameters or terms, and what was found.
struct Row<'r, T> {
    of: &'r Of<'r>,
    keys: [String; 2],
    found: T,
}

/// A table whose rows first say what they are about.
fn about<'r, T: 'r>(name: &str, what: &str) -> Schema<'r, [Row<'r, T>]> {
    let horizon = ColumnDef::new("horizon", Kind::Month, "", "month at whose end it is taken");
    Schema::<[Row<'r, T>]>::new(name, what)
        .text("layout", "layout", |r| Some(r.of.about.layout))
        .text(
            "versus",
            "the row is about what the layout changes against this one; missing where it is about the outcome itself",
            |r| r.of.about.versus,
        )
        .text("outcome", "outcome", |r| Some(r.of.about.outcome))
        .text("group_kind", "national, or the kind of the group", |r| {
            Some(r.of.about.group_kind)
        })
        .text("group", "the group; missing for the country", |r| r.of.about.group)
        .column(horizon, |rows| {
            let month = |r: &Row<'r, T>| r.of.about.horizon.map(|month| month.0);
            Column::Month(rows.iter().map(month).collect())
        })
}

impl<'r, T: 'r> Schema<'r, [Row<'r, T>]> {
    fn key(self) -> Self {
        self.first("parameter", "key of the parameter")
    }

    fn first(self, name: &str, what: &str) -> Self {
        self.text(name, what, |r| Some(r.keys[0].as_str()))
    }

    fn second(self, name: &str, what: &str) -> Self {
        self.text(name, what, |r| Some(r.keys[1].as_str()))
    }

    /// A number that may be missing.
    fn number(self, name: &str, unit: &str, what: &str, value: fn(&T) -> Option<f64>) -> Self {
        self.float(name, unit, what, move |r| {
            value(&r.found).unwrap_or(f64::NAN)
        })
    }

    fn count(self, name: &str, what: &str, value: fn(&T) -> usize) -> Self {
        self.int(name, "", what, move |r| i64::try_from(value(&r.found)).ok())
    }

    /// An estimate with the ends of its interval, in columns `name`, `name_low` and `name_high`.
    fn estimate(
        self,
        name: &str,
        unit: &str,
        [what, low]: [&str; 2],
        value: fn(&T) -> Option<Estimate>,
    ) -> Self {
        let end = |end: Option<f64>| end.unwrap_or(f64::NAN);
        self.float(name, unit, what, move |r| {
            end(value(&r.found).map(|e| e.value))
        })
        .float(&format!("{name}_low"), unit, low, move |r| {
            end(value(&r.found).and_then(|e| e.low))
        })
        .float(&format!("{name}_high"), unit, "upper end", move |r| {
            end(value(&r.found).and_then(|e| e.high))
        })
    }
}

const LOWER: &str = "lower end of its 95 % interval";

fn sobol<'r>() -> Schema<'r, [Row<'r, (&'r Sobol, &'r Share)>]> {
    let first = "first-order index: what the parameter does alone";
    let total = "total index: what it does alone and with all others";
    about::<(&Sobol, &Share)>(
        "sobol",
        "Sobol indices: share of the variance of the outcome between points (Saltelli 2010, Jansen 1999), 95 % bootstrap intervals over blocks",
    )
    .key()
    .estimate("first", "share", [first, LOWER], |(_, s)| s.first)
    .estimate("total", "share", [total, LOWER], |(_, s)| s.total)
    .count("blocks", "blocks used", |(all, _)| all.blocks)
    .count(
        "blocks_dropped",
        "blocks left out because a run of theirs is missing",
        |(all, _)| all.dropped,
    )
    .float(
        "luck",
        "share",
        "share of the variance that is Monte Carlo noise of the replicates; missing with one replicate",
        |r| r.of.analysis.luck.common.unwrap_or(f64::NAN),
    )
}

fn pairs<'r>() -> Schema<'r, [Row<'r, &'r Pair>]> {
    about::<&Pair>(
        "sobol_pairs",
        "second-order Sobol indices: what two parameters do only together",
    )
    .first("parameter_1", "key of the one parameter")
    .second("parameter_2", "key of the other")
    .estimate("second", "share", ["second-order index", LOWER], |p| {
        p.index
    })
}

fn morris<'r>() -> Schema<'r, [Row<'r, &'r Morris>]> {
    let star = "mean of their absolute values";
    about::<&Morris>(
        "morris",
        "elementary effects (Morris 1991, Campolongo 2007): change of the outcome over the whole range of a parameter, as from each step",
    )
    .key()
    .number("mu", "outcome", "mean of the elementary effects", |m| m.mu)
    .estimate("mu_star", "outcome", [star, LOWER], |m| m.mu_star)
    .number(
        "sigma",
        "outcome",
        "their standard deviation: curvature and interaction",
        |m| m.sigma,
    )
    .count("effects", "elementary effects used", |m| m.effects)
}

/// What a regression says of a term.
struct OfTerm<'r> {
    all: &'r Regression,
    level: Option<&'r str>,
    coefficient: &'r Coefficient,
    rank: &'r RankCorrelation,
}

fn regression<'r>() -> Schema<'r, [Row<'r, OfTerm<'r>>]> {
    about::<OfTerm<'_>>(
        "regression",
        "standardised regression coefficients and partial rank correlations; of a saltelli design over the points of A and B",
    )
    .key()
    .text(
        "level",
        "of a parameter that is a text: this level against the first one",
        |r| r.found.level,
    )
    .estimate(
        "src",
        "sd",
        [
            "standardised regression coefficient: sd of the outcome per sd of the parameter",
            "lower end of its 95 % jackknife interval",
        ],
        |t| t.coefficient.src,
    )
    .number(
        "slope",
        "outcome",
        "the coefficient itself: outcome per unit of the parameter",
        |t| t.coefficient.slope,
    )
    .number("p", "", "p value of src", |t| t.coefficient.p)
    .number(
        "p_holm",
        "",
        "p value, Holm-adjusted over the parameters",
        |t| t.coefficient.p_holm,
    )
    .estimate(
        "prcc",
        "",
        [
            "partial rank correlation coefficient",
            "lower end of its 95 % interval (Fisher's z)",
        ],
        |t| t.rank.prcc,
    )
    .number("prcc_p", "", "its p value", |t| t.rank.p)
    .number(
        "r2",
        "share",
        "R2 of the regression; how far src can be trusted",
        |t| t.all.r2,
    )
    .number(
        "rank_r2",
        "share",
        "R2 of the regression of ranks; how far prcc can be trusted",
        |t| t.all.rank_r2,
    )
    .count("points", "points used", |t| t.all.rows)
}

/// A bar of the tornado; of a parameter that is a text its levels.
struct OfBar<'r> {
    bar: &'r Bar,
    text: bool,
    levels: [Option<&'r str>; 2],
}

fn tornado<'r>() -> Schema<'r, [Row<'r, OfBar<'r>>]> {
    let swing = "outcome_at_high less outcome_at_low";
    about::<OfBar<'_>>(
        "tornado",
        "mean outcome where a parameter is low (its lowest tenth, or level) and where it is high",
    )
    .key()
    .number(
        "low_value",
        "",
        "mean of the parameter where it is low",
        |b| b.bar.low_value.filter(|_| !b.text),
    )
    .number(
        "high_value",
        "",
        "mean of the parameter where it is high",
        |b| b.bar.high_value.filter(|_| !b.text),
    )
    .text(
        "low_level",
        "of a text: the level with the lowest outcome",
        |r| r.found.levels[0],
    )
    .text(
        "high_level",
        "of a text: the level with the highest outcome",
        |r| r.found.levels[1],
    )
    .number("outcome_at_low", "outcome", "mean outcome there", |b| {
        b.bar.outcome_at_low
    })
    .number("outcome_at_high", "outcome", "mean outcome there", |b| {
        b.bar.outcome_at_high
    })
    .estimate("swing", "outcome", [swing, LOWER], |b| b.bar.swing)
}

fn interactions<'r>() -> Schema<'r, [Row<'r, &'r Interaction>]> {
    about::<&Interaction>(
        "interactions",
        "pairs of the strongest terms: what their product adds to the regression",
    )
    .first("parameter_1", "the one term")
    .second("parameter_2", "the other")
    .number(
        "coefficient",
        "sd",
        "standardised coefficient of their product",
        |i| i.coefficient,
    )
    .number("gain", "share", "what it adds to R2", |i| i.gain)
    .number("t", "", "its t value", |i| i.t)
    .number("p", "", "p value", |i| i.p)
    .number("p_holm", "", "p value, Holm-adjusted over the pairs", |i| {
        i.p_holm
    })
}

fn uncertainty<'r>() -> Schema<'r, [Row<'r, &'r Over>]> {
    fn share(over: &Over, at: usize) -> Option<f64> {
        over.credible.shares.map(|shares| shares[at])
    }
    about::<&Over>(
        "uncertainty",
        "what holds over the distributions of the parameters, and what of it is luck; of a saltelli design over the points of A and B",
    )
    .number("mean", "outcome", "mean over points and replicates", |o| Some(o.credible.mean))
    .number(
        "credible_low",
        "outcome",
        "lower end of the 95 % credible interval: over parameters, with the error of luck",
        |o| Some(o.credible.credible[0]),
    )
    .number("credible_high", "outcome", "upper end", |o| Some(o.credible.credible[1]))
    .number(
        "luck_low",
        "outcome",
        "lower end of the 95 % luck interval of mean, as if the parameters were known",
        |o| Some(o.credible.luck[0]),
    )
    .number("luck_high", "outcome", "upper end", |o| Some(o.credible.luck[1]))
    .number(
        "predictive_low",
        "outcome",
        "lower end of the 95 % predictive interval: of one history",
        |o| Some(o.credible.predictive[0]),
    )
    .number("predictive_high", "outcome", "upper end", |o| Some(o.credible.predictive[1]))
    .number(
        "percent",
        "%",
        "effects: mean over points of the effect in per cent of the baseline at the same point; missing when the credible interval of the baseline holds 0",
        |o| o.percent.map(|p| p.mean),
    )
    .number("percent_low", "%", "lower end of its 95 % credible interval", |o| {
        o.percent.map(|p| p.credible[0])
    })
    .number("percent_high", "%", "upper end", |o| o.percent.map(|p| p.credible[1]))
    .number(
        "above_zero",
        "share",
        "share of points at which it is above 0",
        |o| Some(o.credible.above_zero),
    )
    .number(
        "share_parameters",
        "share",
        "share of the variance of one history that is due to parameters; missing where nothing varies",
        |o| share(o, 0),
    )
    .number("share_luck", "share", "to luck alone", |o| share(o, 1))
    .number("share_interaction", "share", "to both only together", |o| share(o, 2))
    .number(
        "best",
        "share",
        "of the country at the end: share of points at which the layout is best of all (equals share); of the baseline beside the outcome itself",
        |o| o.chosen.map(|c| c.best),
    )
    .number(
        "regret",
        "outcome",
        "expected regret: how much better the best layout is at a point, on average",
        |o| o.chosen.map(|c| c.regret),
    )
    .count("points", "points used", |o| o.credible.draws)
    .count("replicates", "replicates used", |o| o.credible.replicates)
}

/// A limit of a region in which an effect has the other sign.
struct OfLimit<'r> {
    region: &'r Region,
    limit: Limit,
}

fn regions<'r>() -> Schema<'r, [Row<'r, OfLimit<'r>>]> {
    about::<OfLimit<'_>>(
        "regions",
        "the region of the parameters in which an effect has the other sign than at most points, a row for each of its limits (PRIM)",
    )
    .key()
    .number("low", "", "lower end; missing where it is open", |l| l.limit.low)
    .number("high", "", "upper end; missing where it is open", |l| l.limit.high)
    .count("points", "points in the region", |l| l.region.points)
    .count("other_sign", "points in it with the other sign", |l| l.region.hits)
    .count("other_sign_all", "points with the other sign in all", |l| l.region.of)
}

/// Where one parameter turns an effect, and a piece of the break-even set; none where there is none.
type OfPiece<'r> = (&'r BreakEven, Option<[f64; 2]>);

fn break_even<'r>() -> Schema<'r, [Row<'r, OfPiece<'r>>]> {
    about::<OfPiece<'_>>(
        "break_even",
        "what would have to be true for the answer to be the other way round: the values of one parameter at which the 95 % luck interval of an effect holds 0, a row for each piece; without one the effect has the same sign over the whole range",
    )
    .key()
    .number("low", "", "lower end of the piece", |(_, piece)| piece.map(|p| p[0]))
    .number("high", "", "upper end", |(_, piece)| piece.map(|p| p[1]))
    .number("range_low", "", "lowest value of the parameter", |(of, _)| Some(of.range[0]))
    .number("range_high", "", "highest value", |(of, _)| Some(of.range[1]))
    .number("effect_low", "outcome", "effect at the lowest value", |(of, _)| Some(of.ends[0]))
    .number("effect_high", "outcome", "effect at the highest value", |(of, _)| Some(of.ends[1]))
    .number(
        "other_sign",
        "share",
        "share of draws at which the effect has the other sign than its mean over draws; missing where parameters were not drawn",
        |(of, _)| of.other_sign,
    )
}

/// What a count would tell of an effect: its standard deviation, and the share.
fn information<'r>() -> Schema<'r, [Row<'r, (f64, f64)>]> {
    about::<(f64, f64)>(
        "information",
        "the value of information: what a count in the baseline would tell of an effect on the country at the end, a row for each target",
    )
    .first("target", "the target")
    .second("counted", "its outcome")
    .number(
        "sd",
        "of the outcome counted",
        "standard deviation of what the count and the model miss of it",
        |(sd, _)| Some(*sd),
    )
    .number(
        "r2",
        "share",
        "share of the variance of the effect over draws that the count would take away: R2 cross-validated over draws, not below 0",
        |(_, share)| Some(*share),
    )
}

fn variants<'r>() -> Schema<'r, [Row<'r, Under<'r>>]> {
    fn end(under: &Under<'_>, at: usize) -> Option<f64> {
        Some(under.effect.interval()?[at])
    }
    fn percent_end(under: &Under<'_>, at: usize) -> Option<f64> {
        Some(under.effect.percent()?.1?[at])
    }
    about::<Under<'_>>(
        "variants",
        "what each layout changes under the scenario as it is and under each variant of the model, relative to the baseline under the same one",
    )
    .first("variant", "the variant; empty for the scenario as it is")
    .second("policy", "the layout without the variant")
    .number("effect", "outcome", "mean effect", |u| Some(u.effect.mean()))
    .number(
        "low",
        "outcome",
        "lower end of its 95 % interval: credible where parameters were drawn, else of luck alone",
        |u| end(u, 0),
    )
    .number("high", "outcome", "upper end", |u| end(u, 1))
    .number(
        "percent",
        "%",
        "effect in per cent of the baseline; missing where that is not clear of 0",
        |u| Some(u.effect.percent()?.0),
    )
    .number("percent_low", "%", "lower end of its 95 % interval", |u| {
        percent_end(u, 0)
    })
    .number("percent_high", "%", "upper end", |u| percent_end(u, 1))
    .int(
        "same_sign",
        "",
        "1 where it has the sign that it has in the scenario as it is, 0 where it has the other; missing where its interval holds 0, or where it is exactly 0 but not in the scenario as it is",
        |r| r.found.same_sign.map(i64::from),
    )
    .int(
        "rank",
        "",
        "place among all layouts under the variant, the baseline among them, 1 the best; missing where no direction is better",
        |r| r.found.rank.and_then(|rank| i64::try_from(rank).ok()),
    )
    .int(
        "same_ranking",
        "",
        "1 where the mean effects of all layouts are in the order of the scenario as it is, else 0",
        |r| r.found.same_ranking.map(i64::from),
    )
}

/// All derived tables; those that the design has nothing for are left out.
/// What is found under variants of the model stands with the positions of its questions.
pub fn sheets(summary: &Summary<'_>, under: &[(usize, Under<'_>)]) -> Vec<(TableDef, TableData)> {
    let Summary {
        swept,
        design,
        analyses,
        turns,
        ..
    } = summary;
    let key = |at: usize| swept.sweep.parameters[at].key.clone();
    let terms = design.terms();
    let term = |at: usize| terms[at].name.clone();
    let about = analyses.iter().map(|analysis| Of {
        about: swept.about(analysis.asked),
        analysis,
    });
    let about: Vec<Of<'_>> = about.collect();
    let (mut of_sobol, mut of_pairs, mut of_morris) = (Vec::new(), Vec::new(), Vec::new());
    let (mut of_terms, mut of_bars, mut of_products) = (Vec::new(), Vec::new(), Vec::new());
    for of in &about {
        let analysis = of.analysis;
        let one = |at: usize| [key(at), String::new()];
        if let Some(all) = &analysis.sobol {
            of_sobol.extend(all.parameters.iter().enumerate().map(|(at, share)| Row {
                of,
                keys: one(at),
                found: (all, share),
            }));
            of_pairs.extend(all.pairs.iter().map(|pair| Row {
                of,
                keys: [key(pair.first), key(pair.second)],
                found: pair,
            }));
        }
        of_morris.extend(analysis.morris.iter().enumerate().map(|(at, found)| Row {
            of,
            keys: one(at),
            found,
        }));
        if let Some(all) = &analysis.regression {
            let both = all.coefficients.iter().zip(&all.rank_correlations);
            of_terms.extend(both.zip(&terms).map(|((coefficient, rank), term)| Row {
                of,
                keys: one(term.parameter),
                found: OfTerm {
                    all,
                    level: term.level.as_deref(),
                    coefficient,
                    rank,
                },
            }));
        }
        of_bars.extend(analysis.tornado.iter().map(|bar| {
            let level = |value: Option<f64>| design.level(bar.parameter, value?);
            Row {
                of,
                keys: one(bar.parameter),
                found: OfBar {
                    bar,
                    text: design.is_text(bar.parameter),
                    levels: [level(bar.low_value), level(bar.high_value)],
                },
            }
        }));
        let products = analysis.interactions.iter().flat_map(|found| &found.pairs);
        of_products.extend(products.map(|pair| Row {
            of,
            keys: [term(pair.first), term(pair.second)],
            found: pair,
        }));
    }
    let of_draws = about.iter().filter_map(|of| {
        Some(Row {
            of,
            keys: Default::default(),
            found: of.analysis.over.as_ref()?,
        })
    });
    let of_limits = about.iter().flat_map(|of| {
        let over = of.analysis.over.as_ref();
        let region = over.and_then(|over| over.other_sign.as_ref());
        region.into_iter().flat_map(move |region| {
            region.limits.iter().map(move |limit| Row {
                of,
                keys: [
                    swept.sweep.parameters[limit.parameter].key.clone(),
                    String::new(),
                ],
                found: OfLimit {
                    region,
                    limit: *limit,
                },
            })
        })
    });
    let mut of_limits: Vec<Row<'_, OfLimit<'_>>> = of_limits.collect();
    let of_turns = turns.iter().flat_map(|found| {
        let pieces = found.pieces.iter().map(|piece| Some(*piece));
        let none = found.pieces.is_empty().then_some(None);
        pieces.chain(none).map(move |piece| (found, piece))
    });
    let of_turns = of_turns.map(|(found, piece)| Row {
        of: &about[summary.position(found.asked)],
        keys: [found.parameter.clone(), String::new()],
        found: (found, piece),
    });
    let of_targets = summary.information.iter().map(|of| {
        let target = &swept.sweep.targets[of.target];
        let counted = swept.sweep.slots[target.statistic.own.at].outcome.clone();
        Row {
            of: &about[summary.position(of.asked)],
            keys: [target.id.clone(), counted],
            found: (target.sd, of.share),
        }
    });
    let of_variants = under.iter().map(|(at, found)| Row {
        of: &about[*at],
        keys: [
            swept.variant(found.variant).to_owned(),
            swept.layouts[found.asked.layout % swept.policies()].clone(),
        ],
        found: found.clone(),
    });
    let all = [
        sheet(&break_even(), &mut of_turns.collect::<Vec<_>>()),
        sheet(&variants(), &mut of_variants.collect::<Vec<_>>()),
        sheet(&information(), &mut of_targets.collect::<Vec<_>>()),
        responses::sheet(*swept, &summary.responses),
        sheet(&uncertainty(), &mut of_draws.collect::<Vec<_>>()),
        sheet(&regions(), &mut of_limits),
        sheet(&sobol(), &mut of_sobol),
        sheet(&pairs(), &mut of_pairs),
        sheet(&morris(), &mut of_morris),
        sheet(&regression(), &mut of_terms),
        sheet(&tornado(), &mut of_bars),
        sheet(&interactions(), &mut of_products),
    ];
    all.into_iter().flatten().collect()
}
