package ips.core.inspect;

/**
 * The banners of an SSH connection (RFC 4253 §4.2), {@code SSH-2.0-software comment}: one of each
 * side, the first line of it.
 */
final class SshTransaction extends AppTransaction {
    private static final int LONGEST = 512;
    private static final int BEFORE_PROTOCOL = 4;

    private final GrowingBytes client;
    private final GrowingBytes server;
    private boolean clientDone;
    private boolean serverDone;
    private boolean clientNew;
    private boolean serverNew;

    SshTransaction(BufferPool buffers) {
        client = new GrowingBytes(buffers, LONGEST);
        server = new GrowingBytes(buffers, LONGEST);
    }

    @Override
    void begin(long number) {
        super.begin(number);
        client.clear();
        server.clear();
        clientDone = false;
        serverDone = false;
        clientNew = false;
        serverNew = false;
    }

    /** Takes bytes of a direction. */
    void read(boolean toServer, ByteRange bytes) {
        if (toServer ? clientDone : serverDone) {
            return;
        }
        GrowingBytes line = toServer ? client : server;
        int end = bytes.indexOfLineEnd(0);
        line.add(bytes, 0, end);
        if (end < bytes.length || line.isFull()) {
            boolean isBanner = line.holds(0, Math.min(BEFORE_PROTOCOL, line.length()), "ssh-");
            if (toServer) {
                clientDone = true;
                clientNew = isBanner;
            } else {
                serverDone = true;
                serverNew = isBanner;
            }
        }
    }

    /** Bytes are lost: a banner that is not complete is none. */
    void gap(boolean toServer) {
        if (toServer) {
            clientDone = true;
        } else {
            serverDone = true;
        }
    }

    @Override
    public boolean news(boolean toServer) {
        boolean news = toServer ? clientNew : serverNew;
        if (toServer) {
            clientNew = false;
        } else {
            serverNew = false;
        }
        return news;
    }

    @Override
    public ByteRange buffer(String word, boolean toServer, int index, ByteRange into) {
        GrowingBytes line = toServer ? client : server;
        boolean done = toServer ? clientDone : serverDone;
        if (!done || line.length() <= BEFORE_PROTOCOL) {
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
