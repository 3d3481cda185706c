package ips.core.packet;

/** SCTP packets of a single chunk without contents. */
public final class Sctp {
    private Sctp() {}

    public static FrameBuilder packet(
            String source, int sourcePort, String destination, int port, int chunk) {
        byte[] bytes = new byte[SctpHeader.LENGTH + 4];
        bytes[0] = (byte) (sourcePort >> 8);
        bytes[1] = (byte) sourcePort;
        bytes[2] = (byte) (port >> 8);
        bytes[3] = (byte) port;
        bytes[SctpHeader.LENGTH] = (byte) chunk;
        bytes[SctpHeader.LENGTH + 3] = 4;
        return FrameBuilder.ip(source, destination, Protocol.SCTP).payload(bytes);
    }
}
