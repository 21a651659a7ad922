#!/bin/sh
# Make the secrets that compose.yml hands to its services; those that exist stay. The folder is for its owner alone; the
# files in it are readable, since each container reads those it is given as a user of its own.
set -e
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
chmod 700 secrets

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { # NAME TEXT
  [ -s "secrets/$1" ] && return
  printf '%s' "$2" >"secrets/$1.part"
  chmod 444 "secrets/$1.part"
  mv "secrets/$1.part" "secrets/$1"
  echo "made docker/secrets/$1"
}

keep secret_key "$(random)$(random)"
keep metrics_token "$(random)"
keep grafana_password "$(random)"
keep grafana_database_password "$(random)"
keep redis_password "$(random)"
keep database_password "$(random)"
keep database_root_password "$(random)"
keep redis_url "redis://:$(cat secrets/redis_password)@redis:6379/0"
keep database_url "mysql://librarian:$(cat secrets/database_password)@mariadb:3306/librarian"
