package ips.core.flow;

import ips.core.counter.Counters;

/** What a worker knows about each source address it owns. */
public final class SourceTable {
    /** Returned where the table has no record of a source. */
    public static final int NONE = -1;

    public SourceTable(int capacity, Counters counters) {}

    /**
     * Claims fields in every record, before {@link #seal}: the offset to be added to a record's
     * index. Detectors claim theirs when they are made.
     */
    public int claim(int longs) {
        throw new UnsupportedOperationException();
    }

    /** Lays out the records and takes the memory. */
    public void seal() {
        throw new UnsupportedOperationException();
    }

    /** All records; a record's fields lie at its index plus the offsets claimed. */
    public long[] cells() {
        throw new UnsupportedOperationException();
    }

    /** The record of a source, or {@link #NONE}. */
    public int find(long high, long low) {
        throw new UnsupportedOperationException();
    }

    /**
     * The record of a source, made where there is room, or {@link #NONE}: see the class comment.
     */
    public int findOrAdd(long high, long low, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /** Whether the source completed a handshake lately (within the time a ban may reach back). */
    public boolean isProven(int record, long nowNs) {
        throw new UnsupportedOperationException();
    }

    /** Notes a completed handshake. */
    public void prove(int record, long nowNs) {
        throw new UnsupportedOperationException();
    }

    public long high(int record) {
        throw new UnsupportedOperationException();
    }

    public long low(int record) {
        throw new UnsupportedOperationException();
    }
}
