#!/usr/bin/env bash
# The example shop: in the window, or as pictures where there is no display.
set -euo pipefail
cd "$(dirname "$0")/.."
shop=out/example-shop
pictures=out/pictures
mkdir -p out

if [[ ! -s $shop/.last-day ]]; then
  echo "filling the example shop (first time only) …"
  rm -rf "$shop"
  last=$(date -d yesterday +%F)
  .venv/bin/csdesk-cli --data "$shop" demo --last-day "$last"
  echo "$last" >"$shop/.last-day"
fi

if .venv/bin/python installer/display.py; then
  exec .venv/bin/csdesk --data "$shop"
fi

echo "no display here (这里没有显示器): drawing the 邀评 page and its charts as pictures instead."
mkdir -p "$pictures"
last=$(<"$shop/.last-day")
month=(--from "$(date -d "$last -29 days" +%F)" --to "$last")
draw() { .venv/bin/csdesk-cli --data "$shop" "$@" "${month[@]}"; }
draw page invites --out "$pictures/page-invites-light.png" --theme light
draw page invites --out "$pictures/page-invites-dark.png" --theme dark
charts=$(.venv/bin/csdesk-cli charts --json | .venv/bin/python -c \
  'import json, sys; print(*(chart["id"] for chart in json.load(sys.stdin)["charts"] if chart["page"] == "invites"))')
for chart in $charts; do
  draw chart "$chart" --out "$pictures/$chart.png"
done
echo "pictures are in $PWD/$pictures (图片在这里)"
