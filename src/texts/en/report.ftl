
## report/contents.rs

sweep-kind = sweep over parameters
sweep-subject = what the parameters do
sweep-question = Which parameters move the outcomes, by how much, and how sure is that?
limits = Results are conditional on the model and its parameters, which are documented judgements and not estimates. Intervals over replicates show luck only. Adopted innovations are not growth.
firms-number = { $grouped } firms
places-title = Places
places-about = Each place at the end of the run. Months: median over the replicates, of the kept months, in which the scale is first seen, where at least half of the replicates reach it. Credit: adoptions over the run, mean of the replicates.
run-kind = run
map-note-kept = {" "}Stock and scale of places were kept at some months only (`--every` says which): between them the stock is drawn on a straight line and the scale is that of the month before; a run with `--every 1` keeps all.
structures-note = A line is drawn stronger the more replicates it stands in; a circle is the hull of what its zone reaches over lines that at least half of the replicates have, inside its catchment; a broad band is an axis, in its strength the share of replicates; the background turns green as the plane forms.
structures-not-kept = Lines, circles, axes and the plane were not kept.
list-comma = ,{" "}
comparison-kind = comparison of layouts
comparison-question = What would { $layouts } change against { $baseline }, for whom, when, and how sure are we?
map-note-difference = In the difference, orange are the lines, circles and axes that at least half of the replicates have in B and fewer than half in A; blue is the reverse.

## report/differences.rs

list-semicolon = ;{" "}
colon = :{" "}
differs-more = and { $more } more; `pointplane diff` lists them all
differs-nothing = nothing differs
differs-never = never
differs-opens = opens { $a } → { $b }
differs-closes = closes { $a } → { $b }

## report/figures/words.rs: the answer

range = { $low } to { $high }
list-clauses = ,{" "}
formed-some = , in { $some } of { $all } replicates
answer-line = line
answer-circle = circle
answer-axis = axis
answer-plane = plane
answer-first-forms = the first { $kind } in { $when }
answer-plane-forms = the plane in { $when }
answer-nothing-forms = No line, circle, axis or plane forms.
answer-list-never = {" "}and no{" "}
answer-forms = Formation: { $form } (median month, earliest to latest replicate).
answer-forms-some = Formation: { $form } (median month, earliest to latest replicate); no { $never } forms.
answer-run-end = At the end, in { $end }, a region holds a stock of { $stock } quality-weighted innovations on average, and the plane covers { $plane } of the weight of the country (95 % intervals of the mean of { $n } replicates).
answer-credit = Alliances are credited with { $share } of all adoptions, which is an account and not an effect; inequality of the stock over regions ends at a Theil index of { $theil }, of which { $between } lies between areas.
answer-firms = By then { $uptake } of the firms have taken a domain up (mean over domains, weighted by size and region), which is worth a benefit of { $benefit }.
answer-stock = Against { $base }, in { $end } the mean stock of innovations changes by: { $stock } (95 % intervals of the paired mean, { $replicates } replicates).
answer-gap = The gap between areas (Theil between; less is more equal) changes by: { $gap }.
answer-inequality = Inequality of all regions (Theil) changes by: { $all }.
answer-trade-off = {" "}No layout is shown to beat another in stock, equality and coordination cost at once, beyond noise: the choice is a trade-off.
answer-front = {" "}On the front of stock, equality and coordination, or within noise of it: { $list }.
answer-uptake = In { $month } uptake by firms (the share that took a domain up, in per cent of that of { $base }) changes by: { $uptake }; the benefit to firms by: { $benefit }.
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
    } of each: { $runs } runs on the same luck{ $some }.
answer-sweep-done = , of which { $done } are done
answer-partial = { $done } of { $runs } runs are done, { $failed } failed, { $missing } are missing: the tables hold what is done, and numbers are of that only.
answer-no-index = { $about }: { $why }.
answer-points-left-out = { $dropped } of { $points } points are left out, as a value of theirs is missing.
answer-blocks-left-out = { $dropped } of { $blocks } blocks are left out of the Sobol indices, as a value of theirs is missing.
sentence-space = {" "}
answer-other-sign = { $layout } { $at } ({ $range }), of the other sign at { $share } % of the points
answer-points = Over the points, { $outcome } is: { $list } (mean, and the middle 95 % of the points).
answer-points-versus = Against { $versus }, the layouts change { $outcome } by: { $list } (mean over the points, and the middle 95 % of the points).
answer-luck = {" "}Of the variance of the outcome between points, the luck of the replicates makes { $share } %; the parameters make the rest.
answer-luck-versus = {" "}Of the variance of these differences between points, the luck of the replicates makes: { $list }; the parameters make the rest.
answer-by-variance = its total Sobol index is
answer-by-effects = its mean absolute elementary effect is
answer-by-regression = its standardised regression coefficient is
answer-swing = `{ $parameter }` matters most for { $outcome }: from its low to its high values it moves it by { $swing }{ $intervals }.
answer-strongest = `{ $parameter }` matters most for { $outcome }: { $measure } { $value }{ $intervals }.
answer-strongest-swing = `{ $parameter }` matters most for { $outcome }: { $measure } { $value }, and from its low to its high values it moves it by { $swing }{ $intervals }.
answer-intervals = {" "}(in brackets: 95 % intervals)

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

not-varied-question = Does the answer hold over the parameters?
not-varied-how = Every number on this page holds at one setting of the parameters. A sweep varies them over all layouts on the same luck, and its report says over what range each layout changes an outcome. Save the plan below as `parameters.toml`, name your scenario in it, put values that were given with `--set` into a table `[set]`, and vary the parameters that nobody has estimated, each over the range that is thought possible (`pointplane schema --parameters` lists all). docs/sweep.md says more.
not-varied-folder = its folder, seen from that of this file
not-varied-first = the baseline first
not-varied-parameters = all that nobody has estimated
