package ips.core.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT2.5S, 2.5s",
        "PT90S, 1m30s",
        "PT24H, 24h",
        "P2D, 2d",
        "P30DT1H5S, 30d1h5s",
    })
    void writesADurationAsPeopleSayIt(Duration duration, String text) {
        assertEquals(text, Texts.duration(duration.toNanos()));
    }
}
