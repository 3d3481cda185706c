#!/usr/bin/env python3
"""Does anything grow while floods come and go? Runs the sensor with --block nft for MINUTES in
network namespaces of its own, attacked by ever new sources, beside a client that must lose nothing.
Prints a line a minute and ends with 0, or says what was wrong and ends with 1.

    sudo scripts/soak.py [MINUTES [FRAMES_PER_SECOND]]      20 minutes and 6600 unless told otherwise

What the sensor remembers is bounded, and is full within the first quarter: 16,384 attacks and bans
for the summary, 4,096 addresses for ips explain, bans that ended within two minutes.

Needs root, ip, nft, a JDK (for jcmd) and the built sensor. Takes everything down again.
"""

import json
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SENSOR_HOST, OTHER_HOST = "ips-soak-v", "ips-soak-a"
VICTIM, OTHER = "192.0.2.1", "192.0.2.2"
VICTIM6, OTHER6 = "2001:db8::1", "2001:db8::2"
BAN_SECONDS = 30
SOURCES_AT_ONCE = 60
SAMPLE_SECONDS = 10

# blocked_ips.log and five before it, 10 MiB each, and two minutes of EVE.
MOST_LOG_BYTES = 100 << 20


# The other host: floods and a client.


def checksum(data):
    data += b"\0" * (len(data) & 1)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(macs, source, protocol, payload, at):
    """An Ethernet frame; the checksum of the payload belongs at its offset `at`."""
    v6 = ":" in source
    family = socket.AF_INET6 if v6 else socket.AF_INET
    addresses = socket.inet_pton(family, source) + socket.inet_pton(family, VICTIM6 if v6 else VICTIM)
    pseudo = addresses + struct.pack("!II", len(payload), protocol)
    covered = payload if protocol == 1 else pseudo + payload
    payload = payload[:at] + struct.pack("!H", checksum(covered)) + payload[at + 2 :]
    if v6:
        return macs + b"\x86\xdd" + struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64) + addresses + payload
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), random.getrandbits(16), 0, 64, protocol, 0)
    head = head[:10] + struct.pack("!H", checksum(head + addresses)) + addresses
    return macs + b"\x08\x00" + head + payload


def tcp(flags, port):
    ports = random.randint(1024, 65535), port
    return struct.pack("!HHIIBBHHH", *ports, random.getrandbits(32), 0, 0x50, flags, 1024, 0, 0)


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


def run(*command, check=True):
    return subprocess.run(command, check=check, capture_output=True, text=True).stdout


def on(host, *command, **options):
    return subprocess.Popen(["ip", "netns", "exec", host, *command], **options)


def make_hosts():
    for host in (SENSOR_HOST, OTHER_HOST):
        run("ip", "netns", "add", host)
    run("ip", "-n", SENSOR_HOST, "link", "add", "eth0", "type", "veth", "peer", "eth0", "netns", OTHER_HOST)
    for host, v4, v6 in ((SENSOR_HOST, VICTIM, VICTIM6), (OTHER_HOST, OTHER, OTHER6)):
        run("ip", "-n", host, "address", "add", v4 + "/24", "dev", "eth0")
        run("ip", "-n", host, "address", "add", v6 + "/64", "dev", "eth0", "nodad")
        run("ip", "-n", host, "link", "set", "lo", "up")
        run("ip", "-n", host, "link", "set", "eth0", "up")
    run("ip", "-n", SENSOR_HOST, "route", "add", "default", "via", OTHER)
    run("ip", "-n", SENSOR_HOST, "-6", "route", "add", "default", "via", OTHER6)


def mac(host):
    text = run("ip", "-n", host, "link", "show", "eth0")
    return re.search(r"link/ether (\S+)", text).group(1)


def ask(path, command):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(5)
        s.connect(path)
        s.sendall(json.dumps({"command": command, "format": "json"}).encode() + b"\n")
        reply = b""
        while part := s.recv(65536):
            reply += part
    return json.loads(reply.split(b"\n", 1)[1])


