package ips.core.packet;

import ips.core.ColdPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Agrona's {@link DirectBuffer} over a {@link ByteBuffer}, heap or direct: the buffer frames lie
 * in.
 *
 * <p>Agrona's own {@code UnsafeBuffer} needs {@code --add-opens} on the command line; this one
 * needs nothing, on any JDK. Reads go through {@code VarHandle} views: of the array where it wraps
 * the whole of one, of the {@code ByteBuffer} otherwise, so that heap, direct and read-only buffers
 * can mix. Arrays are the faster (decoding a frame takes 18 ns against 23 on JDK 17, see {@code
 * PacketDecoderBenchmark}), for a {@code ByteBuffer} looks at its limit, its address and its memory
 * segment with each access. Position and byte order of the {@code ByteBuffer} do not matter and are
 * left alone. Its limit must stay as it was when wrapped: every access is checked against it, and
 * only against it (a second check of our own made decoding 10 to 20 % slower).
 *
 * <p>Wrapping all of a {@code ByteBuffer} or of another {@code FrameBuffer} allocates nothing; a
 * part is sliced. Not synchronised; a reader on another thread needs a hand-over that publishes the
 * bytes.
 */
public final class FrameBuffer extends TextBuffer {
    private static final VarHandle LONG_BIG = view(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG_LITTLE = view(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT_BIG = view(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_LITTLE = view(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT_BIG = view(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT_LITTLE = view(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ARRAY_LONG_BIG = arrayView(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle ARRAY_LONG_LITTLE =
            arrayView(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ARRAY_INT_BIG = arrayView(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle ARRAY_INT_LITTLE =
            arrayView(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ARRAY_SHORT_BIG = arrayView(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle ARRAY_SHORT_LITTLE =
            arrayView(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer bytes;

    /** The array whose bytes, all of them, are this buffer's; null where there is none. */
    private byte[] array;

    private boolean wrapsArray;
    private int capacity;

    /** An empty buffer, to be wrapped around something later. */
    public FrameBuffer() {
        bytes = NOTHING;
    }

    public FrameBuffer(ByteBuffer buffer) {
        wrap(buffer);
    }

    public FrameBuffer(byte[] array) {
        wrap(array);
    }

    /** A buffer over fresh memory outside the heap, all zero. */
    @ColdPath
    public static FrameBuffer allocateDirect(int capacity) {
        return new FrameBuffer(ByteBuffer.allocateDirect(capacity));
    }

    private static VarHandle view(Class<?> arrayType, ByteOrder order) {
        return MethodHandles.byteBufferViewVarHandle(arrayType, order);
    }

    private static VarHandle arrayView(Class<?> arrayType, ByteOrder order) {
        return MethodHandles.byteArrayViewVarHandle(arrayType, order);
    }

    @Override
    public void wrap(byte[] buffer) {
        wrap(buffer, 0, buffer.length);
    }

    @Override
    public void wrap(byte[] buffer, int offset, int length) {
        ByteBuffer whole = ByteBuffer.wrap(buffer);
        set(length == buffer.length ? whole : whole.slice(offset, length));
        wrapsArray = true;
    }

    /** Wraps all bytes up to the buffer's limit, whatever its position. */
    @Override
    public void wrap(ByteBuffer buffer) {
        set(buffer);
    }

    @Override
    public void wrap(ByteBuffer buffer, int offset, int length) {
        boolean whole = offset == 0 && length == buffer.limit();
        set(whole ? buffer : buffer.slice(offset, length));
    }

    @Override
    public void wrap(DirectBuffer buffer) {
        wrap(buffer, 0, buffer.capacity());
    }

    @Override
    @ColdPath
    public void wrap(DirectBuffer buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        if (buffer instanceof FrameBuffer other) {
            boolean array = other.wrapsArray;
            wrap(other.bytes, offset, length);
            wrapsArray = array;
        } else if (buffer.byteArray() != null) {
            wrap(buffer.byteArray(), buffer.wrapAdjustment() + offset, length);
        } else if (buffer.byteBuffer() != null) {
            wrap(buffer.byteBuffer(), buffer.wrapAdjustment() + offset, length);
        } else {
            throw new IllegalArgumentException("the buffer wraps a bare address");
        }
    }

    /** Refused: a bare address cannot be read without JVM flags; wrap a direct ByteBuffer. */
    @Override
    @ColdPath
    public void wrap(long address, int length) {
        throw new IllegalArgumentException("a bare address; wrap a direct ByteBuffer");
    }

    private void set(ByteBuffer buffer) {
        bytes = buffer;
        wrapsArray = false;
        capacity = buffer.limit();
        boolean wholeArray =
                buffer.hasArray() && buffer.arrayOffset() == 0 && buffer.array().length == capacity;
        array = wholeArray ? buffer.array() : null;
    }

    /** Refused: the address of a buffer is not known without JVM flags. */
    @Override
    @ColdPath
    public long addressOffset() {
        throw new UnsupportedOperationException("no address; use byteArray() or byteBuffer()");
    }

    @Override
    public byte[] byteArray() {
        return array != null ? array : bytes.hasArray() ? bytes.array() : null;
    }

    @Override
    public ByteBuffer byteBuffer() {
        return wrapsArray ? null : bytes;
    }

    @Override
    public int wrapAdjustment() {
        return array == null && bytes.hasArray() ? bytes.arrayOffset() : 0;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    @ColdPath
    public void checkLimit(int limit) {
        if (limit < 0 || limit > capacity) {
            throw new IndexOutOfBoundsException(limit);
        }
    }

    @Override
    public void boundsCheck(int index, int length) {
        Objects.checkFromIndexSize(index, length, capacity);
    }

    @Override
    public long getLong(int index, ByteOrder order) {
        byte[] array = this.array;
        if (array != null) {
            return order == ByteOrder.BIG_ENDIAN
                    ? (long) ARRAY_LONG_BIG.get(array, index)
                    : (long) ARRAY_LONG_LITTLE.get(array, index);
        }
        return order == ByteOrder.BIG_ENDIAN
                ? (long) LONG_BIG.get(bytes, index)
                : (long) LONG_LITTLE.get(bytes, index);
    }

    @Override
    public long getLong(int index) {
        return getLong(index, ByteOrder.nativeOrder());
    }

    @Override
    public int getInt(int index, ByteOrder order) {
        byte[] array = this.array;
        if (array != null) {
            return order == ByteOrder.BIG_ENDIAN
                    ? (int) ARRAY_INT_BIG.get(array, index)
                    : (int) ARRAY_INT_LITTLE.get(array, index);
        }
        return order == ByteOrder.BIG_ENDIAN
                ? (int) INT_BIG.get(bytes, index)
                : (int) INT_LITTLE.get(bytes, index);
    }

    @Override
    public int getInt(int index) {
        return getInt(index, ByteOrder.nativeOrder());
    }

    @Override
    public short getShort(int index, ByteOrder order) {
        byte[] array = this.array;
        if (array != null) {
            return order == ByteOrder.BIG_ENDIAN
                    ? (short) ARRAY_SHORT_BIG.get(array, index)
                    : (short) ARRAY_SHORT_LITTLE.get(array, index);
        }
        return order == ByteOrder.BIG_ENDIAN
                ? (short) SHORT_BIG.get(bytes, index)
                : (short) SHORT_LITTLE.get(bytes, index);
    }

    @Override
    public short getShort(int index) {
        return getShort(index, ByteOrder.nativeOrder());
    }

    @Override
    public char getChar(int index, ByteOrder order) {
        return (char) getShort(index, order);
    }

    @Override
    public char getChar(int index) {
        return (char) getShort(index);
    }

    @Override
    public double getDouble(int index, ByteOrder order) {
        return Double.longBitsToDouble(getLong(index, order));
    }

    @Override
    public double getDouble(int index) {
        return Double.longBitsToDouble(getLong(index));
    }

    @Override
    public float getFloat(int index, ByteOrder order) {
        return Float.intBitsToFloat(getInt(index, order));
    }

    @Override
    public float getFloat(int index) {
        return Float.intBitsToFloat(getInt(index));
    }

    @Override
    public byte getByte(int index) {
        byte[] array = this.array;
        return array != null ? array[index] : bytes.get(index);
    }

    @Override
    public void getBytes(int index, byte[] dst) {
        getBytes(index, dst, 0, dst.length);
    }

    @Override
    public void getBytes(int index, byte[] dst, int offset, int length) {
        if (array != null) {
            System.arraycopy(array, index, dst, offset, length);
        } else {
            bytes.get(index, dst, offset, length);
        }
    }

    @Override
    public void getBytes(int index, MutableDirectBuffer dst, int dstIndex, int length) {
        dst.putBytes(dstIndex, bytes, index, length);
    }

    @Override
    public void getBytes(int index, ByteBuffer dst, int length) {
        int position = dst.position();
        getBytes(index, dst, position, length);
        dst.position(position + length);
    }

    @Override
    public void getBytes(int index, ByteBuffer dst, int dstOffset, int length) {
        dst.put(dstOffset, bytes, index, length);
    }

    public void putLong(int index, long value, ByteOrder order) {
        byte[] array = this.array;
        if (array != null) {
            (order == ByteOrder.BIG_ENDIAN ? ARRAY_LONG_BIG : ARRAY_LONG_LITTLE)
                    .set(array, index, value);
        } else if (order == ByteOrder.BIG_ENDIAN) {
            LONG_BIG.set(bytes, index, value);
        } else {
            LONG_LITTLE.set(bytes, index, value);
        }
    }

    /** In native order, as all accessors without an order. */
    public void putLong(int index, long value) {
        putLong(index, value, ByteOrder.nativeOrder());
    }

    public void putInt(int index, int value, ByteOrder order) {
        byte[] array = this.array;
        if (array != null) {
            (order == ByteOrder.BIG_ENDIAN ? ARRAY_INT_BIG : ARRAY_INT_LITTLE)
                    .set(array, index, value);
        } else if (order == ByteOrder.BIG_ENDIAN) {
            INT_BIG.set(bytes, index, value);
        } else {
            INT_LITTLE.set(bytes, index, value);
        }
    }

    public void putInt(int index, int value) {
        putInt(index, value, ByteOrder.nativeOrder());
    }

    public void putShort(int index, short value, ByteOrder order) {
        byte[] array = this.array;
        if (array != null) {
            (order == ByteOrder.BIG_ENDIAN ? ARRAY_SHORT_BIG : ARRAY_SHORT_LITTLE)
                    .set(array, index, value);
        } else if (order == ByteOrder.BIG_ENDIAN) {
            SHORT_BIG.set(bytes, index, value);
        } else {
            SHORT_LITTLE.set(bytes, index, value);
        }
    }

    public void putShort(int index, short value) {
        putShort(index, value, ByteOrder.nativeOrder());
    }

    public void putByte(int index, byte value) {
        bytes.put(index, value);
    }

    public void putBytes(int index, byte[] src, int srcIndex, int length) {
        if (array != null) {
            System.arraycopy(src, srcIndex, array, index, length);
        } else {
            bytes.put(index, src, srcIndex, length);
        }
    }

    /** Copies in bulk; the ranges may overlap. */
    public void putBytes(int index, DirectBuffer src, int srcIndex, int length) {
        if (src instanceof FrameBuffer other) {
            if (array == null) {
                bytes.put(index, other.bytes, srcIndex, length);
            } else if (other.array == null) {
                other.bytes.get(srcIndex, array, index, length);
            } else {
                System.arraycopy(other.array, srcIndex, array, index, length);
            }
        } else if (src.byteArray() != null) {
            src.boundsCheck(srcIndex, length);
            bytes.put(index, src.byteArray(), src.wrapAdjustment() + srcIndex, length);
        } else {
            src.getBytes(srcIndex, bytes, index, length);
        }
    }

    /** By unsigned bytes, then by length. */
    @Override
    public int compareTo(DirectBuffer other) {
        int common = Math.min(capacity, other.capacity());
        for (int i = 0; i < common; i++) {
            int byByte = Byte.compareUnsigned(getByte(i), other.getByte(i));
            if (byByte != 0) {
                return byByte;
            }
        }
        return Integer.compare(capacity, other.capacity());
    }

    /** Whether the other is a {@code FrameBuffer} of the same bytes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof FrameBuffer buffer && compareTo(buffer) == 0;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < capacity; i++) {
            hash = 31 * hash + getByte(i);
        }
        return hash;
    }
}
