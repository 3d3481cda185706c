package ips.core.rule;

import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Addresses as a rule's header lists them: sorted ranges of 128-bit numbers, IPv4 in its mapped
 * form. Immutable; 32 bytes a range.
 */
public final class AddressSet {
    private static final BigInteger LAST = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    /** Every address. */
    public static final AddressSet ANY =
            new AddressSet(List.of(new Range(BigInteger.ZERO, LAST)), false);

    private static final BigInteger FIRST_IPV4 = number(IpAddress.parse("0.0.0.0"));
    private static final BigInteger LAST_IPV4 = number(IpAddress.parse("255.255.255.255"));

    private record Range(BigInteger from, BigInteger to) {
        boolean meets(Range other) {
            return from.compareTo(other.to) <= 0 && other.from.compareTo(to) <= 0;
        }
    }

    /** IPv4, in its mapped form. */
    private static final Range IPV4 =
            new Range(
                    BigInteger.valueOf(0xffffL << 32),
                    BigInteger.valueOf(0xffffL << 32 | 0xffff_ffffL));

    private static final List<Range> IPV6 =
            List.of(
                    new Range(BigInteger.ZERO, IPV4.from.subtract(BigInteger.ONE)),
                    new Range(IPV4.to.add(BigInteger.ONE), LAST));

    private final List<Range> ranges;
    private final boolean any;
    private final boolean negated;
    private final long[] bounds;

    private AddressSet(List<Range> ranges, boolean negated) {
        this.ranges = ranges;
        this.negated = negated;
        any =
                ranges.size() == 1
                        && ranges.get(0).from.signum() == 0
                        && ranges.get(0).to.equals(LAST);
        bounds = new long[ranges.size() * 4];
        for (int i = 0; i < ranges.size(); i++) {
            bounds[i * 4] = ranges.get(i).from.shiftRight(64).longValue();
            bounds[i * 4 + 1] = ranges.get(i).from.longValue();
            bounds[i * 4 + 2] = ranges.get(i).to.shiftRight(64).longValue();
            bounds[i * 4 + 3] = ranges.get(i).to.longValue();
        }
    }

    /**
     * Reads an address list of a header.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    public static AddressSet parse(String text, RuleVariables variables) {
        Members members = new Members();
        collect(text, false, variables, 0, members);
        List<Range> left = subtract(merge(members.listed()), merge(members.negative));
        if (left.isEmpty()) {
            throw new IllegalArgumentException(text + " holds no address");
        }
        return new AddressSet(left, members.negated());
    }

    private static final class Members {
        final List<Range> positive = new ArrayList<>();
        final List<Range> negative = new ArrayList<>();
        private boolean negatedWithin;

        /** Takes the addresses of a list within, or those that are not among them. */
        void add(AddressSet list, boolean not) {
            (not ? negative : positive).addAll(list.ranges);
            negatedWithin |= list.negated;
        }

        boolean negated() {
            return negatedWithin || !negative.isEmpty();
        }

        /** What is listed; of a family of which only is said what is not, all of it. */
        List<Range> listed() {
            List<Range> all = new ArrayList<>(positive);
            if (positive.stream().noneMatch(IPV4::meets)
                    && negative.stream().anyMatch(IPV4::meets)) {
                all.add(IPV4);
            }
            if (positive.stream().noneMatch(Members::isIpv6)
                    && negative.stream().anyMatch(Members::isIpv6)) {
                all.addAll(IPV6);
            }
            return all;
        }

