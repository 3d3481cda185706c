package ips.core.block.nft;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import ips.core.block.BanKey;
import ips.core.packet.Cidr;
import ips.core.packet.IpAddress;
import ips.core.verdict.BanScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The table as {@code nft -j list table} shows it (libnftables-json(5)). Elements that are no bans
 * the sensor could have given (without timeout, or a range) are noted as strange.
 */
final class NftListing {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * An element of a set of bans.
     *
     * @param untilNs its end, to the second
     * @param packets dropped by it
     * @param bytes dropped by it
     */
    record Element(long untilNs, long packets, long bytes) {}

    private final long nowNs;
    private final Map<BanKey, Element> elements = new LinkedHashMap<>();
    private final Set<BanKey> strange = new HashSet<>();
    private final Set<String> sets = new HashSet<>();
    private final Set<String> guarded = new HashSet<>();
    private final Intervals passing = new Intervals();
    private int rules;
    private int chains;
    private long blockedPackets;
    private long blockedBytes;

    private NftListing(long nowNs) {
        this.nowNs = nowNs;
    }

    /** A table that is not there. */
    static NftListing empty() {
        return new NftListing(0);
    }

    /**
     * Reads what nft printed.
     *
     * @param nowNs the time now, for the ends of elements
     */
    static NftListing parse(byte[] json, long nowNs) throws IOException {
        NftListing listing = new NftListing(nowNs);
        try (JsonParser parser = JSON.createParser(json)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() != JsonToken.FIELD_NAME) {
                    continue;
                }
                switch (parser.currentName()) {
                    case "set" -> listing.set(parser);
                    case "chain" -> {
                        listing.chains++;
                        skip(parser);
                    }
                    case "rule" -> {
                        listing.rules++;
                        skip(parser);
                    }
                    case "counter" -> listing.counter(parser);
                    default -> {}
                }
            }
        }
        return listing;
    }

    private static void skip(JsonParser parser) throws IOException {
        parser.nextToken();
        parser.skipChildren();
    }

    private void counter(JsonParser parser) throws IOException {
        parser.nextToken();
        if (value(parser) instanceof Map<?, ?> counter && "blocked".equals(counter.get("name"))) {
            blockedPackets = number(counter.get("packets"));
            blockedBytes = number(counter.get("bytes"));
        }
    }

    private void set(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return;
        }
        String name = "";
        // nft prints the name ahead of the elements.
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("name")) {
                name = parser.getValueAsString("");
                sets.add(name);
            } else if (field.equals("elem") && parser.currentToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    element(name, value(parser));
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private void element(String set, Object value) {
        if (NftSets.PASSING.contains(set)) {
            try {
                passing.listed(value);
            } catch (IllegalArgumentException e) {
                // Nothing the sensor made; the set is found to differ all the same.
            }
            return;
        }
        Optional<BanScope> scope = NftSets.scope(set);
        if (scope.isEmpty()) {
            return;
        }
        if (NftScript.nobody(set).equals(value)) {
            guarded.add(set);
            return;
        }
        Map<?, ?> fields =
                value instanceof Map<?, ?> outer && outer.get("elem") instanceof Map<?, ?> inner
                        ? inner
                        : Map.of("val", value);
        if (NftScript.nobody(set).equals(fields.get("val"))) {
            guarded.add(set);
            return;
        }
        try {
            BanKey key = new BanKey(address(set, fields.get("val")), scope.get());
            if (fields.get("expires") instanceof Long seconds) {
                Map<?, ?> counter = fields.get("counter") instanceof Map<?, ?> map ? map : Map.of();
                long untilNs = nowNs + seconds * 1_000_000_000L;
                elements.put(
                        key,
                        new Element(
                                untilNs,
                                number(counter.get("packets")),
                                number(counter.get("bytes"))));
            } else {
                strange.add(key);
            }
        } catch (IllegalArgumentException e) {
            // No address or prefix: nothing the sensor made, and nothing it could name to delete.
        }
    }

    private static Cidr address(String set, Object value) {
        if (value instanceof String text) {
            IpAddress address = IpAddress.parse(text);
            return NftSets.isOfSubnets(set) ? Cidr.ipv6Subnet(address) : Cidr.of(address);
        }
        if (value instanceof Map<?, ?> outer
                && outer.get("prefix") instanceof Map<?, ?> prefix
                && prefix.get("addr") instanceof String text) {
            return new Cidr(IpAddress.parse(text), (int) number(prefix.get("len")));
        }
        throw new IllegalArgumentException();
    }

    private static long number(Object value) {
        return value instanceof Long number ? number : 0;
    }

    /** The value at hand: a map, a list, text, a whole number, or "" for anything else. */
    private static Object value(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT:
                Map<String, Object> map = new HashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser));
                }
                return map;
            case START_ARRAY:
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                return list;
            case VALUE_NUMBER_INT:
                return parser.getLongValue();
            case VALUE_STRING:
                return parser.getText();
            default:
                return "";
        }
    }

    /** Whether everything is there that {@link NftScript#create} makes. */
    boolean isComplete(NftScript script) {
        return guarded.containsAll(NftSets.hashed())
                && sets.containsAll(List.of("net4", "net6"))
                && sets.containsAll(NftSets.PASSING)
                && rules == script.rules()
                && chains == script.chains();
    }

    /** What passes ahead of all bans. */
    Intervals passing() {
        return passing;
    }

    /** The bans in the sets. */
    Map<BanKey, Element> elements() {
        return elements;
    }

    /** Elements in the sets of bans that would never end. */
    Set<BanKey> strange() {
        return strange;
    }

    long blockedPackets() {
        return blockedPackets;
    }

    long blockedBytes() {
        return blockedBytes;
    }
}
