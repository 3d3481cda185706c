package ips.core.rule.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** What a random rule asks of a packet's headers, as text and as predicates. */
final class PlainHeader {
    private static final String FLAGS = "FSRPAU";

    private final Random random;
    private final PlainPacket.Kind kind;
    private final List<Predicate<PlainPacket>> asked = new ArrayList<>();
    private final StringBuilder options = new StringBuilder();
    private final String ends;

    /** Whether it asks for a protocol, which some ways to ask it cannot be together with. */
    private boolean ofProtocol;

    /**
     * @param kind of the packets it is about; null for those of any protocol
     */
    PlainHeader(Random random, PlainPacket.Kind kind) {
        this.random = random;
        this.kind = kind;
        boolean ports = kind == PlainPacket.Kind.UDP || kind == PlainPacket.Kind.TCP;
        ends =
                "%s %s -> %s %s"
                        .formatted(
                                address(PlainPacket::source),
                                ports ? port(PlainPacket::sourcePort) : "any",
                                address(PlainPacket::destination),
                                ports ? port(PlainPacket::destinationPort) : "any");
    }

    /** Addresses and ports of the rule's header. */
    String ends() {
        return ends;
    }

    String options() {
        return options.toString();
    }

    boolean holds(PlainPacket packet) {
        return (kind == null || packet.kind() == kind)
                && asked.stream().allMatch(each -> each.test(packet));
    }

    private void ask(String option, Predicate<PlainPacket> test) {
        options.append(option).append("; ");
        asked.add(test);
    }

    /** Adds an option about each packet: addresses alone are asked about once a flow. */
    PlainHeader ofEveryPacket() {
        ttl();
        return this;
    }

    /** Adds so many random options. */
    PlainHeader fill(int count) {
        for (int i = 0; i < count; i++) {
            if (kind != null && random.nextInt(2) == 0) {
                transport();
            } else {
                network();
            }
        }
        return this;
    }

    private void network() {
        switch (random.nextInt(6)) {
            case 0 -> ttl();
            case 1 -> number("id", PlainPacket::id, 8);
            case 2 -> negatable("tos", PlainPacket::tos, 8);
            case 3 -> fragbits();
            case 4 -> ask("sameip", packet -> packet.source() == packet.destination());
            default -> {
                if (kind == null && !ofProtocol) {
                    ofProtocol = true;
                    protocol();
                } else {
                    ttl();
                }
            }
        }
    }

    private void transport() {
        switch (kind) {
            case TCP -> {
                switch (random.nextInt(5)) {
                    case 0 -> number("seq", PlainPacket::sequence, 4);
                    case 1 -> number("ack", PlainPacket::acknowledgment, 4);
                    case 2 -> negatable("window", PlainPacket::window, 4);
                    default -> flags();
                }
            }
            case ICMP -> {
                switch (random.nextInt(4)) {
                    case 0 -> type();
                    case 1 -> ask("icode:0", packet -> true);
                    case 2 -> echo("icmp_id", PlainPacket::echoId);
                    default -> echo("icmp_seq", PlainPacket::echoSequence);
                }
            }
            default -> ttl();
        }
    }

    private void number(String word, ToIntFunction<PlainPacket> field, int values) {
        int value = random.nextInt(values);
        ask(word + ":" + value, packet -> field.applyAsInt(packet) == value);
    }

    private void negatable(String word, ToIntFunction<PlainPacket> field, int values) {
        int value = random.nextInt(values);
        boolean not = random.nextInt(3) == 0;
        ask(
                word + ":" + (not ? "!" : "") + value,
                packet -> (field.applyAsInt(packet) == value) != not);
    }

    private void ttl() {
        int value = 1 + random.nextInt(7);
        range("ttl", value, value + 2 + random.nextInt(4), PlainPacket::ttl);
    }

    private void type() {
        int value = random.nextInt(16);
        range("itype", value, value + 2 + random.nextInt(8), PlainPacket::type);
    }

    /** A number in one of the ways in which most of them can be asked for. */
    private void range(String word, int first, int second, ToIntFunction<PlainPacket> field) {
        String text;
        IntPredicate fits;
        switch (random.nextInt(5)) {
            case 0 -> {
                text = ">" + first;
                fits = value -> value > first;
            }
            case 1 -> {
                text = "<" + second;
                fits = value -> value < second;
            }
            case 2 -> {
                text = first + "<>" + second;
                fits = value -> value > first && value < second;
            }
            case 3 -> {
                text = "!" + first;
                fits = value -> value != first;
            }
            default -> {
                text = "" + first;
                fits = value -> value == first;
            }
        }
        ask(word + ":" + text, packet -> fits.test(field.applyAsInt(packet)));
    }

