package ips.core.inspect;

/**
 * What an SSH connection says in the clear: the banners of both sides (RFC 4253 §4.2), {@code
 * SSH-2.0-software comment}, the first line of each; and the packets behind them up to the one from
 * which on all is encrypted (§6, §7.3), of which it reads the headers.
 *
 * <pre>
 *   0                   4         5      6
 *   | length of the rest | padding | type | ...
 * </pre>
 */
final class SshTransaction extends AppTransaction {
    private static final int LONGEST = 512;
    private static final int BEFORE_PROTOCOL = 4;
    private static final int PACKET_HEADER = 6;
    private static final int LENGTH_BYTES = 4;
    private static final int LONGEST_PACKET = 256 << 10;
    private static final int NEW_KEYS = 21;

    /** What one side said. */
    private static final class Side {
        final GrowingBytes line;
        final byte[] header = new byte[PACKET_HEADER];
        int headerLength;
        int left;

        /** Whether its banner has come, or can come no more. */
        boolean done;

        /** Whether its packets are encrypted from now on. */
        boolean keyed;

        /** Whether its packets cannot be told apart any more. */
        boolean lost;

        boolean fresh;

        Side(BufferPool buffers) {
            line = new GrowingBytes(buffers, LONGEST);
        }

        void clear() {
            line.clear();
            headerLength = 0;
            left = 0;
            done = false;
            keyed = false;
            lost = false;
            fresh = false;
        }
    }

    private final Side client;
    private final Side server;

    SshTransaction(BufferPool buffers) {
        client = new Side(buffers);
        server = new Side(buffers);
    }

    @Override
    void begin(long number) {
        super.begin(number);
        client.clear();
        server.clear();
    }

    /** Takes bytes of a direction. */
    void read(boolean toServer, ByteRange bytes) {
        Side side = toServer ? client : server;
        int at = 0;
        if (!side.done) {
            at = bytes.indexOfLineEnd(0);
            side.line.add(bytes, 0, at);
            if (at == bytes.length && !side.line.isFull()) {
                return;
            }
            side.done = true;
            side.fresh = side.line.holds(0, Math.min(BEFORE_PROTOCOL, side.line.length()), "ssh-");
            side.lost = !side.fresh || at == bytes.length;
        }
        while (at < bytes.length && !side.keyed && !side.lost) {
            if (side.left > 0) {
                int taken = Math.min(side.left, bytes.length - at);
                side.left -= taken;
                at += taken;
            } else {
                header(side, bytes.at(at++));
            }
        }
    }

    private static void header(Side side, byte value) {
        boolean endOfBanner = side.headerLength == 0 && (value == '\r' || value == '\n');
        if (endOfBanner) {
            return; // no packet is so long that its length begins like that
        }
        side.header[side.headerLength++] = value;
        if (side.headerLength < PACKET_HEADER) {
            return;
        }
        side.headerLength = 0;
        int length = 0;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            length = length << 8 | side.header[i] & 0xff;
        }
        side.left = length - (PACKET_HEADER - LENGTH_BYTES);
        side.lost = side.left < 0 || length > LONGEST_PACKET;
        side.keyed = !side.lost && side.header[PACKET_HEADER - 1] == NEW_KEYS;
    }

    /** Whether what both say is encrypted from now on. */
    boolean encrypted() {
        return client.keyed && server.keyed;
    }

    /** Bytes are lost: a banner that is not complete is none. */
    void gap(boolean toServer) {
        Side side = toServer ? client : server;
        side.done = true;
        side.lost = true;
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
        Side side = toServer ? client : server;
        GrowingBytes line = side.line;
        if (!side.done || line.length() <= BEFORE_PROTOCOL) {
            return null;
        }
        int dash = BEFORE_PROTOCOL;
        while (dash < line.length() && line.at(dash) != '-') {
            dash++;
        }
        if (dash == line.length()) {
            return null;
        }
        return switch (word) {
            case "ssh_proto" -> line.range(BEFORE_PROTOCOL, dash - BEFORE_PROTOCOL, into);
            case "ssh_software" -> software(line, dash + 1, into);
            default -> null;
        };
    }

    private static ByteRange software(GrowingBytes line, int from, ByteRange into) {
        int end = from;
        while (end < line.length() && line.at(end) != ' ') {
            end++;
        }
        return end > from ? line.range(from, end - from, into) : null;
    }
}
