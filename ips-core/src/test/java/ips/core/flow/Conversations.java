package ips.core.flow;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.AddressHash;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;

/**
 * Trackers as the workers of an engine have them, with a clock moved by hand: frames go to the
 * owners of their ends, ticks to all, and events are collected as text in the order heard.
 */
final class Conversations {
    static final long MS = 1_000_000L;
    static final long START = 1_700_000_000_000L * MS;
    private static final long TICK_NS = 100 * MS;

    private final List<Worker> workers = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final PacketDecoder decoder = new PacketDecoder(true, new Counters());
    private final Packet packet = new Packet();
    private long nowNs = START;
    private long lastTickNs = START;
    private long frames;

    private final class Worker {
        final Counters counters = new Counters();
        final SourceTable sources;
        final ConnectionTable connections;
        final ConnectionTracker tracker;

        Worker(ConnectionTracker.Config config) {
            sources = new SourceTable(4096, counters);
            sources.seal();
            connections = new ConnectionTable(config.capacity(), counters);
            ConnectionListener[] listeners = {new Recorder(this)};
            tracker = new ConnectionTracker(connections, sources, counters, config, listeners);
        }
    }

    private final class Recorder implements ConnectionListener {
        private final Worker worker;

        Recorder(Worker worker) {
            this.worker = worker;
        }

        @Override
        public void attempted(int connection, int client, Packet packet) {
            add("attempted", connection, client);
        }

        @Override
        public void repeatedTooSoon(int connection, int client, Packet packet) {
            add("repeatedTooSoon", connection, client);
        }

        @Override
        public void answered(int connection, int client, Packet packet) {
            add("answered", connection, client);
        }

        @Override
        public void established(int connection, int client, boolean proven, Packet packet) {
            add(proven ? "established proven" : "established", connection, client);
        }

        @Override
        public void refused(int connection, int client, Packet packet) {
            add("refused", connection, client);
        }

        @Override
        public void abandoned(int connection, int client, Packet packet) {
            add("abandoned", connection, client);
        }

        @Override
        public void unanswered(int connection, int client, long nowNs, long frame) {
            add("unanswered", connection, client);
        }

        @Override
        public void leftHalfOpen(int connection, int client, long nowNs, long frame) {
            add("leftHalfOpen", connection, client);
        }

        @Override
        public void leftHalfOpenAtOnce(int client, Packet packet) {
            IpAddress from = new IpAddress(packet.sourceHigh(), packet.sourceLow());
            IpAddress to = new IpAddress(packet.destinationHigh(), packet.destinationLow());
            events.add(
                    "leftHalfOpenAtOnce "
                            + from
                            + ":"
                            + packet.sourcePort()
                            + ">"
                            + to
                            + ":"
                            + packet.destinationPort());
        }

        @Override
        public void completedLate(int connection, int client, Packet packet) {
            add("completedLate", connection, client);
        }

        @Override
        public void outsideConnection(int connection, int client, Packet packet) {
            add("outsideConnection", connection, client);
        }

        @Override
        public void outsideRejected(
                int connection, int client, boolean byReset, long nowNs, long frame) {
            add(byReset ? "outsideRejected by reset" : "outsideRejected", connection, client);
        }

        @Override
        public void strayRejected(int connection, long nowNs, long frame) {
            add("strayRejected", connection, SourceTable.NONE);
        }

        @Override
        public void unaskedSynAck(int connection, long sentNs, long sentFrame) {
            ConnectionTable table = worker.connections;
            IpAddress server =
                    new IpAddress(table.serverHigh(connection), table.serverLow(connection));
            IpAddress client =
                    new IpAddress(table.clientHigh(connection), table.clientLow(connection));
            events.add("unaskedSynAck " + server + ">" + client);
        }

        @Override
        public void unaskedAnswer(int connection, int server, long nowNs, long frame) {
            add("unaskedAnswer", connection, SourceTable.NONE);
        }

