package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    /** RFC 1071 §4.1, to the letter. */
    private static int plain(byte[] bytes, int offset, int length) {
        long sum = 0;
        for (int i = 0; i < length; i++) {
            int value = bytes[offset + i] & 0xff;
            sum += i % 2 == 0 ? value << 8 : value;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    @Test
    void sumsAnyLengthAtAnyOffset() {
        Random random = new Random(1);
        byte[] bytes = new byte[300];
        for (int round = 0; round < 20; round++) {
            random.nextBytes(bytes);
            for (int length = 0; length < 200; length++) {
                int offset = random.nextInt(100);
                long sum = Checksum.sum(new FrameBuffer(bytes), offset, length);
                assertEquals(plain(bytes, offset, length), Checksum.fold(sum), "length " + length);
            }
            assertEquals(
                    plain(bytes, 7, 20), Checksum.fold(Checksum.sum20(new FrameBuffer(bytes), 7)));
        }
    }

    @Test
    void carriesThroughTheLongestPacketOfAllOnes() {
        byte[] bytes = new byte[65_535];
        Arrays.fill(bytes, (byte) 0xff);

        assertEquals(
                plain(bytes, 0, bytes.length),
                Checksum.fold(Checksum.sum(new FrameBuffer(bytes), 0, bytes.length)));
    }

    @Test
    void foldsCarriesThatTheFoldItselfMakes() {
        assertEquals(0, Checksum.fold(0));
        assertEquals(0xffff, Checksum.fold(0xffff));
        assertEquals(1, Checksum.fold(0x1_0000));
        assertEquals(0xffff, Checksum.fold(0xffff_ffffL));
        assertEquals(1, Checksum.fold(0x1_0000_0000L));
        assertEquals(2, Checksum.fold(0xffff_0001L + 0x1_0000));
    }

    @Test
    void knowsTheExampleOfRfc1071() {
        byte[] bytes = {0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, -9};

        assertEquals(0xddf2, Checksum.fold(Checksum.sum(new FrameBuffer(bytes), 0, 8)));
    }

    @Test
    void tellsRightFromWrong() {
        byte[] frame = FrameBuilder.tcp("192.0.2.1", 1, "198.51.100.2", 2).build();
        FrameBuffer buffer = new FrameBuffer(frame);
        assertTrue(Checksum.isRight(Checksum.sum(buffer, 14, 20)));

        frame[20]++;
        assertFalse(Checksum.isRight(Checksum.sum(buffer, 14, 20)));
    }
}
