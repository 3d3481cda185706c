package ips.core.http;

import ips.core.payload.PartKind;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/** Hears the parts of requests as text, in ISO 8859-1. */
interface TextParts extends PartListener {
    void part(PartKind kind, String name, String value);

    @Override
    default void part(
            PartKind kind,
            DirectBuffer name,
            int nameOffset,
            int nameLength,
            DirectBuffer value,
            int valueOffset,
            int valueLength) {
        part(kind, string(name, nameOffset, nameLength), string(value, valueOffset, valueLength));
    }

    /** A range of a buffer as text. */
    static String string(DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
