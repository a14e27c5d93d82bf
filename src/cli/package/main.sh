#!/usr/bin/env bash
# {{ p.title }}
# Holds the files of this package against checksums.sha256, makes the results again from inputs/, holds their tables against
# replicated.sha256, and makes figures and report. Words after its name go to the command{% if p.resumes %}: `bash main.sh --resume` goes on with
# one that was interrupted{% endif %}.
set -eu
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
case " $* " in *" --resume "*) ;; *) rm -rf -- "$again" ;; esac
cd inputs # names and places for figures are found from here, too
"$program" {{ p.arguments }} --out "$again" "$@"
{%- if p.summary %}
"$program" sweep summary "$again" --quiet
{%- endif %}
cd ..
if ! sums --check replicated.sha256; then
    echo {{ says.differs }} >&2
    exit 1
fi
echo {{ says.same }}
{%- if p.reported %}
cd inputs
"$program" report "$again" --lang {{ p.lang }} --quiet
{%- endif %}
{%- if p.figures %}
"$program" figures "$again" --lang {{ p.lang }} --format {{ p.format }} --quiet
cd ..
for figure in figures/*; do
    cmp -s "$figure" "$again/$figure" || echo "$figure" {{ says.drawn }} >&2
done
{%- endif %}
