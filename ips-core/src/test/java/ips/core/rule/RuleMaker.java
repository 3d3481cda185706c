package ips.core.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;

/**
 * Makes a random rule, as text and as a slow, plain matcher beside it, written from the language's
 * documentation. Every place a content may lie at is tried where a test goes on from it; as in
 * Suricata its first place counts alone where another content stands between the two.
 */
final class RuleMaker {
    /** Few letters, so that contents are found often and at several places. */
    private static final String LETTERS = "abAB01";

    /** A test of the payload, and then the rest of the tests. */
    private interface Test {
        boolean holds(byte[] payload, int position, Rest rest);
    }

    /** What follows a test, from a position on. */
    private interface Rest {
        boolean holds(int position);
    }

    /** A datagram's ends. */
    record Ends(int source, int sourcePort, int destination, int destinationPort) {}

    private final Random random;
    private final StringBuilder options = new StringBuilder();
    private final List<Test> tests = new ArrayList<>();
    private final List<BiPredicate<Ends, byte[]>> headers = new ArrayList<>();
    private final String header;
    private boolean anchored;

    /** A size that the payload may not have: contents lie before it, as Suricata has it. */
    private int sizeNotAllowed = Integer.MAX_VALUE;

    /** Whether a size is named, other than one to be exceeded: nothing is left to the search. */
    private boolean sizeBounded;

    /** The longest negated content without a place, by its number; it may lie nowhere at all. */
    private int sought = -1;

    private int soughtLength;
    private boolean positive;

    /** Whether the last content is tried at its other places when what follows fails. */
    private boolean[] retried = new boolean[1];

