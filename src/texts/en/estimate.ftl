# Histories and estimation: who adopted what when, and what follows for parameters.

## scenario/period.rs, scenario/history.rs

not-a-time = not a time
times-two-forms = the history has dates here and whole numbers elsewhere
times-months = YYYY-MM, or a whole number, the same in all tables
times-quarters = YYYY-Q1 to YYYY-Q4, or a whole number, the same in all tables
times-years = a year
times-days = YYYY-MM-DD, or a whole number, the same in all tables
item-ends-early = before the first period at risk, { $first }
item-periods = the item is watched for too many periods
item-domain = there are several domains; say which one it is of
item-twice = there is an item of this id already
no-item = no item has this id
until-not-after = not after the adoption, { $time }
adoptions-twice = { $n ->
        [one] a place adopts an item twice
       *[other] { $n } times a place adopts an item twice
    } (first adoptions only; an origin is not listed): { $list }
gateway-adopts = a { $kind } does not adopt
covariate-of-nothing = a table of covariates has a column place, a column time, or both
covariate-twice = { $n ->
        [one] a value is given twice
       *[other] { $n } values are given twice
    }: { $list }

## scenario/checks.rs, scenario/simulated.rs

coefficient-missing = other layers have coefficients of their own, { $layer } has none
coefficients-and-beta = not used: the layers have coefficients of their own
standardise-tables = only links from tables have weights of their own
coefficients-linear = where several layers have coefficients of their own, simulation has the linear response only
run-steps = the run has { $n } steps
steps-allowed = 1 to { $LONGEST_RUN } steps
firms-in-months = firms take months
only-in-months = this command takes months; `run`, `replay` and `estimate` take other steps too
rule-without-place = this rule needs distances, and a place table has no lon and lat

## experiment/given.rs

items-outside = no item has places at risk in the run, from { $from } to { $to }
items-outside-numbered = no item has places at risk in the run, whose steps are 0 ({ $from }) to { $last }; times are whole numbers, so they count steps from `start`
items-unheard = { $n ->
        [one] an item has
       *[other] { $n } items have
    } no first adopter at the beginning of the run and no intrinsic rate, so nobody can be the first to adopt: { $list }; list earlier adoptions or an origin, or set line.intrinsic_rate
first-adopters-absent = { $n ->
        [one] a first adopter is
       *[other] { $n } first adopters are
    } not open when places come at risk (place, item): { $list }
covariates-unknown = { $n ->
        [one] a value is
       *[other] { $n } values are
    } not known that a run needs (covariate, place, period): { $list }

## inference/checks.rs, inference/terms.rs, inference/ground.rs, inference/search.rs

no-history = this scenario has no history to estimate from (`[history]`)
estimate-firms = estimation is without firms
estimate-several-layers = with coefficients of several layers, estimation is without alliances, transit, lines, circles and axes: what these carry hangs on several coefficients at once; leave the coefficients out, or set line.structures to false
estimate-arrivals = zones have reform tasks here, and lines also come from the flows of innovations that zones make, which are no data: leave out the tasks, or set it to false
estimate-steps = from the first period at risk to the last, or to the end of the scenario, there are more than { $most } steps; where links change, or places open, the history is told to the engine step by step
estimate-closed = { $n ->
        [one] a place adopts
       *[other] places adopt { $n } times
    } while at risk and not open (item, place, period): { $list }
structures-unsettled = lines, circles and axes form a little differently at the estimates than at the values close by at which they are taken; no values were found where both are the same, and those with the largest likelihood are taken
groups-one-item = places differ over several items: with a single one, a place has nothing but its own adoption
groups-alone = this is without residuals, curves, held-out data and permutations
frailty-one-item = items differ over several items: a single one tells no variance
cluster-beside-effects = errors are not clustered beside factors that are estimated: the rates are those of one item, place or period, the reference, so that clusters do not say how they vary; leave out --cluster, or let the factors be drawn (--frailty)
cluster-of-groups = errors can be clustered only by what the frailties are of, and not beside those of periods
simulate-alone = histories are simulated of the model as it is, whose rows are independent and alike: leave out --cluster, --effects and --frailty
mcmc-alone = draws of the likelihood itself are of rows that are independent, without factors: leave --cluster, --effects and --frailty out
bootstrap-clusters = what is drawn again are clusters: ask for --cluster item, place or both
permutations-plain = links that change in time, places that open or close, replication and backwash are not permuted
parameters-one-strength = the strength of an alliance and the factor of all of them are not estimated together
parameters-linear = strengths and bonuses are estimated under a linear response only; under another one, profile them (--grid)
estimate-candidates = these zones adopt, and never open: { $list }
exposure-too-large = { $place } hears too much to be counted; measure the weights in a larger unit
impossible-adoptions = { $n ->
        [one] an adoption cannot
       *[other] { $n } adoptions cannot
    } happen under this model, as nobody was heard and there is no intrinsic hazard (item, place, period): { $list }
