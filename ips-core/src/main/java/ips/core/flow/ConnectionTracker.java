package ips.core.flow;

import ips.core.Setting;
import ips.core.Settings;
import ips.core.counter.Counters;
import ips.core.packet.Packet;
import java.time.Duration;

/**
 * Follows the connections of the addresses a worker owns and reports to {@link ConnectionListener}s
 * what becomes of them. Owned by one worker, which hands it every packet it owns in either role.
 *
 * <p>A connection is followed in the tables of its client's owner and of its server's owner, which
 * may be one and the same; only the former reports events. The latter does not see the opening SYN
 * and learns of a TCP connection by the SYN-ACK. Both come to the same states, by the packets' own
 * time.
 *
 * <p>TCP is {@link TcpConnections}', UDP, SCTP, pings and ICMP errors are {@link
 * DatagramConnections}'; what waits for an answer waits in {@link Attempts}.
 */
public final class ConnectionTracker {
    /**
     * @param capacity connections of all workers together; 76 bytes each
     * @param attempts attempts of all workers together that wait for their answer; 18 bytes each
     * @param trustTunnels whether a handshake seen inside a tunnel proves its client. Who can send
     *     datagrams to a network can write both sides of one into a tunnel's packets, so it does
     *     not by default; where a switch or a cloud mirrors traffic through a tunnel, it has to
     */
    public record Config(
            @Setting("connections remembered at most, all workers together, 64 to 16777216")
                    int capacity,
            @Setting(
                            "time a handshake or a datagram has for its answer before it counts as none,"
                                    + " 100ms to 10s")
                    Duration grace,
            @Setting("pick up TCP connections that were under way before the sensor was")
                    boolean midstream,
            @Setting(
                            "attempts that may wait for their answer at a time, all workers together,"
                                    + " 64 to 16777216")
                    int attempts,
            @Setting(
                            "believe handshakes seen inside tunnels (VXLAN, GRE, ...): only where"
                                    + " they bring mirrored traffic, for anybody can forge them")
                    boolean trustTunnels) {
        public static final Config DEFAULTS =
                new Config(1 << 18, Duration.ofMillis(500), true, 1 << 16, false);

        public Config {
            Settings.within("capacity", capacity, 64, 1 << 24);
            Settings.within("grace", grace, Duration.ofMillis(100), Duration.ofSeconds(10));
            Settings.within("attempts", attempts, 64, 1 << 24);
        }

        /** One worker's part, rounded down to powers of two where tables need that. */
        public Config perWorker(int workers) {
            return new Config(
                    Math.max(64, Integer.highestOneBit(capacity / workers)),
                    grace,
                    midstream,
                    Math.max(64, attempts / workers),
                    trustTunnels);
        }
    }

    private final ConnectionTable table;
    private final Attempts attempts;
    private final Repeats repeats;
    private final TcpConnections tcp;
    private final DatagramConnections datagrams;
    private final SourceTable sources;

    /** Time of the last tick; goes back where the clock was set back. */
    private long tickNs;

    /**
     * @param table this worker's, of {@code config.capacity()}
     * @param sources this worker's
     * @param config this worker's part, see {@link Config#perWorker}
     * @param listeners called in their order
     */
    public ConnectionTracker(
            ConnectionTable table,
            SourceTable sources,
            Counters counters,
            Config config,
            ConnectionListener[] listeners) {
        ConnectionEvents events = new ConnectionEvents(listeners);
        this.table = table;
        this.sources = sources;
        this.attempts = new Attempts(table, sources, events, counters, config);
        this.repeats = new Repeats(sources, events, counters);
        this.tcp = new TcpConnections(table, sources, events, attempts, config);
        this.datagrams = new DatagramConnections(table, events, attempts, tcp);
    }

    /**
     * Follows one packet. Afterwards {@link ConnectionTable#current} is the connection it belongs
     * to.
     *
     * @param sourceRecord the source's record, or {@link SourceTable#NONE}; of no account unless
     *     the source is owned
     * @param sourceOwned whether this worker owns the source
     * @param destinationOwned whether this worker owns the destination
     */
    public void packet(
            Packet packet, int sourceRecord, boolean sourceOwned, boolean destinationOwned) {
        table.current(ConnectionTable.NONE, false);
        boolean repeat = sourceOwned && repeats.take(packet, sourceRecord);
        table.repeat(repeat);
        if (repeat) {
            return;
        }
        if (packet.isTcp()) {
            tcp.segment(packet, sourceRecord, sourceOwned, destinationOwned);
        } else if (packet.isUdp()) {
            datagrams.udp(packet, sourceRecord, sourceOwned, destinationOwned);
        } else if (packet.isSctp()) {
            datagrams.sctp(packet, sourceRecord, sourceOwned, destinationOwned);
        } else if (packet.isIcmp()) {
            datagrams.icmp(packet, sourceRecord, sourceOwned, destinationOwned);
        }
    }

    /** Judges attempts whose grace is over; before the detectors' own ticks. */
    public void tick(long nowNs, long frame) {
        if (nowNs < tickNs) {
            table.shift(nowNs - tickNs);
            sources.shift(nowNs - tickNs);
        }
        tickNs = nowNs;
        tcp.tick(nowNs);
        repeats.tick(nowNs, frame);
        attempts.judge(nowNs, frame, false);
    }

    /** Judges all attempts that wait: there will be no more packets. */
    public void end(long nowNs, long frame) {
        repeats.tick(nowNs, frame);
        attempts.judge(nowNs, frame, true);
    }
}
