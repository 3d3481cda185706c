package ips.core.rule;

import ips.core.inspect.StreamEvent;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;
import ips.core.rule.Signature.Carrier;
import ips.core.rule.Signature.Type;
import ips.core.rule.keyword.Buffer;
import ips.core.rule.keyword.Payload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Signatures in the order they are asked, grouped by protocol and direction. Immutable and shared
 * by all workers; a reload makes another.
 */
public final class SignatureSet {
    /** No signature at all. */
    public static final SignatureSet EMPTY = new SignatureSet(List.of(), AlertPolicy.NONE);

    private static final int TCP = 0;
    private static final int UDP = 1;
    private static final int ICMP = 2;
    private static final int OTHER = 3;

    private final Signature[] signatures;
    private final SignatureGroup[] groups = new SignatureGroup[8];
    private final TransactionGroup[] transactions = new TransactionGroup[2];
    private final PortReach[] reaches = new PortReach[4];
    private final AddressIndex addresses;
    private final int[] decoder;
    private final boolean asksLooseSegments;
    private final boolean asksAtEnd;
    private final boolean asksQuotedFlows;
    private final boolean asksTcpOptions;
    private final AlertPolicy policy;
    private final boolean spansFlows;

    /**
     * @param policy what else is to be said of their alerts, by {@code threshold.config}
     */
    public SignatureSet(List<Signature> compiled, AlertPolicy policy) {
        this.policy = policy;
        List<Signature> sorted = new ArrayList<>(compiled);
        sorted.sort(
                Comparator.comparing((Signature each) -> each.action)
                        .thenComparing(each -> -each.memoryOrder)
                        .thenComparing(each -> each.info.severity())
                        .thenComparing(each -> Integer.toUnsignedLong(each.info.id().sid())));
        signatures = sorted.toArray(new Signature[0]);
        for (int i = 0; i < signatures.length; i++) {
            signatures[i].order = i;
        }
        addresses = new AddressIndex(all().stream().filter(SignatureSet::byAddresses).toList());
        asksTcpOptions = all().stream().anyMatch(each -> each.asksTcpOptions);
        asksLooseSegments =
                all().stream()
                        .anyMatch(each -> (each.streamEvents & StreamEvent.OUTSIDE_SESSIONS) != 0);
        asksQuotedFlows = all().stream().anyMatch(SignatureSet::asksQuotedFlow);
        asksAtEnd = all().stream().anyMatch(Signature::askedAtEnd);
        decoder = orders(each -> each.type == Type.DECODER);
        for (int kind = TCP; kind <= OTHER; kind++) {
            reaches[kind] = reach(kind);
            for (int direction = 0; direction < 2; direction++) {
                groups[kind * 2 + direction] = group(kind, direction == 0);
            }
        }
        transactions[0] = transactionGroup(true);
        transactions[1] = transactionGroup(false);
        boolean spans = policy.spansFlows();
        for (Signature each : signatures) {
            spans |= each.asksHosts || each.threshold != null || each.detectionFilter != null;
        }
        spansFlows = spans;
    }

    /** Whether any looks into a part of HTTP messages. */
    boolean asksFor(Buffer buffer) {
        return all().stream()
                .flatMap(each -> each.transactionBuffers().stream())
                .anyMatch(test -> test.buffer() == buffer);
    }

    /** Whether any asks what is odd about transactions of an application protocol. */
    boolean asksAppEvents() {
        return all().stream().anyMatch(each -> each.transactionEvents != 0);
    }

    /** Whether any asks to which flow an ICMP error belongs, so that all flows are followed. */
    boolean asksQuotedFlows() {
        return asksQuotedFlows;
    }

    private static boolean asksQuotedFlow(Signature each) {
        boolean ofErrors = each.carrier == Carrier.ICMP || each.carrier == Carrier.ICMPV4;
        return ofErrors && (each.asksFlow || each.toServer || each.toClient);
    }

    private static boolean byAddresses(Signature each) {
        return each.type == Type.ADDRESSES;
    }

    private int[] orders(Predicate<Signature> wanted) {
        return Arrays.stream(signatures).filter(wanted).mapToInt(each -> each.order).toArray();
    }

