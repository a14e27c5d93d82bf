#!/usr/bin/env bash
# {{ p.title }}
# Holds the files of this package against checksums.sha256, makes the results again from inputs/, then figures and report, and
# holds tables and figures against replicated.sha256.
set -euo pipefail
unset CDPATH # with it, cd may go to a folder of the same name elsewhere
asked=${POINTPLANE:-pointplane}
program=$(command -v "$asked") || {
    echo "$asked": {{ says.no_program }} >&2
    exit 1
}
case $program in /*) ;; *) program=$PWD/$program ;; esac
cd -- "$(dirname -- "$0")"
# FAILED is FAILED in every language.
sums() { if command -v sha256sum >/dev/null; then LANGUAGE=en sha256sum "$@"; else shasum -a 256 "$@"; fi; }
found=$("$program" --version)
echo "$found"
[ "$found" = {{ p.program }} ] || echo {{ says.other_program }} >&2
if ! sums --check checksums.sha256; then
    echo {{ says.changed }} >&2
    exit 1
fi
again=$PWD/replicated/{{ p.name_quoted }}
rm -rf -- "$again"
cd inputs # names and places for figures are found from here, too
"$program" {{ p.arguments }} --out "$again"
{%- if p.figures %}
"$program" figures "$again" --lang {{ p.lang }} --format {{ p.format }} --quiet
{%- endif %}
{%- if p.reported %}
"$program" report "$again" --lang {{ p.lang }} --quiet
{%- endif %}
cd ..
if ! sums --check replicated.sha256; then
    echo {{ says.differs }} >&2
    exit 1
fi
echo {{ says.same }}
