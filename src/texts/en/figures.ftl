
## report/figures/comparison/choice.rs

pareto-stock = mean stock at the end (more is better)
pareto-theil-panel = Stock and inequality
pareto-theil = Theil's T (less is better)
pareto-pairs-panel = Stock and coordination
pareto-pairs = pair-years (less is better)
pareto-title = Trade-off: the Pareto front
pareto-about = Means over the replicates at the end of the run. Ring: another layout is better in stock, equality or coordination and worse in none of them, clear of the noise of the replicates (95 % intervals of the paired differences); filled: none is. Per cent: how often the layout is on the front when the replicates are resampled. A pair-year is a pair of members that keep up a relation for a year: a count, not money. Being on the front recommends nothing by itself.
ranking-tied = tied
ranking-axis = share of replicates in which it is the best
ranking-title = How sure is the best?
ranking-about = Share of { $replicates } replicates in which each layout is the best of all, at the end. “tied”: these layouts are equal and the best in every replicate, so there is nothing to choose between them; ties in some replicates are shared among the layouts that tie. Wilson intervals, expected regret, and how often the mean is the best when the replicates are resampled are in the data. This is the probability of being best under luck with these parameters, not under uncertainty about them.

## report/figures/comparison/data.rs

baseline = baseline

## report/figures/comparison/effects.rs

effects-axis = difference from the baseline, % of its mean
effects-about = Paired differences at { $at } against { $baseline } on the same luck, mean of { $replicates } replicates, with the 95 % interval of each mean by itself, in per cent of the baseline's mean, which is an estimate too (Fieller); where the baseline is not clear of 0 there are no per cent. Intervals are over luck only: they say nothing of parameters or of the model.
effects-tests = {" "}The comparison has { $tests } tests in { $families } families (an outcome, group and month with its layouts); p is adjusted within a family only, so some intervals leave out 0 by chance. { $primary }
effects-primary = { $outcome } was named beforehand; all else is exploration.
effects-no-primary = No outcome was named beforehand: all is exploration.
effects-title = What changes for the country
groups-title = For whom: mean stock by group
firm-groups-title = For whose firms: uptake by group
provinces-title = For whom: mean stock by province

## report/figures/comparison/map.rs

comparison-map-none = This comparison did not keep its places, so there is no map. `pointplane compare` with `--every 12` keeps them.
comparison-map-title = The layouts on the map
comparison-map-about = Regions as points, their radius by the root of their weight; diamonds are the zones that are open in the layout. Mean over { $replicates } replicates on the same luck; scale: median. No boundaries are drawn. Differences are of means; a ring marks a place whose 95 % interval, by itself, holds 0. Colours of the static figure go by the square root of the difference, so that small ones are seen: its key says which difference has which colour. It and the data are of the last month, { $end }; stock between kept months is drawn on a straight line.
comparison-map-ring = 95 % interval holds 0
stock = stock

## report/figures/comparison/mod.rs

comparison-no-table = The table `{ $table }` is not in this folder, so this figure cannot be drawn. The command at the bottom of this page makes it again.

## report/figures/comparison/paths.rs

responses-title = When: paths of the differences
responses-about = Mean paired difference from { $baseline } in each month, { $replicates } replicates. Line with band: the 95 % band holds for all its months together; it has the months in which at least a quarter of the replicates, and ten, differ. Points: the other months, of which so few replicates differ that no band can be given; with fewer than 20 replicates all months. Luck only. Before the first date in which two layouts differ there is no difference. Bands of shares are drawn as far as shares can differ (−1 to 1).
levels-title = Levels of all layouts
levels-about = Line: mean of { $replicates } replicates; band: the middle 95 % of single replicates; the baseline in grey. Overlapping bands do not mean that layouts are alike: replicates are paired, so look at the differences above.

## report/figures/curves.rs

