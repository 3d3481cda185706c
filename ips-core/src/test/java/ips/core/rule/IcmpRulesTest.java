package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where rules find the header, the identifier and the payload of ICMP messages. */
class IcmpRulesTest {
    private static boolean alerts(String header, String options, FrameBuilder frame) {
        RuleTraffic traffic = RuleTraffic.of("alert " + header + " (" + options + ")");
        assertEquals(List.of(), traffic.errors());
        return !traffic.frame(frame).sids().isEmpty();
    }

    @Test
    void takesNoIcmpOverIpv6ForIcmp() {
        FrameBuilder frame =
                FrameBuilder.ip("2001:db8::1", "2001:db8::2", 1).payload("\10\0\0\0\0\1\0\2");

        assertEquals(false, alerts("icmp any any -> any any", "ttl:64;", frame));
        assertTrue(alerts("ip any any -> any any", "ttl:64;", frame));
    }

    /** Of messages of ICMPv6 that are neither errors nor echoes, as Suricata has it. */
    @Test
    void beginsThePayloadOfIcmpv6FourBytesEarlier() {
        FrameBuilder frame =
                FrameBuilder.icmp("2001:db8::1", "2001:db8::2")
                        .icmpType(135, 0)
                        .payload("0123456789");

        assertTrue(alerts("icmp any any -> any any", "dsize:6;", frame));
        assertTrue(alerts("icmp any any -> any any", "content:\"01\"; endswith;", frame));
    }

    @ParameterizedTest
    @CsvSource({"8, 8", "13, 20", "0, 8"})
    void takesTheIcmpHeaderByItsType(int type, int length) {
        FrameBuilder frame =
                FrameBuilder.icmp("10.0.0.1", "10.0.0.2").icmpType(type, 0).payload("0123456789ab");

        assertTrue(alerts("icmp any any -> any any", "icmpv4.hdr; bsize:" + length + ";", frame));
    }

    @Test
    void findsNoIdentifierInEchosOfUnknownCodes() {
        FrameBuilder odd = FrameBuilder.icmp("fd00::1", "fd00::2").icmpType(128, 3).icmpEcho(77, 5);

        assertFalse(alerts("icmp any any -> any any", "icmp_id:77;", odd));
        assertTrue(alerts("icmp any any -> any any", "icmp_id:0;", odd));
        assertTrue(alerts("icmp any any -> any any", "icmp_seq:0;", odd));
    }

    @ParameterizedTest
    @CsvSource({
        "8, 4, 4", // an echo request
        "13, 16, 4", // a timestamp request has a header of 20 bytes
        "13, 12, 0",
        "13, 4, 4" // or is cut short
    })
    void beginsThePayloadOfIcmpBehindItsWholeHeader(int type, int behindEight, int payload) {
        FrameBuilder frame =
                FrameBuilder.icmp("10.0.0.1", "10.0.0.2")
                        .icmpType(type, 0)
                        .payload(new byte[behindEight]);

        assertTrue(alerts("icmp any any -> any any", "dsize:" + payload + ";", frame));
    }

    @Test
    void beginsThePayloadOfATimestampMessageBehindItsTimes() {
        FrameBuilder timestamps =
                FrameBuilder.icmp("10.0.0.1", "10.0.0.2")
                        .icmpType(13, 0)
                        .payload("originatreceivetransmit");

        assertTrue(alerts("icmp any any -> any any", "dsize:11;", timestamps));
        assertFalse(alerts("icmp any any -> any any", "content:\"orig\";", timestamps));
    }
}
