package ips.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class WarningsTest {
    private final Warnings warnings = new Warnings("a.pcapng");

    @Test
    void saysTheSameOnce() {
        for (int i = 0; i < 2 * Warnings.MOST; i++) {
            warnings.linkType(105);
        }
        warnings.add("cut short");

        assertEquals(
                List.of(
                        "a.pcapng: frames of link type 105 are counted, and not looked into",
                        "a.pcapng: cut short"),
                warnings.list());
    }

    @Test
    void listsSoManyAndSaysThatThereAreMore() {
        for (int i = 0; i < 2 * Warnings.MOST; i++) {
            warnings.add("number " + i);
        }

        assertEquals(Warnings.MOST + 1, warnings.list().size());
        assertEquals(
                "a.pcapng: there is more of this kind, which is not listed",
                warnings.list().get(Warnings.MOST));
    }
}
