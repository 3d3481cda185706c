package ips.core.block.nft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngressLinksTest {
    @TempDir private Path folder;

    private void add(String name, int number) throws IOException {
        Files.createDirectories(folder.resolve(name));
        Files.writeString(folder.resolve(name).resolve("ifindex"), number + "\n");
    }

    private void delete(String name) throws IOException {
        Files.delete(folder.resolve(name).resolve("ifindex"));
        Files.delete(folder.resolve(name));
    }

    @Test
    void tellsEachInterfaceThatGoesOrComesOnce() throws IOException {
        add("eth0", 2);
        add("eth1", 3);
        IngressLinks links = new IngressLinks(List.of("eth0", "eth1", "eth2"), folder);
        assertEquals(List.of("eth2"), links.missing());
        assertEquals(Map.of(), links.look());

        delete("eth1");
        Map<String, String> gone = links.look();
        assertEquals(List.of("eth1"), List.copyOf(gone.keySet()));
        assertTrue(gone.get("eth1").contains("the interface eth1 is gone; "), gone::toString);
        assertEquals(List.of("eth1", "eth2"), links.missing());
        assertEquals(Map.of(), links.look());

        add("eth1", 7);
        Map<String, String> back = links.look();
        assertTrue(back.get("eth1").contains("the interface eth1 is there; "), back::toString);
        assertEquals(List.of("eth2"), links.missing());
    }

    /** Its hook went with the old one, though the name was there at both looks. */
    @Test
    void knowsAnInterfaceThatWasMadeAnewByItsNumber() throws IOException {
        add("eth0", 2);
        IngressLinks links = new IngressLinks(List.of("eth0"), folder);

        add("eth0", 9);

        assertTrue(links.look().get("eth0").contains("eth0 was made anew; "));
        assertEquals(List.of(), links.missing());
    }
}
