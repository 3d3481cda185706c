package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ips.core.packet.FrameBuilder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code asn1}: as Suricata 7.0.10 reads values of BER. */
class Asn1RulesTest {
    private static final String REAL = "0982010103" + "31".repeat(256);

    private static boolean alerts(String options, String hex) {
        RuleTraffic traffic = RuleTraffic.of("alert udp any any -> any any (" + options + ")");
        assertEquals(List.of(), traffic.errors());
        byte[] payload = HexFormat.of().parseHex(hex);
        return !traffic.frame(FrameBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).payload(payload))
                .sids()
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0405aaaaaaaaaa, true",
        "0404aaaaaaaa, false",
        "0405aaaaaaaa, false", // cut short
        "020105 0405aaaaaaaaaa, true",
        "010200ff 0405aaaaaaaaaa, false", // a boolean of two bytes ends it
        "3003020105 0405aaaaaaaaaa, true",
        "3007 0405aaaaaaaaaa, true", // the sequence itself
        "3080 0405aaaaaaaaaa 0000, true",
        "3080 0405aaaaaaaaaa, false",
        "a080 0405aaaaaaaaaa 0000, false", // not looked into
        "0480 0405aaaaaaaaaa 0000, false",
        "04820005aaaaaaaaaa, true",
        "1f80010200ff 0405aaaaaaaaaa, false",
        "1f810101aa 0405aaaaaaaaaa, true",
        "1305616263402a 0405aaaaaaaaaa, false", // no printable string
        "13056162632d2e, true",
        "0c02c3a9 0405aaaaaaaaaa, true",
        "0c02c3c3 0405aaaaaaaaaa, false",
        "180f31393939313233313233353935395a, true",
        "180f31393939313333313233353935395a, false", // a month 13
        "'', false"
    })
    void findsValuesOverASize(String hex, boolean found) {
        assertEquals(found, alerts("asn1:oversize_length 4;", hex.replace(" ", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "03020901, false",
        "03021101, true",
        "030109, true",
        "0300, false",
        "3004 03021101, true",
        "a004 03021101, false",
        "04020901, false"
    })
    void findsBitStringsThatLeaveOutMoreThanTheyHave(String hex, boolean found) {
        assertEquals(found, alerts("asn1:bitstring_overflow;", hex.replace(" ", "")));
    }

    @Test
    void findsLongRealNumbersInLetters() {
        assertEquals(true, alerts("asn1:double_overflow;", REAL));
        assertEquals(true, alerts("asn1:bitstring_overflow, double_overflow;", "020105" + REAL));
        assertEquals(false, alerts("asn1:double_overflow;", REAL.replace("010103", "010183")));
        assertEquals(false, alerts("asn1:double_overflow;", REAL.replace("820101", "820100")));
    }

    @Test
    void beginsWhereTheRuleSays() {
        String hex = "aaaa0405aaaaaaaaaa";

        assertEquals(false, alerts("asn1:oversize_length 4;", hex));
        assertEquals(true, alerts("asn1:oversize_length 4, absolute_offset 2;", hex));
        assertEquals(false, alerts("asn1:oversize_length 4, absolute_offset 20;", hex));
        String behind = "content:\"|aa aa|\"; asn1:oversize_length 4 relative_offset ";
        assertEquals(true, alerts(behind + "0;", hex));
        assertEquals(false, alerts(behind + "1;", hex));
        assertEquals(
                true, alerts("content:\"|04|\"; asn1:oversize_length 4, relative_offset -1;", hex));
        assertEquals(
                false,
                alerts("content:\"|04|\"; asn1:oversize_length 4, relative_offset -9;", hex));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "asn1;",
                "asn1:oversize_length;",
                "asn1:oversize_length x;",
                "asn1:oversize_length 1, absolute_offset 65536;",
                "asn1:unheard_of;"
            })
    void isHeldToItsForm(String options) {
        assertEquals(
                1,
                RuleTraffic.of("alert udp any any -> any any (" + options + ")").errors().size());
    }

    @Test
    void endsOnAnyBytesHoweverDeep() {
        Random random = new Random(16);
        byte[] bytes = new byte[1400];
        String options = "asn1:oversize_length 60000, bitstring_overflow, double_overflow;";
        RuleTraffic traffic = RuleTraffic.of("alert udp any any -> any any (" + options + ")");
        byte[] likely = {0x30, 0x30, 0x31, (byte) 0x80, 0, 0, 3, 9, 1, 0x24, 0x1f, (byte) 0x84};

        for (int i = 0; i < 3_000; i++) {
            random.nextBytes(bytes);
            for (int at = 0; i % 3 > 0 && at < bytes.length; at += 1 + random.nextInt(i % 3)) {
                bytes[at] = i % 5 == 0 ? likely[at % 2 * 3] : likely[random.nextInt(likely.length)];
            }
            traffic.frame(FrameBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2).payload(bytes));
        }
        assertEquals(List.of(), traffic.errors());
    }
}
