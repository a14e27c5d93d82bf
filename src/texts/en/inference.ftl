# Reports of estimations, calibrations and replays: report/plain.rs, report/replay.rs, report/figures/inference.

## report/plain.rs

estimation-kind = Estimation
estimation-subject = what the history tells of the parameters
estimation-question = Which rates and effects does the history of who adopted what when support, and how sure are they?
estimation-limits = Estimates hold under the model, its links and what it leaves out.
calibration-kind = Calibration
calibration-subject = what the record tells of the parameters
calibration-question = Which parameters, within their priors, does the record not rule out, and which numbers of it does the model then meet?
calibration-limits = The posterior holds under the model, the priors and the discrepancies that the plan states. History is one draw of the model: luck is in the bands.
fact-name = Name

## report/figures/inference/estimation.rs

estimation-needs = This table was not written: estimate again with `{ $option }`.
estimation-rates = Rates per step
estimation-rate-axis = rate per step, of contagion per unit of exposure
estimation-effects = Effects of covariates
estimation-effect-axis = effect on the logarithm of the hazard, per unit
estimation-nothing = The data tell none of the parameters.
estimation-strengths = Strengths
estimation-strength-axis = multiple of the rate of contagion
estimation-frailty = Frailty
estimation-frailty-axis = variance of the factors on the hazard
estimation-coefficients = The estimates and their intervals
estimation-shares-title = What adoptions are owed to
estimation-share = { $share } % of the adoptions ({ $low } to { $high } %) are owed to contagion
estimation-share-alone = { $share } % of the adoptions are owed to contagion
estimation-all-contagion = all contagion
estimation-share-axis = share of the adoptions
estimation-shares-about = At the estimates each adoption is shared out over the terms of its hazard; dots are means over adoptions, bars 95 % intervals from what is not known of the parameters (column `interval`). An attribution is no effect: without contagion, some of these adoptions would have come later.
estimation-profiles-title = Profiles of the likelihood
estimation-curves-title = The history beside the model
estimation-residuals-title = Residuals
estimation-scores-title = What is held out
estimation-no-contagion = No rate of contagion is distinguishable from 0
estimation-contagion = Contagion is told from none: { $list }
estimation-told = told from 0
estimation-untold = not told from 0
estimation-coefficients-about = Maximum likelihood estimates with 95 % limits: of the profile of the likelihood, its deviance scaled under clustering, or of the bootstrap that was asked for (column `interval`). A ring: the test against 0 has p of 0.05 or more; of the intrinsic rate, which has no test, the limits reach 0. Rates cannot be negative: a lower limit of 0 says that the data do not tell the rate from 0. What data do not tell is not drawn.
estimation-value = value
estimation-deviance = 2 · (greatest log-likelihood less that at this value)
estimation-uneven = The upper limit of { $name } is { $times } times as far from the estimate as the lower one
estimation-even = The likelihood is nearly even about the estimates
estimation-profiles-about = At each value of a parameter all others are at their best. Where the curve is below the line, at 3.84, lies the 95 % interval as if rows were independent. A curve that is no parabola is why the limits are not the estimate plus or minus 1.96 standard errors.
estimation-period = period
estimation-all-items = all items
estimation-adopters = adopters
estimation-curves = The history lies inside the simulated band in { $inside } of { $n } periods
estimation-observed = history
estimation-simulated = simulated at the estimates: mean, and the middle 95 %
estimation-curves-about = Adopters at the end of each period. Bands are of 200 histories that the engine simulates at the estimates, period by period; they hold luck, and not what is not known of the parameters. All items together, and those with most adopters; the data have all.
estimation-residuals = Shares of survivors differ by at most { $gap } from what the model foretells
estimation-residual = Cox–Snell residual
estimation-cumulative = cumulative hazard (Nelson–Aalen)
estimation-of-residuals = residuals, with 95 % band
estimation-exponential = unit exponential law
estimation-residuals-about = The cumulative hazard to each adoption follows the unit exponential law where the model is right, and the curve then the diagonal; those of places that have not adopted are censored. Above the diagonal adoptions come sooner than the model says, below it later. Bands are point by point; the curve ends where fewer than five are left.
estimation-score-axis = mean log score (nearer to 0 is better)
estimation-better = The model foretells what is held out better than naive ones ({ $own } against { $best })
estimation-not-better = The model does not foretell what is held out better than naive ones ({ $own } against { $best })
estimation-scores-about = Each model is fitted to what is kept and foretells what is held out. Constant hazard, Bass (the share of all places) and complementary log-log on the neighbours are the naive ones. “Not better” is an answer.

## report/figures/inference/calibration.rs

