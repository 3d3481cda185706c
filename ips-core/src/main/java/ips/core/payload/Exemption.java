package ips.core.payload;

import ips.core.verdict.Kind;
import java.util.Set;

/**
 * A place where some judges keep silent: an operator's answer to a false positive.
 *
 * @param path the path it holds for, exactly or, ending with {@code *}, as a prefix; {@code *} is
 *     any
 * @param parameter the name of the part it holds for, exactly; {@code *} is any
 * @param kinds the kinds that are not accused there; empty is all
 */
public record Exemption(String path, String parameter, Set<Kind> kinds) {
    public Exemption {
        kinds = Set.copyOf(kinds);
        if (path.isEmpty() || parameter.isEmpty()) {
            throw new IllegalArgumentException("an exemption needs a path and a parameter: use *");
        }
    }
}
