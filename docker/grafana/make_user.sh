#!/bin/sh
# Make the database user `grafana`, or give it its rights and password anew. It reads what the boards show, and nothing of
# people, sessions and settings. Compose runs this as the service grafana-user; by hand, as the server's root:
#   sh make_user.sh librarian PASSWORD_FILE [OPTIONS OF THE CLIENT]
# ROOT_PASSWORD_FILE names the file with root's password, where root has one.
set -e
database=$1
password=$(cat "$2")
shift 2
if [ -n "$ROOT_PASSWORD_FILE" ]; then
  MYSQL_PWD=$(cat "$ROOT_PASSWORD_FILE")
  export MYSQL_PWD
fi
case $password in *[!A-Za-z0-9]*) echo "The password of grafana may hold letters and digits only." >&2 && exit 2 ;; esac

tables="cameras_node cameras_camera cameras_image cameras_event cameras_visit cameras_purge cameras_deadletter
  detections_detectionrun detections_detection plates_recognitionrun plates_plate plates_platereading plates_sighting
  rollups_traffichour rollups_trafficsite rollups_thingshour rollups_thingssite rollups_workhour rollups_worksite"
{
  echo "CREATE USER IF NOT EXISTS grafana@'%';"
  echo "ALTER USER grafana@'%' IDENTIFIED BY '$password' WITH MAX_USER_CONNECTIONS 20 MAX_STATEMENT_TIME 60;"
  for table in $tables; do echo "GRANT SELECT ON \`$database\`.\`$table\` TO grafana@'%';"; done
} | mariadb "$@"
echo "The user grafana may read $database."
