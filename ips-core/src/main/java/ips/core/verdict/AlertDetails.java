package ips.core.verdict;

import ips.core.packet.IpAddress;

/**
 * What an alert says beyond the packet: counts of its flow, its HTTP transaction.
 *
 * @param client who began the flow
 * @param flowStartNs time of the flow's first packet
 * @param http the transaction, or null
 */
public record AlertDetails(
        long packetsToServer,
        long packetsToClient,
        long bytesToServer,
        long bytesToClient,
        long flowStartNs,
        IpAddress client,
        int clientPort,
        IpAddress server,
        int serverPort,
        Http http) {
    /**
     * A transaction as far as it is known; texts are bytes of the wire read as ISO 8859-1, null
     * where there are none.
     *
     * @param port that the host is named with, or 0
     * @param forwardedFor what {@code X-Forwarded-For} says
     * @param redirect what {@code Location} says
     * @param contentRange what {@code Content-Range} says
     * @param status -1 where there is no response yet
     * @param length bytes of the response's body
     */
    public record Http(
            String hostname,
            int port,
            String url,
            String userAgent,
            String forwardedFor,
            String contentType,
            String contentRange,
            String referer,
            String method,
            String protocol,
            int status,
            String redirect,
            long length) {}
}
