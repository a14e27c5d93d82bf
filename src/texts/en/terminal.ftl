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
summary-formed = First formed (median month, range; over the replicates where it did)
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
summary-provincial = provincial items for each national one over the run: { $ratio }
summary-credit = Credit for adoptions
summary-credit-share = share of all (95 % interval of the mean)
summary-adoptions = { $adoptions } adoptions a replicate; { $alliances } % of their credit to alliances
summary-firms = { $number } firms, { $partners } partners each
summary-firms-share = share that took up by the end (95 % interval of the mean)
summary-firms-weighted = by weight and size
summary-benefit = benefit: { $benefit } (weight of the regions x gamma x uptake, over domains)
summary-givers = Most spillover given (adoptions credited, mean over replicates)
tables-in = Tables in { $dir } (columns.csv says what each column is)
summary-all-tables = --tables all adds adoptions: one row for each
summary-over = Over these results with --force, elsewhere with --out:
again = Again: { $command }

## cli/compare: a comparison

compared-head =
    { $name }: { $start } to { $end }, { $replicates ->
        [one] { $replicates } replicate
       *[other] { $replicates } replicates
    } of { $layouts ->
        [one] { $layouts } layout
       *[other] { $layouts } layouts
    } on the same luck, seed { $seed }, { $seconds } s.
compared-head-legend = { $head } { $legend }
compared-against = { $layout } against { $base }
compared-more = More replicates: the same with a larger --replicates and --resume
compared-nothing = Nothing differs in any replicate.
compared-stock-of = mean stock of
compared-members = members (direct)
compared-others = others (indirect)
compared-formed = first formed, mean month (never counts as the end)
compared-line = line
compared-circle = circle
compared-axis = axis
compared-plane = plane
compared-earlier = { $months } months earlier
compared-later = { $months } months later
compared-earlier-to-later = { $low } earlier to { $high } later
compared-and-same = { $words }, { $same }
compared-the-same = the same in all { $n } replicates
compared-best = Best, in how many of the replicates
compared-trade-off = Trade-off at the end
compared-all-on-front = all on the front: none is beaten clear of noise, in one and worse in none
compared-on-front = * on the front: not beaten clear of noise, in one and worse in none
compared-front = on the front
compared-stock = mean stock
compared-theil = theil
compared-pairs = pair-years
compared-change = change
compared-sharper = sharper
compared-none = no difference
compared-differs-more = and { $more } more: { $command }
compared-rows-more = { $more } more { $what }
legend-one = One replicate has no intervals.
legend-ranges = Ranges are 95 % intervals of each difference by itself
legend-ranges-of = Ranges are 95 % intervals of each difference by itself ({ $kinds }; else t)
legend-bca = b: BCa bootstrap
legend-stein = s: Stein's two stages
legend-p =
    ; p is the paired t test adjusted over the layouts of its row alone (Holm): one family of { $families } with { $tests ->
        [one] { $tests } test
       *[other] { $tests } tests
    } in all
compared-primary = ! { $outcome } was named beforehand (--primary); all other rows are exploration: `p_holm_all` in the table effects is adjusted over all of them.
compared-no-primary = No outcome was named beforehand (--primary), so all rows are exploration: `p_holm_all` in the table effects is adjusted over all tests.
legend-sharper = ; sharper: so many times as many unpaired replicates have the same range
full-stop = .
width-asked = Asked for { $target } (Stein's two stages, pilot { $pilot }): { $came }.
width-missing = in { $some } of the { $n } a value of { $layout } or the baseline is missing
width-no-interval = { $layout } has no interval, as { $missing }
width-all-equal = all differences of { $layout } in the pilot were equal, so it said nothing of later ones
width-needs-more = { $layout } needs more
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
    }; { $done } of { $runs } runs are done
