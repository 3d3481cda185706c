package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What transforms make of a buffer, alone and one after another. */
class TransformRulesTest {
    private static final String GET =
            "GET /a%41+b HTTP/1.1\r\nHost: Www.Ex.org\r\n"
                    + "User-Agent: A b  C\t d\r\nReferer: :x%3\r\n\r\n";

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "http.user_agent; to_lowercase; content:\"a b  c\"; startswith; => 1",
                "http.user_agent; to_uppercase; content:!\"b\"; => 1",
                "http.user_agent; to_uppercase; content:\"|09| D\"; endswith; bsize:9; => 1",
                "http.user_agent; strip_whitespace; content:\"AbCd\"; bsize:4; => 1",
                "http.user_agent; compress_whitespace; content:\"A b C|09|d\"; bsize:7; => 1",
                "http.uri.raw; url_decode; content:\"/aA b\"; bsize:5; => 1",
                "http.uri.raw; url_decode; content:\"%\"; => 0",
                "http.referer; url_decode; content:\":x%3\"; bsize:4; => 1",
                "http.referer; strip_pseudo_headers; bsize:0; => 1",
                "http.host; dotprefix; content:\".www.ex.org\"; bsize:11; => 1",
                "http.host; dotprefix; to_md5; bsize:16; isdataat:!16; => 1",
                "http.host; xor:\"20\"; content:\"WWW|0e|\"; content:\"EX\"; distance:0; within:2; => 1",
                "http.header; header_lowercase; content:\"user-agent: A\"; => 1",
                "http.header; strip_pseudo_headers; content:\"Referer: :x\"; => 1",
                "http.header; pcrexform:\"Host: ([A-Za-z]+)\"; content:\"Www\"; bsize:3; => 1",
            })
    void looksAtWhatTransformsMake(String options, int alerts) {
        RuleTraffic traffic =
                RuleTraffic.of(
                        "alert http any any -> any any (flow:to_server; " + options.strip() + ")");

        traffic.handshake().request(GET).response("HTTP/1.1 200 OK\r\n\r\n").close();

        assertEquals(java.util.List.of(), traffic.errors());
        assertEquals(alerts, traffic.count(1));
    }
}
