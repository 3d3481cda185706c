package ips.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Guesses from its first bytes what a file is that is no capture file, for the error message. */
final class FileKind {
    private record Magic(String bytes, String kind) {}

    private static final List<Magic> MAGICS =
            List.of(
                    new Magic("snoop\0", "a Solaris snoop capture; convert it with editcap"),
                    new Magic("GMBU", "a Network Monitor capture; convert it with editcap"),
                    new Magic("RTSS", "a Network Monitor capture; convert it with editcap"),
                    new Magic("TRSNIFF", "a Sniffer capture; convert it with editcap"),
                    new Magic("\u001c\0\1\u00ac", "an IXIA capture; convert it with editcap"),
                    new Magic("\u00ac\1\0\u001c", "an IXIA capture; convert it with editcap"),
                    new Magic("PK\3\4", "a ZIP archive; unpack it first"),
                    new Magic("\u00fd7zXZ", "an xz file; unpack it first"),
                    new Magic("7z\u00bc\u00af", "a 7-Zip archive; unpack it first"),
                    new Magic("BZh", "a bzip2 file; unpack it first"),
                    new Magic("\4\"M\u0018", "an lz4 file; unpack it first"),
                    new Magic("\u001f\u008b", "a gzip file in another one; unpack it first"),
                    new Magic("(\u00b5/\u00fd", "a zstd file in another one; unpack it first"),
                    new Magic("\u007fELF", "a program"),
                    new Magic("MZ", "a Windows program"),
                    new Magic("%PDF", "a PDF document"),
                    new Magic("\u0089PNG", "an image"),
                    new Magic("\u00ca\u00fe\u00ba\u00be", "a Java class"));

    private FileKind() {}

    /** A phrase: "text", "a ZIP archive; unpack it first", "something unknown (begins 0a 0b)". */
    static String of(ByteBuffer head) {
        byte[] bytes = new byte[head.remaining()];
        head.get(head.position(), bytes);
        String begin = new String(bytes, StandardCharsets.ISO_8859_1);
        for (Magic magic : MAGICS) {
            if (begin.startsWith(magic.bytes)) {
                return magic.kind;
            }
        }
        if (begin.chars()
                .allMatch(c -> c >= ' ' && c != 0x7f || c == '\n' || c == '\r' || c == '\t')) {
            return begin.startsWith("{") || begin.startsWith("[") ? "JSON text" : "text";
        }
        StringBuilder hex = new StringBuilder("something unknown (begins");
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            hex.append(" %02x".formatted(bytes[i]));
        }
        return hex.append(')').toString();
    }
}
