package ips.cli.doctor;

import ips.capture.CaptureInterfaces;
import ips.capture.CaptureInterfaces.Interface;
import ips.cli.report.Units;
import ips.core.block.nft.HostPrograms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every check of {@code ips doctor}, one after another; none changes anything. */
public final class Checks {
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_NET_RAW = 13;
    private static final long LEAST_DISK_BYTES = 1L << 30;
    private static final int LEAST_DESCRIPTORS = 1024;
    private final List<String> links;
    private final Path logDir;
    private final String nft;
    private final boolean blocks;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * @param links the interfaces to be watched; may be empty
     * @param nft the nft program, a name or a path
     * @param blocks whether bans are to be carried out; without, what that needs may be missing
     */
    public Checks(List<String> links, Path logDir, String nft, boolean blocks) {
        this.links = links;
        this.logDir = logDir;
        this.nft = nft;
        this.blocks = blocks;
    }

    /** What was found, in the order of the checks. */
    public List<Finding> run() {
        capabilities();
        if (links.isEmpty()) {
            findings.add(
                    Finding.warn("interface", "none was named", "ips doctor --interface eth0"));
        }
        for (String link : links) {
            if (link(link)) {
                offloads(link);
            }
        }
        nft();
        libpcap();
        clock();
        descriptors();
        disk();
        return findings;
    }

    private void capabilities() {
        long effective = effectiveCapabilities();
        String remedy =
                "run it as root, by systemd with AmbientCapabilities, or: sudo setpriv --reuid=$USER"
                        + " --init-groups --inh-caps=+net_raw,+net_admin"
                        + " --ambient-caps=+net_raw,+net_admin ips run ...";
        if ((effective & 1L << CAP_NET_RAW) == 0) {
            findings.add(Finding.wrong("capability", "no CAP_NET_RAW: no capture", remedy));
        } else if ((effective & 1L << CAP_NET_ADMIN) == 0) {
            findings.add(needed("capability", "no CAP_NET_ADMIN: no bans by nft", remedy));
        } else {
            findings.add(Finding.ok("capability", "CAP_NET_RAW and CAP_NET_ADMIN"));
        }
    }

    private static long effectiveCapabilities() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Whether it is one whose features can be asked. */
    private boolean link(String link) {
        if (link.equals("any")) {
            findings.add(Finding.ok("interface", "any: all there are, by libpcap"));
            return false;
        }
        try {
            // Not the JDK's list: that leaves out interfaces without addresses, as sensors often
            // have.
            Optional<Interface> there =
                    CaptureInterfaces.list().stream()
                            .filter(each -> each.name().equals(link))
                            .findFirst();
            if (there.isEmpty()) {
                findings.add(Finding.wrong("interface", "no " + link, "ips interfaces"));
                return false;
            }
            if (!there.get().up()) {
                findings.add(
                        Finding.wrong(
                                "interface",
                                link + " is down",
                                "sudo ip link set " + link + " up"));
            } else {
                findings.add(Finding.ok("interface", link + " is up"));
            }
            return true;
        } catch (IOException e) {
            findings.add(Finding.wrong("interface", e.getMessage(), "ips interfaces"));
            return false;
        }
    }

    /** Merged packets are longer than on the wire, which signatures of sizes and offsets notice. */
    private void offloads(String link) {
        Ran ethtool = run("ethtool", "-k", link);
        if (!ethtool.ok()) {
            findings.add(
                    Finding.warn(
                            "offloads",
                            ethtool.trouble("ethtool") + ", so they are not known",
                            ethtool.found() ? "ethtool -k " + link : "sudo apt install ethtool"));
            return;
        }
        List<String> on =
                Stream.of("generic-receive-offload", "large-receive-offload")
                        .filter(feature -> ethtool.output().contains(feature + ": on"))
                        .toList();
        findings.add(
                on.isEmpty()
                        ? Finding.ok("offloads", "GRO and LRO are off")
                        : Finding.warn(
                                "offloads",
                                String.join(" and ", on)
                                        + " on: packets are seen merged, not as they came",
                                "sudo ethtool -K " + link + " gro off lro off"));
    }

