package ips.core.inspect;

import ips.core.http.BrotliBody;
import java.util.ArrayDeque;
import java.util.zip.Inflater;

/**
 * What the HTTP conversations of one worker share: buffers ({@value #BUFFER_BYTES} bytes at most),
 * transactions (at most {@value #MOST_TRANSACTIONS}, some 5 KiB each besides their buffers) and
 * inflaters (at most {@value #MOST_INFLATERS}, some 45 KiB each outside the heap). All are used
 * again; where there are no more of one, the message concerned is looked at as far as it was read.
 */
final class HttpPool {
    static final long BUFFER_BYTES = 64L << 20;
    static final int MOST_TRANSACTIONS = 8192;
    static final int MOST_INFLATERS = 512;

    final BufferPool buffers = new BufferPool(BUFFER_BYTES, this::emptySpares);

    final HttpAsked asked;

    /** Compressed bytes on their way; and what comes out, for each layer of compression. */
    final byte[] compressed = new byte[4096];

    final byte[][] inflated = new byte[BodyDecoder.MOST_LAYERS][8192];

    final BrotliBody brotli = new BrotliBody();

    /** Bodies that were not compressed as they say, since the start. */
    long brokenBodies;

    private final ArrayDeque<HttpTransaction> transactions = new ArrayDeque<>();
    private final ArrayDeque<Inflater> bare = new ArrayDeque<>();
    private final ArrayDeque<Inflater> wrapped = new ArrayDeque<>();
    private int madeTransactions;
    private int madeInflaters;
    private boolean sparesHoldBuffers;

    /**
     * @param asked what rules ask for
     */
    HttpPool(HttpAsked asked) {
        this.asked = asked;
    }

    /** One that begins anew; null where all are in use. */
    HttpTransaction takeTransaction() {
        HttpTransaction found = transactions.pollLast();
        if (found == null && madeTransactions < MOST_TRANSACTIONS) {
            madeTransactions++;
            found = new HttpTransaction(buffers);
        }
        return found;
    }

    void give(HttpTransaction transaction) {
        transaction.begin(0);
        transactions.addLast(transaction);
        sparesHoldBuffers = true;
    }

    /** Takes the small buffers that spare transactions keep: others are in need of them. */
    private void emptySpares() {
        if (sparesHoldBuffers) {
            transactions.forEach(HttpTransaction::giveBuffersBack);
            sparesHoldBuffers = false;
        }
    }

    /**
     * An inflater without input; null where all are in use.
     *
     * @param isBare whether it is for deflate data without zlib's header
     */
    Inflater takeInflater(boolean isBare) {
        Inflater found = (isBare ? bare : wrapped).pollLast();
        if (found != null) {
            return found;
        }
        if (madeInflaters == MOST_INFLATERS) {
            Inflater other = (isBare ? wrapped : bare).pollLast();
            if (other == null) {
                return null;
            }
            other.end();
            madeInflaters--;
        }
        madeInflaters++;
        return new Inflater(isBare);
    }

    void give(Inflater inflater, boolean isBare) {
        inflater.reset();
        (isBare ? bare : wrapped).addLast(inflater);
    }
}
