# What is wrong with a scenario, a layout or a plan: `pointplane check`.
# A problem reads: severity, file:line, key or cell = value, what is wrong, what is allowed, the nearest name.

problem-error = error:{" "}
problem-warning = warning:{" "}
problem-cell = row { $row }, column `{ $column }`
problem-row = row { $row }
problem-column = column `{ $column }`
problem-value = { $name } = { $value }:{" "}
problem-of = { $name }:{" "}
problem = { $head }{ $place }: { $subject }{ $what }{ $allowed }{ $nearest }
problem-allowed = ; allowed: { $allowed }
problem-nearest = ; did you mean `{ $nearest }`?
problem-nearest-written = ; did you mean `{ $nearest }`? It looks the same and is written with { $others }, here with { $own }
problems-more = and { $n } more
problems-errors =
    { $n ->
        [one] { $n } error
       *[other] { $n } errors
    }
problems-warnings =
    , { $n ->
        [one] { $n } warning
       *[other] { $n } warnings
    }
problems-not-listed = , { $n } not listed

## scenario/conform.rs

pattern-name = Latin letters (A-Z, a-z), digits, `-` and `_`, beginning with a letter or digit
pattern-id = lower-case Latin letters (a-z), digits and `_`, beginning with a letter
pattern-month = a month in quotes, "YYYY-MM"
pattern-month-or-never = a month in quotes, "YYYY-MM", or "never"
expected-found = expected { $wanted }, found { $kind }{ $advice }
not-a-choice = not one of the choices
expected-text = expected a text, found { $kind }
unknown-key = unknown key
unknown-key-under = unknown key: here `{ $key }` belongs to [{ $table }]: write it above the first [table]
unknown-key-there = unknown key: `{ $other }` is already given
missing-key-about = required key is missing ({ $about })
missing-key = required key is missing
wrong-form-write = not in the right format: write "{ $month }"
wrong-form = not in the right format
is-empty = is empty
out-of-range = out of range
advice-number = : write { $number } without quotes
advice-numbers = : write { $number } without quotes; a fraction is written { $other }
advice-list = : write ["{ $text }"]
advice-bool = : write { $text } without quotes
advice-switch = : write { $text }
advice-month = : write "{ $month }"
kind-table = a table
kind-list = a list
kind-quoted = a text in quotes
kind-text = a text
kind-bool = true or false
kind-whole = a whole number
kind-number = a number
kind-other = another value

## scenario/parse.rs

too-deep = nested too deeply
levels = { $DEEPEST } levels
cr-alone = the lines end in CR alone, as on old Macs: save it with other line ends
whole-too-large = whole number too large
not-finite = must be a finite number

## scenario/cells.rs

range-above = above { $least }, at most { $most }
range-from-to = { $least } to { $most }
range-unit = { $range } ({ $unit })
not-a-number-slip = not a number: { $what }
not-a-number-empty = not a number: leave the cell empty where nothing is known
not-a-number-degrees = not a number: write decimal degrees, for example 10.5 for 10°30′
not-a-number = not a number
not-whole-write = not a whole number: write { $number }
not-whole-point = not a whole number: write { $whole } if the point separates thousands, otherwise { $number }
not-whole = not a whole number
range-whole = whole numbers from { $least } to { $most }
not-a-month-write = not a month: write { $month }
not-a-month-year = not a month but a year: write { $month } or another month of it
not-a-month = not a month
month-form = `{ $month }` is not a month: write YYYY-MM, for example 2013-09
empty-but-needed = is empty but needed
not-an-id-write = not an id: write { $joined }
not-an-id = not an id
allowed-id = 1 to { $LONGEST_ID } characters, no spaces, no `|`

## scenario/sheet.rs

cells-by-commas = cells separated by commas
header-again = the header is repeated here
row-full-width = ; it has full-width commas (，): write ,
row-quote = ; a cell that contains a comma must be in quotes
row-length = has { $has } cells, but the header has { $needs }{ $hint }
table-empty = the table is empty; it needs the columns { $columns }
table-no-rows = the table has a header but no rows
cells-semicolons = ';'; save as CSV with commas, and with decimal points
cells-tabs = tabs: save as CSV with commas
cells-full-width = full-width { $c }: write ','
cells-by = the cells are separated by { $words }
too-many-columns = has { $n } columns
column-nameless = column { $position } has no name
column-index = column { $position } seems to be the number of rows that pandas or R writes: write the table without it (pandas: index=False; R: row.names = FALSE)
separator-line = this line is for Excel only: delete it
unknown-column = unknown column (commentary goes into columns that begin with `note`)
column-twice = there are two columns of this name
column-missing = required column is missing

## scenario/records.rs

cannot-read = cannot be read: { $error }
row-too-long = the row is too long
quote-open = a cell opens a quote that is not closed

## scenario/checks.rs