    RuleMaker(Random random) {
        this.random = random;
        header =
                "alert udp %s %s -> %s %s "
                        .formatted(address(true), port(true), address(false), port(false));
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(8)) {
                case 0 -> dsize();
                case 1 -> dataAt();
                case 2 -> byteTest();
                case 3 -> byteJump();
                default -> content();
            }
        }
    }

    String text(int sid) {
        return header + "(" + options + "sid:" + sid + ";)";
    }

    boolean matches(Ends ends, byte[] payload) {
        return headers.stream().allMatch(each -> each.test(ends, payload)) && holds(payload, 0, 0);
    }

    private boolean holds(byte[] payload, int test, int position) {
        return test == tests.size()
                || tests.get(test).holds(payload, position, next -> holds(payload, test + 1, next));
    }

    /** A random payload of the same letters, with numbers among them. */
    static byte[] payload(Random random) {
        byte[] payload = new byte[1 + random.nextInt(24)];
        for (int i = 0; i < payload.length; i++) {
            payload[i] =
                    random.nextInt(5) == 0
                            ? (byte) random.nextInt(8)
                            : (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
        }
        return payload;
    }

    private String address(boolean source) {
        int host = random.nextInt(4);
        return switch (random.nextInt(5)) {
            case 0 -> {
                headers.add((ends, payload) -> end(ends, source) == host);
                yield "10.0.0." + host;
            }
            case 1 -> {
                headers.add((ends, payload) -> end(ends, source) != host);
                yield "!10.0.0." + host;
            }
            case 2 -> {
                headers.add((ends, payload) -> end(ends, source) >> 1 == 1);
                yield "10.0.0.2/31";
            }
            case 3 -> {
                headers.add((ends, payload) -> end(ends, source) != host);
                yield "[10.0.0.0/24,!10.0.0." + host + "]";
            }
            default -> "any";
        };
    }

    private static int end(Ends ends, boolean source) {
        return source ? ends.source : ends.destination;
    }

    private String port(boolean source) {
        int port = 1000 + random.nextInt(4);
        return switch (random.nextInt(6)) {
            case 0 -> {
                headers.add((ends, payload) -> portOf(ends, source) == port);
                yield "" + port;
            }
            case 1 -> {
                headers.add((ends, payload) -> portOf(ends, source) != port);
                yield "!" + port;
            }
            case 2 -> {
                headers.add((ends, payload) -> portOf(ends, source) >= port);
                yield port + ":";
            }
            case 3 -> {
                headers.add(
                        (ends, payload) ->
                                portOf(ends, source) <= 1002 && portOf(ends, source) != port);
                yield "[:1002,!" + port + "]";
            }
            default -> "any";
        };
    }

    private static int portOf(Ends ends, boolean source) {
        return source ? ends.sourcePort : ends.destinationPort;
    }

    private void dsize() {
        int size = 1 + random.nextInt(20);
        int form = random.nextInt(4);
        sizeBounded |= form != 0;
        switch (form) {
            case 0 -> {
                headers.add((ends, payload) -> payload.length > size);
                options.append("dsize:>%d; ".formatted(size));
            }
            case 1 -> {
                headers.add((ends, payload) -> payload.length < size);
                options.append("dsize:<%d; ".formatted(size));
            }
            case 2 -> {
                headers.add((ends, payload) -> payload.length != size);
                sizeNotAllowed = size;
                options.append("dsize:!%d; ".formatted(size));
            }
            default -> {
                headers.add((ends, payload) -> payload.length > size && payload.length < size + 9);
                options.append("dsize:%d<>%d; ".formatted(size, size + 9));
            }
        }
    }

    private void content() {
        int length = 1 + random.nextInt(3);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        String wanted = text.toString();
        boolean negated = random.nextInt(4) == 0;
        boolean noCase = random.nextInt(3) == 0;
        boolean relative = anchored && random.nextInt(2) == 0;
        boolean distance = relative && random.nextInt(4) != 0;
        boolean within = relative && (!distance || random.nextBoolean());
        int gap = distance ? random.nextInt(8) - 2 : 0;
        int span = length + random.nextInt(6);
        boolean offset = !relative && random.nextInt(3) == 0;
        boolean depth = !relative && random.nextInt(3) == 0;
        boolean start = !relative && !offset && !depth && random.nextInt(6) == 0;
        boolean end = random.nextInt(8) == 0;
        int skip = offset ? random.nextInt(6) : 0;
        int reach = start ? length : length + random.nextInt(8);
        retried[0] |= relative;
        boolean[] others = new boolean[1];
        retried = others;
        int number = tests.size();
        positive |= !negated;
        if (negated && !relative && !offset && !depth && !start && length > soughtLength) {
            sought = number;
            soughtLength = length;
        }
        options.append("content:%s\"%s\"; ".formatted(negated ? "!" : "", wanted));
        option(noCase, "nocase; ");
        option(distance, "distance:" + gap + "; ");
        option(within, "within:" + span + "; ");
        option(offset, "offset:" + skip + "; ");
        option(depth, "depth:" + reach + "; ");
        option(start, "startswith; ");
        option(end, "endswith; ");
        tests.add(
                (payload, position, rest) -> {
                    boolean nowhere = sought == number && !positive && !sizeBounded;
                    if (negated && end && relative) {
                        return rest.holds(position); // whatever the end, as in Suricata
                    }
                    boolean unbound = relative && within && position + gap + span < 0;
                    for (int at = 0; at + length <= payload.length; at++) {
                        int behind = at + length;
                        boolean placed =
                                relative
                                        ? at >= position + gap
                                                && (!within
                                                        || unbound
                                                        || behind <= position + gap + span)
                                        : at >= skip
                                                && behind <= sizeNotAllowed
                                                && (!(depth || start) || behind <= skip + reach);
                        if (placed
                                && (!end || negated || behind == payload.length)
                                && same(payload, at, wanted, noCase)) {
                            if (negated) {
                                boolean elsewhere =
                                        end && !nowhere && behind != payload.length - skip;
                                return elsewhere && rest.holds(position);
                            }
                            if (rest.holds(behind)) {
                                return true;
                            }
                            if (!others[0]) {
                                return false;
                            }
                        }
                    }
                    return negated && rest.holds(position);
                });
        anchored |= !negated;
    }

    private void option(boolean wanted, String text) {
        options.append(wanted ? text : "");
    }

    private static boolean same(byte[] payload, int at, String wanted, boolean noCase) {
        String there =
                new String(
                        payload, at, wanted.length(), java.nio.charset.StandardCharsets.ISO_8859_1);
        return noCase ? there.equalsIgnoreCase(wanted) : there.equals(wanted);
    }

    private void dataAt() {
        boolean negated = random.nextInt(3) == 0;
        boolean relative = anchored && random.nextBoolean();
        retried[0] |= relative;
        int size = random.nextInt(12);
        // !1 behind a content is another way to write endswith
        int bytes = negated && relative && size == 1 ? 0 : size;
        options.append(
                "isdataat:%s%d%s; "
                        .formatted(negated ? "!" : "", bytes, relative ? ",relative" : ""));
        tests.add(
                (payload, position, rest) -> {
                    boolean there =
                            relative ? position + bytes <= payload.length : bytes < payload.length;
                    return there != negated && rest.holds(position);
                });
    }

    /** Where a number of so many bytes lies, or -1 where the payload does not hold it. */
    private static int place(byte[] payload, int position, boolean relative, int skip, int bytes) {
        int at = (relative ? position : 0) + skip;
        return at < 0 || at + bytes > payload.length ? -1 : at;
    }

    private static long number(byte[] payload, int at, int bytes, boolean little) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | payload[little ? at + bytes - 1 - i : at + i] & 0xff;
        }
        return value;
    }

    private void byteTest() {
        int bytes = 1 + random.nextInt(2);
        int skip = random.nextInt(6);
        boolean relative = anchored && random.nextBoolean();
        retried[0] |= relative;
        boolean little = random.nextInt(3) == 0;
        boolean negated = random.nextInt(4) == 0;
        long value = random.nextInt(bytes == 1 ? 100 : 30_000);
        String operator = List.of("<", ">", "=", "&", "<=", ">=").get(random.nextInt(6));
        options.append(
                "byte_test:%d,%s%s,%d,%d%s%s; "
                        .formatted(
                                bytes,
                                negated ? "!" : "",
                                operator,
                                value,
                                skip,
                                relative ? ",relative" : "",
                                little ? ",little" : ""));
        tests.add(
                (payload, position, rest) -> {
                    int at = place(payload, position, relative, skip, bytes);
                    if (at < 0) {
                        return false;
                    }
                    long found = number(payload, at, bytes, little);
                    boolean holds =
                            switch (operator) {
                                case "<" -> found < value;
                                case ">" -> found > value;
                                case "<=" -> found <= value;
                                case ">=" -> found >= value;
                                case "&" -> (found & value) != 0;
                                default -> found == value;
                            };
                    return holds != negated && rest.holds(position);
                });
    }

    private void byteJump() {
        int skip = random.nextInt(6);
        boolean relative = anchored && random.nextBoolean();
        retried[0] |= relative;
        options.append("byte_jump:1,%d%s; ".formatted(skip, relative ? ",relative" : ""));
        tests.add(
                (payload, position, rest) -> {
                    int at = place(payload, position, relative, skip, 1);
                    if (at < 0) {
                        return false;
                    }
                    int to = at + 1 + (payload[at] & 0xff);
                    return to <= payload.length && rest.holds(to);
                });
        anchored = true;
    }
}
