package ips.core.inspect;

import ips.core.packet.Packet;
import ips.core.packet.TcpFlags;

/** The TCP segment in hand as sessions look at it; read anew for each, one per worker. */
final class Segment {
    private static final int CONTROL = TcpFlags.SYN | TcpFlags.FIN | TcpFlags.RST;

    final SegmentOptions options = new SegmentOptions();

    /** What it says where it is a SYN or SYN/ACK, and room for what another one said. */
    final HandshakeState said = new HandshakeState();

    final HandshakeState other = new HandshakeState();

    Packet packet;
    boolean toServer;
    int flags;
    int sequence;
    int acknowledgment;
    int window;
    int length;
    long seconds;

    Segment read(Packet packet, boolean toServer) {
        this.packet = packet;
        this.toServer = toServer;
        flags = packet.tcpFlags();
        sequence = packet.tcpSequence();
        acknowledgment = packet.tcpAcknowledgment();
        window = packet.tcpWindow();
        length = packet.payloadLength();
        seconds = seconds(packet.timestampNs());
        options.read(packet.buffer(), packet.transportOffset() + 20, packet.payloadOffset());
        return this;
    }

    /** Stands for an opening SYN that was noted before. */
    Segment read(OpeningSyns syns, int place) {
        int from = syns.optionsOffset(place);
        options.read(syns.options(), from, from + syns.optionsLength(place));
        return opening(syns.sequence(place), syns.window(place), seconds(syns.firstNs(place)));
    }

    /** Stands for an opening SYN that is known from its answer only. */
    Segment assume(int sequence) {
        options.assumeScale(TcpSession.GREATEST_SCALE);
        return opening(sequence, TcpSession.GREATEST_WINDOW, 0);
    }

    private Segment opening(int sequence, int window, long seconds) {
        this.packet = null;
        this.toServer = true;
        this.flags = TcpFlags.SYN;
        this.sequence = sequence;
        this.acknowledgment = 0;
        this.window = window;
        this.length = 0;
        this.seconds = seconds;
        return this;
    }

    private static long seconds(long timeNs) {
        return timeNs / 1_000_000_000L;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Whether it is a SYN with an ACK. */
    boolean isAnswer() {
        return (flags & (TcpFlags.SYN | TcpFlags.ACK)) == (TcpFlags.SYN | TcpFlags.ACK);
    }

    /** Whether it neither opens nor ends anything. */
    boolean isPlain() {
        return !has(CONTROL);
    }

    /** Whether it does nothing but acknowledge. */
    boolean isBareAck() {
        return length == 0 && isPlain() && has(TcpFlags.ACK);
    }

    /** The sequence number behind its payload. */
    int end() {
        return sequence + length;
    }
}
