# Search: which layout is best.

## search/plan.rs, search/candidates.rs

search-none = no layout keeps the conditions and the budget
search-limit = a constraint has one limit: at_most or at_least
search-fewer = is less than first_replicates
search-pair-years = coordination is limited by pair_years or by pair_years_times, not by both
search-free = nothing has a price: per_pair_year and per_zone are 0
search-front-draws = with several objectives nothing is compared over draws yet
search-one-objective = one objective
search-front-many = there are too many layouts to run all, and uphill is one direction: with several objectives this is not here yet
search-front-allowed = one objective, or at most { $most } feasible layouts
search-candidate = a candidate is one of these: an alliance, a new alliance, a zone
search-of-alliance = is of an alliance, and this candidate is a zone
search-of-zone = is of a zone, and this candidate is an alliance
search-of-whole = is of the alliance as a whole, and this candidate is a member of it
search-one-member = a candidate is one member: a group, a province or a place
search-member-of = a member joins an alliance that is named by `alliance`, also one that another candidate defines
search-members = an alliance has two members or more
search-month = this month is not looked at
search-as-it-is = is as it is in the baseline: it changes nothing
search-zone-months = a zone opens in one of some months, or closes after one of some
search-options = too many combinations of `from` and `strength`
search-no-candidate = no candidate has this id
search-condition = a condition counts candidates, or says what follows when one is taken
search-conditions = `of` with at_most or at_least; `when` with requires or excludes

## cli/search/mod.rs

search-exists = { $path } holds a search already; --resume goes on with it, --force replaces it
search-other = { $path } holds something else; name another folder by --out
search-other-plan = { $path } holds a search by another plan; name another folder by --out, or replace it with --force
search-written = Tables, and the files of the chosen layouts: { $path }

## cli/search/words.rs

search-head =
    { $name }: { $candidates ->
        [one] { $candidates } candidate makes
       *[other] { $candidates } candidates make
    } { $layouts ->
        [one] { $layouts } feasible layout
       *[other] { $layouts } feasible layouts
    }; all are run to { $end }, { $first } replicates of each before any drops out
search-head-climb = { $name }: { $candidates } candidates make more than { $most } feasible layouts; searched uphill with { $first } replicates of each, to { $end }, and the best of those seen are screened on other replicates
search-seconds = { $n } s
search-minutes = { $n } min
search-hours = { $n } h
search-forecast = A run of the baseline takes { $run } here. On { $threads } threads: { $first } runs ({ $soon }) if all but one drop out at first, { $most } runs ({ $late }) if none ever does; fresh replicates and draws come on top.
search-forecast-climb = A run of the baseline takes { $run } here, on { $threads } threads. How many runs it takes is known when it has climbed.
search-stage = { $name }: { $layouts } layouts, { $replicates } replicates from number { $first } on
search-stage-fresh = Fresh replicates: { $layouts } layouts, { $replicates } replicates from number { $first } on
search-stage-draws = Draws of the parameters: { $layouts } layouts, { $replicates } replicates of each draw
search-stage-variants = Variant { $number } of the model (0 is the scenario as it is): { $layouts } layouts, { $replicates } fresh replicates from number { $first } on
search-stage-pairs = Draws and luck: { $layouts } layouts, { $pairs } pairs of a draw of the parameters and a replicate, from number { $first } on
search-layout = { $name } ({ $changes })
search-baseline = { $name }, the baseline
search-climbed = Uphill from { $starts } starts { $seen } layouts were seen; the best { $screened } were screened.
search-fates = { $runs } runs. Of { $all } layouts { $beaten } are beaten, { $infeasible } break a constraint, { $twins } give what another gives, { $missing } have no value; { $left } left.
search-no-layout = No layout is found to keep the constraints.
search-best = Best: { $layout }.
search-best-of-draws = Best in the mean over the draws: { $layout }.
search-promise = Promise: with probability { $confidence } % at least the best of these { $n } layouts is chosen, if it leads each other one by { $delta } in { $id }. Nothing is promised of smaller leads. (Procedure KN; outputs taken to be normal, parameters as they are.)
search-promise-pairs = Promise: over parameters and luck together, with probability { $confidence } % at least the layout with the largest mean of the { $n } that were left for the draws is chosen, if it leads each other one by { $delta } in { $id }. (Procedure KN on { $pairs } fresh pairs of a draw and a replicate.) Nothing is promised of smaller leads.
search-undecided-pairs = No promise over the draws: at { $pairs } pairs of a draw and a replicate { $left } layouts are left, and the best of them by its mean is named. Allow more pairs, or a larger delta.
search-other-by-mean = By its mean in the comparison below { $layout } comes first: the two are not told apart.
search-promise-limits = Constraints are judged within their tolerance ({ $list }); half of the error probability is theirs.
search-undecided = No promise: at { $most } replicates { $left } layouts are left, and the best of them by its mean is named. Allow more replicates, or a larger delta.
search-no-bound = The promise is about the layouts that were screened: how far the best layout of all is from these, an uphill search does not say.
search-front = Front of estimated means, with the probability of being on it:
search-on-front = - { $layout }: { $p } %
search-front-open = At { $most } replicates the screening was not at its end.
search-effects = { $layout } against the baseline, on { $n } fresh replicates (from number { $first } on), 95 % intervals:
search-effect = - { $id }: { $effect } ({ $low } to { $high }); on the replicates of the search { $searched }, by which it was chosen
search-effect-missing = - { $id }: missing in some replicates
search-over = Over { $draws } draws of the parameters, in the objective against the baseline, with 95 % credible intervals:
search-over-layout = - { $layout }: better by { $gain } ({ $low } to { $high }); P(best) { $best } %, expected regret { $regret }, largest { $most }
search-minimax = Least largest regret: { $layout }.
search-under = Under the scenario as it is and { $n } { $n ->
        [one] variant
       *[other] variants
    } of the model, on the fresh replicates:
