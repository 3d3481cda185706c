package ips.core.rule.keyword;

import ips.core.inspect.InspectedFlow;
import ips.core.inspect.TcpSession;
import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * Keywords about the packet's flow but for {@code flow} itself: {@code flowbits}, {@code flowint},
 * {@code stream_size}, {@code flow.age}, {@code bypass} and others.
 */
final class FlowKeywords {
    private static final long SECOND_NS = 1_000_000_000L;

    private FlowKeywords() {}

    // Bits.

    static void flowbits(String value, RuleDraft draft) {
        String[] parts = RuleDraft.required(value).split(",", 2);
        String command = parts[0].strip();
        if (command.equals("noalert")) {
            if (parts.length > 1) {
                throw new IllegalArgumentException("noalert takes no name");
            }
            draft.noAlert = true;
            return;
        }
        String name = RuleDraft.required(parts.length > 1 ? parts[1] : null).strip();
        switch (command) {
            case "set", "unset", "toggle" -> {
                int bit = bit(name, draft);
                draft.use(RuleDraft.Memory.FLOW_BITS, true);
                draft.effects.add(in -> change(in.flow, bit, command));
                draft.changedBits.set(bit);
            }
            case "isset" -> {
                int[] bits = bits(name, draft);
                draft.use(RuleDraft.Memory.FLOW_BITS, false);
                draft.packetCondition(in -> in.flow != null && any(in.flow, bits, true));
                if (draft.awaitedBits == null) {
                    draft.awaitedBits = bits;
                }
            }
            case "isnotset" -> {
                int[] bits = bits(name, draft);
                draft.use(RuleDraft.Memory.FLOW_BITS, false);
                draft.packetCondition(in -> in.flow != null && any(in.flow, bits, false));
            }
            default -> throw new IllegalArgumentException("unknown command " + command);
        }
        if (command.equals("unset") || command.equals("toggle")) {
            draft.asksPacket = true;
        }
    }

    private static int[] bits(String names, RuleDraft draft) {
        int[] bits =
                Arrays.stream(names.split("\\|"))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .mapToInt(name -> bit(name, draft))
                        .toArray();
        if (bits.length == 0) {
            throw new IllegalArgumentException("expected a name");
        }
        return bits;
    }

    private static int bit(String name, RuleDraft draft) {
        return draft.names().bit(Names.withoutSpaces(name));
    }

    /** Whether one of the bits is as asked for. */
    private static boolean any(InspectedFlow flow, int[] bits, boolean set) {
        for (int bit : bits) {
            if (flow.bit(bit) == set) {
                return true;
            }
        }
        return false;
    }

    private static void change(InspectedFlow flow, int bit, String command) {
        if (flow == null) {
            return;
        }
        if (flow.bits == null) {
            flow.bits = new long[Math.max(1, (bit >> 6) + 1)];
        } else if (flow.bits.length <= bit >> 6) {
            flow.bits = Arrays.copyOf(flow.bits, (bit >> 6) + 1);
        }
        switch (command) {
            case "set" -> flow.bits[bit >> 6] |= 1L << bit;
            case "unset" -> flow.bits[bit >> 6] &= ~(1L << bit);
            default -> flow.bits[bit >> 6] ^= 1L << bit;
        }
    }

    /** Nothing is asked of the rest of the flow. */
    static void bypass(String value, RuleDraft draft) {
        RuleDraft.none(value);
        draft.effects.add(
                in -> {
                    if (in.flow != null) {
                        in.flow.passed = true;
                    }
                });
    }

    // Numbers.

