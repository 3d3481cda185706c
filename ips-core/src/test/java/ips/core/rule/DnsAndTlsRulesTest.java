package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that look into DNS queries and into the handshake of TLS. */
class DnsAndTlsRulesTest {
    /** A certificate's bones: serial 0x1a2b, issued by C=FR, O=Iss to C=FR, CN=host. */
    private static final byte[] CERTIFICATE =
            sequence(
                    sequence(
                            element(2, 0x1a, 0x2b),
                            sequence(),
                            sequence(attribute(6, "FR"), attribute(10, "Iss")),
                            sequence(),
                            sequence(attribute(6, "FR"), attribute(3, "host"))));

    @ParameterizedTest
    @CsvSource({
        "4000, 53, 0x0100, 1",
        "4000, 53, 0x0140, 1", // a reserved bit is set
        "4000, 53, 0x3900, 1", // no known operation
        "4000, 5353, 0x0100, 0",
        "53, 4000, 0x0100, 0"
    })
    void takesForDnsWhatIsSentToItsPort(int from, int to, String flags, int alerts) {
        RuleTraffic traffic =
                RuleTraffic.of("alert dns any any -> any any (dns.query; content:\"host\";)");
        String query =
                number(1, 2)
                        + number(Integer.decode(flags), 2)
                        + number(1, 2)
                        + number(0, 6)
                        + "\u0004host\u0000"
                        + number(0x10001, 4);

        traffic.frame(FrameBuilder.udp("10.0.0.1", from, "10.0.0.2", to).payload(bytes(query)));

        assertEquals(alerts, traffic.count(1));
    }

    private static String query(String name, int questions) {
        String labels = number(name.length(), 1) + name + number(0, 1);
        return number(7, 2)
                + number(0x100, 2)
                + number(questions, 2)
                + number(0, 6)
                + (name.isEmpty() ? number(0, 1) : labels)
                + number(0x10001, 4);
    }

    private static String framed(String query) {
        return number(query.length(), 2) + query;
    }

    @Test
    void readsTheQueriesOfAStreamHoweverTheyCome() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert dns any any -> any any (dns.query; content:\"one\"; bsize:3;)",
                        "alert dns any any -> any any (dns.query; content:\"two\"; bsize:3;)",
                        "alert dns any any -> any any (dns.query; content:\"three\"; bsize:5;)");

        traffic.toPort(53).handshake().request(framed(query("one", 1)) + framed(query("two", 1)));
        for (char part : framed(query("three", 1)).toCharArray()) {
            traffic.request(String.valueOf(part));
        }
        traffic.close().end();

