package ips.core.verdict;

/**
 * What a worker reports to the block manager, which takes reports in the order of {@link #frame}.
 *
 * <p>Immutable.
 */
public sealed interface Report permits Verdict, DestinationCount, SignatureAlert, AlertFrame {
    /** The number of the frame at which it was raised, from 1. */
    long frame();

    /** There was no room for it in the queue: nobody will hear of it. */
    default void lost() {}
}
