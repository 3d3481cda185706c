package ips.core.block;

import ips.core.ColdPath;
import ips.core.HotPath;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * When the bans of addresses end, or those of networks of one size, each by its first address.
 * Written by the block manager's thread, read by any number of workers without a lock.
 *
 * <p>An open-addressing table with linear probing, at most a quarter full. A slot holds a reference
 * to an immutable entry, so what a reader sees of a slot is never torn: it is one ban's state or
 * the next. Removing an entry moves others into the gap, and a reader that passes at that moment
 * may miss one of them for this one packet: a banned packet counted as not blocked, no other harm.
 */
@HotPath
final class BanEnds {
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(Entry[].class);
    private static final int SCOPES = BanScope.values().length;
    private static final long[] NO_BANS = new long[SCOPES];

    /** The ends of one address's bans by scope, 0 where there is none. */
    private record Entry(long high, long low, long[] untilNs) {}

    private final Entry[] slots;
    private final int mask;
    private final int capacity;
    private volatile int entries;

    BanEnds(int capacity) {
        this.capacity = capacity;
        slots = new Entry[4 * Integer.highestOneBit(2 * capacity - 1)];
        mask = slots.length - 1;
    }

    boolean isEmpty() {
        return entries == 0;
    }

    /** The ends by scope, 0 where there is no ban; null for an address without. */
    long[] find(long high, long low) {
        if (entries == 0) {
            return null;
        }
        Entry entry = entry(high, low);
        return entry == null ? null : entry.untilNs;
    }

    private Entry entry(long high, long low) {
        int slot = home(high, low);
        for (int probes = 0; probes <= mask; probes++) {
            Entry entry = (Entry) SLOTS.getAcquire(slots, slot);
            if (entry == null || entry.high == high && entry.low == low) {
                return entry;
            }
            slot = slot + 1 & mask;
        }
        return null;
    }

    private int home(long high, long low) {
        long hash = (high * 0x9e3779b97f4a7c15L ^ low) * 0xbf58476d1ce4e5b9L;
        return (int) (hash >>> 40 ^ hash >>> 20) & mask;
    }

    /** Enters a ban, or its new end. Returns false where there is no room. */
    @ColdPath
    boolean add(Ban ban) {
        IpAddress address = ban.address().address();
        Entry before = entry(address.high(), address.low());
        if (before == null && entries >= capacity) {
            return false;
        }
        long[] untilNs = before == null ? new long[SCOPES] : before.untilNs.clone();
        untilNs[ban.scope().ordinal()] = ban.untilNs();
        put(new Entry(address.high(), address.low(), untilNs));
        if (before == null) {
            entries = entries + 1;
        }
        return true;
    }

    /** Takes a ban out. */
    @ColdPath
    void remove(Ban ban) {
        IpAddress address = ban.address().address();
        Entry before = entry(address.high(), address.low());
        if (before == null) {
            return;
        }
        long[] untilNs = before.untilNs.clone();
        untilNs[ban.scope().ordinal()] = 0;
        if (!Arrays.equals(untilNs, NO_BANS)) {
            put(new Entry(before.high, before.low, untilNs));
        } else {
            delete(before);
            entries = entries - 1;
        }
    }

    /** Into the address's own slot, or the first free one behind its home. */
    @ColdPath
    private void put(Entry entry) {
        int slot = home(entry.high, entry.low);
        while (slots[slot] != null
                && (slots[slot].high != entry.high || slots[slot].low != entry.low)) {
            slot = slot + 1 & mask;
        }
        SLOTS.setRelease(slots, slot, entry);
    }

    /** Closes the gap by moving back what would not be found behind it (Knuth, 6.4, R). */
    @ColdPath
    private void delete(Entry entry) {
        int gap = home(entry.high, entry.low);
        while (slots[gap] != entry) {
            gap = gap + 1 & mask;
        }
        int slot = gap;
        while (true) {
            slot = slot + 1 & mask;
            Entry next = slots[slot];
            if (next == null) {
                break;
            }
            int home = home(next.high, next.low);
            if ((slot - home & mask) >= (slot - gap & mask)) {
                SLOTS.setRelease(slots, gap, next);
                gap = slot;
            }
        }
        SLOTS.setRelease(slots, gap, (Entry) null);
    }
}
