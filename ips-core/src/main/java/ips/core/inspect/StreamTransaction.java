package ips.core.inspect;

/**
 * A transaction that lasts as long as its TCP stream and is read from both directions; rules are
 * asked about it whenever it has changed.
 */
abstract class StreamTransaction extends AppTransaction {
    /** How often something came that rules may ask for, and how much of it they saw. */
    private int changes;

    private int seenToServer;
    private int seenToClient;

    /** Begins anew, for a flow. */
    void begin(InspectedFlow flow) {
        begin(flow.others++);
    }

    @Override
    void begin(long number) {
        super.begin(number);
        changes = 0;
        seenToServer = 0;
        seenToClient = 0;
    }

    /**
     * Takes bytes of a direction.
     *
     * @return whether rules are to look at the stream now
     */
    abstract boolean read(boolean toServer, ByteRange bytes);

    /** Bytes of a direction are lost. */
    abstract void gap(boolean toServer);

    /** Whether what both say is encrypted from now on. */
    boolean encrypted() {
        return false;
    }

    /** Whether both agreed to speak TLS from now on. */
    boolean startsTls() {
        return false;
    }

    /** Whether there is more to be asked about when the stream ends. */
    boolean unfinished(boolean toServer) {
        return false;
    }

    /** The stream of a direction is over. */
    void end(boolean toServer) {}

    final void changed() {
        changes++;
    }

    @Override
    public final boolean news(boolean toServer) {
        boolean news = changes != (toServer ? seenToServer : seenToClient);
        if (toServer) {
            seenToServer = changes;
        } else {
            seenToClient = changes;
        }
        return news;
    }

    /** Whether rules saw all in both directions. */
    final boolean seen() {
        return changes == seenToServer && changes == seenToClient;
    }
}
