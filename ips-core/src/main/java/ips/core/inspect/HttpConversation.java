package ips.core.inspect;

import java.util.ArrayList;
import java.util.List;

/**
 * The transactions of one HTTP connection, read byte by byte in both directions. Finished ones go
 * back to the pool; at most {@value #MOST} wait for their response, then the oldest of them goes.
 */
public final class HttpConversation {
    private static final int MOST = 64;

    private final List<HttpTransaction> live = new ArrayList<>();
    private final HttpPool pool;
    private final HttpReader requests;
    private final HttpReader responses;
    private long numbers;

    // Whether more came since rules were last asked than some bytes of a body.
    private boolean requestsMoved;
    private boolean responsesMoved;

    /** Whether rules were asked since transactions were let go of. */
    private boolean asked;

    /** Whether a CONNECT was granted, so that both sides speak something else from now on. */
    private boolean connected;

    HttpConversation(HttpPool pool) {
        this.pool = pool;
        requests = new HttpReader(this, pool, true);
        responses = new HttpReader(this, pool, false);
    }

    void begin() {
        for (int i = 0; i < live.size(); i++) {
            pool.give(live.get(i));
        }
        live.clear();
        numbers = 0;
        requestsMoved = false;
        responsesMoved = false;
        asked = false;
        connected = false;
        requests.begin();
        responses.begin();
    }

    /** Those that are not over, or were not looked at to their end; the oldest first. */
    public List<HttpTransaction> live() {
        return live;
    }

    /** Null where the pool has none and there is none of our own to give up. */
    private HttpTransaction open() {
        HttpTransaction made = live.size() < MOST ? pool.takeTransaction() : null;
        if (made == null) {
            made = giveUpOldest();
        }
        if (made == null) {
            return null;
        }
        made.begin(numbers++);
        live.add(made);
        return made;
    }

    private HttpTransaction giveUpOldest() {
        for (int i = 0; i < live.size(); i++) {
            HttpTransaction each = live.get(i);
            if (!requests.isAt(each) && !responses.isAt(each)) {
                requests.forget(each);
                responses.forget(each);
                return live.remove(i);
            }
        }
        return null;
    }

    /**
     * The number of the oldest transaction whose side of a direction rules have not left; or -1.
     */
    public long oldestUnasked(boolean toServer) {
        for (int i = 0; i < live.size(); i++) {
            if (!live.get(i).side(toServer).endAsked) {
                return live.get(i).number();
            }
        }
        return live.isEmpty() ? -1 : live.get(live.size() - 1).number();
    }

    /** Rules do not want to see what came so far. */
    void skip() {
        for (int i = 0; i < live.size(); i++) {
            live.get(i).news(true);
            live.get(i).news(false);
        }
        asked = true;
    }

    /** Lets go of what rules are through with. */
    public void release() {
        if (!asked) {
            return;
        }
        asked = false;
        while (!live.isEmpty()
                && live.get(0).request.endAsked
                && live.get(0).response.endAsked
                && !requests.isAt(live.get(0))
                && !responses.isAt(live.get(0))) {
            HttpTransaction over = live.remove(0);
            requests.forget(over);
            responses.forget(over);
            pool.give(over);
        }
    }

    /**
     * Whether there may be something new for rules in a direction since this was asked last, which
     * they are to look at then.
     */
    public boolean moved(boolean toServer) {
        boolean moved = toServer ? requestsMoved : responsesMoved;
        asked |= moved;
        if (toServer) {
            requestsMoved = false;
        } else {
            responsesMoved = false;
        }
        return moved;
    }

    private void move(boolean toServer) {
        requestsMoved |= toServer;
        responsesMoved |= !toServer;
    }

    /** Takes bytes; returns whether a message was completed. */
    boolean bytes(boolean toServer, ByteRange bytes) {
        HttpReader reader = toServer ? requests : responses;
        boolean completed = reader.read(bytes);
        if (reader.hasNews()) {
            move(toServer);
        }
        return completed;
    }

    /** Bytes of a direction are lost. */
    void gap(boolean toServer, long length) {
        move(toServer);
        (toServer ? requests : responses).gap(length);
    }

    /** Whether there are bytes of a direction that belong to no message yet. */
    boolean holdsBytes(boolean toServer) {
        return (toServer ? requests : responses).holdsBytes();
    }

    /** There is no more of a direction. */
    void end(boolean toServer) {
        move(toServer);
        (toServer ? requests : responses).end();
    }

    /** Whether both sides speak something else from now on, which may be any protocol. */
    boolean isConnected() {
        return connected;
    }

    /**
     * After an upgrade or a CONNECT both directions carry something else.
     *
     * @param connect whether it was a CONNECT
     */
    void becomeTunnel(boolean connect) {
        connected |= connect;
        requests.becomeTunnel();
        responses.becomeTunnel();
    }

    /** The transaction that a message which begins is of; null where there is no room. */
    HttpTransaction next(boolean toServer) {
        if (!toServer) {
            for (int i = 0; i < live.size(); i++) {
                if (!live.get(i).response.begun()) {
                    return live.get(i);
                }
            }
        }
        return open();
    }
}
