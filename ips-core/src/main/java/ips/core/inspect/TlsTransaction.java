package ips.core.inspect;

import ips.core.ColdPath;

/**
 * The handshake of a TLS connection as far as it is in the clear: hellos, certificates, and what is
 * odd about them (RFC 8446 §4, RFC 5246 §7.4). A part of each side's messages is kept; of the
 * records behind them only the headers are read, until the first of application data.
 */
final class TlsTransaction extends StreamTransaction {
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int HEARTBEAT = 24;

    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_HELLO = 2;
    private static final int CERTIFICATE = 11;
    private static final int SERVER_KEYS = 12;
    private static final int CERTIFICATE_REQUEST = 13;
    private static final int CLIENT_KEYS = 16;

    /** Types of messages that may come, one bit each. */
    private static final int KNOWN_MESSAGES =
            1 | 1 << 1 | 1 << 2 | 1 << 4 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 15 | 1 << 16
                    | 1 << 20 | 1 << 21 | 1 << 22;

    private static final int MESSAGE_HEADER = 4;
    private static final int LONGEST_FINGERPRINT = 4096;

    private final TlsSide client;
    private final TlsSide server;

    /** A hello behind the first of its side, of which only what is odd counts. */
    private final TlsHello later = new TlsHello();

    private final TlsHeartbeats heartbeats = new TlsHeartbeats();
    private final GrowingBytes text;
    private final Fingerprint fingerprint;
    private long events;
    private int state;
    private boolean encrypted;

    /** Whether it turned out not to be TLS, so that nothing more of it is read. */
    private boolean broken;

    /** A certificate that was not checked yet, and whose. */
    private TlsSide unchecked;

    TlsTransaction(BufferPool buffers) {
        client = new TlsSide(buffers);
        server = new TlsSide(buffers);
        text = new GrowingBytes(buffers, 4096);
        fingerprint = new Fingerprint(buffers, LONGEST_FINGERPRINT);
    }

    @Override
    void begin(long number) {
        super.begin(number);
        client.clear();
        server.clear();
        later.clear();
        heartbeats.clear();
        text.clear();
        fingerprint.clear();
        events = 0;
        state = 0;
        encrypted = false;
        broken = false;
        unchecked = null;
    }

    /**
     * Takes bytes of a direction.
     *
     * @return whether a record ended in them, or one of application data began
     */
    @Override
    boolean read(boolean toServer, ByteRange bytes) {
        TlsSide side = toServer ? client : server;
        if (side.left == 0 && side.headerLength == 0 && state != 0) {
            state = 0;
            changed();
        }
        boolean ended = false;
        int at = 0;
        while (at < bytes.length && !side.lost && !encrypted && !broken) {
            if (side.left > 0) {
                int taken = Math.min(side.left, bytes.length - at);
                side.left -= taken;
                ended |= side.left == 0;
                content(side, toServer, bytes, at, taken);
                at += taken;
                continue;
            }
            byte next = bytes.at(at++);
            if (side.headerLength == 0 && TlsOldRecord.begins(next)) {
                side.old.begin(side, next);
                continue;
            }
            side.header[side.headerLength++] = next;
            if (side.headerLength == TlsSide.RECORD_HEADER) {
                record(side, toServer);
            }
        }
        return ended || encrypted && at > 0;
    }

    private void record(TlsSide side, boolean toServer) {
        side.headerLength = 0;
        side.type = side.header[0];
        side.recordLength = (side.header[3] & 0xff) << 8 | side.header[4] & 0xff;
        side.left = side.recordLength;
        if (side.type < CHANGE_CIPHER_SPEC || side.type > HEARTBEAT) {
            breaks(TlsEvent.INVALID_RECORD_TYPE);
        } else if (!version(side)) {
            breaks(TlsEvent.INVALID_RECORD_VERSION);
        } else {
            begin(side, toServer);
        }
    }

    /** Notes which version a record says, until a hello says more; whether there is such a one. */
    private static boolean version(TlsSide side) {
        if (side.versionTold) {
            return true;
        }
        side.version = (side.header[1] & 0xff) << 8 | side.header[2] & 0xff;
        return isVersion(side.version);
    }

