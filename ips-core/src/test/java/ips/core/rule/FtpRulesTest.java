package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules about FTP's commands, and about the files that come in connections of their own. */
class FtpRulesTest {
    private static final String[] FILES = {
        "alert ftp-data any any -> any any (ftpdata_command:retr;)",
        "alert ftp-data any any -> any any (ftpdata_command:stor;)",
        "alert ftp-data any any -> any any (file.name; content:\"pass.txt\";)",
        "alert ftp-data any any -> any any (fileext:\"txt\";)",
        "alert ftp-data any any -> any any (filesize:10;)",
        "alert ftp-data any any -> any any (flow:to_server; file.data; content:\"root\";)",
        "alert ftp-data any any -> any any (flow:to_client; file.data; content:\"root\";)",
        "alert ftp-data any any -> any any (content:\"root\";)",
    };

    private static RuleTraffic loggedIn(String... rules) {
        RuleTraffic traffic = RuleTraffic.of(rules);
        traffic.toPort(21).handshake().response("220 ftp\r\n").request("USER a\r\n");
        return traffic.response("331 password\r\n").request("PASS a\r\n").response("230 ok\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'227 Passive (192,168,1,2,5,6).', RETR, '1,3,4,5,7,8'",
        "'227 Passive (192,168,1,2,5,6).', STOR, '2,3,4,5,6,8'",
        "'229 Extended Passive (|||1286|)', retr, '1,3,4,5,7,8'",
        "'227 Passive (192,168,1,2,5,6).', LIST, ''",
        "'227 Passive (192,168,1,2,7,6).', RETR, ''",
    })
    void knowsTheConnectionOfAFile(String answer, String command, String sids) {
        RuleTraffic traffic = loggedIn(FILES);
        String asked = answer.startsWith("229") ? "EPSV" : "PASV";
        traffic.request(asked + "\r\n").response(answer + "\r\n");
        traffic.request(command + " /etc/pass.txt\r\n").response("150 opening\r\n");

        traffic.fromPort(50_000).toPort(1286).fromTheFirstNumbersOn().handshake();
        if (command.equals("STOR")) {
            traffic.request("root:x:0:0");
        } else {
            traffic.response("root:x:0:0");
        }
        traffic.close().end();

        List<String> found = traffic.sids().stream().sorted().map(String::valueOf).toList();
        assertEquals(sids, String.join(",", found));
    }

    @ParameterizedTest
    @CsvSource({"PASV, 20, 1", "PASV, 40, 0", "NOOP, 1, 0", "EPSV, 1, 0"})
    void expectsAFileForAWhileIfItWasAskedFor(String asked, int seconds, int alerts) {
        RuleTraffic traffic = loggedIn(FILES);
        traffic.request(asked + "\r\n").response("227 Passive (192,168,1,2,5,6).\r\n");
        traffic.request("RETR /etc/pass.txt\r\n").response("150 opening\r\n");

        traffic.later(seconds).fromPort(50_000).toPort(1286).fromTheFirstNumbersOn().handshake();
        traffic.response("root:x:0:0").close().end();

        assertEquals(alerts, traffic.count(1));
    }

    @Test
    void expectsNoFileInAConnectionThatStaysSilent() {
        RuleTraffic traffic = loggedIn(FILES);
        traffic.request("PASV\r\n").response("227 Passive (192,168,1,2,5,6).\r\n");
        traffic.request("RETR /etc/pass.txt\r\n").response("150 opening\r\n");

        traffic.fromPort(50_000).toPort(1286).fromTheFirstNumbersOn().handshake();
        traffic.later(40).response("root:x:0:0").close().end();

        assertEquals(0, traffic.count(1));
    }

    @ParameterizedTest
    @CsvSource({"'', 1", "'RETR no', 0"})
    void readsNoLineWhoseBeginningIsLost(String lost, int alerts) {
        RuleTraffic traffic = loggedIn(FILES);
        traffic.request("PASV\r\n").response("227 Passive (192,168,1,2,5,6).\r\n");
        traffic.withoutRequest(lost).request("RETR /etc/pass.txt\r\n").response("150 opening\r\n");

        traffic.fromPort(50_000).toPort(1286).fromTheFirstNumbersOn().handshake();
        traffic.response("root:x:0:0").close().end();

        assertEquals(alerts, traffic.count(1));
    }

    @ParameterizedTest
    @CsvSource({
        "request, USER, request_command_too_long, 4095, 2",
        "request, USER, request_command_too_long, 4094, 0",
        "response, 331, response_command_too_long, 5000, 2",
        "response, 331, response_command_too_long, 200, 0"
    })
    void tellsOfLongLines(String side, String word, String event, int length, int alerts) {
        RuleTraffic traffic =
                loggedIn("alert ftp any any -> any any (app-layer-event:ftp." + event + ";)");
        String line = word + " " + "a".repeat(length - 6) + "\r\n";

        for (int at = 0; at < line.length(); at += 1000) {
            String part = line.substring(at, Math.min(line.length(), at + 1000));
            if (side.equals("request")) {
                traffic.request(part);
            } else {
                traffic.response(part);
            }
        }
        traffic.close().end();

        assertEquals(alerts, traffic.count(1));
    }

    @ParameterizedTest
    @CsvSource({"'1,2,3,4,5,6', 1", "'10,0,0,1,5,6', 0", "'1,2,3', 0"})
    void tellsOfAFileForAnotherHost(String address, int alerts) {
        RuleTraffic traffic = loggedIn("alert ftp any any -> any any (ftpbounce;)");

        traffic.request("PORT " + address + "\r\n").response("200 ok\r\n").close().end();

        assertEquals(alerts, traffic.count(1));
    }

    @Test
    void doesNotTakeAWelcomeForFtp() {
        RuleTraffic traffic = RuleTraffic.of("alert ftp any any -> any any (sid:1;)");

        traffic.toPort(21).handshake().response("220 ftp\r\n").request("HELLO\r\n").close().end();

        assertEquals(0, traffic.count(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftpdata_command:list;", "flow:to_client; ftpbounce;"})
    void refusesWhatSuricataRefuses(String options) {
        RuleTraffic traffic = RuleTraffic.of("alert tcp any any -> any any (" + options + ")");

        assertEquals(1, traffic.errors().size());
    }
}
