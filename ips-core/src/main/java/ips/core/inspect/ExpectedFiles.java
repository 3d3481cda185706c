package ips.core.inspect;

/**
 * Connections in which files are about to come, as control connections of FTP announced them. The
 * oldest makes room, and what does not come within {@value #LONGEST_WAIT_S} seconds is expected no
 * longer. Owned by one worker, which sees both connections, for they have the same ends.
 */
final class ExpectedFiles {
    private static final int ROOM = 256;
    private static final int LONGEST_WAIT_S = 30;
    private static final long LONGEST_WAIT_NS = LONGEST_WAIT_S * 1_000_000_000L;

    private final long[] listenerHigh = new long[ROOM];
    private final long[] listenerLow = new long[ROOM];
    private final long[] peerHigh = new long[ROOM];
    private final long[] peerLow = new long[ROOM];
    private final int[] port = new int[ROOM];
    private final int[] command = new int[ROOM];
    private final long[] sinceNs = new long[ROOM];
    private final GrowingBytes[] names = new GrowingBytes[ROOM];
    private final BufferPool buffers;
    private int oldest;

    /** Places in use from the oldest on, those among them whose connection came. */
    private int used;

    ExpectedFiles(BufferPool buffers) {
        this.buffers = buffers;
    }

    /** One end of a control connection is about to be connected to, at a port. */
    void add(InspectedFlow control, boolean atServer, int port, int command, GrowingBytes line) {
        if (used == ROOM) {
            forgetOldest();
        }
        int at = (oldest + used) % ROOM;
        used++;
        sinceNs[at] = control.lastNs;
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
        forgetOld(flow.lastNs);
        for (int k = 0; k < used; k++) {
            int i = (oldest + k) % ROOM;
            if (port[i] != 0
                    && !isOld(i, flow.lastNs)
                    && port[i] == flow.serverPort
                    && listenerLow[i] == flow.serverLow
                    && listenerHigh[i] == flow.serverHigh
                    && peerLow[i] == flow.clientLow
                    && peerHigh[i] == flow.clientHigh) {
                port[i] = 0;
                return i;
            }
        }
        return -1;
    }

    private void forgetOld(long nowNs) {
        while (used > 0 && (port[oldest] == 0 || isOld(oldest, nowNs))) {
            forgetOldest();
        }
    }

    private boolean isOld(int index, long nowNs) {
        return nowNs - sinceNs[index] > LONGEST_WAIT_NS;
    }

    private void forgetOldest() {
        port[oldest] = 0;
        oldest = (oldest + 1) % ROOM;
        used--;
    }

    int command(int index) {
        return command[index];
    }

    GrowingBytes name(int index) {
        return names[index];
    }
}
