package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;
import java.nio.charset.StandardCharsets;

/**
 * {@code file.magic}: what a file is by its first bytes, in the words of libmagic (file 5.46) as
 * far as rules go by them. A transform of the file's bytes, stateless.
 */
final class FileMagic implements Transform {
    private static final String PDF = "%PDF-";

    /** How far from the beginning a PDF is looked for. */
    private static final int FARTHEST_DOCUMENT = 1024;

    /** Bytes at a place, what has them, and what more is told of it. */
    private record Kind(int at, byte[] bytes, String text, Detail detail) {
        boolean is(ByteRange file) {
            if (file.length < at + bytes.length) {
                return false;
            }
            for (int i = 0; i < bytes.length; i++) {
                if (file.at(at + i) != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** What is told behind a kind's words. */
    private interface Detail {
        void add(ByteRange file, Inspection.Memory to);
    }

    private static final Kind[] KINDS = {
        kind("GIF8", "GIF image data, version 8", FileMagic::gif),
        kind("\u0089PNG\r\n\u001a\n", "PNG image data", FileMagic::png),
        kind("\u00ff\u00d8\u00ff", "JPEG image data", FileMagic::jpeg),
        kind("PK\u0003\u0004", "Zip archive data, at least v", FileMagic::zip),
        kind("PK\u0005\u0006", "Zip archive data (empty)", null),
        kind("\u001f\u008b", "gzip compressed data", FileMagic::zipped),
        kind("BZh", "bzip2 compressed data", null),
        kind("\u00fd7zXZ\0", "XZ compressed data", null),
        kind("7z\u00bc\u00af'\u001c", "7-zip archive data, version ", FileMagic::seven),
        kind("Rar!\u001a\u0007\u0001\0", "RAR archive data, v5", null),
        kind("Rar!\u001a\u0007", "RAR archive data", null),
        kind("MSCF\0\0\0\0", "Microsoft Cabinet archive data", null),
        kind(257, "ustar", "POSIX tar archive", null),
        kind("\u007fELF", "ELF ", FileMagic::elf),
        kind("\u00ca\u00fe\u00ba\u00be", "compiled Java class data, version ", FileMagic::java),
        kind(
                "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1",
                "Composite Document File V2 Document",
                null),
        kind("{\\rtf", "Rich Text Format data, version 1", null),
        kind("FWS", "Macromedia Flash data, version ", FileMagic::flash),
        kind("CWS", "Macromedia Flash data (compressed), version ", FileMagic::flash),
        kind("ZWS", "Macromedia Flash data (lzma compressed), version ", FileMagic::flash),
        kind("FLV\u0001", "Macromedia Flash Video", null),
        kind("ID3", "Audio file with ID3 version 2.", FileMagic::sound),
        kind("OggS", "Ogg data", null),
        kind("RIFF", "RIFF (little-endian) data", FileMagic::riff),
        kind(4, "ftyp", "ISO Media", null),
        kind("BM", "PC bitmap", null),
        kind("II*\0", "TIFF image data, little-endian", null),
        kind("MM\0*", "TIFF image data, big-endian", null),
        kind("\0\0\u0001\0", "MS Windows icon resource", null),
        kind("\u0030\u0026\u00b2\u0075\u008e\u0066\u00cf\u0011", "Microsoft ASF", null),
        kind("\u001a\u0045\u00df\u00a3", "EBML file", null),
        kind("L\0\0\0\u0001\u0014\u0002\0", "MS Windows shortcut", null),
        kind("dex\n", "Dalvik dex file", null),
        kind("SQLite format 3\0", "SQLite 3.x database", null),
        kind("!<arch>\ndebian", "Debian binary package", null),
        kind("\u00ed\u00ab\u00ee\u00db", "RPM", null),
        kind("\u0028\u00b5\u002f\u00fd", "Zstandard compressed data", null),
        kind("%!PS", "PostScript document text", null),
        kind("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-", "EICAR virus test files", null),
    };

    private static Kind kind(String bytes, String text, Detail detail) {
        return kind(0, bytes, text, detail);
    }

    private static Kind kind(int at, String bytes, String text, Detail detail) {
        return new Kind(at, bytes.getBytes(StandardCharsets.ISO_8859_1), text, detail);
    }

    @Override
    public ByteRange apply(ByteRange file, Inspection.Memory memory) {
        memory.clear();
        describe(file, memory);
        return memory.added();
    }

    private static void describe(ByteRange file, Inspection.Memory to) {
        if (is(file, 0, "MZ") && !TextMagic.isAscii(file)) {
            executable(file, to);
            return;
        }
        int pdf = document(file);
        if (pdf >= 0) {
            to.add("PDF document, version ");
            version(file, pdf + PDF.length(), to);
            if (pdf > 0 && TextMagic.isAscii(file)) {
                to.add(", ASCII text");
            }
            return;
        }
        for (Kind kind : KINDS) {
            if (kind.is(file)) {
                to.add(kind.text);
                if (kind.detail != null) {
                    kind.detail.add(file, to);
                }
                return;
            }
        }
        if (file.length == 1) {
            to.add("very short file (no magic)");
        } else {
            TextMagic.describe(file, to);
        }
    }

    static boolean is(ByteRange file, int at, String text) {
        // Places are read from files, too: their sum with a length may be none.
        if (at < 0 || at > file.length - text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if ((file.at(at + i) & 0xff) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int at(ByteRange file, int at) {
        return at < file.length ? file.at(at) & 0xff : 0;
    }

    private static int little(ByteRange file, int at) {
        return at(file, at) | at(file, at + 1) << 8;
    }

    private static int big(ByteRange file, int at) {
        return at(file, at) << 8 | at(file, at + 1);
    }

    /** Where a PDF begins, which may lie behind other bytes; -1 where none does. */
    private static int document(ByteRange file) {
        int end = Math.min(file.length, FARTHEST_DOCUMENT);
        for (int at = 0; at < end; at++) {
            if (is(file, at, PDF)) {
                return at;
            }
        }
        return -1;
    }

    private static void version(ByteRange file, int from, Inspection.Memory to) {
        int end = from + 3;
        for (int i = from; i < end && (at(file, i) == '.' || isDigit(at(file, i))); i++) {
            to.add(file.at(i));
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static void seven(ByteRange file, Inspection.Memory to) {
        to.number(at(file, 6)).add(".").number(at(file, 7));
    }

    private static void java(ByteRange file, Inspection.Memory to) {
        to.number(big(file, 6)).add(".").number(big(file, 4));
    }

    private static void sound(ByteRange file, Inspection.Memory to) {
        to.number(at(file, 3)).add(".").number(at(file, 4)).add(".0");
    }

    private static void riff(ByteRange file, Inspection.Memory to) {
        if (is(file, 8, "WAVE")) {
            to.add(", WAVE audio");
        } else if (is(file, 8, "AVI ")) {
            to.add(", AVI");
        } else if (is(file, 8, "WEBP")) {
            to.add(", Web/P image");
        }
    }

    private static void zipped(ByteRange file, Inspection.Memory to) {
        if ((at(file, 3) & 8) != 0) {
            to.add(", was \"");
            for (int i = 10; i < file.length && file.at(i) != 0; i++) {
                to.add(file.at(i));
            }
            to.add("\"");
        }
        to.add(at(file, 8) == 2 ? ", max compression" : at(file, 8) == 4 ? ", max speed" : "");
        to.add(at(file, 9) == 3 ? ", from Unix" : at(file, 9) == 0 ? ", from FAT filesystem" : "");
    }

    private static void gif(ByteRange file, Inspection.Memory to) {
        to.add((byte) at(file, 4));
        to.add((byte) at(file, 5));
        to.add(", ").number(little(file, 6)).add(" x ").number(little(file, 8));
    }

    private static void png(ByteRange file, Inspection.Memory to) {
        long width = (long) big(file, 16) << 16 | big(file, 18);
        long height = (long) big(file, 20) << 16 | big(file, 22);
        to.add(", ").number(width).add(" x ").number(height).add(", ");
        to.number(at(file, 24)).add("-bit");
        to.add(
                switch (at(file, 25)) {
                    case 0 -> " grayscale";
                    case 2 -> "/color RGB";
                    case 3 -> " colormap";
                    case 4 -> " gray+alpha";
                    default -> "/color RGBA";
                });
        to.add(at(file, 28) == 0 ? ", non-interlaced" : ", interlaced");
    }

    private static void jpeg(ByteRange file, Inspection.Memory to) {
        if (is(file, 6, "JFIF")) {
            int minor = at(file, 12);
            to.add(", JFIF standard ").number(at(file, 11)).add(minor < 10 ? ".0" : ".");
            to.number(minor);
        } else if (is(file, 6, "Exif")) {
            to.add(", Exif standard");
        }
    }

    private static void zip(ByteRange file, Inspection.Memory to) {
        int version = at(file, 4);
        to.number(version / 10).add(".").number(version % 10).add(" to extract");
        int method = little(file, 8);
        if (method == 0 || method == 8) {
            to.add(", compression method=").add(method == 0 ? "store" : "deflate");
        }
    }

    private static void flash(ByteRange file, Inspection.Memory to) {
        to.number(at(file, 3));
    }

    private static void elf(ByteRange file, Inspection.Memory to) {
        boolean little = at(file, 5) == 1;
        int type = little ? little(file, 16) : big(file, 16);
        int machine = little ? little(file, 18) : big(file, 18);
        to.add(at(file, 4) == 1 ? "32-bit" : "64-bit").add(little ? " LSB " : " MSB ");
        to.add(
                switch (type) {
                    case 1 -> "relocatable";
                    case 2 -> "executable";
                    case 3 -> "shared object";
                    default -> "core file";
                });
        to.add(
                switch (machine) {
                    case 3 -> ", Intel i386";
                    case 8 -> ", MIPS";
                    case 40 -> ", ARM";
                    case 62 -> ", x86-64";
                    case 183 -> ", ARM aarch64";
                    default -> "";
                });
        to.add(", version 1 (SYSV)");
    }

    /** Of DOS, or of Windows: which kind stands where the DOS header points to. */
    private static void executable(ByteRange file, Inspection.Memory to) {
        int header = little(file, 0x3c) | little(file, 0x3e) << 16;
        if (!is(file, header, "PE\0\0")) {
            to.add("MS-DOS executable, MZ for MS-DOS");
            return;
        }
        int optional = header + 24;
        to.add(little(file, optional) == 0x20b ? "PE32+" : "PE32");
        int minor = little(file, optional + 50);
        to.add(" executable for MS Windows ").number(little(file, optional + 48));
        to.add(minor < 10 ? ".0" : ".").number(minor);
        if ((little(file, header + 22) & 0x2000) != 0) {
            to.add(" (DLL)");
        } else {
            to.add(
                    switch (little(file, optional + 68)) {
                        case 1 -> " (native)";
                        case 2 -> " (GUI)";
                        case 3 -> " (console)";
                        default -> "";
                    });
        }
        to.add(
                switch (little(file, header + 4)) {
                    case 0x14c -> ", Intel i386";
                    case 0x1c0, 0x1c4 -> ", ARM";
                    case 0x8664 -> ", x86-64";
                    case 0xaa64 -> ", ARM64";
                    default -> "";
                });
        to.add(", ").number(little(file, header + 6)).add(" sections");
    }
}
