package ips.core.inspect;

/**
 * The handshake of a TLS connection as far as it is in the clear: the client's hello and the
 * server's certificates (RFC 8446 §4, RFC 5246 §7.4). At most {@value #MOST_BYTES} bytes of each
 * side are kept, until rules have looked at them. Of the records behind them only the headers are
 * read, until the first of application data.
 */
final class TlsTransaction extends AppTransaction {
    private static final int MOST_BYTES = 32 << 10;
    private static final int RECORD_HEADER = 5;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int CLIENT_HELLO = 1;
    private static final int CERTIFICATE = 11;
    private static final int SERVER_NAME = 0;
    private static final int MOST_CERTIFICATES = 16;

    /** The record and the messages of one direction. */
    private static final class Side {
        final GrowingBytes messages;
        final byte[] header = new byte[RECORD_HEADER];
        int headerLength;
        int type;
        int left;
        int at;

        /** Whether all messages that are looked into have come. */
        boolean over;

        /** Whether it said that its messages are encrypted from now on. */
        boolean cipherChanged;

        /** Whether its records cannot be told apart any more. */
        boolean lost;

        boolean fresh;

        Side(BufferPool buffers) {
            messages = new GrowingBytes(buffers, MOST_BYTES);
        }

        void clear() {
            messages.clear();
            headerLength = 0;
            left = 0;
            at = 0;
            over = false;
            cipherChanged = false;
            lost = false;
            fresh = false;
        }
    }

    private final Side client;
    private final Side server;
    private final GrowingBytes text;
    private int nameAt;
    private int nameLength = -1;
    private final int[] certificateAt = new int[MOST_CERTIFICATES];
    private final int[] certificateLength = new int[MOST_CERTIFICATES];
    private int certificates;
    private boolean encrypted;

    TlsTransaction(BufferPool buffers) {
        client = new Side(buffers);
        server = new Side(buffers);
        text = new GrowingBytes(buffers, 4096);
    }

    @Override
    void begin(long number) {
        super.begin(number);
        client.clear();
        server.clear();
        text.clear();
        nameLength = -1;
        certificates = 0;
        encrypted = false;
    }

    /**
     * Takes bytes of a direction.
     *
     * @return whether a record ended in them, or one of application data began
     */
    boolean read(boolean toServer, ByteRange bytes) {
        Side side = toServer ? client : server;
        boolean ended = false;
        int at = 0;
        while (at < bytes.length && !side.lost && !encrypted) {
            if (side.left > 0) {
                int taken = Math.min(side.left, bytes.length - at);
                side.left -= taken;
                ended |= side.left == 0;
                if (side.type == HANDSHAKE && !side.cipherChanged) {
                    handshake(side, toServer, bytes, at, taken);
                }
                at += taken;
                continue;
            }
            side.header[side.headerLength++] = bytes.at(at++);
            if (side.headerLength == RECORD_HEADER) {
                record(side, toServer);
            }
        }
        return ended || encrypted && at > 0;
    }

    private void record(Side side, boolean toServer) {
        side.headerLength = 0;
        side.type = side.header[0];
        side.left = (side.header[3] & 0xff) << 8 | side.header[4] & 0xff;
        side.lost = side.type < CHANGE_CIPHER_SPEC || side.type > APPLICATION_DATA + 1;
        side.cipherChanged |= side.type == CHANGE_CIPHER_SPEC;
        // What a client sends ahead of the server's hello is early data.
        encrypted = side.type == APPLICATION_DATA && !(toServer && server.messages.length() == 0);
    }

    private void handshake(Side side, boolean toServer, ByteRange bytes, int at, int length) {
        if (!side.over) {
            side.over = side.messages.isFull();
            side.messages.add(bytes, at, length);
            messages(side, toServer);
        }
    }

    /** Whether what both say is encrypted from now on. */
    boolean encrypted() {
        return encrypted;
    }

    /** Bytes are lost: nothing more can be read of a direction. */
    void gap(boolean toServer) {
        (toServer ? client : server).lost = true;
    }

    /** Goes through the messages that came whole. */
    private void messages(Side side, boolean toServer) {
        GrowingBytes m = side.messages;
        while (!side.over && m.length() - side.at >= 4) {
            int length = number(m, side.at + 1, 3);
            int from = side.at + 4;
            if (from + length > m.length()) {
                return;
            }
            int type = m.at(side.at);
            if (toServer && type == CLIENT_HELLO) {
                serverName(m, from, from + length);
                side.fresh = true;
                side.over = true;
            } else if (!toServer && type == CERTIFICATE) {
                certificates(m, from, from + length);
                side.fresh = true;
                side.over = true;
            }
            side.at = from + length;
        }
    }

    private static int number(GrowingBytes from, int at, int bytes) {
        int value = 0;
        for (int i = at; i < at + bytes; i++) {
            value = value << 8 | from.at(i) & 0xff;
        }
        return value;
    }

    /** Finds the name of extension 0, RFC 6066 §3. */
    private void serverName(GrowingBytes m, int from, int end) {
        int at = from + 34; // version, random
        at = behind(m, at, end, 1); // session
        at = behind(m, at, end, 2); // cipher suites
        at = behind(m, at, end, 1); // compression methods
        at += 2;
        while (at >= 2 && at + 4 <= end) {
            int type = number(m, at, 2);
            int length = number(m, at + 2, 2);
            int body = at + 4;
            if (type == SERVER_NAME && length > 5 && body + length <= end && m.at(body + 2) == 0) {
                nameAt = body + 5;
                nameLength = Math.min(number(m, body + 3, 2), length - 5);
                return;
            }
            at = body + length;
        }
    }

    /** The place behind a vector whose length stands before it; far behind the end if cut short. */
    private static int behind(GrowingBytes m, int at, int end, int lengthBytes) {
        if (at < 0 || at + lengthBytes > end) {
            return end;
        }
        return at + lengthBytes + number(m, at, lengthBytes);
    }

    private void certificates(GrowingBytes m, int from, int end) {
        int at = from + 3;
        while (at + 3 <= end && certificates < MOST_CERTIFICATES) {
            int length = number(m, at, 3);
            if (length == 0 || at + 3 + length > end) {
                return;
            }
            certificateAt[certificates] = at + 3;
            certificateLength[certificates++] = length;
            at += 3 + length;
        }
    }

    @Override
    public boolean news(boolean toServer) {
        Side side = toServer ? client : server;
        boolean news = side.fresh;
        side.fresh = false;
        return news;
    }

    @Override
    public ByteRange buffer(String word, boolean toServer, int index, ByteRange into) {
        if (word.equals("tls_sni")) {
            return nameLength > 0 && index == 0
                    ? client.messages.range(nameAt, nameLength, into)
                    : null;
        }
        if (word.equals("tls_certs")) {
            return index < certificates
                    ? server.messages.range(certificateAt[index], certificateLength[index], into)
                    : null;
        }
        if (certificates == 0 || index > 0 || !word.startsWith("tls_cert_")) {
            return null;
        }
        text.clear();
        server.messages.range(certificateAt[0], certificateLength[0], into);
        CertificateText.add(word, into, text);
        return text.length() > 0 ? text.range(into) : null;
    }
}
