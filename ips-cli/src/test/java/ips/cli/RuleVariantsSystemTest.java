package ips.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ips.core.packet.IpAddress;
import ips.core.rule.AlertPolicy;
import ips.core.rule.Classifications;
import ips.core.rule.RuleCompiler;
import ips.core.rule.RuleExplanation;
import ips.core.rule.RuleParser;
import ips.core.rule.RuleVariables;
import ips.core.rule.Signature;
import ips.core.rule.SignatureSet;
import ips.core.verdict.SignatureAlert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same alerts however a conversation travels: in segments of a byte, out of order, sent twice,
 * over IPv6 and VLAN, with 1, 2 and 8 workers. The cases are the project's own; those of a public
 * suite are said again where they are there.
 */
class RuleVariantsSystemTest {
    private static final int[] WORKERS = {1, 2, 8};

    /** What two sides say in turn, the client first, and how often a rule alerts on it. */
    private record Case(int alerts, String rule, String... turns) {}

    private static final String GET =
            "GET /a/b.php?id=7&name=Ann%20Lee HTTP/1.1\r\nHost: Shop.example\r\n";
    private static final String OK =
            "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 5\r\n\r\nhello";

    private static final List<Case> CASES =
            List.of(
                    new Case(1, "http.uri; content:\"/b.php?id=7\";", GET + "\r\n", OK),
                    new Case(1, "http.uri; content:\"name=Ann Lee\"; endswith;", GET + "\r\n", OK),
                    new Case(0, "http.uri; content:\"Ann%20Lee\";", GET + "\r\n", OK),
                    new Case(1, "http.uri.raw; content:\"Ann%20Lee\";", GET + "\r\n", OK),
                    new Case(1, "http.host; content:\"shop.example\"; bsize:12;", GET + "\r\n", OK),
                    new Case(0, "http.host; content:!\"shop\";", GET + "\r\n", OK),
                    new Case(1, "http.host.raw; content:\"Shop\";", GET + "\r\n", OK),
                    new Case(1, "content:\"Ann%20\"; http_raw_uri;", GET + "\r\n", OK),
                    new Case(1, "http.method; content:\"GET\"; bsize:3;", GET + "\r\n", OK),
                    new Case(
                            1,
                            "http.cookie; content:\"a=1\"; startswith;",
                            GET + "Cookie: a=1; b=2\r\n\r\n",
                            OK),
                    new Case(
                            0,
                            "http.header; content:\"a=1\";",
                            GET + "Cookie: a=1; b=2\r\n\r\n",
                            OK),
                    new Case(
                            1,
                            "http.user_agent; pcre:\"/^curl\\/\\d+\\.\\d+$/\";",
                            GET + "User-Agent: curl/8.5\r\n\r\n",
                            OK),
                    new Case(1, "urilen:25<>27;", GET + "\r\n", OK),
                    new Case(1, "http.stat_code; content:\"200\";", GET + "\r\n", OK),
                    new Case(1, "http.server; content:\"nginx\";", GET + "\r\n", OK),
                    new Case(
                            1,
                            "http.response_body; content:\"ell\"; offset:1; depth:3;",
                            GET + "\r\n",
                            OK),
                    new Case(
                            1,
                            "file.data; content:\"hello\"; startswith; endswith;",
                            GET + "\r\n",
                            OK),
                    new Case(
                            1,
                            "http.request_body; content:\"x=1\"; content:\"y=2\"; distance:1;"
                                    + " within:3;",
                            "POST /f HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\nx=1&y=2",
                            OK),
                    new Case(
                            0,
                            "http.request_body; content:\"x=1\"; content:\"y=2\"; distance:2;",
                            "POST /f HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\nx=1&y=2",
                            OK),
                    new Case(
                            1,
                            "http.request_body; content:\"chunks\";",
                            "POST /f HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "3\r\nchu\r\n3\r\nnks\r\n0\r\n\r\n",
                            OK),
                    new Case(
                            2,
                            "http.uri; content:\"/twice\";",
                            "GET /twice HTTP/1.1\r\nHost: a\r\n\r\n",
                            OK,
                            "GET /twice HTTP/1.1\r\nHost: a\r\n\r\n",
                            OK),
                    new Case(
                            2,
                            "http.uri; content:\"/pipe\";",
                            "GET /pipe HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2),
                            OK + OK),
                    new Case(
                            1,
                            "http.uri; content:\"/first\"; http.header; content:\"X-A|3a| b\";",
                            "GET /first HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\r\n",
                            OK),
                    new Case(
                            0,
                            "http.uri; content:\"/first\"; http.header; content:!\"X-A\";",
                            "GET /first HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\r\n",
                            OK));

    private static List<TcpTalk.Form> forms() {
        return TcpTalk.Form.ALL;
    }

    private static List<byte[]> talk(
            TcpTalk.Form form, boolean ipv6, int number, List<Turns.Turn> turns) {
        IpAddress client =
                ipv6
                        ? new IpAddress(0x2001_0db8_0000_0000L + number, 9)
                        : IpAddress.ofIpv4(0x0a01_0000 + number);
        IpAddress server = IpAddress.parse(ipv6 ? "2001:db8:ffff::80" : "192.0.2.80");
        TcpTalk talk = new TcpTalk(form, client, 20_000 + number, server, 80);
        for (Turns.Turn each : turns) {
            if (each.fromClient()) {
                talk.client(each.bytes());
            } else {
                talk.server(each.bytes());
            }
        }
        return talk.close();
    }

