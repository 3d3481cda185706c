package ips.core.block;

/** How many new bans a minute may bring; owned by the block manager's thread. */
final class BanBudget {
    private static final long MINUTE_NS = 60_000_000_000L;

    private int perMinute;
    private long minuteBeganNs = Long.MIN_VALUE / 2;
    private int used;
    private boolean told;

    BanBudget(int perMinute) {
        this.perMinute = perMinute;
    }

    void setPerMinute(int bans) {
        perMinute = bans;
    }

    /** Takes one ban out of the budget of the minute that began with the first one. */
    boolean take(long nowNs) {
        long age = nowNs - minuteBeganNs;
        if (age < 0 || age >= MINUTE_NS) {
            minuteBeganNs = nowNs;
            used = 0;
            told = false;
        }
        if (used >= perMinute) {
            return false;
        }
        used++;
        return true;
    }

    /** Whether it is yet to be told that this minute's budget is used up; true once. */
    boolean tellOnce() {
        boolean first = !told;
        told = true;
        return first;
    }
}
