#!/usr/bin/env python3
"""Does anything grow while floods come and go? Runs the sensor with --block nft for MINUTES in
network namespaces of its own, attacked by ever new sources, beside a client that must lose nothing.
Prints a line a minute and ends with 0, or says what was wrong and ends with 1.

    sudo scripts/soak.py [MINUTES [FRAMES_PER_SECOND]]      20 minutes and 6600 unless told otherwise

What the sensor remembers is bounded, and is full within the first quarter: 16,384 attacks and bans
for the summary, 4,096 addresses for ips explain, bans that ended within two minutes.

Needs root, ip, nft, a JDK (for jcmd) and the built sensor. Takes everything down again.
"""

import os
import random
import re
import signal
import socket
import struct
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import lab
from lab import VICTIM, frame, run, tcp

BAN_SECONDS = 30
SOURCES_AT_ONCE = 60
SAMPLE_SECONDS = 10

# blocked_ips.log and five before it, 10 MiB each, and two minutes of EVE.
MOST_LOG_BYTES = 100 << 20


# The other host: floods and a client.


def attack_frame(macs, kind, source):
    if kind == "syn":
        return frame(macs, source, 6, tcp(0x02, 80), 16)
    if kind == "icmp":
        return frame(macs, source, 1, struct.pack("!BBHHH", 8, 0, 0, 7, 7) + bytes(56), 2)
    if kind == "udp":
        return frame(macs, source, 17, struct.pack("!HHHH", 4000, random.randint(1, 65535), 16, 0) + bytes(8), 6)
    flags = {"null": 0, "fin": 1, "xmas": 0x29, "scan": 2}[kind]
    return frame(macs, source, 6, tcp(flags, random.randint(1, 65535)), 16)


def random_source(kind, number):
    if number % 7 == 6 and kind not in ("icmp",):
        return "2001:db8:1::%x:%x" % (random.getrandbits(16), random.getrandbits(16))
    return socket.inet_ntoa(struct.pack("!I", (10 << 24) + random.getrandbits(24)))


def flood(victim_mac, own_mac, rate):
    """Sixty sources at a time, each for a second; for 5 seconds of every minute each frame has its own."""
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    link.bind(("eth0", 0))
    macs = victim_mac + own_mac
    kinds = ["syn", "icmp", "null", "scan", "udp", "fin", "xmas"]
    number = 0
    while True:
        began = time.monotonic()
        forged = int(began) % 60 < 5
        frames = []
        for _ in range(SOURCES_AT_ONCE):
            kind = "syn" if forged else kinds[number % len(kinds)]
            count = rate // SOURCES_AT_ONCE
            source = random_source(kind, number)
            frames.append(
                [
                    attack_frame(macs, kind, random_source(kind, 0) if forged else source)
                    for _ in range(count)
                ]
            )
            number += 1
        for burst in range(100):
            for each in frames:
                for one in each[burst * len(each) // 100 : (burst + 1) * len(each) // 100]:
                    try:
                        link.send(one)
                    except OSError:
                        pass  # The queue is full; the next one will do.
            rest = began + (burst + 1) / 100 - time.monotonic()
            if rest > 0:
                time.sleep(rest)


def client():
    """Transfers on connections of their own, and one that stays; prints what failed."""
    talk = socket.create_connection((VICTIM, 9000), 5)
    talk.settimeout(10)
    done = 0
    while True:
        try:
            talk.sendall(b"hello\n")
            if talk.recv(100) != b"hello\n":
                raise OSError("the long connection has ended")
            body = urllib.request.urlopen("http://%s/" % VICTIM, timeout=10).read()
            if len(body) != 30000:
                raise OSError("%d bytes" % len(body))
            done += 1
        except OSError as e:
            print("failed: %s" % e, flush=True)
        if done % 100 == 1:
            print("done %d" % done, flush=True)
        time.sleep(0.1)


# The sensor's host: a server.


class Web(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "30000")
        self.end_headers()
        self.wfile.write(b"x" * 30000)

    def log_message(self, *arguments):
        pass


def echo():
    listener = socket.create_server(("", 9000))
    while True:
        connection, _ = listener.accept()
        while data := connection.recv(100):
            connection.sendall(data)


def serve():
    threading.Thread(target=echo, daemon=True).start()
    ThreadingHTTPServer.request_queue_size = 1024
    ThreadingHTTPServer(("", 80), Web).serve_forever()


# The judge.


def number(pattern, text):
    found = re.search(pattern, text)
    return int(found.group(1)) if found else 0


def folder_bytes(folder):
    return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))


