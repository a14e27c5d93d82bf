# What `pointplane explain` says: report/explanation.rs. A and B are the two worlds.

explain-place = { $name } ({ $id })
explain-no-layout = the scenario without a layout
explain-head = { $scenario }, replicate { $replicate }, seed { $seed }
explain-same = The layouts are the same, and so are the two worlds: nothing ever differs.
explain-never = The two worlds never diverge: what the layouts change has no effect in this replicate.
explain-part-alone = The two worlds diverge in { $month } (nothing else differs in that month)
explain-part = The two worlds diverge in { $month } ({ $more } more events differ in that month; the first by id is shown)
explain-part-alone-then = The two worlds diverge in { $month } (nothing else differs then)
explain-part-then = The two worlds diverge in { $month } ({ $more } more events differ then; the first by id is shown)
explain-since = The first event from { $since } on that differs
explain-since-none = there is none
explain-first-adoption = The first adoption that differs
explain-reaches = How it reaches { $place }
explain-item-same = { $place } adopts { $item } in the same { $step ->
        [month] month
        [quarter] quarter
        [year] year
       *[day] day
    } in both worlds, or in neither.
explain-place-same = { $place } never differs: it adopts the same innovations in the same { $step ->
        [month] months
        [quarter] quarters
        [year] years
       *[day] days
    } in both worlds.
explain-place-same-since = From { $since } on, { $place } adopts the same innovations in the same { $step ->
        [month] months
        [quarter] quarters
        [year] years
       *[day] days
    } in both worlds.
explain-note = Each step names the largest cause of its difference; the share says how much of the difference it accounts for. The chain is the main path, not the whole story.
explain-differ = The layouts differ in
explain-differ-more = and { $more } more: see pointplane diff
explain-root = layouts   { $items }
explain-no-cause = (no cause was found for step 1)
explain-in = in { $world }
explain-in-both = in both worlds { $month }
explain-in-and = in { $world }; in { $other } { $month }
explain-in-and-never = in { $world }; in { $other } never
explain-because = because { $cause }
explain-because-numbers = because { $cause }: { $numbers }
explain-more-causes = { $count } more { $share }
explain-also = also { $list }
explain-levels = { $here }, in { $other } { $there }
explain-sums = cumulative hazard { $here }, in { $other } { $there }; the threshold is between
explain-through = {" "}({ $list })

## what happens

event-implemented = { $place } implements { $item }
event-adopted = { $place } adopts { $item }
event-abandoned = { $place } abandons { $item }
event-adopted-word = { $place } adopts { $item } through the influence of others
event-line = line { $place } to { $other }
event-circle = circle of { $place }
event-circle-joins = circle of { $place } with { $a } and { $b }
event-axis = axis { $corridor }
event-axis-joins = axis { $corridor } with { $a } and { $b }
event-provincial = the province of { $place } replicates { $item }
event-national = the centre replicates { $item }
event-pull = demand pull of firms at { $place } is stronger in { $domain }: { $levels }
event-uptake = more firms at { $place } have taken up { $domain }, weighted by size { $levels }

## why; read after "because", or before a share

cause-step = of step { $step }
cause-has-it = { $place } has it
cause-has = { $place } has { $item }
cause-it = it
cause-hears = { $listener } hears { $place } through { $way }
cause-hears-more = { $listener } hears { $place } more through { $way }
cause-hears-less = { $listener } hears { $place } less through { $way }
cause-opens = { $place } is open
cause-demand = its firms demand { $domain }
cause-uptake = firms at { $place } have taken up { $domain }
cause-partners = partners of its firms have taken up { $domain }
cause-parameters = attributes or parameters differ
cause-credit = of the credit for { $item } at { $place }
cause-line = of the line { $place } to { $other }
cause-circle = of the circle of { $place }
cause-other = dates or thresholds differ
share-of-weight = { $share } of the missing weight depends on it
share-of-missing = { $share } of what is missing
share-of-difference = { $share } of the difference
share-of-flow = { $share } of its flow
share-of-hazard = { $share } of its hazard

## how the difference spreads: a table of two lines of heads, at most as wide as here

spread-head = How the difference spreads, by year
spread-earlier = earlier in
spread-less = B less A
spread-new = new
spread-structures = structures
spread-year = year
spread-to-date = to date
spread-places = places
spread-replications = and replications
spread-firms-same = Firms take up the same in both worlds.
spread-firms = Uptake by firms differs from { $month } on: at the end in { $differ } of { $pairs } pairs of region and domain, higher in A in { $in_a } and in B in { $in_b }.
spread-reached = Places that ever differ: { $n }. The first ones:
spread-place = { $place }: { $item }, A { $a }, B { $b }

## experiment/explain/root.rs: what the layouts set

root-only-a = { $what } { $id } only in A
root-only-b = { $what } { $id } only in B
root-changed = { $what } { $id }: { $changes }
root-standing = Places that listen to { $zone } put less weight on others from the month after its opening, before it has anything to pass on, and more again once it is closed (model, section 7.1).

## cli/explain.rs, experiment/explain/plan.rs

no-draw = there is no such draw of the parameters
explain-two-layouts = two layouts of a scenario are explained, or a results folder of a replay
explain-which-draw = parameters are drawn there; say at which draw
explain-not-replay = this folder holds { $kind }; of results only a replay is explained
explain-set-by-folder = the results folder says this itself
explain-which-layout = several layouts are replayed there; name one
explain-same-layout = this is the layout under which the history happened
explain-of-history = A is the history, B what would have happened to it