quality-sum = quality_base and quality_gain add up to { $sum }
sum-below-1 = a sum below 1
shares-sum = direct_share and indirect_share add up to { $sum }
sum-at-most-1 = a sum of at most 1
needs-key = needs `{ $other }` as well
ends-before-start = the run ends before it starts ({ $start })
run-months = the run has { $months } months
months-allowed = 1 to { $LONGEST_RUN } months
month-not-after = is not after the month before it ({ $before })
evaluations-outside = { $n } evaluations lie outside the run ({ $start } to { $end }): { $list }
range-share = 0 to 1 (share)
domain-no-share = domain { $id } has no share on layer { $layers } (write 0 where nothing travels)
domain-shares-sum = the shares of domain { $id } add up to { $sum }
sum-of-1 = a sum of 1
domains-all-0 = the shares of all domains are 0
no-layer = no layer has this id
already-taken-at = is already taken at { $file }:{ $line }
of-unused = { $of } does not use this key
with-variants = with { $variants }
of-needs = { $of } needs this
of-rule = the rule `{ $name }`
unknown-file-kind = unknown kind of file
ends-csv-gal-gwt = a name that ends in .csv, .parquet, .gal, .gwt or .kwt

## scenario/load.rs

tables-no-place = these tables contain no place
no-place-has-it = no place has it
opens-after-end = opens after the end of the run ({ $end })
only-zones-open = only zones open, but { $id } is a { $kind }
only-zones-close = only zones close, but { $id } is a { $kind }
closes-candidate = this zone never opens, so it cannot close: give it an opening month, or close it "never"
closes-before-opening = closes before or in the month in which it opens ({ $open }): a zone closes after its opening
closes-before-start = closes before the run begins ({ $start }), so it takes no part in it
closes-after-end = closes after the end of the run ({ $end })
no-zone = no zone has this id
transit-layer-needed = is needed, because { $id } is a transit gateway
gateways-unlinked = is not given, so { $gateways } gateways are linked to nothing
table-no-firm = this table contains no firm
table-memory = about { $rows } rows need about { $needed } of memory just to be read, { $available } are available; use a smaller table, or a machine or a job with more memory
firms-memory = about { $firms } firms with { $links } links need about { $needed } of memory just to be read, { $available } are available; use fewer firms or links

## scenario/layout.rs

alliance-not-active = this alliance is not active
changes-nothing = changes nothing
alliance-begins-after-end = the alliance begins after its end
drops-all-alone = "*" drops all alliances: use it alone
alliance-nothing-to-drop = this alliance is not active: there is nothing to drop
alliance-active-already = this alliance is active already
no-alliance = no alliance has this id
id-taken-at = this id is already taken at { $file }:{ $line }
allowed-id-64 = 1 to 64 characters, no spaces, no `|`
named-twice = is named twice
alliance-not-active-merge = this alliance is not active, so it cannot be merged
merged-begins-after-end = the merged alliance begins after its end

## scenario/sources.rs

scenario-allowed = a folder with a scenario.toml, or a TOML file
one-of-files = one of its files: { $names }
extends-circle = the files extend each other in a circle: { $files }
extends-many = too many files extend each other
extends-most = { $LONGEST_CHAIN } files
layout-as-scenario = this is a layout, not a scenario: give the scenario that it belongs to, and this file with --layout
scenario-no-layouts = the scenario has no layouts
scenario-as-layout = this is a scenario, not a layout: give it as the scenario
layout-cannot-set = a layout cannot set this
set-form = must be key=value
set-example = for example line.beta=0.1
set-path = the key path is incomplete
set-cannot = the command line cannot set this
list-no-id = the list has { $items } items and none has the id `{ $key }`
lies-below = `{ $key }` is nested in { $kind }

## scenario/firms.rs

beside-other = conflicts with `{ $other }`: give one of the two
ends-csv-parquet = a name that ends in .csv or .parquet
bound-not-above = is not above the bound before it ({ $before })
least-employees = at least 1 (employees)
not-above-last-bound = is not above the last bound
above-last = above { $last }
mean-above-most = the mean is above `most_partners`
from-0-to = 0 to { $most }
no-domain = no domain has this id
range-million = 0 to 1000000
already-taken = is already taken
industries-all-0 = the shares of all industries are 0
firms-need-regions = firms are located in regions, and no place is a region
gives-firms = would give { $firms } firms
most-firms = at most { $MOST_FIRMS } firms
gives-firms-weights = would give { $firms } firms: the regions' weights add up to { $weight }; is `people_per_weight` right?
industry-no-firms = it has no firms
industry-firms-bare = it has firms only in { $bare } regions where no industry has a weight
industry-no-weight = industry `{ $id }` has a share and no region has a weight above 0 for it (`industry_{ $id }`), so { $rest }; elsewhere its share goes to the other industries of each region
pair-given = this pair of industries is already given
industry-no-partner = industry { $id } has no partner with a share above 0
no-industry = no industry of the firms has this id
id-taken = this id is already taken
no-place = no place has this id
firms-at-regions = firms are located in regions, but { $id } is a { $kind }
no-firm = no firm has this id
own-partner = a firm is not its own partner
firm-partners = firm { $firm } has { $n } partners
at-most-partners = at most { $MOST_PARTNERS }
partner-already = this firm already has this partner

