package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Finds URLs that make the server call itself, its neighbours or its cloud's metadata service.
 *
 * <p>IPv4 addresses are read as inet_aton reads them: decimal, octal, hexadecimal, one to four
 * parts; IPv6 ones in brackets. A private address alone is odd, loopback and link-local are worse,
 * a scheme that only attacks use is certain.
 */
@HotPath
public final class SsrfJudge implements Judge {
    private final LooseIpv4 ipv4 = new LooseIpv4();
    private Text text;
    private byte[] b;
    private int n;
    private Judgement out;

    @Override
    public void judge(Text value, PartKind part, Judgement judgement) {
        if (part == PartKind.REFERER || part == PartKind.USER_AGENT) {
            return;
        }
        text = value;
        b = value.bytes();
        n = value.length();
        out = judgement;
        if (text.startsWith("unix:", 0) && text.find("|http", 5, n) > 0) {
            // a socket and a host for a proxy of Apache's (CVE-2021-40438)
            out.raise(85, "scheme", 0, 5);
        }
        int urls = 0;
        for (int i = 1; i + 1 < n && urls < 16; i++) {
            if (b[i] == ':' && (b[i + 1] == '/' || b[i + 1] == '\\')) {
                urls++;
                url(i, part);
            } else if (b[i] == ':'
                    && i < 8
                    && (text.startsWith("http", i - 4) || text.startsWith("https", i - 5))) {
                host(i + 1, 0, 5, part, true);
            }
        }
        if (urls == 0) {
            if (text.startsWith("//", 0) || text.startsWith("\\\\", 0)) {
                int from = 2;
                while (from < n && b[from] == '/') {
                    from++;
                }
                boolean address = from < n && (b[from] == '[' || b[from] >= '0' && b[from] <= '9');
                int stop = nameEnd(from);
                if (calls(from, stop) && ends(stop) && part != PartKind.PATH) {
                    out.raise(85, "internal-host", 0, stop);
                }
                // \\localhost\c$, ///localhost/
                boolean own = text.startsWith("localhost", from);
                host(from, 0, (address || own) && part != PartKind.PATH ? 5 : 50, part, true);
            } else if (text.startsWith("169.254.169.254", 0)
                    && n == 15
                    && part != PartKind.HEADER) {
                out.raise(85, "metadata", 0, n);
            } else if (n < 80 && n > 5 && part != PartKind.PATH) {
                int end = nameEnd(0);
                if (text.at(end) == '@') {
                    end = nameEnd(end + 1); // a mailbox, or a user of that host
                }
                if (ends(end) && calls(0, end)) {
                    // no name of anybody's but of one who waits to be called
                    out.raise(85, "internal-host", 0, end);
                }
                host(0, 0, text.find("/", 4, n) > 0 ? 5 : 45, part, false);
            }
        }
    }

    /** Where a host's name that begins at {@code from} ends. */
    private int nameEnd(int from) {
        int end = from;
        while (end < n && (letterOrDigit(b[end]) || b[end] == '.' || b[end] == '_')) {
            end++;
        }
        return end;
    }

    /** Whether a host's name may end there, and the value not be more than a URL. */
    private boolean ends(int end) {
        return end >= n || b[end] == '/' || b[end] == '?' || b[end] == ':';
    }

    /** The first of the ports that a system gives to programs which ask for none (Linux). */
    private static final int FIRST_EPHEMERAL = 32_768;

    private void url(int colon, PartKind part) {
        int start = colon;
        while (start > 0
                && colon - start < 12
                && (b[start - 1] >= 'a' && b[start - 1] <= 'z'
                        || b[start - 1] >= '0' && b[start - 1] <= '9'
                        || b[start - 1] == '+'
                        || b[start - 1] == '.')) {
            start--;
        }
        int length = colon - start;
        int authority = colon + 1;
        while (authority < n && (b[authority] == '/' || b[authority] == '\\')) {
            authority++;
        }
        boolean leads =
                start <= 1
                        || text.startsWith("url:", start - 4)
                        || text.startsWith("jar:", start - 4);
        boolean evil =
                text.startsWith("gopher", start) && length == 6
                        || text.startsWith("dict", start) && length == 4
                        || text.startsWith("netdoc", start)
                        || text.startsWith("ldap", start) && length <= 5
                        || text.startsWith("tftp", start) && length == 4
                        || text.startsWith("jar", start) && length == 3
                        || text.startsWith("unix", start) && length == 4
                        || text.startsWith("sftp", start) && length == 4;
        // a directory that somebody configures is told by its names
        boolean directory = text.startsWith("ldap", start) && components(authority) >= 2;
        if (evil && leads && !directory) {
            out.raise(85, "scheme", start, authority);
        }
        if (text.startsWith("jar:", start - 4) && leads) {
            out.raise(85, "scheme", start - 4, authority);
        }
        boolean client = CLIENTS.code(b, start, colon) != 0;
        host(authority, start, leads && !client ? 0 : 30, part, true);
    }

