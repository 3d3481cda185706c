package ips.core.rule;

/** Bytes of TLS for tests, as text of one byte a character. */
final class TlsMessages {
    static final String RANDOM = "r".repeat(32);

    private TlsMessages() {}

    static String number(int value, int bytes) {
        StringBuilder out = new StringBuilder();
        for (int i = bytes - 1; i >= 0; i--) {
            out.append((char) (value >> 8 * i & 0xff));
        }
        return out.toString();
    }

    /** Content behind its length. */
    static String vector(int lengthBytes, String content) {
        return number(content.length(), lengthBytes) + content;
    }

    static String record(int type, String content) {
        return record(type, 0x0303, content);
    }

    static String record(int type, int version, String content) {
        return number(type, 1) + number(version, 2) + vector(2, content);
    }

    /** A handshake message in a record of its own. */
    static String message(int type, String body) {
        return record(22, number(type, 1) + vector(3, body));
    }

    static String extension(int type, String body) {
        return number(type, 2) + vector(2, body);
    }

    static String name(String host) {
        return extension(0, vector(2, "\0" + vector(2, host)));
    }

    static String clientHello(String extensions) {
        return message(
                1,
                "\3\3"
                        + RANDOM
                        + vector(1, "")
                        + vector(2, "\u0013\1\u00c0\u002f\n\n")
                        + vector(1, "\0")
                        + vector(2, extensions));
    }

    static String serverHello(String extensions) {
        return message(
                2,
                "\3\3" + "s".repeat(32) + vector(1, "") + "\u00c0\u002f\0" + vector(2, extensions));
    }

    static String certificates(String... certificates) {
        StringBuilder list = new StringBuilder();
        for (String each : certificates) {
            list.append(vector(3, each));
        }
        return message(11, vector(3, list.toString()));
    }

    /** A whole certificate of host, valid from one UTCTime to another. */
    static String certificate(String from, String to) {
        String algorithm = der(0x30, der(6, "\52\3") + der(5, ""));
        String name = der(0x30, der(0x31, der(0x30, der(6, "\125\4\3") + der(12, "host"))));
        return der(
                0x30,
                der(
                                0x30,
                                der(0xa0, der(2, "\2"))
                                        + der(2, "\7")
                                        + algorithm
                                        + name
                                        + der(0x30, der(0x17, from) + der(0x17, to))
                                        + name
                                        + der(0x30, algorithm + der(3, "\0k"))
                                        + der(
                                                0xa3,
                                                der(
                                                        0x30,
                                                        der(
                                                                0x30,
                                                                der(6, "\125\35\23")
                                                                        + der(4, "\60\0")))))
                        + algorithm
                        + der(3, "\0s"));
    }

    static String der(int tag, String content) {
        String length =
                content.length() < 0x80
                        ? number(content.length(), 1)
                        : "\u0081" + number(content.length(), 1);
        return number(tag, 1) + length + content;
    }
}
