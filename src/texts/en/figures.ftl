
## report/figures/comparison/choice.rs

pareto-stock = mean stock at the end (more is better)
pareto-theil-panel = Stock and inequality
pareto-theil = Theil's T (less is better)
pareto-pairs-panel = Stock and coordination
pareto-pairs = pair-years (less is better)
pareto-title = Trade-off: the Pareto front
pareto-about = Means over the replicates at the end of the run. Ring: another layout is better in stock, equality or coordination cost and worse in none of them, beyond Monte Carlo noise (95 % confidence intervals of the paired differences); filled: none is. Per cent: how often the layout is on the front when the replicates are resampled. A pair-year is a pair of members that maintain a relation for a year: a count, not money. Being on the front is not in itself a recommendation.
ranking-tied = tied
ranking-axis = share of replicates in which it is the best
ranking-title = How certain is the best layout?
ranking-about = Share of { $replicates } replicates in which each layout is the best of all, at the end. “tied”: these layouts are equal and best in every replicate, so there is nothing to choose between them; ties in some replicates are shared among the tied layouts. Wilson intervals, expected regret, and how often the mean is the best when the replicates are resampled are in the data. This is the probability of being best over simulation randomness, given these parameters; it does not reflect uncertainty about them.

## report/figures/comparison/data.rs

baseline = baseline

## report/figures/comparison/effects.rs

effects-axis = difference from the baseline, % of its mean
effects-about = Paired differences from “{ $baseline }” at { $at } under common random numbers: mean of { $replicates } replicates with a 95 % confidence interval for each mean separately, in per cent of the baseline's mean, which is itself an estimate (Fieller interval); where the baseline's mean is not significantly different from 0, no percentages are given. Intervals reflect simulation randomness only, not uncertainty about parameters or the model.
effects-tests = {" "}The comparison has { $tests } tests in { $families } families (an outcome, group and month with its layouts); p is adjusted within a family only, so some intervals exclude 0 by chance. { $primary }
effects-primary = { $outcome } was named in advance as the primary outcome; everything else is exploratory.
effects-no-primary = No primary outcome was named in advance: everything is exploratory.
effects-title = What changes for the country
groups-title = For whom: mean stock by group
firm-groups-title = For whose firms: uptake by group
provinces-title = For whom: mean stock by province

## report/figures/comparison/map.rs

comparison-map-none = This comparison did not keep its places, so there is no map. `pointplane compare` with `--every 12` keeps them.
comparison-map-title = The layouts on the map
comparison-map-about = Regions as points, with radius proportional to the square root of their weight; diamonds are the zones that are open in the layout. Mean over { $replicates } replicates under common random numbers; scale: median. { $ground } Differences are of means, from “{ $baseline }”; a ring marks a place whose own 95 % interval contains 0. Colours of the static figure scale with the square root of the difference, so that small ones are visible: see its key. It and the data are of the last month, { $end }; stock between kept months is interpolated linearly.
comparison-map-ring = 95 % interval contains 0
stock = stock

## report/figures/comparison/mod.rs

comparison-no-table = The table `{ $table }` is not in this folder, so this figure cannot be drawn. The command at the bottom of this page recreates it.

## report/figures/comparison/paths.rs

responses-title = When: time paths of the differences
responses-about = Mean paired difference from “{ $baseline }” in each month, { $replicates } replicates. Line with band: 95 % simultaneous band over all its months, which are those in which at least ten replicates, and at least a quarter of them, differ. Points: the other months, in which too few replicates differ for a band; with fewer than 20 replicates, all months. Simulation randomness only. Before the first date on which two layouts differ there is no difference. Bands of shares are cut at −1 and 1.
levels-title = Levels of all layouts
levels-about = Line: mean of { $replicates } replicates; band: the middle 95 % of individual replicates; the baseline in grey. Overlapping bands do not mean that layouts are alike: replicates are paired, so look at the differences above.

## report/figures/curves.rs

