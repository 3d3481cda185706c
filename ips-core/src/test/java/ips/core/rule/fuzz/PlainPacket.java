package ips.core.rule.fuzz;

import ips.core.packet.FrameBuilder;
import java.util.Random;

/** A random packet, as its fields and as a frame. Few values of each, so that rules often fit. */
record PlainPacket(
        Kind kind,
        int source,
        int destination,
        int sourcePort,
        int destinationPort,
        int ttl,
        int tos,
        int id,
        boolean dontFragment,
        int flags,
        int sequence,
        int acknowledgment,
        int window,
        int type,
        int echoId,
        int echoSequence,
        byte[] payload) {
    enum Kind {
        UDP,
        TCP,
        ICMP,
        OTHER
    }

    /** What IPv4 calls a protocol that nothing is known of. */
    static final int OTHER_PROTOCOL = 253;

    private static final int[] ICMP_TYPES = {0, 8, 10, 15, 17};

    static PlainPacket random(Random random, Kind kind) {
        return new PlainPacket(
                kind,
                random.nextInt(4),
                random.nextInt(4),
                1000 + random.nextInt(4),
                1000 + random.nextInt(4),
                random.nextInt(8) + 1,
                random.nextInt(8),
                random.nextInt(8),
                random.nextBoolean(),
                random.nextInt(256),
                random.nextInt(4),
                random.nextInt(4),
                random.nextInt(4),
                ICMP_TYPES[random.nextInt(ICMP_TYPES.length)],
                random.nextInt(4),
                random.nextInt(4),
                PlainChain.bytes(random, 24));
    }

    /** IANA's number of its protocol. */
    int protocol() {
        return switch (kind) {
            case UDP -> 17;
            case TCP -> 6;
            case ICMP -> 1;
            case OTHER -> OTHER_PROTOCOL;
        };
    }

    byte[] frame() {
        String from = "10.0.0." + source;
        String to = "10.0.0." + destination;
        FrameBuilder frame =
                switch (kind) {
                    case UDP -> FrameBuilder.udp(from, sourcePort, to, destinationPort);
                    case TCP ->
                            FrameBuilder.tcp(from, sourcePort, to, destinationPort)
                                    .flags(flags)
                                    .seq(sequence)
                                    .ack(acknowledgment)
                                    .window(window);
                    case ICMP ->
                            FrameBuilder.icmp(from, to)
                                    .icmpType(type, 0)
                                    .icmpEcho(echoId, echoSequence);
                    case OTHER -> FrameBuilder.ip(from, to, OTHER_PROTOCOL);
                };
        frame.ttl(ttl).trafficClass(tos).id(id).payload(payload);
        return (dontFragment ? frame.dontFragment() : frame).build();
    }
}
