package ips.core.inspect;

/**
 * The commands and answers of FTP (RFC 959, RFC 2428): which lines are too long, and in which
 * connections files will come. One for a whole connection; it begins anew with each command once
 * rules have seen what was odd about those before.
 */
final class FtpTransaction extends LineTransaction {
    static final int LONGEST_NAME = 1024;

    /** Of {@link AppValue#FTP_DATA_COMMAND}. */
    static final int RETRIEVE = 1;

    static final int STORE = 2;

    private static final int LONGEST_LINE = 4095;
    private static final int PASSIVE = 227;
    private static final int EXTENDED_PASSIVE = 229;
    private static final int TLS_AGREED = 234;

    private final ExpectedFiles expected;
    private InspectedFlow flow;
    private int dataPort;
    private boolean dataAtServer;

    /** The code of the answer that tells the port asked for; 0 where none was asked for. */
    private int awaited;

    /** The first bytes of the line at hand are lost. */
    private boolean requestCut;

    private boolean responseCut;
    private boolean bounces;
    private boolean tls;
    private boolean requestOver;
    private boolean responseOver;
    private long events;

    FtpTransaction(BufferPool buffers, ExpectedFiles expected) {
        super(buffers, LONGEST_LINE);
        this.expected = expected;
    }

    @Override
    void begin(InspectedFlow flow) {
        super.begin(flow);
        this.flow = flow;
        dataPort = 0;
        awaited = 0;
        requestCut = false;
        responseCut = false;
        bounces = false;
        tls = false;
        requestOver = false;
        responseOver = false;
        events = 0;
    }

    @Override
    boolean read(boolean toServer, ByteRange bytes) {
        readLines(toServer, bytes);
        return false;
    }

    @Override
    void tooLong(boolean toServer) {
        boolean told = toServer ? requestOver : responseOver;
        requestOver |= toServer;
        responseOver |= !toServer;
        if (!told) {
            FtpEvent event =
                    toServer
                            ? FtpEvent.REQUEST_COMMAND_TOO_LONG
                            : FtpEvent.RESPONSE_COMMAND_TOO_LONG;
            events |= event.bit();
            changed();
        }
    }

    @Override
    void line(boolean toServer, GrowingBytes line, int sent) {
        boolean whole = !(toServer ? requestCut : responseCut);
        if (toServer) {
            requestOver = false;
            requestCut = false;
        } else {
            responseOver = false;
            responseCut = false;
        }
        if (whole && toServer) {
            command(line);
        } else if (whole) {
            answer(line);
        }
    }

    private void command(GrowingBytes line) {
        if (seen() && (events != 0 || bounces)) {
            next(flow.others++);
            events = 0;
            bounces = false;
        }
        if (begins(line, "auth tls")) {
            awaited = TLS_AGREED;
        } else if (begins(line, "pasv")) {
            awaited = PASSIVE;
        } else if (begins(line, "epsv")) {
            awaited = EXTENDED_PASSIVE;
        } else if (begins(line, "port ")) {
            port(line);
        } else if (begins(line, "eprt ")) {
            dataPort = lastNumber(line);
            dataAtServer = false;
        } else if (begins(line, "retr ")) {
            expect(line, RETRIEVE);
        } else if (begins(line, "stor ")) {
            expect(line, STORE);
        }
    }

    private void expect(GrowingBytes line, int command) {
        if (dataPort > 0 && dataPort <= 0xffff) {
            expected.add(flow, dataAtServer, dataPort, command, line);
            dataPort = 0;
        }
    }

    private void answer(GrowingBytes line) {
        int code = number(line, 0);
        if (awaited == 0 || code != awaited) {
            return;
        }
        awaited = 0;
        if (code == TLS_AGREED) {
            tls = true;
        } else if (code == PASSIVE) {
            int at = line.length();
            while (at > 0 && line.at(at - 1) != '(') {
                at--;
            }
            address(line, at);
            dataAtServer = true;
        } else {
            dataPort = lastNumber(line);
            dataAtServer = true;
        }
    }

    private void port(GrowingBytes line) {
        long address = address(line, argument(line));
        dataAtServer = false;
        boolean ipv4 = flow.clientHigh == 0 && flow.clientLow >>> 32 == 0xffff;
        if (address >= 0 && ipv4 && address != (flow.clientLow & 0xffff_ffffL)) {
            bounces = true;
            changed();
        }
    }

    /**
     * Reads {@code h1,h2,h3,h4,p1,p2}: notes the port, returns the address; -1 where it is none.
     */
    private long address(GrowingBytes line, int from) {
        long address = 0;
        int port = 0;
        int at = from;
        for (int i = 0; i < 6; i++) {
            int value = number(line, at);
            if (value < 0 || value > 255) {
                return -1;
            }
            address = i < 4 ? address << 8 | value : address;
            port = i < 4 ? 0 : port << 8 | value;
            while (at < line.length() && isDigit(line.at(at))) {
                at++;
            }
            at++;
        }
        dataPort = port;
        return address;
    }

    /** The number that stands last in a line: the port of {@code |1|10.0.0.1|1286|}. */
    private static int lastNumber(GrowingBytes line) {
        int end = line.length();
        while (end > 0 && !isDigit(line.at(end - 1))) {
            end--;
        }
        int at = end;
        while (at > 0 && isDigit(line.at(at - 1))) {
            at--;
        }
        return number(line, at);
    }

    /** The number at a place; -1 where there is none, or a large one. */
    private static int number(GrowingBytes line, int from) {
        int value = -1;
        for (int at = from; at < line.length() && isDigit(line.at(at)); at++) {
            value = Math.max(0, value) * 10 + line.at(at) - '0';
            if (value > 0xffff) {
                return -1;
            }
        }
        return value;
    }

    private static boolean isDigit(byte value) {
        return value >= '0' && value <= '9';
    }

    private static boolean begins(GrowingBytes line, String lower) {
        return line.length() >= lower.length() && line.same(0, lower.length(), lower);
    }

    /** Where the argument of a command begins. */
    static int argument(GrowingBytes line) {
        int at = 0;
        while (at < line.length() && line.at(at) != ' ') {
            at++;
        }
        return Math.min(at + 1, line.length());
    }

    @Override
    boolean startsTls() {
        return tls;
    }

    @Override
    void gap(boolean toServer) {
        super.gap(toServer);
        requestCut |= toServer;
        responseCut |= !toServer;
    }

    @Override
    public long events() {
        return events;
    }

    @Override
    public long value(AppValue what, boolean toServer) {
        return what == AppValue.FTP_BOUNCE && bounces ? 1 : -1;
    }

    @Override
    public ByteRange buffer(String word, boolean toServer, int index, ByteRange into) {
        return null;
    }
}