    private void begin(TlsSide side, boolean toServer) {
        switch (side.type) {
            case CHANGE_CIPHER_SPEC -> side.cipherChanged = true;
            case APPLICATION_DATA ->
                    // What a client sends ahead of the server's hello is early data.
                    encrypted = !(toServer && server.messages.length() == 0);
            case HANDSHAKE -> {
                boolean tooShort = side.recordLength > 0 && side.recordLength < MESSAGE_HEADER;
                if (tooShort && !side.cipherChanged) {
                    breaks(TlsEvent.INVALID_SSL_RECORD);
                }
            }
            case HEARTBEAT ->
                    heartbeats.begin(
                            side.recordLength,
                            toServer,
                            client.cipherChanged || server.cipherChanged);
            default -> {}
        }
    }

    /** SSL 3 to TLS 1.3, and the drafts of the latter. */
    private static boolean isVersion(int version) {
        return version >= 0x0300 && version <= 0x0304 || version >= 0x7f10 && version <= 0x7f1c;
    }

    private void content(TlsSide side, boolean toServer, ByteRange bytes, int at, int length) {
        switch (side.type) {
            case HANDSHAKE -> {
                if (!side.cipherChanged && !side.messages.isFull()) {
                    side.messages.add(bytes, at, length);
                    messages(side, toServer);
                }
            }
            case HEARTBEAT -> heartbeats(toServer, bytes, at, length);
            case TlsOldRecord.TYPE -> oldRecord(side, bytes, at, length);
            default -> {}
        }
    }

    private void heartbeats(boolean toServer, ByteRange bytes, int at, int length) {
        TlsEvent found = heartbeats.take(toServer, bytes, at, length);
        if (found != null) {
            breaks(found);
        }
    }

    private void oldRecord(TlsSide side, ByteRange bytes, int at, int length) {
        switch (side.old.take(side, bytes, at, length)) {
            case TlsOldRecord.ERROR -> event(TlsEvent.ERROR_MESSAGE_ENCOUNTERED);
            case TlsOldRecord.CLIENT_HELLO -> state(TlsState.CLIENT_HELLO);
            default -> {}
        }
    }

    private void event(TlsEvent event) {
        events |= event.bit();
        changed();
    }

    private void breaks(TlsEvent event) {
        event(event);
        broken = true;
    }

    @Override
    boolean encrypted() {
        return encrypted;
    }

    @Override
    void gap(boolean toServer) {
        (toServer ? client : server).lost = true;
    }

    /** Goes through the messages that came whole, and the headers of those that did not yet. */
    private void messages(TlsSide side, boolean toServer) {
        GrowingBytes m = side.messages;
        while (m.length() - side.at >= MESSAGE_HEADER) {
            int type = m.at(side.at) & 0xff;
            if (side.typeAt < side.at) {
                side.typeAt = side.at;
                type(type);
            }
            int length = TlsSide.number(m, side.at + 1, 3);
            int from = side.at + MESSAGE_HEADER;
            if (from + length > m.length()) {
                return;
            }
            side.at = from + length;
            message(side, toServer, type, from);
        }
    }

    private void type(int type) {
        if (type >= Integer.SIZE || (KNOWN_MESSAGES & 1 << type) == 0) {
            event(TlsEvent.INVALID_HANDSHAKE_MESSAGE);
        }
    }

    private void message(TlsSide side, boolean toServer, int type, int from) {
        switch (type) {
            case CLIENT_HELLO -> hello(side, toServer, from, TlsState.CLIENT_HELLO);
            case SERVER_HELLO -> hello(side, toServer, from, TlsState.SERVER_HELLO);
            case CLIENT_KEYS -> state(TlsState.CLIENT_KEYS);
            case SERVER_KEYS -> state(TlsState.SERVER_KEYS);
            case CERTIFICATE -> certificates(side, from);
            case CERTIFICATE_REQUEST -> state(0);
            default -> {}
        }
    }

    private void state(int now) {
        state = now;
        changed();
    }

    private void hello(TlsSide side, boolean toServer, int from, int now) {
        state(now);
        if (side.hello.here) {
            laterHello(side, toServer, from);
            return;
        }
        if (!side.hello.read(side.messages, from, side.at, toServer)) {
            event(TlsEvent.HANDSHAKE_INVALID_LENGTH);
        }
        events |= side.hello.events;
        if (side.hello.here) {
            side.version = side.hello.version;
            side.versionTold = true;
        }
    }

