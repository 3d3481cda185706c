package ips.core.packet;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address as a value: the 128 bits of an IPv6 address in two longs, an IPv4 address
 * as its IPv4-mapped form {@code ::ffff:a.b.c.d} (RFC 4291 §2.5.5.2).
 *
 * <p>An IPv6 packet may carry an IPv4-mapped address all the same, though no host can have it (RFC
 * 4942 §2.2). So that it is never taken for the IPv4 host it names, the decoder makes {@code
 * ::ffff:ffff:a.b.c.d} of it, from a block that nobody is given either. The hot path passes the two
 * longs; this record is for everything behind {@code VerdictSink.raise}.
 *
 * @param high the upper 64 bits in network order; 0 for IPv4
 * @param low the lower 64 bits in network order; {@code 0x0000ffff_aabbccdd} for IPv4 a.b.c.d,
 *     {@code 0xffffffff_aabbccdd} where a packet of IPv6 has the mapped form of it
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {
    private static final IPAddressStringParameters PLAIN_ADDRESS =
            new IPAddressStringParameters.Builder()
                    .allowEmpty(false)
                    .allowAll(false)
                    .allowPrefix(false)
                    .allowMask(false)
                    .allowSingleSegment(false)
                    .allowWildcardedSeparator(false)
                    .allow_inet_aton(false)
                    .getIPv6AddressParametersBuilder()
                    .allowZone(false)
                    .getParentBuilder()
                    .toParams();

    private static final Pattern LEADING_ZERO =
            Pattern.compile("(?<![0-9a-fA-F])0[0-9]+(?=\\.)|(?<=\\.)0[0-9]");

    private static final long IPV4_PREFIX = 0xffffL << 32;
    private static final long MAPPED_PREFIX = 0xffff_ffffL << 32;

    /** The address of an IPv4 packet, from its 32 bits in network order. */
    public static IpAddress ofIpv4(int bits) {
        return new IpAddress(0, ipv4Low(bits));
    }

    /** The {@link #low} half of an IPv4 address, from its 32 bits in network order. */
    public static long ipv4Low(int bits) {
        return IPV4_PREFIX | (bits & 0xffff_ffffL);
    }

    /**
     * The {@link #low} half of an address of an IPv6 packet, from its bytes' two halves: another
     * where they are those of an IPv4-mapped address.
     */
    static long ipv6Low(long high, long low) {
        return isIpv4(high, low) ? mappedLow(low) : low;
    }

    private static long mappedLow(long low) {
        return MAPPED_PREFIX | (low & 0xffff_ffffL);
    }

    /** Whether the two halves hold an IPv4-mapped address of an IPv6 packet. */
    static boolean isMapped(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff_ffffL;
    }

    /** Whether the two halves hold an IPv4 address. */
    public static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /**
     * Reads a textual address, IPv4 dotted decimal or IPv6 (RFC 4291 §2.2); no name is resolved.
     * The IPv4-mapped form is read as the IPv4 address: programs that listen on both write it so.
     *
     * @throws IllegalArgumentException if the text is not one address
     */
    public static IpAddress parse(String text) {
        if (hasLeadingZero(text)) {
            throw new IllegalArgumentException(
                    "not an IP address: " + text + "; leave out the 0 that a number begins with");
        }
        IPAddress address = new IPAddressString(text.strip(), PLAIN_ADDRESS).getAddress();
        if (address == null || address.isMultiple()) {
            throw new IllegalArgumentException("not an IP address: " + text);
        }
        return ofBytes(address.getBytes());
    }

    /** Whether a number of a dotted address begins with 0: some read it as octal, some do not. */
    static boolean hasLeadingZero(String text) {
        return text.indexOf('.') >= 0 && LEADING_ZERO.matcher(text).find();
    }

    /**
     * The address of 4 or 16 bytes in network order.
     *
     * @throws IllegalArgumentException for any other number of bytes
     */
    public static IpAddress ofBytes(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> ofIpv4((int) bigEndian(bytes, 0, 4));
            case 16 -> new IpAddress(bigEndian(bytes, 0, 8), bigEndian(bytes, 8, 8));
            default -> throw new IllegalArgumentException(bytes.length + " bytes are no address");
        };
    }

    /** An IPv4 address as an IPv6 packet would carry it, for one that was read as IPv4. */
    public IpAddress mapped() {
        return new IpAddress(high, mappedLow(low));
    }

    private static long bigEndian(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }

    public boolean isIpv4() {
        return isIpv4(high, low);
    }

    /** 4 or 16 bytes in network order, as in a packet. */
    public byte[] bytes() {
        int count = isIpv4() ? 4 : 16;
        long lower = isMapped(high, low) ? ipv4Low((int) low) : low;
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            int shift = 8 * ((count - 1 - i) & 7);
            bytes[i] = (byte) ((count == 16 && i < 8 ? high : lower) >>> shift);
        }
        return bytes;
    }

    /** IPv4 before IPv6, then by number. */
    @Override
    public int compareTo(IpAddress other) {
        int byFamily = Boolean.compare(other.isIpv4(), isIpv4());
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** Dotted decimal, or the canonical form of RFC 5952. */
    @Override
    public String toString() {
        if (isMapped(high, low)) {
            return "::ffff:" + ofIpv4((int) low);
        }
        return isIpv4()
                ? new IPv4Address((int) low).toCanonicalString()
                : new IPv6Address(bytes()).toCanonicalString();
    }

    /** Dotted decimal, or all eight groups of IPv6 with all their digits. */
    public String toFullString() {
        return isIpv4() ? toString() : new IPv6Address(bytes()).toFullString();
    }
}
