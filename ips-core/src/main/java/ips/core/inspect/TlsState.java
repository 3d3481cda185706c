package ips.core.inspect;

/** Messages of a handshake of TLS by which {@code ssl_state} tells how far it is. */
public final class TlsState {
    public static final int CLIENT_HELLO = 1;
    public static final int SERVER_HELLO = 2;
    public static final int CLIENT_KEYS = 4;
    public static final int SERVER_KEYS = 8;

    private TlsState() {}
}
