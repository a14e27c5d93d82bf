# The results folder, the files in it, and what the system says of them.

foreign = { $said }

## texts/value.rs: what the system says

system-no-file = No such file or directory (os error { $code })
system-permission = Permission denied (os error { $code })
system-not-permitted = Operation not permitted (os error { $code })
system-exists = File exists (os error { $code })
system-no-folder = Not a directory (os error { $code })
system-folder = Is a directory (os error { $code })
system-not-empty = Directory not empty (os error { $code })
system-long-name = File name too long (os error { $code })
system-no-space = No space left on device (os error { $code })
system-quota = Disk quota exceeded (os error { $code })
system-file-too-large = File too large (os error { $code })
system-read-only = Read-only file system (os error { $code })
system-io = Input/output error (os error { $code })
system-stale = Stale file handle (os error { $code })
system-open-files = Too many open files (os error { $code })
system-memory = Cannot allocate memory (os error { $code })
system-unavailable = Resource temporarily unavailable (os error { $code })

## store/error.rs

store-read = cannot read { $path }: { $error }
store-remove = cannot remove { $path }: { $error }
store-make-folder = cannot make folder { $path }: { $error }
store-make = cannot make { $path }: { $error }
store-do = cannot { $action } { $path }: { $error }
store-full = no space left for { $path }: free some space and repeat the command
store-not-empty = { $dir } is not empty and holds no pointplane run (it holds { $found }): choose another folder with --out
store-foreign-file = { $path } is in the way and does not belong to these results: move it, or use another results folder
write-elsewhere = { $error }; --out writes it elsewhere
store-newer = { $path } has format { $found }; this program knows formats up to { $known }: use a newer pointplane
store-not-a-run = { $dir } holds no pointplane run: { $there }
there-nothing = there is no such folder
there-file = it is a file, not a folder
there-empty = the folder is empty
there-manifest = its manifest.json is not of this program
there-other = it holds { $found } and no manifest.json
store-damaged = { $path } is damaged: { $why }
store-too-many = { $dir } has replicates up to number { $last } and { $wanted } are wanted: replicates can be added, not taken away; ask for at least { $least }, or choose another folder with --out
store-not-a-sweep = { $dir } holds no sweep
store-conflict = two copies of the run of point { $point }, layout { $layout }, replicate { $replicate } differ ({ $first } and { $second }): one of them was not made by this program on a working machine; remove one of the files
store-existing = { $dir } already holds { $kind } ({ $status }): { $advice }
existing-sweep = continue it with --resume, or choose another folder with --out; --force replaces it
existing-complete = choose another folder with --out, or replace it with --force
existing-partly = choose another folder with --out, replace it with --force, or complete it with --resume
store-other = { $dir } holds { $what }: { $differences }{ $may_change }
another-run = another run, so it cannot be resumed
another-comparison = another comparison, so it cannot be resumed
another-replay = another replay, so it cannot be resumed
another-sweep = another sweep
sweep-may-change = ; only points, replicates and the format may change: choose another folder with --out
store-other-model = { $dir } was made with model { $there } (pointplane { $version }); this program has model { $here }, which gives different histories, so it can be neither extended nor merged: its tables can still be read; recompute it in another folder, or continue it with the program that made it
store-not-whole = { $dir } is not intact: { $problems }; { $advice }
store-busy = { $dir } is in use by { $who }: wait until that ends, or for a minute if it was killed, and repeat the command
store-superseded = meanwhile another command has asked for something else in { $dir } (more points or replicates, or other derived tables): finished work is kept, and that command makes the tables
store-old-format = { $dir } was made by pointplane 0.1, whose folders this version cannot continue: its tables can still be read by other programs; recompute it in another folder, or delete it and recompute it, with: { $command }
store-not-made = { $dir } is not complete ({ $status }): complete it with the command that made it and --resume
store-incomplete = { $missing } of { $replicates } replicates in { $dir } are not done: complete them with the command that made them and --resume
store-names = table and column names: { $problems }
store-unknown = { $dir } has no { $what }; it has { $known }
of-a-job = of a job
job-of-others = { $job } does not belong to these results
store-data = rows do not fit table { $table }: { $why }

## store/kind.rs

result-run = a run
result-comparison = a comparison
result-replay = a replay
result-sweep = a sweep
result-explanation = an explanation
standing-running = running or killed
standing-complete = complete
standing-partial = partial
standing-interrupted = interrupted
standing-failed = failed

## store/folder, store/merge.rs: who is at work, what is missing, what helps