curves-title = Response curves
difference-curves-title = Effects of layouts against each parameter
difference-curves-about = Paired differences from the baseline: above the line at 0 a layout raises the outcome, below it lowers it.{" "}
two-parameters-title = Where both parameters are low or high
two-parameters-about = Mean over the points in each class of the two most influential parameters: horizontal { $first }, vertical { $second }; classes have about equally many points, or a single value. Blue: above 0, orange: below. Empty: no point. Averages over the variation of the other parameters within the class.
curves-about = Mean outcome of the points in each bin of a parameter (one bin per value when there are few); band: 95 % t interval of that mean over points, which includes the effect of all other parameters as far as the design varies them independently. Where a bin has fewer than ten points, and in a grid, a list or along trajectories, whose points are not a sample, there is no interval: the points are drawn (at most 40 per bin). A curve is an average over the ranges that were swept.

## report/figures/run/batches.rs

batches-axis = innovations
batches-simulated = simulated
batches-observed = observed
batches-cumulative = Replicated nationally, cumulative
batches-each = Each batch
batches-history = {" "}Observed counts are one history: compare them with the band, not with the mean. Lying within the band does not validate the model.
batches-title = National replication in batches

## report/figures/run/credit.rs

credit-others = all others
credit-axis = adoptions in the year
credit-title = Attribution of adoptions over time
credit-about = Mean over { $replicates } replicates of the credit in each calendar year; the first and last year may be incomplete. { $account }
credit-alliance = alliance
credit-other = other mechanism
credit-shares-axis = share of all adoptions of the run
credit-shares-title = Credit by mechanism, whole run
credit-shares-about = Bar: mean over { $replicates } replicates of the share of all adoptions; line: 95 % t interval of that mean, cut at 0 and 100 %. { $account }

## report/figures/run/firms.rs

firms-title = What firms take up
firms-about = Firms take up domains in which their region has innovations.
firms-by-industry = By industry
firms-by-size = By size
firms-by-area = By area
firms-by-domain = By domain
firms-which-title = Which firms take up
firms-which-about = Share of firms that had taken up a domain in { $at }, the kept month in which it is closest to one half for all firms; mean over domains, with every firm counted equally. Mean of { $replicates } replicates with its 95 % t interval, cut at 0 and 100 % (simulation randomness only). Groups differ in where their firms are and in how well domains fit them: this is a description, not an effect of industry or size.
firms-which-axis = share of firms

## report/figures/run/growth.rs

formation-point = Point: first zone opens
formation-half = Half of places have an innovation
formation-line = Line: first
formation-circle = Circle: first
formation-axis = Axis: { $corridor }
formation-first-axis = Axis: first on any corridor
formation-plane = Plane
formation-title = When the five scales form
formation-about = Dot: median month over the replicates in which it formed; bar: earliest to latest of { $replicates } replicates. In brackets: in how many replicates it formed, if not in all. A structure may dissolve and form again; this is its first formation. The dates are those of the model with these parameters, not a forecast.
growth-inequality-title = Inequality within and between areas
growth-inequality-sum = {" "}Theil's T is the sum of its components within and between areas.

## report/figures/run/mod.rs

growth-title = Diffusion over the country
growth-about = S-curves of the run.
structures-title = Points, lines, circles, axes
structures-about = Structures that exist at the end of each month.
run-no-table = The table `{ $table }` is not in this folder, so this figure cannot be drawn. The command at the bottom of this page recreates it, unless its `--tables` leaves it out.
run-no-scenario = The scenario of this run was not found, or its files have changed since, so names and positions of places are not known. Give it with `--scenario PATH`.
run-luck = Line: mean of { $replicates } replicates. Band: the middle 95 % of individual replicates (simulation randomness only, not uncertainty about parameters or the model).

## report/figures/run/places.rs

places-id = id
places-name = name
places-province = province
places-stock = stock at the end
places-point = point by
places-line = line by
places-circle = circle by
places-axis = axis by
places-plane = plane by
places-given = credit given
places-taken = credit taken

## report/figures/run/space.rs