        assertEquals(List.of(1, 2, 3), traffic.sids());
    }

    @Test
    void showsNoEmptyNameAndNoMessageThatHasLessThanItSays() {
        RuleTraffic traffic =
                RuleTraffic.of("alert dns any any -> any any (dns.query; content:!\"x\";)");

        for (String query : List.of(query("", 1), query("host", 5), query("host", 1))) {
            traffic.frame(FrameBuilder.udp("10.0.0.1", 4000, "10.0.0.2", 53).payload(bytes(query)));
        }

        assertEquals(1, traffic.count(1));
        assertEquals(3, traffic.alerts().get(0).frame());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] element(int tag, int... content) {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            bytes[i] = (byte) content[i];
        }
        return join(new byte[] {(byte) tag, (byte) content.length}, bytes);
    }

    private static byte[] sequence(byte[]... parts) {
        byte[] content = join(parts);
        return join(new byte[] {0x30, (byte) content.length}, content);
    }

    private static byte[] attribute(int kind, String value) {
        byte[] text = value.getBytes(StandardCharsets.ISO_8859_1);
        byte[] pair =
                sequence(
                        element(6, 0x55, 4, kind),
                        join(new byte[] {0x13, (byte) text.length}, text));
        return join(new byte[] {0x31, (byte) pair.length}, pair);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] each : parts) {
            out.writeBytes(each);
        }
        return out.toByteArray();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String number(int value, int bytes) {
        StringBuilder out = new StringBuilder();
        for (int i = bytes - 1; i >= 0; i--) {
            out.append((char) (value >> 8 * i & 0xff));
        }
        return out.toString();
    }

    private static String vector(int lengthBytes, String content) {
        return number(content.length(), lengthBytes) + content;
    }

    private static String record(int message, String body) {
        return "\u0016\u0003\u0003" + vector(2, (char) message + vector(3, body));
    }

    private static String clientHello(String name) {
        String extension = number(0, 2) + vector(2, vector(2, "\0" + vector(2, name)));
        return record(
                1,
                "\u0003\u0003"
                        + "r".repeat(32)
                        + vector(1, "")
                        + vector(2, "\u0013\u0001")
                        + vector(1, "\0")
                        + vector(2, number(23, 2) + vector(2, "") + extension));
    }

    private static String certificates() {
        return record(11, vector(3, vector(3, text(CERTIFICATE))));
    }

    private static String query(String... labels) {
        StringBuilder message = new StringBuilder("\0\7\1\0\0\1\0\0\0\0\0\0");
        for (String label : labels) {
            message.append(vector(1, label));
        }
        return message.append("\0\0\1\0\1").toString();
    }

    private static FrameBuilder datagram(String payload) {
        return FrameBuilder.udp("10.0.0.1", 1111, "10.0.0.2", 53)
                .payload(payload.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void looksIntoTheNamesThatAreAskedFor() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert dns any any -> any any (dns.query; content:\"www.Example.com\"; bsize:15;)",
                        "alert dns any any -> any any (dns_query; content:\"example\"; nocase;)",
                        "alert dns any any -> any any (dns.query; content:\"other\";)",
                        "alert dns any any -> any any (content:\"|01 00 00 01|\"; offset:2; depth:4;"
                                + " dns.query; content:\"www\";)");

        traffic.frame(datagram(query("www", "Example", "com"))).frame(datagram(query("a")));

        assertEquals(List.of(1, 2, 4), traffic.sids().stream().sorted().toList());
        assertEquals("dns", traffic.alerts().get(0).appProtocol());
    }

    @Test
    void looksIntoAQueryOfAStream() {
        RuleTraffic traffic =
                RuleTraffic.of("alert dns any any -> any 53 (dns.query; content:\"a.example\";)");

        traffic.toPort(53).handshake().request(vector(2, query("a", "example"))).close();

        assertEquals(1, traffic.count(1));
    }

    @Test
    void looksAtTheStreamWithEachMessageOfDns() {
        RuleTraffic traffic = RuleTraffic.of("alert tcp any any -> any 53 (content:\"example\";)");
        traffic.toPort(53).handshake();

        for (String label : new String[] {"a", "b"}) {
            traffic.request(vector(2, query(label, "example"))).response(vector(2, query("c")));
        }
        traffic.close();

        assertEquals(2, traffic.count(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void looksIntoTheHandshakeOfTls(int segment) {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tls any any -> any any (tls.sni; content:\"www.example.com\"; bsize:15;)",
                        "alert tls any any -> any any (tls.cert_subject; content:\"C=FR, CN=host\"; bsize:13;)",
                        "alert tls any any -> any any (tls.cert_issuer; content:\"O=Iss\";)",
                        "alert tls any any -> any any (tls.cert_serial; content:\"1A:2B\";)",
                        "alert tls any any -> any any (tls.subject:\"CN=host\";)",
                        "alert tls any any -> any any (tls.certs; content:\"|55 04 03|\";)",
                        "alert tls any any -> any any (tls.cert_fingerprint; bsize:59;)",
                        "alert tls any any -> any any (tls.sni; content:\"host\";)",
                        // Letters of either case, for a serial number is written in one only.
                        "alert tls any any -> any any (tls.cert_serial; content:\"1a:2b\";)");
        traffic.toPort(443).handshake();

        send(traffic, true, clientHello("www.example.com"), segment);
        send(traffic, false, certificates(), segment);
        traffic.close().end();

        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 9), traffic.sids().stream().sorted().toList());
    }

    private static void send(RuleTraffic traffic, boolean toServer, String bytes, int segment) {
        for (int at = 0; at < bytes.length(); at += segment) {
            String part = bytes.substring(at, Math.min(bytes.length(), at + segment));
            if (toServer) {
                traffic.request(part);
            } else {
                traffic.response(part);
            }
        }
    }

    @Test
    void outlastsWhatIsBroken() {
        Random random = new Random(7);
        for (int round = 0; round < 150; round++) {
            RuleTraffic traffic =
                    RuleTraffic.of(
                            "alert tls any any -> any any (tls.sni; content:\"\\\\\\\\\";)",
                            "alert tls any any -> any any (tls.cert_subject; content:\"\\\\\\\\\";)",
                            "alert tls any any -> any any (tls.cert_serial; bsize:0;)",
                            "alert dns any any -> any any (dns.query; content:\"\\\\\\\\\";)");
            traffic.toPort(443).handshake();
            traffic.request(damaged(clientHello("www.example.com"), random));
            traffic.response(damaged(certificates(), random));
            traffic.frame(datagram(damaged(query("www", "example"), random)));

            traffic.close().end();
        }
    }

    private static String damaged(String bytes, Random random) {
        StringBuilder damaged = new StringBuilder(bytes);
        for (int i = random.nextInt(4); i >= 0; i--) {
            damaged.setCharAt(3 + random.nextInt(bytes.length() - 3), (char) random.nextInt(256));
        }
        damaged.setLength(damaged.length() - random.nextInt(3));
        return damaged.toString();
    }

    /** RFC 7766 §6.2.1.1: a client may send many before it reads an answer. */
    @Test
    void readsAllQueriesOfAStreamThatComeTogether() {
        RuleTraffic traffic =
                RuleTraffic.of("alert dns any any -> any any (dns.query; content:\"evil\";)");
        String good = "\0\26\0\1\1\0\0\1\0\0\0\0\0\0\4good\0\0\1\0\1";
        String evil = good.replace("good", "evil");

        traffic.toPort(53).handshake().request(good.repeat(40) + evil).close();

        assertEquals(1, traffic.count(1));
    }
}
