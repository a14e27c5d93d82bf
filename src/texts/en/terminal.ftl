# What the terminal says of results. Lines of tables are put together from these: heads stay short.

## cli/summary.rs: a run

summary-head =
    { $name }: { $start } to { $end }, { $replicates ->
        [one] { $replicates } replicate
       *[other] { $replicates } replicates
    }, seed { $seed }, { $seconds } s
summary-head-layout =
    { $name }, layout { $layout }: { $start } to { $end }, { $replicates ->
        [one] { $replicates } replicate
       *[other] { $replicates } replicates
    }, seed { $seed }, { $seconds } s
summary-formed = First formation (median { $step ->
        [month] month
        [quarter] quarter
        [year] year
       *[day] day
    } and range over the replicates in which it formed)
moment-line = first line
moment-circle = first circle
moment-axis = first axis
moment-plane = first plane
moment-corridor = axis { $corridor }
moment-half-covered = half of places covered
summary-never = never
summary-in-share = in { $share } % of replicates
summary-batches = National batches
summary-batches-mean = mean (95 % of replicates)
summary-batches-observed = observed
summary-batches-more = { $n } more
summary-batches-each = { $mean } each
summary-provincial = provincial replications per national replication over the run: { $ratio }
summary-credit = Credit for adoptions
summary-credit-share = share of all (95 % interval of the mean)
summary-adoptions = { $adoptions } adoptions per replicate, { $alliances } % of them attributed to alliances
summary-firms = { $number } firms, { $partners } partners each
summary-firms-share = share of adopters at the end (95 % interval of the mean)
summary-firms-weighted = weighted by region and size
summary-benefit = benefit: { $benefit } (regional weight x gamma x uptake, summed over domains)
summary-givers = Largest sources of spillovers (adoptions attributed to them, mean over replicates)
tables-in = Tables in { $dir } (columns.csv describes every column)
summary-all-tables = --tables all also writes adoptions and abandonments, one row each
summary-over = To replace these results add --force; to keep them choose another folder with --out:
again = Again: { $command }

## cli/compare: a comparison

compared-head =
    { $name }: { $start } to { $end }, { $replicates ->
        [one] { $replicates } replicate
       *[other] { $replicates } replicates
    } of { $layouts ->
        [one] { $layouts } layout
       *[other] { $layouts } layouts
    } under common random numbers, seed { $seed }, { $seconds } s.
compared-head-legend = { $head } { $legend }
compared-against = { $layout } relative to { $base }
compared-more = For more replicates: the same command with a larger --replicates and --resume
compared-nothing = No differences in any replicate.
compared-stock-of = mean stock of
compared-members = members (direct)
compared-others = others (indirect)
compared-formed = first formation, mean month (never counts as the end of the run)
compared-line = line
compared-circle = circle
compared-axis = axis
compared-plane = plane
compared-earlier = { $months } months earlier
compared-later = { $months } months later
compared-earlier-to-later = { $low } earlier to { $high } later
compared-and-same = { $words }, { $same }
compared-the-same = the same in all { $n } replicates
compared-best = Best: share of replicates in which a layout is best (equals share them)
compared-trade-off = Trade-off at the end
compared-all-on-front = all Pareto-efficient: none is dominated beyond Monte Carlo noise
compared-on-front = * Pareto-efficient: no other is better in one and worse in none, beyond Monte Carlo noise
compared-front = on the front
compared-stock = mean stock
compared-theil = theil
compared-pairs = pair-years
compared-change = change
compared-sharper = gain
compared-none = no difference
compared-differs-more = and { $more } more: { $command }
compared-rows-more = { $more } more { $what }
legend-one = One replicate gives no intervals.
legend-ranges = Ranges are 95 % confidence intervals of each difference separately
legend-ranges-of = Ranges are 95 % confidence intervals of each difference separately ({ $kinds }; else t)
legend-bca = b: BCa bootstrap
legend-stein = s: Stein's two-stage procedure
legend-p =
    ; p: paired t test, adjusted over the layouts of its row only (Holm), one family of { $families } with { $tests ->
        [one] { $tests } test
       *[other] { $tests } tests
    } in all
