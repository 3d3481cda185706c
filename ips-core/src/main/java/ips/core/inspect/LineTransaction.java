package ips.core.inspect;

/**
 * A connection in which both sides speak in lines, as in SMTP and FTP: gathers the pieces of each
 * line until its end has come.
 */
abstract class LineTransaction extends StreamTransaction {
    private final GrowingBytes fromClient;
    private final GrowingBytes fromServer;

    /**
     * @param longest bytes of a line that are kept, its CR included
     */
    LineTransaction(BufferPool buffers, int longest) {
        fromClient = new GrowingBytes(buffers, longest);
        fromServer = new GrowingBytes(buffers, longest);
    }

    @Override
    void begin(long number) {
        super.begin(number);
        fromClient.clear();
        fromServer.clear();
    }

    /** Begins another transaction of the same connection; the line in hand stays. */
    final void next(long number) {
        super.begin(number);
    }

    /** Takes bytes of a direction, and calls {@link #line} for each line that ends in them. */
    final void readLines(boolean toServer, ByteRange bytes) {
        GrowingBytes line = toServer ? fromClient : fromServer;
        int at = 0;
        while (at < bytes.length) {
            int end = at;
            while (end < bytes.length && bytes.at(end) != '\n') {
                end++;
            }
            line.add(bytes, at, end - at);
            if (line.isFull()) {
                tooLong(toServer);
            }
            if (end < bytes.length) {
                int sent = line.length() + 1;
                if (line.length() > 0 && line.at(line.length() - 1) == '\r') {
                    line.truncate(line.length() - 1);
                }
                line(toServer, line, sent);
                line.restart();
            }
            at = end + 1;
        }
    }

    /** The line in hand is longer than what is kept of one; told with each piece of it. */
    abstract void tooLong(boolean toServer);

    /**
     * A line has ended.
     *
     * @param line without its end
     * @param sent bytes it had with its end, as far as it was kept
     */
    abstract void line(boolean toServer, GrowingBytes line, int sent);

    /** What was kept of the line in hand is void: bytes of it are lost. */
    @Override
    void gap(boolean toServer) {
        (toServer ? fromClient : fromServer).restart();
    }
}
