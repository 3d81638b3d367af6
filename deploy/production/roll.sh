#!/bin/sh
# Restarts every web process, one after the other: nginx sends people to the others meanwhile, and the sockets of the
# one that goes are told to move on. Stops at the first that does not become ready.
set -eu
for unit in {{units}}; do
    port=${unit#*@}
    port=${port%.service}
    echo "$unit …"
    systemctl restart "$unit"
    tries=0
    until curl -fsS -o /dev/null -H 'X-Forwarded-Proto: https' "http://127.0.0.1:$port/readyz"; do
        tries=$((tries + 1))
        if [ "$tries" -ge 120 ]; then
            echo "$unit is not ready after 60 s; the others still run as before" >&2
            exit 1
        fi
        sleep 0.5
    done
done
echo "All web processes run the new version."