spillovers-gateways = (gateways)
spillovers-axis = Adoptions attributed, from row to column
spillovers-title = Spillovers between provinces
spillovers-about = Adoptions in the column's province that are attributed to places in the row's, over the whole run, mean of { $replicates } replicates. Provinces are ordered by spillovers given (rows) and received (columns). Colours scale with the square root, so that small flows are visible. Flows within a province are omitted here; they are in the data.{ $provinces } This is an attribution, not a causal effect.
map-weight = weight { $weight }
map-zone = open zone
map-ground = Land is drawn from the places alone, as a hull around those of each province with a shore: these are no boundaries. Ten large places that lie apart are named. An alliance is there from the month in which it begins: a hull around its delegates, a ring at each of them, and links between the largest delegates of any two members.
scale-map-title = Highest scale of each region
scale-map-about = Regions as points, with radius proportional to the square root of their weight; diamonds are the zones that are open in the month. Colour: median over { $replicates } replicates of the highest scale. { $ground } The map shows the model with these parameters, not observed adoption.
scale-none = none
scale-point = point
scale-line = line
scale-circle = circle
scale-axis = axis
scale-plane = plane
moran-high-high = high-high
moran-low-low = low-low
moran-high-low = high-low
moran-low-high = low-high
moran-disagree = replicates disagree
moran-agreement = agreement
moran-title = Local Moran's I: do similar regions cluster?
moran-about = Stock of each region at the end relative to the mean, and that of the places it listens to (its spatial lag; W: mean of the layers). A class is shown where at least 95 % of { $replicates } replicates agree. This is agreement over simulation randomness, not a permutation test: it says nothing about significance in data.

## report/figures/sweep.rs

sweep-no-indices-title = Which parameters matter
sweep-change = change with “{ $layout }”
sweep-changes = change
figure-first-of = Drawn: the first { $drawn } of { $all }; the data have all.
sweep-not-estimable = Nothing varies here, or it cannot be estimated from the available runs: the answer at the top says which.
sweep-no-table = The table `{ $table }` is not in this folder, so this figure cannot be drawn: `pointplane sweep merge DIR` recreates it.
tornado-axis = { $unit }
tornado-centre = middle: { $value } ({ $unit })
tornado-title = Tornado: low against high values
tornado-about = Mean outcome over the points where a parameter is low (its lowest tenth, or level) and where it is high, with the others as in the design. The upright line is the middle: the mean of the ends over all parameters. Intervals of the swing are in the data. Outcomes that no parameter affects are left out.
tornado-low = low value
tornado-high = high value
morris-mu = mu*: mean absolute elementary effect
morris-sigma = sigma: their standard deviation
morris-title = Morris screening
morris-about = Further right: parameters that matter more; higher: effects that depend on the other parameters or are nonlinear. Screening ranks parameters; its numbers are not shares of variance. Intervals of mu* are in the data.

## report/figures/run/growth.rs, firms.rs: titles of curves

credit-account = Each adoption counts as 1 and is divided among the terms of its hazard at that time. Credit is an attribution, not a causal effect: without a mechanism, some of its adoptions would still occur, later. For effects, compare layouts.
spillovers-capitals = {""}
inequality-since = {" "}Inequality is shown from { $month }: once half of the places have adopted something (at the latest from the middle of the run) and, in a run of more than four years, after the first two. As long as most places have next to nothing, an index is large and uninformative. What comes before is in the data.
inequality-since-years = {" "}Inequality is shown from { $month }, after two years: as long as most places have next to nothing, an index is large and uninformative. The months before are in the data.

## report/figures/comparison/effects.rs: groups

groups-by-membership = By membership in the layout's own changes
groups-by-area = By area
groups-by-tier = By tier
groups-by-industry = By industry
groups-by-size = By size

## report/figures/sweep.rs: indices

sobol-title = Sobol indices
sobol-axis = share of the outcome's variance
sobol-first = first order
sobol-total = total
sobol-about = First order: share of the outcome's variance explained by the parameter alone; total: including all its interactions. Bars: 95 % confidence intervals. Shares hold for the ranges that were swept, not in general.
regression-title = Regression on parameters
regression-axis = coefficient
regression-src = standardised regression coefficient
regression-prcc = partial rank correlation
regression-about = The sign is the direction of the effect. Bars: 95 % confidence intervals. Neither measure captures non-monotonic effects.

## report/figures/names.rs: mechanisms of credit, groups

province-by-capital = { $name } ({ $id })
firms-from = { $least }+ employees
group-members = Members (direct)
group-others = Others (indirect)
group-linkage = Linkage regions
group-radiation = Radiation regions
group-hinterland = Hinterland

## report/figures/names.rs: parameters

