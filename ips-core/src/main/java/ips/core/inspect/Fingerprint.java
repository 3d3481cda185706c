package ips.core.inspect;

import ips.core.ColdPath;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The fingerprint of one side of a connection, as JA3 and HASSH define them: a text made of what it
 * offers, followed here by the text's MD5 in hexadecimal. Computed when a rule first asks for it.
 */
final class Fingerprint {
    private static final int HASH_DIGITS = 32;

    private final GrowingBytes bytes;
    private final int longest;

    /** The side it is of, or null. */
    private Object side;

    /**
     * @param longest bytes that are kept of the text and its hash together
     */
    Fingerprint(BufferPool buffers, int longest) {
        bytes = new GrowingBytes(buffers, longest);
        this.longest = longest;
    }

    void clear() {
        bytes.clear();
        side = null;
    }

    boolean isOf(Object other) {
        return side == other;
    }

    /** Where the text of another side is to be written; then {@link #end} is due. */
    GrowingBytes begin() {
        bytes.restart();
        side = null;
        return bytes;
    }

    void end(Object of) {
        bytes.truncate(longest - HASH_DIGITS);
        addHash();
        side = of;
    }

    @ColdPath
    private void addHash() {
        try {
            byte[] text = bytes.text().getBytes(StandardCharsets.ISO_8859_1);
            bytes.add(HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    ByteRange text(ByteRange into) {
        return bytes.range(0, textLength(), into);
    }

    ByteRange hash(ByteRange into) {
        return bytes.range(textLength(), HASH_DIGITS, into);
    }

    private int textLength() {
        return Math.max(0, bytes.length() - HASH_DIGITS);
    }
}