def number(pattern, text):
    found = re.search(pattern, text)
    return int(found.group(1)) if found else 0


def folder_bytes(folder):
    return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))


def java_below(pid):
    """The JVM that `ip netns exec` and the launcher have become."""
    with open("/proc/%d/comm" % pid) as f:
        return pid if f.read().strip() == "java" else None


def sample(pid, folder):
    with open("/proc/%d/status" % pid) as f:
        status = f.read()
    run("jcmd", str(pid), "GC.run", check=False)
    heap = run("jcmd", str(pid), "GC.heap_info", check=False)
    native = run("jcmd", str(pid), "VM.native_memory", "summary", check=False)
    state = ask(folder + "/control.sock", "status")
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
        "log": folder_bytes(folder + "/logs"),
    }


def rotate(folder):
    """As logrotate does it: what follows goes to a new file."""
    os.rename(folder + "/logs/eve.json", folder + "/logs/eve.json.1")
    ask(folder + "/control.sock", "reload")


def mean(samples, name):
    return sum(each[name] for each in samples) / len(samples)


def judge(samples, said, alive):
    """Compares the last quarter with the second: the first warms up."""
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
    folder = tempfile.mkdtemp(prefix="ips-soak-")
    os.mkdir(folder + "/logs")
    processes = []
    try:
        make_hosts()
        this = os.path.abspath(__file__)
        processes.append(on(SENSOR_HOST, sys.executable, this, "serve"))
        options = (
            "run --interface eth0 --block nft --quiet --ban-time %ds" % BAN_SECONDS
            + " --set bans.repeat-memory=2m --set bans.ban-budget=6000"
            + " --control-socket %s/control.sock --log-dir %s/logs --eve %s/logs/eve.json" % (folder, folder, folder)
        )
        environment = dict(os.environ, IPS_JAVA_OPTS="-XX:NativeMemoryTracking=summary")
        with open(folder + "/sensor.txt", "w") as out:
            sensor = on(SENSOR_HOST, ROOT + "/ips", *options.split(), env=environment, stdout=out, stderr=out)
        processes.append(sensor)
        for _ in range(200):
            if os.path.exists(folder + "/control.sock") and java_below(sensor.pid):
                break
            time.sleep(0.1)
        time.sleep(2)
        with open(folder + "/client.txt", "w") as out:
            processes.append(on(OTHER_HOST, sys.executable, this, "client", stdout=out))
        macs = mac(SENSOR_HOST), mac(OTHER_HOST)
        processes.append(on(OTHER_HOST, sys.executable, this, "flood", *macs, str(rate)))
        samples = []
        end = time.monotonic() + 60 * minutes
        line = "{minute:5.1f} heap {heap} native {native} rss {rss} KB, {threads} threads, {fds} fds, " + (
            "{bans} bans ({enforced} enforced), {frames} frames ({lost} lost), {detections} detections, log {log} {health}"
        )
        while time.monotonic() < end and sensor.poll() is None:
            time.sleep(SAMPLE_SECONDS)
            samples.append(sample(sensor.pid, folder))
            if len(samples) % (60 // SAMPLE_SECONDS) == 0:
                rotate(folder)
                print(line.format(minute=len(samples) * SAMPLE_SECONDS / 60, **samples[-1]), flush=True)
        with open(folder + "/client.txt") as f:
            wrong = judge(samples, f.read(), sensor.poll() is None)
        sensor.send_signal(signal.SIGTERM)
        sensor.wait(30)
        if sensor.returncode != 0:
            wrong.append("the sensor ended with %d" % sensor.returncode)
        with open(folder + "/sensor.txt") as f:
            said = f.read()
        if wrong:
            print(said)
        for each in wrong:
            print("WRONG: " + each)
        return 1 if wrong else 0
    finally:
        for process in processes:
            process.kill()
            process.wait()
        for host in (SENSOR_HOST, OTHER_HOST):
            run("ip", "netns", "del", host, check=False)
        shutil.rmtree(folder)


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
