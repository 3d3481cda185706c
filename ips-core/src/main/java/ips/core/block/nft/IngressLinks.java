package ips.core.block.nft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The interfaces of {@code nft.ingress}: which of them are there, by the kernel's number, for one
 * that was deleted and made anew has lost its hook. The keeper's thread.
 */
final class IngressLinks {
    private static final Path LINKS = Path.of("/sys/class/net");
    private static final String NONE = "";

    private final List<String> names;
    private final Path links;
    private Map<String, String> numbers = Map.of();

    IngressLinks(List<String> names) {
        this(names, LINKS);
    }

    /**
     * @param links a folder with one per interface, its number in the file {@code ifindex}
     */
    IngressLinks(List<String> names, Path links) {
        this.names = names;
        this.links = links;
        look();
    }

    /**
     * Looks which are there now.
     *
     * @return by name a sentence on each that has gone, come back or been made anew
     */
    Map<String, String> look() {
        Map<String, String> now = new LinkedHashMap<>();
        names.forEach(name -> now.put(name, number(name)));
        Map<String, String> news = new LinkedHashMap<>();
        numbers.forEach(
                (name, before) -> {
                    if (!before.equals(now.get(name))) {
                        news.put(name, sentence(name, before, now.get(name)));
                    }
                });
        numbers = now;
        return news;
    }

    private static String sentence(String name, String before, String now) {
        if (now.equals(NONE)) {
            return "nft.ingress: the interface "
                    + name
                    + " is gone; until it is back, whatever comes in is stopped at the prerouting"
                    + " hook";
        }
        return "nft.ingress: the interface "
                + name
                + (before.equals(NONE) ? " is there" : " was made anew")
                + "; the banned are stopped at its ingress hook";
    }

    private String number(String name) {
        try {
            return Files.readString(links.resolve(name).resolve("ifindex")).strip();
        } catch (IOException e) {
            return NONE;
        }
    }

    /** Those that were not there at the last look; most kernels refuse to hook them. */
    List<String> missing() {
        return names.stream().filter(name -> numbers.get(name).equals(NONE)).toList();
    }
}
