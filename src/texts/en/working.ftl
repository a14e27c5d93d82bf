
## cli: what is said at work

error = error: { $error }
cannot-print = cannot write to standard output: { $error }
cannot-print-json = cannot write JSON: { $error }
cannot-open = error: { $path } cannot be opened: { $error }
tables-missing = not in this folder: { $list }
summary-stale = the folder summary does not belong to these tables, or was changed ({ $list }); this report ignores it: `pointplane sweep summary DIR` recreates it
without-figure = without { $figure }: { $why }
explain-running = simulating both worlds: { $n }
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
    }, { $step ->
        [month] { $months ->
            [one] { $months } month
           *[other] { $months } months
        }
        [quarter] { $months ->
            [one] { $months } quarter
           *[other] { $months } quarters
        }
        [year] { $months ->
            [one] { $months } year
           *[other] { $months } years
        }
       *[day] { $months ->
            [one] { $months } day
           *[other] { $months } days
        }
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
check-run-refused = a run is refused: { $what }
check-does-not-fit = { $file }: fine as far as it can be checked here: its world does not fit on this machine, so its graph is not checked
check-fine = { $file }: fine. { $counts }; a run on one thread needs about { $memory } of memory
check-estimated = { $file }: fine, for `pointplane estimate` only: it has what simulation does not have yet. { $counts }
check-fine-firms = { $file }: fine. { $counts }; a run on one thread needs about { $memory } of memory: { $firms }

## cli/sweep/plan.rs

plan-same = { $dir } already holds this sweep
plan-points = the points are in { $path }
plan-run = Run it with: { $command }
plan-design-word = design
plan-design = { $design }: { $points } points over { $n } parameters ({ $list })
plan-design-rows = { $design }: { $rows } rows, { $points } distinct points over { $n } parameters ({ $list })
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
plan-kept = { $values } values per run
plan-time-word = time
plan-time = about { $time } on { $threads } threads (one trial run took { $run })
plan-memory-word = memory
plan-disk-word = disk
plan-disk = about { $size }

## cli/new.rs

scenario-name = error: `{ $name }` cannot name a scenario: 1 to 64 Latin letters (A-Z, a-z), digits, - and _, the first a letter or digit
there-already = error: { $path } already exists: choose another name
made = created { $path }: edit it, then

## cli/synthetic.rs

degree-places = error: --degree { $degree } needs more than { $places } places
made-places = created { $path }: { $places } places

## cli/hand_over.rs

no-path = cannot determine the absolute paths of the program, the folder and the results: { $error }
cannot-write = cannot write { $path }: { $error }
elements-most = { $shards } elements instead of { $asked }: there is no more work to divide
elements-least = { $shards } elements instead of { $asked }: this engine accepts no fewer
kept-as-old = the existing { $name } is kept as { $name }.old
wrote = wrote { $path }

## cli/merge.rs

merged-damaged = warning: { $what }: --resume repeats the runs that were only in it
merged-foreign = warning: { $path } belongs to other results: left as it is
merged-all = all { $runs } runs are done; the tables are in { $dir }
merged-read = read them with: { $command }
merged-some = { $done } of { $runs } runs are done, { $failed } failed, { $missing } are missing; the tables in { $dir } hold what is there
merged-failed = the table runs says why they failed and how to repeat each; --retry-failed tries again

## cli/script.rs

script-start =
    read the script, edit it as needed, and start it:
    {"  "}{ $commands }

## cli/slurm.rs

slurm-read =
    read the scripts, edit them as your cluster requires, and submit them:
    {"  "}{ $first }
    {"  "}{ $second }
slurm-not-submitted =
    error: nothing was submitted: { $error }
    the scripts are written; submit them with
    {"  "}{ $first }
    {"  "}{ $second }
slurm-array =
    submitted job { $array }: { $n ->
        [one] { $n } element
       *[other] { $n } elements
    }
slurm-merge-failed =
    error: the merge job was not submitted: { $error }
    submit it with
    {"  "}{ $command }
slurm-merge = submitted job { $merge }: merges the tables afterwards
slurm-look =
    check the progress:
    {"  "}pointplane status { $folder }
    {"  "}squeue --job={ $jobs }
sbatch-none = there is no sbatch on PATH: is this a login node of a Slurm cluster?
sbatch-not-started = sbatch cannot be started: { $error }
sbatch-failed = sbatch failed ({ $status })
sbatch-no-id = sbatch gave no job id but { $said }

## cli/run.rs

firms-first = firms and their links are generated first; memory: { $words }
complete-with = complete it with: { $command }
job-replicate = replicate { $replicate }
kept-in = { $some } of { $all } replicates are kept in { $dir }

## cli/compare.rs

width-needed = { $target }: after { $pilot } replicates, { $needed } are needed
width-maximum = { $target }: after { $pilot } replicates, the maximum of { $most } is taken
job-replicate-of = replicate { $replicate } of { $layout }
go-on-min = continue with --resume and a larger --min-replicates

## cli/session.rs

threads-fewer = { $threads } threads would only wait for each other on { $cores ->
        [one] { $cores } core
       *[other] { $cores } cores
    }: { $most } are used
threads-none = error: the system cannot start { $threads } threads ({ $error }): give fewer with --threads
resuming = resuming: { $some } of { $all } replicates{ $share } are already done
job-failed = error: { $job } failed: { $why }
more-failed = error: and { $more } more failed

## cli/signals.rs

no-signals = warning: signals will not be handled: { $error }
stopped-at-once = stopped immediately: finished work is kept; continue with --resume
interrupted = interrupted: finishing the work in progress; press Ctrl-C again to stop immediately
told-to-stop = stop requested: finished work is kept

## cli/progress.rs

bar-months = months of all replicates
bar-plain = { $what }: { $done } of { $of }

## cli/session.rs: how it ends

sweep-extended = the sweep has other points or replicates than before: existing runs are kept
stopped-time = stopped before the time limit;{" "}
stopped = stopped;{" "}
runs-failed = { $n } runs failed: `pointplane status` counts them, the table runs says why
bar-replicates = replicates
bar-runs = runs
bar-left = { $eta } left
sweep-todo = { $name }: { $todo } of { $all } runs{ $share } to do, in { $dir }
go-on-with = continue with: { $command }
warning = warning: { $what }
merge-no-scenario = error: the derived tables cannot be made: { $why }; give the scenario with --scenario
nothing-to-resume = { $dir } is complete: nothing to resume
share-done = all runs{ $share } are done; when all others are too, make the tables with: pointplane merge { $folder }
of-shard = {" "}of shard { $shard }
