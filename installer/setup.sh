#!/usr/bin/env bash
# Makes .venv with the pinned packages and sees to the system libraries Qt needs.
set -euo pipefail
cd "$(dirname "$0")/.."
source installer/apt.sh

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.11 python3 python3.12 python3.13; do
    if [[ -n $candidate ]] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "csdesk needs Python 3.11 or newer (需要 Python 3.11 或更新的版本): apt-get install python3" >&2
  return 1
}

if [[ ! -x .venv/bin/python ]] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    need_packages "python${version}-venv"
  fi
  echo "making .venv …"
  "$python" -m venv .venv
fi

echo "installing the pinned packages …"
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'

mapfile -t missing < <(.venv/bin/python installer/system_libraries.py)
if ((${#missing[@]})); then
  need_packages "${missing[@]}"
fi
echo "ready."
