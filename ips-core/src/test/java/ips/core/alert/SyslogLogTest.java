package ips.core.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.block.BlockListener.ReleaseReason;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyslogLogTest {
    private final List<String> sent = new ArrayList<>();
    private final List<Throwable> told = new ArrayList<>();
    private final Counters counters = new Counters();
    private boolean down;

    private SyslogLog log() {
        SyslogLog.Transport transport =
                new SyslogLog.Transport() {
                    @Override
                    public void send(byte[] message) throws IOException {
                        if (down) {
                            throw new IOException("nobody there");
                        }
                        sent.add(new String(message, StandardCharsets.ISO_8859_1));
                    }

                    @Override
                    public void close() {}
                };
        return new SyslogLog(
                SyslogFormat.rfc5424(SyslogFormat.Facility.LOCAL5, "gate way\n", 42),
                transport,
                counters,
                told::add);
    }

    @Test
    void tellsCampaignsBansAndReleases() {
        SyslogLog log = log();

        log.detected(AlertFixture.detection(Kind.SYN_FLOOD, "198.51.100.7", "203.0.113.80", 80));
        log.banned(AlertFixture.ban("198.51.100.7", "SYN flood", 1), null, false);
        log.released(AlertFixture.ban("198.51.100.7", "SYN flood", 1), ReleaseReason.EXPIRED);

        assertEquals(
                List.of(
                        "<172>1 2026-11-23T06:46:25.123456Z gateway ips 42 alert - [1:9000001:1]"
                                + " SYN flood [Classification: Attempted Denial of Service]"
                                + " [Priority: 2] {TCP} 198.51.100.7 -> 203.0.113.80:80:"
                                + " 51 in 2s (half_open=51 ok=true)",
                        "<173>1 2026-11-23T06:46:25.123456Z gateway ips 42 ban - ban 198.51.100.7"
                                + " scope=syn duration=1m repeat=1 reason=\"SYN flood\"",
                        "<173>1 2026-11-23T06:47:25.123456Z gateway ips 42 release - release"
                                + " 198.51.100.7 scope=syn why=\"expired\" reason=\"SYN flood\""),
                sent);
    }

    @Test
    void letsNothingFromTheWireForgeAMessage() {
        Evidence evidence = Evidence.of("excerpt", "\n<0>1 - forged \u001b[2J \u00fc");

        log().detected(
                        AlertFixture.detection(
                                Kind.SQLI, "2001:db8::7", "2001:db8::1", 80, evidence));

        assertTrue(
                sent.get(0).contains("excerpt=\\n<0>1 - forged \\u001b[2J \\u00fc"), sent.get(0));
        assertTrue(sent.get(0).contains("2001:db8::7 -> [2001:db8::1]:80"), sent.get(0));
        assertTrue(sent.get(0).chars().allMatch(c -> c >= ' ' && c <= '~'), sent.get(0));
    }

    @Test
    void cutsWhatReceiversNeedNotTake() {
        Evidence evidence = Evidence.of("excerpt", "x".repeat(10_000));

        log().detected(AlertFixture.detection(Kind.SQLI, "192.0.2.7", "192.0.2.1", 80, evidence));

        assertEquals(2048, sent.get(0).length());
    }

    @Test
    void countsWhatIsLostTellsItOnceAndGoesOn() {
        SyslogLog log = log();
        down = true;
        log.banned(AlertFixture.ban("198.51.100.7", "one", 0), null, false);
        log.banned(AlertFixture.ban("198.51.100.8", "two", 0), null, false);
        down = false;
        log.banned(AlertFixture.ban("198.51.100.9", "three", 0), null, false);

        assertEquals(2, counters.get(Counter.SYSLOG_LOST));
        assertEquals(
                List.of(
                        "cannot write to syslog (nobody there): messages are lost until it can be"
                                + " reached"),
                told.stream().map(Throwable::getMessage).toList());
        assertEquals(1, sent.size());
    }

    @Test
    void sendsOverUdp() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                UdpSyslog udp =
                        new UdpSyslog(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), socket.getLocalPort()))) {
            socket.setSoTimeout(10_000);
            byte[] bytes = new byte[100];
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);

            udp.send("<13>1 - - ips - - - hello".getBytes(StandardCharsets.US_ASCII));
            socket.receive(packet);

            assertEquals(
                    "<13>1 - - ips - - - hello",
                    new String(bytes, 0, packet.getLength(), StandardCharsets.US_ASCII));
        }
    }
}
