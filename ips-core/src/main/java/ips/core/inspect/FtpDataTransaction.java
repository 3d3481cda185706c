package ips.core.inspect;

/**
 * A file that comes in a connection of its own, as FTP's do. Its first {@value #MOST_BYTES} bytes
 * are kept.
 */
final class FtpDataTransaction extends StreamTransaction {
    private static final int MOST_BYTES = 128 << 10;

    private final GrowingBytes body;
    private final GrowingBytes name;
    private final GrowingBytes size;
    private int command;
    private boolean begun;
    private boolean fileToServer;
    private boolean over;
    private boolean unread;

    /** Whether bytes are missing in between. */
    private boolean torn;

    private long bytes;

    /** Bytes that have to be there before rules look again. */
    private int nextLook;

    FtpDataTransaction(BufferPool buffers) {
        body = new GrowingBytes(buffers, MOST_BYTES);
        name = new GrowingBytes(buffers, FtpTransaction.LONGEST_NAME);
        size = new GrowingBytes(buffers, Long.BYTES);
    }

    @Override
    void begin(long number) {
        super.begin(number);
        body.clear();
        name.clear();
        size.clear();
        begun = false;
        over = false;
        unread = false;
        torn = false;
        bytes = 0;
        nextLook = 1;
    }

    /** What the file is, as was announced. */
    void expect(int command, GrowingBytes called) {
        this.command = command;
        name.add(called, 0, called.length());
    }

    @Override
    boolean read(boolean toServer, ByteRange from) {
        if (!begun) {
            begun = true;
            fileToServer = toServer;
        }
        if (toServer != fileToServer) {
            return false;
        }
        bytes += from.length;
        body.add(from, 0, from.length);
        unread = true;
        if (body.length() >= nextLook && !body.isFull()) {
            look();
        }
        return false;
    }

    /** Lets rules look now, and again when there is twice as much. */
    private void look() {
        nextLook = 2 * body.length();
        changed();
    }

    @Override
    void gap(boolean toServer) {
        torn = true;
        unread = true;
    }

    @Override
    boolean unfinished(boolean toServer) {
        return begun && unread && toServer == fileToServer;
    }

    @Override
    void end(boolean toServer) {
        if (unfinished(toServer)) {
            unread = false;
            over = true;
            look();
        }
    }

    @Override
    public long value(AppValue what, boolean toServer) {
        boolean itsDirection = toServer == (command == FtpTransaction.STORE);
        return what == AppValue.FTP_DATA_COMMAND && itsDirection ? command : -1;
    }

    @Override
    public boolean ready(String word, boolean toServer) {
        return over || !word.equals("file_size") && !word.equals("file_whole");
    }

    @Override
    public ByteRange buffer(String word, boolean toServer, int index, ByteRange into) {
        if (index > 0 || !begun || toServer != fileToServer) {
            return null;
        }
        return switch (word) {
            case "file_data" -> body.length() > 0 ? body.range(into) : null;
            case "file_name" -> name.range(into);
            case "file_size" -> size(into);
            case "file_whole" -> torn || bytes > body.length() ? null : body.range(into);
            default -> null;
        };
    }

    private ByteRange size(ByteRange into) {
        size.restart();
        size.addLong(bytes);
        return size.range(into);
    }
}
