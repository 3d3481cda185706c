package ips.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecurringErrorsTest {
    private final List<String> told = new ArrayList<>();
    private long nowNs;
    private final RecurringErrors errors =
            new RecurringErrors(
                    (error, again) -> told.add(error.getMessage() + " " + again), () -> nowNs);

    private static RuntimeException bug(int number) {
        return new IllegalStateException("bug " + number);
    }

    @Test
    void tellsAnErrorOfEachFrameOnceAndThenHowOftenItCame() {
        for (int i = 0; i < 1000; i++) {
            errors.onError(bug(i));
        }
        assertEquals(List.of("bug 0 0"), told);

        nowNs = RecurringErrors.PAUSE_NS;
        errors.onError(bug(1000));
        errors.onError(bug(1001));
        assertEquals(List.of("bug 0 0", "bug 1000 1000"), told);

        errors.flush();
        errors.flush();
        assertEquals(List.of("bug 0 0", "bug 1000 1000", "bug 1001 1"), told);
    }

    @Test
    void tellsErrorsOfDifferentPlacesAndFilesApart() {
        errors.onError(bug(1));
        errors.onError(new IllegalStateException("another"));
        for (String file : List.of("a", "b", "a")) {
            errors.onError(new IOException(file));
        }

        assertEquals(List.of("bug 1 0", "another 0", "a 0", "b 0"), told);
    }

    @Test
    void remembersSoManySortsAndNoMore() {
        for (int i = 0; i < 10 * RecurringErrors.MOST_SORTS; i++) {
            errors.onError(new IOException("file " + i));
        }

        assertEquals(RecurringErrors.MOST_SORTS + 1, told.size());
    }

    @Test
    void forgetsWhatDidNotComeAgainWhenOthersNeedTheRoom() {
        for (int i = 0; i < RecurringErrors.MOST_SORTS; i++) {
            errors.onError(new IOException("file " + i));
        }
        told.clear();

        nowNs = RecurringErrors.PAUSE_NS;
        errors.onError(new IOException("another"));
        errors.onError(new IOException("and another"));

        assertEquals(List.of("another 0", "and another 0"), told);
    }
}
