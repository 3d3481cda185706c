package ips.core.detect;

import ips.core.ColdPath;
import ips.core.flow.ConnectionTable;
import java.util.Set;

/**
 * What detectors of port scans and of sweeps do alike: count distinct items that a source probed in
 * vain per target, where one tells hosts as targets and ports as items and the other the reverse. A
 * source gets a record with its second item; a target that answered before is not probed when it
 * falls silent, it is down. Nor is one whose answer the source left half-open before: health checks
 * come back, scanners do not.
 */
abstract class VainProbeDetector implements Detector, AttemptListener {
    final ConnectionTable connections;
    final VainProbes probes;

    VainProbeDetector(DetectorContext context, VainProbes probes) {
        this.connections = context.connections();
        this.probes = probes;
    }

    /** Whether it has anything to do with this detector how the attempt ends. */
    abstract boolean isJudged(int connection);

    /** Whether this end of an attempt tells anything against its source. */
    abstract boolean isTelling(int connection, int outcome);

    abstract long targetHigh(int connection);

    abstract long targetLow(int connection);

    /** What is counted per target. */
    abstract long item(int connection);

    /** The target as an item among all that a source tries. */
    abstract long targetAsItem(int connection);

    abstract ScanCampaigns campaigns(int protocol);

    /**
     * Hears of an attempt in vain of a source that has tried few items of the target so far.
     *
     * @param nowNs when that is known
     */
    void fewInVain(int connection, int outcome, long nowNs, long frame) {}

    /** Notes that the target of an attempt answers. */
    void noteAnswer(int connection, long nowNs) {
        probes.answered.note(Targets.attempt(connections, connection), nowNs);
    }

    /** Whether the target of an attempt answered before, so that this one tells nothing. */
    boolean hasAnswered(int connection, int outcome, long nowNs) {
        return probes.answered.contains(Targets.attempt(connections, connection), nowNs);
    }

    @Override
    @ColdPath
    public final Set<PacketClass> packetClasses() {
        return Set.of();
    }

    @Override
    public final ConnectionTable connections() {
        return connections;
    }

    @Override
    public final void negative(int connection, int client, int outcome, long nowNs, long frame) {
        if (!isJudged(connection)
                || !isTelling(connection, outcome)
                || GroupAddresses.contains(
                        connections.serverHigh(connection), connections.serverLow(connection))) {
            return;
        }
        int protocol = connections.protocol(connection);
        int what = VainProbes.ONE | protocol;
        long sourceHigh = connections.clientHigh(connection);
        long sourceLow = connections.clientLow(connection);
        long targetHigh = targetHigh(connection);
        long targetLow = targetLow(connection);
        long target = hash(targetHigh, targetLow, protocol);
        long item = item(connection);
        long probedNs = connections.firstNs(connection);
        long probedFrame = connections.firstFrame(connection);
        int record = probes.table.find(sourceHigh, sourceLow, targetHigh, targetLow, what);
        if (record == ProbeTable.NONE
                && !probes.firstProbe.isPassed(
                        client, item, target, outcome, probedNs, probedFrame)) {
            fewInVain(connection, outcome, nowNs, frame);
            return;
        }
        if (hasAnswered(connection, outcome, nowNs)) {
            if (outcome == ProbeTable.HALF_OPEN && record != ProbeTable.NONE) {
                campaigns(protocol).positive(client, record, item, probedNs, probedFrame, nowNs);
            }
            return;
        }
        if (record == ProbeTable.NONE) {
            record =
                    probes.firstProbe.admit(
                            client,
                            sourceHigh,
                            sourceLow,
                            targetHigh,
                            targetLow,
                            what,
                            target,
                            probedNs,
                            probedFrame);
        }
        if (outcome == ProbeTable.HALF_OPEN) {
            noteAnswer(connection, nowNs);
        }
        if (SubnetScans.isOfSubnet(sourceHigh) && probes.table.slow(record) < SubnetScans.FEW) {
            fewInVain(connection, outcome, nowNs, frame);
        }
        long among = targetAsItem(connection);
        probes.spread(sourceHigh, sourceLow, protocol, among, nowNs, frame);
        campaigns(protocol)
                .negative(client, record, item, outcome, probedNs, probedFrame, nowNs, frame);
    }

    @Override
    public void positive(int connection, int client, long nowNs, long frame) {
        if (!isJudged(connection)) {
            return;
        }
        noteAnswer(connection, nowNs);
        int protocol = connections.protocol(connection);
        long targetHigh = targetHigh(connection);
        long targetLow = targetLow(connection);
        long item = item(connection);
        int record =
                probes.table.find(
                        connections.clientHigh(connection),
                        connections.clientLow(connection),
                        targetHigh,
                        targetLow,
                        VainProbes.ONE | protocol);
        if (record == ProbeTable.NONE) {
            probes.firstProbe.answered(client, item, hash(targetHigh, targetLow, protocol));
        } else {
            campaigns(protocol)
                    .positive(
                            client,
                            record,
                            item,
                            connections.firstNs(connection),
                            connections.firstFrame(connection),
                            nowNs);
        }
    }

    private static long hash(long targetHigh, long targetLow, int protocol) {
        return ProbeTable.mix(targetHigh, targetLow) + protocol;
    }
}