calibration-nothing = This table has no rows.
calibration-no-posterior = There is no posterior
calibration-targets-title = The record beside the model
calibration-contraction-title = What the record tells of each parameter
calibration-ranges-title = Parameters before and after
calibration-waves-title = What the waves leave of the prior
calibration-directions-title = Stiff and sloppy directions
calibration-record = the record
calibration-over-record = multiple of the record
calibration-fitted = fitted
calibration-held = held out
calibration-meets = { $met } of { $n } numbers of the record lie in the posterior’s 90 % band
calibration-meets-held = { $met } of { $n } fitted numbers lie in the posterior’s 90 % band, and { $held } of { $of } held-out ones
calibration-prior = prior: median and 90 % band
calibration-posterior = posterior: median and 90 % band
calibration-targets-about = What the model gives over the prior and over the posterior, with the errors and discrepancies of the plan, divided by the record, which stands in brackets; of a bound, by the bound. Bands are cut at { $far } times the record. Held-out numbers were not fitted.
calibration-tells =
    The record tells most of { $name } (its spread falls by { $share } %){ $untold ->
        [0] {""}
        [one] {" "}and next to nothing of one parameter
       *[other] {" "}and next to nothing of { $untold } parameters
    }
calibration-tells-nothing = The record tells next to nothing of any parameter
calibration-contraction = share of the prior’s standard deviation that is lost
calibration-contraction-about = 1 less the standard deviation of the posterior over that of the prior. Near 0: the record does not tell the parameter; below 0 the posterior is wider.
calibration-in-sd = standard deviations of the prior, from its median
calibration-moves-up = { $name } moves most: its median goes up by { $by } standard deviations of the prior
calibration-moves-down = { $name } moves most: its median goes down by { $by } standard deviations of the prior
calibration-ranges-about = Median and 90 % band of each parameter before and after, on the scale of its prior; in the order of what the record tells of them.
calibration-wave = wave { $wave } ({ $points } points)
calibration-region =
    After { $n ->
        [one] one wave
       *[other] { $n } waves
    } { $share } % of the prior is not ruled out
calibration-region-empty = All of the prior is ruled out
calibration-share-axis = share of the prior that is not ruled out
calibration-waves-about = Each wave runs the model at points of what is left, fits emulators, and rules out what is implausible: second-largest distance from a number of the record above 3. What is not ruled out need not meet the record.
calibration-directions = Along the stiffest direction { $ratio } % of the prior’s spread is left; { $sloppy } of { $n } directions keep at least 80 %
calibration-weight = weight of the parameter in the direction
calibration-directions-about = Directions of the parameters on the scale of the quantiles of their priors, the stiffest first: number, and posterior over prior standard deviation along it. Blue and orange: opposite signs. Along sloppy directions parameters can change together, and the record does not notice.

## report/replay.rs, report/figures/inference/replay.rs

replay-kind = Replay of a history
replay-question = What would have happened to this history under { $layouts }?
replay-question-factual = Does the history repeat itself under its own layout?
replay-limits = Effects are of this history, under the model, its parameters and the coupling of thresholds that the answer names. Adopted innovations are not economic growth.
replay-explained = Why a place adopts at another time is told by `pointplane explain { $folder } --place ID --replicate R`.
replay-explained-draw = Why a place adopts at another time is told by `pointplane explain { $folder } --draw N --place ID`.
replay-nothing = Nothing would have been different
replay-paths = Under “{ $layout }” { $mean } places would have adopted by { $end } ({ $low } to { $high }), in place of { $factual }
replay-history = history
replay-layout = under the layout: mean, and the middle 95 %
replay-paths-about = Adopters of all items at the end of each step. In all replicates the history happens as it did under its own layout; { $band }
replay-paths-title = Adopters through time
replay-band-luck = the band holds the middle 95 % of { $n } replicates, which are draws of what the history leaves open of the thresholds, at these parameters.
replay-band-draws = the band holds the middle 95 % of all replicates, { $n } at each of { $draws } draws of the parameters: what the history leaves open of the thresholds, and the parameters.
replay-rows-title = The largest mean change is that of { $name }, { $change } adopter-steps
replay-rows-gain = ; of { $places } places that change, { $gain } have an interval above 0
replay-marks-luck = Dots are means over { $n } replicates, each a draw of the thresholds that the history leaves possible; bars are 95 % intervals of these means at these parameters, and not of single replicates.
replay-marks-draws = Dots are means over { $draws } draws of the parameters, { $n } replicates of each; credible intervals hold the middle 95 % of the draws, with the error of luck; luck intervals are that error alone, as if the parameters were known.
replay-places-title = Place by place
replay-items-title = Item by item
replay-rows-about = The difference of adopter-steps, the steps from the adoption to the end of observation, from the history: the { $n } largest that are not 0; the data have all.
replay-axis = adopter-steps more than in the history
replay-credible-key = credible interval
replay-luck-key = luck interval
