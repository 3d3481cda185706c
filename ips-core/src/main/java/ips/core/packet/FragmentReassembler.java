package ips.core.packet;

import ips.core.Settings;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.time.Duration;
import java.util.Arrays;
import org.agrona.BitUtil;

/**
 * Puts IPv4 and IPv6 fragments together (RFC 791 §3.2, RFC 8200 §4.5), in whatever order they come.
 * Owned by one worker; packets are known by source, destination, identification and, for IPv4,
 * protocol.
 *
 * <p><b>Overlaps.</b> A fragment all of whose bytes are there already, the same, is a duplicate and
 * ignored. In IPv4 the data that came first wins and the rest of the fragment is taken; in IPv6 the
 * whole packet is given up, and what still comes of it ignored (RFC 5722). A fragment that
 * contradicts where the packet ends is ignored in IPv4 and ends the packet in IPv6.
 *
 * <p><b>Bounds.</b> A fixed number of packets and of bytes. When either runs out, the packet that
 * has waited longest for a fragment is evicted. Frame time runs a packet out {@link Config#timeout}
 * after its first fragment. Memory: some 430 bytes a packet, and {@link Config#bytes}.
 */
public final class FragmentReassembler {
    /**
     * @param packets incomplete packets at a time
     * @param bytes of payload of all of them, in blocks of a KiB; at least 64 KiB
     * @param timeout from the first fragment to the last
     */
    public record Config(int packets, int bytes, Duration timeout) {
        public static final Config DEFAULTS = new Config(4096, 8 << 20, Duration.ofSeconds(30));

        public Config {
            Settings.within("packets", packets, 1, 1 << 20);
            Settings.atLeast("bytes", bytes, 1 << 16);
            Settings.inRange(
                    !timeout.isNegative() && !timeout.isZero(),
                    "timeout",
                    Settings.text(timeout),
                    "more than 0s");
        }
    }

    private static final int NONE = -1;
    private static final int LONGEST_HEADER = 60;
    private static final int HEADER_STRIDE = 64;

    private final Counters counters;
    private final long timeoutNs;
    private final FragmentStore store;
    private final FrameBuffer output;
    private int outputLength;

    // One entry per incomplete packet.
    private final long[] sourceHigh;
    private final long[] sourceLow;
    private final long[] destinationHigh;
    private final long[] destinationLow;
    private final long[] identity;
    private final long[] firstNs;
    private final long[] lastNs;
    private final int[] receivedUnits;
    private final int[] highestEnd;
    private final int[] totalLength;
    private final boolean[] givenUp;
    private final int[] headerLength;
    private final FrameBuffer headers;

    // Entries with the same hash are chained; all in use are listed from the coldest to the one
    // touched last; free ones are chained through nextInBucket.
    private final int[] buckets;
    private final int[] nextInBucket;
    private final int[] colder;
    private final int[] warmer;
    private int coldest = NONE;
    private int warmest = NONE;
    private int firstFree;

    public FragmentReassembler(Config config, Counters counters) {
        this.counters = counters;
        timeoutNs = config.timeout.toNanos();
        int n = config.packets;
        store = new FragmentStore(n, config.bytes);
        output = FrameBuffer.allocateDirect(LONGEST_HEADER + Packet.LONGEST_IP_PACKET);
        sourceHigh = new long[n];
        sourceLow = new long[n];
        destinationHigh = new long[n];
        destinationLow = new long[n];
        identity = new long[n];
        firstNs = new long[n];
        lastNs = new long[n];
        receivedUnits = new int[n];
        highestEnd = new int[n];
        totalLength = new int[n];
        givenUp = new boolean[n];
        headerLength = new int[n];
        headers = FrameBuffer.allocateDirect(n * HEADER_STRIDE);
        buckets = new int[BitUtil.findNextPositivePowerOfTwo(n) * 2];
        Arrays.fill(buckets, NONE);
        nextInBucket = new int[n];
        for (int i = 0; i < n; i++) {
            nextInBucket[i] = i + 1 < n ? i + 1 : NONE;
        }
        colder = new int[n];
        warmer = new int[n];
    }

    /** The IP packet reassembled last, header first, from index 0; until the next {@link #add}. */
    public FrameBuffer output() {
        return output;
    }

    public int outputLength() {
        return outputLength;
    }