## scenario/gateways.rs

only-source-share = only a source has a share
link-given = the link to { $place } is already given on line { $line }
role-needs = the role `{ $role }` needs a { $wanted }, but { $id } is a { $kind }
entry-region = an entry port is a region, but { $id } is a { $kind }
must-be-zone = must be a zone or a group of zones, but { $id } is a { $kind }
no-zone-or-group = no zone and no group of zones has this id
provisions-twice = the shares of { $gateway } add up to { $sum }: its provisions would be piloted more than once
gateways-no-link = gateways without any link: { $list }
tasks-given = tasks of this place in this month are given on line { $line }
outside-run = lies outside the run ({ $start } to { $end })
candidate-never-opens = { $zone } is a candidate that never opens
closed-by-then = { $zone } is closed by then ({ $close })

## scenario/gal_gwt.rs

gal-header = the header must be `n` or `0 n shapefile idvar`, n the number of places
gal-expected = expected an id and its number of neighbours
gal-record-twice = this place has a record already
gal-missing = the { $count } neighbours of { $id } are missing
gal-count = { $id } announces { $count } neighbours, but { $found } are listed
hears-itself = a place cannot be linked to itself
gal-announced = the header announces { $announced } places, but the file has { $records }
gwt-expected = expected two ids and a weight, found { $n } words
weight-positive = the weight must be a positive finite number
gwt-announced = the header announces { $announced } places, but { $listeners } have neighbours

## scenario/places.rs

mix-some = some domains have a mix column, others have none: { $missing } missing
shares-together = `direct_share` and `indirect_share` go together: one is missing
not-industry-id = not the id of an industry
allowed-industry-id = lower-case Latin letters (a-z), digits, `_`, at most 23 characters
industries-too-many = { $places } places with { $industries } industries exceed the limit
cells-most = { $MOST_INDUSTRY_CELLS } cells
group-has-place-id = a group of zones has the id of a place that is not one of its zones
several-capitals = { $n } provinces have more than one capital: { $list }
no-zone-at-all = no place is a zone: nothing will ever be innovated
no-weight-for-circles = no place is a region and no zone carries weight, so no circle, axis or plane can form: write 1 in the column `carries_weight` of the zones whose weight counts, or set `line.structures` to false
host-region = the host must be a region, but { $host } is a { $kind }
host-province = the host lies in another province ({ $other }) than the zone ({ $own })

## scenario/place_doubts.rs, scenario/doubts.rs, scenario/alliance_doubts.rs: allowed, and perhaps not meant

names-joined = seems to be several names joined by `{ $sign }` and counts as one, in { $n } rows: several agglomerations are joined by `|`
name-joined = seems to be several names joined by `{ $sign }` and counts as one, in { $n } rows: a place has one { $column }
name-alike = differs from `{ $other }` only in how it is written: { $n } places have it, { $m } have `{ $other }`, and they count as two
name-undeclared = appears in { $n } rows and is not in `{ $list }`, where others are
places-at-zero = { $n } places lie at longitude 0 and latitude 0, which is in the sea: { $list }
host-far = { $id } lies { $km } km from its host
place-misplaced = { $id } lies { $km } km from the centre of the places, and would lie { $there } km from it at longitude { $lon }, latitude { $lat }: is that intended?
weights-few = only { $n } of { $inland } zones and regions count in national measures ({ $list }), because a zone counts only where it carries weight: { $weighed } zones have a weight that does not count; write 1 in the column `carries_weight` of the zones, or leave the regions out
weight-takes-all = { $id } has { $share } of the weight of all { $inland } zones and regions, so that national measures reflect almost only this place
word-of-nothing = is taken as a name, in { $n } rows: leave the cell empty where the value is missing (in R: write.csv(…, na = ""))
not-seen = contains an invisible character ({ $codes }), in { $n } rows: two names that look the same may be different
id-garbled = R, pandas and Excel read { $n } ids as numbers, switches or missing values ({ $list }): read columns of ids as text there (docs/results.md says how), or put a letter in front
is-formula = begins like a formula, which Excel runs, in { $n } rows: put another character in front
alliances-overlap = alliances { $id } and { $other } both join { $n } members ({ $list }) from { $from } to { $to }: the links between these count twice; end one before the other begins, or leave one out
alliance-early = alliance { $id } begins in { $from }, but only from { $second } on, { $months } months later, can two of its members have delegates
alliances-outweigh = alliances more than double the influence that { $n } members receive: at most they add { $sum } to that on { $member } in { $domain } (from { $month } on), where all its other links together weigh 1

