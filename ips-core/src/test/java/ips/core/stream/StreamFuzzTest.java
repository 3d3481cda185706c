package ips.core.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The reassembler against a naive model, a map from place to byte, under seeded disorder. */
class StreamFuzzTest {
    private record Segment(int at, String data, int kind) {}

    private static final int REAL = 0;
    private static final int LOW_TTL = 1;
    private static final int BAD_SUM = 2;
    private static final int NO_ACK = 3;
    private static final int FAR = 4;

    /** First byte per place wins; a byte doubted less replaces one doubted more. */
    private static final class Model {
        private final char[] bytes;
        private final int[] level;

        Model(int length) {
            bytes = new char[length];
            level = new int[length];
        }

        void take(Segment segment) {
            if (segment.kind() == FAR) {
                return;
            }
            int rank = segment.kind() + 1;
            for (int i = 0; i < segment.data().length(); i++) {
                int at = segment.at() + i;
                if (level[at] == 0 || rank < level[at]) {
                    level[at] = rank;
                    bytes[at] = segment.data().charAt(i);
                }
            }
        }

        String heard() {
            StringBuilder text = new StringBuilder();
            for (int at = 0; at < bytes.length; ) {
                int from = at;
                while (at < bytes.length && level[at] == 0) {
                    at++;
                }
                if (at > from) {
                    text.append('<').append(at - from).append('>');
                } else {
                    text.append(bytes[at++]);
                }
            }
            return text.toString();
        }
    }

    @Test
    void tellsWhatTheModelHoldsWhateverTheOrderOverlapsAndDecoys() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int length = 1 + random.nextInt(random.nextBoolean() ? 60 : 5000);
            List<Segment> segments = cut(random, length, 0);
            run(seed, random, length, segments);
        }
    }

    @Test
    void tellsWhatTheModelHoldsWhenSegmentsAreLost() {
        for (int seed = 5000; seed < 5500; seed++) {
            Random random = new Random(seed);
            int length = 1 + random.nextInt(random.nextBoolean() ? 60 : 5000);
            run(seed, random, length, cut(random, length, 3));
        }
    }

    private static List<Segment> cut(Random random, int length, int lossOneIn) {
        List<Segment> segments = new ArrayList<>();
        int most = random.nextBoolean() ? 4 : 1400;
        boolean conflicts = random.nextInt(3) == 0;
        boolean decoys = random.nextBoolean();
        for (int at = 0; at < length; ) {
            int size = Math.min(length - at, 1 + random.nextInt(most));
            if (decoys && random.nextBoolean()) {
                int kind = 1 + random.nextInt(4);
                segments.add(new Segment(at, text(random, size, 'A'), kind));
            }
            if (lossOneIn == 0 || random.nextInt(lossOneIn) > 0) {
                int from = Math.max(0, at - random.nextInt(5));
                segments.add(new Segment(from, data(random, from, at + size, conflicts), REAL));
            }
            at += size;
        }
        switch (random.nextInt(3)) {
            case 0 -> Collections.shuffle(segments, random);
            case 1 -> Collections.reverse(segments);
            default -> {}
        }
        return segments;
    }

    private static String data(Random random, int from, int to, boolean conflicts) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            boolean other = conflicts && random.nextInt(8) == 0;
            text.append((char) ('a' + (other ? random.nextInt(26) : i * 7 % 26)));
        }
        return text.toString();
    }

    private static String text(Random random, int size, char from) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            text.append((char) (from + random.nextInt(26)));
        }
        return text.toString();
    }

    private static void run(int seed, Random random, int length, List<Segment> segments) {
        int start = random.nextBoolean() ? random.nextInt() : -random.nextInt(6000);
        Conversation talk =
                new Conversation(start, random.nextInt(), new StreamConfig(64, 64 << 10, 16_384));
        Model model = new Model(length);
        talk.handshake();
        for (Segment segment : segments) {
            send(talk, segment);
            model.take(segment);
        }
        talk.acknowledges(length).ticks(3);
        // what is missing at the very end shows when more comes
        talk.sends(length, "!");

        assertEquals(model.heard() + "!", talk.heard(), "seed " + seed);
    }

    private static void send(Conversation talk, Segment segment) {
        int at = segment.at();
        switch (segment.kind()) {
            case LOW_TTL -> talk.sends(at, segment.data(), f -> f.ttl(50));
            case BAD_SUM -> talk.sends(at, segment.data(), FrameBuilder::wrongChecksum);
            case NO_ACK ->
                    talk.client(talk.clientStart + at, 0, TcpFlags.PSH, segment.data(), f -> {});
            case FAR -> talk.sends(at + 0x1000_0000, segment.data());
            default -> talk.sends(at, segment.data());
        }
    }

    @Test
    void survivesSegmentsOfAnyKindOnFewStreamsAndLittleRoom() {
        StreamConfig tiny = new StreamConfig(64, 64 << 10, 16_384);
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            Conversation talk = new Conversation(random.nextInt(), random.nextInt(), tiny);
            for (int i = 0; i < 3000; i++) {
                String data = text(random, random.nextInt(4) == 0 ? 0 : random.nextInt(3000), 'a');
                int flags = random.nextInt(3) == 0 ? random.nextInt(64) : TcpFlags.ACK;
                int at = random.nextInt(random.nextInt(10) == 0 ? Integer.MAX_VALUE : 60_000);
                if (random.nextBoolean()) {
                    talk.client(talk.clientStart + at, random.nextInt(), flags, data, f -> {});
                } else {
                    int ack = talk.clientStart + random.nextInt(60_000);
                    talk.server(talk.serverStart + at, ack, flags, data, f -> {});
                }
                if (random.nextInt(20) == 0) {
                    talk.ticks(1);
                }
                if (random.nextInt(200) == 0) {
                    talk.reassembler.forgotten(Conversation.CONNECTION);
                    talk.connections.attachStream(Conversation.CONNECTION, 0);
                }
            }
            talk.reassembler.end();

            assertTrue(talk.opened > 0);
            assertEquals(talk.opened, talk.closed, "seed " + seed);
            assertTrue(talk.heard().getBytes(StandardCharsets.ISO_8859_1).length > 0);
        }
    }
}
