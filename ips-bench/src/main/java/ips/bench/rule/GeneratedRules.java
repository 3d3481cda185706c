package ips.bench.rule;

import ips.core.rule.AlertPolicy;
import ips.core.rule.Classifications;
import ips.core.rule.RuleCompiler;
import ips.core.rule.RuleParser;
import ips.core.rule.RuleVariables;
import ips.core.rule.SignatureSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Rules made by seed, mixed as published sets are: mostly parts of HTTP requests, then headers,
 * user agents and hosts, response bodies, contents of TCP and UDP with ports, expressions behind a
 * content, flowbits, thresholds on SYNs, lists of addresses. None of them matches the traffic of
 * {@link RuleTraffic}, but words of it occur in many.
 */
public final class GeneratedRules {
    private static final String[] SYLLABLES =
            ("ad min wp con fig in dex log up load sh ell pass wd cgi bin php asp js cmd ex ec se le"
                            + " un ion scr ipt ev al base user agent bot tro jan gate panel stat key"
                            + " down er ra ms lo ki zo na mi te ro co re vi xa qu")
                    .split(" ");
    private static final String[] SUFFIXES = {".php", ".asp", ".exe", ".jsp", ".cgi", "/", ".dll"};
    private static final String[] DOMAINS = {".com", ".net", ".ru", ".top", ".info", ".xyz"};
    private static final int[] SERVICE_PORTS = {
        21, 22, 23, 25, 110, 135, 139, 143, 445, 1433, 1521, 3306, 3389, 5060, 5900, 8443
    };

    private final Random random;
    private final StringBuilder text = new StringBuilder();

    private GeneratedRules(long seed) {
        random = new Random(seed);
    }

    /** The text of so many rules, one a line. */
    public static String text(int count, long seed) {
        GeneratedRules rules = new GeneratedRules(seed);
        for (int sid = 1; sid <= count; sid++) {
            rules.add(sid);
        }
        return rules.text.toString();
    }

    /** So many rules, compiled; fails where one of them is refused. */
    public static SignatureSet set(int count, long seed) {
        RuleParser parser = new RuleParser();
        parser.text("generated.rules", text(count, seed));
        return compiled(parser);
    }

