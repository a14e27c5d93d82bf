
## report/page/page.html

page-skip = Skip to the answer
page-contents = Contents
page-answer-link = Answer
page-differs-link = What differs
page-again = Reproduce it
page-answer = The answer
page-differs = What differs between the layouts
page-arrows = : use the arrow keys to read the values
page-svg = Figure (SVG)
page-png = Picture (PNG)
page-csv = Data (CSV)
page-sheet = The numbers as a table
page-rows = { $rows } rows
page-sums = Checksums (SHA-256)
page-sums-table = Checksums
page-file = file
page-made = Made by Pointplane { $version }.
page-offline = This file works offline; it can be mailed and printed.

## report/page/map.html

map-play = Play
map-month = Month
map-colour = Colour
map-scale = highest scale
map-stock = stock
map-show = Show
map-difference = difference B − A
map-both = A and B side by side
map-a-alone = A alone
map-layers = Layers
map-lines = lines
map-all = all lines
map-alliances = alliances
map-circles = circles
map-axes = axes
map-names = names
map-zoom-in = Zoom in
map-zoom-out = Zoom out
map-how = Point at a place, tap it, or focus the map and use the arrow keys.
map-needs-script = The map needs the script of this page, which your browser does not run. All other figures are here.
page-parameters = Parameters
page-not-varied = All of this holds for one setting of the parameters. Parameters not varied: see
