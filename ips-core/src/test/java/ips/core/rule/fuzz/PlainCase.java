package ips.core.rule.fuzz;

import java.util.List;

/** Random rules, random traffic, and what a plain matcher says that the rules alert of. */
interface PlainCase {
    /** An alert, as far as cases look at it. */
    record Alert(int sid, long frame, int sourcePort, int destinationPort) {}

    /** The rules, with sids from 1 on. */
    List<String> rules();

    /** The traffic, frame by frame, numbered from 1 on. */
    List<byte[]> frames();

    /** What is compared of an alert. */
    String key(Alert alert);

    /** Whether it does not matter how often a key comes. */
    default boolean once() {
        return false;
    }

    /** The keys of all alerts that there should be, one for each. */
    List<String> expected();
}
