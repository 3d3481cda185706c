package ips.core.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.Fuzz;
import ips.core.payload.text.Normalizer;
import ips.core.payload.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each judge by itself, on mutations of the attacks and honest values of the other tests: bytes
 * changed, cut out, doubled, and two values spliced. See {@link Fuzz} for more.
 */
class JudgesFuzzTest {
    private static final int CAPACITY = 1024;
    private static final int ROUNDS = Fuzz.cases(20_000);

    private static final List<byte[]> SEEDS = new ArrayList<>();

    private static List<Judges> judges() throws IOException {
        if (SEEDS.isEmpty()) {
            for (String file : List.of("attacks.csv", "evasions.csv", "honest.csv")) {
                try (InputStream in = JudgesFuzzTest.class.getResourceAsStream(file)) {
                    for (String line :
                            new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                        String value = line.substring(line.lastIndexOf('\t') + 1);
                        SEEDS.add(value.getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return Judges.ALL;
    }

    @ParameterizedTest
    @MethodSource("judges")
    void judgesAnythingAlikeAndWithinTheText(Judges line) {
        Judge judge = line.maker().apply(CAPACITY);
        Judge fresh = line.maker().apply(CAPACITY);
        Normalizer normalizer = new Normalizer(CAPACITY);
        Judgement first = new Judgement();
        Judgement again = new Judgement();
        Random random = new Random(Fuzz.SEED << 32 | Judges.ALL.indexOf(line));
        PartKind[] parts = PartKind.values();
        int raised = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int length = mutate(random, normalizer.raw());
            PartKind part = parts[random.nextInt(parts.length)];
            Text text = normalizer.normalize(length, part.formEncoded());
            first.clear();
            judge.judge(text, part, first);

            again.clear();
            (round % 64 == 0 ? line.maker().apply(CAPACITY) : fresh).judge(text, part, again);
            assertEquals(first.score(), again.score(), "depends on what it judged before");
            assertEquals(first.reason(), again.reason());
            assertTrue(first.score() >= 0 && first.score() <= 200);
            assertTrue(first.start() >= 0 && first.start() <= first.end(), first::reason);
            raised += first.score() > 0 ? 1 : 0;
        }
        assertTrue(raised > 0, line.kind() + " found nothing at all");
    }

    private static int mutate(Random random, byte[] into) {
        byte[] one = SEEDS.get(random.nextInt(SEEDS.size()));
        byte[] other = SEEDS.get(random.nextInt(SEEDS.size()));
        int length = copy(one, 0, one.length, into, 0);
        for (int changes = random.nextInt(6); changes > 0 && length > 1; changes--) {
            int at = random.nextInt(length);
            switch (random.nextInt(4)) {
                case 0 -> into[at] = (byte) random.nextInt(256);
                case 1 -> length = at;
                case 2 -> {
                    int size = Math.min(random.nextInt(8), length - at);
                    length = copy(into.clone(), at, size, into, length);
                }
                default -> {
                    int from = random.nextInt(Math.max(1, other.length));
                    length = copy(other, from, other.length - from, into, at);
                }
            }
        }
        return length;
    }

    private static int copy(byte[] from, int at, int length, byte[] to, int toAt) {
        int size = Math.max(0, Math.min(length, CAPACITY - toAt));
        System.arraycopy(from, at, to, toAt, size);
        return toAt + size;
    }
}