compared-primary = ! { $outcome } was named in advance (--primary); all other rows are exploratory: `p_holm_all` in the table effects is adjusted over all of them.
compared-no-primary = No outcome was named in advance (--primary), so all rows are exploratory: `p_holm_all` in the table effects is adjusted over all tests.
legend-sharper = ; gain: how many times as many unpaired replicates would give the same interval
full-stop = .
width-asked = Requested { $target } (Stein's two-stage procedure, pilot of { $pilot }): { $came }.
width-missing = in { $some } of the { $n } replicates a value of { $layout } or the baseline is missing
width-no-interval = { $layout } has no interval, as { $missing }
width-all-equal = all differences of { $layout } in the pilot were equal, so it gives no estimate of their variance
width-needs-more = { $layout } needs more replicates
width-widest = , widest ± { $half }
width-reached = reached with { $n } replicates{ $widest }
width-not-within = not reached within --max-replicates { $most }{ $widest }: { $reasons }
width-not-with = not reached with { $n } replicates{ $widest }: { $reasons }

## report/sweep.rs, cli/sweep/summary.rs: what a sweep answers

indices-head =
    { $name }: { $design } design, { $points ->
        [one] { $points } point
       *[other] { $points } points
    }, { $layouts ->
        [one] { $layouts } layout
       *[other] { $layouts } layouts
    }, { $replicates ->
        [one] { $replicates } replicate
       *[other] { $replicates } replicates
    }{ $pool }; { $done } of { $runs } runs are done
indices-pool = { " " }each, from a pool of { $n }
indices-inert = moves nothing
indices-tables = Tables in { $folder }: { $list }
indices-title = { $outcome } at { $at }, { $layout }
indices-title-versus = { $outcome }, effect of { $layout } relative to { $versus }
indices-title-versus-at = { $outcome } at { $at }, effect of { $layout } relative to { $versus }
indices-none = none
indices-unknown = unknown
indices-variance = share of its variance, { $blocks } blocks
indices-alone = first-order
indices-total = total
indices-effects = elementary effects of { $effects } trajectories
indices-regression = regression over { $points } points, R² { $r2 }
indices-luck = , Monte Carlo noise { $share } %
indices-intervals = 95 % confidence intervals
indices-too-few = too few for confidence intervals
indices-same = does not vary over { $points } points: { $value }
indices-not-estimable = not estimable: { $why }
indices-no-points = no point has a value for all layouts in the same replicate
indices-few-points =
    a regression on { $parameters ->
        [one] { $parameters } parameter
       *[other] { $parameters } parameters
    } takes { $need } points, there { $have ->
        [one] is { $have }
       *[other] are { $have }
    }
indices-few-blocks = { $have } of { $blocks } blocks are complete, too few for an index
indices-few-trajectories = no step of a trajectory has values at both ends
indices-more-runs = { $done } of { $runs } runs are done, `sweep run --resume` completes the others
indices-more-points = use a design with more points
indices-used =
    { $used } of { $replicates } replicates of each point { $used ->
        [one] is
       *[other] are
    } used, those common to { $points } of { $all } points.
over-credible = over the ranges { $mean } (95 % credible { $low } to { $high }; luck { $from } to { $to })
over-sign = above 0 at { $share } % of { $draws } points
over-shares = variance of one history: parameters { $parameters } %, luck { $luck } %, only together { $both } %
over-head = Relative to “{ $base }”: change at the end of the run with its 95 % credible interval, over { $draws } draws of { $parameters ->
        [one] 1 parameter
       *[other] { $parameters } parameters
    }, { $replicates }.
over-pool = each with { $each } of a pool of { $pool } replicates
over-same = each with the same { $each ->
        [one] replicate
       *[other] { $each } replicates
    }
over-no-percent = Effects on { $list } are in the outcome's own unit and not in per cent: over these draws the level of “{ $base }” itself cannot be told from 0.
over-partial = { $draws } of { $all } draws are counted; the others are not finished, or failed.
over-too-few = No answer yet: { $done } of { $runs } runs are done, too few to tell parameters from luck. Complete them with --resume.
over-nothing = not estimable
over-no-change = no change
over-sign-unknown = sign unknown
over-raises = raises
over-lowers = lowers
over-widens = widens
over-narrows = narrows
over-sure = { $direction }, sure
over-mostly = { $direction } in { $n } of 10 draws
over-legend = ── credible interval (parameters and luck), ━━ luck interval (parameters as they are on average), │ no change. “Sure”: the credible interval leaves out 0. Model and data are taken as given.
over-legend-page = Bars: the thin one is the credible interval (parameters and luck), the thick one in it the luck interval (parameters as they are on average); the upright line is no change. “Sure”: the credible interval leaves out 0. Model and data are taken as given.
over-hangs = What the effects hang on most, by the share of an effect’s variance over the draws that one parameter tells by itself, read linearly: { $list }.
over-hangs-one = { $parameter } in { $n } of { $all } effects ({ $range } %)
over-variance = What the effects of a single history vary by, least to most of all effects above: parameters { $parameters } %, luck { $luck } %, both only together { $both } %.
regions = The other sign of the effect on { $what } is found mainly here: { $list }.
region-of = { $layout } where { $limits } ({ $hits } of the { $points } draws there; { $of } such draws in all)
turning-head = Where { $parameter } turns the answer, relative to “{ $base }”: { $values } values from { $from } to { $to }, { $n } replicates each, all other parameters as they are. Where nothing is said, the 95 % luck interval holds 0.
turning-sign = { $told } (the other sign at { $share } % of the draws)
information-of = What would tell most about the effect on { $what }, if somebody counted it: { $list }.
information-one = { $layout }: { $target } (would take away { $share } % of its variance over the draws)
information-none = { $layout }: none of the targets
turning-of = Effect on { $what }: { $list }.
turning-nothing = { $layout } changes nothing
turning-never = { $direction } over the whole range
turning-unclear = { $layout } cannot be told from no effect over the whole range
over-subject = layouts under uncertainty
variants-range = { $layout } { $range }
variants-same = , { $direction } in { $same } of { $of }
variants-other = , { $direction } under { $list }
variants-nothing = , no effect at all under { $list } (which sets the same keys, or leaves it nothing to act on)
variants-unclear = , not clear of 0 under { $list }
variants-unseen = , not known under { $list }
variants-own = the scenario's own
turning-up-to = { $direction } up to { $end }
turning-from = { $direction } from { $start } on
turning-between = { $direction } from { $start } to { $end }
over-more = Read on: pointplane sweep summary { $folder }; pointplane report { $folder } --open
variants-head = Under { $n ->
        [one] 1 variant
       *[other] { $n } variants
    } of the model and the scenario's own:
variants-of = Effect on { $what }: { $list }.
variants-ranking = The mean effects of layouts are in the same order in { $same } of { $of }.
indices-legend = { $about }{ $luck }; { $intervals }; right: outcome from low to high
indices-low-high = low → high
indices-more = and { $more } more, none above { $next }
indices-together = interaction: { $first } × { $second } adds { $gain } % to R²

## cli/status.rs

status-head = { $name }: { $runs } runs
status-done = done
status-failed = failed
status-running = running
status-left = left
status-time = about { $time } left
status-nobody = no worker is running; continue with `pointplane { $command } … --resume`
status-others = in addition, { $n } runs of points or replicates that are no longer part of the sweep
status-damaged = { $path }: runs that were only there are repeated with --resume
status-foreign = { $path } belongs to other results and is ignored
status-shard = shard
status-threads = threads
time-milliseconds = { $n } ms
time-seconds = { $n } s
time-minutes = { $n } min
time-hours = { $n } h
time-days = { $n } days

## report/answer: what every layout does

short-stock = mean stock
short-gap = the gap between areas
short-inequality = inequality across regions
short-uptake = uptake by firms
short-benefit = benefit to firms
short-in = { $what } in { $month }
luck-head = Relative to “{ $base }”, at the end ({ $month }): change at one setting of the parameters, { $n ->
        [one] one replicate
       *[other] 95 % interval of { $n } replicates
    }.
luck-unclear = no clear change
luck-same = { $direction }, the same in all { $n }
luck-legend = ━━ luck interval: Monte Carlo noise of the replicates alone; │ no change.
luck-legend-page = Bars: the luck interval, that is, Monte Carlo noise of the replicates alone; the upright line is no change.
luck-legend-one = One replicate has no interval: what is luck is not known.

## scenario/diff/words.rs: pointplane diff

diff-keys = keys: { $n } changed
diff-table = { $what }: { $added } added, { $removed } removed, { $changed } changed
diff-equal-rows = { $n } { $what }
diff-nothing = Nothing differs: { $keys } keys, { $list }.
diff-equal = Everything else is equal: { $keys } keys, { $list }. What rules derive from it, links above all, changes with it and is not listed.
items-more = and { $more } more
short-in-place = { " " }in place of { $options }
short-not-varied = Parameters not varied: what they leave open is often many times as wide. Add --priors PLAN{ $instead }, with a plan as in `pointplane sweep --help`; see "{ $question }" in docs/sweep.md.

## cli/outcomes.rs

outcomes-about = Outcomes of `pointplane compare`. They are measured at the end of the run and at each --horizon, except those that are months. Better: the direction in which layouts are ranked.
outcomes-named = { $name } ({ $about })
outcomes-higher = better: higher
outcomes-lower = better: lower
outcomes-month = a month; never counts as the length of the run
outcomes-by = by { $groups }

## cli/cite.rs

cite-estimation = an estimation
cite-calibration = a calibration
cite-search = a search
cite-scenario = scenario { $name }
cite-plan = plan { $name }
cite-layouts = { $n ->
        [one] layout { $list }
       *[other] layouts { $list }
    }
cite-many-layouts = { $n } layouts
cite-set = with { $list }
cite-many-set = with { $n } parameters set
cite-seed = seed { $seed }
cite-points = { $points } points
cite-replicates = { $n ->
        [one] { $n } replicate
       *[other] { $n } replicates
    }
cite-replicates-from = { $n ->
        [one] replicate { $first }
       *[other] { $n } replicates from number { $first }
    }
cite-commit = { " " }(commit { $short })
cite-sentence = The results are those of { $what } made with Pointplane { $version }{ $commit }: { $details }.
cite-partial = These results are not complete: cite them once they are (--resume).

## cli/package

package-not-found = { $path }, from which these results were made, is neither below this folder nor below one above the results: give the command where they were made
package-changed = not found as it was when the results were made; put it back, or make the results again
package-absolute = names a file from the root of the file system, which is not there elsewhere: name it from the folder of this file, and make the results again
package-not-complete = these results are not complete: make the package once they are (--resume)
package-taken = { $path } holds something already; name another folder by --out
package-place = { $path } is the folder of the results, in it, or the one that you are in; name another folder by --out
package-file = { $path } is a file; name another folder by --out
package-also = there is no file in it that could be taken along (hidden ones and the results are not)
package-beyond = is not below { $folder }, from which the command names its files: copy it there
package-name = a name with a character that no list of checksums can hold; rename it
package-outside = these results name a file outside of their folder: they were changed by hand
package-no-sums = these results keep no checksums of their tables: an earlier version made them; make them again
package-made = { $path }
package-no-program = this program is not there: install pointplane, or set POINTPLANE to where it is
package-other-program = not the program that made the results, { $version }: bytes may differ
package-tampered = this package is not as it was made: files with FAILED were changed, and would not give its results
package-differs = tables with FAILED were not replicated: they have other bytes than those of this package
package-same = all tables have the same bytes
package-drawn = has other bytes than in this package: letters are drawn with the fonts of the machine
package-todo = README.md has sentences that begin with “To complete”: they are yours
# Beginnings of names of files that say where data are from and how they may be used.
package-papers = readme license licence copying sources citation
package-columns = codebook: what each column of each table is, with unit and formula
package-points = the points of the parameters
package-posterior = draws of the posterior, for `--posterior`
package-summary = what the command says, in words
package-by = the command above
package-cite = How the results are cited:

## cli/usage.rs: what clap says in English

usage = Usage: { $usage }
usage-help = For more information, try '--help'.
usage-twice = the argument '{ $arg }' cannot be used multiple times
usage-conflict = the argument '{ $arg }' cannot be used with '{ $other }'
usage-conflicts = the argument '{ $arg }' cannot be used with:
usage-no-value = a value is required for '{ $arg }' but none was supplied
usage-wrong-value = invalid value '{ $value }' for '{ $arg }'
usage-wrong-because = { $wrong }: { $why }
usage-too-many = unexpected value '{ $value }' for '{ $arg }' found; no more were expected
usage-unknown = unexpected argument '{ $arg }' found
usage-unknown-subcommand = unrecognized subcommand '{ $name }'
usage-missing = the following required arguments were not provided:
usage-not-utf-8 = invalid UTF-8 was detected in one or more arguments
usage-values = {"["}possible values: { $values }]
usage-similar =
    tip: { $n ->
        [one] a similar { $what } exists: { $names }
       *[other] some similar { $what }s exist: { $names }
    }
usage-subcommand = subcommand
usage-argument = argument
usage-value = value