name-strength-factor = strength of alliances
name-min-segments = segments that make an axis
name-circle-threshold = share that makes a circle
name-provincial-quality = quality that a province replicates
name-radius-km = reach of circles
name-replication-age = age at replication
name-transit-strength = strength of transit
name-abandonment-rate = rate of abandonment
name-axis-bonus = bonus on an axis
name-backwash = backwash
name-beta = strength of contagion
name-circle-bonus = bonus within a circle
name-express = express links on an axis
name-forgetting = forgetting of flows
name-intrinsic-rate = adoption unheard
name-line-bonus = bonus on a line
name-line-threshold = flow that makes a line
name-national-rate = adoption after national replication
name-provincial-rate = adoption after provincial replication
name-response = response to exposure
name-national-adopters = adopters for national replication
name-national-quality = quality that the centre replicates
name-plane-threshold = share that makes the plane
name-arrival-rate = arrival of innovations
name-failure-rate = rate of failure
name-implementation-rate = rate of implementation
name-quality-base = quality without leadership
name-quality-gain = gain of quality by leadership
name-tolerance = tolerance of failure
unit-per-month = per month
unit-share = share
unit-factor = factor
unit-weight = weight
unit-quality = quality
unit-months = months
unit-adoptions = adoptions
unit-places = places
unit-segments = segments
unit-exposure = exposure

## report/figures: what is left out, what is beside

effects-more = More is better →
effects-less = ← Less is better
effects-better = {" "}(better →)
effects-left-out = {" "}Not drawn, as no layout changes them: { $list }.
effects-as-above = Mean of { $replicates } paired differences from “{ $baseline }” with its 95 % confidence interval, in per cent of the baseline's mean. What holds for “{ $above }” holds here too.
levels-apart = {" "}Layouts would cover each other: each has its own panel, with the baseline in grey.
growth-never = {" "}Not drawn, as they are 0 throughout: { $list }.
growth-sudden = {" "}Not drawn, as they go from nothing to everything within a year: { $list }.

## report/findings

finding-effects = { $what }: { $list }
finding-ends = { $first } to { $last }, { $between ->
        [one] one more
       *[other] { $between } more
    } between
quoted = “{ $layout }”
finding-effect = { $size } % with “{ $layout }”
finding-effect-unsure = { $size } % with “{ $layout }” (not sure)
finding-members = “{ $layout }” changes { $what } of members by { $members } %, of others by { $others } %
finding-provinces = “{ $layout }” changes { $first } most ({ $most } %) and { $last } least ({ $least } %)
finding-half-change = “{ $layout }”: half of the change in { $what } of { $last } is reached by { $half }
finding-level = { $size } with “{ $layout }”
finding-levels = { $what } in { $last }: { $list }
finding-no-best = No layout is better than another in everything
finding-front = Better than the others in something, worse than none in everything: { $list }
finding-best = “{ $layout }” in { $what } ({ $share } %)
finding-bests = Most often the best: { $list }
finding-map = The region that changes most: { $place }, { $size } with “{ $layout }”
finding-scales = { $all } regions by their highest scale in { $month }: { $list }
finding-first = First formed: { $list }
finding-growth = { $what } grows to { $stock } by { $month }; half of that is there in { $half }
finding-structures = In { $month } there are { $points } zones, { $lines } lines, { $circles } circles and { $axes } axes
finding-batches = { $total } innovations are replicated by { $month }
finding-batches-seen = { $inside } of { $seen } observed batches lie in the model's band; { $total } innovations are replicated by { $month }
finding-credit = In { $year } most is attributed to { $mechanism }: { $share } % of adoptions
finding-shares = { $share } % of all adoptions are attributed to { $mechanism }, { $alliances } % to alliances
finding-flow = The largest flow between provinces goes from { $from } to { $to }: { $size } adoptions
finding-theil-falls = { $what } falls to { $theil } by { $month }
finding-theil-turns = { $what } is least in { $since } ({ $low }) and rises to { $theil } by { $month }
finding-clusters = Of { $all } regions { $high } lie in clusters of high stock, { $low } in clusters of low stock
finding-change-of = what “{ $layout }” changes in { $outcome }
finding-tornado = { $parameter } moves { $what } most: { $low } where it is low, { $high } where it is high
finding-sobol = { $parameter } matters most for { $what }: { $share } % of the variance, with interactions
finding-most = { $parameter } matters most for { $what }