    private SignatureGroup group(int kind, boolean toServer) {
        List<Signature> members = new ArrayList<>();
        for (Signature each : signatures) {
            boolean direction = toServer ? !each.toClient : !each.toServer;
            if (direction
                    && carried(each.carrier, kind)
                    && !byAddresses(each)
                    && each.type != Type.TRANSACTION
                    && each.type != Type.DECODER) {
                members.add(each);
            }
        }
        return new SignatureGroup(members);
    }

    private PortReach reach(int kind) {
        return new PortReach(
                all().stream()
                        .filter(each -> carried(each.carrier, kind))
                        .filter(each -> !byAddresses(each) && each.type != Type.DECODER)
                        .toList());
    }

    private static boolean carried(Carrier carrier, int kind) {
        return switch (carrier) {
            case ANY_FRAME, IP, IPV4, IPV6 -> true;
            case TCP -> kind == TCP;
            case UDP -> kind == UDP;
            case ICMP, ICMPV4, ICMPV6 -> kind == ICMP;
            case SCTP -> kind == OTHER;
        };
    }

    private TransactionGroup transactionGroup(boolean request) {
        Buffer.Side other = request ? Buffer.Side.RESPONSE : Buffer.Side.REQUEST;
        List<Signature> members = new ArrayList<>();
        for (Signature each : signatures) {
            boolean direction = request ? !each.toClient : !each.toServer;
            boolean anyHere =
                    each.type == Type.TRANSACTION
                            && (each.transactionBuffers.length == 0
                                    || each.transactionBuffers().stream()
                                            .anyMatch(test -> test.buffer().side() != other));
            if (direction && anyHere) {
                members.add(each);
            }
        }
        return new TransactionGroup(members, request, bitsSetBy(request));
    }

    /** Flowbits that may be set while packets of a direction are asked about. */
    private BitSet bitsSetBy(boolean toServer) {
        BitSet bits = new BitSet();
        for (Signature each : signatures) {
            if (toServer ? !each.toClient : !each.toServer) {
                bits.or(each.changedBits);
            }
        }
        return bits;
    }

    /** How many signatures there are. */
    public int size() {
        return signatures.length;
    }

    public boolean isEmpty() {
        return signatures.length == 0;
    }

    /** In the order they are asked. */
    public List<Signature> all() {
        return List.of(signatures);
    }

    /**
     * Whether some of them count or remember across flows. Then one worker has to look at all
     * flows, for outcomes not to depend on the timing of threads.
     */
    public boolean spansFlows() {
        return spansFlows;
    }

    /** Whether some ask what the decoder found odd. */
    public boolean asksDecoder() {
        return decoder.length > 0;
    }

    /** Bytes of the automata, the most of what a set takes. */
    public long memoryBytes() {
        long bytes = transactions[0].memoryBytes() + transactions[1].memoryBytes();
        for (SignatureGroup group : groups) {
            bytes += group.memoryBytes();
        }
        return bytes;
    }

    AlertPolicy policy() {
        return policy;
    }

    Signature get(int order) {
        return signatures[order];
    }

    /** Whether some ask about the end of every flow. */
    boolean asksAtEnd() {
        return asksAtEnd;
    }

    /** Whether some ask what the decoder found odd about options of TCP. */
    boolean asksTcpOptions() {
        return asksTcpOptions;
    }

    /** Whether some ask what is odd about SYNs, or about segments of no session. */
    boolean asksLooseSegments() {
        return asksLooseSegments;
    }

    /** Whether source ports tell which signatures ask about the header of a SYN. */
    boolean asksSourcePorts() {
        return groups[TCP * 2].asksSourcePorts() || addresses.asksPorts();
    }

    AddressIndex addresses() {
        return addresses;
    }

    int[] decoder() {
        return decoder;
    }

    SignatureGroup group(Packet packet, boolean toServer) {
        return groups[kind(packet) * 2 + (toServer ? 0 : 1)];
    }

    PortReach reach(Packet packet) {
        return reaches[kind(packet)];
    }

    private static int kind(Packet packet) {
        return switch (Payload.protocolOf(packet)) {
            case Protocol.TCP -> TCP;
            case Protocol.UDP -> UDP;
            case Protocol.ICMP, Protocol.ICMPV6 -> ICMP;
            default -> OTHER;
        };
    }

    TransactionGroup transactions(boolean request) {
        return transactions[request ? 0 : 1];
    }
}
