"""Two hosts of a script's own, network namespaces on one link, and the sensor on the first."""

import json
import os
import random
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SENSOR_HOST, OTHER_HOST = "ips-lab-v", "ips-lab-a"
VICTIM, OTHER = "192.0.2.1", "192.0.2.2"
VICTIM6, OTHER6 = "2001:db8::1", "2001:db8::2"


# Frames.


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


# Hosts.


def run(*command, check=True):
    return subprocess.run(command, check=check, capture_output=True, text=True).stdout


def on(host, *command, **options):
    return subprocess.Popen(["ip", "netns", "exec", host, *command], **options)


def make_hosts(made):
    """Makes them and their link; adds the names of those there are to the list made."""
    for host in (SENSOR_HOST, OTHER_HOST):
        run("ip", "netns", "add", host)
        made.append(host)
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


class Lab:
    """Makes the hosts, and takes everything down in the end."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="ips-lab-")
        self.logs = self.folder + "/logs"
        self.socket = self.folder + "/control.sock"
        os.mkdir(self.logs)
        self.processes = []
        self.hosts = []
        try:
            make_hosts(self.hosts)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *raised):
        for process in self.processes:
            process.kill()
            process.wait()
        for host in self.hosts:
            run("ip", "netns", "del", host, check=False)
        shutil.rmtree(self.folder)

    def start(self, host, *command, output=None, **options):
        """Starts a command; what it prints goes to a file of that name, if any."""
        if output:
            options["stdout"] = options["stderr"] = open(self.folder + "/" + output, "w")
        process = on(host, *command, **options)
        self.processes.append(process)
        return process

    def read(self, output):
        with open(self.folder + "/" + output) as f:
            return f.read()

    def start_sensor(self, *options, flags=""):
        """Returns once it watches; flags are the JVM's."""
        command = "run --interface eth0 --block nft --quiet --control-socket %s --log-dir %s --eve %s/eve.json" % (
            self.socket,
            self.logs,
            self.logs,
        )
        sensor = self.start(
            SENSOR_HOST,
            ROOT + "/ips",
            *command.split(),
            *options,
            output="sensor.txt",
            env=dict(os.environ, IPS_JAVA_OPTS=flags),
        )
        for _ in range(200):
            if os.path.exists(self.socket):
                time.sleep(2)
                return sensor
            time.sleep(0.1)
        raise RuntimeError("the sensor does not watch:\n" + self.read("sensor.txt"))

    def ask(self, command):
        return ask(self.socket, command)
