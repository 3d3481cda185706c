package ips.core.rule.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** Random rules about buffers of HTTP and bits of flows, and connections with some exchanges. */
final class HttpCase implements PlainCase {
    private static final int SERVER_PORT = 80;
    private static final int FIRST_PORT = 20_000;
    private static final int BITS = 3;

    /** A rule about one side's messages; it sets a bit, asks for one, or neither. */
    private record Asked(boolean ofRequest, int sets, int awaits, List<PlainBuffer> buffers)
            implements AskedRule {
        @Override
        public String text(int sid) {
            StringBuilder text = new StringBuilder("alert http any any -> any any (flow:");
            text.append(ofRequest ? "established,to_server; " : "established,to_client; ");
            buffers.forEach(each -> text.append(each.text()));
            text.append(sets < 0 ? "" : "flowbits:set,bit" + sets + "; ");
            text.append(awaits < 0 ? "" : "flowbits:isset,bit" + awaits + "; ");
            return text.append("sid:").append(sid).append(";)").toString();
        }

        boolean holds(PlainMessage message, BitSet bits) {
            return (awaits < 0 || bits.get(awaits))
                    && buffers.stream().allMatch(each -> each.holds(message.buffers()));
        }
    }

    /** One connection's messages: requests and responses by turns. */
    private record Conversation(int port, List<PlainMessage> messages) {}

    private final List<Asked> rules = new ArrayList<>();
    private final List<Conversation> conversations = new ArrayList<>();
    private final List<byte[]> frames = new ArrayList<>();

    HttpCase(Random random, int rules, int connections) {
        for (int i = 0; i < rules; i++) {
            this.rules.add(rule(random));
        }
        for (int i = 0; i < connections; i++) {
            converse(random, FIRST_PORT + i);
        }
    }

    private static Asked rule(Random random) {
        boolean ofRequest = random.nextBoolean();
        List<String> names = ofRequest ? PlainMessage.OF_REQUEST : PlainMessage.OF_RESPONSE;
        List<PlainBuffer> buffers = new ArrayList<>();
        for (int i = random.nextInt(3) == 0 ? 2 : 1; i > 0; i--) {
            buffers.add(new PlainBuffer(random, names.get(random.nextInt(names.size()))));
        }
        int bit = random.nextInt(BITS);
        int what = random.nextInt(6);
        return new Asked(ofRequest, what == 0 ? bit : -1, what == 1 ? bit : -1, buffers);
    }

    private void converse(Random random, int port) {
        PlainConnection connection = new PlainConnection(port, SERVER_PORT, random);
        List<PlainMessage> messages = new ArrayList<>();
        connection.open();
        for (int i = 2 * (1 + random.nextInt(3)); i > 0; i--) {
            boolean ofRequest = i % 2 == 0;
            PlainMessage message =
                    ofRequest ? PlainMessage.request(random) : PlainMessage.response(random);
            messages.add(message);
            connection.send(ofRequest, message.text().getBytes(StandardCharsets.ISO_8859_1));
        }
        connection.close();
        conversations.add(new Conversation(port, messages));
        frames.addAll(connection.frames());
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

    @Override
    public List<String> expected() {
        List<String> expected = new ArrayList<>();
        for (Conversation each : conversations) {
            BitSet bits = new BitSet();
            for (int i = 0; i < each.messages.size(); i++) {
                PlainMessage message = each.messages.get(i);
                ask(message, i % 2 == 0, true, bits, each.port, expected);
                ask(message, i % 2 == 0, false, bits, each.port, expected);
            }
        }
        return expected;
    }

    /** Rules that set bits are asked before the others. */
    private void ask(
            PlainMessage message,
            boolean ofRequest,
            boolean setters,
            BitSet bits,
            int port,
            List<String> expected) {
        for (int rule = 0; rule < rules.size(); rule++) {
            Asked asked = rules.get(rule);
            boolean turn = asked.ofRequest == ofRequest && asked.sets >= 0 == setters;
            if (turn && asked.holds(message, bits)) {
                expected.add(Alert.byClientPort(rule + 1, port));
                if (setters) {
                    bits.set(asked.sets);
                }
            }
        }
    }
}