def sample(pid, hosts):
    with open("/proc/%d/status" % pid) as f:
        status = f.read()
    run("jcmd", str(pid), "GC.run", check=False)
    heap = run("jcmd", str(pid), "GC.heap_info", check=False)
    native = run("jcmd", str(pid), "VM.native_memory", "summary", check=False)
    state = hosts.ask("status")
    return {
        "heap": sum(int(kb) for kb in re.findall(r"(?:def new|tenured) generation .*?used (\d+)K", heap)),
        "native": number(r"Total: reserved=\d+KB, committed=(\d+)KB", native),
        "rss": number(r"VmRSS:\s+(\d+)", status),
        "threads": number(r"Threads:\s+(\d+)", status),
        "fds": len(os.listdir("/proc/%d/fd" % pid)),
        "bans": state["bans_wanted"],
        "enforced": state["bans_enforced"],
        "frames": state["frames"],
        "lost": state["lost"],
        "detections": state["detections"],
        "health": state["health"],
        "log": folder_bytes(hosts.logs),
    }


def rotate(hosts):
    """As logrotate does it: what follows goes to a new file."""
    os.rename(hosts.logs + "/eve.json", hosts.logs + "/eve.json.1")
    hosts.ask("reload")


def mean(samples, name):
    return sum(each[name] for each in samples) / len(samples)


def judge(samples, said, alive):
    """Compares the last quarter with the second: the first warms up."""
    if len(samples) < 4:
        return ["the sensor ended after %d samples" % len(samples)]
    quarter = len(samples) // 4
    second, last = samples[quarter : 2 * quarter], samples[-quarter:]
    wrong = []
    for name, factor, more in (
        ("heap", 1.05, 4096),
        ("native", 1.05, 4096),
        ("rss", 1.05, 8192),
        ("fds", 1.0, 4),
        ("threads", 1.0, 4),
        ("bans", 1.25, 50),
    ):
        before, after = mean(second, name), mean(last, name)
        print("%-8s %12.0f in the second quarter, %12.0f in the last" % (name, before, after))
        if after > before * factor + more:
            wrong.append("%s grows" % name)
    print("log      %12.0f bytes at most" % max(each["log"] for each in samples))
    if max(each["log"] for each in samples) > MOST_LOG_BYTES:
        wrong.append("logs grow beyond their rotation")
    if last[-1]["detections"] < 10 * len(samples):
        wrong.append("too few attacks were detected: %d" % last[-1]["detections"])
    for failure in re.findall("failed: .*", said):
        wrong.append("the client " + failure)
    if not re.search("done [0-9]{2,}", said):
        wrong.append("the client did nothing")
    for each in samples:
        if each["health"]:
            wrong.append("health: " + each["health"])
    if not alive:
        wrong.append("the sensor has ended")
    return wrong


def main(minutes, rate):
    if minutes < 1:
        sys.exit("soak.py: it takes a minute at least")
    this = os.path.abspath(__file__)
    with lab.Lab() as hosts:
        hosts.start(lab.SENSOR_HOST, sys.executable, this, "serve")
        options = "--ban-time %ds --set bans.repeat-memory=2m --set bans.ban-budget=6000" % BAN_SECONDS
        sensor = hosts.start_sensor(*options.split(), flags="-XX:NativeMemoryTracking=summary")
        hosts.start(lab.OTHER_HOST, sys.executable, this, "client", output="client.txt")
        macs = lab.mac(lab.SENSOR_HOST), lab.mac(lab.OTHER_HOST)
        hosts.start(lab.OTHER_HOST, sys.executable, this, "flood", *macs, str(rate))
        samples = []
        end = time.monotonic() + 60 * minutes
        line = "{minute:5.1f} heap {heap} native {native} rss {rss} KB, {threads} threads, {fds} fds, " + (
            "{bans} bans ({enforced} enforced), {frames} frames ({lost} lost), {detections} detections, log {log} {health}"
        )
        while time.monotonic() < end and sensor.poll() is None:
            time.sleep(SAMPLE_SECONDS)
            samples.append(sample(sensor.pid, hosts))
            if len(samples) % (60 // SAMPLE_SECONDS) == 0:
                rotate(hosts)
                print(line.format(minute=len(samples) * SAMPLE_SECONDS / 60, **samples[-1]), flush=True)
        wrong = judge(samples, hosts.read("client.txt"), sensor.poll() is None)
        sensor.send_signal(signal.SIGTERM)
        if sensor.wait(30) != 0:
            wrong.append("the sensor ended with %d" % sensor.returncode)
        if wrong:
            print(hosts.read("sensor.txt"))
        for each in wrong:
            print("WRONG: " + each)
        return 1 if wrong else 0


def six_bytes(text):
    return bytes(int(part, 16) for part in text.split(":"))


if __name__ == "__main__":
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    if word == "serve":
        serve()
    elif word == "client":
        client()
    elif word == "flood":
        flood(six_bytes(sys.argv[2]), six_bytes(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(main(float(word or 20), int(sys.argv[2]) if len(sys.argv) > 2 else 6600))
