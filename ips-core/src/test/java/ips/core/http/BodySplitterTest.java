package ips.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuffer;
import ips.core.payload.PartKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BodySplitterTest {
    private static final int WINDOW = 4096;
    private static final String BOUNDARY = "-----x17";

    /** A body of one form with a few fields. */
    private enum Form {
        URLENCODED("application/x-www-form-urlencoded", "", "%s=%s", "&", ""),
        JSON("application/json", "{", "\"%s\": \"%s\"", ", ", "}"),
        XML("text/xml", "<r>", "<%s>%s</x>", "", "</r>"),
        MULTIPART(
                "multipart/form-data; boundary=" + BOUNDARY,
                "",
                "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n",
                "",
                "--" + BOUNDARY + "--\r\n");

        private final String type;
        private final String start;
        private final String field;
        private final String between;
        private final String end;

        Form(String type, String start, String field, String between, String end) {
            this.type = type;
            this.start = start;
            this.field = field;
            this.between = between;
            this.end = end;
        }

        private String body(String... namesAndValues) {
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                fields.add(field.formatted(namesAndValues[i], namesAndValues[i + 1]));
            }
            return start + String.join(between, fields) + end;
        }
    }

    private record Part(PartKind kind, String name, String value) {}

    private static final class Parts implements TextParts {
        private final List<Part> told = new ArrayList<>();

        @Override
        public void part(PartKind kind, String name, String value) {
            told.add(new Part(kind, name, value));
        }
    }

    private final BodySplitter splitter = new BodySplitter(1 << 20);

    /** As the reader does it: a window fills, is split, and what is left moves to its front. */
    private List<Part> split(String type, String body, int window) {
        FrameBuffer types = new FrameBuffer(type.getBytes(StandardCharsets.ISO_8859_1));
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        FrameBuffer room = FrameBuffer.allocateDirect(window);
        Parts parts = new Parts();
        int state = BodySplitter.FRESH;
        int kept = 0;
        int taken = 0;
        while (true) {
            int some = Math.min(window - kept, bytes.length - taken);
            for (int i = 0; i < some; i++) {
                room.putByte(kept + i, bytes[taken + i]);
            }
            taken += some;
            kept += some;
            boolean more = taken < bytes.length;
            splitter.split(types, 0, types.capacity(), room, 0, kept, state, more, parts);
            if (!more) {
                return parts.told;
            }
            state = splitter.state();
            kept = splitter.keep(room, 0, kept);
            assertTrue(kept < window, "no room for more");
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void fieldsThatFitAreToldAsOfOneWindow(Form form) {
        Random random = new Random(5);
        for (int round = 0; round < 30; round++) {
            String[] fields = new String[60];
            for (int i = 0; i < fields.length; i += 2) {
                fields[i] = "n" + i;
                fields[i + 1] = "v".repeat(random.nextInt(1500)) + i;
            }
            String body = form.body(fields);

            List<Part> told = split(form.type, body, WINDOW);

            told.removeIf(part -> part.kind() == PartKind.XML_PROLOG);
            List<Part> whole = split(form.type, body, 1 << 20);
            whole.removeIf(part -> part.kind() == PartKind.XML_PROLOG);
            // no message of either: they are long
            assertTrue(whole.equals(told), "round " + round);
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aLongFieldIsToldInPiecesThatOverlapUnderItsName(Form form) {
        String payload = "union select password from users";
        for (int pad = 3 * WINDOW; pad < 3 * WINDOW + WINDOW; pad += 97) {
            String body = form.body("a", "1", "text", "x".repeat(pad) + payload, "z", "2");

            List<Part> told = split(form.type, body, WINDOW);

            List<Part> pieces =
                    told.stream().filter(part -> part.value().contains(payload)).toList();
            assertTrue(!pieces.isEmpty(), "behind " + pad);
            if (form != Form.XML) {
                assertTrue(pieces.stream().allMatch(part -> part.name().equals("text")));
                assertTrue(told.contains(new Part(told.get(0).kind(), "z", "2")));
            }
        }
    }

    @Test
    void whatIsNotWhatItSaysIsToldWholeToItsEnd() {
        String body = "no boundary ".repeat(2000) + "the end";

        List<Part> told = split("multipart/form-data; boundary=y", body, WINDOW);

        assertTrue(told.stream().allMatch(part -> part.kind() == PartKind.BODY));
        assertTrue(told.get(told.size() - 1).value().endsWith("the end"));
    }

    @Test
    void aLongFileIsSampledOnceAndFieldsBehindItAreTold() {
        String body =
                "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\r\n\r\n"
                        + "\0-\n".repeat(20_000)
                        + "\r\n--b\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\n7\r\n--b--\r\n";

        List<Part> told = split("multipart/form-data; boundary=b", body, WINDOW);

        assertEquals(3, told.size(), told::toString);
        assertEquals(new Part(PartKind.FILE_NAME, "f", "a.bin"), told.get(0));
        assertEquals(PartKind.FILE, told.get(1).kind());
        assertEquals(new Part(PartKind.MULTIPART, "q", "7"), told.get(2));
    }

    @Test
    void anEscapeCutByAWindowIsReadInTheNext() {
        for (int pad = 2 * WINDOW; pad < 2 * WINDOW + 700; pad++) {
            String body = "{\"k\": \"" + "x".repeat(pad) + "\\u0027 or 1\"}";

            List<Part> told = split("application/json", body, WINDOW);

            assertTrue(told.get(told.size() - 1).value().endsWith("x' or 1"), "behind " + pad);
        }
    }

    /** Random windows of random bytes: no exception, always an end. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void takesAnything(Form form) {
        Random random = new Random(11);
        String signs = "{}[]\"\\:,<>!&=%-\r\n x" + BOUNDARY;
        for (int round = 0; round < 200; round++) {
            StringBuilder body = new StringBuilder();
            int length = random.nextInt(20_000);
            while (body.length() < length) {
                if (random.nextInt(20) == 0) {
                    body.append("--" + BOUNDARY + "\r\n");
                }
                body.append(signs.charAt(random.nextInt(signs.length())));
            }
            split(form.type, body.toString(), 1200 + random.nextInt(3000));
        }
    }
}
