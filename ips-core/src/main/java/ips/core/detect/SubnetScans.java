package ips.core.detect;

import ips.core.ColdPath;
import ips.core.packet.AddressHash;
import ips.core.packet.IpAddress;
import ips.core.verdict.Action;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.Kind;
import ips.core.verdict.Verdict;
import ips.core.verdict.VerdictSink;

/**
 * Raises a verdict on an IPv6 /64 whose addresses try many TCP ports of one host between them, each
 * but a few: whoever has one address there has all of them.
 *
 * <p>Counts as {@link PortScanDetector} does within its fast window, but asks for twice as many
 * ports and takes no handshake left half-open for one, for a /64 may be a network that many share.
 * An address that has tried {@value #FEW} ports of the host by itself adds no more: it is judged by
 * itself. A verdict names the /64's first address.
 *
 * <p>Owned by one worker; its records are some of those of {@link ProbeTable}. A /64 gets one with
 * its second vain probe of a host, so that the forged sources of a flood cost a write each and push
 * no scanner out: {@value #SEEN} places of 4 bytes tell of the first, which does not count.
 */
final class SubnetScans {
    static final int FEW = 5;

    /** In the table's word for what a record's target is: one host, tried by a /64. */
    private static final int SUBNET = 0x400;

    private static final int SEEN = 1 << 12;

    private final ProbeTable table;
    private final VerdictSink verdicts;
    private final int threshold;
    private final int factor;
    private final long windowNs;

    /** By hash of /64 and host, the whole hash of the last pair whose probe was in vain. */
    private final int[] seen = new int[SEEN];

    SubnetScans(ProbeTable table, VerdictSink verdicts, int threshold, int factor, long windowNs) {
        this.table = table;
        this.verdicts = verdicts;
        this.threshold = 2 * threshold;
        this.factor = factor;
        this.windowNs = windowNs;
    }

    /** Whether an address lies in a /64: none of IPv4 does, nor loopback. */
    static boolean isOfSubnet(long high) {
        return high != 0;
    }

    /**
     * Counts a port that one of the /64's addresses tried in vain.
     *
     * @param outcome {@link ProbeTable#REFUSED} or {@link ProbeTable#UNANSWERED}
     * @param probedNs when it was sent
     * @param nowNs when that is known
     */
    void negative(
            long high,
            long hostHigh,
            long hostLow,
            int port,
            int outcome,
            long probedNs,
            long probedFrame,
            long nowNs,
            long frame) {
        int record = table.find(high, 0, hostHigh, hostLow, SUBNET);
        if (record == ProbeTable.NONE) {
            if (isFirst(high, hostHigh, hostLow)) {
                return;
            }
            record = table.add(high, 0, hostHigh, hostLow, SUBNET, probedNs, probedFrame);
        }
        table.negative(record, port, outcome, probedNs, probedFrame);
        if (nowNs - table.mark(record) >= Campaigns.RAISE_PAUSE_NS) {
            int ports = table.fast(record);
            if (ports >= threshold && ports > factor * table.answered(record)) {
                table.mark(record, nowNs);
                raise(record, ports, nowNs, frame);
            }
        }
    }

    private boolean isFirst(long high, long hostHigh, long hostLow) {
        int hash = AddressHash.of(high, AddressHash.of(hostHigh, hostLow));
        boolean isFirst = seen[hash & SEEN - 1] != hash;
        seen[hash & SEEN - 1] = hash;
        return isFirst;
    }

    /** A port of the host answered one of the /64's addresses. */
    void positive(
            long high, long hostHigh, long hostLow, int port, long probedNs, long probedFrame) {
        int record = table.find(high, 0, hostHigh, hostLow, SUBNET);
        if (record != ProbeTable.NONE) {
            table.positive(record, port, probedNs, probedFrame);
        }
    }

    @ColdPath
    private void raise(int record, int ports, long nowNs, long frame) {
        verdicts.raise(
                new Verdict(
                        frame,
                        nowNs,
                        Kind.SCAN_SUBNET,
                        Action.BAN,
                        BanScope.SYN,
                        new IpAddress(table.sourceHigh(record), 0),
                        new IpAddress(table.targetHigh(record), table.targetLow(record)),
                        0,
                        table.count(record),
                        table.firstNs(record),
                        table.lastNs(record),
                        table.firstFrame(record),
                        table.lastFrame(record),
                        Evidence.of(
                                "counted",
                                "addresses of one /64",
                                "distinct_ports",
                                ports,
                                "refused",
                                table.count(record, ProbeTable.REFUSED),
                                "unanswered",
                                table.count(record, ProbeTable.UNANSWERED),
                                "answered",
                                table.count(record, ProbeTable.ANSWERED),
                                "threshold",
                                threshold,
                                "window_s",
                                windowNs / 1_000_000_000L)));
    }
}
