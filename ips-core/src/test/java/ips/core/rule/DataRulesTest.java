package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules with data sets, hashes, base64, and those about files and the banners of SSH. */
class DataRulesTest {
    @TempDir private Path folder;

    private static RuleTraffic get(RuleTraffic traffic, String uri, String more) {
        return traffic.request("GET " + uri + " HTTP/1.1\r\nHost: www.example\r\n" + more + "\r\n");
    }

    /** Counts what rules say of one request for {@code /login} by {@code curl/8.1}. */
    private static boolean matches(String options) {
        RuleTraffic traffic = RuleTraffic.of("alert http any any -> any any (" + options + ")");
        assertEquals(List.of(), traffic.errors());
        get(traffic.handshake(), "/login", "User-Agent: curl/8.1\r\nCookie: s=aGVsbG8h.x\r\n");
        return traffic.close().end().count(1) == 1;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.uri; to_md5; content:\"|41 46 ec 82 a0 f0 a6 38|\"; startswith; bsize:16;",
                "http.uri; to_sha1; bsize:20;",
                "http.uri; to_uppercase; to_sha256; bsize:32;",
                "http.user_agent; pcrexform:\"^(\\w+)/\"; content:\"curl\"; bsize:4;",
                "http.user_agent; pcrexform:\"nothing(.*)\"; content:\"curl/8.1\"; bsize:8;",
                "http.cookie; content:\"s=\"; base64_decode:relative; base64_data; content:\"hello!\";"
                        + " isdataat:!6;",
                "http.cookie; base64_decode:bytes 4,offset 2; base64_data; content:\"hel\"; isdataat:!3;",
                "http.cookie; base64_decode:bytes 2,offset 2; base64_data; content:\"h\"; isdataat:!1;"
            })
    void transformsAndDecodes(String options) {
        assertTrue(matches(options), options);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.uri; to_md5; content:\"/login\";",
                "http.cookie; content:\"s=\"; base64_decode:relative; base64_data; content:\"x\";",
                "http.cookie; base64_decode:offset 2;",
                "http.uri; base64_decode:offset 60; base64_data; pcre:\"/./\";"
            })
    void doesNotFindWhatIsNotDecoded(String options) {
        assertEquals(false, matches(options), options);
    }

    @Test
    void remembersWhatRulesAddAndForgetsWhatTheyTake() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (http.uri; content:\"/in\"; http.user_agent;"
                                + " dataset:set,agents,type string;)",
                        "alert http any any -> any any (http.uri; content:\"/out\"; http.user_agent;"
                                + " dataset:unset,agents,type string;)",
                        "alert http any any -> any any (http.uri; content:\"/is\"; http.user_agent;"
                                + " dataset:isset,agents;)",
                        "alert http any any -> any any (http.uri; content:\"/is\"; http.user_agent;"
                                + " dataset:isnotset,agents;)");
        traffic.handshake();

        for (String uri : List.of("/is", "/in", "/in", "/is", "/out", "/out", "/is")) {
            get(traffic, uri, "User-Agent: one\r\n");
        }
        get(traffic, "/is", "User-Agent: two\r\n");
        traffic.close().end();

        assertEquals(List.of(4, 1, 3, 2, 4, 4), traffic.sids());
    }

    @Test
    void looksUpWhatFilesHold() throws IOException {
        Files.writeString(folder.resolve("hosts"), "d3d3LmV4YW1wbGU=\n");
        Files.writeString(folder.resolve("clients"), "10.0.0.1\n10.9.9.9,3\n");
        Files.writeString(folder.resolve("bad"), "d3d3LmV4YW1wbGU=,80\n");

        List<Integer> sids =
                run(
                        "http.host; dataset:isset,hosts,type string,load hosts;",
                        "ip.src; flow:established,to_server; dataset:isset,c,type ipv4,load clients;",
                        "http.host; datarep:bad,>,50,load bad,type string;",
                        "http.host; datarep:bad,<,50;",
                        "http.uri; dataset:isset,new,type string,state not-there-yet;");

        assertEquals(1, sids.stream().filter(sid -> sid == 1).count());
        assertTrue(sids.contains(2), sids.toString());
        assertEquals(List.of(1, 2, 3), sids.stream().distinct().sorted().toList());
        assertTrue(Files.notExists(folder.resolve("not-there-yet")));
    }

    private RuleCompiler compile(String... options) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < options.length; i++) {
            text.append(
                    "alert http any any -> any any (" + options[i] + " sid:" + (i + 1) + ";)\n");
        }
        RuleParser parser = new RuleParser();
        parser.text(folder.resolve("test.rules").toString(), text.toString());
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        return compiler;
    }

    private List<Integer> run(String... options) {
        RuleCompiler compiler = compile(options);
        assertEquals(List.of(), compiler.errors());
        SignatureSet set = new SignatureSet(compiler.signatures(), AlertPolicy.NONE);
        RuleTraffic traffic = new RuleTraffic(set, RuleInspector.Options.DEFAULTS);
        get(traffic.handshake(), "/", "");
        return traffic.close().end().sids();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http.uri; dataset:isset,a,type string,load missing; | missing does not exist",
                "http.uri; dataset:isset,a,type md5,load broken; | broken:2: no value of a set of"
                        + " this type",
                "http.uri; dataset:isset,a; | a type is missing for the set a",
                "http.uri; dataset:isset,a,type colour; | unknown type colour",
                "dataset:isset,a,type string; | there is no buffer before it",
                "http.uri; base64_data; content:\"a\"; | there is no base64_decode before it",
                "http.uri; pcrexform:\"abc\"; | column 4: no group"
            })
    void saysWhatIsWrong(String options, String reason) throws IOException {
        Files.writeString(folder.resolve("broken"), "00112233445566778899aabbccddeeff\n0011\n");

        List<RuleError> errors = compile(options).errors();

        assertEquals(1, errors.size());
        assertTrue(errors.get(0).toString().contains(reason), errors.toString());
    }

    @Test
    void knowsFilesByNameAndSize() {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (filename:\"REPORT\"; fileext:\"pdf\";)",
                        "alert http any any -> any any (file.name; content:\"/files/\"; startswith;)",
                        "alert http any any -> any any (fileext:!\"doc\"; filesize:>4;)",
                        "alert http any any -> any any (filesize:3<>5;)",
                        "alert http any any -> any any (file.name; content:\"other.doc\"; bsize:9;)",
                        "alert http any any -> any any (flow:to_client; filestore;)",
                        "alert http any any -> any any (fileext:\"exe\";)");
        get(traffic.handshake(), "/files/report.PDF?download=x.exe", "");
        traffic.response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde");
        get(traffic, "/next", "");
        traffic.response(
                "HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"other.doc\"\r\n"
                        + "Content-Length: 4\r\n\r\nabcd");
        get(traffic, "/empty.exe", "");
        traffic.response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        traffic.close().end();

        assertEquals(List.of(1, 2, 3, 6, 4, 5, 6), traffic.sids());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void readsTheBannersOfSsh(int segment) {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert ssh any any -> any any (ssh.proto; content:\"2.0\"; bsize:3;)",
                        "alert ssh any any -> any any (flow:to_server; ssh.software;"
                                + " content:\"libssh_0.9\"; bsize:10;)",
                        "alert ssh any any -> any any (flow:to_client; ssh.software;"
                                + " content:\"OpenSSH_9.2\"; bsize:11;)",
                        "alert ssh any any -> any any (ssh.software; content:\"Debian\";)");
        traffic.toPort(22).handshake();

        send(traffic, false, "SSH-2.0-OpenSSH_9.2 Debian-3\r\n", segment);
        send(traffic, true, "SSH-2.0-libssh_0.9\r\n", segment);
        traffic.close().end();

        assertEquals(List.of(1, 1, 2, 3), traffic.sids().stream().sorted().toList());
    }

    @Test
    void outlastsWhatIsBroken() {
        Random random = new Random(11);
        String form =
                "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.pdf\"\r\n\r\n"
                        + "file\r\n--b--\r\n";
        String request =
                "POST /a/b.pdf?x=aGVsbG8= HTTP/1.1\r\nContent-Type: multipart/form-data;"
                        + " boundary=b\r\nContent-Length: "
                        + form.length()
                        + "\r\n\r\n"
                        + form;
        String response =
                "HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"y.pdf\"\r\n"
                        + "Content-Encoding: br\r\nContent-Length: 9\r\n\r\n\u000b\u0002\u0080hello\u0003";
        for (int round = 0; round < 300; round++) {
            RuleTraffic traffic =
                    RuleTraffic.of(
                            "alert tcp any any -> any any (fileext:\"pdf\"; filesize:>0;)",
                            "alert http any any -> any any (file.data; to_sha1; bsize:20;)",
                            "alert http any any -> any any (http.uri; content:\"x=\";"
                                    + " base64_decode:relative; base64_data; content:\"h\";)",
                            "alert http any any -> any any (file.name; dataset:set,n,type string;)",
                            "alert http any any -> any any (http.uri; pcrexform:\"/(.*)/\"; bsize:1;)",
                            "alert ssh any any -> any any (ssh.software; content:\"S\";)");
            traffic.toPort(round % 4 == 0 ? 22 : 80).handshake();
            if (round % 4 == 0) {
                traffic.request(damaged("SSH-2.0-S x\r\n", random));
            } else {
                traffic.request(damaged(request, random));
                traffic.response(damaged(response, random));
            }

            traffic.close().end();

            assertEquals(List.of(), traffic.errors());
        }
    }

    private static String damaged(String bytes, Random random) {
        StringBuilder damaged = new StringBuilder(bytes);
        for (int i = random.nextInt(4); i > 0; i--) {
            damaged.setCharAt(random.nextInt(bytes.length()), (char) random.nextInt(256));
        }
        damaged.setLength(damaged.length() - random.nextInt(5));
        return damaged.toString();
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
}