no-adoption-at-risk = no place adopts anything while at risk ({ $rows } rows), so there is nothing to estimate from
items-idle = { $n ->
        [one] an item has
       *[other] { $n } items have
    } nobody at risk: { $list }
adoptions-too-early = { $n ->
        [one] an adoption comes
       *[other] { $n } adoptions come
    } before the item's first period at risk: { $n ->
        [one] the place is
       *[other] these places are
    } heard from that period on, and { $n ->
        [one] the adoption is
       *[other] the adoptions are
    } not counted
adoptions-too-late = { $n ->
        [one] an adoption comes
       *[other] { $n } adoptions come
    } after the item's last period and { $n ->
        [one] is
       *[other] are
    } not counted
rows-without-covariate = { $n ->
        [one] a row is
       *[other] { $n } rows are
    } left out, as a covariate is not known
no-maximum = there is no maximum: ℓ rises without end along { $list }
no-convergence = the search for the maximum did not end; estimates may not be it
too-few-clusters = the rows at risk are of a single cluster, so there is nothing to tell the spread between clusters from
other-clusters = at least two clusters; cluster by something else, or not at all
no-parameter = the likelihood has no such parameter
draws-not-normal = { $n ->
        [one] the likelihood is far from normal in this parameter
       *[other] the likelihood is far from normal in these parameters
    }, whose draws are; --mcmc draws from the likelihood itself: { $list }
mcmc-apart = the chains do not agree well enough: R̂ { $r }, { $n } effective draws of 20,000 steps; draws.csv may be off
draws-at-border = { $n ->
        [one] this rate is estimated at 0 and stands there
       *[other] these rates are estimated at 0 and stand there
    } in all draws, so these say too little of what is not known: { $list }

## inference/curves.rs

no-curves = no curves, as the estimated model cannot be simulated: { $why }
curves-periods = from the first period at risk to the last there are more than { $most }
curves-cells = items times periods are more than { $most }
curves-unidentified = { $key } is not identified
curves-covariate = a covariate is not known in some place and period

## inference/simulated.rs

no-simulated = no histories are simulated at the estimates: { $why }
simulate-ends = places give items up in the history (`until`), and the model does not say when, as line.abandonment_rate is 0

## experiment/replay

replay-impossible = the history cannot happen under this model: { $place } adopts { $item } in { $period }, and its hazard is 0 then
replay-at-draw = draw { $draw } of the parameters: { $why }
replay-other-history = the layout { $layout } changes the history or its steps; only the world may differ
replay-not-repeated = the history is not repeated under its own layout: { $n } adoptions differ; this is a fault of the program

## cli/replay.rs

replay-head = What would have happened to the history under another layout than { $layout }, { $n } replicates:
replay-all = { $layout }: { $adopters } adoptions of { $adoptions }; { $steps } adopter-steps; something differs in { $changed } % of the replicates
replay-factual = { $layout } is the layout under which the history happened: the history repeats itself exactly in each of { $n } replicates, and every effect is 0.
replay-factual-draws = { $layout } is the layout under which the history happened: the history repeats itself exactly at each of { $draws } draws of the parameters, and every effect is 0.
replay-items = items, adopter-steps:
replay-places = places, adopter-steps:
replay-interval = { $mean } ({ $low } to { $high })
replay-head-draws = What would have happened to the history under another layout than { $layout }, { $draws } draws of the parameters, { $n } replicates of each:
replay-luck = { $difference } [luck { $low } to { $high }]
replay-of-luck = Intervals are of the draws of thresholds at these parameters.
replay-of-draws = Intervals are credible: over the draws of the parameters, with the error of luck. Luck intervals are that error alone, as if the parameters were known.
replay-coupling = Effects are stated under a coupling: a place keeps its threshold for an item under every layout. Data do not tell what single places would have done without it (Oberst and Sontag 2019).
replay-written = Tables: { $path }

## cli/estimate.rs

hold-out-nothing = { $kept } rows at risk are kept to fit to and { $held } are held out to be foretold; neither may be none: take another part
estimate-other-results = { $path } holds other results; name another folder by --out
estimate-written = Tables: { $path }
estimate-replaced = Tables, in place of those that were there: { $path }
estimate-unknown = unknown
estimate-data =
    { $rows } rows at risk, { $adoptions ->
        [one] { $adoptions } adoption
       *[other] { $adoptions } adoptions
    }; log likelihood { $loglik }
