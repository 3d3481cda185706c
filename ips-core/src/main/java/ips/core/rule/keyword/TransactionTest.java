package ips.core.rule.keyword;

import ips.core.inspect.AppTransaction;

/** Something asked of a transaction that is in none of its buffers. */
@FunctionalInterface
public interface TransactionTest {
    /** Whether it holds for a packet's transaction, of the side that the packet comes from. */
    boolean holds(AppTransaction transaction, Inspection in);
}
