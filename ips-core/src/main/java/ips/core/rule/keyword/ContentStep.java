package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import org.agrona.DirectBuffer;

/** A content: bytes at places that depth, offset, distance and within allow. */
final class ContentStep extends Step {
    final byte[] bytes;
    final boolean negated;
    boolean noCase;
    boolean fastPattern;
    boolean fastPatternOnly;
    int chopOffset;
    int chopLength;
    boolean hasOffset;
    boolean hasDepth;
    boolean hasDistance;
    boolean hasWithin;
    boolean startsWith;
    boolean endsWith;
    int offset;
    int depth;
    int distance;
    int within;

    // Numbers of variables, or -1.
    int offsetVariable = -1;
    int depthVariable = -1;
    int distanceVariable = -1;
    int withinVariable = -1;

    /**
     * Where a place that is not relative ends at the latest, as a size the payload may not have.
     */
    int sizeEnd = Integer.MAX_VALUE;

    /** Whether its bytes may lie nowhere, though it says endswith. */
    boolean nowhere;

    private byte[] folded;

    ContentStep(byte[] bytes, boolean negated) {
        this.bytes = bytes;
        this.negated = negated;
    }

    void ignoreCase() {
        noCase = true;
        folded = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            folded[i] = lower(bytes[i]);
        }
    }

    /** What is wrong with it, or null. */
    String complaint() {
        if (hasDepth && depthVariable < 0 && depth < bytes.length) {
            return "content: depth is less than the content's length";
        }
        if (hasWithin && withinVariable < 0 && within < bytes.length && !negated) {
            return "content: within is less than the content's length";
        }
        boolean bound = hasOffset || hasDepth || relative();
        if (fastPattern && negated && bound) {
            return "fast_pattern: of a negated content with offset, depth, distance or within";
        }
        if (fastPatternOnly && (negated || bound)) {
            return "fast_pattern: only, of a content that is negated or bound to a place";
        }
        return null;
    }

    @Override
    int reach(int before) {
        return negated ? before : ownReach(before);
    }

    /**
     * How many of the buffer's bytes, from the first on, it has to lie within.
     *
     * @param before the same for the place where the test before it ends
     */
    int ownReach(int before) {
        long reach = FastPattern.ANYWHERE;
        if (relative()) {
            boolean fixed = distanceVariable < 0 && withinVariable < 0;
            if (hasWithin && fixed && distance >= 0 && before != FastPattern.ANYWHERE) {
                reach = (long) before + distance + within;
            }
        } else if (hasDepth && offsetVariable < 0 && depthVariable < 0) {
            reach = (long) Math.max(0, offset) + depth;
        }
        return (int) Math.min(FastPattern.ANYWHERE, reach);
    }

    @Override
    boolean relative() {
        return hasDistance || hasWithin;
    }

    @Override
    boolean matches(ByteRange buffer, Inspection in) {
        int before = in.position;
        int from;
        int to = buffer.length;
        if (relative()) {
            from = before;
            int gap = value(distance, distanceVariable, in);
            if (hasDistance) {
                from = Math.max(0, from + gap);
            }
            if (hasWithin && distanceVariable < 0) { // Suricata lets it fall beside a variable
                long end = (long) before + gap + value(within, withinVariable, in);
                to = (int) Math.min(to, end < 0 ? to : end); // before the beginning: no bound
            }
        } else {
            int skip = hasOffset ? value(offset, offsetVariable, in) : 0;
            from = skip;
            if (hasDepth) {
                to = (int) Math.min(to, (long) skip + value(depth, depthVariable, in));
            }
            to = Math.min(to, sizeEnd);
        }
        if (from > to || from < 0 || to <= 0 || endsWith && to < buffer.length) {
            return negated && next.matches(buffer, in);
        }
        if (endsWith && negated && relative()) {
            return next.matches(buffer, in); // as Suricata has it
        }
        if (endsWith && !negated && buffer.length - bytes.length > from) {
            from = buffer.length - bytes.length;
        }
        while (true) {
            int at = find(buffer, from, to);
            if (at < 0) {
                return negated && next.matches(buffer, in);
            }
            if (negated) {
                // With an offset Suricata takes another place for the end; rules are written to it.
                boolean elsewhere = endsWith && !nowhere && at + bytes.length != to - from;
                return elsewhere && next.matches(buffer, in); // the first place alone counts
            }
            in.position = at + bytes.length;
            if (next.matches(buffer, in)) {
                return true;
            }
            if (!anchorsOthers || --in.budget < 0) {
                return false;
            }
            from = at + 1;
        }
    }

    private static int value(int constant, int variable, Inspection in) {
        if (variable < 0) {
            return constant;
        }
        long value = in.variables[variable];
        return (int) Math.max(Integer.MIN_VALUE / 2, Math.min(Integer.MAX_VALUE / 2, value));
    }

    /** Where the bytes first lie as a whole between two places, or -1. */
    private int find(ByteRange buffer, int from, int to) {
        DirectBuffer array = buffer.buffer;
        int last = buffer.offset + to - bytes.length;
        if (noCase) {
            byte first = folded[0];
            for (int at = buffer.offset + from; at <= last; at++) {
                if (lower(array.getByte(at)) == first && sameFolded(array, at)) {
                    return at - buffer.offset;
                }
            }
        } else {
            byte first = bytes[0];
            for (int at = buffer.offset + from; at <= last; at++) {
                if (array.getByte(at) == first && same(array, at)) {
                    return at - buffer.offset;
                }
            }
        }
        return -1;
    }

    private boolean same(DirectBuffer array, int at) {
        for (int i = 1; i < bytes.length; i++) {
            if (array.getByte(at + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean sameFolded(DirectBuffer array, int at) {
        for (int i = 1; i < folded.length; i++) {
            if (lower(array.getByte(at + i)) != folded[i]) {
                return false;
            }
        }
        return true;
    }

    static byte lower(byte value) {
        return value >= 'A' && value <= 'Z' ? (byte) (value + 32) : value;
    }
}
