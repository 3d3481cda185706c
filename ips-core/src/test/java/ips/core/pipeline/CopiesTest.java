package ips.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.FrameBuffer;
import ips.core.packet.FrameBuilder;
import ips.core.packet.LinkType;
import ips.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;

class CopiesTest {
    private static final long MILLI = 1_000_000L;

    private final Copies copies = new Copies();
    private long nowNs = 1_700_000_000_000_000_000L;

    @Test
    void aPacketWithOneHopLessInAVlanIsACopy() {
        FrameBuilder syn = syn(5);

        assertFalse(isCopy(syn.ttl(64)));
        assertTrue(isCopy(syn.ttl(63).vlan(7)));
    }

    @Test
    void anotherPacketIsNone() {
        assertFalse(isCopy(syn(5).id(1)));
        assertFalse(isCopy(syn(5).id(2)));
        assertFalse(isCopy(syn(6).id(1)));
        assertFalse(isCopy(FrameBuilder.tcp("192.0.2.1", 2, "192.0.2.3", 80).seq(5).id(1)));
    }

    /** Else an attack could hide behind a packet that never reaches the server. */
    @Test
    void onePayloadByteMakesAnotherPacket() {
        for (int length = 1; length < 70; length++) {
            byte[] payload = new byte[length];
            assertFalse(isCopy(data(payload)));
            for (int i = 0; i < length; i++) {
                payload[i] = 1;
                assertFalse(isCopy(data(payload)), "byte " + i + " of " + length);
                payload[i] = 0;
            }
            assertTrue(isCopy(data(payload)));
        }
    }

    @Test
    void aRepetitionAfterASecondIsNone() {
        assertFalse(isCopy(syn(5)));
        nowNs += 1000 * MILLI;
        assertFalse(isCopy(syn(5)));
    }

    /** A flood of one packet hides nothing but every second of it. */
    @Test
    void theSamePacketOverAndOverCountsEverySecondTime() {
        int counted = 0;
        for (int i = 0; i < 1000; i++) {
            counted += isCopy(syn(5)) ? 0 : 1;
        }

        assertEquals(500, counted);
    }

    /** Of many packets the oldest are forgotten: they count, they hide none. */
    @Test
    void aFloodOfOtherPacketsHidesNothing() {
        for (int i = 0; i < 1_000_000; i++) {
            assertFalse(isCopy(syn(i)), "packet " + i);
        }
    }

    @Test
    void aBridgeShowsAPacketOnThreeInterfaces() {
        assertFalse(isCopy(syn(5), 0));
        assertTrue(isCopy(syn(5), 1));
        assertTrue(isCopy(syn(5), 2));
    }

    private static FrameBuilder syn(int sequence) {
        return FrameBuilder.tcp("192.0.2.1", 2, "192.0.2.3", 80).flags(TcpFlags.SYN).seq(sequence);
    }

    private static FrameBuilder data(byte[] payload) {
        return FrameBuilder.tcp("192.0.2.1", 2, "192.0.2.3", 80)
                .flags(TcpFlags.ACK)
                .payload(payload);
    }

    private boolean isCopy(FrameBuilder frame) {
        return isCopy(frame, 0);
    }

    private boolean isCopy(FrameBuilder frame, int interfaceIndex) {
        byte[] bytes = frame.build();
        nowNs += MILLI / 100;
        return copies.isCopy(
                nowNs,
                new FrameBuffer(bytes),
                0,
                bytes.length,
                bytes.length,
                LinkType.ETHERNET,
                interfaceIndex);
    }
}