    /** Of messages that are echoes, or have the same two fields. */
    private void echo(String word, ToIntFunction<PlainPacket> field) {
        int value = random.nextInt(4);
        ask(word + ":" + value, packet -> packet.type() != 10 && field.applyAsInt(packet) == value);
    }

    private void protocol() {
        int number = List.of(1, 6, 17, 253).get(random.nextInt(4));
        switch (random.nextInt(4)) {
            case 0 -> ask("ip_proto:" + number, packet -> packet.protocol() == number);
            case 1 -> ask("ip_proto:!" + number, packet -> packet.protocol() != number);
            case 2 -> ask("ip_proto:>" + number, packet -> packet.protocol() > number);
            default -> ask("ip_proto:udp", packet -> packet.protocol() == 17);
        }
    }

    private void fragbits() {
        switch (random.nextInt(4)) {
            case 0 -> ask("fragbits:D", PlainPacket::dontFragment);
            case 1 -> ask("fragbits:!D", packet -> !packet.dontFragment());
            case 2 -> ask("fragbits:*MD", PlainPacket::dontFragment);
            default -> ask("fragbits:!MD", packet -> true);
        }
    }

    /**
     * Flags: equal, all of them and more (+), any of them (*), not all of them (!), some of them
     * ignored. Suricata first asks for one of F, S and R where a rule names one of them, for U
     * where it names that, and for S where it names that without an exclamation mark.
     */
    private void flags() {
        int wanted = bits();
        int ignored = random.nextInt(4) == 0 ? bits() : 0;
        char how = "  +*!".charAt(random.nextInt(5));
        String text =
                "flags:"
                        + (how == ' ' ? "" : how)
                        + letters(wanted)
                        + (ignored == 0 ? "" : "," + letters(ignored));
        ask(
                text,
                packet -> {
                    int seen = packet.flags() & ~ignored;
                    boolean fits =
                            switch (how) {
                                case '+' -> (seen & wanted) == wanted;
                                case '*' -> (seen & wanted) != 0;
                                case '!' -> (seen & wanted) != wanted;
                                default -> seen == wanted;
                            };
                    int all = packet.flags();
                    return fits
                            && ((wanted & 7) == 0 || (all & 7) != 0)
                            && ((wanted & 32) == 0 || (all & 0xe0) != 0)
                            && ((wanted & 2) == 0 || how == '!' || (all & 2) != 0);
                });
    }

    private int bits() {
        return 1 + random.nextInt(63);
    }

    private static String letters(int bits) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < FLAGS.length(); i++) {
            text.append((bits >> i & 1) == 0 ? "" : FLAGS.charAt(i));
        }
        return text.toString();
    }

    private String address(ToIntFunction<PlainPacket> end) {
        int host = random.nextInt(4);
        return switch (random.nextInt(6)) {
            case 0 -> {
                asked.add(packet -> end.applyAsInt(packet) == host);
                yield "10.0.0." + host;
            }
            case 1 -> {
                asked.add(packet -> end.applyAsInt(packet) != host);
                yield "!10.0.0." + host;
            }
            case 2 -> {
                asked.add(packet -> end.applyAsInt(packet) >> 1 == 1);
                yield "10.0.0.2/31";
            }
            case 3 -> {
                asked.add(packet -> end.applyAsInt(packet) != host);
                yield "[10.0.0.0/24,!10.0.0." + host + "]";
            }
            case 4 -> {
                asked.add(packet -> end.applyAsInt(packet) >= 1);
                yield "[10.0.0.1-10.0.0.2,[10.0.0.3,192.168.0.0/16]]";
            }
            default -> "any";
        };
    }

    private String port(ToIntFunction<PlainPacket> end) {
        int port = 1000 + random.nextInt(4);
        return switch (random.nextInt(6)) {
            case 0 -> {
                asked.add(packet -> end.applyAsInt(packet) == port);
                yield "" + port;
            }
            case 1 -> {
                asked.add(packet -> end.applyAsInt(packet) != port);
                yield "!" + port;
            }
            case 2 -> {
                asked.add(packet -> end.applyAsInt(packet) >= port);
                yield port + ":";
            }
            case 3 -> {
                asked.add(
                        packet -> end.applyAsInt(packet) <= 1002 && end.applyAsInt(packet) != port);
                yield "[:1002,!" + port + "]";
            }
            default -> "any";
        };
    }
}