    private static List<Turns.Turn> turns(Case of) {
        List<Turns.Turn> turns = new ArrayList<>();
        for (String each : of.turns) {
            turns.add(
                    new Turns.Turn(
                            turns.size() % 2 == 0,
                            each.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
        }
        return turns;
    }

    @ParameterizedTest
    @MethodSource("forms")
    void alertAlikeOnTheProjectsOwnCases(TcpTalk.Form form) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < CASES.size(); i++) {
            text.append("alert http any any -> any any (msg:\"case\"; ")
                    .append(CASES.get(i).rule)
                    .append(" sid:")
                    .append(i + 1)
                    .append(";)\n");
        }
        SignatureSet rules = RuleRun.compile(Map.of("own.rules", text.toString()));
        for (boolean ipv6 : new boolean[] {false, true}) {
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < CASES.size(); i++) {
                frames.addAll(talk(form, ipv6, i + 1, turns(CASES.get(i))));
            }
            for (int workers : WORKERS) {
                int[] found = new int[CASES.size() + 1];
                for (SignatureAlert each : RuleRun.alerts(rules, workers, frames)) {
                    int sid = each.rule().id().sid();
                    boolean own =
                            each.sourcePort() == 20_000 + sid
                                    || each.destinationPort() == 20_000 + sid;
                    found[sid] += own ? 1 : 0;
                }
                for (int i = 0; i < CASES.size(); i++) {
                    String what =
                            "%s, %d workers, IPv%d"
                                    .formatted(CASES.get(i).rule, workers, ipv6 ? 6 : 4);
                    assertEquals(CASES.get(i).alerts, found[i + 1], what);
                }
            }
        }
    }

    /** What may differ with the segments, or is told of several flows together. */
    private static final Pattern OF_SEGMENTS =
            Pattern.compile(
                    "dsize|flow\\.|stream_size|threshold|detection_filter|flowint|xbits|event");

    /** Whether a rule looks at HTTP alone, so that segments make no difference to it. */
    private static boolean isOfHttp(Signature signature) {
        return signature.type() == Signature.Type.TRANSACTION
                && !OF_SEGMENTS.matcher(signature.rule().text()).find()
                && RuleExplanation.of(signature).stream()
                        .noneMatch(aspect -> aspect.title().equals("in payload"));
    }

    private static SignatureSet httpRules(Path file) throws IOException {
        RuleParser parser = new RuleParser();
        parser.file(file);
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        List<Signature> http =
                compiler.signatures().stream().filter(RuleVariantsSystemTest::isOfHttp).toList();
        return new SignatureSet(http, AlertPolicy.NONE);
    }

    private static Map<String, Integer> count(List<SignatureAlert> alerts) {
        Map<String, Integer> counts = new TreeMap<>();
        for (SignatureAlert each : alerts) {
            int port = Math.max(each.sourcePort(), each.destinationPort());
            counts.merge(
                    each.rule().id() + " tx " + each.transaction() + " port " + port,
                    1,
                    Integer::sum);
        }
        return counts;
    }

    @Test
    void alertAlikeOnThePublicSuitesHttpSaidAgain() throws IOException {
        Path sample = Repository.sharedCaptures().resolveSibling("suricata-verify-sample");
        assumeTrue(Files.isDirectory(sample), "no " + sample);
        List<String> wrong = new ArrayList<>();
        int alerting = 0;
        int captures = 0;
        for (String tier : List.of("T1", "T2", "T3", "TE")) {
            for (Path each : RuleCases.in(sample.resolve(tier))) {
                Path old = each.resolve("input.pcap");
                Path capture = Files.exists(old) ? old : each.resolve("input.pcapng");
                SignatureSet rules = httpRules(each.resolve("test.rules"));
                List<Turns> flows = rules.isEmpty() ? List.of() : Turns.of(capture);
                if (!flows.isEmpty()) {
                    alerting += compare(each, rules, flows, captures++, wrong) ? 1 : 0;
                }
            }
        }

        assertEquals(List.of(), wrong);
        assertTrue(alerting > 50, alerting + " of " + captures + " captures with alerts");
    }

    /**
     * Compares every form with the plain one over IPv4 and one worker; which version of IP and how
     * many workers go with a form is another from capture to capture.
     *
     * @return whether there was anything to alert
     */
    private static boolean compare(
            Path of, SignatureSet rules, List<Turns> flows, int capture, List<String> wrong) {
        Map<String, Integer> expected = null;
        int run = 0;
        for (TcpTalk.Form each : TcpTalk.Form.ALL) {
            int turn = expected == null ? 0 : capture + run++;
            boolean ipv6 = turn % 2 == 1;
            int workers = WORKERS[turn % WORKERS.length];
            List<byte[]> frames = new ArrayList<>();
            int number = 1;
            for (Turns flow : flows) {
                frames.addAll(talk(each, ipv6, number++, flow.turns()));
            }
            Map<String, Integer> found = count(RuleRun.alerts(rules, workers, frames));
            expected = expected == null ? found : expected;
            if (!expected.equals(found)) {
                wrong.add(
                        "%s, %s, IPv%d, %d workers: %s, not %s"
                                .formatted(
                                        of.getFileName(),
                                        each,
                                        ipv6 ? 6 : 4,
                                        workers,
                                        found,
                                        expected));
            }
        }
        return !expected.isEmpty();
    }
}
