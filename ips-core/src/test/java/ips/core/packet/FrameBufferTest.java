package ips.core.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.agrona.AsciiNumberFormatException;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameBufferTest {
    private static final byte[] BYTES = bytes(64);

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 37 + 129);
        }
        return bytes;
    }

    /** The same 64 bytes in every kind of memory. */
    static Stream<FrameBuffer> everyKind() {
        ByteBuffer direct = ByteBuffer.allocateDirect(64).put(0, BYTES);
        byte[] larger = new byte[80];
        System.arraycopy(BYTES, 0, larger, 5, 64);
        FrameBuffer part = new FrameBuffer();
        part.wrap(larger, 5, 64);
        FrameBuffer partOfDirect = new FrameBuffer();
        partOfDirect.wrap(ByteBuffer.allocateDirect(80).put(9, BYTES), 9, 64);
        FrameBuffer nested = new FrameBuffer();
        nested.wrap((DirectBuffer) part, 0, 64);
        ByteBuffer little = ByteBuffer.wrap(BYTES.clone()).order(ByteOrder.LITTLE_ENDIAN);
        little.position(7);
        return Stream.of(
                new FrameBuffer(BYTES.clone()),
                new FrameBuffer(direct),
                new FrameBuffer(direct.asReadOnlyBuffer()),
                new FrameBuffer(little),
                part,
                partOfDirect,
                nested);
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void readsNumbersInBothOrders(FrameBuffer buffer) {
        assertEquals(64, buffer.capacity());
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            ByteBuffer expected = ByteBuffer.wrap(BYTES).order(order);
            for (int i = 0; i <= 56; i++) {
                assertEquals(expected.getLong(i), buffer.getLong(i, order));
                assertEquals(expected.getInt(i), buffer.getInt(i, order));
                assertEquals(expected.getShort(i), buffer.getShort(i, order));
                assertEquals(expected.getChar(i), buffer.getChar(i, order));
                assertEquals(expected.getDouble(i), buffer.getDouble(i, order));
                assertEquals(expected.getFloat(i), buffer.getFloat(i, order));
                assertEquals(expected.get(i), buffer.getByte(i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void readsInNativeOrderUnlessTold(FrameBuffer buffer) {
        ByteBuffer expected = ByteBuffer.wrap(BYTES).order(ByteOrder.nativeOrder());
        assertEquals(expected.getLong(3), buffer.getLong(3));
        assertEquals(expected.getInt(3), buffer.getInt(3));
        assertEquals(expected.getShort(3), buffer.getShort(3));
        assertEquals(expected.getChar(3), buffer.getChar(3));
        assertEquals(expected.getDouble(3), buffer.getDouble(3));
        assertEquals(expected.getFloat(3), buffer.getFloat(3));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void readsNothingOutsideItsBounds(FrameBuffer buffer) {
        ByteOrder big = ByteOrder.BIG_ENDIAN;
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.getByte(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.getByte(64));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.getShort(63, big));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.getInt(61, big));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.getInt(-1, big));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.getLong(57, big));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.getBytes(60, new byte[5]));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.boundsCheck(60, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.checkLimit(65));
        buffer.boundsCheck(60, 4);
        buffer.checkLimit(64);
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void copiesBytesOut(FrameBuffer buffer) {
        byte[] expected = Arrays.copyOfRange(BYTES, 10, 30);

        byte[] array = new byte[20];
        buffer.getBytes(10, array);
        assertArrayEquals(expected, array);

        ByteBuffer relative = ByteBuffer.allocate(25).position(5);
        buffer.getBytes(10, relative, 20);
        assertEquals(25, relative.position());
        assertArrayEquals(expected, Arrays.copyOfRange(relative.array(), 5, 25));

        ByteBuffer absolute = ByteBuffer.allocateDirect(25);
        buffer.getBytes(10, absolute, 3, 20);
        assertEquals(0, absolute.position());
        assertEquals(BYTES[10], absolute.get(3));
        assertEquals(BYTES[29], absolute.get(22));

        byte[] written = new byte[25];
        buffer.getBytes(10, mutable(written), 3, 20);
        assertEquals(BYTES[10], written[3]);
        assertEquals(BYTES[29], written[22]);
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void copiesBytesInFromEveryKind(FrameBuffer source) {
        for (FrameBuffer target :
                new FrameBuffer[] {new FrameBuffer(new byte[70]), FrameBuffer.allocateDirect(70)}) {
            target.putBytes(4, source, 1, 60);

            assertEquals(0, target.getByte(3));
            for (int i = 0; i < 60; i++) {
                assertEquals(BYTES[i + 1], target.getByte(4 + i));
            }
            assertEquals(0, target.getByte(64));
            assertThrows(IndexOutOfBoundsException.class, () -> target.putBytes(11, source, 0, 60));
            assertThrows(IndexOutOfBoundsException.class, () -> target.putBytes(0, source, 5, 60));
        }
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void worksWithOtherImplementations(FrameBuffer source) {
        FrameBuffer target = FrameBuffer.allocateDirect(70);
        DirectBuffer other = other(source);

        target.putBytes(4, other, 1, 60);

        for (int i = 0; i < 60; i++) {
            assertEquals(BYTES[i + 1], target.getByte(4 + i));
        }
        target.wrap(other, 2, 9);
        assertEquals(9, target.capacity());
        assertEquals(BYTES[2], target.getByte(0));
    }

    /** An implementation that is not ours, since Agrona's own need JVM flags. */
    private static DirectBuffer other(FrameBuffer buffer) {
        return (DirectBuffer)
                Proxy.newProxyInstance(
                        FrameBufferTest.class.getClassLoader(),
                        new Class<?>[] {DirectBuffer.class},
                        (proxy, method, arguments) -> method.invoke(buffer, arguments));
    }

    /** A buffer of which only {@code putBytes(int, ByteBuffer, int, int)} works. */
    private static MutableDirectBuffer mutable(byte[] target) {
        return (MutableDirectBuffer)
                Proxy.newProxyInstance(
                        FrameBufferTest.class.getClassLoader(),
                        new Class<?>[] {MutableDirectBuffer.class},
                        (proxy, method, arguments) -> {
                            ByteBuffer from = (ByteBuffer) arguments[1];
                            int length = (int) arguments[3];
                            from.get((int) arguments[2], target, (int) arguments[0], length);
                            return null;
                        });
    }

    @Test
    void writesWhatItReads() {
        for (FrameBuffer buffer :
                new FrameBuffer[] {new FrameBuffer(new byte[40]), FrameBuffer.allocateDirect(40)}) {
            for (ByteOrder order :
                    new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
                buffer.putLong(1, 0x0102030405060708L, order);
                buffer.putInt(9, 0x11121314, order);
                buffer.putShort(13, (short) 0x2122, order);
                buffer.putByte(15, (byte) 0x31);
                assertEquals(0x0102030405060708L, buffer.getLong(1, order));
                assertEquals(0x11121314, buffer.getInt(9, order));
                assertEquals(0x2122, buffer.getShort(13, order));
                assertEquals(0x31, buffer.getByte(15));
                assertEquals(order == ByteOrder.BIG_ENDIAN ? 1 : 8, buffer.getByte(1));
            }
            buffer.putLong(16, -5);
            buffer.putInt(24, -6);
            buffer.putShort(28, (short) -7);
            buffer.putBytes(30, new byte[] {9, 8, 7}, 1, 2);
            assertEquals(-5, buffer.getLong(16));
            assertEquals(-6, buffer.getInt(24));
            assertEquals(-7, buffer.getShort(28));
            assertEquals(8, buffer.getByte(30));
            assertEquals(7, buffer.getByte(31));
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.putLong(33, 1));
        }
    }

    @Test
    void tellsWhatItWraps() {
        byte[] array = BYTES.clone();
        FrameBuffer buffer = new FrameBuffer(array);
        assertSame(array, buffer.byteArray());
        assertNull(buffer.byteBuffer());
        assertEquals(0, buffer.wrapAdjustment());

        buffer.wrap(array, 5, 20);
        assertSame(array, buffer.byteArray());
        assertEquals(5, buffer.wrapAdjustment());
        assertEquals(20, buffer.capacity());

        ByteBuffer direct = ByteBuffer.allocateDirect(10);
        buffer.wrap(direct);
        assertNull(buffer.byteArray());
        assertSame(direct, buffer.byteBuffer());
    }

    @Test
    void wrapsNoBareAddress() {
        assertThrows(IllegalArgumentException.class, () -> new FrameBuffer().wrap(1L, 10));
        assertThrows(UnsupportedOperationException.class, () -> new FrameBuffer().addressOffset());
        assertEquals(0, new FrameBuffer().capacity());
    }

    @Test
    void readsNumbersInText() {
        FrameBuffer buffer =
                new FrameBuffer(
                        "x-2147483648 9223372036854775807".getBytes(StandardCharsets.US_ASCII));
        assertEquals(Integer.MIN_VALUE, buffer.parseIntAscii(1, 11));
        assertEquals(214_748_364, buffer.parseNaturalIntAscii(2, 9));
        assertEquals(Long.MAX_VALUE, buffer.parseLongAscii(13, 19));
        assertEquals(Long.MAX_VALUE, buffer.parseNaturalLongAscii(13, 19));
        assertThrows(AsciiNumberFormatException.class, () -> buffer.parseNaturalIntAscii(2, 10));
        assertThrows(AsciiNumberFormatException.class, () -> buffer.parseNaturalIntAscii(0, 2));
        assertThrows(AsciiNumberFormatException.class, () -> buffer.parseIntAscii(1, 1));
        assertThrows(AsciiNumberFormatException.class, () -> buffer.parseIntAscii(0, 0));
        FrameBuffer lowest =
                new FrameBuffer("-9223372036854775808".getBytes(StandardCharsets.US_ASCII));
        assertEquals(Long.MIN_VALUE, lowest.parseLongAscii(0, 20));
        assertThrows(AsciiNumberFormatException.class, () -> lowest.parseLongAscii(1, 19));
    }

    @Test
    void readsStringsAsAgronaWritesThem() {
        // The length in native order, then the bytes.
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        bytes.putInt(0, 5).put(4, "hello".getBytes(StandardCharsets.US_ASCII));
        bytes.putInt(20, 6).put(24, "grüß".getBytes(StandardCharsets.UTF_8));
        bytes.order(ByteOrder.BIG_ENDIAN).putInt(40, 3);
        bytes.put(44, "big".getBytes(StandardCharsets.US_ASCII));
        FrameBuffer buffer = new FrameBuffer(bytes);

        assertEquals("hello", buffer.getStringAscii(0));
        assertEquals("hell", buffer.getStringAscii(0, 4));
        assertEquals("ell", buffer.getStringWithoutLengthAscii(5, 3));
        assertEquals("grüß", buffer.getStringUtf8(20));
        assertEquals("gr", buffer.getStringUtf8(20, 2));
        assertEquals("üß", buffer.getStringWithoutLengthUtf8(26, 4));
        assertEquals("big", buffer.getStringAscii(40, ByteOrder.BIG_ENDIAN));
        StringBuilder text = new StringBuilder();
        assertEquals(5, buffer.getStringAscii(0, text));
        assertEquals(2, buffer.getStringAscii(0, 2, text));
        assertEquals(3, buffer.getStringAscii(40, text, ByteOrder.BIG_ENDIAN));
        assertEquals(3, buffer.getStringWithoutLengthAscii(25, 3, text));
        assertEquals("hello" + "he" + "big" + "r??", text.toString());
        assertThrows(
                IndexOutOfBoundsException.class, () -> buffer.getStringWithoutLengthUtf8(60, 100));
    }

    @Test
    void comparesByContent() {
        FrameBuffer one = new FrameBuffer(new byte[] {1, 2, -1});
        FrameBuffer same =
                new FrameBuffer(ByteBuffer.allocateDirect(3).put(0, new byte[] {1, 2, -1}));
        FrameBuffer shorter = new FrameBuffer(new byte[] {1, 2});
        FrameBuffer lower = new FrameBuffer(new byte[] {1, 2, 1});

        assertEquals(one, same);
        assertEquals(one.hashCode(), same.hashCode());
        assertNotEquals(one, lower);
        assertTrue(one.compareTo(shorter) > 0);
        assertTrue(one.compareTo(lower) > 0);
        assertTrue(lower.compareTo(one) < 0);
    }
}
