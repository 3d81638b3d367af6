#!/bin/sh
# Makes or renews .venv: venv.sh PYTHON UV_VERSION LOCK. Quick when the lock has not changed.
set -eu
python=$1 uv_version=$2 lock=$3
want=$(cat "$lock" deploy/venv.sh | sha256sum | cut -c1-64)
# The test lock holds everything the plain one does, so an environment made for tests serves the demo too.
both=$(cat requirements-test.lock deploy/venv.sh | sha256sum | cut -c1-64)
have=$(cat .venv/lock.stamp 2>/dev/null || true)
if [ "$have" = "$want" ] || [ "$have" = "$both" ]; then exit 0; fi

command -v "$python" >/dev/null 2>&1 || {
    echo "$python is missing. On Debian 12, as root: apt-get install -y python3.11 python3.11-venv make" >&2
    exit 1
}
echo "Preparing .venv from $lock …"
[ -x .venv/bin/python ] || "$python" -m venv .venv || {
    echo "Python's venv module is missing. On Debian 12, as root: apt-get install -y python3.11-venv" >&2
    exit 1
}
.venv/bin/python -m pip install -qq --disable-pip-version-check "uv==$uv_version"
# uv asks the same places as pip does on this machine, without their names standing in any file, and trusts
# the certificates that the machine trusts.
ask() { .venv/bin/python -m pip config list 2>/dev/null | sed -n "s/^global\.$1='\(.*\)'\$/\1/p"; }
index=${PIP_INDEX_URL:-$(ask index-url)}
cert=${PIP_CERT:-$(ask cert)}
[ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
[ -z "$cert" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$cert}"
[ ! -s /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"
echo "$want" > .venv/lock.stamp
