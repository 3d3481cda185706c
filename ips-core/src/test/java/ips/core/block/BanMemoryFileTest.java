package ips.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import ips.core.verdict.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BanMemoryFileTest {
    @TempDir private Path folder;

    private static final BanMemory MEMORY =
            new BanMemory(
                    List.of(
                            new Ban(
                                    Cidr.parse("192.0.2.1"),
                                    BanScope.SYN,
                                    Kind.SYN_FLOOD,
                                    "SYN flood: \"51\"",
                                    1,
                                    2,
                                    3),
                            new Ban(
                                    Cidr.parse("2001:db8::/32"),
                                    BanScope.ALL,
                                    null,
                                    "by hand",
                                    4,
                                    5,
                                    0)),
                    Map.of(Cidr.parse("192.0.2.9"), new BanMemory.Past(2, 7)));

    private BanMemoryFile file() {
        return new BanMemoryFile(folder.resolve("deep/bans.json"));
    }

    @Test
    void readsWhatItWrote() throws IOException {
        file().write(BanMemory.NONE);
        file().write(MEMORY);

        assertEquals(MEMORY, file().read());
    }

    @Test
    void knowsNothingWhereThereIsNoFile() throws IOException {
        assertEquals(BanMemory.NONE, file().read());
    }

    @Test
    void refusesDamagedAndForeignFilesInOneSentence() throws IOException {
        file().write(MEMORY);
        Path path = folder.resolve("deep/bans.json");
        byte[] whole = Files.readAllBytes(path);
        Random random = new Random(7);

        for (int i = 0; i < 300; i++) {
            byte[] damaged =
                    Arrays.copyOf(whole, i < 100 ? random.nextInt(whole.length) : whole.length);
            for (int j = 0; i >= 100 && j < 3; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Files.write(path, damaged);
            try {
                file().read();
            } catch (IOException e) {
                assertTrue(e.getMessage().startsWith(path.toString()), e::toString);
            }
        }
        Files.write(path, "{\"version\":2}".getBytes(StandardCharsets.US_ASCII));
        assertThrows(IOException.class, () -> file().read());
    }
}