busy-others = other processes
busy-process = process { $pid } on { $host }
busy-merging = others that make its tables
missing-mended = it is missing: --resume repairs it
checksum-mended = its checksum differs from the manifest's: --resume repairs it
other-checksum = its checksum differs from the manifest's
points-of-other-design = it is not that of a { $design } design: { $error }
point-no-id = a point has no id
design-row-of-none = design_row { $row } belongs to no design
log-changed = what was read there before is no longer there
log-kept = the record at byte { $at } differs from what was written
log-byte = from byte { $at } on it differs from what was written
log-end = its end is missing
frame-too-long = the header of a frame is too long
frame-not-written = a frame could not be written to it
file-not-made = { $file } has not been made yet
file-missing = { $file } is missing
advice-resume = repair it with the command that made it and --resume
advice-resume-or-again = repair it with the command that made it and --resume, or recompute it with --force
advice-again = recompute it with --force
advice-again-as-nothing-is-kept = the values they are made from were not kept: recompute it with --force

## store/manifest.rs

manifest-damaged = { $why }; the command that made the results recomputes them with --force
other-fingerprint = its fingerprint does not match its content
no-format-version = it has no format_version
it-is-too-large = it is too large
it-is-empty = it is empty
differs-in = { $what } is { $here } there and { $now } now
differs-in-kind = the kind of result
differs-in-program = program version
program-commit = { $version } (commit { $commit })
differs-in-scenario = scenario
differs-in-layout = layout
differs-in-layouts = list of layouts
differs-in-seed = seed
differs-in-first = first replicate
differs-in-replicates = number of replicates
differs-in-format = format
differs-in-tables = list of tables
differs-in-settings = list of settings
settings-none = empty
differs-in-outcomes = list of outcomes
outcomes-values = { $names } ({ $values } values)
differs-in-horizons = list of horizons
differs-in-primary = primary outcome (--primary)
differs-in-columns = the columns of the tables differ (see columns.csv), as with another --every
differs-in-resolved = the resolved scenario differs (see scenario.resolved.toml)
differs-in-one-layout = layout { $name } differs (see { $file })
inputs-changed = input files changed or new: { $files }
inputs-gone = input files no longer read: { $files }
differs-in-kept = the values kept of each run differ

## store/table, store/read.rs, store/payload.rs

name-not-snake-case = is not snake_case (a-z, 0-9 and _, starting with a letter)
name-too-long = is longer than { $MAX_NAME } characters
name-reserved = is a reserved word of Stata
name-clashes = clashes with another file of the results
has-no-columns = has no columns
table-name = table `{ $name }` { $why }
column-name = column `{ $name }.{ $column }` { $why }
first-line-not = its first line is not { $header }
first-line-not-of-columns = its first line does not match columns.csv
columns-not-of-columns = its columns do not match columns.csv
unknown-type = line { $line }: unknown type `{ $kind }`
field-not = line { $line }, column { $name }: `{ $field }` is not { $kind }
code-of-ids = code { $code } of { $ids } ids
month-number = month number { $month } is not in the years 0 to 9999
columns-instead = { $is } columns instead of { $should }
column-holds = column { $name } holds { $is } instead of { $kind }
column-rows = column { $name } has { $is } rows, the first { $should }
column-why = column { $name }: { $why }
table-named = table `{ $table }`
column-named = column `{ $table }.{ $name }`
table-file = table file `{ $file }`
what-columns-tell = what columns.csv lists
table-of-a-job = of a job
rows-none = there are none
not-a-table-or-twice = it is not a table of these results, or it appears twice
values-instead = { $is } values instead of { $should }

## experiment/origin.rs

origin-not-compared = the manifest does not say what was compared
origin-not-said = the manifest does not say which scenario it was
origin-not-found = its scenario is not found
origin-changed = files of { $scenario } have changed since: { $files }
origin-not-loaded = { $scenario } cannot be loaded: { $what }

## report/contents.rs, report/export.rs, report/figures/sweep.rs

report-not-merged = the tables of the sweep in { $dir } have not been made: { $command } makes them from the finished runs
report-kind = { $dir } holds { $kind }: a report is made of a run, a comparison or a sweep; an explanation is read with its command
report-steps = { $dir } has steps of days; reports show months, quarters and years
report-drawing = a figure cannot be drawn: { $why }
export-no-font = no font is installed; install one, on Debian or Ubuntu: apt-get install fonts-noto-core fonts-noto-cjk
export-no-letters = no installed font has the letters { $letters }; install one with Chinese letters (Debian, Ubuntu: apt-get install fonts-noto-cjk; Fedora: dnf install google-noto-sans-cjk-fonts; macOS and Windows have one)
export-convert = the figure cannot be converted: { $why }
table-no-column = it has no column `{ $name }`
