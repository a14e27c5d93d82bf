
## report/contents.rs

sweep-kind = parameter sweep
sweep-subject = the effect of the parameters
sweep-question = Which parameters drive the outcomes, by how much, and with what certainty?
limits = Results are conditional on the model and its parameters, which are documented judgements, not estimates. Intervals over replicates reflect simulation randomness only. Adopted innovations are not economic growth.
firms-number = { $grouped } firms
places-title = Places
places-about = Each place at the end of the run. Months: median over the replicates of the kept month in which the scale is first observed, given where at least half of the replicates reach it. Credit: adoptions over the run, mean over the replicates.
run-kind = run
map-note-kept = {" "}Stock and scale of places were kept for some months only (see `--every`): between them stock is interpolated linearly and the scale is that of the last kept month, so a scale is reached some time between two kept months; a run with `--every 1` keeps every month.
structures-note = The hundred lines that most replicates have are drawn, of equals those between the heaviest places, or all of them; the stronger a line is drawn, the larger the share of replicates in which it exists; a circle is the hull of what its zone reaches, within its catchment, over lines that exist in at least half of the replicates; a broad band is an axis, its strength the share of replicates; the land turns green as the plane forms.
structures-not-kept = Lines, circles, axes and the plane were not kept.
list-comma = ,{" "}
comparison-kind = comparison of layouts
comparison-question = What would { $layouts } change relative to { $baseline }, for whom, when, and with what certainty?
map-note-difference = In the difference map, lines, circles and axes that at least half of the replicates have in B and fewer than half in A are orange; the reverse is blue.

## report/differences.rs

list-semicolon = ;{" "}
colon = :{" "}
differs-more = and { $more } more; `pointplane diff` lists them all
differs-nothing = nothing differs
differs-opens = opens { $a } → { $b }
differs-opens-new = does not open → opens { $b }
differs-opens-never = opens { $a } → does not open
differs-closes = closes { $a } → { $b }
differs-closes-new = does not close → closes { $b }
differs-closes-never = closes { $a } → does not close

## report/figures/words.rs: the answer

range = { $low } to { $high }
list-clauses = ,{" "}
list-and = {" "}and{" "}
formed-some = , in { $some } of { $all } replicates
answer-line = line
answer-circle = circle
answer-axis = axis
answer-plane = plane
answer-first-line = the first line in { $when }
answer-first-circle = the first circle in { $when }
answer-first-axis = the first axis in { $when }
answer-plane-forms = the plane in { $when }
answer-nothing-forms = No line, circle, axis or plane forms.
answer-list-never = {" "}and no{" "}
answer-forms = Formation: { $form } (median month, earliest to latest replicate).
answer-forms-some = Formation: { $form } (median month, earliest to latest replicate); no { $never } forms.
answer-run-end = At the end, in { $end }, a region holds a stock of { $stock } quality-weighted innovations on average, and the plane covers { $plane } of the country's weight (95 % confidence intervals of the mean of { $n } replicates).
answer-credit = { $share } of all adoptions are attributed to alliances (an attribution, not a causal effect); at the end the Theil index of the stock across regions is { $theil }, of which { $between } is between areas.
answer-firms = By then { $uptake } of firms have taken up a domain (mean over domains, weighted by size and region), for a benefit of { $benefit }.
answer-trade-off = No layout is shown to dominate another in stock, equality and coordination cost beyond Monte Carlo noise: the choice is a trade-off.
answer-front = Pareto-efficient in stock, equality and coordination cost, or not distinguishable from it given Monte Carlo noise: { $list }.
design-grid = grid
design-list = list
design-random = random
design-latin-hypercube = latin-hypercube
design-sobol = sobol
design-saltelli = saltelli
design-morris = morris
answer-sweep =
    { $parameters } parameters were varied over { $points } points (design: { $kind }), with { $layouts ->
        [one] { $layouts } layout
       *[other] { $layouts } layouts
    } and { $replicates ->
        [one] { $replicates } replicate
       *[other] { $replicates } replicates
    } of each: { $runs } runs under common random numbers{ $some }.
