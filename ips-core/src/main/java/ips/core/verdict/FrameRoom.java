package ips.core.verdict;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of frames that may wait between workers and the block manager; for any thread. */
public final class FrameRoom {
    private final long mostBytes;
    private final AtomicLong used = new AtomicLong();

    public FrameRoom(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Takes room for a frame; false where there is none. */
    public boolean take(int bytes) {
        if (used.addAndGet(bytes) <= mostBytes) {
            return true;
        }
        release(bytes);
        return false;
    }

    void release(int bytes) {
        used.addAndGet(-bytes);
    }

    /** Bytes in use. */
    public long used() {
        return used.get();
    }
}
