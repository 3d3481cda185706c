package ips.core.rule;

import ips.core.rule.keyword.Buffer;
import ips.core.rule.keyword.BufferTest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The signatures for one side of transactions: by the fast pattern of one of their buffers, and
 * those that have none. Immutable.
 */
final class TransactionGroup {
    private static final int[] NONE = {};

    /** By buffer, by {@code ordinal}; null where no signature has its pattern. */
    final Prefilter[] prefilters = new Prefilter[Buffer.values().length];

    /** Those without any pattern. */
    final int[] others;

    final boolean isEmpty;

    TransactionGroup(List<Signature> signatures, boolean request) {
        Map<Buffer, Prefilter.Builder> builders = new EnumMap<>(Buffer.class);
        Buffer.Side foreign = request ? Buffer.Side.RESPONSE : Buffer.Side.REQUEST;
        ArrayList<Integer> plain = new ArrayList<>();
        for (Signature each : signatures) {
            BufferTest best = each.firstSought(foreign);
            if (best == null) {
                plain.add(each.order);
            } else {
                builders.computeIfAbsent(best.buffer(), key -> new Prefilter.Builder())
                        .add(best.fastPattern(), each.order);
            }
        }
        builders.forEach((buffer, builder) -> prefilters[buffer.ordinal()] = builder.build());
        others = plain.isEmpty() ? NONE : plain.stream().mapToInt(Integer::intValue).toArray();
        isEmpty = signatures.isEmpty();
    }

    long memoryBytes() {
        long bytes = 0;
        for (Prefilter each : prefilters) {
            bytes += each == null ? 0 : each.memoryBytes();
        }
        return bytes;
    }
}
