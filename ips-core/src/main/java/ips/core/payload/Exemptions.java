package ips.core.payload;

import ips.core.HotPath;
import ips.core.packet.Cidr;
import ips.core.verdict.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * The exemptions made ready for bytes: which hold for the request at hand, and which judges they
 * silence for a part. Owned by one thread; a request costs a comparison of paths an exemption.
 */
@HotPath
final class Exemptions {
    private final Exempt[] all;
    private final boolean[] holds;

    Exemptions(List<Exemption> exemptions, Kind[] kinds) {
        all = exemptions.stream().map(e -> new Exempt(e, kinds)).toArray(Exempt[]::new);
        holds = new boolean[all.length];
    }

    /** Which hold for the request at hand, to be set aside and put back. */
    boolean[] state() {
        return holds;
    }

    /** A request of which neither path nor sender is known. */
    void begin() {
        for (int i = 0; i < all.length; i++) {
            holds[i] = all[i].anyPath && all[i].anySender;
        }
    }

    void begin(DirectBuffer path, int offset, int length, long clientHigh, long clientLow) {
        for (int i = 0; i < all.length; i++) {
            holds[i] = all[i].path(path, offset, length) && all[i].sender(clientHigh, clientLow);
        }
    }

    /** The judges, as bits, that are silent for a part of that name. */
    long silent(DirectBuffer name, int offset, int length) {
        long bits = 0;
        for (int i = 0; i < all.length; i++) {
            if (holds[i] && all[i].parameter(name, offset, length)) {
                bits |= all[i].judges;
            }
        }
        return bits;
    }

    private static final class Exempt {
        private final byte[] path;
        private final boolean prefix;
        private final boolean anyPath;
        private final byte[] parameter;
        private final boolean anyParameter;
        private final Cidr[] from;
        private final boolean anySender;
        private final long judges;

        Exempt(Exemption exemption, Kind[] kinds) {
            prefix = exemption.path().endsWith("*");
            anyPath = exemption.path().equals("*");
            int end = exemption.path().length() - (prefix ? 1 : 0);
            path = exemption.path().substring(0, end).getBytes(StandardCharsets.UTF_8);
            parameter = exemption.parameter().getBytes(StandardCharsets.UTF_8);
            anyParameter = exemption.parameter().equals("*");
            from = exemption.from().toArray(Cidr[]::new);
            anySender = from.length == 0;
            long bits = 0;
            for (int i = 0; i < kinds.length; i++) {
                if (exemption.kinds().isEmpty() || exemption.kinds().contains(kinds[i])) {
                    bits |= 1L << i;
                }
            }
            judges = bits;
        }

        boolean path(DirectBuffer buffer, int offset, int length) {
            if (anyPath) {
                return true;
            }
            if (prefix) {
                return length >= path.length
                        && same(path, buffer, offset)
                        && !climbs(buffer, offset + path.length, offset + length);
            }
            return length == path.length && same(path, buffer, offset);
        }

        /** Whether a path leads upwards: it holds two dots in a row, an encoded one or slash. */
        private static boolean climbs(DirectBuffer buffer, int from, int end) {
            for (int at = from; at + 1 < end; at++) {
                int c = buffer.getByte(at);
                int next = buffer.getByte(at + 1);
                if (c == '.' && next == '.' || c == '\\') {
                    return true;
                }
                if (c == '%' && at + 2 < end) {
                    int last = buffer.getByte(at + 2) | 0x20;
                    boolean dot = next == '2' && (last == 'e' || last == 'f' || last == '5');
                    boolean backslash = next == '5' && last == 'c';
                    if (dot || backslash) {
                        return true;
                    }
                }
            }
            return false;
        }

        boolean parameter(DirectBuffer buffer, int offset, int length) {
            return anyParameter || length == parameter.length && same(parameter, buffer, offset);
        }

        boolean sender(long high, long low) {
            for (Cidr network : from) {
                if (network.contains(high, low)) {
                    return true;
                }
            }
            return anySender;
        }

        private static boolean same(byte[] word, DirectBuffer buffer, int offset) {
            for (int i = 0; i < word.length; i++) {
                if (word[i] != buffer.getByte(offset + i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
