#!/usr/bin/env bash
# Resolve every requirement together, then write one pinned file for each use: bash requirements/lock.sh UV
# The result names no registry and holds on any platform from Python 3.11 on.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${1:-uv}
joint=$(mktemp)
trap 'rm -f "$joint"' EXIT
options=(--universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header --quiet)

"$uv" pip compile pyproject.toml requirements/build.in --all-extras "${options[@]}" --output-file "$joint"

# use NAME INPUT...: pin what INPUT needs, at the versions of the joint answer.
use() {
  local target="requirements/$1.txt"
  {
    echo "# Pinned by \`make lock\` from pyproject.toml; do not edit."
    "$uv" pip compile "${@:2}" --constraint "$joint" "${options[@]}"
  } > "$target.new"
  mv "$target.new" "$target"
}

use run pyproject.toml
use build requirements/build.in
for extra in serve oidc test peers cluster postgres lint docs; do
  use "$extra" pyproject.toml --extra "$extra"
done
