package ips.core.alert;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Syslog over UDP (RFC 5426). Whether anybody listens is known only where that host says so. */
public final class UdpSyslog implements SyslogLog.Transport {
    private final InetSocketAddress receiver;
    private final DatagramChannel channel;

    public UdpSyslog(InetSocketAddress receiver) throws IOException {
        this.receiver = receiver;
        channel = DatagramChannel.open();
        channel.configureBlocking(false);
        channel.connect(receiver);
    }

    @Override
    public void send(byte[] message) throws IOException {
        try {
            if (channel.write(ByteBuffer.wrap(message)) == 0) {
                throw new IOException("no room in the buffer of the socket");
            }
        } catch (PortUnreachableException e) {
            throw new IOException("nobody listens at " + receiver, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // There is nothing left to send.
        }
    }
}
