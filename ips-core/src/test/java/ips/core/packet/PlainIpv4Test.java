package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlainIpv4Test {
    private static final int FRAMES = 200_000;

    private final Counters shortCounters = new Counters();
    private final Counters longCounters = new Counters();
    private final PacketDecoder shortWay = decoder(shortCounters, true);
    private final PacketDecoder longWay = decoder(longCounters, false);
    private final Packet shortPacket = new Packet();
    private final Packet longPacket = new Packet();

    private static PacketDecoder decoder(Counters counters, boolean shortCut) {
        return new PacketDecoder(true, FragmentReassembler.Config.DEFAULTS, counters, shortCut);
    }

    @Test
    void fillsPacketAndCountersAsTheLongWayDoes() throws IllegalAccessException {
        Random random = new Random(4711);
        byte[][] frames = {
            FrameBuilder.tcp("203.0.113.9", 40_000, "192.0.2.80", 80)
                    .flags(TcpFlags.ACK | TcpFlags.PSH)
                    .payload("GET / HTTP/1.1\r\n")
                    .build(),
            FrameBuilder.icmp("203.0.113.9", "192.0.2.80")
                    .payload("abcdefghijklmnopqrstuvwabcdefghi")
                    .build()
        };
        int plain = 0;

        for (int n = 1; n <= FRAMES; n++) {
            byte[] frame = frames[random.nextInt(frames.length)];
            byte[] changed = frame.clone();
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            int captured = random.nextInt(4) == 0 ? random.nextInt(frame.length) : frame.length;
            FrameBuffer buffer = new FrameBuffer(changed);
            plain += PlainIpv4.decode(buffer, 0, captured, true, new Packet()) >= 0 ? 1 : 0;

            boolean foundShort = decode(shortWay, buffer, captured, frame.length, n, shortPacket);
            boolean foundLong = decode(longWay, buffer, captured, frame.length, n, longPacket);

            String what = HexFormat.of().formatHex(changed, 0, captured);
            assertEquals(foundLong, foundShort, what);
            assertSame(what);
        }

        assertTrue(plain > FRAMES / 4 && plain < FRAMES * 3 / 4, plain + " frames were plain");
    }

    private static boolean decode(
            PacketDecoder decoder,
            FrameBuffer buffer,
            int captured,
            int wire,
            long number,
            Packet packet) {
        return decoder.decode(
                buffer,
                0,
                captured,
                wire,
                LinkType.ETHERNET,
                0,
                0,
                Decoding.START_NS + number,
                number,
                packet);
    }

    private void assertSame(String frame) throws IllegalAccessException {
        for (Field field : Packet.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.getName().equals("buffer")) {
                assertEquals(
                        field.get(longPacket), field.get(shortPacket), field.getName() + frame);
            }
        }
        for (Counter counter : Counter.values()) {
            assertEquals(
                    longCounters.get(counter), shortCounters.get(counter), counter + " " + frame);
        }
    }
}
