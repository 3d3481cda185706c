#!/usr/bin/env python3
"""How long is it from the frame that gives an attacker away to the kernel's dropping what he sends?

SOURCES attackers, one after another, send a ping every 200 microseconds. The sensor's EVE says which
frame made the alert; a raw socket behind the firewall says which packet was the last to pass. Prints
the time between the two.

    sudo scripts/frame_to_drop.py [SOURCES]      200 unless told otherwise

Needs root, ip, nft and the built sensor. Takes everything down again.
"""

import json
import os
import signal
import socket
import struct
import sys
import time
from datetime import datetime

import lab

GAP_SECONDS = 0.0002
PINGS = 500
PAUSE_SECONDS = 0.1


def source(number):
    return "10.1.%d.%d" % (number // 250, number % 250 + 1)


def attack(victim_mac, own_mac, sources):
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    link.bind(("eth0", 0))
    for number in range(sources):
        ping = struct.pack("!BBHHH", 8, 0, 0, 7, 7) + bytes(56)
        frame = lab.frame(victim_mac + own_mac, source(number), 1, ping, 2)
        began = time.monotonic()
        for i in range(PINGS):
            link.send(frame)
            while time.monotonic() < began + (i + 1) * GAP_SECONDS:
                pass
        time.sleep(PAUSE_SECONDS)


def receive():
    """Prints, at its end, when the last ping of each source came through the firewall."""
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    raw.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
    last = {}

    def tell(*arguments):
        print(json.dumps(last), flush=True)
        os._exit(0)

    signal.signal(signal.SIGTERM, tell)
    while True:
        packet, extra, _, _ = raw.recvmsg(2000, 100)
        seconds, nanoseconds = struct.unpack("qq", extra[0][2][:16])
        last[socket.inet_ntoa(packet[12:16])] = seconds * 1000000 + nanoseconds // 1000


def microseconds(text):
    return round(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp() * 1e6)


def main(sources):
    this = os.path.abspath(__file__)
    with lab.Lab() as hosts:
        hosts.start_sensor("--set", "bans.ban-budget=100000")
        receiver = hosts.start(lab.SENSOR_HOST, sys.executable, this, "receive", output="last.json")
        time.sleep(0.5)
        macs = lab.mac(lab.SENSOR_HOST), lab.mac(lab.OTHER_HOST)
        hosts.start(lab.OTHER_HOST, sys.executable, this, "attack", *macs, str(sources)).wait()
        receiver.send_signal(signal.SIGTERM)
        receiver.wait()
        last = json.loads(hosts.read("last.json"))
        milliseconds = []
        with open(hosts.logs + "/eve.json") as f:
            for line in f:
                event = json.loads(line)
                if event["event_type"] == "alert" and event["src_ip"] in last:
                    given_away = microseconds(event["ips"]["last"])
                    milliseconds.append((last[event["src_ip"]] - given_away) / 1000)
    milliseconds.sort()
    if len(milliseconds) < sources:
        print("WRONG: %d of %d attackers were alerted" % (len(milliseconds), sources))
        return 1
    at = lambda share: milliseconds[min(len(milliseconds) - 1, int(share * len(milliseconds)))]
    print("%d attackers: p50 %.1f ms, p90 %.1f, p99 %.1f, most %.1f" % (sources, at(0.5), at(0.9), at(0.99), at(1)))
    return 0


def six_bytes(text):
    return bytes(int(part, 16) for part in text.split(":"))


if __name__ == "__main__":
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    if word == "attack":
        attack(six_bytes(sys.argv[2]), six_bytes(sys.argv[3]), int(sys.argv[4]))
    elif word == "receive":
        receive()
    else:
        sys.exit(main(int(word or 200)))
