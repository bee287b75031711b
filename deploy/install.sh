#!/bin/sh
# Install Lianzhang from this folder, without a network: sh install.sh [folder], default /srv/lianzhang.
# Checks sums, Python, C library and disk; makes an environment; installs; begins an empty city; says what comes next.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/srv/lianzhang}
python=${PYTHON:-python3}
city=${LIANZHANG_CITY:-example}
home=${LIANZHANG_HOME:-$target/data}

fail() { echo "install: $1" >&2; exit 1; }

cd "$here"
sha256sum --quiet -c SHA256SUMS || fail "a file is not as it was packed; take the bundle again"
command -v "$python" >/dev/null || fail "$python is not there; name one: PYTHON=/path/to/python3.11 sh install.sh"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$("$python" --version) is too old, Python 3.11 or newer is needed"
"$python" -c 'import venv, ensurepip' 2>/dev/null || fail "Python's venv is missing (Debian: apt-get install python3-venv)"
wanted=$(cat python-tag)
"$python" -c "import sys; sys.exit('cp%d%d' % sys.version_info[:2] != '$wanted')" || fail "the bundle was packed for $wanted; take the one for your Python"
case $(uname -m) in "$(cat machine)") ;; *) fail "the bundle was packed for $(cat machine), this machine is $(uname -m)" ;; esac
if command -v getconf >/dev/null && libc=$(getconf GNU_LIBC_VERSION 2>/dev/null); then
  "$python" -c "import sys; v = tuple(int(x) for x in '${libc#glibc }'.split('.')); sys.exit(v < (2, 28))" || fail "$libc is too old, 2.28 is needed"
fi
mkdir -p "$target"
free=$(df -Pk "$target" | awk 'NR == 2 { print $4 }')
[ "$free" -gt 2097152 ] || fail "$target has $((free / 1024)) MB free, 2048 MB are needed"

"$python" -m venv "$target/.venv"
"$target/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels \
  --require-hashes -r requirements.txt
mkdir -p -m 700 "$home"
export LIANZHANG_HOME="$home" LIANZHANG_CITY="$city" PYTHONUTF8=1
"$target/.venv/bin/lianzhang" init --city "$city"
cp -R UPGRADE.md docs deploy "$target/"

cat <<END
Installed into $target; data lie in $home.
Next:
  export LIANZHANG_HOME=$home LIANZHANG_CITY=$city
  $target/.venv/bin/lianzhang doctor     what is still to be set
  $target/.venv/bin/lianzhang serve      web, on 127.0.0.1:8000
  $target/.venv/bin/lianzhang worker     long work
Services: $target/deploy/systemd. All else: $target/docs/index.html.
END
