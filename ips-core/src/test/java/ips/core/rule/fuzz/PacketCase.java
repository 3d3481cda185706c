package ips.core.rule.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random rules about headers and payloads of single packets, and random packets. */
final class PacketCase implements PlainCase {
    /** A rule: what it asks of headers, and of the payload where that is not null. */
    private record Asked(String protocol, PlainHeader header, PlainChain payload)
            implements AskedRule {
        @Override
        public String text(int sid) {
            return "alert %s %s (%s%ssid:%d;)"
                    .formatted(
                            protocol,
                            header.ends(),
                            header.options(),
                            payload == null ? "" : payload,
                            sid);
        }

        boolean holds(PlainPacket packet) {
            return header.holds(packet) && (payload == null || payload.holds(packet.payload()));
        }
    }

    private final List<Asked> rules = new ArrayList<>();
    private final List<PlainPacket> packets = new ArrayList<>();

    PacketCase(Random random, int rules, int packets) {
        for (int i = 0; i < rules; i++) {
            this.rules.add(rule(random));
        }
        PlainPacket.Kind[] kinds = PlainPacket.Kind.values();
        for (int i = 0; i < packets; i++) {
            this.packets.add(PlainPacket.random(random, kinds[random.nextInt(kinds.length)]));
        }
    }

    private static Asked rule(Random random) {
        PlainPacket.Kind kind = PlainPacket.Kind.values()[random.nextInt(4)];
        if (kind == PlainPacket.Kind.OTHER) {
            return new Asked("ip", new PlainHeader(random, null).ofEveryPacket().fill(2), null);
        }
        PlainHeader header = new PlainHeader(random, kind);
        if (random.nextInt(3) == 0) {
            return new Asked(word(kind), header.fill(1 + random.nextInt(3)), null);
        }
        PlainChain payload = new PlainChain(random, PlainChain.Of.PACKET);
        while (payload.isEmpty()) {
            payload.fill(1 + random.nextInt(4));
        }
        String protocol = kind == PlainPacket.Kind.TCP ? "tcp-pkt" : word(kind);
        return new Asked(protocol, header.fill(random.nextInt(2)), payload);
    }

    private static String word(PlainPacket.Kind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public List<String> rules() {
        return PlainCase.texts(rules);
    }

    @Override
    public List<byte[]> frames() {
        return packets.stream().map(PlainPacket::frame).toList();
    }

    @Override
    public String key(Alert alert) {
        return alert.sid() + " in frame " + alert.frame();
    }

    @Override
    public List<String> expected() {
        List<String> expected = new ArrayList<>();
        for (int rule = 0; rule < rules.size(); rule++) {
            for (int i = 0; i < packets.size(); i++) {
                if (rules.get(rule).holds(packets.get(i))) {
                    expected.add(rule + 1 + " in frame " + (i + 1));
                }
            }
        }
        return expected;
    }
}
