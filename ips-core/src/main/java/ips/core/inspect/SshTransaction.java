package ips.core.inspect;

import ips.core.ColdPath;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What an SSH connection says in the clear: the banners of both sides (RFC 4253 §4.2), the first
 * line of each; and the packets behind them up to the one from which on all is encrypted (§6,
 * §7.3), of which it reads the headers, and the offer of algorithms (§7.1).
 */
final class SshTransaction extends StreamTransaction {
    private static final int LONGEST_FINGERPRINT = 16 << 10;
    private static final int HASH_DIGITS = 32;

    private final SshSide client;
    private final SshSide server;
    private final GrowingBytes text;
    private SshSide fingerprinted;
    private long events;
    private boolean broken;

    SshTransaction(BufferPool buffers) {
        client = new SshSide(buffers);
        server = new SshSide(buffers);
        text = new GrowingBytes(buffers, LONGEST_FINGERPRINT);
    }

    @Override
    void begin(long number) {
        super.begin(number);
        client.clear();
        server.clear();
        text.clear();
        fingerprinted = null;
        events = 0;
        broken = false;
    }

    @Override
    boolean read(boolean toServer, ByteRange bytes) {
        SshSide side = toServer ? client : server;
        if (broken || !side.read(bytes)) {
            return false;
        }
        broken = (side.events & ~SshEvent.LONG_BANNER.bit()) != 0;
        events |= side.events;
        changed();
        return false;
    }

    @Override
    boolean encrypted() {
        return client.keyed && server.keyed;
    }

    @Override
    void gap(boolean toServer) {
        (toServer ? client : server).lose();
    }

    @Override
    public long events() {
        return events;
    }

    @Override
    public boolean ready(String word, boolean toServer) {
        return (toServer ? client : server).bannerDone;
    }

    @Override
    public ByteRange buffer(String word, boolean toServer, int index, ByteRange into) {
        SshSide side = toServer ? client : server;
        return switch (word) {
            case "ssh_proto" -> side.protocol(into);
            case "ssh_software" -> side.software(into);
            case "ssh_hassh_string", "ssh_hassh_server_string" ->
                    fingerprint(side, toServer, false, into);
            case "ssh_hassh", "ssh_hassh_server" -> fingerprint(side, toServer, true, into);
            default -> null;
        };
    }

    private ByteRange fingerprint(SshSide side, boolean toServer, boolean hash, ByteRange into) {
        if (fingerprinted != side) {
            text.restart();
            fingerprinted = null;
            if (!side.fingerprint(toServer, text)) {
                return null;
            }
            text.truncate(LONGEST_FINGERPRINT - HASH_DIGITS);
            addHash(text);
            fingerprinted = side;
        }
        int length = Math.max(0, text.length() - HASH_DIGITS);
        return hash ? text.range(length, HASH_DIGITS, into) : text.range(0, length, into);
    }

    @ColdPath
    private static void addHash(GrowingBytes to) {
        try {
            byte[] of = to.text().getBytes(StandardCharsets.ISO_8859_1);
            to.add(HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(of)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
