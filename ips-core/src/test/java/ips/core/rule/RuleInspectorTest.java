package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IcmpHeader;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.TcpFlags;
import ips.core.verdict.SignatureAlert;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packets past a rule inspector: what is told does not depend on what is left alone meanwhile. */
class RuleInspectorTest {
    @ParameterizedTest
    @CsvSource({
        "'sid:1; rev:1;', 'sid:1; rev:2;', 1:2, 0, 1",
        "'sid:1; rev:2;', 'sid:1; rev:1;', 1:2, 1, 0",
        "'sid:1; rev:1;', 'sid:1; rev:1;', 1:1, 1, 0",
        "'sid:1;', 'sid:1;', 1:0, 1, 0",
        "'sid:1; rev:1;', 'gid:2; sid:1; rev:2;', '1:1 1:2', 0, 0"
    })
    void takesTheNewestRuleOfEachSid(
            String first, String second, String alerts, int errors, int warnings) {
        RuleParser parser = new RuleParser();
        for (String options : List.of(first, second)) {
            parser.text(
                    "my.rules", "alert udp any any -> any any (content:\"a\"; " + options + ")");
        }
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);

        assertEquals(errors, compiler.errors().size());
        assertEquals(warnings, compiler.warnings().size());
        assertEquals(
                alerts,
                compiler.signatures().stream()
                        .map(each -> each.info().id())
                        .map(id -> id.sid() + ":" + id.rev())
                        .collect(Collectors.joining(" ")));
    }

    private static final String CLIENT = "10.0.0.1";
    private static final String SERVER = "198.51.100.7";
    private static final int SYN = TcpFlags.SYN;
    private static final int ACK = TcpFlags.ACK;
    private static final long MILLISECOND_NS = 1_000_000;

    private final List<Integer> told = new ArrayList<>();
    private final Packet packet = new Packet();
    private final PacketDecoder decoder = new PacketDecoder(false, new Counters());
    private RuleInspector inspector;
    private long timeNs = 1_700_000_000_000_000_000L;
    private long number;

    private void load(String... rules) {
        RuleParser parser = new RuleParser();
        parser.text("test.rules", String.join("\n", rules));
        RuleCompiler compiler = new RuleCompiler(RuleVariables.DEFAULTS, Classifications.DEFAULTS);
        parser.rules().forEach(compiler::add);
        assertEquals(List.of(), parser.errors());
        assertEquals(List.of(), compiler.errors());
        inspector =
                new RuleInspector(
                        new SignatureSet(compiler.signatures(), AlertPolicy.NONE),
                        RuleInspector.Options.DEFAULTS,
                        report -> told.add(((SignatureAlert) report).rule().id().sid()));
    }

    private void see(FrameBuilder frame) {
        see(frame, false);
    }

    private void see(FrameBuilder frame, boolean repeat) {
        byte[] bytes = frame.build();
        FrameBuffer buffer = new FrameBuffer(bytes);
        int length = bytes.length;
        timeNs += MILLISECOND_NS;
        decoder.decode(
                buffer, 0, length, length, LinkType.ETHERNET, 0, 0, timeNs, ++number, packet);
        inspector.packet(packet, repeat);
    }

    private static FrameBuilder up(int port, int flags, int seq, int ack) {
        return FrameBuilder.tcp(CLIENT, port, SERVER, 80).flags(flags).seq(seq).ack(ack);
    }

    private static FrameBuilder down(int port, int flags, int seq, int ack) {
        return FrameBuilder.tcp(SERVER, 80, CLIENT, port).flags(flags).seq(seq).ack(ack);
    }

    private void request(int port, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        see(down(port, SYN | ACK, 500, 101));
        see(up(port, ACK, 101, 501));
        see(up(port, ACK, 101, 501).payload(bytes));
        see(down(port, ACK, 501, 101 + bytes.length));
        see(up(port, ACK, 101 + bytes.length, 501));
    }

    private void floodOfSyns(int count) {
        for (int i = 0; i < count; i++) {
            String source = "10." + (1 + (i >> 16 & 63)) + "." + (i >> 8 & 0xff) + "." + (i & 0xff);
            see(FrameBuilder.tcp(source, 2000 + i % 50_000, SERVER, 80).flags(SYN).seq(i));
        }
    }

    private static final String URI =
            "alert http any any -> any any (flow:established,to_server; http.uri;"
                    + " content:\"/attack\"; sid:1;)";

    @Test
    void remembersAnOpeningSynThatNoRuleAskedAbout() {
        load(URI);

        see(up(4000, SYN, 100, 0));
        request(4000, "GET /attack HTTP/1.1\r\nHost: a\r\n\r\n");

        assertEquals(List.of(1), told);
    }

    @Test
    void followsNoConnectionWithoutAnOpeningSyn() {
        load(URI);

        request(4000, "GET /attack HTTP/1.1\r\nHost: a\r\n\r\n");

        assertEquals(List.of(), told);
    }

    @Test
    void followsAConnectionWhoseSynDrownedInAFlood() {
        load(URI);

        see(up(4000, SYN, 100, 0));
        floodOfSyns(30_000);
        request(4000, "GET /attack HTTP/1.1\r\nHost: a\r\n\r\n");

        assertEquals(List.of(1), told);
    }

    @Test
    void keepsAnEstablishedConnectionThroughAFlood() {
        load(URI);
        see(up(4000, SYN, 100, 0));
        request(4000, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        floodOfSyns(70_000);
        byte[] attack =
                "GET /attack HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        see(up(4000, ACK, 128, 501).payload(attack));
        see(down(4000, ACK, 501, 128 + attack.length));
        see(up(4000, ACK, 128 + attack.length, 501));

        assertEquals(List.of(1), told);
    }

    @Test
    void asksAboutTheCarrierOfARepeat() {
        load("alert ip 10.9.0.1 any -> any any (ip_proto:47; sid:1;)");
        FrameBuilder syn = up(4000, SYN, 100, 0);
        see(syn, true);
        see(syn, true);

        see(syn.inGre("10.9.0.1", "10.9.0.2"), true);

        assertEquals(List.of(1), told);
    }

    @Test
    void asksRulesAboutFlagsOfTheSynItself() {
        load(
                URI,
                "alert tcp any any -> any 80 (flags:S; sid:2;)",
                "alert tcp any any -> any 22 (flags:S; sid:3;)",
                "alert tcp any any -> any any (flags:FPU; sid:4;)");

        see(up(4000, SYN, 100, 0));
        see(up(4001, TcpFlags.FIN | TcpFlags.PSH | TcpFlags.URG, 100, 0));

        assertEquals(List.of(2, 4), told);
    }

    @Test
    void asksListsOfAddressesOncePerFlowAndDirection() {
        load(
                "alert ip [10.0.0.0/30,192.0.2.0/24] any -> any any (sid:5;)",
                "alert ip any any -> [203.0.113.0/24,2001:db8::/32] any (sid:6;)",
                "alert tcp any any -> any 81 (sid:7;)");

        see(up(4000, SYN, 100, 0));
        see(up(4000, SYN, 100, 0));
        see(FrameBuilder.udp(SERVER, 53, "203.0.113.9", 53).payload(new byte[20]));
        see(FrameBuilder.udp("2001:db9::1", 53, "2001:db8::2", 53).payload(new byte[20]));
        see(FrameBuilder.udp("2001:db9::1", 53, "2001:db9::2", 53).payload(new byte[20]));

        assertEquals(List.of(5, 6, 6), told);
    }

    @Test
    void countsPacketsOfAFlowFromItsFirstSyn() {
        load("alert tcp any any -> any any (flow.pkts_toserver:4; flow:established; sid:8;)");

        see(up(4000, SYN, 100, 0));
        see(up(4000, SYN, 100, 0));
        request(4000, "GET / HTTP/1.1\r\n\r\n");

        assertEquals(List.of(8, 8), told);
    }

    @Test
    void hidesNoAlertByAPassBeyondItsLimitButPassesTheRestOfTheFlow() {
        String limit = "threshold:type limit, track by_src, count 1, seconds 60;";
        RuleTraffic traffic =
                RuleTraffic.of(
                        "pass tcp any any -> any any (content:\"stream\"; " + limit + " sid:1;)",
                        "pass tcp any any -> any any (flags:S; " + limit + " sid:2;)",
                        "alert tcp any any -> any any (flags:S; sid:3;)",
                        "alert tcp any any -> any any (flow:established,to_server; sid:4;)");

        traffic.toPort(4444).handshake().client(TcpFlags.PSH | TcpFlags.ACK, "stream").close();
        assertEquals(List.of(4, 4), traffic.sids());
        traffic.fromPort(40_001).handshake().client(TcpFlags.PSH | TcpFlags.ACK, "stream").close();

        assertEquals(List.of(4, 4, 3, 4, 4, 4), traffic.sids());
    }

    @Test
    void asksAboutWhatIsOddAmongTheEchoRequestsOfAFlood() {
        load(
                "alert icmp 10.9.9.9 any -> any any (itype:8; sid:1;)",
                "alert icmp any any -> any any (decode-event:icmpv4.unknown_code; sid:2;)");
        FrameBuilder plain = FrameBuilder.icmp(CLIENT, SERVER);

        see(plain);
        for (int i = 0; i < 3; i++) {
            see(plain, true);
        }
        see(FrameBuilder.icmp(CLIENT, SERVER).icmpType(IcmpHeader.ECHO_REQUEST, 5), true);
        see(plain, true);
        see(FrameBuilder.icmp("10.9.9.9", SERVER), true);

        assertEquals(List.of(2, 1), told);
    }

    @Test
    void asksAboutEachEchoRequestOfAFloodWhereARuleMayFit() {
        load("alert icmp any any -> any any (itype:8; icmp_seq:7; sid:1;)");

        for (int sequence : new int[] {1, 7, 7, 8}) {
            see(FrameBuilder.icmp(CLIENT, SERVER).icmpEcho(1, sequence), true);
        }

        assertEquals(List.of(1, 1), told);
    }
}