    /** Another hello of a side: the first one holds, whatever this one is like. */
    private void laterHello(TlsSide side, boolean toServer, int from) {
        if (!later.read(side.messages, from, side.at, toServer)) {
            event(TlsEvent.HANDSHAKE_INVALID_LENGTH);
        }
        events |= later.events;
        // A server may ask for another hello (RFC 8446 §4.1.4), which has the same name.
        boolean asked = server.hello.here && side.hello.hasNameOf(later);
        if (later.nameLength > 0 && !asked) {
            event(TlsEvent.MULTIPLE_SNI_EXTENSIONS);
        }
    }

    private void certificates(TlsSide side, int from) {
        if (side.chainLength > 0) {
            return;
        }
        if (!side.certificates(from, side.at)) {
            event(TlsEvent.INVALID_CERTIFICATE);
        }
        if (side.chainLength > 0) {
            unchecked = side;
            changed();
        }
    }

    @Override
    public long events() {
        if (unchecked != null) {
            check(unchecked);
            unchecked = null;
        }
        return events;
    }

    @ColdPath
    private void check(TlsSide side) {
        TlsEvent wrong = CertificateCheck.of(side.certificate(0, new ByteRange()));
        events |= wrong == null ? 0 : wrong.bit();
    }

    @Override
    public boolean ready(String word, boolean toServer) {
        TlsSide side = toServer ? client : server;
        boolean ofCertificate = word.startsWith("tls_cert");
        return ofCertificate ? side.chainLength > 0 || encrypted : side.hello.here;
    }

    @Override
    public long value(AppValue what, boolean toServer) {
        TlsSide side = toServer ? client : server;
        return switch (what) {
            case TLS_VERSION -> side.version == 0 ? -1 : side.version;
            case TLS_STATE -> state;
            case TLS_CERTIFICATES -> server.chainLength == 0 ? -1 : server.chainLength;
            case TLS_NOT_BEFORE -> validity(server, false);
            case TLS_NOT_AFTER -> validity(server, true);
            default -> -1;
        };
    }

    @ColdPath
    private static long validity(TlsSide side, boolean end) {
        ByteRange certificate = side.certificate(0, new ByteRange());
        return certificate == null ? -1 : CertificateText.validity(certificate, end);
    }

    @Override
    public ByteRange buffer(String word, boolean toServer, int index, ByteRange into) {
        TlsSide side = toServer ? client : server;
        if (word.equals("tls_certs")) {
            return side.certificate(index, into);
        }
        if (index > 0) {
            return null;
        }
        TlsHello hello = side.hello;
        return switch (word) {
            case "tls_sni" ->
                    hello.nameLength > 0
                            ? client.messages.range(hello.nameAt, hello.nameLength, into)
                            : null;
            case "tls_random" -> random(side, 0, 32, into);
            case "tls_random_time" -> random(side, 0, 4, into);
            case "tls_random_bytes" -> random(side, 4, 28, into);
            case "tls_ja3_string", "tls_ja3s_string" -> fingerprint(side, false, into);
            case "tls_ja3_hash", "tls_ja3s_hash" -> fingerprint(side, true, into);
            default -> certificateText(word, side, into);
        };
    }

    private static ByteRange random(TlsSide side, int from, int length, ByteRange into) {
        TlsHello hello = side.hello;
        return hello.here ? side.messages.range(hello.randomAt + from, length, into) : null;
    }

    private ByteRange fingerprint(TlsSide side, boolean hash, ByteRange into) {
        if (!side.hello.here) {
            return null;
        }
        if (!fingerprint.isOf(side)) {
            side.hello.fingerprint(fingerprint.begin());
            fingerprint.end(side);
        }
        return hash ? fingerprint.hash(into) : fingerprint.text(into);
    }

    private ByteRange certificateText(String word, TlsSide side, ByteRange into) {
        if (!word.startsWith("tls_cert_") || side.certificate(0, into) == null) {
            return null;
        }
        text.clear();
        CertificateText.add(word, into, text);
        return text.length() > 0 ? text.range(into) : null;
    }
}
