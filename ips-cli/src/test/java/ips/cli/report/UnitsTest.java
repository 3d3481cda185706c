package ips.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @Test
    void writesTimesInUtcWithMicroseconds() {
        assertEquals("1970-01-01T00:00:00.000000Z", Units.iso(0));
        assertEquals("2026-01-31T23:59:59.123456Z", Units.iso(1_769_903_999_123_456_789L));
        assertEquals("1969-12-31T23:59:59.999999Z", Units.iso(-1000));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "7,7",
        "999,999",
        "1000,1.00 k",
        "9999,10.0 k",
        "99950,100 k",
        "2310000,2.31 M",
        "999999,1.00 M",
        "0.5,0.50",
    })
    void roundsToThreeDigits(double number, String text) {
        assertEquals(text, Units.rounded(number));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 s",
        "999,under 1 ms",
        "350000000,350 ms",
        "24200000000,24.2 s",
        "60000000000,60 s",
        "185000000000,3 min 5 s",
        "7800000000000,2 h 10 min",
        "273600000000000,3 d 4 h",
    })
    void writesDurationsInTheUnitThatFits(long nanos, String text) {
        assertEquals(text, Units.duration(nanos));
    }

    @ParameterizedTest
    @CsvSource({
        "7, 5007, 0.14 %",
        "1, 1000000, under 0.01 %",
        "1, 20000, 0.01 %",
        "1, 3, 33 %",
        "11, 200, 5.5 %",
        "99, 10000, 0.99 %",
        "3, 4, 75 %",
        "5, 5, 100 %",
        "9223372036854775807, 9223372036854775807, 100 %",
    })
    void tellsSharesWithoutExponents(long part, long whole, String text) {
        assertEquals(text, Units.share(part, whole));
    }

    @Test
    void groupsDigitsTheSameInEveryLocale() {
        assertEquals("37,841", Units.count(37_841));
        assertEquals("2.88 MB", Units.bytes(2_875_940));
        assertEquals("0 B", Units.bytes(0));
    }
}
