package ips.core.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.PayloadFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The filter that docs/embedding.md points at does what it says. */
class EmbeddingTest {
    private static final Map<String, String> HEADERS =
            Map.of("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/126.0");

    private final List<String> logged = new ArrayList<>();
    private final PayloadFilter filter = new PayloadFilter(logged::add);

    @Test
    void refusesAnAttackAndSaysWhy() {
        assertTrue(filter.attacks("/shop", "page=2&id=1%27+union+select+1,2--", HEADERS));

        assertEquals(1, logged.size());
        assertTrue(logged.get(0).contains("in QUERY id: union-select: 1' union"), logged.get(0));
    }

    @Test
    void letsHonestRequestsPass() {
        assertFalse(filter.attacks("/shop/shoes.html", "page=2&q=blue+suede+shoes", HEADERS));
        assertFalse(filter.attacks("/", null, Map.of("cookie", "theme=dark; lang=de")));
        assertEquals(List.of(), logged);
    }
}
