package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What rules added to data sets and took from them, of one worker: rules that do are all asked by
 * one. At most {@link DataSet#MOST_VALUES} values of {@value #LONGEST} bytes each; what finds no
 * room is not added.
 */
final class DataSetMemory {
    private static final int LONGEST = 4096;
    private static final int IPV6_BYTES = 16;
    private static final long MOST_BYTES = 64L << 20;

    private final List<Set<ByteKey>> added = new ArrayList<>();
    private final List<Set<ByteKey>> removed = new ArrayList<>();
    private final ByteKey sought = new ByteKey(new byte[64]);
    private long bytes;
    private int values;

    private static Set<ByteKey> of(List<Set<ByteKey>> sets, int number) {
        while (sets.size() <= number) {
            sets.add(new HashSet<>());
        }
        return sets.get(number);
    }

    private boolean fits(DataSet set, ByteRange value) {
        boolean any = set.type.length == 0 && value.length > 0 && value.length <= LONGEST;
        return any || value.length == set.type.length;
    }

    boolean has(DataSet set, ByteRange value) {
        if (!fits(set, value)) {
            return false;
        }
        sought.fill(value);
        return has(set);
    }

    private boolean has(DataSet set) {
        return set.loaded.containsKey(sought) && !of(removed, set.number).contains(sought)
                || of(added, set.number).contains(sought);
    }

    /** The reputation of a value, or -1 where it is not in the set. */
    int reputation(DataSet set, ByteRange value) {
        if (!fits(set, value)) {
            return -1;
        }
        Integer found = set.loaded.get(sought.fill(value));
        return found == null ? -1 : found;
    }

    /**
     * Adds a value; false where it was there, or there is no room. As with Suricata, a set of type
     * ip is not added IPv4 addresses, though it may be loaded with them.
     */
    boolean add(DataSet set, ByteRange value) {
        boolean shortAddress = set.type == DataSet.Type.IP && value.length != IPV6_BYTES;
        if (!fits(set, value) || shortAddress || has(set, value)) {
            return false;
        }
        if (of(removed, set.number).remove(sought)) {
            return true;
        }
        if (values == DataSet.MOST_VALUES || bytes + value.length > MOST_BYTES) {
            return false;
        }
        values++;
        bytes += value.length;
        return of(added, set.number).add(sought.copy());
    }

    /** Takes a value away; false where it was not there. */
    boolean remove(DataSet set, ByteRange value) {
        if (!fits(set, value) || !has(set, value)) {
            return false;
        }
        if (of(added, set.number).remove(sought)) {
            values--;
            bytes -= value.length;
            return true;
        }
        return of(removed, set.number).add(sought.copy());
    }
}
