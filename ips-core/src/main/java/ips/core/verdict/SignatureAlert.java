package ips.core.verdict;

import ips.core.packet.IpAddress;

/**
 * A rule matched: what EVE's {@code alert} says about it. Made when a rule alerts, at most once per
 * rule and packet or transaction. Ports are 0 to 65535.
 *
 * @param frame number of the frame at hand, from 1
 * @param timestampNs that frame's time, or the last of the flow at whose end it was found;
 *     nanoseconds since 1970
 * @param order its place among the alerts of its frame
 * @param rule what matched
 * @param blocked whether the packet is dropped for it
 * @param verdict what becomes of the packet: {@code alert}, {@code drop} or {@code pass}
 * @param ban whether the rule's action asks to block the source
 * @param source null where the frame has no address
 * @param sourcePort 0 where there is none
 * @param protocol the transport protocol's number
 * @param icmpType -1 where it is not ICMP
 * @param flowId identifies the flow; 0 without flow
 * @param toServer the packet's direction in its flow
 * @param fromStream whether it was found at the end of a flow, not in a packet
 * @param appProtocol the application protocol, or null
 * @param transaction number of the transaction within its flow, or -1
 * @param proven whether the source completed a handshake
 * @param details what else is known of the flow, or null
 * @param packet what else is known of the packet
 */
public record SignatureAlert(
        long frame,
        long timestampNs,
        int order,
        RuleInfo rule,
        boolean blocked,
        String verdict,
        boolean ban,
        IpAddress source,
        int sourcePort,
        IpAddress destination,
        int destinationPort,
        int protocol,
        int icmpType,
        int icmpCode,
        long flowId,
        boolean toServer,
        boolean fromStream,
        String appProtocol,
        long transaction,
        boolean proven,
        AlertDetails details,
        PacketDetails packet)
        implements Report {}
