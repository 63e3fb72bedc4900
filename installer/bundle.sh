#!/usr/bin/env bash
# Builds dist/csdesk in a virtual environment of its own: what is not installed there cannot slip into the bundle.
set -euo pipefail
cd "$(dirname "$0")/.."
source installer/apt.sh

venv=build/venv
state=$(cat constraints.txt pyproject.toml | sha256sum | cut -c1-16)
if [[ ! -e $venv/ready-$state ]]; then
  rm -rf "$venv"
  .venv/bin/python -m venv "$venv"
  .venv/bin/python installer/runtime_packages.py >build/runtime-packages.txt
  "$venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check -c constraints.txt \
    -r build/runtime-packages.txt pyinstaller
  touch "$venv/ready-$state"
fi
command -v objdump >/dev/null || need_packages binutils

rm -rf dist/csdesk build/pyinstaller
log=build/pyinstaller.log
if ! "$venv/bin/python" -m PyInstaller --noconfirm --log-level WARN \
  --distpath dist --workpath build/pyinstaller installer/csdesk.spec >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  exit 1
fi
cp installer/linux/csdesk.desktop resources/icons/csdesk.svg LICENSE dist/csdesk/
echo "dist/csdesk: $(du -sm dist/csdesk | cut -f1) MB"
