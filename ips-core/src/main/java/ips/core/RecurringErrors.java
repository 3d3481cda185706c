package ips.core;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.agrona.ErrorHandler;

/**
 * Reports an error when it first occurs, and from then on once a minute how often it came again, so
 * that an error on every frame does not fill the disk. Two errors count as the same if they were
 * thrown at the same place and, where the environment fails, with the same message.
 *
 * <p>For any thread. Tells {@value #MOST_SORTS} errors apart; all others are reported as one. One
 * that did not come again within the minute makes room for another.
 */
public final class RecurringErrors implements ErrorHandler {
    /** Told on the thread on which the error came. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param again how often it came since it was last told; 0 where it is the first
         */
        void error(Throwable error, long again);
    }

    static final int MOST_SORTS = 64;
    static final long PAUSE_NS = 60_000_000_000L;

    private record Sort(Class<?> type, StackTraceElement place, String message) {
        private static final Sort ANY_OTHER = new Sort(Throwable.class, null, null);

        static Sort of(Throwable error) {
            StackTraceElement[] trace = error.getStackTrace();
            return new Sort(
                    error.getClass(),
                    trace.length == 0 ? null : trace[0],
                    error instanceof IOException ? error.getMessage() : null);
        }
    }

    private static final class Seen {
        Throwable last;
        long untold;
        long toldNs;
    }

    private final Map<Sort, Seen> sorts = new LinkedHashMap<>();
    private final Listener listener;
    private final LongSupplier clockNs;

    public RecurringErrors(Listener listener) {
        this(listener, System::nanoTime);
    }

    RecurringErrors(Listener listener, LongSupplier clockNs) {
        this.listener = listener;
        this.clockNs = clockNs;
    }

    @Override
    public synchronized void onError(Throwable error) {
        Sort sort = Sort.of(error);
        long nowNs = clockNs.getAsLong();
        if (!sorts.containsKey(sort) && sorts.size() >= MOST_SORTS) {
            sorts.values().removeIf(old -> old.untold == 0 && nowNs - old.toldNs >= PAUSE_NS);
            if (sorts.size() >= MOST_SORTS) {
                sort = Sort.ANY_OTHER;
            }
        }
        Seen seen = sorts.get(sort);
        if (seen == null) {
            seen = new Seen();
            seen.toldNs = nowNs;
            sorts.put(sort, seen);
            listener.error(error, 0);
            return;
        }
        seen.last = error;
        seen.untold++;
        if (nowNs - seen.toldNs >= PAUSE_NS) {
            tell(seen, nowNs);
        }
    }

    /** Tells what came again and was not told yet: the end is near. */
    public synchronized void flush() {
        long nowNs = clockNs.getAsLong();
        for (Seen seen : sorts.values()) {
            if (seen.untold > 0) {
                tell(seen, nowNs);
            }
        }
    }

    private void tell(Seen seen, long nowNs) {
        long again = seen.untold;
        seen.untold = 0;
        seen.toldNs = nowNs;
        listener.error(seen.last, again);
    }
}