    /** The rules that ship with the sensor, from the folder {@code rules} of the repository. */
    public static SignatureSet shipped() {
        RuleParser parser = new RuleParser();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("rules"), "*.rules")) {
            for (Path file : files) {
                parser.file(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compiled(parser);
    }

    private static SignatureSet compiled(RuleParser parser) {
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        if (!parser.errors().isEmpty() || !compiler.errors().isEmpty()) {
            throw new IllegalStateException(parser.errors() + " " + compiler.errors());
        }
        return new SignatureSet(compiler.signatures(), AlertPolicy.NONE);
    }

    private void add(int sid) {
        int kind = random.nextInt(100);
        if (kind < 34) {
            httpUri();
        } else if (kind < 46) {
            httpUriAndExpression();
        } else if (kind < 54) {
            userAgentOrHeader();
        } else if (kind < 60) {
            host();
        } else if (kind < 64) {
            requestBody();
        } else if (kind < 73) {
            responseBody();
        } else if (kind < 84) {
            tcpContent();
        } else if (kind < 90) {
            dns();
        } else if (kind < 94) {
            flowbits(sid);
        } else if (kind < 97) {
            synThreshold();
        } else if (kind < 98) {
            addresses();
        } else {
            anyPortContent();
        }
        text.append(" classtype:trojan-activity; sid:")
                .append(1_000_000 + sid)
                .append("; rev:1; metadata:created_at 2020_01_01;)\n");
    }

    private String word(int syllables) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < syllables; i++) {
            word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
        }
        return word.toString();
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        int parts = 1 + random.nextInt(3);
        for (int i = 0; i < parts; i++) {
            path.append('/').append(word(2 + random.nextInt(3)));
        }
        return path.append(SUFFIXES[random.nextInt(SUFFIXES.length)]).toString();
    }

    private String bytes(int count) {
        StringBuilder hex = new StringBuilder("|");
        for (int i = 0; i < count; i++) {
            hex.append(String.format("%02x ", 1 + random.nextInt(255)));
        }
        hex.setCharAt(hex.length() - 1, '|');
        return hex.toString();
    }

    private StringBuilder head(String header) {
        text.append("alert ").append(header).append(" (msg:\"generated ");
        return text.append(word(3)).append("\"; ");
    }

    private StringBuilder request() {
        return head("http $HOME_NET any -> $EXTERNAL_NET any")
                .append("flow:established,to_server; ");
    }

    private void httpUri() {
        request();
        if (random.nextInt(3) == 0) {
            text.append("http.method; content:\"").append(random.nextBoolean() ? "GET" : "POST");
            text.append("\"; ");
        }
        text.append("http.uri; content:\"").append(path()).append("\"; ");
        if (random.nextInt(3) == 0) {
            text.append("nocase; ");
        }
        if (random.nextInt(2) == 0) {
            text.append("content:\"").append(word(1)).append("=\"; distance:0; ");
        }
        if (random.nextInt(8) == 0) {
            text.append("http.header; content:!\"Referer|3a|\"; ");
        }
    }

    private void httpUriAndExpression() {
        request().append("http.uri; content:\"").append(path()).append("\"; ");
        text.append("pcre:\"/").append(word(1)).append("=[a-f0-9]{8,32}(&|$)/R\"; ");
    }

    private void userAgentOrHeader() {
        request();
        if (random.nextBoolean()) {
            text.append("http.user_agent; content:\"").append(word(3)).append('/');
            text.append(random.nextInt(9)).append(".0\"; ");
        } else {
            text.append("http.header; content:\"X-").append(word(2)).append("|3a 20|");
            text.append(word(2)).append("\"; ");
        }
    }

    private void host() {
        request().append("http.host; content:\"").append(word(3));
        text.append(DOMAINS[random.nextInt(DOMAINS.length)]).append("\"; endswith; ");
    }

    private void requestBody() {
        request().append("http.method; content:\"POST\"; http.request_body; content:\"");
        text.append(word(2)).append("=").append(word(2)).append("\"; fast_pattern; ");
        text.append("content:\"&").append(word(1)).append("=\"; distance:0; ");
    }

    private void responseBody() {
        head("http $EXTERNAL_NET any -> $HOME_NET any").append("flow:established,to_client; ");
        if (random.nextBoolean()) {
            text.append("http.stat_code; content:\"200\"; ");
        }
        text.append("file.data; content:\"").append(word(2)).append("|28 22|").append(word(3));
        text.append("\"; ");
        if (random.nextInt(3) == 0) {
            text.append("content:\"").append(word(2)).append("\"; within:200; ");
        }
    }

    private void tcpContent() {
        int port = SERVICE_PORTS[random.nextInt(SERVICE_PORTS.length)];
        if (random.nextBoolean()) {
            head("tcp $EXTERNAL_NET any -> $HOME_NET " + port)
                    .append("flow:established,to_server; ");
        } else {
            head("tcp $HOME_NET any -> $EXTERNAL_NET [" + port + ",4000:4100]")
                    .append("flow:established,to_server; dsize:>20; ");
        }
        text.append("content:\"").append(bytes(4 + random.nextInt(6))).append("\"; ");
        if (random.nextBoolean()) {
            text.append("depth:32; ");
        }
        if (random.nextInt(3) == 0) {
            text.append("content:\"").append(word(2)).append("\"; distance:0; ");
        }
    }

    private void dns() {
        String name = word(3);
        head("udp $HOME_NET any -> any 53");
        text.append("content:\"|01 00 00 01 00 00 00 00 00 00|\"; depth:10; offset:2; ");
        text.append("content:\"").append(String.format("|%02x|", name.length())).append(name);
        text.append("|03|com|00|\"; nocase; distance:0; fast_pattern; ");
    }

    private void flowbits(int sid) {
        request();
        if (random.nextBoolean()) {
            text.append("http.uri; content:\"").append(path());
            text.append("\"; flowbits:set,bit").append(sid % 97).append("; flowbits:noalert; ");
        } else {
            text.append("flowbits:isset,bit").append(sid % 97).append("; http.uri; content:\"");
            text.append(path()).append("\"; ");
        }
    }

    private void synThreshold() {
        int port = SERVICE_PORTS[random.nextInt(SERVICE_PORTS.length)];
        head("tcp $EXTERNAL_NET any -> $HOME_NET " + port).append("flow:to_server; flags:S,12; ");
        text.append("threshold:type both,track by_src,count 20,seconds 60; ");
    }

    private void addresses() {
        StringBuilder list = new StringBuilder("[");
        for (int i = 0; i < 30; i++) {
            list.append(i == 0 ? "" : ",").append(60 + random.nextInt(40));
            list.append('.').append(random.nextInt(256)).append('.').append(random.nextInt(256));
            list.append(random.nextInt(4) == 0 ? ".0/24" : "." + random.nextInt(256));
        }
        head("ip " + list.append(']') + " any -> $HOME_NET any");
        text.append("threshold:type limit,track by_src,seconds 3600,count 1; ");
    }

    private void anyPortContent() {
        head("tcp any any -> any any").append("flow:established; content:\"");
        text.append(bytes(3 + random.nextInt(3))).append(word(1)).append("\"; ");
    }
}
