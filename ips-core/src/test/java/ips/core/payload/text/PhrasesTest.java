package ips.core.payload.text;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PhrasesTest {
    @Test
    void leavesOutPhrasesThatHoldOthersWorthAsMuch() {
        Phrases phrases =
                Phrases.builder()
                        .add(1, "select", "select from")
                        .add(2, "unselected")
                        .add(1 | 2, "or selected")
                        .minimal()
                        .build();

        assertEquals(3, phrases.size(), "only 'select from' says no more than 'select'");
        assertEquals(1, mask(phrases, "select from"));
        assertEquals(1 | 2, mask(phrases, "unselected"));
        assertEquals(1 | 2, mask(phrases, "or selected"));
        assertEquals(0, mask(phrases, "selec tunsele cted"));
    }

    @Test
    void aPhraseAddedTwiceHasThePointsOfBoth() {
        Phrases phrases = Phrases.builder().add(1, "union").add(4, "union").build();

        assertEquals(1, phrases.size());
        assertEquals(5, mask(phrases, "UNION"));
    }

    private static int mask(Phrases phrases, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        return phrases.mask(bytes, bytes.length);
    }
}
