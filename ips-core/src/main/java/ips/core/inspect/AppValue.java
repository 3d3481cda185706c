package ips.core.inspect;

/** Numbers of a transaction that rules may ask for. */
public enum AppValue {
    /** The version a side speaks, such as 0x0303 for TLS 1.2. */
    TLS_VERSION,
    /** What the handshake last came to: a bit of {@link TlsState}. */
    TLS_STATE,
    TLS_CERTIFICATES,
    /** Seconds since 1970. */
    TLS_NOT_BEFORE,
    TLS_NOT_AFTER,
    DNS_OPCODE,
    /** 1 where a client of FTP wants a file sent to another host. */
    FTP_BOUNCE,
    /** By which command a file comes: 1 for RETR, 2 for STOR. */
    FTP_DATA_COMMAND
}
