package ips.core.inspect;

import static ips.core.inspect.TlsSide.number;

/**
 * The hello of a client or server (RFC 5246 §7.4.1, RFC 8446 §4.1): where its parts lie in the
 * messages of its side.
 *
 * <pre>
 *   | version 2 | random 32 | session <1> | client: ciphers <2> | compressions <1> | extensions <2> |
 *                                         | server: cipher 2    | compression 1    |
 * </pre>
 *
 * where {@code <n>} stands behind its length in n bytes.
 */
final class TlsHello {
    private static final int RANDOM_BYTES = 32;
    private static final int SERVER_NAME = 0;
    private static final int GROUPS = 10;
    private static final int POINT_FORMATS = 11;
    private static final int PROTOCOLS = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int LONGEST_NAME = 255;

    private GrowingBytes m;
    private boolean client;
    private int end;

    /** Whether it came; the others mean nothing before. */
    boolean here;

    int randomAt;

    /** The version of the hello itself, and the one it means. */
    private int ownVersion;

    int version;

    int nameAt;
    int nameLength;

    /** Bits of {@link TlsEvent}. */
    long events;

    private int ciphersAt;
    private int ciphersEnd;
    private int extensionsAt;
    private int extensionsEnd;
    private int groupsAt;
    private int groupsEnd;
    private int formatsAt;
    private int formatsEnd;
    private boolean named;

    void clear() {
        m = null;
        here = false;
        nameLength = 0;
        events = 0;
        named = false;
        ciphersAt = 0;
        ciphersEnd = 0;
        extensionsAt = 0;
        extensionsEnd = 0;
        groupsAt = 0;
        groupsEnd = 0;
        formatsAt = 0;
        formatsEnd = 0;
    }

    /** Reads a message; false where it has not what it says. */
    boolean read(GrowingBytes messages, int from, int to, boolean ofClient) {
        clear();
        m = messages;
        client = ofClient;
        end = to;
        if (from + 2 + RANDOM_BYTES > end) {
            return false;
        }
        ownVersion = number(m, from, 2);
        version = ownVersion;
        randomAt = from + 2;
        int at = behind(randomAt + RANDOM_BYTES, 1, end);
        at = at < 0 ? at : client ? offers(at) : choice(at);
        here = at >= 0;
        return here && (at == end || extensions(at));
    }

    /** Whether it names the same server as another hello of its side. */
    boolean hasNameOf(TlsHello other) {
        return nameLength == other.nameLength && m.sameLetters(nameAt, other.nameAt, nameLength);
    }

    /** The place behind a vector whose length stands before it; negative if that is cut short. */
    private int behind(int at, int lengthBytes, int limit) {
        if (at + lengthBytes > limit) {
            return -1;
        }
        int next = at + lengthBytes + number(m, at, lengthBytes);
        return next <= limit ? next : -1;
    }

    private int offers(int at) {
        int next = behind(at, 2, end);
        if (next < 0 || (next - at & 1) != 0) {
            return -1;
        }
        ciphersAt = at + 2;
        ciphersEnd = next;
        return behind(next, 1, end);
    }

    private int choice(int at) {
        ciphersAt = at;
        ciphersEnd = at + 2;
        return at + 3 <= end ? at + 3 : -1;
    }

    private boolean extensions(int from) {
        extensionsEnd = behind(from, 2, end);
        if (extensionsEnd < 0) {
            extensionsEnd = 0;
            return false;
        }
        extensionsAt = from + 2;
        int at = extensionsAt;
        while (at < extensionsEnd) {
            int next = at + 2 < extensionsEnd ? behind(at + 2, 2, extensionsEnd) : -1;
            if (next < 0 || !extension(number(m, at, 2), at + 4, next)) {
                return false;
            }
            at = next;
        }
        return true;
    }

    private boolean extension(int type, int from, int to) {
        return switch (type) {
            case SERVER_NAME -> from == to || !client || serverName(from, to);
            case GROUPS -> {
                groupsAt = from + 2;
                groupsEnd = behind(from, 2, to);
                yield groupsEnd >= 0;
            }
            case POINT_FORMATS -> {
                formatsAt = from + 1;
                formatsEnd = behind(from, 1, to);
                yield formatsEnd >= 0;
            }
            case PROTOCOLS -> behind(from, 2, to) >= 0;
            case SUPPORTED_VERSIONS -> versions(from, to);
            default -> true;
        };
    }

    /** RFC 6066 §3: a list of names, of which only the first counts. */
    private boolean serverName(int from, int to) {
        if (from + 3 > to) {
            return false;
        }
        if (named) {
            events |= TlsEvent.MULTIPLE_SNI_EXTENSIONS.bit();
            return true;
        }
        named = true;
        if (m.at(from + 2) != 0) {
            events |= TlsEvent.INVALID_SNI_TYPE.bit();
            return true;
        }
        if (from + 5 > to) {
            return false;
        }
        int length = number(m, from + 3, 2);
        if (length == 0 || length > LONGEST_NAME || from + 5 + length > to) {
            events |= TlsEvent.INVALID_SNI_LENGTH.bit();
            return true;
        }
        nameAt = from + 5;
        nameLength = length;
        return true;
    }

    /** RFC 8446 §4.2.1: of a client's versions the first that is one counts. */
    private boolean versions(int from, int to) {
        if (!client) {
            version = from + 2 <= to ? number(m, from, 2) : version;
            return from + 2 <= to;
        }
        int last = behind(from, 1, to);
        if (last < 0) {
            return false;
        }
        for (int at = from + 1; at + 2 <= last; at += 2) {
            int each = number(m, at, 2);
            if (!isGrease(each)) {
                version = each;
                return true;
            }
        }
        return true;
    }

    /**
     * RFC 8701: values that mean nothing, so that servers learn to ignore what they do not know.
     */
    private static boolean isGrease(int value) {
        return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
    }

    /** Writes JA3, of a server JA3S: version, ciphers, extensions, groups, point formats. */
    void fingerprint(GrowingBytes into) {
        addNumber(into, ownVersion);
        into.add((byte) ',');
        addList(into, ciphersAt, ciphersEnd, 2);
        into.add((byte) ',');
        addExtensions(into);
        if (client) {
            into.add((byte) ',');
            addList(into, groupsAt, groupsEnd, 2);
            into.add((byte) ',');
            addList(into, formatsAt, formatsEnd, 1);
        }
    }

    private void addList(GrowingBytes into, int from, int to, int bytes) {
        int start = into.length();
        for (int at = from; at + bytes <= to; at += bytes) {
            addMember(into, start, number(m, at, bytes));
        }
    }

    private void addExtensions(GrowingBytes into) {
        int start = into.length();
        for (int at = extensionsAt; at + 4 <= extensionsEnd; at += 4 + number(m, at + 2, 2)) {
            addMember(into, start, number(m, at, 2));
        }
    }

    private static void addMember(GrowingBytes into, int start, int value) {
        if (isGrease(value)) {
            return;
        }
        if (into.length() > start) {
            into.add((byte) '-');
        }
        addNumber(into, value);
    }

    private static void addNumber(GrowingBytes into, int value) {
        int divisor = 1;
        while (value / divisor > 9) {
            divisor *= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            into.add((byte) ('0' + value / divisor % 10));
        }
    }
}
