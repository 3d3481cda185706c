package ips.core.inspect;

/**
 * What one side of an SSH connection said: its banner {@code SSH-2.0-software comment}, then its
 * packets.
 *
 * <pre>
 *   0                   4         5      6
 *   | length of the rest | padding | type | ...
 * </pre>
 */
final class SshSide {
    private static final int LONGEST_KEPT = 512;
    private static final int LONGEST_BANNER = 255;
    private static final int LONGEST_OFFER = 8 << 10;
    private static final int BEFORE_PROTOCOL = 4;
    private static final int PACKET_HEADER = 6;
    private static final int LENGTH_BYTES = 4;
    private static final int LONGEST_PACKET = 256 << 10;
    private static final int OFFER = 20;
    private static final int NEW_KEYS = 21;

    /** Bytes of an offer before its lists: the cookie. */
    private static final int COOKIE = 16;

    /** Places of lists in an offer; those of the server's direction follow the client's. */
    private static final int KEY_EXCHANGE = 0;

    private static final int CIPHERS = 2;
    private static final int HASHES = 4;
    private static final int COMPRESSIONS = 6;

    private final GrowingBytes line;
    private final GrowingBytes offer;
    private final byte[] header = new byte[PACKET_HEADER];
    private int headerLength;
    private int left;
    private int type;
    private boolean offered;

    /** Whether its banner has come, or can come no more. */
    boolean bannerDone;

    /** Whether its packets are encrypted from now on. */
    boolean keyed;

    /** Whether its packets cannot be told apart any more. */
    private boolean lost;

    /** Bits of {@link SshEvent}. */
    long events;

    SshSide(BufferPool buffers) {
        line = new GrowingBytes(buffers, LONGEST_KEPT);
        offer = new GrowingBytes(buffers, LONGEST_OFFER);
    }

    void clear() {
        line.clear();
        offer.clear();
        headerLength = 0;
        left = 0;
        type = 0;
        offered = false;
        bannerDone = false;
        keyed = false;
        lost = false;
        events = 0;
    }

    /** Bytes are lost: a banner that is not complete is none. */
    void lose() {
        if (!bannerDone) {
            line.clear();
        }
        bannerDone = true;
        lost = true;
    }

    /** Takes bytes; whether something came that rules may ask for. */
    boolean read(ByteRange bytes) {
        long before = events;
        boolean was = bannerDone;
        boolean hadOffer = offered;
        int at = bannerDone ? 0 : banner(bytes);
        while (at < bytes.length && !keyed && !lost) {
            if (left == 0) {
                header(bytes.at(at++));
                continue;
            }
            int taken = Math.min(left, bytes.length - at);
            if (type == OFFER && !offered) {
                offer.add(bytes, at, taken);
            }
            left -= taken;
            at += taken;
            offered |= left == 0 && type == OFFER;
        }
        return events != before || bannerDone && !was || offered && !hadOffer;
    }

    private int banner(ByteRange bytes) {
        int at = bytes.indexOfLineEnd(0);
        line.add(bytes, 0, at);
        if (at == bytes.length && !line.isFull()) {
            return at;
        }
        bannerDone = true;
        if (line.length() > LONGEST_BANNER) {
            events |= SshEvent.LONG_BANNER.bit();
        }
        lost = at == bytes.length;
        boolean named = line.holds(0, Math.min(BEFORE_PROTOCOL, line.length()), "ssh-");
        if (!named || dash() == line.length()) {
            events |= SshEvent.INVALID_BANNER.bit();
            lost = true;
        }
        return at;
    }

    private void header(byte value) {
        boolean endOfBanner = headerLength == 0 && (value == '\r' || value == '\n');
        if (endOfBanner) {
            return; // no packet is so long that its length begins like that
        }
        header[headerLength++] = value;
        if (headerLength < PACKET_HEADER) {
            return;
        }
        headerLength = 0;
        int length = 0;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            length = length << 8 | header[i] & 0xff;
        }
        type = header[PACKET_HEADER - 1];
        left = length - (PACKET_HEADER - LENGTH_BYTES);
        boolean tooShort = length == 0 || length == 1;
        if (tooShort) {
            events |= SshEvent.INVALID_RECORD.bit();
        }
        lost = left < 0 || length > LONGEST_PACKET;
        keyed = !lost && type == NEW_KEYS;
    }

    /** The place of the dash behind the protocol's version, or the length where there is none. */
    private int dash() {
        int dash = BEFORE_PROTOCOL;
        while (dash < line.length() && line.at(dash) != '-') {
            dash++;
        }
        return Math.min(dash, line.length());
    }

    ByteRange protocol(ByteRange into) {
        int dash = dash();
        return bannerDone && dash < line.length()
                ? line.range(BEFORE_PROTOCOL, dash - BEFORE_PROTOCOL, into)
                : null;
    }

    ByteRange software(ByteRange into) {
        int from = dash() + 1;
        if (!bannerDone || from > line.length() || line.length() > LONGEST_BANNER) {
            return null;
        }
        int end = from;
        while (end < line.length() && line.at(end) != ' ') {
            end++;
        }
        return end > from ? line.range(from, end - from, into) : null;
    }

    /** Writes HASSH: what is offered in the side's own direction. False where nothing is. */
    boolean fingerprint(boolean toServer, GrowingBytes into) {
        if (!offered) {
            return false;
        }
        int own = toServer ? 0 : 1;
        boolean whole = add(KEY_EXCHANGE, into);
        into.add((byte) ';');
        whole &= add(CIPHERS + own, into);
        into.add((byte) ';');
        whole &= add(HASHES + own, into);
        into.add((byte) ';');
        return whole && add(COMPRESSIONS + own, into);
    }

    private boolean add(int list, GrowingBytes into) {
        int at = COOKIE;
        for (int i = 0; ; i++) {
            if (at + LENGTH_BYTES > offer.length()) {
                return false;
            }
            int length = 0;
            for (int k = 0; k < LENGTH_BYTES; k++) {
                length = length << 8 | offer.at(at + k) & 0xff;
            }
            at += LENGTH_BYTES;
            if (length < 0 || length > offer.length() - at) {
                return false;
            }
            if (i == list) {
                into.add(offer, at, length);
                return true;
            }
            at += length;
        }
    }
}
