package ips.core.inspect;

/**
 * The commands and replies of SMTP (RFC 5321) and the files of its mails. One for a whole
 * connection; it begins anew with the command behind a mail once rules have seen that mail.
 */
final class SmtpTransaction extends LineTransaction {
    private static final int LONGEST_LINE = 4096;
    private static final int MOST_COMMANDS = 64;

    private static final int WELCOME = 220;
    private static final int SEND_MAIL = 354;
    private static final String REPLIES =
            "211 214 220 221 235 250 251 252 334 354 421 450 451 452 455 500 501 502 503 504 550"
                    + " 551 552 553 554 555";

    private enum Command {
        OTHER,
        DATA,
        STARTTLS
    }

    private final GrowingBytes size;
    private final MimeMail mail;
    private final Command[] commands = new Command[MOST_COMMANDS];
    private InspectedFlow flow;
    private int firstCommand;
    private int waiting;
    private boolean welcomed;
    private boolean inMail;

    /** There was a command since the last mail. */
    private boolean open;

    private boolean mailOver;

    /** The same, since the stream was last read. */
    private boolean mailEnded;

    private boolean tls;

    /** Whether bytes of the mail are missing. */
    private boolean torn;

    private long chunkLeft;
    private int filesSeen;
    private long events;

    SmtpTransaction(BufferPool buffers) {
        super(buffers, LONGEST_LINE);
        size = new GrowingBytes(buffers, Long.BYTES);
        mail = new MimeMail(buffers);
    }

    @Override
    void begin(InspectedFlow flow) {
        super.begin(flow);
        this.flow = flow;
        firstCommand = 0;
        waiting = 0;
        welcomed = false;
        inMail = false;
        open = false;
        tls = false;
        chunkLeft = 0;
    }

    private void beginMail() {
        torn = false;
        mail.clear();
        mailOver = false;
        filesSeen = 0;
        events = 0;
    }

    @Override
    void begin(long number) {
        super.begin(number);
        size.clear();
        beginMail();
    }

    /** Whether both sides agreed to speak TLS from now on. */
    @Override
    void gap(boolean toServer) {
        super.gap(toServer);
        torn |= toServer;
    }

    @Override
    boolean startsTls() {
        return tls;
    }

    @Override
    boolean read(boolean toServer, ByteRange bytes) {
        readLines(toServer, bytes);
        look();
        boolean over = mailEnded;
        mailEnded = false;
        return over;
    }

    /** Lets rules look where a file is complete or an event came. */
    private void look() {
        note(mail.events());
        if (mail.files() > filesSeen) {
            filesSeen = mail.files();
            changed();
        }
    }

    private void note(SmtpEvent event) {
        note(event.bit());
    }

    private void note(long bits) {
        if ((events | bits) != events) {
            events |= bits;
            changed();
        }
    }

    @Override
    void tooLong(boolean toServer) {
        if (!(toServer && inMail && !mail.inHead())) {
            note(SmtpEvent.TRUNCATED_LINE);
        }
    }

    @Override
    void line(boolean toServer, GrowingBytes line, int sent) {
        if (!toServer) {
            reply(line);
        } else if (inMail) {
            mailLine(line);
        } else if (chunkLeft > 0) {
            chunkLine(sent);
        } else {
            command(line);
        }
    }

    private void mailLine(GrowingBytes line) {
        if (line.length() == 1 && line.at(0) == '.') {
            inMail = false;
            mailOver = true;
            mailEnded = true;
            open = false;
            mail.end();
            add(Command.OTHER);
            return;
        }
        if (line.length() > 1 && line.at(0) == '.') {
            line.drop(1); // RFC 5321 §4.5.2
        }
        mail.line(line);
    }

    private void chunkLine(int length) {
        chunkLeft -= length;
        if (chunkLeft < 0) {
            note(SmtpEvent.BDAT_CHUNK_LEN_EXCEEDED);
        }
        if (chunkLeft <= 0) {
            chunkLeft = 0;
            mailOver = true;
        }
    }

    private void command(GrowingBytes line) {
        if (!welcomed) {
            note(SmtpEvent.NO_SERVER_WELCOME_MESSAGE);
            welcomed = true;
        }
        open = true;
        if (mailOver && seen()) {
            next(flow.others++);
            beginMail();
        }
        if (is(line, "data")) {
            add(Command.DATA);
        } else if (is(line, "starttls")) {
            add(Command.STARTTLS);
        } else {
            add(Command.OTHER);
            if (is(line, "bdat")) {
                chunkLeft = number(line, FtpTransaction.argument(line));
            } else if (is(line, "rset")) {
                mailOver = true;
            }
        }
    }

    private static boolean is(GrowingBytes line, String word) {
        return line.length() >= word.length() && line.same(0, word.length(), word);
    }

    private static long number(GrowingBytes line, int from) {
        long value = 0;
        for (int at = from; at < line.length() && isDigit(line.at(at)); at++) {
            value = Math.min(value * 10 + line.at(at) - '0', Integer.MAX_VALUE);
        }
        return value;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private void add(Command command) {
        if (waiting < MOST_COMMANDS) {
            commands[(firstCommand + waiting++) % MOST_COMMANDS] = command;
        }
    }

    private void reply(GrowingBytes line) {
        int code = code(line);
        if (!welcomed) {
            welcomed = true;
            if (code < 0) {
                note(SmtpEvent.NO_SERVER_WELCOME_MESSAGE);
            }
            return;
        }
        if (code < 0) {
            note(SmtpEvent.INVALID_REPLY);
        }
        boolean more = line.length() > 3 && line.at(3) == '-';
        if (more || waiting == 0) {
            return;
        }
        Command answered = commands[firstCommand];
        firstCommand = (firstCommand + 1) % MOST_COMMANDS;
        waiting--;
        if (answered == Command.STARTTLS && code >= 0) {
            tls = code == WELCOME;
            if (!tls) {
                note(SmtpEvent.TLS_REJECTED);
            }
        } else if (answered == Command.DATA && code == SEND_MAIL) {
            inMail = true;
            mail.begin();
        } else if (answered == Command.DATA && code >= 0) {
            note(SmtpEvent.DATA_COMMAND_REJECTED);
        }
    }

    /** The code of a reply; -1 where it is none of those known. */
    private static int code(GrowingBytes line) {
        if (line.length() < 3) {
            return -1;
        }
        for (int at = 0; at < REPLIES.length(); at += 4) {
            if (line.at(0) == REPLIES.charAt(at)
                    && line.at(1) == REPLIES.charAt(at + 1)
                    && line.at(2) == REPLIES.charAt(at + 2)) {
                return (line.at(0) - '0') * 100 + (line.at(1) - '0') * 10 + line.at(2) - '0';
            }
        }
        return -1;
    }

    @Override
    boolean unfinished(boolean toServer) {
        return open;
    }

    @Override
    void end(boolean toServer) {
        if (toServer && inMail) {
            inMail = false;
            mail.end();
            look();
        }
    }

    @Override
    public long events() {
        return events;
    }

    @Override
    public ByteRange buffer(String word, boolean toServer, int index, ByteRange into) {
        if (!toServer || index >= mail.files()) {
            return null;
        }
        return switch (word) {
            case "file_data" -> mail.file(index, into);
            case "file_name" -> mail.name(index, into);
            case "file_whole" -> torn || mail.isFull() ? null : mail.file(index, into);
            case "file_size" -> size(mail.size(index), into);
            default -> null;
        };
    }

    private ByteRange size(long bytes, ByteRange into) {
        size.restart();
        size.addLong(bytes);
        return size.range(into);
    }
}
