package ips.core.inspect;

import java.util.ArrayDeque;

/**
 * Transactions of streams, made as they are first needed and used again. Owned by one worker, and
 * as many at most as there are flows.
 */
final class StreamTransactions {
    private static final int SPARE = 1024;

    private final ArrayDeque<TlsTransaction> tls = new ArrayDeque<>();
    private final ArrayDeque<SshTransaction> ssh = new ArrayDeque<>();
    private final ArrayDeque<FtpTransaction> ftp = new ArrayDeque<>();
    private final ArrayDeque<FtpDataTransaction> ftpData = new ArrayDeque<>();
    private final ArrayDeque<SmtpTransaction> smtp = new ArrayDeque<>();
    private final BufferPool buffers;
    private final ExpectedFiles expected;

    StreamTransactions(BufferPool buffers, ExpectedFiles expected) {
        this.buffers = buffers;
        this.expected = expected;
    }

    /** One for a flow, by its protocol; null where rules look into none of it. */
    StreamTransaction begin(InspectedFlow flow) {
        StreamTransaction transaction =
                switch (flow.app) {
                    case TLS -> tls.poll();
                    case SSH -> ssh.poll();
                    case FTP -> ftp.poll();
                    case FTP_DATA -> ftpData.poll();
                    case SMTP -> smtp.poll();
                    default -> null;
                };
        if (transaction == null) {
            transaction = make(flow.app);
        }
        if (transaction != null) {
            transaction.begin(flow);
        }
        return transaction;
    }

    private StreamTransaction make(AppProtocol app) {
        return switch (app) {
            case TLS -> new TlsTransaction(buffers);
            case SSH -> new SshTransaction(buffers);
            case FTP -> new FtpTransaction(buffers, expected);
            case FTP_DATA -> new FtpDataTransaction(buffers);
            case SMTP -> new SmtpTransaction(buffers);
            default -> null;
        };
    }

    /** Takes one back whose flow is over. */
    void end(StreamTransaction transaction) {
        transaction.begin(0);
        if (transaction instanceof TlsTransaction each) {
            keep(tls, each);
        } else if (transaction instanceof SshTransaction each) {
            keep(ssh, each);
        } else if (transaction instanceof FtpTransaction each) {
            keep(ftp, each);
        } else if (transaction instanceof FtpDataTransaction each) {
            keep(ftpData, each);
        } else if (transaction instanceof SmtpTransaction each) {
            keep(smtp, each);
        }
    }

    private static <T> void keep(ArrayDeque<T> spare, T transaction) {
        if (spare.size() < SPARE) {
            spare.add(transaction);
        }
    }
}
