
## cli: what is said at work

error = error: { $error }
cannot-print = cannot write to standard output: { $error }
cannot-print-json = cannot write JSON: { $error }
cannot-open = error: { $path } cannot be opened: { $error }
without-figure = without { $figure }: { $why }
explain-running = running the worlds: { $n }
check-counts =
    { $places ->
        [one] { $places } place
       *[other] { $places } places
    }, { $links ->
        [one] { $links } link
       *[other] { $links } links
    }, { $zones ->
        [one] { $zones } opening zone
       *[other] { $zones } opening zones
    }, { $alliances ->
        [one] { $alliances } alliance
       *[other] { $alliances } alliances
    }, { $corridors ->
        [one] { $corridors } corridor
       *[other] { $corridors } corridors
    }, { $months ->
        [one] { $months } month
       *[other] { $months } months
    }
check-firms =
    { $counts }, { $firms ->
        [one] { $firms } firm
       *[other] { $firms } firms
    }, about { $links } partner links
check-firms-given =
    { $counts }, { $firms ->
        [one] { $firms } firm
       *[other] { $firms } firms
    }, { $links } partner links
check-fine = { $file }: fine. { $counts }; a run on one thread needs about { $memory } of memory
check-fine-firms = { $file }: fine. { $counts }; a run on one thread needs about { $memory } of memory: { $firms }

## cli/sweep/plan.rs

plan-same = { $dir } holds this sweep already
plan-points = the points are in { $path }
plan-run = Run it with: { $command }
plan-design-word = design
plan-design = { $design }: { $points } points over { $n } parameters ({ $list })
plan-design-rows = { $design }: { $rows } rows, { $points } points that differ over { $n } parameters ({ $list })
plan-layouts-word = layouts
plan-runs-word = runs
plan-runs =
    { $runs } = { $points ->
        [one] { $points } point
       *[other] { $points } points
    } × { $layouts ->
        [one] { $layouts } layout
       *[other] { $layouts } layouts
    } × { $replicates ->
        [one] { $replicates } replicate
       *[other] { $replicates } replicates
    }
plan-kept-word = kept
plan-kept = { $values } values of each run
plan-time-word = time
plan-time = about { $time } on { $threads } threads ({ $run } for the run that was measured)
plan-memory-word = memory
plan-disk-word = disk
plan-disk = about { $size }