indices-tables = Tables in { $folder }: { $list }
indices-title = { $outcome } at { $at }, { $layout }
indices-title-versus = { $outcome }, what { $layout } changes against { $versus }
indices-title-versus-at = { $outcome } at { $at }, what { $layout } changes against { $versus }
indices-none = none
indices-unknown = unknown
indices-variance = share of its variance over { $blocks } blocks
indices-alone = alone
indices-total = with all others
indices-effects = elementary effects of { $effects } trajectories
indices-regression = regression over { $points } points, R² { $r2 }
indices-luck = , luck { $share } %
indices-intervals = 95 % intervals
indices-too-few = too few for intervals
indices-same = does not vary over { $points } points: { $value }
indices-not-estimable = not estimable: { $why }; { $help }
indices-no-points = no point has a value of all layouts in the same replicate
indices-few-points =
    too few points for a regression ({ $have ->
        [one] { $have } point
       *[other] { $have } points
    }, { $parameters ->
        [one] { $parameters } parameter
       *[other] { $parameters } parameters
    }, { $need } points are needed)
indices-few-blocks = { $have } of { $blocks } blocks are whole, too few for an index
indices-few-trajectories = no step of a trajectory has both its ends
indices-more-runs = { $done } of { $runs } runs are done, `sweep run --resume` does the others
indices-more-points = a design of more points helps
indices-used =
    Of each point { $used } of { $replicates } replicates { $used ->
        [one] is
       *[other] are
    } used, which all { $points } points that are used share.
indices-legend = { $about }{ $luck }; { $intervals }; right: outcome from low to high
indices-low-high = low → high
indices-more = and { $more } more, none above { $next }
indices-together = together: { $first } × { $second } adds { $gain } % to R²

## cli/status.rs

status-head = { $name }: { $runs } runs
status-done = done
status-failed = failed
status-running = running
status-left = left
status-time = about { $time } left
status-nobody = no worker is at it; go on with `pointplane { $command } … --resume`
status-others = besides, { $n } runs of points or replicates that are no longer asked for
status-damaged = { $path }: what was only there is run again with --resume
status-foreign = { $path } is of something else and does not count
status-shard = shard
status-threads = threads
time-milliseconds = { $n } ms
time-seconds = { $n } s
time-minutes = { $n } min
time-hours = { $n } h
time-days = { $n } days

## cli/compare/in_short.rs: what every layout does, a clause each

short-head = In short, against { $base }
short-head-at = In short, against { $base }, at the end ({ $month })
short-layout = { $layout }: { $clauses }.
short-stock = mean stock
short-gap = the gap between areas
short-inequality = inequality of all regions
short-uptake = uptake by firms
short-benefit = benefit to firms
short-in = { $what } in { $month }
short-raises = raises { $what } by { $by }
short-lowers = lowers { $what } by { $by }
short-widens = widens { $what } by { $by }
short-narrows = narrows { $what } by { $by }
short-changes = changes { $what } by { $by }
short-same = leaves { $what } as it is
short-one = { $what } { $by } (one replicate)
short-unclear = no clear change of { $what } ({ $by })
short-by-unclear = { $mean } %, { $range }
short-unit = (per cent of the baseline's mean)
short-unit-interval = (per cent of the baseline's mean, 95 % interval)

## scenario/diff/words.rs: pointplane diff

diff-keys = keys: { $n } changed
diff-table = { $what }: { $added } added, { $removed } removed, { $changed } changed
diff-equal-rows = { $n } { $what }
diff-nothing = Nothing differs: { $keys } keys, { $list }.
diff-equal = All else is equal: { $keys } keys, { $list }. What rules make of all this, links above all, follows from it.
items-more = and { $more } more
short-not-varied = All of this holds at one setting of the parameters. Parameters not varied: see `pointplane sweep --help`, or "{ $question }" in docs/sweep.md.

## cli/outcomes.rs

outcomes-about = Outcomes of `pointplane compare`. They are taken at the end of the run and at each --horizon, unless they are months. Better: the direction by which layouts are ranked.
outcomes-named = { $name } ({ $about })
outcomes-higher = better: higher
outcomes-lower = better: lower
outcomes-month = a month; never counts as the whole run
outcomes-by = by { $groups }

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
