package ips.core.payload;

import ips.core.packet.Cidr;
import ips.core.verdict.Kind;
import java.util.List;
import java.util.Set;

/**
 * A place where some judges keep silent: an operator's answer to a false positive. It holds where
 * all it names hold.
 *
 * @param path the path it holds for, exactly or, ending with {@code *}, as a prefix; {@code *} is
 *     any. A prefix holds for no path that climbs ({@code ..}, plain or encoded), for such a path
 *     may lead anywhere
 * @param parameter the name of the part it holds for, exactly; {@code *} is any
 * @param kinds the kinds that are not accused there; empty is all
 * @param from the networks whose requests it holds for; empty is any
 */
public record Exemption(String path, String parameter, Set<Kind> kinds, List<Cidr> from) {
    public Exemption {
        kinds = Set.copyOf(kinds);
        from = List.copyOf(from);
        if (path.isEmpty() || parameter.isEmpty()) {
            throw new IllegalArgumentException("an exemption needs a path and a parameter: use *");
        }
    }

    /** One that holds for every sender. */
    public Exemption(String path, String parameter, Set<Kind> kinds) {
        this(path, parameter, kinds, List.of());
    }
}