    /** How many {@code dc=} stand behind a slash or a comma, where a directory's name has them. */
    private int components(int from) {
        int found = 0;
        int stop = Math.min(n, from + 200);
        for (int i = from + 1; i < stop; i++) {
            found += (b[i - 1] == '/' || b[i - 1] == ',') && text.startsWith("dc=", i) ? 1 : 0;
        }
        return found;
    }

    /**
     * Schemes of databases, brokers, cameras and apps: what developers fill in with their own host,
     * and no library fetches documents by.
     */
    private static final Words CLIENTS =
            Words.of(
                    "redis rediss mongodb postgres postgresql mysql mariadb amqp amqps mqtt mqtts nats"
                            + " rtsp ws wss capacitor ionic app");

    /** Judges the host that begins at {@code from}; {@code penalty} is taken off its points. */
    private void host(int from, int start, int penalty, PartKind part, boolean url) {
        int end = from;
        int at = -1;
        while (end < n
                && end - from < 200
                && b[end] != '/'
                && b[end] != '?'
                && b[end] != '#'
                && b[end] != ' '
                && b[end] != '\n'
                && b[end] != '"'
                && b[end] != '\''
                && b[end] != '<'
                && b[end] != ','
                && b[end] != '&') {
            if (b[end] == '@') {
                at = end;
            }
            end++;
        }
        if (at >= from) {
            judgeHost(from, at, start, penalty, part, url);
            int inner = text.find("@", from, at);
            if (inner > 0) {
                // http://a@127.0.0.1:80@b/: some take the first for the host's
                judgeHost(inner + 1, at, start, penalty, part, url);
            }
            from = at + 1;
        }
        // http://a.com#@127.0.0.1, http://a.com &@127.0.0.1: what parsers disagree about
        for (int k = end; url && k + 1 < n && k - end < 48; k++) {
            int before = k > 0 ? b[k - 1] : 0;
            boolean odd = before == '#' || before == '?' || before == '&' || before == '\\';
            if (b[k] == '@' && before == '&' && text.find("#@", k, Math.min(n, k + 64)) > 0) {
                // http://a&@b#@c/: three readings, three hosts
                out.raise(85, "host-confusion", start, k);
            }
            if (b[k] == '@' && odd) {
                int stop = k + 1;
                while (stop < n && (letterOrDigit(b[stop]) || b[stop] == '.')) {
                    stop++;
                }
                judgeHost(k + 1, stop, start, penalty, part, true);
            }
        }
        judgeHost(from, end, start, penalty, part, url);
        boolean service =
                text.startsWith("/latest/meta-data", end)
                        || text.startsWith("/latest/user-data", end)
                        || text.startsWith("/latest/dynamic/instance-identity", end)
                        || text.startsWith("/computemetadata/v1", end);
        if (service && part != PartKind.PATH) {
            out.raise(90, "metadata", start, end + 16);
        }
    }