    /**
     * Takes a fragment.
     *
     * @param packet decoded up to its transport offset, with {@link Packet#fragment} set
     * @return whether it completes its packet, now in {@link #output}
     */
    public boolean add(Packet packet) {
        long now = packet.timestampNs;
        expire(now);
        int length = usableLength(packet);
        if (length <= 0) {
            return false;
        }
        int entry = findOrOpen(packet, now);
        touch(entry, now);
        if (givenUp[entry] || contradictsEnd(entry, packet, length)) {
            return false;
        }
        if (!take(entry, packet, length)) {
            return false;
        }
        if (packet.fragmentOffset == 0 && headerLength[entry] == 0) {
            keepHeader(entry, packet);
        }
        int total = totalLength[entry];
        if (headerLength[entry] == 0
                || total < 0
                || receivedUnits[entry] * FragmentStore.UNIT_BYTES < total) {
            return false;
        }
        return complete(entry, packet.ipVersion, total);
    }

    /** Bytes of a fragment to be taken, 0 for one that is of no use; counts what is odd. */
    private int usableLength(Packet packet) {
        int length = packet.transportLength;
        if (packet.fragmentOversized()) {
            counters.increment(Counter.FRAGMENT_OVERSIZED);
            return 0;
        }
        if (isTiny(packet, length)) {
            counters.increment(Counter.FRAGMENT_TINY);
        }
        if (packet.incomplete()) {
            return 0;
        }
        if (packet.moreFragments && length % FragmentStore.UNIT_BYTES != 0) {
            // As hosts do: IPv4 leaves out the odd bytes (so does Linux), IPv6 the fragment.
            counters.increment(Counter.FRAGMENT_BAD_LENGTH);
            return packet.ipVersion == 4 ? length & -FragmentStore.UNIT_BYTES : 0;
        }
        return length;
    }

    /** A fragment that splits a transport header, or holds nothing (RFC 1858 §3, RFC 3128). */
    private static boolean isTiny(Packet packet, int length) {
        if (packet.fragmentOffset == 0) {
            int header =
                    switch (packet.protocol) {
                        case Protocol.TCP -> TcpHeader.LENGTH;
                        case Protocol.UDP -> UdpHeader.LENGTH;
                        case Protocol.ICMP, Protocol.ICMPV6 -> IcmpHeader.LENGTH;
                        default -> 1;
                    };
            return length < header;
        }
        return length == 0
                || packet.protocol == Protocol.TCP && packet.fragmentOffset < TcpHeader.LENGTH;
    }

    /** Whether a fragment says otherwise than others where the packet ends. */
    private boolean contradictsEnd(int entry, Packet packet, int length) {
        int end = packet.fragmentOffset + length;
        int total = totalLength[entry];
        boolean last = !packet.moreFragments;
        boolean contradicts =
                total >= 0 ? end > total || last && end != total : last && end < highestEnd[entry];
        if (contradicts) {
            counters.increment(Counter.FRAGMENT_OVERLAP);
            packet.fragmentOverlap = true;
            giveUpIfIpv6(entry, packet);
        } else {
            highestEnd[entry] = Math.max(highestEnd[entry], end);
            if (last) {
                totalLength[entry] = end;
            }
        }
        return contradicts;
    }

    /** Takes what is new of a fragment; false where the packet was given up over it. */
    private boolean take(int entry, Packet packet, int length) {
        int offset = packet.fragmentOffset;
        int end = offset + length;
        int from = packet.transportOffset;
        int units = (end - 1) / FragmentStore.UNIT_BYTES - offset / FragmentStore.UNIT_BYTES + 1;
        int present = store.presentUnits(entry, offset, end);
        if (present == units && store.holds(entry, offset, length, packet.buffer, from)) {
            counters.increment(Counter.FRAGMENT_DUPLICATE);
            packet.fragmentOverlap = true;
            return true;
        }
        if (present > 0) {
            counters.increment(Counter.FRAGMENT_OVERLAP);
            packet.fragmentOverlap = true;
            if (giveUpIfIpv6(entry, packet)) {
                return false;
            }
        }
        // The entry itself was just touched: it is the last to be evicted, and a whole packet fits.
        while (store.missingBlocks(entry, offset, end) > store.freeBlocks()) {
            evictColdest();
        }
        receivedUnits[entry] += store.put(entry, offset, length, packet.buffer, from);
        return true;
    }

    private boolean giveUpIfIpv6(int entry, Packet packet) {
        if (packet.ipVersion != 6) {
            return false;
        }
        givenUp[entry] = true;
        store.release(entry);
        return true;
    }

    /** The header the whole packet will have; IPv6 extension headers before the fragment's go. */
    private void keepHeader(int entry, Packet packet) {
        int length = packet.ipVersion == 4 ? packet.ipHeaderLength() : Ipv6Header.LENGTH;
        int at = entry * HEADER_STRIDE;
        headers.putBytes(at, packet.buffer, packet.ipOffset, length);
        headerLength[entry] = length;
        if (packet.ipVersion == 6) {
            headers.putByte(at + 6, (byte) packet.protocol);
        }
    }