search-own-model = the scenario as it is
search-under-layout = - { $layout }: best under { $best } of { $models }, largest regret { $regret } ({ $model }){ $breaks ->
        [0] { "" }
       *[other] , breaks a constraint under { $breaks }
    }
search-minimax-models = Least largest regret over the models, of those that keep the constraints under all: { $layout }.
search-pairs = { $n } of { $all } pairs of candidates do more or less together than the sum of each alone, beyond luck (each interval by itself). The strongest:
search-pair = - { $first } and { $second }: { $id } { $by } ({ $low } to { $high }) beyond the sum
search-parts = What each part adds on the fresh replicates, the layout less the same without it:
search-part = - { $part }: { $id } { $by } ({ $low } to { $high })
search-part-member = { $candidate }, its member { $member }
search-over-draws = Layouts were screened at the parameters of the scenario; only those that were left then are compared over the draws.
search-fixed = Parameters are those of the scenario: promise and intervals are about luck alone.

## report/plain.rs, report/figures/search.rs

search-kind = Search
search-subject = The layout that is chosen
search-question = Which layout is best, within the budget and the constraints of the plan?
search-limits = What is promised is about luck, for leads of at least delta and the layouts that were screened. Under other parameters another layout may be best: table regret says how often, where the plan names draws.
search-nothing = no layout was chosen
search-found-effect = With { $changes }, { $id } changes by { $by } ({ $low } to { $high })
search-found-part = Of its parts { $part } adds most to { $id }: { $by } ({ $low } to { $high })
search-effects-title = What the chosen layout changes
search-effects-about = Difference from the baseline, with a 95 % interval for luck, on replicates that chose nothing; in grey the difference on the replicates of the search, which flatter what was chosen by them.
search-on-fresh = On fresh replicates
search-on-own = On the replicates of the search
search-choices-title = What layouts give for their coordination
search-choices-about = Each layout that was screened: coordination over the run against the mean of the objective, over the replicates that it stayed for. Rings break a constraint.
search-front-title = The layouts by the first two objectives
search-front-about = Each layout that was screened, by its means over the replicates that it stayed for. The chosen ones are the front of estimated means. Rings break a constraint.
search-pairs-axis = Coordination (pair-years)
search-fate-chosen = Chosen
search-fate-left = Left at the end
search-fate-out = Beaten, or the same as another
search-fate-breaks = Breaks a constraint
search-parts-title = What each part of the chosen layout adds
search-parts-about = The chosen layout less the same without the part, with a 95 % interval for luck, on fresh replicates. Parts need not add up to the whole: alliances are links, and one may need another.
search-of-candidate = Candidate
search-of-member = Member of its alliance
search-synergy-title = Which candidates do more together
search-synergy-about = Effect of both candidates less the sum of the effects of each alone, on the first replicates, where all three layouts were run. Where a number stands, its 95 % interval for luck leaves out 0 (each by itself).
search-synergy-axis = Effect of both less the sum of each, { $id }
search-variants-title = The last that were left, under variants of the model
search-variants-about = Gain in the objective against the baseline, on the fresh replicates, with its 95 % luck interval, under the scenario as it is and under each variant. Layouts in grey break a constraint in the mean.
search-over-title = What is left, over draws of the parameters
search-over-about = Gain in the objective against the baseline: mean over draws with its 95 % credible interval; before the name how often the layout is best. Layouts in grey break a constraint in the mean.
search-over-row = best in { $best } %: { $name }
search-keeps = Keeps the constraints
search-breaks = Breaks a constraint
search-map-title = The alliances of the baseline and of the chosen layout
search-map-about = Alliances in the last month of the run: hull of the members' delegates, rings at delegates, links between members. { $ground }
search-map-baseline = Baseline
search-map-chosen = Chosen layout

key-candidates = What a layout can have that the baseline has not, or can lack.
key-objectives = What is wanted: one objective, or several for a front.
key-id-of-candidate = Its name in conditions and tables: letters, digits, `-` and `_`.
key-id-of-objective = Its name in the tables: small letters, digits and `_`.
key-terms = What is summed.
key-delta = The smallest lead that matters, in the unit of the sum: the promise is for leads of at least this.
key-tolerance = How far a mean may be from the limit, on either side, for it not to matter how it is judged.
key-variants = Layout files that change the model and not the policy, such as another response: files, or names of ones in the scenario's folder `layouts`.
key-file-of-draws = A CSV table with a column for each parameter and a row for each draw, as `pointplane calibrate` writes it; its path from the folder of the plan.
