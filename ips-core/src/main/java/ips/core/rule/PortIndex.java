package ips.core.rule;

import ips.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;

/** Signatures by the ports their headers ask for, so that most need not be asked. Immutable. */
final class PortIndex {
    /** Lists of more ports than this are asked whatever the port. */
    private static final int FEW = 64;

    private static final int[] NONE = {};

    private final int[] any;
    private final Int2ObjectHashMap<int[]> byDestination = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<int[]> bySource = new Int2ObjectHashMap<>();

    PortIndex(List<Signature> signatures) {
        List<Integer> anywhere = new ArrayList<>();
        Int2ObjectHashMap<List<Integer>> destinations = new Int2ObjectHashMap<>();
        Int2ObjectHashMap<List<Integer>> sources = new Int2ObjectHashMap<>();
        for (Signature each : signatures) {
            if (!each.bidirectional && each.destinationPort.count() <= FEW) {
                put(each, each.destinationPort, destinations);
            } else if (!each.bidirectional && each.sourcePort.count() <= FEW) {
                put(each, each.sourcePort, sources);
            } else {
                anywhere.add(each.order);
            }
        }
        any = array(anywhere);
        destinations.forEach((port, orders) -> byDestination.put(port, array(orders)));
        sources.forEach((port, orders) -> bySource.put(port, array(orders)));
    }

    private static void put(
            Signature signature, PortSet ports, Int2ObjectHashMap<List<Integer>> to) {
        ports.forEach(
                port -> to.computeIfAbsent(port, key -> new ArrayList<>()).add(signature.order));
    }

    private static int[] array(List<Integer> orders) {
        return orders.isEmpty() ? NONE : orders.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether any of them fits a packet's header. */
    boolean anyFits(Packet packet, SignatureSet set) {
        return fits(any, packet, set)
                || !byDestination.isEmpty()
                        && fits(byDestination.get(packet.destinationPort()), packet, set)
                || !bySource.isEmpty() && fits(bySource.get(packet.sourcePort()), packet, set);
    }

    private static boolean fits(int[] orders, Packet packet, SignatureSet set) {
        if (orders != null) {
            for (int order : orders) {
                if (set.get(order).fitsHeader(packet)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Adds those that a packet of these ports may match. */
    void collect(int sourcePort, int destinationPort, Candidates to) {
        to.addAll(any);
        if (!byDestination.isEmpty()) {
            int[] orders = byDestination.get(destinationPort);
            if (orders != null) {
                to.addAll(orders);
            }
        }
        if (!bySource.isEmpty()) {
            int[] orders = bySource.get(sourcePort);
            if (orders != null) {
                to.addAll(orders);
            }
        }
    }
}
