package ips.core.inspect;

/**
 * Connections in which files are about to come, as control connections of FTP announced them. The
 * oldest makes room. Owned by one worker, which sees both connections, for they have the same ends.
 */
final class ExpectedFiles {
    private static final int ROOM = 256;

    private final long[] listenerHigh = new long[ROOM];
    private final long[] listenerLow = new long[ROOM];
    private final long[] peerHigh = new long[ROOM];
    private final long[] peerLow = new long[ROOM];
    private final int[] port = new int[ROOM];
    private final int[] command = new int[ROOM];
    private final GrowingBytes[] names = new GrowingBytes[ROOM];
    private final BufferPool buffers;
    private int next;
    private int expected;

    ExpectedFiles(BufferPool buffers) {
        this.buffers = buffers;
    }

    /** One end of a control connection is about to be connected to, at a port. */
    void add(InspectedFlow control, boolean atServer, int port, int command, GrowingBytes line) {
        int at = next;
        next = (next + 1) % ROOM;
        expected += this.port[at] == 0 ? 1 : 0;
        listenerHigh[at] = atServer ? control.serverHigh : control.clientHigh;
        listenerLow[at] = atServer ? control.serverLow : control.clientLow;
        peerHigh[at] = atServer ? control.clientHigh : control.serverHigh;
        peerLow[at] = atServer ? control.clientLow : control.serverLow;
        this.port[at] = port;
        this.command[at] = command;
        if (names[at] == null) {
            names[at] = new GrowingBytes(buffers, FtpTransaction.LONGEST_NAME);
        }
        names[at].restart();
        int from = FtpTransaction.argument(line);
        names[at].add(line, from, line.length() - from);
    }

    /** Takes what is expected of a connection; -1 where nothing is. */
    int take(InspectedFlow flow) {
        if (expected == 0) {
            return -1;
        }
        for (int i = 0; i < ROOM; i++) {
            if (port[i] != 0
                    && port[i] == flow.serverPort
                    && listenerLow[i] == flow.serverLow
                    && listenerHigh[i] == flow.serverHigh
                    && peerLow[i] == flow.clientLow
                    && peerHigh[i] == flow.clientHigh) {
                port[i] = 0;
                expected--;
                return i;
            }
        }
        return -1;
    }

    int command(int index) {
        return command[index];
    }

    GrowingBytes name(int index) {
        return names[index];
    }
}
