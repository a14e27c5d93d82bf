#!/usr/bin/env bash
# {{ p.title }}
# Makes the results again from inputs/, the figures and the report from the results, and compares the tables.
set -euo pipefail
unset CDPATH # with it, cd may go to a folder of the same name elsewhere
program=$(command -v "${POINTPLANE:-pointplane}") || {
    echo "pointplane is not on the path: install it, or set POINTPLANE to where it is" >&2
    exit 1
}
case $program in /*) ;; *) program=$PWD/$program ;; esac
cd -- "$(dirname -- "$0")"
package=$PWD
sums() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
"$program" --version
cd inputs
rm -rf -- "$package/replicated"/{{ p.name_quoted }}
"$program" {{ p.arguments }} --out "$package/replicated"/{{ p.name_quoted }}
(cd -- "$package/replicated"/{{ p.name_quoted }} && sums --check "$package/checksums.sha256")
{%- if p.figures %}
"$program" figures "$package/replicated"/{{ p.name_quoted }} --lang {{ p.lang }} --format {{ p.format }} --quiet
{%- endif %}
{%- if p.reported %}
"$program" report "$package/replicated"/{{ p.name_quoted }} --lang {{ p.lang }} --quiet
{%- endif %}
echo "{{ p.done }}"
