package ips.bench.http;

/** Who opens a connection: says what it asks for, one request after another. */
interface Client {
    /** Its IPv4 address. */
    int address();

    /** What it will ask on this connection. */
    int requests();

    /** The next request, head and body. */
    Exchange next();

    /** Whether its requests are attacks. */
    boolean attacks();

    /** A request and what the site answers. */
    record Exchange(byte[] request, byte[] response) {}
}
