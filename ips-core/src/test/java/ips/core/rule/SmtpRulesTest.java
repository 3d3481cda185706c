package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules about SMTP, and about the files of its mails. */
class SmtpRulesTest {
    private static final String ATTACHED = "Content-Type: a/b; name=\"f.bin\"\r\n";

    private static RuleTraffic greeted(String... rules) {
        RuleTraffic traffic = RuleTraffic.of(rules);
        traffic.toPort(25).handshake().response("220 mail\r\n").request("EHLO a\r\n");
        return traffic.response("250-mail\r\n250 STARTTLS\r\n");
    }

    private static RuleTraffic mail(RuleTraffic traffic, String text) {
        traffic.request("MAIL FROM:<a@b>\r\n").response("250 ok\r\n");
        traffic.request("DATA\r\n").response("354 go\r\n");
        return traffic.request(text + ".\r\n").response("250 queued\r\n");
    }

    private static String event(String name) {
        return "alert smtp any any -> any any (flow:to_server; app-layer-event:smtp." + name + ";)";
    }

    private static String base64(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return Base64.getMimeEncoder().encodeToString(bytes) + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({
        "'file.data; content:\"MZ evil\"; startswith; endswith;', 1",
        "'file.data; content:\"a = b joined\"; startswith; endswith;', 1",
        "'file.data; content:\"1,2|0d 0a|3,4\"; bsize:8;', 1",
        "'file.data; content:\"<html>\";', 1",
        "'file.data; content:\"plain text\";', 0",
        "'file.name; content:\"evil.exe\"; bsize:8;', 1",
        "'file.name; content:\"note.txt\"; bsize:8;', 1",
        "'fileext:\"csv\";', 1",
        "'fileext:\"html\";', 1",
        "'filesize:8;', 1",
        "'filename:\"evil\"; file.data; content:\"evil\";', 1",
        "'content:\"Subject|3a| hi\";', 1",
    })
    void findsTheFilesOfAMail(String options, int alerts) {
        RuleTraffic traffic =
                greeted("alert smtp any any -> any any (flow:to_server; " + options + ")");

        mail(
                        traffic,
                        "Subject: hi\r\nContent-Type: multipart/mixed; boundary=\"B\"\r\n\r\nx\r\n"
                                + "--B\r\nContent-Type: text/plain\r\n\r\nplain text\r\n"
                                + "--B\r\nContent-Disposition: attachment; filename=\"evil.exe\"\r\n"
                                + "Content-Transfer-Encoding: base64\r\n\r\n"
                                + base64("MZ evil")
                                + "--B\r\nContent-Disposition: attachment;\r\n filename=note.txt\r\n"
                                + "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                                + "a =3D b jo=\r\nined\r\n"
                                + "--B\r\nContent-Type: multipart/alternative; boundary=IN\r\n\r\n"
                                + "--IN\r\nContent-Type: text/html; name=p.html\r\n\r\n<html>\r\n"
                                + "--IN--\r\n"
                                + "--B\r\nContent-Type: text/csv; name=t.csv\r\n\r\n1,2\r\n3,4\r\n"
                                + "--B--\r\n")
                .close()
                .end();

        assertEquals(alerts, traffic.count(1));
    }

    @Test
    void readsOneMailAfterAnother() {
        RuleTraffic traffic =
                greeted("alert smtp any any -> any any (file.data; content:\"evil\";)");

        mail(traffic, ATTACHED + "\r\nevil\r\n");
        mail(traffic, "Subject: none\r\n\r\nevil without a name\r\n");
        mail(traffic, ATTACHED + "\r\nmore evil\r\n").close().end();

        assertEquals(2, traffic.count(1));
    }

    @Test
    void readsAMailThatComesInPieces() {
        RuleTraffic traffic =
                greeted("alert smtp any any -> any any (file.data; content:\"evil words\";)");
        String text = ATTACHED + "Content-Transfer-Encoding: base64\r\n\r\n" + base64("evil words");

        traffic.request("DATA\r\n").response("354 go\r\n");
        for (int i = 0; i < text.length(); i += 7) {
            traffic.request(text.substring(i, Math.min(text.length(), i + 7)));
        }
        traffic.request(".\r\n").response("250 queued\r\n").close().end();

        assertEquals(1, traffic.count(1));
    }

    @ParameterizedTest
    @CsvSource({
        "NOOP, 250 ok, ''",
        "NOOP, 999 what, 1",
        "NOOP, 25, 1",
        "STARTTLS, 502 no, 2",
        "DATA, 451 no, 3",
    })
    void knowsWhatServersMayReply(String command, String reply, String sids) {
        RuleTraffic traffic =
                greeted(
                        event("invalid_reply"),
                        event("tls_rejected"),
                        event("data_command_rejected"));

        traffic.request(command + "\r\n").response(reply + "\r\n");
        traffic.request("QUIT\r\n").response("221 bye\r\n").close().end();

        List<String> found = traffic.sids().stream().map(String::valueOf).toList();
        assertEquals(sids, String.join(",", found));
    }

    @Test
    void missesTheWelcomeOfAServer() {
        RuleTraffic traffic = RuleTraffic.of(event("no_server_welcome_message"));

        traffic.toPort(25).handshake().request("EHLO a\r\n").response("250 ok\r\n").close().end();

        assertEquals(1, traffic.count(1));
    }

    @ParameterizedTest
    @CsvSource({
        "mime_long_line, 998, 0",
        "mime_long_line, 999, 1",
        "mime_long_header_name, 75, 0",
        "mime_long_header_name, 76, 1",
        "mime_long_boundary, 254, 0",
        "mime_long_boundary, 255, 1",
        "mime_parse_failed, 255, 1",
        "mime_long_enc_line, 76, 0",
        "mime_long_enc_line, 77, 1",
        "truncated_line, 5000, 1",
    })
    void raisesEventsOfLongLines(String name, int length, int alerts) {
        RuleTraffic traffic = greeted(event(name));
        String longText = "l".repeat(length);
        String text =
                switch (name) {
                    case "mime_long_line" -> "Subject: a\r\n\r\n" + longText + "\r\n";
                    case "mime_long_boundary", "mime_parse_failed" ->
                            "Content-Type: multipart/mixed; boundary=" + longText + "\r\n\r\n";
                    case "mime_long_enc_line" ->
                            ATTACHED
                                    + "Content-Transfer-Encoding: base64\r\n\r\n"
                                    + longText
                                    + "\r\n";
                    default -> longText + ": a\r\n\r\n";
                };

        mail(traffic, text).close().end();

        assertEquals(alerts, traffic.count(1));
    }

    @ParameterizedTest
    @CsvSource({
        "'--q\r\n\r\nx\r\n--q--\r\n', 0",
        "'--q\r\n\r\nx\r\n', 1",
    })
    void noticesPartsWithoutAnEnd(String body, int alerts) {
        RuleTraffic traffic = greeted(event("mime_malformed_msg"));

        mail(traffic, "Content-Type: multipart/mixed; boundary=q\r\n\r\n" + body).close().end();

        assertEquals(alerts, traffic.count(1));
    }

    @ParameterizedTest
    @CsvSource({"20, 0", "10, 1"})
    void countsTheBytesOfChunks(int announced, int alerts) {
        RuleTraffic traffic = greeted(event("bdat_chunk_len_exceeded"));

        traffic.request("BDAT " + announced + " LAST\r\n").request("Subject: a\r\n\r\nbody\r\n");
        traffic.response("250 ok\r\n").close().end();

        assertEquals(alerts, traffic.count(1));
    }

    @ParameterizedTest
    @CsvSource({"25, STARTTLS, 220 go", "21, AUTH TLS, 234 go"})
    void readsTheTlsThatBothAgreeOn(int port, String command, String reply) {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert tls any any -> any any (tls.sni; content:\"a.example\";)",
                        "alert tcp any any -> any any (content:\"" + command + "\";)");
        traffic.toPort(port).handshake().response("220 hi\r\n");
        traffic.request(port == 25 ? "EHLO a\r\n" : "USER a\r\n").response("250 ok\r\n");

        traffic.request(command + "\r\n").response(reply + "\r\n");
        traffic.request(TlsMessages.clientHello(TlsMessages.name("a.example"))).close().end();

        assertEquals(1, traffic.count(1));
        assertEquals(1, traffic.count(2));
    }

    @Test
    void tellsWhichDirectionNamesTheProtocol() {
        RuleTraffic traffic =
                greeted(
                        "alert tcp any any -> any any (flow:to_server; app-layer-protocol:smtp;)",
                        "alert tcp any any -> any any (flow:to_client; app-layer-protocol:smtp;)",
                        "alert tcp any any -> any any (flow:to_client; app-layer-protocol:failed;)");

        traffic.request("QUIT\r\n").response("221 bye\r\n").close().end();

        assertEquals(List.of(1, 3), traffic.sids().stream().sorted().toList());
    }

    @Test
    void survivesAnyMail() {
        String text =
                "Content-Type: multipart/mixed; boundary=\"B\"; name=\r\n\r\n--B\r\n"
                        + ATTACHED
                        + "Content-Transfer-Encoding: base64\r\n\r\nQUJD=\r\n--B\r\n"
                        + "Content-Type: message/rfc822\r\n\r\nContent-Transfer-Encoding:"
                        + " quoted-printable\r\nContent-Disposition: a; filename=\r\n\r\n=4\r\n--B--";
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            StringBuilder changed = new StringBuilder(text);
            for (int j = random.nextInt(8); j >= 0; j--) {
                int at = random.nextInt(changed.length());
                int end = Math.min(changed.length(), at + random.nextInt(20));
                changed.replace(
                        at,
                        end,
                        random.nextBoolean() ? "" : "\r\n--B;\"=:".substring(random.nextInt(9)));
            }
            RuleTraffic traffic =
                    greeted(
                            "alert smtp any any -> any any (file.data; content:!\"zz\";)",
                            "alert smtp any any -> any any (file.name; content:!\"zz\";)",
                            "alert smtp any any -> any any (filesize:>100000;)");

            mail(traffic, changed + "\r\n").close().end();

            assertEquals(0, traffic.count(3));
        }
    }
}
