# Calibration: parameters from aggregates.

## experiment/targets.rs

target-twice = there is a target of this id already
target-no-value = a target has a value, or a bound: at_least, at_most
target-value-and-bounds = a target has a value or bounds, not both
target-bounds = is not above at_least
target-no-error = neither an error nor a discrepancy: the record would be exact, and the model too
target-errors = above 0, here or in `discrepancy`; a count that is exact still needs a discrepancy
target-over-and-less = a target is divided by a statistic or less one, not both
target-levels-twice = is a total from the start of the run, as { $id } is: what both hold counts twice; give the later one `since`
target-no-month = the outcome is taken at the end of a month; say which
target-own-month = { $outcome } is itself a month, so it is not taken at one
target-window = the window begins when it ends, or later
target-of-corridor = is of corridors; say which
target-no-groups = { $outcome } is not given by groups
target-no-kind = there are no such groups
target-no-group = there is no such group
above = above { $least }
before = before { $month }

## inference/calibrate/plan.rs

no-target-to-fit = no target is to be fitted
targets-twice = targets stand in the plan already; a list or a file, not both
calibrate-numbers = a parameter that is calibrated is a number
calibrate-variants = a distribution of numbers; calibrate each variant by itself

## cli/calibrate/mod.rs

calibrate-exists = { $path } holds a calibration already; --resume goes on with it, --force replaces it
calibrate-other = { $path } holds something else; name another folder by --out
calibrate-check-firms = firms are generated from the seed, and histories take other seeds: they would be of another network of firms; give the firms by `firms.file`, or leave them out
calibrate-constant = does not vary: it is the same in all runs of the first wave
calibrate-missing = is missing in too many runs to be emulated
calibrate-few = the scenario allows only { $n } of { $tried } points of the prior that were tried, too few to begin with
calibrate-other-plan = { $path } holds a calibration by another plan, or another kind of it (--quick, --check); name another folder by --out, or replace it with --force
calibrate-written = Tables: { $path }
calibrate-next = A comparison over the posterior: { $command }

## cli/calibrate/words.rs

calibrate-head =
    { $name }: { $parameters ->
        [one] { $parameters } parameter
       *[other] { $parameters } parameters
    }; { $fit ->
        [one] { $fit } target
       *[other] { $fit } targets
    } to fit and { $held } held out; runs to { $end }. At most { $waves ->
        [one] { $waves } wave
       *[other] { $waves } waves
    } of { $points } points, { $replicates } replicates each.
calibrate-wave =
    Wave { $number }: { $points } points{ $refused ->
        [0] {""}
       *[other] , { $refused } more refused by the scenario and so outside the prior
    }. { $share } % of the prior is not ruled out.
calibrate-ended-little = No further wave: the emulators add little to what luck, errors and discrepancies leave open.
calibrate-ended-same = No further wave: the region no longer shrinks.
calibrate-ended-budget = No further wave: that was the last one allowed.
calibrate-ended-refused = No posterior: the scenario refuses every draw.
calibrate-ended-impossible = No posterior: by its own runs no draw is possible under the record. The emulators were wrong there; allow more points or waves.
calibrate-too-small = Points that are not ruled out were seen, but the region is smaller than can be found. Begin with narrower priors, or look whether errors and discrepancies are too small.
calibrate-empty = No point of the prior is left: the model cannot give the record within the stated errors and discrepancies. That is a result.
calibrate-out-of-reach = Out of reach at every point: { $list }.
calibrate-conflict = Within reach alone, but not together: { $list }.
calibrate-conflict-many = Each pair of targets is within reach; three or more together are not.
calibrate-emulators = Errors of the emulators at points left out: at most { $worst } in standard units (about 1 where an emulator knows what it does not know).
calibrate-chains = Chains: R̂ at most { $worst }, at least { $least } effective steps.
calibrate-chains-apart = The chains do not agree well enough (R̂ above 1.01, or fewer than 400 effective steps). Read the posterior with care, or allow more waves.
calibrate-weights = Weighted by their own runs, { $all } draws count as { $left }.
calibrate-weights-few = Few draws carry the posterior: the emulators are not good enough there. Allow more points or waves.
calibrate-targets = Targets: the record, and 5 to 95 % of what the model gives with errors and discrepancies
calibrate-without = Of { $id }, { $n } of { $all } runs of the first wave and of the draws have no value. Emulators, bands and p leave these out.
calibrate-fit = fitted
calibrate-held-out = held out
calibrate-target-before = - { $id } ({ $purpose }): { $record }; prior { $prior_low } to { $prior_high }
calibrate-target = - { $id } ({ $purpose }): { $record }; prior { $prior_low } to { $prior_high }, posterior { $middle } ({ $low } to { $high }), p { $p }{ $met }
calibrate-not-met = {"; "}outside the band
calibrate-all-met = Every target lies within the 90 % band of the posterior.
calibrate-missed =
    { $n ->
        [one] One target lies
       *[other] { $n } targets lie
    } outside the 90 % band of the posterior: { $list }.
calibrate-parameters = Parameters: median and 5 to 95 %, after and before
calibrate-parameter = - { $name }: { $median } ({ $low } to { $high }); prior { $prior } ({ $prior_low } to { $prior_high }); contraction { $contraction } %
calibrate-little-told = The record says little of { $list }: the posterior is less than { $most } % narrower than the prior.
calibrate-directions = Stiffest direction: { $stiff } (posterior { $narrow } % as wide as the prior). Sloppiest: { $sloppy } ({ $wide } %).
calibrate-check = Simulation-based calibration: { $truths } truths of the prior, each ranked among { $ranked } draws of its posterior
calibrate-check-line = - { $key }: p { $p }, by Holm { $adjusted }
calibrate-check-passes = Ranks are as uniform as those of a right posterior.
calibrate-check-fails = Ranks are not uniform: the posterior is too narrow, too wide or shifted. The emulators need more points, or the likelihood is not right for this model.

## Keys of plans

key-parameters-of-calibration = Parameters by key of the scenario, each with the distribution that is its prior.
key-id-of-target = Its name in the tables: letters, digits, `-` and `_`.
key-outcome-of-target = Outcome, see `pointplane outcomes`.
key-targets = Targets: numbers of the record.
