package ips.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.IpAddress;
import ips.core.packet.LinkType;
import ips.core.packet.Packet;
import ips.core.packet.PacketDecoder;
import ips.core.verdict.Action;
import ips.core.verdict.AlertFrame;
import ips.core.verdict.BanScope;
import ips.core.verdict.Evidence;
import ips.core.verdict.FrameRoom;
import ips.core.verdict.Kind;
import ips.core.verdict.Report;
import ips.core.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameKeeperTest {
    private static final byte[] FRAME =
            FrameBuilder.udp("192.0.2.1", 1, "192.0.2.2", 2).payload("evil").build();
    private static final int OFFSET = 5;

    private final List<Report> raised = new ArrayList<>();
    private final Counters counters = new Counters();
    private final Packet packet = new Packet();
    private final FrameKeeper keeper =
            new FrameKeeper(raised::add, new FrameRoom(FRAME.length * 3L / 2), counters);

    private void see(long frame) {
        byte[] shifted = new byte[FRAME.length + OFFSET];
        System.arraycopy(FRAME, 0, shifted, OFFSET, FRAME.length);
        new PacketDecoder(false, new Counters())
                .decode(
                        new FrameBuffer(shifted),
                        OFFSET,
                        FRAME.length,
                        FRAME.length + 7,
                        LinkType.ETHERNET,
                        0,
                        0,
                        77,
                        frame,
                        packet);
        keeper.inHand(packet);
    }

    private static Verdict verdict(long frame, long lastFrame) {
        IpAddress source = IpAddress.parse("192.0.2.1");
        return new Verdict(
                frame,
                77,
                Kind.UDP_FLOOD,
                Action.ALERT,
                BanScope.UDP,
                source,
                null,
                0,
                1,
                77,
                77,
                1,
                lastFrame,
                Evidence.NONE);
    }

    @Test
    void sendsTheFrameInHandAheadOnce() {
        see(3);
        Verdict first = verdict(3, 3);
        keeper.raise(first);
        keeper.raise(verdict(3, 3));

        assertEquals(3, raised.size());
        AlertFrame frame = (AlertFrame) raised.get(0);
        assertEquals(3, frame.frame());
        assertEquals(77, frame.timestampNs());
        assertEquals(FRAME.length + 7, frame.wireLength());
        assertArrayEquals(FRAME, frame.bytes());
        assertSame(first, raised.get(1));
    }

    @Test
    void sendsNoneForWhatIsAboutAnEarlierFrameOrRaisedAtATick() {
        see(3);
        keeper.raise(verdict(3, 2));
        keeper.inHand(null);
        keeper.raise(verdict(3, 3));

        assertEquals(List.of(verdict(3, 2), verdict(3, 3)), raised);
    }

    @Test
    void countsFramesThatFindNoRoomAndGoesOnWhenThereIsSome() {
        see(1);
        keeper.raise(verdict(1, 1));
        see(2);
        keeper.raise(verdict(2, 2));
        ((AlertFrame) raised.get(0)).release();
        see(3);
        keeper.raise(verdict(3, 3));

        assertEquals(1, counters.get(Counter.ALERT_FRAMES_LOST));
        assertEquals(
                List.of(1L, 3L),
                raised.stream().filter(AlertFrame.class::isInstance).map(Report::frame).toList());
    }
}
