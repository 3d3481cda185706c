package ips.core.rule;

import ips.core.rule.keyword.Buffer;
import ips.core.rule.keyword.BufferTest;
import ips.core.rule.keyword.FastPattern;
import ips.core.rule.keyword.Keywords;
import ips.core.rule.keyword.RuleReading;
import ips.core.rule.keyword.Threshold;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says in plain words what a signature asks, when it is asked, and what it is found by. */
public final class RuleExplanation {
    /** A fast pattern of fewer bytes is in too much traffic to be of use. */
    private static final int SHORTEST_USEFUL = 3;

    private RuleExplanation() {}

    /**
     * One aspect of a rule.
     *
     * @param title such as {@code looks at http.uri}
     */
    public record Aspect(String title, String text) {}

    /** Everything there is to say, in the order in which the engine comes to it. */
    public static List<Aspect> of(Signature signature) {
        List<Aspect> all = new ArrayList<>();
        Rule rule = signature.rule();
        all.add(new Aspect("does", action(signature)));
        all.add(new Aspect("traffic", traffic(rule)));
        all.add(new Aspect("asked", when(signature)));
        all.add(new Aspect("found by", foundBy(signature)));
        for (RuleReading.Asked asked : buffers(rule)) {
            String word = Keywords.word(asked.buffer());
            String name = asked.buffer() == Buffer.PAYLOAD ? "payload" : word;
            asked.asks().forEach(ask -> all.add(new Aspect("in " + name, ask)));
        }
        for (Rule.Option option : rule.options()) {
            String meaning = meaning(option.keyword());
            if (meaning != null) {
                String value = option.value() == null ? "" : ": " + option.value();
                all.add(new Aspect(meaning, option.keyword() + value));
            }
        }
        limit(all, "alerts", signature.threshold);
        limit(all, "alerts", signature.detectionFilter);
        if (signature.noAlert) {
            all.add(new Aspect("alerts", "never by itself: noalert"));
        }
        String slow = slowness(signature);
        if (slow != null) {
            all.add(new Aspect("cost", slow));
        }
        return all;
    }

    /** Why a signature costs much of every packet or request, in a sentence; null where not. */
    public static String slowness(Signature signature) {
        FastPattern pattern = fastPattern(signature);
        if (pattern != null) {
            return pattern.bytes().length < SHORTEST_USEFUL
                    ? "its longest content has %d %s, so most traffic is a candidate; a longer one"
                                    .formatted(
                                            pattern.bytes().length,
                                            pattern.bytes().length == 1 ? "byte" : "bytes")
                            + " would spare work"
                    : null;
        }
        boolean looksAtBytes = signature.payload != null || signature.transactionBuffers.length > 0;
        boolean narrowed =
                !signature.destinationPort.isAny()
                        || !signature.sourcePort.isAny()
                        || signature.tcpFlags != null;
        if (!looksAtBytes || narrowed && signature.transactionBuffers.length == 0) {
            return null;
        }
        return "it has no content to be found by, so it is asked of everything that its header"
                + " lets through";
    }

    private static String action(Signature signature) {
        String severity = ", severity " + signature.info().severity();
        return switch (signature.action()) {
            case ALERT -> "alerts" + severity;
            case PASS -> "passes: rules after it are not asked";
            case DROP -> "alerts and drops, and bans the source where bans are enforced" + severity;
            case REJECT -> "alerts and drops; no reset is sent" + severity;
        };
    }

    private static String traffic(Rule rule) {
        return "%s from %s port %s %s %s port %s"
                .formatted(
                        rule.protocol(),
                        rule.source(),
                        rule.sourcePort(),
                        rule.bidirectional() ? "to and from" : "to",
                        rule.destination(),
                        rule.destinationPort());
    }

