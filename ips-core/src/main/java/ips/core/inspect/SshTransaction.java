package ips.core.inspect;

/**
 * What an SSH connection says in the clear: the banners of both sides (RFC 4253 §4.2), the first
 * line of each; and the packets behind them up to the one from which on all is encrypted (§6,
 * §7.3), of which it reads the headers, and the offer of algorithms (§7.1).
 */
final class SshTransaction extends StreamTransaction {
    private static final int LONGEST_FINGERPRINT = 16 << 10;

    private final SshSide client;
    private final SshSide server;
    private final Fingerprint fingerprint;
    private long events;
    private boolean broken;

    SshTransaction(BufferPool buffers) {
        client = new SshSide(buffers);
        server = new SshSide(buffers);
        fingerprint = new Fingerprint(buffers, LONGEST_FINGERPRINT);
    }

    @Override
    void begin(long number) {
        super.begin(number);
        client.clear();
        server.clear();
        fingerprint.clear();
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
        if (!fingerprint.isOf(side)) {
            if (!side.fingerprint(toServer, fingerprint.begin())) {
                return null;
            }
            fingerprint.end(side);
        }
        return hash ? fingerprint.hash(into) : fingerprint.text(into);
    }
}
