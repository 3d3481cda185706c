package ips.core.packet;

/**
 * A network: an address with all host bits zero and the length of its prefix.
 *
 * @param prefixLength 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Cidr(IpAddress address, int prefixLength) {
    private static final int IPV6_SUBNET = 64;

    public Cidr {
        int longest = address.isIpv4() ? 32 : 128;
        if (prefixLength < 0 || prefixLength > longest) {
            throw new IllegalArgumentException(
                    address + "/" + prefixLength + ": the prefix length is 0 to " + longest);
        }
        int bits = address.isIpv4() ? prefixLength + 96 : prefixLength;
        address = new IpAddress(address.high() & mask(bits), address.low() & mask(bits - 64));
    }

    /** The network of one address. */
    public static Cidr of(IpAddress address) {
        return new Cidr(address, address.isIpv4() ? 32 : 128);
    }

    /** The /64 around an IPv6 address: what any one customer has at least (RFC 6177). */
    public static Cidr ipv6Subnet(IpAddress address) {
        return new Cidr(address, IPV6_SUBNET);
    }

    /**
     * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or a single address.
     *
     * @throws IllegalArgumentException if the text is none of these; host bits may be set
     */
    public static Cidr parse(String text) {
        String[] parts = text.strip().split("/", -1);
        try {
            IpAddress address = IpAddress.parse(parts[0]);
            if (parts.length == 1) {
                return of(address);
            }
            if (parts.length == 2 && parts[1].matches("\\d{1,3}")) {
                return new Cidr(address, Integer.parseInt(parts[1]));
            }
        } catch (IllegalArgumentException e) {
            // Said below, for every kind of wrong text.
        }
        throw new IllegalArgumentException(
                "not an address or network: "
                        + text
                        + (IpAddress.hasLeadingZero(text)
                                ? "; leave out the 0 that a number begins with"
                                : ""));
    }

    /** The mask of the upper {@code bits} of 64; fewer than 0 count as 0, more than 64 as 64. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
    }

    /** Whether this is one address, its prefix being full. */
    public boolean isSingleAddress() {
        return prefixLength == (address.isIpv4() ? 32 : 128);
    }

    /** Whether this is an IPv6 /64. */
    public boolean isIpv6Subnet() {
        return prefixLength == IPV6_SUBNET; // longer than any prefix of IPv4
    }

    /** Whether every address of the other network lies in this one. */
    public boolean contains(Cidr other) {
        return other.prefixLength >= prefixLength && contains(other.address);
    }

    /** Whether the two have an address in common: one holds the other. */
    public boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    public boolean contains(IpAddress other) {
        return contains(other.high(), other.low());
    }

    /** The same for the two halves of an {@link IpAddress}. */
    public boolean contains(long high, long low) {
        if (address.isIpv4() != IpAddress.isIpv4(high, low)) {
            return false;
        }
        int bits = address.isIpv4() ? prefixLength + 96 : prefixLength;
        return (high & mask(bits)) == address.high() && (low & mask(bits - 64)) == address.low();
    }

    /** The text of one address where the prefix is full, otherwise {@code address/length}. */
    @Override
    public String toString() {
        return isSingleAddress() ? address.toString() : address + "/" + prefixLength;
    }
}
