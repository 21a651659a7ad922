#!/bin/sh
# Install with apt-get what the tests need of the system and what is missing; `make test` calls this, and it can be run
# again at any time. PY is the Python that mysqlclient is built for.
#
# Only packages that start no service and make no system user: MariaDB's bare programs instead of mariadb-server, and
# redis-tools, whose redis-check-rdb is Redis' server under another name (the package redis-server adds a link, a unit and
# a user). The tests run private servers from these programs and never meet one that the machine's owner runs.
set -e
PATH=$PATH:/usr/sbin:/sbin
missing=""
caddy=""

have() { command -v "$1" >/dev/null 2>&1; }
want() { missing="$missing $*"; }
python_can() { "${PY:-python3}" -c "$1" >/dev/null 2>&1; }

have mariadbd && have mariadb-install-db || want mariadb-server-core
have mariadb || want mariadb-client-core
have mariadb-tzinfo-to-sql || want mariadb-client
[ -e /usr/share/zoneinfo/Europe/Berlin ] || want tzdata
have redis-server || have redis-check-rdb || want redis-tools
have docker-compose || want docker-compose
have curl || want curl
have wget || want wget
have systemd-analyze || want systemd
have chromium || have chromium-browser || have google-chrome || want chromium
if ! python_can 'import MySQLdb'; then # mysqlclient has no wheel and is compiled
  have cc || have gcc || want gcc libc6-dev
  have pkg-config || want pkg-config
  pkg-config --exists libmariadb 2>/dev/null || pkg-config --exists mysqlclient 2>/dev/null || want libmariadb-dev
  python_can 'import sysconfig, pathlib
assert (pathlib.Path(sysconfig.get_path("include")) / "Python.h").exists()' || want python3-dev
fi

# Caddy's package would start a service and make a user: its program alone is unpacked.
tools=build/tools
have caddy || [ -x $tools/usr/bin/caddy ] || caddy=missing

[ -n "$missing$caddy" ] || exit 0
refuse() {
  echo "The tests need packages that could not be installed here ($1). As root: apt-get install --no-install-recommends$missing${caddy:+ caddy}" >&2
  exit 2
}
have apt-get || refuse "there is no apt-get"
as_root=""
if [ "$(id -u)" != 0 ]; then
  have sudo && sudo -n true 2>/dev/null || refuse "neither root nor sudo without a password"
  as_root="sudo -n"
fi
echo "installing for the tests:$missing${caddy:+ caddy (its program alone)}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
unpack_caddy() {
  mkdir -p $tools && cd $tools && apt-get download caddy && dpkg-deb --extract caddy_*.deb . && rm caddy_*.deb
}
# --no-remove: whoever has another server of the same kind keeps it.
{ $as_root apt-get update && { [ -z "$missing" ] || $as_root env DEBIAN_FRONTEND=noninteractive \
  apt-get install --yes --no-install-recommends --no-remove $missing; } &&
  { [ -z "$caddy" ] || (unpack_caddy); }; } >"$log" 2>&1 </dev/null ||
  { tail -n 20 "$log" >&2; refuse "apt-get failed"; }
