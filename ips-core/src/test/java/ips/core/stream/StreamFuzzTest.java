package ips.core.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.Fuzz;
import ips.core.packet.TcpFlags;
import ips.core.stream.Sent.Fate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The reassembler against {@link ReceiverModel}: whatever is sent, in whatever order, among
 * whatever decoys, it tells what the server's application reads. See {@link Fuzz} for more.
 */
class StreamFuzzTest {
    private static final int CONVERSATIONS = Fuzz.cases(4000);
    private static final int LONGEST = 3000;
    private static final StreamConfig SMALL = new StreamConfig(64, 64 << 10, 16_384);
    private static final Fate[] DECOYS = {
        Fate.EXPIRES,
        Fate.BROKEN,
        Fate.CUT_OFF,
        Fate.WITHOUT_ACK,
        Fate.TOO_OLD,
        Fate.ACKNOWLEDGES_THE_UNSENT,
        Fate.SIGNED,
        Fate.FAR_AHEAD,
        Fate.FAR_BEHIND
    };

    /** How one conversation goes: what may happen in it. */
    private static final class Course {
        final String name;
        final Random random;
        final int length;
        final int segment;
        final int window;
        final boolean conflicts;
        final boolean decoys;
        final boolean timed;
        final boolean longerWays;
        final int order;
        final int acksOneIn;
        final int lossOneIn;
        final List<Object> events = new ArrayList<>();
        final int start;
        private int time;

        Course(int number, boolean losses) {
            name = "seed " + Fuzz.SEED + ", conversation " + number;
            random = new Random(Fuzz.SEED << 32 | number);
            length = 1 + random.nextInt(random.nextBoolean() ? 60 : LONGEST);
            segment = random.nextInt(3) == 0 ? 4 : 1 + random.nextInt(1400);
            window = random.nextInt(4) == 0 ? 1 + random.nextInt(400) : 65_535;
            // of bytes that disagree, a sensor that missed some cannot know which the server has
            conflicts = random.nextInt(3) == 0 && !losses;
            decoys = random.nextInt(3) > 0;
            timed = random.nextBoolean();
            longerWays = !conflicts && random.nextInt(4) == 0;
            order = random.nextInt(4);
            // where bytes disagree, which of them the server has is seen by its acknowledgments
            acksOneIn = conflicts || longerWays ? 1 : 1 + random.nextInt(4);
            lossOneIn = losses ? 2 + random.nextInt(20) : 0;
            time = random.nextInt();
            start = time;
        }

        /** Where the two differ, and what was sent for that place; null if they are alike. */
        String difference(String read, String heard, boolean[] unseen) {
            int most = Math.max(read.length(), heard.length());
            int place = 0;
            while (place < most
                    && (unseen[place]
                            || place < Math.min(read.length(), heard.length())
                                    && read.charAt(place) == heard.charAt(place))) {
                place++;
            }
            if (place == most) {
                return null;
            }
            int wrong = place;
            List<Object> concerned = new ArrayList<>(events);
            concerned.removeIf(
                    event ->
                            event instanceof Sent s
                                    ? s.at() > wrong || s.end() <= wrong
                                    : Math.abs((int) event - wrong) > 30);
            return "%s, window %d, timed %s, lengths %d and %d, place %d: %s"
                    .formatted(
                            name, window, timed, read.length(), heard.length(), place, concerned);
        }

        int now() {
            time += random.nextInt(3) == 0 ? 1 : 0;
            return time;
        }

        boolean oneIn(int count) {
            return random.nextInt(count) == 0;
        }

        /** All that is sent, in the order it passes the sensor; the server may not take it all. */
        List<Sent> segments() {
            List<Sent> sent = new ArrayList<>();
            for (int at = 0; at < length; ) {
                int size = Math.min(length - at, 1 + random.nextInt(segment));
                if (decoys && random.nextBoolean()) {
                    sent.add(decoy(at, size));
                }
                int from = Math.max(0, at - (oneIn(3) ? random.nextInt(20) : 0));
                int to = Math.min(length, at + size + (oneIn(5) ? random.nextInt(20) : 0));
                sent.add(real(from, to));
                if (oneIn(6)) {
                    Sent again = sent.get(random.nextInt(sent.size()));
                    if (again.fate().arrives()) {
                        sent.add(real(again.at(), again.end()));
                    }
                }
                at += size;
            }
            shuffle(sent);
            return sent;
        }

        Sent real(int from, int to) {
            boolean longer = longerWays && oneIn(3);
            Fate fate = longer ? Fate.ARRIVES_BY_A_LONGER_WAY : Fate.ARRIVES;
            StringBuilder text = new StringBuilder();
            for (int i = from; i < to; i++) {
                boolean other = conflicts && oneIn(8);
                text.append((char) ('a' + (other ? random.nextInt(26) : i * 7 % 26)));
            }
            return new Sent(from, text.toString(), Conversation.DATA, fate, now());
        }

        private Sent decoy(int at, int size) {
            Fate fate = DECOYS[random.nextInt(DECOYS.length)];
            boolean harmless = fate == Fate.TOO_OLD && !timed;
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < size; i++) {
                text.append((char) ('A' + random.nextInt(26)));
            }
            int flags = Conversation.DATA;
            if (oneIn(6)) {
                flags |= TcpFlags.FIN;
            } else if (oneIn(10)) {
                flags = TcpFlags.RST; // of which only the sequence number counts
                harmless |= fate == Fate.TOO_OLD || fate == Fate.ACKNOWLEDGES_THE_UNSENT;
                harmless |= fate == Fate.WITHOUT_ACK;
            } else if (oneIn(10)) {
                flags = TcpFlags.SYN;
            }
            return new Sent(at, text.toString(), flags, harmless ? Fate.EXPIRES : fate, now());
        }

