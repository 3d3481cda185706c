package ips.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassificationsTest {
    @Test
    void knowsClassesInWhateverCase() {
        List<RuleError> errors = new ArrayList<>();
        Classifications classes =
                Classifications.DEFAULTS.with(
                        "own.config", "config classification: Own-Class,Our own,7", errors);

        assertEquals(List.of(), errors);
        assertEquals(1, classes.of("Trojan-Activity").priority());
        assertEquals("Our own", classes.of("own-CLASS").text());
        assertNull(classes.of("unheard-of"));
    }
}