    private boolean complete(int entry, int ipVersion, int total) {
        int header = headerLength[entry];
        boolean fits = ipVersion == 6 || header + total <= Packet.LONGEST_IP_PACKET;
        if (fits) {
            output.putBytes(0, headers, entry * HEADER_STRIDE, header);
            store.copy(entry, total, output, header);
            if (ipVersion == 4) {
                Ipv4Header.makeWhole(output, header + total);
            } else {
                Ipv6Header.putPayloadLength(output, 0, total);
            }
            outputLength = header + total;
            counters.increment(Counter.FRAGMENTED_PACKETS_COMPLETED);
        } else {
            counters.increment(Counter.FRAGMENT_OVERSIZED);
        }
        close(entry);
        return fits;
    }

    private int findOrOpen(Packet packet, long now) {
        long id = identity(packet);
        int bucket = bucket(packet.sourceHigh, packet.sourceLow, packet.destinationLow, id);
        for (int i = buckets[bucket]; i != NONE; i = nextInBucket[i]) {
            if (identity[i] == id
                    && sourceLow[i] == packet.sourceLow
                    && destinationLow[i] == packet.destinationLow
                    && sourceHigh[i] == packet.sourceHigh
                    && destinationHigh[i] == packet.destinationHigh) {
                if (now - firstNs[i] <= timeoutNs) {
                    return i;
                }
                counters.increment(Counter.FRAGMENTED_PACKETS_EXPIRED);
                close(i);
                break;
            }
        }
        if (firstFree == NONE) {
            evictColdest();
        }
        int entry = firstFree;
        firstFree = nextInBucket[entry];
        nextInBucket[entry] = buckets[bucket];
        buckets[bucket] = entry;
        sourceHigh[entry] = packet.sourceHigh;
        sourceLow[entry] = packet.sourceLow;
        destinationHigh[entry] = packet.destinationHigh;
        destinationLow[entry] = packet.destinationLow;
        identity[entry] = id;
        firstNs[entry] = now;
        receivedUnits[entry] = 0;
        highestEnd[entry] = 0;
        totalLength[entry] = -1;
        givenUp[entry] = false;
        headerLength[entry] = 0;
        append(entry);
        return entry;
    }

    /** Identification, protocol (IPv4 only: in IPv6 it may differ between fragments), version. */
    private static long identity(Packet packet) {
        int protocol = packet.ipVersion == 4 ? packet.protocol : 0;
        return (packet.identification & 0xffff_ffffL)
                | (long) protocol << 32
                | (long) packet.ipVersion << 40;
    }

    private int bucket(long sourceHigh, long sourceLow, long destinationLow, long identity) {
        long key = sourceLow * 31 + sourceHigh;
        key = key * 31 + destinationLow;
        key = (key * 31 + identity) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (key >>> 32) & buckets.length - 1;
    }

    /** Ends the packets no fragment of which has come for the timeout, coldest first. */
    private void expire(long now) {
        while (coldest != NONE && now - lastNs[coldest] > timeoutNs) {
            counters.increment(Counter.FRAGMENTED_PACKETS_EXPIRED);
            close(coldest);
        }
    }

    private void evictColdest() {
        counters.increment(Counter.FRAGMENTED_PACKETS_EVICTED);
        close(coldest);
    }

    private void close(int entry) {
        store.release(entry);
        unlink(entry);
        int bucket =
                bucket(sourceHigh[entry], sourceLow[entry], destinationLow[entry], identity[entry]);
        if (buckets[bucket] == entry) {
            buckets[bucket] = nextInBucket[entry];
        } else {
            int before = buckets[bucket];
            while (nextInBucket[before] != entry) {
                before = nextInBucket[before];
            }
            nextInBucket[before] = nextInBucket[entry];
        }
        nextInBucket[entry] = firstFree;
        firstFree = entry;
    }

    private void touch(int entry, long now) {
        lastNs[entry] = now;
        if (entry != warmest) {
            unlink(entry);
            append(entry);
        }
    }

    private void append(int entry) {
        colder[entry] = warmest;
        warmer[entry] = NONE;
        if (warmest == NONE) {
            coldest = entry;
        } else {
            warmer[warmest] = entry;
        }
        warmest = entry;
    }

    private void unlink(int entry) {
        int before = colder[entry];
        int after = warmer[entry];
        if (before == NONE) {
            coldest = after;
        } else {
            warmer[before] = after;
        }
        if (after == NONE) {
            warmest = before;
        } else {
            colder[after] = before;
        }
    }
}
