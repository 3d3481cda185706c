package ips.core.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatesTest {
    /**
     * Eight bytes at a time or one by one, with bytes behind the value or none: the same answer.
     */
    @Test
    void agreesWithTheTableOfSigns() {
        Random random = new Random(20260102);
        String likely = "abcxyzABCXYZ0189_-,.";
        int plain = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] value = new byte[random.nextInt(24)];
            for (int i = 0; i < value.length; i++) {
                value[i] =
                        (byte)
                                (random.nextInt(40) == 0
                                        ? random.nextInt(256)
                                        : likely.charAt(random.nextInt(likely.length())));
            }
            byte[] more = new byte[value.length + 9];
            random.nextBytes(more);
            System.arraycopy(value, 0, more, 1, value.length);
            boolean quiet = Gates.quiet(value, value.length, Gates.signs(value, value.length));

            assertEquals(quiet, Gates.plain(new FrameBuffer(value), 0, value.length));
            assertEquals(quiet, Gates.plain(new FrameBuffer(more), 1, value.length));
            plain += quiet ? 1 : 0;
        }
        assertTrue(plain > 20_000, "plain: " + plain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "newsletter",
                "2024-05-17",
                "1.4.2",
                "a_b,c",
                "Europe.Berlin.x",
                "1234567."
            })
    void letsPlainValuesEnd(String value) {
        assertTrue(plain(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a'", "a b", "..", "abcdefg..h", "a/b", "a\u00e9", "a%27"})
    void holdsOthersBack(String value) {
        assertFalse(plain(value));
    }

    private static boolean plain(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return Gates.plain(new FrameBuffer(bytes), 0, bytes.length);
    }
}