    private static String when(Signature signature) {
        String direction =
                signature.toServer
                        ? ", from client to server"
                        : signature.toClient ? ", from server to client" : "";
        String established = signature.established ? ", of established flows" : "";
        String what =
                switch (signature.type()) {
                    case ADDRESSES, LIKE_ADDRESSES -> "once per flow and direction";
                    case PROTOCOL -> "when the application protocol is known";
                    case DECODER -> "of each frame that is odd by the decoder";
                    case PACKET -> "of each packet";
                    case PACKET_OR_STREAM -> "of each packet, and of the bytes of TCP in order";
                    case STREAM -> "of the bytes of TCP in order";
                    case APPLICATION -> "of what belongs to the application protocol";
                    case TRANSACTION -> "once per request and response of HTTP";
                };
        return what + direction + established;
    }

    private static String foundBy(Signature signature) {
        FastPattern pattern = fastPattern(signature);
        if (pattern == null) {
            return "no fast pattern; its conditions are asked one after another";
        }
        BufferTest test = fastTest(signature);
        return "the bytes \"%s\"%s in %s, looked for together with those of all other rules%s"
                .formatted(
                        printable(pattern.bytes()),
                        pattern.ignoreCase() ? " in either case" : "",
                        test.buffer() == Buffer.PAYLOAD ? "payload" : Keywords.word(test.buffer()),
                        pattern.explicit() ? " (the rule says fast_pattern)" : "");
    }

    private static FastPattern fastPattern(Signature signature) {
        BufferTest test = fastTest(signature);
        return test == null ? null : test.fastPattern();
    }

    /** The test whose fast pattern stands for the rule in a prefilter, or null. */
    private static BufferTest fastTest(Signature signature) {
        if (signature.type() == Signature.Type.TRANSACTION) {
            Buffer.Side foreign = signature.toClient ? Buffer.Side.REQUEST : Buffer.Side.RESPONSE;
            BufferTest own = signature.firstSought(foreign);
            return own != null ? own : signature.firstSought(Buffer.Side.REQUEST);
        }
        boolean sought = signature.payload != null && signature.payload.fastPattern() != null;
        return sought ? signature.payload : null;
    }

    /** As a rule would write them. */
    private static String printable(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) {
            boolean plain = each > ' ' && each < 127 && "|\"\\;:".indexOf(each) < 0 || each == ' ';
            text.append(plain ? String.valueOf((char) each) : "|%02x|".formatted(each));
        }
        return text.toString().replace("||", " ");
    }

    private static List<RuleReading.Asked> buffers(Rule rule) {
        RuleReading reading = new RuleReading();
        rule.options().forEach(option -> reading.option(option.keyword(), option.value()));
        return reading.asked();
    }

    /** What an option that is about no buffer is about, or null. */
    private static String meaning(String keyword) {
        return switch (keyword) {
            case "flow", "stream_size" -> "flow";
            case "flowbits", "flowint", "xbits", "hostbits" -> "remembers";
            case "flags", "tcp.flags", "seq", "tcp.seq", "ack", "tcp.ack" -> "packet";
            case "window", "tcp.window", "tcp.mss", "tcp.wscale", "dsize" -> "packet";
            case "ttl", "ip_proto", "id", "tos", "fragbits", "fragoffset" -> "packet";
            case "ipopts", "sameip", "vlan.id", "vlan.layers" -> "packet";
            case "itype", "icode", "icmp_id", "icmp_seq", "icmpv6.mtu" -> "packet";
            case "decode-event", "stream-event", "app-layer-event" -> "event";
            case "app-layer-protocol" -> "protocol";
            default ->
                    keyword.startsWith("flow.")
                            ? "flow"
                            : keyword.endsWith("-csum") ? "packet" : null;
        };
    }

    private static void limit(List<Aspect> all, String title, Threshold limit) {
        if (limit == null) {
            return;
        }
        String track = limit.track().name().toLowerCase(Locale.ROOT);
        String text =
                switch (limit.kind()) {
                    case LIMIT -> "the first %d within %d s";
                    case THRESHOLD -> "every %d. within %d s";
                    case BOTH -> "once, at the %d. within %d s";
                    case DETECTION_FILTER -> "only beyond the first %d within %d s";
                    case BACKOFF -> "at powers of %d";
                };
        all.add(
                new Aspect(
                        title,
                        text.formatted(limit.count(), limit.seconds()) + ", counted " + track));
    }
}
