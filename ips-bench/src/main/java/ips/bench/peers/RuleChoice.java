package ips.bench.peers;

import ips.bench.flood.Flood;
import ips.bench.rule.GeneratedRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Which rules the programs are given. What the sensor's detectors look for by themselves Suricata
 * and Snort are always asked for by a few rules, but where {@link Kind#MADE} stand in for all.
 *
 * @param made how many rules are made from a seed; 0 but for {@link Kind#MADE}
 */
record RuleChoice(Kind kind, int made) {
    enum Kind {
        /** The rules shipped with the sensor, for it and for Suricata. */
        SHIPPED,
        /** The shipped rules for the sensor alone, as its user starts it: more than others do. */
        FEW,
        /** No shipped rules: what the detectors look for. */
        NONE,
        /** Rules made from a seed for the sensor and Suricata, and no others. */
        MADE
    }

    static final RuleChoice SHIPPED = new RuleChoice(Kind.SHIPPED, 0);

    /** Reads a choice as it is written on the command line. */
    static final class Converter implements ITypeConverter<RuleChoice> {
        @Override
        public RuleChoice convert(String text) {
            return switch (text) {
                case "shipped" -> SHIPPED;
                case "few" -> new RuleChoice(Kind.FEW, 0);
                case "none" -> new RuleChoice(Kind.NONE, 0);
                default -> new RuleChoice(Kind.MADE, number(text));
            };
        }

        private static int number(String text) {
            try {
                int number = Integer.parseInt(text);
                if (number > 0) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // refused below
            }
            throw new TypeConversionException(
                    "expected shipped, few, none or a number of 1 or more, not '" + text + "'");
        }
    }

    /** What the sensor is told of its rules. */
    List<String> optionsOfIps(Path work) throws IOException {
        return switch (kind) {
            case SHIPPED, FEW -> List.of();
            case NONE -> List.of("--no-shipped-rules");
            case MADE -> List.of("--no-shipped-rules", "--rules=" + generated(work));
        };
    }

    /**
     * The file of Suricata's rules.
     *
     * @param launcher the script that runs the sensor, beside which the shipped rules lie
     */
    Path ofSuricata(Path launcher, Path work) throws IOException {
        return switch (kind) {
            case SHIPPED -> withShipped(launcher.resolveSibling("rules"), work);
            case FEW, NONE -> PeerPrograms.unpack("peers.rules", work);
            case MADE -> generated(work);
        };
    }

    private static Path withShipped(Path folder, Path work) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no folder of shipped rules " + folder);
        }
        StringBuilder text = new StringBuilder();
        text.append(Files.readString(PeerPrograms.unpack("peers.rules", work)));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(RuleChoice::holdsRules).sorted().toList()) {
                text.append(Files.readString(file));
            }
        }
        return Files.writeString(work.resolve("peers-and-shipped.rules"), text);
    }

    private static boolean holdsRules(Path file) {
        return file.toString().endsWith(".rules");
    }

    private Path generated(Path work) throws IOException {
        Path file = work.resolve("generated-" + made + ".rules");
        return Files.writeString(file, GeneratedRules.text(made, Flood.SEED));
    }
}
