#!/bin/bash
# Installs what the native stack, the build and the tests need: Debian's packages, and Python environments with pinned versions.
# Quiet and quick when nothing is to do.
set -euo pipefail
umask 022

native=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$native/../.." && pwd)
home=${FAULTLINE_HOME:-$project/.faultline}
say() { echo "setup: $*" >&2; }
fail() { say "$*"; exit 1; }

mkdir -p "$home"
exec 9>"$home/setup.lock"
flock --nonblock 9 || { say "waiting for another setup"; flock 9; }

# One package a line, and why.
debian="
libpq-dev              client of PostgreSQL
libcurl4-openssl-dev   HTTP: S3, Qdrant, OpenAI
libssl-dev             TLS
openssl                certificates for tests of TLS
libhiredis-dev         client of Redis
libsqlite3-dev         history of runs
pkg-config             finds these libraries
postgresql             server of the native stack
redis-server           server of the native stack
poppler-utils          text of PDF documents
python3                runs servers that come as Python packages
python3-venv           keeps them apart from the system's
curl                   a client in tests
prometheus             promtool, which reads the metrics page in tests; the server is not started
util-linux             setpriv: PostgreSQL refuses to be root's
"

missing=()
reasons=""
if command -v dpkg-query >/dev/null; then
    installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
    while read -r package reason; do
        [[ -z $package ]] && continue
        grep -qx "$package" <<<"$installed" && continue
        missing+=("$package")
        reasons+="  $package: $reason"$'\n'
    done <<<"$debian"
else
    for program in redis-server pdftotext setpriv python3; do
        command -v "$program" >/dev/null || fail "this is no Debian, and $program is missing; install: $(tr '\n' ';' <<<"$debian")"
    done
fi

as_root=()
if ((${#missing[@]})); then
    if [[ $(id -u) != 0 ]]; then
        if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
            as_root=(sudo)
        else
            fail "Debian packages are missing. Run this as root, then again what you just ran:
  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
        fi
    fi
    say "installing Debian packages:"
    printf '%s' "$reasons" >&2

    # Debian starts servers as it installs them; ours are started by faultline alone. Servers that run already are left alone.
    servers=()
    for server in postgresql redis-server prometheus; do
        [[ " ${missing[*]} " == *" $server "* ]] && servers+=("$server")
    done
    policy=/usr/sbin/policy-rc.d
    if ((${#servers[@]})) && [[ ! -e $policy ]]; then
        trap '"${as_root[@]}" rm -f "$policy"' EXIT
        trap 'exit 130' INT TERM
        # 101: not allowed to start. Anything but these servers is none of our business.
        printf '#!/bin/sh\ncase "$1" in postgresql*|redis*|prometheus*) exit 101;; esac\nexit 0\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
    fi
    log=$home/apt.log
    {
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
    } >"$log" 2>&1 </dev/null || { tail -n 15 "$log" >&2; fail "apt-get failed; its output is in $log"; }
    if ((${#servers[@]})) && [[ -d /run/systemd/system ]]; then
        "${as_root[@]}" systemctl disable --quiet "${servers[@]}" || say "could not keep ${servers[*]} from starting at boot"
    fi
fi

# Swift is no Debian package, so it is only looked for.
wanted=6.3
command -v swift >/dev/null ||
    fail "Swift $wanted or newer is missing: install a toolchain from swift.org/install/linux and put its usr/bin on PATH"
found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
if [[ $(printf '%s\n' "$wanted" "${found:-0}" | sort -V | head -n 1) != "$wanted" ]]; then
    fail "Swift $wanted or newer is needed, and $(command -v swift) is ${found:-of an unknown version}; see swift.org/install/linux"
fi

venv_of() { # FOLDER LIST WHAT: an environment with what LIST names, unless it is there already
    local folder=$1 list=$2 what=$3 digest
    digest=$(sha256sum "$list" | cut -d ' ' -f 1)
    [[ $(cat "$folder/requirements.sha256" 2>/dev/null) == "$digest" ]] && return
    /usr/bin/python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "/usr/bin/python3 is $(/usr/bin/python3 --version 2>&1); 3.11 or newer is needed"
    say "installing $(grep -c == "$list") Python packages in $folder: $what"
    # The digest is written last, so that what was cut short is made anew.
    rm -rf "$folder"
    /usr/bin/python3 -m venv "$folder" &&
        "$folder/bin/pip" install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
            --only-binary :all: --requirement "$list" </dev/null ||
        fail "pip failed; see above"
    echo "$digest" >"$folder/requirements.sha256"
}
python=$home/python
venv_of "$python" "$native/requirements.txt" "servers of the native stack, and clients for tests"
chmod +x "$python"/lib/python3*/site-packages/arcadedb_embedded/jre/bin/java

# Clients of which tests drive more than one version: each in a folder of its own, to be put before the environment's.
clients=$home/clients
pip_into() { # NAME [OPTION...]: what clients/NAME.txt lists, unless it is there already
    local name=$1 folder=$clients/$1 list=$native/clients/$1.txt
    shift
    local digest
    digest=$(sha256sum "$list" | cut -d ' ' -f 1)
    [[ $(cat "$folder/requirements.sha256" 2>/dev/null) == "$digest" ]] && return
    say "installing clients/$name"
    rm -rf "$folder"
    "$python/bin/pip" install --quiet --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
        --only-binary :all: "$@" --requirement "$list" --target "$folder" </dev/null || return
    echo "$digest" >"$folder/requirements.sha256"
}
pids=()
venv_of "$home/python-worker" "$project/examples/python-worker/requirements.txt" "the example in examples/python-worker" &
pids+=($!)
for name in redis-5 redis-6 hiredis neo4j-6 temporalio toxiproxy schemathesis; do
    pip_into "$name" &
    pids+=($!)
done
# Of this version there is no wheel, and the tool that builds one is pinned as well.
pip_into setuptools &&
    PYTHONPATH=$clients/setuptools pip_into neo4j-4.4 --no-binary neo4j --no-build-isolation --use-pep517 &
pids+=($!)
for pid in "${pids[@]}"; do
    wait "$pid" || fail "pip failed; see above"
done
