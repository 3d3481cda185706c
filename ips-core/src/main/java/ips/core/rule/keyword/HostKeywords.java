package ips.core.rule.keyword;

import java.util.Locale;

/** {@code xbits} and {@code hostbits}: what rules remember of hosts beyond one flow. */
final class HostKeywords {
    private static final long SECOND_NS = 1_000_000_000L;

    private enum Of {
        SOURCE,
        DESTINATION,
        PAIR
    }

    private HostKeywords() {}

    static void xbits(String value, RuleDraft draft) {
        String[] parts = RuleDraft.required(value).split(",");
        String command = parts[0].strip();
        if (parts.length < 3) {
            throw new IllegalArgumentException("expected command, name and track");
        }
        Of of =
                switch (parts[2].strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT)) {
                    case "track ip_src" -> Of.SOURCE;
                    case "track ip_dst" -> Of.DESTINATION;
                    case "track ip_pair" -> Of.PAIR;
                    default ->
                            throw new IllegalArgumentException(
                                    "expected track ip_src, ip_dst or ip_pair");
                };
        long seconds = 30;
        for (int i = 3; i < parts.length; i++) {
            String[] pair = parts[i].strip().split("\\s+");
            if (pair.length != 2 || !pair[0].equals("expire")) {
                throw new IllegalArgumentException("expected expire and seconds");
            }
            seconds = NumberTest.number(pair[1], 0xffff_ffffL);
            if (seconds == 0) {
                throw new IllegalArgumentException("expire 0");
            }
        }
        RuleDraft.Memory memory =
                of == Of.PAIR ? RuleDraft.Memory.PAIR_BITS : RuleDraft.Memory.HOST_BITS;
        if (reads(command)) {
            // Suricata asks none that writes such a bit before those that read it
            draft.use(memory, false);
        }
        add(parts[1].strip(), command, of, seconds, draft); // one name with hostbits, as there
    }

    static void hostbits(String value, RuleDraft draft) {
        String[] parts = RuleDraft.required(value).split(",");
        String command = parts[0].strip();
        if (command.equals("noalert")) {
            draft.noAlert = true;
            return;
        }
        if (parts.length > 3) {
            throw new IllegalArgumentException("expected command, name, and src or dst");
        }
        String name =
                Names.withoutSpaces(RuleDraft.required(parts.length > 1 ? parts[1] : null).strip());
        Of of = Of.SOURCE;
        if (parts.length > 2) {
            of =
                    switch (parts[2].strip()) {
                        case "src" -> Of.SOURCE;
                        case "dst" -> Of.DESTINATION;
                        default -> throw new IllegalArgumentException("expected src or dst");
                    };
        }
        if (!reads(command)) {
            draft.use(RuleDraft.Memory.HOST_BITS, true); // nor those later that read it
        }
        add(name, command, of, 300, draft);
    }

    private static boolean reads(String command) {
        return command.startsWith("is");
    }

    private static void add(String name, String command, Of of, long seconds, RuleDraft draft) {
        int bit = draft.names().hostBit((of == Of.PAIR ? "pair " : "host ") + name);
        draft.asksHosts = true;
        switch (command) {
            case "set" -> draft.effects.add(in -> set(in, bit, of, seconds));
            case "unset" -> draft.effects.add(in -> unset(in, bit, of));
            case "toggle" ->
                    draft.effects.add(
                            in -> {
                                if (!unset(in, bit, of)) {
                                    set(in, bit, of, seconds);
                                }
                            });
            case "isset" -> draft.conditions.add(in -> has(in, bit, of));
            case "isnotset" -> draft.conditions.add(in -> !has(in, bit, of));
            default -> throw new IllegalArgumentException("unknown command " + command);
        }
    }

    private static long now(Inspection in) {
        return in.nowNs() / SECOND_NS;
    }

    private static boolean has(Inspection in, int bit, Of of) {
        long sourceHigh = in.packet.sourceHigh();
        long sourceLow = in.packet.sourceLow();
        long high = in.packet.destinationHigh();
        long low = in.packet.destinationLow();
        return switch (of) {
            case SOURCE -> in.hosts.has(bit, sourceHigh, sourceLow, now(in));
            case DESTINATION -> in.hosts.has(bit, high, low, now(in));
            case PAIR -> in.hosts.has(bit, sourceHigh, sourceLow, high, low, now(in));
        };
    }

    private static void set(Inspection in, int bit, Of of, long seconds) {
        long sourceHigh = in.packet.sourceHigh();
        long sourceLow = in.packet.sourceLow();
        long high = in.packet.destinationHigh();
        long low = in.packet.destinationLow();
        long now = now(in);
        long until = now + seconds;
        switch (of) {
            case SOURCE -> in.hosts.set(bit, sourceHigh, sourceLow, until, now);
            case DESTINATION -> in.hosts.set(bit, high, low, until, now);
            case PAIR -> in.hosts.set(bit, sourceHigh, sourceLow, high, low, until, now);
        }
    }

    private static boolean unset(Inspection in, int bit, Of of) {
        long sourceHigh = in.packet.sourceHigh();
        long sourceLow = in.packet.sourceLow();
        long high = in.packet.destinationHigh();
        long low = in.packet.destinationLow();
        return switch (of) {
            case SOURCE -> in.hosts.unset(bit, sourceHigh, sourceLow);
            case DESTINATION -> in.hosts.unset(bit, high, low);
            case PAIR -> in.hosts.unset(bit, sourceHigh, sourceLow, high, low);
        };
    }
}
