#!/bin/sh
# What the sensor takes from a link: sends a flood through a veth pair in a network namespace of its
# own and tells frames sent, taken and lost, processor time per frame, idle processor time, resident
# memory and pauses of the garbage collector. Needs root, iproute2, cc, jq and a build
# (./mvnw -DskipTests package). What is behind -- goes to ips run.
#
#   ips-bench/live.sh [FLOOD [SECONDS [FRAMES-A-SECOND]]] [-- --pipelines 2 ...]
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
flood=SYN_ONE_SOURCE seconds=60 rate=0
[ $# -gt 0 ] && [ "$1" != -- ] && { flood=$1; shift; }
[ $# -gt 0 ] && [ "$1" != -- ] && { seconds=$1; shift; }
[ $# -gt 0 ] && [ "$1" != -- ] && { rate=$1; shift; }
[ $# -gt 0 ] && shift

work=$(mktemp -d)
net=ips-live-$$
sensor=
end() {
    [ -z "$sensor" ] || kill "$sensor" 2>/dev/null || true
    ip netns del "$net" 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' INT TERM

cc -O2 -o "$work/replay" "$root/ips-bench/src/main/c/replay.c"
java -cp "$root/ips-bench/target/ips-bench.jar:$root/ips-bench/target/lib/*" \
    ips.bench.flood.FloodFiles "$flood" 200000 "$work/flood.pcap" >"$work/hash"

ip netns add "$net"
ip netns exec "$net" sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n "$net" link add va type veth peer name vb
ip -n "$net" link set va up
ip -n "$net" link set vb up

IPS_JAVA_OPTS="${IPS_JAVA_OPTS:-} -Xlog:gc,safepoint:file=$work/gc.log:uptime"
export IPS_JAVA_OPTS
ip netns exec "$net" "$root/ips" run -i vb --json --quiet --log-dir "$work/logs" \
    --control-socket "$work/control.sock" "$@" >"$work/report.json" 2>"$work/errors" &
sensor=$!
tries=600
until [ -S "$work/control.sock" ]; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ] || ! kill -0 "$sensor" 2>/dev/null; then
        echo "live.sh: the sensor does not watch:" >&2
        cat "$work/errors" >&2
        exit 1
    fi
    sleep 0.1
done
sleep 2

ticks() { # processor time of the sensor so far, hundredths of a second
    awk '{ print $14 + $15 }' "/proc/$sensor/stat"
}
idle=$(ticks)
sleep 10
idle=$(($(ticks) - idle))
before=$(ticks)
begin=$(sed -n '$s/^\[\([0-9.]*\)s\].*/\1/p' "$work/gc.log")
# shellcheck disable=SC2046 # three words
set -- $(ip netns exec "$net" "$work/replay" va "$work/flood.pcap" "$seconds" "$rate")
sleep 2
spent=$(($(ticks) - before))
resident=$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$sensor/status")
kill "$sensor"
wait "$sensor" || true
sensor=

echo "$flood: $(cat "$work/hash")"
echo "sent            $1 frames in $2 s, $3 a second"
jq -r '"taken           \(.frames - .lost), lost \(.lost)"' "$work/report.json"
awk -v spent="$spent" -v sent="$1" -v s="$2" 'BEGIN {
    printf "processor time  %.0f ns a frame (all threads), %.2f cores\n", spent * 1e7 / sent, spent / 100 / s }'
awk -v t="$idle" 'BEGIN { printf "idle            %.1f %% of a core\n", t / 10 }'
echo "resident        $resident MB"
awk -v begin="${begin:-0}" '
    /Pause/ { for (i = 1; i <= NF; i++) if ($i ~ /ms$/) { ms = $i + 0; n++; if (ms > most) most = ms;
        t = substr($1, 2) + 0; if (t > begin) { m++; if (ms > late) late = ms } } }
    END { printf "GC pauses       %d of %.2f ms at most; since the flood began %d of %.2f ms\n", n, most, m, late }' \
    "$work/gc.log"
cat "$work/errors"
