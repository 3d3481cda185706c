package ips.core.rule.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes a case as files: rules, a capture, and the keys of the alerts that are expected. */
final class FuzzDump {
    private FuzzDump() {}

    static void write(Path folder, String name, PlainCase each) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".rules"), String.join("\n", each.rules()) + "\n");
        Files.write(folder.resolve(name + ".expected"), each.expected());
        Files.write(folder.resolve(name + ".pcap"), capture(each.frames()));
    }

    private static byte[] capture(List<byte[]> frames) {
        int length = 24 + frames.stream().mapToInt(frame -> 16 + frame.length).sum();
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0);
        out.putInt(65_535).putInt(1);
        int number = 0;
        for (byte[] frame : frames) {
            number++;
            out.putInt(1_700_000_000 + number / 1000).putInt(number % 1000 * 1000);
            out.putInt(frame.length).putInt(frame.length).put(frame);
        }
        return out.array();
    }
}
