package ips.core.block;

import java.util.List;

/**
 * Blocks nothing and notes what would be: the banned are entered in {@link BannedSources}, by which
 * the workers count later frames that fall under a ban ({@code Counter.FRAMES_BLOCKED}).
 */
public final class LogEnforcer implements Enforcer {
    private final BannedSources banned;
    private volatile int withoutRoom;

    public LogEnforcer(BannedSources banned) {
        this.banned = banned;
    }

    @Override
    public void enforce(List<Ban> bans) {
        int refused = 0;
        for (Ban ban : bans) {
            refused += banned.add(ban) ? 0 : 1;
        }
        withoutRoom = refused;
    }

    @Override
    public void lift(List<Ban> bans) {
        bans.forEach(banned::remove);
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public boolean isEnforced(Ban ban) {
        return false;
    }

    @Override
    public String health() {
        return withoutRoom == 0
                ? ""
                : withoutRoom + " bans had no room in the table of banned sources; raise max-bans";
    }

    @Override
    public String name() {
        return "log";
    }
}
