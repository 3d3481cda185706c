package ips.core.rule.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random rules about what TCP carries, and connections in random segments. */
final class StreamCase implements PlainCase {
    private static final int SERVER_PORT = 4444;
    private static final int FIRST_PORT = 20_000;

    /** A rule and the directions that it is about. */
    private record Asked(String flow, boolean toServer, boolean toClient, PlainChain content)
            implements AskedRule {
        @Override
        public String text(int sid) {
            return "alert tcp any any -> any any (%s%ssid:%d;)".formatted(flow, content, sid);
        }

        boolean holds(PlainConnection connection) {
            return toServer && holds(connection.sent(true))
                    || toClient && holds(connection.sent(false));
        }

        /** In the stream, and where a content is bound to a place in single segments besides. */
        private boolean holds(PlainConnection.Sent sent) {
            return content.holds(sent.bytes())
                    || content.placed && sent.segments().stream().anyMatch(content::holds);
        }
    }

    private final List<Asked> rules = new ArrayList<>();
    private final List<PlainConnection> connections = new ArrayList<>();
    private final List<byte[]> frames = new ArrayList<>();

    StreamCase(Random random, int rules, int connections) {
        for (int i = 0; i < rules; i++) {
            this.rules.add(rule(random));
        }
        for (int i = 0; i < connections; i++) {
            PlainConnection connection = new PlainConnection(FIRST_PORT + i, SERVER_PORT, random);
            connection.open();
            connection.send(true, PlainChain.bytes(random, 40));
            connection.send(false, PlainChain.bytes(random, 40));
            connection.close();
            this.connections.add(connection);
            frames.addAll(connection.frames());
        }
    }

    private static Asked rule(Random random) {
        PlainChain content =
                new PlainChain(random, PlainChain.Of.STREAM)
                        .fill(random.nextInt(4))
                        .havingContent();
        return switch (random.nextInt(4)) {
            case 0 -> new Asked("flow:to_server; ", true, false, content);
            case 1 -> new Asked("flow:established,to_client; ", false, true, content);
            case 2 -> new Asked("flow:established; ", true, true, content);
            default -> new Asked("", true, true, content);
        };
    }

    @Override
    public List<String> rules() {
        return PlainCase.texts(rules);
    }

    @Override
    public List<byte[]> frames() {
        return frames;
    }

    @Override
    public String key(Alert alert) {
        return alert.byClientPort(SERVER_PORT);
    }

    /** Each once: a rule may alert of a segment and of the stream. */
    @Override
    public List<String> expected() {
        List<String> expected = new ArrayList<>();
        for (int rule = 0; rule < rules.size(); rule++) {
            for (PlainConnection each : connections) {
                if (rules.get(rule).holds(each)) {
                    expected.add(Alert.byClientPort(rule + 1, each.port()));
                }
            }
        }
        return expected;
    }

    @Override
    public boolean once() {
        return true;
    }
}