    private static boolean letterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-';
    }

    private void judgeHost(int from, int to, int start, int penalty, PartKind part, boolean url) {
        int points = 0;
        if (from >= to) {
            return;
        }
        if (b[from] == '[') {
            points = ipv6(from + 1, to);
        } else if (url && text.startsWith("::", from)) {
            // without the brackets that RFC 3986 wants
            points = 85;
        } else if (url && text.startsWith("fd00:ec2::", from)) {
            points = 100;
        } else {
            int end = from;
            while (end < to
                    && b[end] != ':'
                    && b[end] != '\\'
                    && b[end] != ';'
                    && b[end] != '%'
                    && b[end] != '!') {
                end++;
            }
            points = named(from, end);
            if (points == 0) {
                // localhost. is localhost
                points = end - from > 2 && b[end - 1] == '.' ? named(from, end - 1) : 0;
            }
            if (points == 0) {
                points = ipv4(from, end, url);
            }
            // a form of settings is given a neighbour's address by its administrator
            boolean served = url && penalty == 0 && !part.multiLine();
            if (served && end < to && b[end] == ':' && PORTS.code(b, end + 1, to) != 0) {
                // a neighbour's database, or what runs its containers
                boolean inner = points == 0 && text.find(".", from, end) < 0 && b[from] > '9';
                points = points == 60 ? 85 : inner ? 80 : points;
            }
        }
        // an address of IPv6 has no dots either
        boolean bare = url && penalty == 0 && b[from] != '[';
        boolean neighbour = points == 0 && bare && part != PartKind.PATH;
        if (neighbour && administration(to) && text.find(".", from, to) < 0) {
            // a host that only the server's own network knows
            points = 60;
        }
        if (points > 0) {
            boolean metadata = points >= 95;
            points += points == 60 && url && penalty == 0 && administration(to) ? 25 : 0;
            points = points == 85 && url && redirected(from, to) ? 60 : points;
            points -= metadata && penalty < 40 ? penalty / 2 : penalty;
            if (part == PartKind.PATH && !metadata) {
                points -= 10;
            }
            out.raise(points, metadata ? "metadata" : "internal-host", start, to);
        }
    }

    /**
     * Whether a URL's path is where a program of the user's own machine has a browser sent back to,
     * once somebody has signed in (RFC 8252 §7.3).
     */
    private boolean redirected(int host, int path) {
        int stop = Math.min(n, path + 64);
        int colon = text.find(":", host, path);
        if (colon > 0 && path - colon == 6 && path >= n - 1) {
            // http://127.0.0.1:51004/: a port that a program was given
            return port(colon + 1) >= FIRST_EPHEMERAL;
        }
        if (colon > 0 && path >= n - 1 && DEVELOPMENT.code(b, colon + 1, path) != 0) {
            return true;
        }
        if (text.startsWith("/cb", path) && !named(text.at(path + 3)) && text.at(path + 3) != '/') {
            return true;
        }
        return text.at(path) == '/'
                && (text.find("callback", path, stop) > 0
                        || text.find("/acs", path, stop) > 0
                        || text.find("/oauth", path, stop) >= 0
                        || text.find("/signin-", path, stop) >= 0);
    }

    /** Whether a URL asks for what only a neighbour of the server may: how it is run. */
    private boolean administration(int path) {
        // not /administration, /admin-guide
        boolean admin = text.startsWith("/admin", path) && !named(text.at(path + 6));
        return admin
                || text.startsWith("/_cat/", path)
                || text.startsWith("/_cluster/", path)
                || text.startsWith("/_search", path)
                || text.startsWith("/_all_dbs", path)
                || text.startsWith("/v1/agent/", path)
                || text.startsWith("/v2/keys", path)
                || text.startsWith("/actuator/", path)
                || text.startsWith("/manager/", path)
                || text.startsWith("/server-status", path)
                || text.startsWith("/containers/json", path);
    }

    /** Whether a name in a path goes on with {@code c}. */
    private static boolean named(int c) {
        return letterOrDigit(c) || c == '_';
    }

    private int port(int from) {
        int port = 0;
        for (int i = from; i < from + 5; i++) {
            port = port * 10 + b[i] - '0';
        }
        return port;
    }

    /** Ports of databases, caches and what runs containers, which no page of the web is on. */
    private static final Words PORTS =
            Words.of(
                    "6379 11211 9200 9300 27017 5984 2375 2376 2379 8500 8200 10250 10255 5432 3306"
                            + " 1433 1521 25 22 23 21 6443 4001 8086 9042 5672 15672");

    /** Ports of programs that show a developer his page, and of nothing else. */
    private static final Words DEVELOPMENT = Words.of("4200 5173");

    private static final Words NAMES =
            Words.builder()
                    .add(
                            100,
                            "metadata.google.internal metadata.azure.internal metadata.packet.net metadata.tencentyun.com"
                                    + " instance-data host.docker.internal gateway.docker.internal"
                                    + " kubernetes.docker.internal host.containers.internal")
                    .add(
                            85,
                            "localhost localhost.localdomain localhost4 localhost6 ip6-localhost"
                                    + " ipv6-localhost ip6-loopback localhost4.localdomain4 localtest.me"
                                    + " lvh.me vcap.me lacolhost.com rancher-metadata kubernetes"
                                    + " kubernetes.default kubernetes.default.svc"
                                    + " kubernetes.default.svc.cluster.local loopback")
                    .add(60, "metadata docker")
                    .build();

    private int named(int from, int to) {
        int points = NAMES.code(b, from, to);
        if (points > 0) {
            return points;
        }
        return text.startsWith(".localhost", to - 10)
                        || text.startsWith(".nip.io", to - 7)
                        || text.startsWith(".xip.io", to - 7)
                        || text.startsWith(".sslip.io", to - 9)
                        || text.startsWith("localtest.me", to - 12)
                        || text.startsWith(".1u.ms", to - 6)
                        || calls(from, to)
                ? 85
                : 0;
    }

    /** Whether a host is of a service that tells whoever asked it that he was called. */
    private boolean calls(int from, int to) {
        return text.startsWith(".burpcollaborator.net", to - 21)
                || text.startsWith(".oastify.com", to - 12)
                || text.startsWith(".interact.sh", to - 12)
                || text.find(".oast.", Math.max(from, to - 12), to) >= 0
                || text.startsWith(".dnslog.cn", to - 10)
                || text.startsWith(".ceye.io", to - 8)
                || text.startsWith(".bxss.me", to - 8)
                || text.startsWith(".rbndr.us", to - 9)
                || text.startsWith(".r3dir.me", to - 9)
                || text.startsWith(".interactsh.com", to - 15)
                || text.startsWith("canarytokens.com", to - 16)
                || text.startsWith(".requestbin.net", to - 15)
                || text.startsWith(".pipedream.net", to - 14);
    }

    private int ipv6(int from, int to) {
        if (text.startsWith("::", from)
                || text.startsWith("0:0:0:0:", from)
                || text.startsWith("0000:", from)) {
            return text.find("a9fe", from, to) > 0 || text.find("169.254", from, to) > 0 ? 100 : 90;
        }
        if (text.startsWith("fd00:ec2", from) || text.startsWith("64:ff9b", from)) {
            return 100;
        }
        if (text.startsWith("fe80", from)
                || text.startsWith("fc", from)
                || text.startsWith("fd", from)) {
            return 80;
        }
        if (b[from] == '2' && !text.startsWith("2002:", from) || b[from] == '3') {
            // an address of the Internet (RFC 4291 §2.4), 6to4 aside
            return 0;
        }
        // [a::]: nobody's address by any other reading
        return text.find("]", from, to) > 0 && text.find(":", from, to) > 0 ? 80 : 0;
    }

    /** Points for an address as inet_aton reads it; odd notations count more. */
    private int ipv4(int from, int to, boolean url) {
        if (!ipv4.read(b, from, to, url)) {
            return 0;
        }
        int points = ipv4Points(ipv4.address());
        if (!url && text.at(to) == '/' && text.startsWith(".0.0", to - 4)) {
            // 169.254.0.0/16, a network
            return 0;
        }
        if (ipv4.odd()) {
            return points > 0 ? Math.max(95, points) : url ? 40 : 0;
        }
        return points;
    }

    private static int ipv4Points(long address) {
        int first = (int) (address >>> 24 & 0xff);
        int second = (int) (address >>> 16 & 0xff);
        return switch (first) {
            case 0, 127 -> 85;
            case 169 -> second == 254 ? 100 : 0;
            case 10 -> 60;
            case 172 -> second >= 16 && second < 32 ? 60 : 0;
            // 100.100/16, 192.0.0.192: Alibaba's and Oracle's clouds tell a machine about itself
            // a machine of Azure's is told of itself there too
            case 168 -> address == 0xa83f8110L ? 90 : 0;
            case 100 -> second == 100 ? 90 : 0;
            case 192 -> second == 168 ? 60 : address == 0xc00000c0L ? 90 : 0;
            default -> 0;
        };
    }
}
