-- Snort 3 for a comparison: streams, HTTP on its usual ports, the rules beside this file.
stream = { }
stream_ip = { }
stream_icmp = { }
stream_tcp = { }
stream_udp = { }
http_inspect = { }
binder =
{
    { when = { proto = 'tcp', ports = '80 8000 8080', role = 'server' }, use = { type = 'http_inspect' } },
}
ips = { include = 'snort.rules' }