answer-sweep-done = , of which { $done } are done
answer-partial = { $done } of { $runs } runs are done, { $failed } failed, { $missing } are missing: the tables hold what is done, and the numbers refer to that only.
answer-no-index = { $about }: { $why }.
answer-points-left-out = { $dropped } of { $points } points are left out because of missing values.
answer-blocks-left-out = { $dropped } of { $blocks } blocks are left out of the Sobol indices because of missing values.
sentence-space = {" "}
answer-other-sign = { $layout } { $at } ({ $range }), with the opposite sign at { $share } % of the points
answer-over = Over the distributions of the parameters, { $outcome } is: { $list }.
answer-over-versus = Relative to { $versus }, over the distributions of the parameters, the layouts change { $outcome } by: { $list }.
answer-over-one = { $layout } { $at } (95 % credible interval { $range }; luck interval { $luck })
answer-over-effect = { $layout } { $at } (95 % credible interval { $range }, above 0 at { $share } % of the points; luck interval { $luck })
answer-over-shares = Of the variance of a single history: { $list }.
answer-over-share = { $layout } parameters { $parameters } %, luck { $luck } %, both only together { $both } %
answer-points = Over the points, { $outcome } is: { $list } (mean, and the middle 95 % of the points).
answer-points-versus = Relative to { $versus }, the layouts change { $outcome } by: { $list } (mean over the points, and the middle 95 % of the points).
answer-luck = {" "}Of the variance of the outcome across points, Monte Carlo noise from the replicates accounts for { $share } %; the rest is due to the parameters.
answer-luck-versus = {" "}Of the variance of these differences across points, Monte Carlo noise from the replicates accounts for: { $list }; the rest is due to the parameters.
answer-by-variance = its total Sobol index is
answer-by-effects = its mean absolute elementary effect is
answer-by-regression = its standardised regression coefficient is
answer-swing = `{ $parameter }` matters most for { $outcome }: going from its low to its high values changes the outcome by { $swing }{ $intervals }.
answer-strongest = `{ $parameter }` matters most for { $outcome }: { $measure } { $value }{ $intervals }.
answer-strongest-swing = `{ $parameter }` matters most for { $outcome }: { $measure } { $value }, and going from its low to its high values changes the outcome by { $swing }{ $intervals }.
answer-intervals = {" "}(in brackets: 95 % confidence intervals)

## report/contents.rs: facts

fact-version = Version
fact-commit = Commit
fact-scenario = Scenario
fact-scenario-layout = Scenario, layout
fact-layouts = Layouts
fact-plan = Plan
fact-design = Design
fact-parameters = Parameters
fact-points = Points
fact-replicates = Replicates
fact-replicates-each = Replicates of each point
fact-status = Status
status-of-runs = { $done } of { $runs } runs done, { $failed } failed, { $left } missing
fact-seed = Seed
fact-fingerprint = Fingerprint
fact-firms = Firms
fact-interval = Interval
fact-started = Started
fact-missing = Not in this folder
run-question = How do institutional innovations spread over the country, from point to plane, and what do they respond to?
run-question-layout = How do institutional innovations spread over the country with the layout { $layout }, from point to plane, and what do they respond to?

## report/differences.rs: words

differs-not-set = (not set)
differs-empty = (empty)
differs-key = { $key }: { $a } → { $b }
differs-segment = segment { $id }
differs-segments = segments
differs-members = members
differs-province = province { $id }
differs-group = group { $id }
differs-serves = serves
differs-entry = entry
differs-source = source
differs-hears = hears
differs-place =
    { $n ->
        [one] place
       *[other] places
    }
differs-alliance =
    { $n ->
        [one] alliance
       *[other] alliances
    }
differs-corridor =
    { $n ->
        [one] corridor
       *[other] corridors
    }
differs-gateway-link =
    { $n ->
        [one] gateway link
       *[other] gateway links
    }
differs-mandate =
    { $n ->
        [one] mandate
       *[other] mandates
    }
differs-link =
    { $n ->
        [one] link of files
       *[other] links of files
    }
differs-batch =
    { $n ->
        [one] observed batch
       *[other] observed batches
    }

## report/not_varied.rs: what an answer does not say

not-varied-question = Is the answer robust to the parameters?
not-varied-how = Every number on this page holds for one setting of the parameters. A sweep varies them for all layouts under common random numbers, and its report gives the range over which each layout changes an outcome. Save the plan below as `parameters.toml`, name your scenario in it, put values that were given with `--set` into a table `[set]`, and vary the parameters that nobody has estimated, each over the range that is considered possible (`pointplane schema --parameters` lists all). docs/sweep.md says more.
not-varied-folder = its folder, relative to that of this file
not-varied-first = the baseline first
not-varied-parameters = all that nobody has estimated
