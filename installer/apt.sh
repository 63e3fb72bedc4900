# Sourced. need_packages NAME...: installs Debian packages when root, else names them in one line and fails.
need_packages() {
  if [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; then
    echo "installing system packages: $*"
    local log
    log=$(mktemp)
    if ! { DEBIAN_FRONTEND=noninteractive apt-get update -qq && \
           DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
      cat "$log" >&2
      rm -f "$log"
      return 1
    fi
    rm -f "$log"
    return 0
  fi
  echo "please install first (请先安装): sudo apt-get install $*" >&2
  return 1
}
