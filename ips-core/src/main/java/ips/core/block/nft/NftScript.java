package ips.core.block.nft;

import ips.core.block.Ban;
import ips.core.block.BanKey;
import ips.core.block.nft.NftListing.Element;
import ips.core.packet.Cidr;
import ips.core.verdict.BanScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The texts that {@code nft} is given.
 *
 * <p>The chain hangs in prerouting at priority -310: ahead of raw (-300) and of connection tracking
 * (-200), so that a dropped packet costs no entry there, and for forwarded and container traffic as
 * well as for the host's own. Packets of the allowlist leave it first; that ends this chain only,
 * other tables judge them as ever. Where interfaces are named the same rules hang at their ingress
 * hook too (Linux 5.10).
 *
 * <p>A /64 stands in its set as its first address, and the rule cuts the source's last 64 bits off:
 * such sets are hash tables, too, and change by the element, where a set of intervals would be
 * written anew.
 *
 * <p>Every set of addresses holds one element that never matters, a broadcast or multicast address,
 * which is no packet's source (0.0.0.0 and :: are: of DHCP's clients, of IPv6's probes for
 * duplicates), and the rules end with a jump to an empty chain. By these {@link #probe} finds out
 * whether another program has flushed something, without reading the sets: listing 50,000 elements
 * takes a second.
 */
final class NftScript {
    /** Ahead of raw and connection tracking. */
    static final int PRIORITY = -310;

    private static final int ELEMENTS_PER_LINE = 1000;
    private static final long DAY_MS = 86_400_000;
    private static final String MARK = "sentinel";
    private static final String MASK = "ffff:ffff:ffff:ffff::";
    private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})");

    private static final String EXISTS = "File exists";
    private static final String BUSY = "Device or resource busy";
    private static final List<String> ANSWERS = List.of(EXISTS, BUSY, "No such file or directory");

    /** The first Linux that moves the end of an element that is added again. */
    private static final int[] MOVES_ENDS = {6, 12};

    private final NftConfig config;
    private final String table;
    private final int setSize;
    private final boolean movesEnds;
    private final IngressLinks links;

    /**
     * @param maxBans bans at most; the kernel needs room for those that ended and are not yet swept
     * @param movesEnds whether the kernel takes a new end for an element it has
     */
    NftScript(NftConfig config, int maxBans, boolean movesEnds) {
        this.config = config;
        this.movesEnds = movesEnds;
        table = "inet " + config.table();
        setSize = Math.max(1024, 2 * maxBans);
        links = new IngressLinks(config.ingress());
    }

    /** Whether a Linux of this version, such as {@code 6.1.0-18-amd64}, moves ends of elements. */
    static boolean movesEnds(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.lookingAt()) {
            return false;
        }
        int[] found = {Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))};
        return Arrays.compare(found, MOVES_ENDS) >= 0;
    }

    String table() {
        return table;
    }

    /** How many rules {@link #create} makes. */
    int rules() {
        return (int) create(false).lines().filter(line -> line.startsWith("add rule")).count();
    }

    /** How many chains {@link #create} makes. */
    int chains() {
        return 5 + config.ingress().size() - links.missing().size();
    }

    /**
     * Makes table, sets and rules in one transaction; what is there already stays, but for the
     * rules, which are written anew.
     *
     * @param afresh whether to delete an existing table first, bans included
     */
    String create(boolean afresh) {
        StringBuilder text = new StringBuilder();
        text.append("add table ").append(table).append('\n');
        if (afresh) {
            text.append("delete table ").append(table).append('\n');
            text.append("add table ").append(table).append('\n');
        }
        for (String set : NftSets.hashed()) {
            text.append(
                    "add set %s %s { type %s; size %d; flags timeout; counter; }\n"
                            .formatted(table, set, type(set), setSize));
            text.append("add element %s %s { %s }\n".formatted(table, set, nobody(set)));
        }
        for (String family : NftSets.FAMILIES) {
            text.append(
                    "add set %s net%s { type %s; flags interval,timeout; counter; }\n"
                            .formatted(table, family, type(family)));
            text.append(
                    "add set %s allow%s { type %s; flags interval; auto-merge; }\n"
                            .formatted(table, family, type(family)));
        }
        text.append("add counter %s blocked\n".formatted(table));
        chain(text, MARK, "");
        chain(text, "bans4", "");
        chain(text, "bans6", "");
        chain(text, "bans", "");
        for (String family : NftSets.FAMILIES) {
            bans(text, family);
        }
        rule(text, "bans", "meta nfproto vmap { ipv4 : jump bans4, ipv6 : jump bans6 }");
        rule(text, "bans", "jump " + MARK);
        chain(text, "prerouting", hook("prerouting", ""));
        rule(text, "prerouting", "iifname != \"lo\" jump bans");
        List<String> missing = links.missing();
        for (int i = 0; i < config.ingress().size(); i++) {
            String name = config.ingress().get(i);
            String chain = "ingress" + i;
            if (missing.contains(name)) {
                // Newer kernels keep the chain of an interface that has gone.
                chain(text, chain, "");
                text.append("delete chain %s %s\n".formatted(table, chain));
            } else {
                chain(text, chain, hook("ingress", " device \"" + name + "\""));
                rule(text, chain, "jump bans");
            }
        }
        return text.toString();
    }

    /** The interfaces to hook; {@link #create} makes hooks for those of the last look. */
    IngressLinks links() {
        return links;
    }

    private static String hook(String hook, String device) {
        return " { type filter hook %s%s priority %d; policy accept; }"
                .formatted(hook, device, PRIORITY);
    }

    private void chain(StringBuilder text, String name, String definition) {
        text.append("add chain %s %s%s\n".formatted(table, name, definition));
        text.append("flush chain %s %s\n".formatted(table, name));
    }

    private void rule(StringBuilder text, String chain, String rule) {
        text.append("add rule %s %s %s\n".formatted(table, chain, rule));
    }

    /**
     * The same packets as {@code BannedSources} takes for blocked. The set comes last in each rule:
     * whoever is found there is dropped, and counted with his element.
     */
    private void bans(StringBuilder text, String family) {
        String source = family.equals("4") ? "ip saddr @" : "ip6 saddr @";
        rule(text, "bans" + family, source + "allow" + family + " return");
        drop(text, family, "all", "");
        drop(text, family, "net", "");
        for (String flags : tcpFlags(BanScope.SYN)) {
            drop(text, family, "syn", "tcp flags " + flags + " ");
        }
        for (String flags : tcpFlags(BanScope.ODD_FLAGS)) {
            drop(text, family, "odd", "tcp flags " + flags + " ");
        }
        drop(text, family, "udp", "meta l4proto udp ");
        drop(text, family, "sctp", "meta l4proto sctp ");
        if (family.equals("4")) {
            // Unreachable, quench, redirect, time exceeded and parameter problem pass: RFC 792.
            drop(text, family, "icmp", "ip protocol icmp ip frag-off & 0x1fff != 0 ");
            drop(text, family, "icmp", "icmp type != { 3, 4, 5, 11, 12 } ");
        } else {
            // Errors (RFC 4443) and neighbour discovery (RFC 4861) pass.
            drop(text, family, "icmp", "icmpv6 type { 128-132, 138-255 } ");
        }
    }

    private void drop(StringBuilder text, String family, String word, String packets) {
        String verdict = " counter name \"blocked\" drop";
        if (family.equals("4")) {
            rule(text, "bans4", packets + "ip saddr @" + word + "4" + verdict);
            return;
        }
        rule(text, "bans6", packets + "ip6 saddr @" + word + "6" + verdict);
        if (!word.equals("net")) {
            rule(text, "bans6", packets + "ip6 saddr & " + MASK + " @" + word + "sub6" + verdict);
        }
    }

    private static List<String> tcpFlags(BanScope scope) {
        return scope == BanScope.SYN
                ? List.of("& (syn | ack) == syn")
                : List.of(
                        "& (syn | ack | rst) == 0x0",
                        "& (syn | fin) == (syn | fin)",
                        "& (syn | rst) == (syn | rst)");
    }

    private static String type(String set) {
        return set.endsWith("4") ? "ipv4_addr" : "ipv6_addr";
    }

    /** An address no packet comes from. */
    static String nobody(String set) {
        return set.endsWith("4") ? "255.255.255.255" : "ff00::";
    }

    /**
     * A script that cannot be applied while all is well: it makes elements that are there and
     * deletes a chain in use. nft then refuses each line, see {@link #isIntact}.
     */
    String probe() {
        StringBuilder text = new StringBuilder();
        for (String set : NftSets.hashed()) {
            text.append("create element %s %s { %s }\n".formatted(table, set, nobody(set)));
        }
        text.append("delete chain %s %s\n".formatted(table, MARK));
        return text.toString();
    }

    /** Whether nft refused all of {@link #probe}, each line for the reason it should. */
    static boolean isIntact(String errors) {
        long exist = errors.lines().filter(line -> line.endsWith(EXISTS)).count();
        long busy = errors.lines().filter(line -> line.endsWith(BUSY)).count();
        return exist == NftSets.hashed().size() && busy == 1;
    }

    /**
     * Whether what nft said to {@link #probe} is an answer about the table, and not that nft could
     * not ask: something was taken, or is there, in use or missing.
     */
    static boolean isAnswered(NftCommand.Result result) {
        List<String> errors =
                result.errors().lines().filter(line -> line.contains("Error:")).toList();
        return result.ok()
                || !errors.isEmpty()
                        && errors.stream()
                                .allMatch(line -> ANSWERS.stream().anyMatch(line::endsWith));
    }

    /**
     * Adds, renews and deletes elements in one transaction.
     *
     * @param add bans to enforce
     * @param kernel which of them the kernel may know already, and what they have counted
     * @param delete bans to end; needs not be there
     */
    String change(Collection<Ban> add, KernelBans kernel, List<BanKey> delete, long nowNs) {
        // Deleting what is not there would fail the batch, so it is added first. Kernels that keep
        // the old end of what is added again need the same to renew.
        Map<String, List<String>> cleared = new LinkedHashMap<>();
        Map<String, List<String>> elements = new LinkedHashMap<>();
        for (BanKey key : delete) {
            put(cleared, key, key.address().address().toString());
        }
        for (Ban ban : add) {
            BanKey key = BanKey.of(ban);
            Element known = movesEnds ? null : kernel.get(key);
            if (known != null) {
                put(cleared, key, key.address().address().toString());
            }
            put(elements, key, element(ban, known, nowNs));
        }
        StringBuilder text = new StringBuilder();
        cleared.forEach(
                (set, addresses) -> {
                    elements(text, "add", set, withTimeout(addresses));
                    elements(text, "delete", set, addresses);
                });
        elements.forEach((set, each) -> elements(text, "add", set, each));
        return text.toString();
    }

    private static void put(Map<String, List<String>> bySet, BanKey key, String element) {
        bySet.computeIfAbsent(NftSets.of(key), set -> new ArrayList<>()).add(element);
    }

    private static List<String> withTimeout(List<String> addresses) {
        return addresses.stream().map(address -> address + " timeout 1s").toList();
    }

    /**
     * @param known what its element has counted so far, to go on from, or null
     */
    private static String element(Ban ban, Element known, long nowNs) {
        Cidr network = ban.address();
        Object address = NftSets.isHashed(network) ? network.address() : network;
        String counter =
                known == null
                        ? ""
                        : " counter packets %d bytes %d".formatted(known.packets(), known.bytes());
        long ms = Math.max(1, (ban.untilNs() - nowNs + 999_999) / 1_000_000);
        return address + counter + " timeout " + time(ms);
    }

    /** As nft reads it, whose numbers have eight digits at most: 27 h of milliseconds. */
    private static String time(long ms) {
        long days = ms / DAY_MS;
        return (days == 0 ? "" : days + "d") + ms % DAY_MS + "ms";
    }

    private void elements(StringBuilder text, String verb, String set, List<String> elements) {
        for (int from = 0; from < elements.size(); from += ELEMENTS_PER_LINE) {
            int to = Math.min(elements.size(), from + ELEMENTS_PER_LINE);
            text.append("%s element %s %s { ".formatted(verb, table, set));
            text.append(String.join(", ", elements.subList(from, to)));
            text.append(" }\n");
        }
    }

    /**
     * Replaces all banned networks; those within another one are left out, sets know no overlap.
     */
    String networks(Collection<Ban> bans, KernelBans kernel, long nowNs) {
        List<Ban> outermost = Networks.outermost(bans);
        StringBuilder text = new StringBuilder();
        for (String family : NftSets.FAMILIES) {
            text.append("flush set %s net%s\n".formatted(table, family));
            elements(
                    text,
                    "add",
                    "net" + family,
                    outermost.stream()
                            .filter(ban -> NftSets.family(ban.address()).equals(family))
                            .map(ban -> element(ban, kernel.get(BanKey.of(ban)), nowNs))
                            .toList());
        }
        return text.toString();
    }

    /** Replaces what passes ahead of all bans. */
    String allow(Collection<Cidr> never) {
        Map<String, List<String>> byFamily =
                never.stream()
                        .collect(
                                Collectors.groupingBy(
                                        NftSets::family,
                                        Collectors.mapping(Cidr::toString, Collectors.toList())));
        StringBuilder text = new StringBuilder();
        for (String family : NftSets.FAMILIES) {
            text.append("flush set %s allow%s\n".formatted(table, family));
            elements(text, "add", "allow" + family, byFamily.getOrDefault(family, List.of()));
        }
        return text.toString();
    }

    String deleteTable() {
        return "add table " + table + "\ndelete table " + table + "\n";
    }
}
