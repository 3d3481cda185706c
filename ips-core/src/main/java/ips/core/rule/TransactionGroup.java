package ips.core.rule;

import ips.core.inspect.InspectedFlow;
import ips.core.rule.keyword.Buffer;
import ips.core.rule.keyword.BufferTest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The signatures for one side of transactions: by the fast pattern of one of their buffers, and
 * those that have none. Immutable.
 *
 * <p>Those that ask for a flowbit which only the other side sets, and have their pattern in a body,
 * are kept apart: as long as none of these bits is set, bodies need not be searched for them. Five
 * of the twelve shipped rules about bodies of responses are of that kind; {@code RuleSpeed HTTP
 * -1}: 1.99 and 2.13 us a frame to 1.92 and 1.96.
 */
final class TransactionGroup {
    private static final int[] NONE = {};

    /** By buffer, by {@code ordinal}; null where no signature has its pattern. */
    final Prefilter[] prefilters;

    /** The same of bodies, for signatures that wait for a flowbit. */
    final Prefilter[] awaiting;

    /** Those without any pattern. */
    final int[] others;

    final boolean isEmpty;

    private final int[] awaited;

    /**
     * @param request whether it is the client's side
     * @param setHere flowbits that signatures of this side may set
     */
    TransactionGroup(List<Signature> signatures, boolean request, BitSet setHere) {
        Map<Buffer, Prefilter.Builder> always = new EnumMap<>(Buffer.class);
        Map<Buffer, Prefilter.Builder> later = new EnumMap<>(Buffer.class);
        BitSet bits = new BitSet();
        Buffer.Side foreign = request ? Buffer.Side.RESPONSE : Buffer.Side.REQUEST;
        List<Integer> plain = new ArrayList<>();
        for (Signature each : signatures) {
            BufferTest best = each.firstSought(foreign);
            if (best == null) {
                plain.add(each.order);
                continue;
            }
            boolean waits = best.buffer().isBody() && awaitsAnother(each, setHere);
            if (waits) {
                for (int bit : each.awaitedBits) {
                    bits.set(bit);
                }
            }
            (waits ? later : always)
                    .computeIfAbsent(best.buffer(), key -> new Prefilter.Builder())
                    .add(best.fastPattern(), each.order);
        }
        prefilters = byOrdinal(always);
        awaiting = byOrdinal(later);
        awaited = bits.stream().toArray();
        others = plain.isEmpty() ? NONE : plain.stream().mapToInt(Integer::intValue).toArray();
        isEmpty = signatures.isEmpty();
    }

    private static boolean awaitsAnother(Signature each, BitSet setHere) {
        if (each.awaitedBits == null) {
            return false;
        }
        for (int bit : each.awaitedBits) {
            if (setHere.get(bit)) {
                return false;
            }
        }
        return true;
    }

    private static Prefilter[] byOrdinal(Map<Buffer, Prefilter.Builder> builders) {
        Prefilter[] prefilters = new Prefilter[Buffer.values().length];
        builders.forEach((buffer, builder) -> prefilters[buffer.ordinal()] = builder.build());
        return prefilters;
    }

    /** Whether a bit is set that those of {@link #awaiting} wait for. */
    boolean mayAsk(InspectedFlow flow) {
        if (flow.bits == null) {
            return false;
        }
        for (int bit : awaited) {
            if (flow.bit(bit)) {
                return true;
            }
        }
        return false;
    }

    long memoryBytes() {
        return memoryBytes(prefilters) + memoryBytes(awaiting);
    }

    private static long memoryBytes(Prefilter[] prefilters) {
        long bytes = 0;
        for (Prefilter each : prefilters) {
            bytes += each == null ? 0 : each.memoryBytes();
        }
        return bytes;
    }
}
