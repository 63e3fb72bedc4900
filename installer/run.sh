#!/usr/bin/env bash
# The example shop: in the window, or as pictures where there is no display.
set -euo pipefail
cd "$(dirname "$0")/.."
shop=out/example-shop
pictures=out/pictures
mkdir -p out

if [[ ! -e $shop/.filled ]]; then
  echo "filling the example shop (first time only) …"
  rm -rf "$shop"
  .venv/bin/csdesk-cli --data "$shop" demo
  touch "$shop/.filled"
fi

if .venv/bin/python installer/display.py; then
  exec .venv/bin/csdesk --data "$shop"
fi

echo "no display here (这里没有显示器): drawing the 邀评 page and its charts as pictures instead."
mkdir -p "$pictures"
.venv/bin/csdesk-cli --data "$shop" page invites --out "$pictures/page-invites-light.png" --theme light
.venv/bin/csdesk-cli --data "$shop" page invites --out "$pictures/page-invites-dark.png" --theme dark
charts=$(.venv/bin/csdesk-cli --data "$shop" charts --json | .venv/bin/python -c \
  'import json, sys; print(*(chart["id"] for chart in json.load(sys.stdin)["charts"] if chart["page"] == "invites"))')
for chart in $charts; do
  .venv/bin/csdesk-cli --data "$shop" chart "$chart" --out "$pictures/$chart.png"
done
echo "pictures are in $PWD/$pictures (图片在这里)"
