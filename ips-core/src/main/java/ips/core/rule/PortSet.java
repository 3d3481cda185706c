package ips.core.rule;

import java.util.BitSet;
import java.util.function.IntConsumer;

/** Ports as a rule's header lists them. Immutable; 8 KiB unless it is any or one range. */
public final class PortSet {
    private static final int PORTS = 65_536;

    /** Every port. */
    public static final PortSet ANY = of(all());

    private final int first;
    private final int last;
    private final BitSet ports;
    private final int count;

    private PortSet(BitSet ports) {
        first = ports.nextSetBit(0);
        last = ports.length() - 1;
        count = ports.cardinality();
        this.ports = count == last - first + 1 ? null : ports;
    }

    private static PortSet of(BitSet ports) {
        return new PortSet(ports);
    }

    private static BitSet all() {
        BitSet all = new BitSet(PORTS);
        all.set(0, PORTS);
        return all;
    }

    /**
     * Reads a port list of a header: {@code any}, {@code 80}, {@code 1:1024}, {@code :1024}, {@code
     * [80,!81]}.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    public static PortSet parse(String text, RuleVariables variables) {
        BitSet ports = parseAt(text, variables, 0);
        if (ports.isEmpty()) {
            throw new IllegalArgumentException(text + " holds no port");
        }
        return ports.cardinality() == PORTS ? ANY : of(ports);
    }

    private static BitSet parseAt(String text, RuleVariables variables, int depth) {
        BitSet positive = new BitSet(PORTS);
        BitSet negative = new BitSet(PORTS);
        collect(text, variables, depth, positive, negative);
        BitSet ports = positive.isEmpty() ? all() : positive;
        ports.andNot(negative);
        return ports;
    }

    private static void collect(
            String text, RuleVariables variables, int depth, BitSet positive, BitSet negative) {
        String t = text.strip();
        boolean not = false;
        while (t.startsWith("!")) {
            not = !not;
            t = t.substring(1).strip();
        }
        if (t.startsWith("$")) {
            BitSet value = parseAt(variables.port(t.substring(1), depth), variables, depth + 1);
            (not ? negative : positive).or(value);
        } else if (t.startsWith("[") && not) {
            negative.or(parseAt(t, variables, depth + 1));
        } else if (t.startsWith("[") || t.contains(",")) {
            for (String member : ListSyntax.members(t.startsWith("[") ? t : "[" + t + "]")) {
                collect(member, variables, depth + 1, positive, negative);
            }
        } else {
            range(t, not ? negative : positive);
        }
    }

    private static void range(String text, BitSet to) {
        if (text.equalsIgnoreCase("any")) {
            to.set(0, PORTS);
            return;
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            to.set(port(text));
            return;
        }
        String low = text.substring(0, colon).strip();
        String high = text.substring(colon + 1).strip();
        int from = low.isEmpty() ? 0 : port(low);
        int until = high.isEmpty() ? PORTS - 1 : port(high);
        if (from > until) {
            throw new IllegalArgumentException("the range " + text + " is empty");
        }
        to.set(from, until + 1);
    }

    private static int port(String text) {
        String t = text.strip();
        if (!t.matches("\\d{1,5}") || Integer.parseInt(t) >= PORTS) {
            throw new IllegalArgumentException("not a port: " + text);
        }
        return Integer.parseInt(t);
    }

    public boolean isAny() {
        return count == PORTS;
    }

    /** How many ports it holds. */
    public int count() {
        return count;
    }

    /** Tells its ports, rising. */
    void forEach(IntConsumer to) {
        for (int port = first; port <= last; port++) {
            if (contains(port)) {
                to.accept(port);
            }
        }
    }

    public boolean contains(int port) {
        return port >= first && port <= last && (ports == null || ports.get(port));
    }
}
