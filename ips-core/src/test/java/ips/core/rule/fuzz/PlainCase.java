package ips.core.rule.fuzz;

import java.util.List;
import java.util.stream.IntStream;

/** Random rules, random traffic, and what a plain matcher says that the rules alert of. */
interface PlainCase {
    /** An alert, as far as cases look at it. */
    record Alert(int sid, long frame, int sourcePort, int destinationPort) {
        /** The key of an alert about the connection of a client's port. */
        String byClientPort(int serverPort) {
            boolean toServer = destinationPort == serverPort;
            return byClientPort(sid, toServer ? sourcePort : destinationPort);
        }

        static String byClientPort(int sid, int port) {
            return sid + " of port " + port;
        }
    }

    /** A rule as its case made it. */
    @FunctionalInterface
    interface AskedRule {
        String text(int sid);
    }

    /** The rules as text, with sids from 1 on. */
    static List<String> texts(List<? extends AskedRule> rules) {
        return IntStream.range(0, rules.size()).mapToObj(i -> rules.get(i).text(i + 1)).toList();
    }

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
