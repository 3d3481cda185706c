package ips.core.flow;

import static ips.core.packet.TcpFlags.ACK;
import static ips.core.packet.TcpFlags.SYN;

import ips.core.packet.FrameBuilder;

/** A client and a server of TCP whose segments a tracker sees; numbers count from their SYNs. */
abstract class TcpDialogue {
    static final String CLIENT = "192.0.2.1";
    static final String SERVER = "198.51.100.2";
    static final String ENDS = " 192.0.2.1:40000>198.51.100.2:80";
    static final int CLIENT_ISN = 0xffff_fff0; // sequence numbers wrap on the way
    static final int SERVER_ISN = 0x7fff_fff0;

    Conversations talk = new Conversations();

    void open() {
        talk.send(client(SYN, 0, 0)).send(server(SYN | ACK, 0, 1)).send(client(ACK, 1, 1));
    }

    static FrameBuilder client(int flags, int seq, int ack) {
        return FrameBuilder.tcp(CLIENT, 40000, SERVER, 80)
                .flags(flags)
                .seq(CLIENT_ISN + seq)
                .ack((flags & ACK) == 0 ? 0 : SERVER_ISN + ack);
    }

    static FrameBuilder server(int flags, int seq, int ack) {
        return FrameBuilder.tcp(SERVER, 80, CLIENT, 40000)
                .flags(flags)
                .seq(SERVER_ISN + seq)
                .ack((flags & ACK) == 0 ? 0 : CLIENT_ISN + ack);
    }
}
