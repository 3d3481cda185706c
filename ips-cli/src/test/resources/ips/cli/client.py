"""Web transfers, pings and one long connection; ends, and says why, when anything gets lost."""

import os
import socket
import struct
import sys
import threading
import time
import urllib.request

HOST = sys.argv[1]


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def ping():
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    raw.settimeout(3)
    number = 0
    while True:
        number += 1
        request = struct.pack("!BBHHH", 8, 0, 0, os.getpid() & 0xFFFF, number & 0xFFFF)
        request = request[:2] + struct.pack("!H", checksum(request)) + request[4:]
        raw.sendto(request, (HOST, 0))
        while True:
            answer = raw.recv(2000)[20:28]
            if answer[0] == 0 and answer[4:] == request[4:]:
                break
        time.sleep(0.2)


def guarded_ping():
    try:
        ping()
    except BaseException as e:
        print("ping: %r" % e, flush=True)
        os._exit(1)


threading.Thread(target=guarded_ping, daemon=True).start()
talk = socket.create_connection((HOST, 9000), 5)
talk.settimeout(3)
lines = talk.makefile("rwb")
done = 0
while True:
    lines.write(b"hello\n")
    lines.flush()
    assert lines.readline() == b"hello\n"
    assert len(urllib.request.urlopen("http://" + HOST + ":8000/", timeout=3).read()) == 30000
    done += 1
    print(done, flush=True)
    time.sleep(0.05)
