package ips.core.block;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What people ask of the block manager: given on any thread, carried out on its own, in the order
 * they came. {@value #MOST} wait at most; further ones are refused.
 */
final class Orders {
    private static final int MOST = 1024;

    private final Queue<Order<?>> waiting = new ArrayBlockingQueue<>(MOST);
    private final Runnable wake;
    private volatile boolean closed;

    private record Order<T>(Supplier<T> action, CompletableFuture<T> result) {
        void run() {
            try {
                result.complete(action.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }

        void refuse(String why) {
            result.completeExceptionally(new IllegalStateException(why));
        }
    }

    /**
     * @param wake called after each order, on the thread that gave it
     */
    Orders(Runnable wake) {
        this.wake = wake;
    }

    /** Has something done; the result completes when it was, or says why it was not. */
    <T> CompletableFuture<T> give(Supplier<T> action) {
        Order<T> order = new Order<>(action, new CompletableFuture<>());
        if (!waiting.offer(order)) {
            order.refuse(MOST + " orders wait already");
        } else if (closed) {
            refuseAll();
        } else {
            wake.run();
        }
        return order.result;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Carries out what waits; returns how many there were. */
    int run() {
        int done = 0;
        for (Order<?> order = waiting.poll(); order != null; order = waiting.poll()) {
            order.run();
            done++;
        }
        return done;
    }

    /** Refuses what waits and whatever comes. */
    void close() {
        closed = true;
        refuseAll();
    }

    private void refuseAll() {
        for (Order<?> order = waiting.poll(); order != null; order = waiting.poll()) {
            order.refuse("the engine has stopped");
        }
    }
}
