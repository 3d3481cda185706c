package ips.core.rule.keyword;

import java.util.HashMap;
import java.util.Map;

/**
 * Values that rules look up and may add to, known by its name in all rules of a set. What was
 * loaded from a file is shared and does not change; what rules add and take away is the {@link
 * DataSetMemory}'s.
 */
public final class DataSet {
    /** What the values are. */
    enum Type {
        STRING(0),
        MD5(16),
        SHA1(20),
        SHA256(32),
        IPV4(4),
        IP(0);

        /** Bytes of each, or 0 for any number. */
        final int length;

        Type(int length) {
            this.length = length;
        }
    }

    /** Values a file may hold, and a run may add. */
    static final int MOST_VALUES = 1 << 20;

    final String name;
    final Type type;
    final int number;

    /** What was loaded, and its reputation, 0 where the file tells none. */
    final Map<ByteKey, Integer> loaded = new HashMap<>();

    DataSet(String name, Type type, int number) {
        this.name = name;
        this.type = type;
        this.number = number;
    }
}
