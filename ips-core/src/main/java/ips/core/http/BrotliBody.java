package ips.core.http;

import ips.core.ColdPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.brotli.dec.BrotliInputStream;

/**
 * Undoes brotli (RFC 7932), piece by piece, of a body whose compressed bytes are all there. Each
 * body allocates what its window takes, 16 MiB at most, which is garbage as soon as the next
 * begins; a body cut short yields what lies before the last window, if anything.
 */
@ColdPath
public final class BrotliBody {
    /** For reads of single bytes, of which there are none. */
    private static final int UNUSED_BUFFER = 16;

    private BrotliInputStream stream;
    private boolean broken;

    /** Begins a body; its bytes must stay until it is read. */
    public void begin(byte[] compressed, int offset, int length) {
        broken = false;
        try {
            ByteArrayInputStream bytes = new ByteArrayInputStream(compressed, offset, length);
            stream = new BrotliInputStream(bytes, UNUSED_BUFFER);
        } catch (IOException | RuntimeException e) {
            fail();
        }
    }

    /** Reads on; 0 at the end, and where it is broken. */
    public int read(byte[] out, int offset, int length) {
        if (stream == null || length == 0) {
            return 0;
        }
        try {
            int count = stream.read(out, offset, length);
            if (count > 0) {
                return count;
            }
            stream = null;
        } catch (IOException | RuntimeException e) {
            fail();
        }
        return 0;
    }

    private void fail() {
        // The library throws what it likes at bytes that are no brotli.
        broken = true;
        stream = null;
    }

    /** Whether it turned out to be no brotli, or to end too early. */
    public boolean broken() {
        return broken;
    }

    /** Lets go of the window. */
    public void end() {
        stream = null;
    }
}