estimate-lr = LR { $lr }
estimate-test = LR { $lr }, p { $p }
estimate-test-small = LR { $lr }, p < 0.0001
estimate-term = { $name }: { $estimate } ({ $low } to { $high })
estimate-term-test = { $name }: { $estimate } ({ $low } to { $high }; against 0: { $test })
estimate-no-maximum = There is no maximum: ℓ rises without end along { $list }, as where a covariate alone says who adopts (separation). What is told of all else is at that end; give these a value, or leave out what they are of.
estimate-unended = The search for the maximum did not end: what follows may be short of it, and no test is told.
estimate-endless = { $name }: no maximum; ℓ rises without end along { $keys }
estimate-flat = { $name }: not identified, as ℓ does not depend on it
estimate-at-zero = { $name }: 0 (as if rows were independent { $low } to { $high }; it stands at 0, where clusters give no variance to scale limits by)
estimate-unexposed = { $name }: not identified, as no row at risk is exposed to it
estimate-together = { $name }: not identified; data tell these only together: { $keys }
estimate-about = { $name } { $estimate }, { $low } to { $high }; { $test }
estimate-contagion = Contagion is distinguishable from none ({ $about }).
estimate-no-contagion = Contagion is not distinguishable from none ({ $about }).
estimate-contagion-open = Whether contagion is told from none is left open: under clusters a rate at 0 has no p ({ $about }).
estimate-several = { $about }; of { $n } rates, each tested beside the others, { $n } times the least p is { $p }
estimate-share = Of the adoptions { $share } % ({ $low } to { $high } %) are owed to contagion at the estimates (shares.csv).
estimate-share-alone = Of the adoptions { $share } % are owed to contagion at the estimates, without an interval, as a rate stands at 0 in all draws (shares.csv).
estimate-frailty = { $of ->
        [item] Items
        [place] Places
       *[period] Periods
    } differ in what the model does not explain ({ $about }).
estimate-no-frailty = { $of ->
        [item] Items
        [place] Places
       *[period] Periods
    } are not distinguishable from alike ({ $about }).
estimate-likeness = A hazard alone does not tell contagion from an unobserved likeness of places that hear each other (Shalizi and Thomas 2011).
estimate-effects = Rates are those of { $name }, whose factor is 1; the others are in effects.csv{ $nothing ->
        [0] {"."}
       *[other] {"; "}{ $nothing } that never or always adopt say nothing.
    }
estimate-periods = Each period has a factor on all hazards, so that what befell all places at once says nothing here: contagion is told by who adopts before others in the same periods.
estimate-mcmc = Draws are of the likelihood itself, by four Markov chains, with a flat prior: R̂ is at most { $r }, and the 20,000 steps count as at least { $n } independent draws.
estimate-bootstrap = Limits are quantiles of { $n } fits to clusters drawn again{ $failed ->
        [0] {"."}
       *[other] {"; of "}{ $failed } more the search did not end.
    }
estimate-grid = { $key } = { $best } has the largest likelihood of the grid ({ $list }); the estimates are at it. No interval is told of it, as ℓ jumps in thresholds; simulated histories (--simulate) give one.
estimate-grid-flat = { $key }: not identified, as ℓ does not depend on it: { $loglik } at each value of the grid. The estimates are at the scenario's own.
estimate-set = { $key } = { $best } has the largest likelihood of the grid ({ $list }); the estimates are at it. Simulated histories do not tell it from: { $inside }{ $open ->
        [yes] {" "}(the set reaches an end of the grid, so what lies beyond is not known).
       *[no] {"."}
    }
estimate-simulated = Limits, and p of contagion, are from { $n } histories that the engine simulated at the estimates (without contagion for p), each estimated again{ $failed ->
        [0] {"."}
       *[other] {"; of "}{ $failed } no maximum was found, and these count at both ends.
    }
grid-estimated = this key is estimated, so its profile is over all its values (--profiles); name what else to estimate by --parameters, or profile another key
grid-at = nothing can be estimated at this value:
must-be-grid = must be KEY=FROM..TO or KEY=VALUE,VALUE,… with numbers
must-be-part = must be items=SHARE or places=SHARE with a share between 0 and 1, or last=PERIODS
estimate-permutations = Under { $n } named permutations of the links the likelihood ratio was at least as large { $reached } times (p { $p }).
estimate-curves = Adopters of the history lie inside the band of simulated ones at { $inside } of { $n } points.
estimate-model = { $model ->
        [estimated] the model
        [constant_hazard] constant hazard
        [bass] Bass
       *[cloglog] complementary log-log
    }
estimate-foretells = What was held out is foretold better than by naive models (mean log score { $score }; { $list }).
estimate-foretells-not = What was held out is not foretold better than by naive models (mean log score { $score }; { $list }).

## scenario/conform.rs: what a required key is

key-adoptions = CSV table of first adoptions: `place`, `item`, `time`, and `until` where a source ends: from then on it is not heard.
key-items = CSV table of items: `item`, `first_risk` and `last` (first and last period in which places are at risk), `origin` (a place that had it before), `domain`, `quality`, `name_en`, `name_zh`.
key-id-of-covariate = Stable id, and the column of the table: lower-case letters, digits, `_`.
key-file-of-covariate = CSV table with the column, and `place`, `time` or both; several covariates may stand in one table.
