package ips.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The interfaces of a pcapng file: those of the present section by their id, and the names of all
 * so far. An interface that a later section describes under the same name keeps its index. {@value
 * #MOST} at most in a section, and as many names; packets of others count as lost, further names as
 * the last one.
 */
final class PcapngInterfaces {
    static final int MOST = 4_096;

    private static final int OPTION_NAME = 2;
    private static final int OPTION_RESOLUTION = 9;
    private static final int OPTION_TIME_OFFSET = 14;
    private static final int MAX_NAME_BYTES = 64;
    private static final long SECOND_NS = 1_000_000_000L;

    private final String fileName;
    private final int firstIndex;
    private final List<String> names = new CopyOnWriteArrayList<>();

    private int count;

    /** Of the interface being added; empty where the file has none. */
    private String name;

    private int[] linkTypes = new int[4];
    private long[] snapLengths = new long[4];
    private int[] indexes = new int[4];
    private int[] resolutions = new int[4];
    private long[] scales = new long[4];
    private long[] offsetsS = new long[4];

    PcapngInterfaces(String fileName, int firstIndex) {
        this.fileName = fileName;
        this.firstIndex = firstIndex;
    }

    List<String> names() {
        return names.isEmpty() ? List.of(fileName) : List.copyOf(names);
    }

    void beginSection() {
        count = 0;
    }

    boolean isKnown(int id) {
        return id >= 0 && id < count;
    }

    int linkType(int id) {
        return linkTypes[id];
    }

    /** Link type of the interface added last. */
    int latestLinkType() {
        return linkTypes[count - 1];
    }

    /** Bytes kept of each frame, {@link Long#MAX_VALUE} for all. */
    long snapLength(int id) {
        return snapLengths[id];
    }

    String name(int id) {
        return names.get(indexes[id] - firstIndex);
    }

    /** The interface's place in {@link #names}, plus that of the file's first. */
    int index(int id) {
        return indexes[id];
    }

    /** Nanoseconds since 1970, or -1 when that does not fit. */
    long timeNs(int id, long time) {
        int resolution = resolutions[id];
        long offsetNs = offsetsS[id] * SECOND_NS;
        long ns;
        if ((resolution & 0x80) != 0) {
            ns = binaryToNs(time, resolution & 0x7f);
        } else if (resolution <= 9) {
            long factor = scales[id];
            ns = Math.multiplyHigh(time, factor) == 0 ? time * factor : -1;
        } else {
            ns = resolution > 27 ? 0 : Long.divideUnsigned(time, scales[id]);
        }
        return ns < 0 || ns + offsetNs < 0 ? -1 : ns + offsetNs;
    }

    private static long binaryToNs(long time, int bits) {
        if (bits >= 64) {
            return 0;
        }
        long seconds = bits == 0 ? time : time >>> bits;
        long fraction = bits == 0 ? 0 : time << (64 - bits) >>> 32; // in 2^-32 s
        return Math.multiplyHigh(seconds, SECOND_NS) == 0
                ? seconds * SECOND_NS + (fraction * SECOND_NS >>> 32)
                : -1;
    }

    private static long powerOfTen(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }

    /** Adds what an interface description block says; {@code length} without the trailer. */
    void add(ByteBuffer bytes, int start, int length) {
        if (count == MOST) {
            return;
        }
        if (count == linkTypes.length) {
            grow(2 * count);
        }
        long snapLength = bytes.getInt(start + 12) & 0xffff_ffffL;
        linkTypes[count] = bytes.getShort(start + 8) & 0xffff;
        snapLengths[count] = snapLength == 0 ? Long.MAX_VALUE : snapLength;
        resolutions[count] = 6;
        offsetsS[count] = 0;
        name = "";
        PcapngOptions.each(
                bytes,
                start + 16,
                start + length,
                (code, value, size) -> {
                    if (code == OPTION_NAME) {
                        name = text(bytes, value, Math.min(size, MAX_NAME_BYTES));
                    } else if (code == OPTION_RESOLUTION && size >= 1) {
                        resolutions[count] = bytes.get(value) & 0xff;
                    } else if (code == OPTION_TIME_OFFSET && size >= 8) {
                        offsetsS[count] = secondsWithinReason(bytes.getLong(value));
                    }
                });
        if (name.isEmpty()) {
            name = count == 0 ? fileName : fileName + "#" + count;
        }
        indexes[count] = firstIndex + indexOf(name);
        int exponent = Math.abs((resolutions[count] & 0x7f) - 9);
        scales[count] = powerOfTen(Math.min(exponent, 18));
        count++;
    }

    private int indexOf(String name) {
        int index = names.indexOf(name);
        if (index < 0 && names.size() < MOST) {
            names.add(name);
        }
        return index < 0 ? names.size() - 1 : index;
    }

    private void grow(int size) {
        linkTypes = Arrays.copyOf(linkTypes, size);
        snapLengths = Arrays.copyOf(snapLengths, size);
        indexes = Arrays.copyOf(indexes, size);
        resolutions = Arrays.copyOf(resolutions, size);
        scales = Arrays.copyOf(scales, size);
        offsetsS = Arrays.copyOf(offsetsS, size);
    }

    /** Offsets of more than the nanoseconds of a long can hold are none. */
    private static long secondsWithinReason(long seconds) {
        long most = Long.MAX_VALUE / SECOND_NS;
        return seconds > most || seconds < -most ? 0 : seconds;
    }

    private static String text(ByteBuffer bytes, int offset, int length) {
        byte[] text = new byte[length];
        bytes.get(offset, text);
        return new String(text, StandardCharsets.UTF_8)
                .replace('\0', ' ')
                .replaceAll("[\\p{Cc}\\p{Cf}]", "?")
                .strip();
    }
}