## scenario/corridors.rs

id-taken-line = this id is already taken on line { $line }
no-corridor = no corridor has this id
segment-order = this segment has order { $order } on line { $line }
in-segment-already = is in this segment already
segment-same-order = segment { $id } of corridor { $corridor } has the order of segment { $other } (line { $line })
corridor-no-segments = corridor { $id } has no segments
corridor-gap = corridor { $corridor } has a gap: no segment of order { $missing } before segment { $id } of order { $after }
not-in-corridor = a { $kind } cannot be in a corridor
zones-and-regions = zones and regions
no-place-has = no place has this { $word }

## scenario/catalogue.rs

begins-after-end = begins after its end ({ $to })
member-already = is a member of this alliance already
alliance-joins = alliance { $id } has { $n } members that can have a delegate; it needs two
alliance-joins-unable = alliance { $id } has { $n } members that can have a delegate; it needs two (no zone is open in its months, or no linkage region, in: { $unable })
alliance-never-acts = { $id }: this alliance never acts: its dates lie outside the run
alliance-no-delegate = alliance { $id } has members that never have a delegate (no zone is open in its months, or no linkage region): { $unable }
no-zone-in-group = no zone belongs to a group of this id
no-place-in-province = no place lies in a province of this name
member-no-place = only zones and regions can be members
member-twice = alliance { $id } has { $place } as a member that also takes part through the member { $other }: leave one of them out
no-member = no member of this alliance has this id

## scenario/weights.rs

more-than = more than { $n }
ids-no-places = { $count } ids are not places of this scenario: { $names }
link-given-line = this link is already given on line { $first }
places-not-in-file = { $n } places of the scenario are not in this file: { $list }
places-no-neighbour = { $n } places have no neighbour: { $list }
links-deaf = { $deaf } links lead to a gateway, which never adopts
weights-distances = the weights increase with the distance between places (correlation { $r }, { $per_km } per km), so the farthest place has the most influence: are they distances? Use weights that decrease with distance, such as 1/km
weights-matrix = this is a full matrix of all places by all places: write one row per link

## scenario/parquet.rs

not-parquet = not a Parquet table: { $error }
parquet-codec = is compressed with { $codec }, which this program cannot read: write it with compression = "snappy" or "zstd"
parquet-type = holds { $kind } in a cell
parquet-types = one text, number, switch or date in a cell
cell-too-long = the cell has { $n } bytes
cell-longest = at most { $LONGEST_CELL } bytes

## scenario/place.rs

region-needs-weight = a region needs a weight
exchanged-degrees = out of range: lon and lat seem to be transposed
zone-needs-weight = a zone that carries weight needs one
region-carries-weight = a region always carries weight
empty-or-1 = empty or 1
above-0 = above 0
kind-has-no = a { $kind } has no { $column }
empty-except = empty, except for { $kinds }
agglomerations-form = agglomerations must be different ids, joined by `|`
mix-all-0 = the weights of the domain mix are all 0
direct-sum = direct and indirect share add up to { $sum }

## scenario/tree.rs

kind-date = a date without quotes
kind-something = something else
names-more = { $list } and { $more } more
items-size = has { $size } items
characters-size = has { $size } characters
items-from = { $least } to any number of items
items-from-to = { $least } to { $most } items
characters-from = { $least } to any number of characters
characters-from-to = { $least } to { $most } characters

## units of allowed ranges

range-least = at least { $least }
range-most = at most { $most }
unit-of-adoptions = adoptions
unit-of-benefit = benefit
unit-of-blocks = blocks
unit-of-degrees = degrees
unit-of-employees = employees
unit-of-exposure = exposure
unit-of-factor = factor
unit-of-firms = firms
unit-of-km = km
unit-of-levels = levels
unit-of-links = links
unit-of-months = months
unit-of-multiplier = multiplier
unit-of-partners = partners
unit-of-people = people
unit-of-people-or-gdp = people or GDP
unit-of-per-month = per month
unit-of-places = places
unit-of-points = points
unit-of-quality = quality
unit-of-rows = rows
unit-of-segments = segments
unit-of-share = share
unit-of-trajectories = trajectories
unit-of-weight = weight

## scenario/files.rs

not-a-file = this is not a file
file-name-utf8 = the name of the file is not UTF-8
file-no-name = the file has no name
path-slash = write / instead of \ in the path
path-leaves = the path leaves the scenario's folder
path-leaves-link = the path leaves the scenario's folder through a link
no-such-file = there is no such file
file-not-allowed = there is no permission to read the file
file-cannot-read = the file cannot be read: { $error }
is-folder = this is a folder, not a file
is-pipe = this is a pipe or device, not a file
line-wrong = line { $line } { $what }
file-too-large = the file has { $size } bytes, more than the { $largest } that are read