curves-title = Response curves
difference-curves-title = What layouts change, against each parameter
difference-curves-about = Paired differences from the baseline: above the line at 0 a layout raises the outcome, below it lowers it.{" "}
two-parameters-title = Where both parameters are low or high
two-parameters-about = Mean over the points in each class of the two parameters that move it most: across { $first }, up { $second }; classes have about as many points each, or one value. Blue: above 0, orange: below. Empty: no point. An average over what the other parameters do in the class.
curves-about = Mean outcome of the points in each bin of a parameter (one bin for each value when there are few); band: 95 % t interval of that mean over points, which holds what all other parameters do, as far as the design varies them independently. Where a bin has fewer than ten points, and in a grid, a list or along trajectories, whose points are no sample, there is no interval: the points are drawn (at most 40 of a bin). A curve is an average over the ranges that were swept.

## report/figures/run/batches.rs

batches-axis = innovations
batches-simulated = simulated
batches-observed = observed
batches-cumulative = Replicated nationally, cumulative
batches-each = Each batch
batches-history = {" "}Observed counts are one history: compare them with the band, not with the mean. That they lie in the band does not validate the model.
batches-title = National replication in batches

## report/figures/run/credit.rs

credit-others = all others
credit-axis = adoptions in the year
credit-title = What adoptions responded to, through time
credit-about = Mean over { $replicates } replicates of the credit of each calendar year; the first and last year may be parts of a year. { $account }
credit-alliance = alliance
credit-other = other mechanism
credit-shares-axis = share of all adoptions of the run
credit-shares-title = Credit by mechanism, whole run
credit-shares-about = Bar: mean over { $replicates } replicates of the share of all adoptions; line: 95 % t interval of that mean, drawn as far as shares go (0 to 100 %). { $account }

## report/figures/run/firms.rs

firms-title = What firms take up
firms-about = Firms take up domains of which their region has innovations.
firms-by-industry = By industry
firms-by-size = By size
firms-by-area = By area
firms-by-domain = By domain
firms-which-title = Which firms take up
firms-which-about = Share of firms that had taken a domain up in { $at }, the kept month in which it is nearest to a half for all firms; mean over the domains, every firm counts alike. Mean of { $replicates } replicates with the 95 % t interval of the mean, cut at 0 and 100 % (luck only). Groups differ in where their firms are and in what fits them: this is a description, not an effect of industry or size.
firms-which-axis = share of firms

## report/figures/run/growth.rs

formation-point = Point: first zone opens
formation-half = Half of places have an item
formation-line = Line: first
formation-circle = Circle: first
formation-axis = Axis: { $corridor }
formation-first-axis = Axis: first
formation-plane = Plane
formation-title = When the five scales form
formation-about = Dot: median month over the replicates in which it formed; bar: earliest to latest of { $replicates } replicates. In brackets: in how many replicates it formed, where that is not all. A structure may dissolve and form again; this is its first month. The dates are those of the model with these parameters, not a forecast.
growth-inequality-title = Inequality within and between areas
growth-inequality-sum = {" "}Theil's T is the sum of its parts within and between areas.

## report/figures/run/mod.rs

growth-title = How the country fills
growth-about = S-curves of the run.
structures-title = Points, lines, circles, axes
structures-about = Structures that stand at the end of each month.
run-no-table = The table `{ $table }` is not in this folder, so this figure cannot be drawn. The command at the bottom of this page makes it again, unless its `--tables` leaves it out.
run-no-scenario = The scenario that was run is not at hand, or its files have changed since, so names and positions of places are not known. Give it with `--scenario PATH`.
run-luck = Line: mean of { $replicates } replicates. Band: the middle 95 % of single replicates (luck only, not the uncertainty of parameters or of the model).

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
spillovers-axis = Adoptions credited, from row to column
spillovers-title = Spillovers between provinces
spillovers-about = Adoptions in the column's province that are credited to places in the row's, over the whole run, mean of { $replicates } replicates. Provinces are ordered by what they give (rows) and take (columns). Colours go by the square root, so that small flows are seen. Flows inside a province are left out here; they are in the data.{ $provinces } Credit is an account, not an effect.
map-weight = weight { $weight }
map-zone = open zone
scale-map-title = Highest scale of each region
scale-map-about = Regions as points, their radius by the root of their weight; diamonds are the zones that are open in the month. Colour: median over { $replicates } replicates of the highest scale. No boundaries are drawn. The map shows the model with these parameters, not observed adoption.
scale-none = none
scale-point = point
scale-line = line
scale-circle = circle
scale-axis = axis
scale-plane = plane
moran-high-high = high among high
moran-low-low = low among low
moran-high-low = high among low
moran-low-high = low among high
moran-disagree = replicates do not agree
moran-agreement = agreement
moran-title = Local Moran: like among like?
moran-about = Stock of each region at the end against the mean, and the same for those whom it hears (W: mean of the layers). A class is shown where at least 95 % of { $replicates } replicates agree. This is agreement over luck, not a permutation test: it says nothing of significance in data.