    static void flowint(String value, RuleDraft draft) {
        String[] parts = RuleDraft.required(value).split(",");
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException("expected name, operation and value");
        }
        int number = numberOf(parts[0].strip(), draft);
        String operation = parts[1].strip();
        draft.use(RuleDraft.Memory.FLOW_NUMBERS, operation.matches("[-+=]"));
        if (operation.equals("isset")) {
            draft.packetCondition(in -> in.flow != null && has(in.flow, number));
            return;
        }
        if (operation.equals("notset") || operation.equals("isnotset")) {
            draft.packetCondition(in -> in.flow != null && !has(in.flow, number));
            return;
        }
        String operand = RuleDraft.required(parts.length > 2 ? parts[2] : null).strip();
        boolean constant = operand.matches("\\d+");
        long with = constant ? NumberTest.number(operand, 0xffff_ffffL) : 0;
        int other = constant ? -1 : numberOf(operand, draft);
        switch (operation) {
            case "=", "+", "-" -> {
                draft.asksPacket = true;
                draft.effects.add(in -> count(in.flow, number, operation, with, other));
            }
            case "<", ">", "<=", ">=", "==", "!=" ->
                    draft.packetCondition(
                            in ->
                                    in.flow != null
                                            && has(in.flow, number)
                                            && compare(
                                                    in.flow.numbers[number],
                                                    operation,
                                                    operand(in.flow, with, other)));
            default -> throw new IllegalArgumentException("unknown operation " + operation);
        }
    }

    private static int numberOf(String name, RuleDraft draft) {
        if (!name.matches("[A-Za-z][\\w.]+")) {
            throw new IllegalArgumentException("no name of a number, two letters or more: " + name);
        }
        return draft.names().number(name);
    }

    private static boolean has(InspectedFlow flow, int number) {
        return flow.numbers != null
                && number < flow.numbers.length
                && flow.numbers[number] != Long.MIN_VALUE;
    }

    private static void count(
            InspectedFlow flow, int number, String operation, long with, int other) {
        if (flow == null) {
            return;
        }
        long operand = operand(flow, with, other);
        if (operation.equals("-") && !has(flow, number)) {
            return;
        }
        if (flow.numbers == null || flow.numbers.length <= number) {
            int had = flow.numbers == null ? 0 : flow.numbers.length;
            flow.numbers =
                    flow.numbers == null
                            ? new long[number + 1]
                            : Arrays.copyOf(flow.numbers, number + 1);
            Arrays.fill(flow.numbers, had, number + 1, Long.MIN_VALUE);
        }
        long now = has(flow, number) ? flow.numbers[number] : 0;
        flow.numbers[number] =
                switch (operation) {
                    case "=" -> operand;
                    case "+" -> now + operand & 0xffff_ffffL;
                    default -> now - operand & 0xffff_ffffL;
                };
    }

    /** A constant, or another number of the flow; one that it has not is 0. */
    private static long operand(InspectedFlow flow, long constant, int other) {
        if (other < 0) {
            return constant;
        }
        return has(flow, other) ? flow.numbers[other] : 0;
    }

    private static boolean compare(long a, String operation, long b) {
        return switch (operation) {
            case "<" -> a < b;
            case ">" -> a > b;
            case "<=" -> a <= b;
            case ">=" -> a >= b;
            case "==" -> a == b;
            default -> a != b;
        };
    }

    // Counts.

    static void streamSize(String value, RuleDraft draft) {
        String[] parts = RuleDraft.required(value).split(",");
        if (parts.length != 3) {
            throw new IllegalArgumentException("expected direction, operator and number");
        }
        String side = parts[0].strip();
        String operator = parts[1].strip();
        NumberTest test =
                NumberTest.parse(
                        (operator.equals("=") ? "" : operator.equals("!=") ? "!" : operator)
                                + parts[2].strip(),
                        0xffff_ffffL);
        if (!side.matches("server|client|both|either")) {
            throw new IllegalArgumentException("unknown direction " + side);
        }
        draft.alsoPacket = true;
        draft.packetCondition(
                in -> {
                    if (in.flow == null
                            || !in.packet.isTcp()
                            || in.flow.tcp.state() == TcpSession.NONE) {
                        return false;
                    }
                    boolean client = test.holds(in.flow.tcp.client.size());
                    boolean server = test.holds(in.flow.tcp.server.size());
                    return switch (side) {
                        case "server" -> server;
                        case "client" -> client;
                        case "both" -> client && server;
                        default -> client || server;
                    };
                });
    }

    static void age(String value, RuleDraft draft) {
        NumberTest test = NumberTest.parse(RuleDraft.required(value), 0xffff_ffffL);
        draft.headerOnly(
                in ->
                        in.flow != null
                                && test.holds(
                                        in.nowNs() / SECOND_NS - in.flow.firstNs / SECOND_NS));
    }

    static Keyword counter(ToLongFunction<InspectedFlow> counter) {
        return (value, draft) -> {
            NumberTest test = NumberTest.parse(RuleDraft.required(value), Long.MAX_VALUE);
            draft.packetCondition(
                    in -> in.flow != null && test.holds(counter.applyAsLong(in.flow)));
        };
    }

    /** {@code flow.pkts:toserver,>5}. */
    static Keyword counters(
            ToLongFunction<InspectedFlow> toServer, ToLongFunction<InspectedFlow> toClient) {
        return (value, draft) -> {
            String[] parts = RuleDraft.required(value).split(",", 2);
            if (parts.length != 2) {
                throw new IllegalArgumentException("expected direction and number");
            }
            NumberTest test = NumberTest.parse(parts[1], Long.MAX_VALUE);
            String side = parts[0].strip();
            draft.packetCondition(
                    in -> {
                        if (in.flow == null) {
                            return false;
                        }
                        long server = toServer.applyAsLong(in.flow);
                        long client = toClient.applyAsLong(in.flow);
                        return switch (side) {
                            case "toserver" -> test.holds(server);
                            case "toclient" -> test.holds(client);
                            case "either" -> test.holds(server) || test.holds(client);
                            default -> test.holds(server + client);
                        };
                    });
        };
    }
}