    private void nft() {
        Ran version = run(nft, "--version");
        if (!version.ok()) {
            findings.add(
                    needed(
                            "nft",
                            version.trouble(nft) + ": --block nft blocks nothing",
                            version.found() ? nft + " --version" : "sudo apt install nftables"));
            return;
        }
        if (!run(nft, "list", "tables").ok()) {
            findings.add(
                    needed(
                            "nft",
                            "nft cannot reach the kernel's firewall: no right to, or no nf_tables",
                            "sudo modprobe nf_tables, and see capability above"));
            return;
        }
        String probe =
                "add table inet ips-doctor; add set inet ips-doctor s { type ipv4_addr; flags"
                        + " timeout; counter; }; add chain inet ips-doctor c { type filter hook"
                        + " prerouting priority -310; }; add rule inet ips-doctor c ip saddr @s"
                        + " drop";
        findings.add(
                run(nft, "--check", probe).ok()
                        ? Finding.ok(
                                "nft",
                                version.output().strip() + ", and the kernel does what it needs")
                        : needed(
                                "kernel",
                                "its nf_tables lack sets with timeouts or the prerouting hook",
                                "run a kernel of 4.18 or newer with CONFIG_NF_TABLES_INET"));
    }

    /** What only blocking needs. */
    private Finding needed(String subject, String text, String remedy) {
        return blocks ? Finding.wrong(subject, text, remedy) : Finding.warn(subject, text, remedy);
    }

    private void libpcap() {
        boolean there =
                Stream.of("/usr/lib", "/usr/lib64", "/lib", "/usr/local/lib")
                        .map(Path::of)
                        .anyMatch(Checks::holdsLibpcap);
        findings.add(
                there
                        ? Finding.ok("libpcap", "is installed")
                        : Finding.warn(
                                "libpcap",
                                "is missing: no --filter, and capture by the kernel's ring only",
                                "sudo apt install libpcap0.8"));
    }

    private static boolean holdsLibpcap(Path folder) {
        try (Stream<Path> files = Files.find(folder, 2, (file, what) -> isLibpcap(file))) {
            return files.findAny().isPresent();
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private static boolean isLibpcap(Path file) {
        return file.getFileName().toString().startsWith("libpcap.so");
    }

    /** Times of bans and logs are the clock's. */
    private void clock() {
        Ran state = run("timedatectl", "show", "--property=NTPSynchronized");
        if (state.ok() && state.output().contains("=no")) {
            findings.add(
                    Finding.warn(
                            "clock",
                            "is not synchronised, so logs may tell wrong times",
                            "sudo timedatectl set-ntp true"));
        } else {
            findings.add(
                    Finding.ok(
                            "clock",
                            state.ok()
                                    ? "is synchronised"
                                    : "no systemd here to ask whether it is right"));
        }
    }

    private void descriptors() {
        Pattern limit = Pattern.compile("Max open files\\s+(\\d+)");
        try {
            Matcher matcher = limit.matcher(Files.readString(Path.of("/proc/self/limits")));
            long most = matcher.find() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
            findings.add(
                    most < LEAST_DESCRIPTORS
                            ? Finding.warn(
                                    "descriptors",
                                    "only " + most + " open files are allowed",
                                    "ulimit -n 4096")
                            : Finding.ok("descriptors", Units.count(most) + " open files allowed"));
        } catch (IOException e) {
            findings.add(Finding.warn("descriptors", "their limit is not known", "ulimit -n"));
        }
    }

    private void disk() {
        Path there = logDir.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            if (!Files.isWritable(there)) {
                findings.add(
                        Finding.wrong(
                                "logs",
                                there + " cannot be written by this user",
                                "choose another with --log-dir"));
            } else if (free < LEAST_DISK_BYTES) {
                findings.add(
                        Finding.warn(
                                "logs",
                                "only " + Units.bytes(free) + " free at " + there,
                                "make room, or choose another place with --log-dir"));
            } else {
                findings.add(Finding.ok("logs", Units.bytes(free) + " free at " + there));
            }
        } catch (IOException e) {
            findings.add(Finding.warn("logs", e.getMessage(), "choose another with --log-dir"));
        }
    }

    /**
     * What came of a program.
     *
     * @param found whether there is one
     * @param output what it printed, errors too
     */
    private record Ran(boolean found, boolean ok, String output) {
        String trouble(String program) {
            String first = output.lines().findFirst().orElse("it hung or said nothing");
            return found ? program + " failed (" + first + ")" : program + " is missing";
        }
    }

    private static Ran run(String program, String... arguments) {
        Optional<Path> found = HostPrograms.find(program);
        if (found.isEmpty()) {
            return new Ran(false, false, "");
        }
        List<String> command = new ArrayList<>(List.of(found.get().toString()));
        command.addAll(List.of(arguments));
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.redirectErrorStream(true).environment().put("LC_ALL", "C");
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Ran(true, false, "");
            }
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(true, process.exitValue() == 0, output);
        } catch (IOException e) {
            return new Ran(true, false, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ran(true, false, "");
        }
    }
}