## report/figures/sweep.rs

sweep-against = against { $layout }
sweep-no-indices-title = Which parameters matter
sweep-not-estimable = Nothing varies here, or it cannot be estimated from the runs that are there: the answer on top says which.
sweep-no-table = The table `{ $table }` is not in this folder, so this figure cannot be drawn: `pointplane sweep merge DIR` makes it again.
tornado-axis = outcome, { $unit }
tornado-title = Tornado: low against high values
tornado-about = Mean outcome over the points where a parameter is low (its lowest tenth, or level) and where it is high, the others as the design has them. The line is the mean of the ends over all parameters. Intervals of the swing are in the data. Outcomes that nothing moves are left out.
tornado-low = low value
tornado-high = high value
morris-mu = mu*: mean size of elementary effects
morris-sigma = sigma: their spread
morris-title = Morris screening
morris-about = Right: parameters that matter; high: effects that depend on the other parameters or are not straight. A screening: it orders parameters, its numbers are no shares of variance. Intervals of mu* are in the data.

## report/figures/run/growth.rs, firms.rs: titles of curves

credit-account = Each adoption is worth 1 and is split over the terms of its hazard in that month. Credit is an account, not a causal effect: without a mechanism some of its adoptions would come all the same, later. For effects, compare layouts.
spillovers-capitals = {""}
inequality-since = {" "}Inequality is drawn from { $month } on: not before half of the places have something (at the latest from the middle of the run) nor, in a run of more than four years, before two have passed. An index over places that have next to nothing is large and says little. The months before are in the data.
inequality-since-years = {" "}Inequality is drawn from { $month } on, after two years: an index over places that have next to nothing is large and says little. The months before are in the data.

## report/figures/comparison/effects.rs: groups

groups-by-membership = By membership of the layout's own changes
groups-by-area = By area
groups-by-tier = By tier
groups-by-industry = By industry
groups-by-size = By size

## report/figures/sweep.rs: indices

sobol-title = Sobol indices
sobol-axis = share of the outcome's variance
sobol-first = first order
sobol-total = total
sobol-about = First order: share of the outcome's variance that goes with the parameter alone; total: with all its interactions. Bars: 95 % intervals. Shares hold for the ranges that were swept, not in general.
regression-title = Regression on parameters
regression-axis = coefficient
regression-src = standardised regression coefficient
regression-prcc = partial rank correlation
regression-about = Signs say in which direction the outcome moves. Bars: 95 % intervals. Both measures miss effects that rise and fall again.

## report/figures/names.rs: mechanisms of credit, groups

mechanism-base = Base: { $layer }
mechanism-line = Line bonus
mechanism-circle = Circle bonus
mechanism-axis = Axis bonus and express
mechanism-transit = Transit ports
mechanism-provincial = Provincial replication
mechanism-national = National replication
province-by-capital = { $name } ({ $id })
firms-from = { $least }+ employees
group-members = Members (direct)
group-others = Others (indirect)
group-linkage = Linkage regions
group-radiation = Radiation regions
group-hinterland = Hinterland