        private void shuffle(List<Sent> sent) {
            switch (order) {
                case 0 -> Collections.shuffle(sent, random);
                case 1 -> Collections.reverse(sent);
                case 2 -> {
                    for (int i = 0; i + 4 < sent.size(); i += 4) {
                        Collections.shuffle(sent.subList(i, i + 4), random);
                    }
                }
                default -> {}
            }
        }
    }

    /** Sends it all, and what the server still misses again; the places the sensor did not see. */
    private static boolean[] run(Course course, Conversation talk, ReceiverModel server) {
        boolean[] unseen = new boolean[course.length];
        open(course, talk);
        for (Sent segment : course.segments()) {
            boolean lost = course.lossOneIn > 0 && course.oneIn(course.lossOneIn);
            send(course, talk, server, segment, lost ? unseen : null);
            if (course.oneIn(course.acksOneIn)) {
                acknowledge(course, talk, server);
            }
            if (course.oneIn(20)) {
                talk.ticks(1);
            }
        }
        while (server.next() < course.length) {
            acknowledge(course, talk, server);
            int from = server.next();
            Sent missing = course.real(from, Math.min(course.length, from + course.segment));
            send(course, talk, server, missing, null);
        }
        acknowledge(course, talk, server);
        talk.ticks(3);
        return unseen;
    }

    private static void open(Course course, Conversation talk) {
        int[] none = {};
        int[] options = course.timed ? Sent.timestamps(course.time, course.time) : none;
        int client = talk.clientStart;
        int server = talk.serverStart;
        talk.client(client - 1, 0, TcpFlags.SYN, "", f -> f.tcpOptions(options));
        talk.server(
                server - 1,
                client,
                TcpFlags.SYN | TcpFlags.ACK,
                "",
                f -> f.tcpOptions(options).window(course.window));
        if (course.oneIn(2)) {
            talk.client(client, server, TcpFlags.ACK, "", f -> f.tcpOptions(options));
        }
    }

    private static void send(
            Course course,
            Conversation talk,
            ReceiverModel server,
            Sent segment,
            boolean[] unseen) {
        course.events.add(segment);
        server.take(segment, course.timed);
        if (unseen == null) {
            segment.to(talk, course.timed);
            return;
        }
        for (int at = segment.at(); at < Math.min(segment.end(), unseen.length); at++) {
            unseen[at] = true;
        }
    }

    private static void acknowledge(Course course, Conversation talk, ReceiverModel server) {
        course.events.add(server.next());
        int[] none = {};
        int[] options = course.timed ? Sent.timestamps(course.start, server.lastTime()) : none;
        talk.server(
                talk.serverStart,
                talk.clientStart + server.next(),
                TcpFlags.ACK,
                "",
                f -> f.window(course.window).tcpOptions(options));
    }

    private static Conversation conversation(Random random) {
        int start = random.nextBoolean() ? random.nextInt() : -random.nextInt(LONGEST);
        return new Conversation(start, random.nextInt(), SMALL);
    }

    @Test
    void tellsWhatTheServerReads() {
        for (int i = 0; i < CONVERSATIONS; i++) {
            Course course = new Course(i, false);
            Conversation talk = conversation(course.random);
            ReceiverModel server = new ReceiverModel(course.length, course.window, course.time);

            run(course, talk, server);

            boolean[] none = new boolean[course.length];
            assertNull(course.difference(server.read(), talk.heard(), none));
            assertEquals(1, talk.opened);
        }
    }

    /** What was not seen may be a gap, or what a decoy made of it; all else is as it was read. */
    @Test
    void tellsWhatTheServerReadsWhereSegmentsAreLost() {
        for (int i = 0; i < CONVERSATIONS; i++) {
            Course course = new Course(i, true);
            Conversation talk = conversation(course.random);
            ReceiverModel server = new ReceiverModel(course.length, course.window, course.time);

            boolean[] unseen = run(course, talk, server);
            // what is missing at the very end shows when more comes
            Sent more = new Sent(course.length, "!", Conversation.DATA, Fate.ARRIVES, course.now());
            more.to(talk, course.timed);

            String heard = withoutGaps(talk.heard());
            assertTrue(heard.endsWith("!"), heard);
            String before = heard.substring(0, heard.length() - 1);
            assertNull(course.difference(server.read(), before, unseen));
        }
    }

    /** Gaps as so many question marks. */
    private static String withoutGaps(String heard) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < heard.length(); at++) {
            if (heard.charAt(at) == '<') {
                int end = heard.indexOf('>', at);
                text.append("?".repeat(Integer.parseInt(heard.substring(at + 1, end))));
                at = end;
            } else {
                text.append(heard.charAt(at));
            }
        }
        return text.toString();
    }

    @Test
    void survivesSegmentsOfAnyKindOnFewStreamsAndLittleRoom() {
        for (int i = 0; i < Math.max(5, CONVERSATIONS / 800); i++) {
            Random random = new Random(Fuzz.SEED << 32 | i);
            Conversation talk = new Conversation(random.nextInt(), random.nextInt(), SMALL);
            for (int n = 0; n < 3000; n++) {
                String data = "x".repeat(random.nextInt(4) == 0 ? 0 : random.nextInt(3000));
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
            assertEquals(talk.opened, talk.closed, "seed " + Fuzz.SEED + ", conversation " + i);
            assertTrue(talk.heard().length() > 0);
        }
    }
}