        private static boolean isIpv6(Range range) {
            return IPV6.stream().anyMatch(range::meets);
        }
    }

    private static void collect(
            String text, boolean negated, RuleVariables variables, int depth, Members to) {
        String t = text.strip();
        if (t.indexOf('[') < 0 && t.indexOf(',') >= 0) {
            t = "[" + t + "]"; // a list whose brackets were left out, as Suricata takes it
        }
        boolean not = negated;
        while (t.startsWith("!")) {
            not = !not;
            t = t.substring(1).strip();
        }
        if (t.startsWith("$")) {
            String value = variables.address(t.substring(1), depth);
            to.add(parseAt(value, variables, depth + 1), not);
            return;
        }
        if (t.startsWith("[")) {
            if (not) {
                to.add(parseAt(t, variables, depth + 1), true);
                return;
            }
            for (String member : ListSyntax.members(t)) {
                collect(member, false, variables, depth + 1, to);
            }
            return;
        }
        (not ? to.negative : to.positive).addAll(ranges(t));
    }

    private static AddressSet parseAt(String text, RuleVariables variables, int depth) {
        Members members = new Members();
        collect(text, false, variables, depth, members);
        return new AddressSet(
                subtract(merge(members.listed()), merge(members.negative)), members.negated());
    }

    private static List<Range> ranges(String text) {
        if (text.equalsIgnoreCase("any")) {
            return ANY.ranges;
        }
        Range range = range(text);
        boolean mixed = IPV4.meets(range) && Members.isIpv6(range);
        return mixed ? subtract(List.of(range), List.of(IPV4)) : List.of(range);
    }

    private static Range range(String text) {
        int dash = text.indexOf('-');
        if (dash > 0) {
            BigInteger from = number(IpAddress.parse(text.substring(0, dash)));
            BigInteger to = number(IpAddress.parse(text.substring(dash + 1)));
            if (from.compareTo(to) > 0) {
                throw new IllegalArgumentException("the range " + text + " is empty");
            }
            return new Range(from, to);
        }
        if (text.contains(":") && IpAddress.parse(text.split("/")[0]).isIpv4()) {
            return mapped(text);
        }
        Cidr cidr = Cidr.parse(withPrefix(text));
        int bits = cidr.address().isIpv4() ? 32 - cidr.prefixLength() : 128 - cidr.prefixLength();
        BigInteger from = number(cidr.address());
        BigInteger size = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
        return new Range(from, from.add(size));
    }

    /** {@code ::ffff:192.0.2.1} is an address of IPv6 packets, not that of the host it names. */
    private static Range mapped(String text) {
        String[] parts = text.split("/");
        int length = parts.length == 1 ? 128 : Integer.parseInt(parts[1]);
        if (length < 96 || length > 128) {
            throw new IllegalArgumentException(text + ": the prefix length is 96 to 128");
        }
        Cidr cidr = new Cidr(IpAddress.parse(parts[0]).mapped(), length);
        BigInteger size = BigInteger.ONE.shiftLeft(128 - length).subtract(BigInteger.ONE);
        return new Range(number(cidr.address()), number(cidr.address()).add(size));
    }

    /** {@code 10.0.0.0/255.0.0.0} with the length of its prefix. */
    private static String withPrefix(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || text.indexOf('.', slash) < 0) {
            return text;
        }
        int mask = (int) IpAddress.parse(text.substring(slash + 1)).low();
        int length = Integer.bitCount(mask);
        if (length < 32 && mask != -1 << 32 - length && length > 0) {
            throw new IllegalArgumentException("not a mask: " + text.substring(slash + 1));
        }
        return text.substring(0, slash + 1) + length;
    }

    private static BigInteger number(IpAddress address) {
        return unsigned(address.high()).shiftLeft(64).or(unsigned(address.low()));
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    private static List<Range> merge(List<Range> ranges) {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparing(Range::from));
        List<Range> merged = new ArrayList<>();
        for (Range each : sorted) {
            int last = merged.size() - 1;
            if (last >= 0 && each.from.compareTo(merged.get(last).to.add(BigInteger.ONE)) <= 0) {
                merged.set(
                        last, new Range(merged.get(last).from, merged.get(last).to.max(each.to)));
            } else {
                merged.add(each);
            }
        }
        return merged;
    }

    private static List<Range> subtract(List<Range> ranges, List<Range> without) {
        List<Range> left = ranges;
        for (Range hole : without) {
            List<Range> next = new ArrayList<>();
            for (Range each : left) {
                if (hole.to.compareTo(each.from) < 0 || hole.from.compareTo(each.to) > 0) {
                    next.add(each);
                    continue;
                }
                if (each.from.compareTo(hole.from) < 0) {
                    next.add(new Range(each.from, hole.from.subtract(BigInteger.ONE)));
                }
                if (each.to.compareTo(hole.to) > 0) {
                    next.add(new Range(hole.to.add(BigInteger.ONE), each.to));
                }
            }
            left = next;
        }
        return left;
    }

    /** Whether its text excludes something, or that of a variable in it. */
    public boolean isNegated() {
        return negated;
    }

    /** How many of the 65,536 16-bit prefixes of IPv4 it has addresses of. */
    int prefixes() {
        int[] count = new int[1];
        forEachPrefix(prefix -> count[0]++);
        return count[0];
    }

    /** Tells the 16-bit prefixes of IPv4 that it has addresses of, in rising order. */
    void forEachPrefix(IntConsumer to) {
        int next = 0;
        for (Range each : ranges) {
            BigInteger from = each.from.max(FIRST_IPV4);
            BigInteger last = each.to.min(LAST_IPV4);
            if (from.compareTo(last) <= 0) {
                int behind = (int) (last.longValue() >>> 16 & 0xffff) + 1;
                for (int prefix = (int) (from.longValue() >>> 16 & 0xffff); prefix < behind; ) {
                    if (prefix >= next) {
                        to.accept(prefix);
                        next = prefix + 1;
                    }
                    prefix++;
                }
            }
        }
    }

    /** Whether an address is among them, see {@link IpAddress} for its halves. */
    public boolean contains(long high, long low) {
        if (any) {
            return true;
        }
        int from = 0;
        int to = bounds.length >> 2;
        while (from < to) {
            int middle = from + to >>> 1;
            int at = middle << 2;
            if (less(high, low, bounds[at], bounds[at + 1])) {
                to = middle;
            } else if (less(bounds[at + 2], bounds[at + 3], high, low)) {
                from = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    private static boolean less(long aHigh, long aLow, long bHigh, long bLow) {
        return aHigh == bHigh
                ? Long.compareUnsigned(aLow, bLow) < 0
                : Long.compareUnsigned(aHigh, bHigh) < 0;
    }
}
