package ips.core.block.nft;

import ips.core.block.Ban;
import ips.core.packet.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Banned networks as an interval set can hold them. */
final class Networks {
    private static final Comparator<Cidr> OUTER_FIRST =
            Comparator.comparing(Cidr::address).thenComparing(Cidr::prefixLength);

    private Networks() {}

    /** Those that lie within no other of them: sets know no overlap. */
    static List<Ban> outermost(Collection<Ban> bans) {
        List<Ban> sorted = new ArrayList<>(bans);
        sorted.sort(Comparator.comparing(Ban::address, OUTER_FIRST));
        List<Ban> outermost = new ArrayList<>();
        Cidr last = null;
        for (Ban ban : sorted) {
            // Two networks overlap only where one holds the other, which then comes first.
            if (last == null || !last.contains(ban.address())) {
                outermost.add(ban);
                last = ban.address();
            }
        }
        return outermost;
    }
}
