package ips.core.block;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The enforcers by the names they have in the configuration: one line each. */
public final class Enforcers {
    private static final Map<String, Function<BannedSources, Enforcer>> BY_NAME =
            new TreeMap<>(Map.of("log", LogEnforcer::new));

    private Enforcers() {}

    /** The names there are, in alphabetical order. */
    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    /**
     * Makes an enforcer.
     *
     * @param banned the table by which the workers tell which frames are blocked
     * @throws IllegalArgumentException for an unknown name; the message lists the known ones
     */
    public static Enforcer create(String name, BannedSources banned) {
        Function<BannedSources, Enforcer> maker = BY_NAME.get(name);
        if (maker == null) {
            throw new IllegalArgumentException(
                    name + " is no enforcer; there are: " + String.join(", ", names()));
        }
        return maker.apply(banned);
    }
}