        @Override
        public void unaskedError(Packet packet, boolean certain) {
            events.add(
                    (certain ? "unaskedError " : "unaskedError in doubt ")
                            + new IpAddress(packet.destinationHigh(), packet.destinationLow()));
        }

        @Override
        public void forgotten(int connection) {
            events.add("forgotten " + worker.connections.stream(connection));
        }

        private void add(String event, int connection, int client) {
            ConnectionTable table = worker.connections;
            IpAddress from =
                    new IpAddress(table.clientHigh(connection), table.clientLow(connection));
            IpAddress to = new IpAddress(table.serverHigh(connection), table.serverLow(connection));
            if (client != SourceTable.NONE
                    && (worker.sources.low(client) != from.low()
                            || worker.sources.high(client) != from.high())) {
                throw new AssertionError(event + " with another source's record");
            }
            events.add(
                    event
                            + " "
                            + from
                            + ":"
                            + table.clientPort(connection)
                            + ">"
                            + to
                            + ":"
                            + table.serverPort(connection));
        }
    }

    Conversations() {
        this(1, ConnectionTracker.Config.DEFAULTS);
    }

    Conversations(int count, ConnectionTracker.Config config) {
        for (int i = 0; i < count; i++) {
            workers.add(new Worker(config.perWorker(count)));
        }
    }

    /** Hands over a frame now. */
    Conversations send(FrameBuilder builder) {
        return send(builder.build(), builder.linkType());
    }

    Conversations send(byte[] frame, int linkType) {
        FrameBuffer buffer = new FrameBuffer(frame);
        decoder.decode(
                buffer, 0, frame.length, frame.length, linkType, 0, 0, nowNs, ++frames, packet);
        int source = owner(packet.sourceHigh(), packet.sourceLow());
        int destination = owner(packet.destinationHigh(), packet.destinationLow());
        deliver(workers.get(source), true, source == destination);
        if (source != destination && !TcpFlags.isOpeningSyn(Math.max(0, packet.tcpFlags()))) {
            deliver(workers.get(destination), false, true);
        }
        return this;
    }

    private void deliver(Worker worker, boolean sourceOwned, boolean destinationOwned) {
        int source =
                sourceOwned
                        ? worker.sources.findOrAdd(
                                packet.sourceHigh(), packet.sourceLow(), packet.timestampNs())
                        : SourceTable.NONE;
        worker.tracker.packet(packet, source, sourceOwned, destinationOwned);
    }

    private int owner(long high, long low) {
        return (int) ((AddressHash.of(high, low) & 0xffff_ffffL) * workers.size() >>> 32);
    }

    /** Hands over bytes as an Ethernet frame, cut short perhaps. */
    Conversations ethernet(byte[] frame) {
        return send(frame, LinkType.ETHERNET);
    }

    /** Lets time pass, with its ticks. */
    Conversations pass(long ms) {
        long end = nowNs + ms * MS;
        while (lastTickNs + TICK_NS <= end) {
            lastTickNs += TICK_NS;
            nowNs = lastTickNs;
            for (Worker worker : workers) {
                worker.tracker.tick(nowNs, frames);
            }
        }
        nowNs = end;
        return this;
    }

    Conversations end() {
        for (Worker worker : workers) {
            worker.tracker.end(nowNs, frames);
        }
        return this;
    }

    /** The events since the last call. */
    List<String> events() {
        List<String> heard = List.copyOf(events);
        events.clear();
        return heard;
    }

    /** The table of the only worker, or the first. */
    ConnectionTable table() {
        return workers.get(0).connections;
    }

    boolean isProven(String address) {
        IpAddress source = IpAddress.parse(address);
        return workers.stream()
                .anyMatch(
                        worker ->
                                worker.sources.isProven(
                                        worker.sources.find(source.high(), source.low()), nowNs));
    }

    long count(Counter counter) {
        return workers.stream().mapToLong(worker -> worker.counters.get(counter)).sum();
    }
}