## scenario/slips.rs

slip-comma = a comma is missing before { $value }
slip-quote-open = the quote { $quote } is not closed
slip-lower = write { $lower } in lower case
slip-month = a month is written in quotes: { $better }
slip-text = a text is written in quotes: "{ $text }"
slip-percent = a percentage is written as a share: { $better }
slip-thousands = write { $joined }, without separators; a fraction is written { $better }
slip-decimal = the decimal mark is a point: { $better }
slip-separators = write { $better }, without separators
slip-plain = write { $half }, in ordinary characters
slip-straight = { $c } is not a straight quote: write "{ $inner }"
slip-space = a wide or non-breaking space: write an ordinary one
slip-full = { $c } is a full-width character: write { $plain }
slip-colon = write `=`, not `:`, between a key and its value

## scenario/syntax.rs

toml = not valid TOML: { $what }
toml-table-twice = duplicate key: this table is already defined; write its keys together
toml-key-twice = duplicate key: it already has a value
toml-closing = `{ $closing }` is missing at the end of the value
toml-table = a table is written { $before }{ $name }{ $after }, alone on its line
toml-comment = {" "}(a comment begins with #)
toml-slash = {" "}(in a path write / instead of \)
toml-pair = {" "}(write key = value)

## scenario/encoding.rs

kind-excel = an Excel workbook or another ZIP archive
kind-old-excel = an old Excel workbook
kind-parquet = a Parquet file
kind-pdf = a PDF document
kind-compressed = a compressed file
kind-database = a database
not-text-kind = this is { $kind }, not text: save the table as "CSV UTF-8"
utf16-little = UTF-16 (little-endian, "Unicode text" of Windows)
utf16-big = UTF-16 (big-endian)
not-text-binary = this is not text but binary data
not-utf8-but = is not UTF-8 text but { $wide }: { $save }
read-as = is read as { $wide }, as its byte order mark says; other programs read UTF-8 more surely
save-utf8 = save it as UTF-8 (in Excel: Save as, "CSV UTF-8 (comma delimited)")
not-utf8-seems = is not UTF-8 text; it seems to be { $name }: { $save }
encoding-gbk = GBK or GB18030, as Chinese Excel writes
encoding-western = Windows-1252 or another Western encoding
encoding-asian = GBK, Big5 or another East Asian encoding
toml-remark = { $message }{ $remark }
and-too = { $first }; { $second }

## experiment/explain/mod.rs

explain-places = the layouts have different places, or other kinds under the same ids
explain-same-places = two layouts of the same places
explain-firms = the layouts have different firms, firms in one only, or another demand_pull, partner_effect or stock_ref
explain-same-firms = two layouts of the same firms
explain-no-innovation = neither world has this innovation in this replicate

## experiment/sweep/kept.rs

no-outcome = there is no outcome of this name
outcomes-list = what `pointplane outcomes` lists
no-measure = there is no measure of this name

## experiment/sweep/layouts.rs

bca-of-few = with { $replicates } replicates intervals are t: bca takes { $least } or more
layout-named-twice = this layout is named twice
variant-changes-nothing = a variant changes something: it is a layout file, or the name of one
not-one-of-layouts = is not one of the layouts
layout-same-name = is called { $name }, as another layout is

## cli/compare.rs

occupied-add = , or add replicates to it with --resume and a larger --replicates
occupied-complete = , or complete it with --resume
occupied = { $dir } already holds a comparison of { $layouts } with the baseline { $base } ({ $status }, { $n } replicates): choose another folder with --out, replace it with --force{ $resume }

## cluster/words.rs

word-not-utf-8 = { $word } is not UTF-8, as cluster scripts must be: choose another name
word-control = { $word } contains a line break or another control character, which cluster scripts cannot contain: write it differently
word-backslash = { $word } contains a backslash, and Slurm cannot write there: choose another name

## cli/session.rs

without-resume = : leave out --resume to begin one

## cli/explain.rs

no-replicate = no replicate has this number
from-0-to-n = 0 to { $most }
no-place-named = no place has this id or name
places-same-name = several places have this name
one-id = an id: { $ids }
gateway-never-adopts = a gateway never adopts anything
zone-or-region = a zone or a region
innovation-form = zone, a point, serial number from 1: as in the table innovations
not-an-innovation = not the id of an innovation
not-a-month-of-run = not a month of the run
months-from-to = { $start } to { $end }

## cli/check.rs

layout-whose = this is a layout: say which scenario it belongs to
layout-whose-option = --scenario with a scenario's folder or file

## cli/sweep/summary.rs

sweep-none-named = the sweep has nothing of this name

## experiment/compare/plan.rs

not-month-of-run = is not a month of the run
too-long-compare = is too long to be compared: at most { $most } months
layout-same-name-as = is called { $name }, and so is the layout { $other }: give one of them another name
is-not-month = is not a month
month-example = YYYY-MM, for example 2025-12
above-max-replicates = is larger than --max-replicates
from-2-to = 2 to { $most }
must-be-range = must be KEY=FROM..TO, for example line.beta=0.02..0.1; with --priors or --posterior KEY alone, for the range of the draws
draws-of-nothing = no parameters are drawn
range-backwards = FROM has to be less than TO
range-of-no-draws = has no range, and no parameters are drawn whose range could be taken
range-not-drawn = { $file } does not draw this parameter, so it gives no range
range-drawn-or = { $keys }; or give KEY=FROM..TO
information-of-draws = says what a count would be worth over draws of the parameters, and none are drawn
values-of-a-share = which values are looked at depends on those before, so it cannot be cut into shards: leave out --shard, or sweep a grid of this parameter
must-be-width = must be OUTCOME=W, for example mean_stock=0.05
by-corridor = is given by corridor: take an outcome of the country
takes-no-horizon = is the month in which something first happens: it takes no horizon
width-of-a-share = a share of the replicates does not say how many are needed: give --replicates, and reach a width with --resume when all shares are done
width-not-positive = the width is not a positive number: write for example mean_stock=0.05

## experiment/compare/side.rs

layouts-cannot-compare = cannot be compared: layout { $name } { $what }
layouts-months = runs from { $start } to { $end } and { $base } from { $base_start } to { $base_end }: its months are not the same months
layouts-seed = has the seed { $seed } and { $base } { $base_seed }: layouts with different random seeds cannot be paired
layouts-domains = has the domains { $domains } and { $base } { $base_domains }: its innovations are not comparable
layouts-kind = has a different kind of place than { $base } under the same id: { $all }
layouts-column = has a different { $column } than { $base } for { $all }: its { $kind } are not the same

## experiment/build.rs

islands = { $n } places have no incoming base links; only alliances, axes, transit and replication can reach them: { $list }
circles-never = { $n } of { $of } zones can never form a circle: { $list } (in brackets: the largest share of the catchment's weight that lines can reach; { $needed } is needed; no share: no line leads to another place of the catchment)
cut-off = { $n } places cannot be reached from any zone that opens: { $list }

## experiment/sweep/plan.rs

plan-is-scenario = this is a scenario, not a plan: a plan names its scenario with `scenario`
plan-cannot-set = cannot be set here: the plan itself has seed and replicates
plan-as-scenario = this is a plan, not a scenario
too-long-sweep = is too long to be swept: at most { $most } months
too-many-runs = these would be { $n } runs
most-runs = at most { $most }: fewer points, layouts or replicates
about-firms = is about firms, and the scenario has none
scenario-with-firms = a scenario with a table [firms]
too-many-values = { $n } values of each run would be kept
most-values = at most { $most }: fewer outcomes, groups, horizons or monthly rows
point-same-id = two points have the same id by chance: take another seed of the design

## experiment/sweep/design.rs

not-a-parameter = is not a parameter of this design
no-point-satisfies = no point satisfies the constraints
nothing-varies = no parameter varies: give at least one
grid-no-distribution = a grid has no distributions: give levels, or from, to and steps
of-grid-parameter = a parameter of a grid
levels-or-steps = levels, or from, to and steps
of-parameter = a parameter

## experiment/sweep/list.rs

list-only-column = the values of a list are in its file: only `column` may be given
not-csv = is not a CSV table: { $error }
list-columns = has { $n } columns, more than { $most }
list-two-columns = this parameter has two columns
list-no-column = has no column for { $key }
list-cells = has { $n } cells instead of { $needs }
is-not-finite = is not a finite number
list-rows = has more than { $most } rows
list-no-point = contains no point
list-few-rows = { $file } has fewer rows
cannot-be-read = cannot be read: { $error }
cannot-be-read-file = cannot be read: this is not a file
list-bytes = has { $size } bytes, more than the { $largest } that are read

## experiment/sweep/parameters.rs

cannot-be-varied = cannot be varied: all runs of a sweep share the same months, places and random seed
no-such-key = the scenario has no such key
not-variable = is not a number, a choice or a switch: nothing else can be varied
is-there-twice = appears twice
column-name-wrong = its column { $column } { $why }
other-column-name = another name with `column`

## experiment/sweep/variants.rs

refused-advice = { $error }{ $advice }
layouts-regions = regions
layouts-zones = zones
layouts-carriers = places that carry weight
layouts-has = has the { $kind } { $all }, which { $base } lacks: its means cover different places
layouts-lacks = lacks the { $kind } { $all }, which { $base } has: its means cover different places
of-design = a { $name } design

## design/constraint: constraints of a plan

constraint-parse = column { $column }: expected { $expected }, found { $found }
constraint-condition = a condition
constraint-name = a name
constraint-comparison = a comparison such as `a < b`
constraint-longest = at most { $LONGEST } bytes
constraint-opening = an opening `(` before
constraint-operator-or-end = an operator, `and`, `or` or the end
constraint-nesting = at most { $DEEPEST } levels of nesting
constraint-as-left = { $kind } as on the left
constraint-closing = an operator or a closing `)`
constraint-atom = a number, a parameter name, a text in quotes or `(`
constraint-function = a function ({ $known })
constraint-argument = an operator, `,` or a closing `)`
constraint-one-value = one value in `{ $name }( )`
constraint-text = the text "{ $text }"
constraint-end = the end
constraint-not = `not` or `!=`
constraint-word = a name, a number or an operator
constraint-number-such = a number such as 0.5 or 1e-3
constraint-quote = a closing { $quote } for the one that opens here
constraint-backquotes = a name between the backquotes
constraint-none = none
constraint-no-value = `{ $name }` has no value
constraint-kind = `{ $name }` is { $found }, where { $needed } is needed
constraint-unlike = { $left } and { $right } are of different kinds and cannot be compared
constraint-value = the { $kind } { $value }
constraint-the-value = the value

## design: distributions, levels, sizes

level-number = number
level-text = text
level-flag = flag
no-finite-number = { $value } is not a finite number
levels-empty = is empty: write at least one value
whole-numbers-only = { $value } is not a whole number, but this parameter takes whole numbers only
levels-of-one-kind = { $value } is a { $this } but { $other } is a { $first }: write values of one kind
levels-twice = { $value } appears twice
log-not-above-0 = { $min } is not above 0, as a logarithm needs
mode-outside = { $mode } is not between min { $min } and max { $max }
max-not-above = { $max } is not above min { $min }
sd-not-above-0 = { $sd } is not above 0
normal-cut = min and max leave almost nothing of a normal distribution with mean { $mean } and sd { $sd }: move them towards the mean, or use another distribution
weights-count = there are { $weights } weights for { $values } values
not-a-weight = { $value } is not a weight: write 0 or more
weights-sum = they add up to { $sum }: at least one must be above 0
parameter-twice = `{ $name }` appears twice among the parameters
design-no-points = the design has 0 { $what }: ask for at least 1
design-parameter = `{ $parameter }`: { $key } { $message }
design-needs = `{ $parameter }` needs { $needs } in a { $design } design
needs-levels = levels (or from, to and steps)
needs-distribution = a distribution (for a list of values: discrete)
design-endless = `{ $parameter }` is unbounded on one side: a morris design visits both ends of every distribution, so give min and max
morris-levels = levels is { $levels }: a morris design takes an even number from 2 to 1000, usually 4
design-too-many = the design has { $count } points ({ $how }), but at most { $most }: { $advice }
about-power = about 10^{ $digits }
ask-for-fewer = ask for fewer
fewer-levels = give fewer levels, or use sobol or latin-hypercube with as many points as you can run
rows-of-list = rows of the list
split-list = split the list
sobol-columns = a { $design } design of this size takes { $columns } columns of the Sobol sequence, which has { $most }: vary fewer parameters, or use random or latin-hypercube
maximin-points = the maximin option takes at most { $most } points, not { $points }: leave it out, or use sobol, which spreads out any number of points
constraint-unknown-name = `{ $constraint }` names `{ $name }`, which is not a parameter of this design
constraint-cannot = `{ $constraint }` cannot be evaluated at { $point }: { $why }
few-trajectories = the constraints leave { $distinct } distinct trajectories of { $trajectories }, but elementary effects need at least { $fewest }: use more levels, narrow the distributions to the region that satisfies the constraints, or loosen them
too-narrow = only { $accepted } of { $tried } { $what } satisfy the constraints, about { $share }: narrow the distributions to the region that satisfies them, loosen the constraints, or ask for fewer
one-in = 1 in { $n }
none-of-them = none
points-of-grid = points of the grid
design-row = row { $row }: { $why }
list-values = has { $n } values for { $needs } parameters
does-not-hold = `{ $constraint }` does not hold: { $values }
same-trajectories = only { $distinct } of { $trajectories } trajectories are distinct, and elementary effects are based on these: more levels give more distinct trajectories
pool-of-draws = only a design whose points are draws of the parameters can have replicates from a pool
pool-replicates = with fewer replicates of a point, its luck is hardly told from that of all points
pool-or-own = replicates are either from a pool or each point's own
pool-first = replicates from a pool have their own numbers
pool-points = too few points for a pool of replicates: each replicate has to meet at least 4
set-of-draws = not a number, a text or true or false: it cannot be set where parameters are drawn
varied-and-set = is varied and also set, in { $layout }
varied-or-set = leave one of the two out
drawn-and-set = is drawn and also set, in { $layout }: one of the two would not count
drawn-or-set = leave it out of the plan, or do not set it
power-of-two = a { $design } design is best balanced with a power of two: { $below } or { $above } instead of { $n }
sobol-dependent = Sobol indices take the parameters to be independent: under constraints they are not, and the indices need not add up

## world/memory: what a run needs

memory-needed = this scenario needs about { $needed } of memory, { $available } are available: { $what }
memory-of-run = { $world } for { $links } links and the places, { $building } while they are built, { $each } for each of { $replicates } at a time (about { $innovations } innovations), { $rows } of it for rows of tables, { $program } for the program itself; use fewer threads, fewer --tables, a larger --every, a smaller k, fewer places or fewer tasks{ $firms }
memory-of-firms = ; of this, { $words }
memory-firms = { $world } for { $firms } firms and their { $links } links, { $making } more while these are made, { $each } for each of { $replicates } at a time
memory-of-sample = { $sample } for the rows of the table `sample` of { $replicates } at a time, { $rest } for all else; take a smaller `firms.sample` ({ $fit } % of it would fit){ $threads }
memory-too-many-firms = { $words }, { $rest } for all else; take fewer firms (about { $fit } would fit), fewer partners (`firms.partners`), fewer domains{ $threads }
or-fewer-threads = , or fewer threads
fewer-threads = , fewer threads
replicates-counted =
    { $n ->
        [one] { $n } replicate
       *[other] { $n } replicates
    }

## world/links.rs

links-most = more than { $most } links: lower k or shorten the link tables
links-memory = no memory for more than { $links } links: lower k or shorten the link tables
replicate-memory = no memory for the pairs of places and innovations of a replicate, { $bytes }: use fewer threads, places or tasks

## experiment/run.rs

no-table = there is no table of this name
no-firms-no-table = this scenario has no firms (`[firms]`), so it has no such table
tables-or-all = { $known } or all

## experiment/runner.rs, experiment/session.rs

program-failed = the program failed: { $why }
it-does-not-say = it does not say why
pilot-says-nothing = the pilot is not informative about { $outcome }: layout { $layout } and the baseline both have a value in { $pairs } of its { $pilot } replicates, and two is the minimum; take a larger --min-replicates, or an outcome or month that has values

## experiment/sweep: points that cannot be run

points-will-fail = { $failing } of the first { $checked } points cannot be run and will be recorded as failed runs; a constraint would exclude them. The first is { $settings }: { $words }
scenario-changed = a file of the scenario has changed since the sweep began

## sensitivity: columns that do not belong together

shape-length = { $what } has { $found } values where { $expected } belong
shape-step = step { $step } of trajectory { $trajectory } (from 0) does not change one parameter of its own
shape-column = column { $i }
shape-ab = AB of parameter { $i }
shape-list-of-ba = the list of BA
shape-ba = BA of parameter { $i }
shape-outcome = the outcome
shape-points = the table of points

## cluster/ask.rs, cluster/words.rs, cli/arguments.rs: what is wrong with an argument

span-form = a time is written like 2h, 90m, 1d12h, 02:00:00 or 1-12:00:00
span-range = from one minute to ten years
memory-form = memory is written like 4G or 500M, from 1M to 64T
account-name = Latin letters, digits and _ - . , : @ + only, and no - in front
shard-number = the number of a shard counts from 0 to { $last } here
shard-form = must be I/N, for example 0/16 for the first of 16
duration-form = is not a time: write 90s, 30m, 2h, 1d, or 01:30:00

## scenario/conform.rs: what a required key is, as its declaration says it (`Text::of_key` finds it)

key-format = Version of this file format; 1 for now.
key-name = Short name; the results folder is named after it. Letters, digits, `-` and `_`.
key-start = First month of the run.
key-end = Last month of the run (included).
key-places = Where the places come from.
key-domains = Domains of innovation, in reporting order.
key-layers = The layers of links between places.
key-files = CSV files beside the scenario, read one after the other.
key-id-of-tables = The id that the place tables have.
key-id-of-columns = Stable id; column names are made from it: lower-case letters, digits, `_`.
key-affinity = Share of the domain that travels on each layer; the shares add up to 1.
key-links = Where the links of this layer come from. Each source is row-standardised, weighted by its `share`, added up, and the sum is row-standardised again.
key-rule = The rule that makes the links.
key-id-of-industry = Stable id. Where the place tables have a column `industry_<id>`, it is the industry's weight in each region, relative to the country.
key-layout = Short name of the layout.
key-id = Stable id.
key-id-of-merged = Id of the new alliance.
key-of = The active alliances that it replaces. It takes the first one's strength, exponent and layers, and the earliest start and latest end, unless given here.
key-sweep = Short name; the sweep's folder is named after it. Letters, digits, `-` and `_`.
key-scenario = Scenario: a folder with scenario.toml, or a TOML file; its path from the folder of the plan.
key-design = The design.
key-measures = Measures: columns of the table `national`.
key-kind = Kind of design.
