#!/usr/bin/env bash
# Records samples/attacks.pcap and samples/everyday.pcap: real traffic of real tools between two
# network namespaces, bounded in count and time. Needs root, iproute2, tcpdump, nmap, hping3, curl
# and python3; touches nothing outside its namespaces.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

outside=ips-record-outside
server=ips-record-server
work=$(mktemp -d)
finish() {
    jobs -p | xargs -r kill 2>/dev/null || true
    ip netns del $outside 2>/dev/null || true
    ip netns del $server 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

ip netns add $outside
ip netns add $server
ip -n $outside link add link0 type veth peer name link0 netns $server
# .10 is a client, .66 a scanner, .99 tries a form; .77 belongs to nobody, so nobody resets what a flood opens.
ip -n $outside address add 192.0.2.10/24 dev link0
ip -n $outside address add 192.0.2.66/24 dev link0
ip -n $outside address add 192.0.2.99/24 dev link0
ip -n $outside address add 2001:db8::10/64 dev link0 nodad
ip -n $server address add 192.0.2.80/24 dev link0
ip -n $server address add 2001:db8::80/64 dev link0 nodad
for namespace in $outside $server; do
    ip -n $namespace link set lo up
    ip -n $namespace link set link0 up
    ip netns exec $namespace ethtool -K link0 tx off tso off gso off gro off >/dev/null 2>&1 || true
done
ip -n $server route add default dev link0

mkdir "$work/site"
seq 1000 >"$work/site/index.html"
ip netns exec $server python3 -m http.server 80 --bind :: --directory "$work/site" >/dev/null 2>&1 &
sleep 1

from() { ip netns exec $outside timeout 60 "$@" >/dev/null 2>&1 || true; }
client() {
    for _ in $(seq "$1"); do
        from curl -s --interface 192.0.2.10 http://192.0.2.80/index.html
        from curl -s -g 'http://[2001:db8::80]/index.html'
        sleep 0.3
    done
}
record() {
    ip netns exec $server tcpdump -q -U -Z root -i link0 -w "$work/$1" 2>/dev/null &
    recorder=$!
    sleep 1
}
recorded() {
    sleep 2
    kill $recorder
    wait $recorder || true
    mv "$work/$1" "$1"
    chmod 644 "$1"
}

record everyday.pcap
from hping3 -q --icmp -i 1 -c 4 192.0.2.80 &
client 5
recorded everyday.pcap

record attacks.pcap
from hping3 -q --icmp -i 1 -c 12 192.0.2.80 &
client 8 &
for scan in -sS -sN -sF -sX; do
    from nmap -n -Pn $scan -T4 -p 1-200 -S 192.0.2.66 -e link0 192.0.2.80
done
for query in "id=1%27+OR+%271%27%3D%271" "id=1+UNION+SELECT+login%2Cpassword+FROM+users--+-" \
    "name=%3Cscript%3Ealert%281%29%3C%2Fscript%3E" "page=..%2F..%2F..%2Fetc%2Fpasswd"; do
    from curl -s --interface 192.0.2.99 "http://192.0.2.80/index.html?$query"
done
from hping3 -q -S -p 80 -a 192.0.2.77 -i u1000 -c 600 192.0.2.80
from hping3 -q --icmp -a 192.0.2.78 -i u1000 -c 600 192.0.2.80
from hping3 -q -S -p 80 --rand-source -i u500 -c 1500 192.0.2.80
recorded attacks.pcap
ls -l ./*.pcap
