#!/bin/sh
# Install the program on one machine with systemd: sh deploy/install.sh dist/intake_screening-....whl
# As root. Again for each new version. ROOT=/some/where puts the files there instead, and starts nothing.
set -eu
umask 022
wheel=$1
here=$(cd "$(dirname "$0")" && pwd)
root=${ROOT:-}
python=${PYTHON:-/usr/bin/python3}  # one that the service's user may run too
if [ -z "$root" ]; then
  getent passwd intake-screening >/dev/null ||
    useradd --system --user-group --home-dir /var/lib/intake-screening --shell /usr/sbin/nologin intake-screening
fi
install -d -m 0755 "$root/opt" "$root/etc/intake-screening" "$root/etc/systemd/system/intake-screening@patient.service.d"
"$python" -m venv "$root/opt/intake-screening"
"$root/opt/intake-screening/bin/pip" install -q --disable-pip-version-check ${PIP_OPTIONS---only-binary :all: --require-hashes -r "$here/../requirements.txt"}
"$root/opt/intake-screening/bin/pip" install -q --disable-pip-version-check --no-deps --no-index --force-reinstall "$wheel"
for unit in intake-screening@.service intake-screening-daily.service intake-screening-daily.timer; do
  install -m 0644 "$here/systemd/$unit" "$root/etc/systemd/system/$unit"
done
install -m 0644 "$here/systemd/patient.conf" "$root/etc/systemd/system/intake-screening@patient.service.d/keys.conf"
for role in patient staff; do  # settings of the clinic are never written over
  [ -e "$root/etc/intake-screening/$role.env" ] || install -m 0600 "$here/systemd/$role.env" "$root/etc/intake-screening/$role.env"
done
[ -z "$root" ] || exit 0
state=/var/lib/intake-screening
install -d -m 0700 -o intake-screening -g intake-screening $state
as() { setpriv --reuid intake-screening --regid intake-screening --clear-groups env -i SCREENING_DATA=$state/records SCREENING_KEYS=$state/keys PATH="$PATH" "$@"; }
as /opt/intake-screening/bin/intake-screening users list >/dev/null   # makes the store and the keys where there are none
as /opt/intake-screening/bin/intake-screening keys share $state/keys-public
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable --now intake-screening@patient intake-screening@staff intake-screening-daily.timer
  systemctl restart intake-screening@patient intake-screening@staff
fi
echo "Patients: http://127.0.0.1:8501  Staff: http://127.0.0.1:8502/sign-in  Copy $state/keys to a safe place now." >&2
