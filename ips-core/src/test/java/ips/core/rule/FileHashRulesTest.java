package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code filemd5}, {@code filesha1}, {@code filesha256}. */
class FileHashRulesTest {
    private static final String BODY = "MZ and the rest of it";
    private static final String[] RULES = {
        "filemd5:md5;", "filesha1:sha1;", "filesha256:sha256;", "filemd5:!md5;", "filesize:>0;"
    };

    @TempDir private Path folder;

    @BeforeEach
    void writeLists() throws IOException {
        write("md5", "# known\n\n" + hash("MD5", "other") + "\n" + hash("MD5", BODY) + "  a.exe\n");
        write("sha1", hash("SHA-1", BODY).toUpperCase() + "\r\n");
        write("sha256", hash("SHA-256", BODY));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static String hash(String algorithm, String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private RuleCompiler compile(String protocol, String... options) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < options.length; i++) {
            text.append(
                    "alert %s any any -> any any (%s sid:%d;)\n"
                            .formatted(protocol, options[i], i + 1));
        }
        RuleParser parser = new RuleParser();
        parser.text(folder.resolve("test.rules").toString(), text.toString());
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        return compiler;
    }

    private RuleTraffic traffic(String protocol) {
        RuleCompiler compiler = compile(protocol, RULES);
        assertEquals(List.of(), compiler.errors());
        SignatureSet set = new SignatureSet(compiler.signatures(), AlertPolicy.NONE);
        return new RuleTraffic(set, RuleInspector.Options.DEFAULTS);
    }

    private List<Integer> answered(String body, int length) {
        RuleTraffic traffic = traffic("http").handshake();
        traffic.request("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
        traffic.response("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
        for (int at = 0; at < body.length(); at += 1400) {
            traffic.response(body.substring(at, Math.min(body.length(), at + 1400)));
        }
        return traffic.close().end().sids().stream().sorted().toList();
    }

    @Test
    void knowAnswersByTheirHash() {
        assertEquals(List.of(1, 2, 3, 5), answered(BODY, BODY.length()));
        assertEquals(List.of(4, 5), answered(BODY + "!", BODY.length() + 1));
    }

    @Test
    void sayNothingOfFilesThatAreNotWhole() {
        String large = BODY.repeat(10_000);

        assertEquals(List.of(5), answered(large, large.length()));
        assertEquals(List.of(5), answered(BODY, BODY.length() + 1));
    }

    @Test
    void sayNothingOfFilesThatBytesAreMissingOf() {
        String form = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n";
        RuleTraffic traffic = traffic("http").handshake();
        traffic.request(
                "POST /a HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                        + "Content-Length: "
                        + (form.length() + 12 + BODY.length())
                        + "\r\n\r\n"
                        + form);
        traffic.withoutRequest("1234").request(BODY + "\r\n--b--");

        assertEquals(List.of(5), traffic.close().end().sids().stream().sorted().toList());
    }

    @Test
    void sayNothingOfMailsThatBytesAreMissingOf() {
        String head =
                "Content-Type: multipart/mixed; boundary=B\r\n\r\n"
                        + "--B\r\nContent-Type: text/csv; name=t.csv\r\n\r\n";

        assertEquals(List.of(4, 5), mailed(head, "", BODY + "!"));
        assertEquals(List.of(5), mailed(head, "1234", BODY + "!"));
    }

    private List<Integer> mailed(String head, String missing, String body) {
        RuleTraffic traffic = traffic("smtp").toPort(25).handshake().response("220 a\r\n");
        traffic.request("EHLO a\r\n").response("250 a\r\n");
        traffic.request("MAIL FROM:<a@b>\r\n").response("250 ok\r\n");
        traffic.request("RCPT TO:<a@b>\r\n").response("250 ok\r\n");
        traffic.request("DATA\r\n").response("354 go\r\n").request(head);
        traffic.withoutRequest(missing).request(body + "\r\n--B--\r\n.\r\n").response("250 ok\r\n");
        return traffic.close().end().sids().stream().sorted().toList();
    }

    @Test
    void knowWhatIsSentInForms() {
        RuleTraffic traffic = traffic("http").handshake();
        String form =
                "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n"
                        + BODY
                        + "\r\n--b--\r\n";

        traffic.request(
                "POST /a HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                        + "Content-Length: "
                        + form.length()
                        + "\r\n\r\n"
                        + form);

        assertEquals(List.of(1, 2, 3, 5), traffic.close().end().sids().stream().sorted().toList());
    }

    @Test
    void knowFilesOfFtp() {
        RuleTraffic traffic = traffic("ftp-data").toPort(21).handshake();
        traffic.response("220 ftp\r\n").request("USER a\r\n").response("230 ok\r\n");
        traffic.request("PASV\r\n").response("227 Passive (192,168,1,2,5,6).\r\n");
        traffic.request("RETR a.exe\r\n").response("150 opening\r\n");
        traffic.fromPort(50_000).toPort(1286).fromTheFirstNumbersOn().handshake();

        traffic.response(BODY.substring(0, 5)).response(BODY.substring(5)).close().end();

        assertEquals(List.of(1, 2, 3, 5), traffic.sids().stream().sorted().toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "filemd5:nowhere; | nowhere does not exist",
                "filemd5:sha1short; | sha1short:2: expected a hash of 32 hexadecimal digits",
                "filesha256:md5; | md5:3: expected a hash of 64 hexadecimal digits",
                "filesha1:empty; | empty holds no hash",
                "filesha1:!; | a value is missing"
            })
    void areToldWhatIsWrongWithAList(String options, String reason) throws IOException {
        write("sha1short", "#\n0123\n");
        write("empty", "# nothing\n");

        List<RuleError> errors = compile("http", options).errors();

        assertEquals(1, errors.size());
        assertTrue(errors.get(0).toString().contains(reason), errors.toString());
    }
}
