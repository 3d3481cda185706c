package ips.core.detect;

import ips.core.flow.ConnectionListener;
import ips.core.flow.ConnectionTable;
import ips.core.flow.SourceTable;
import ips.core.packet.Packet;
import ips.core.packet.Protocol;

/**
 * What became of a source's attempts to reach somebody, as scans are judged by it: each ends up
 * positive or negative, and negative once only. The answer to a SYN is positive once the handshake
 * is complete, for a SYN scan gets answers too and leaves them.
 */
interface AttemptListener extends ConnectionListener {
    ConnectionTable connections();

    /**
     * @param client the source's record
     * @param outcome see {@link ProbeTable#REFUSED} and its kin
     */
    void negative(int connection, int client, int outcome, long nowNs, long frame);

    void positive(int connection, int client, long nowNs, long frame);

    @Override
    default void answered(int connection, int client, Packet packet) {
        if (client != SourceTable.NONE && connections().protocol(connection) != Protocol.TCP) {
            positive(connection, client, packet.timestampNs(), packet.frameNumber());
        }
    }

    @Override
    default void established(int connection, int client, boolean proven, Packet packet) {
        if (client != SourceTable.NONE) {
            positive(connection, client, packet.timestampNs(), packet.frameNumber());
        }
    }

    @Override
    default void refused(int connection, int client, Packet packet) {
        if (client != SourceTable.NONE && !connections().isToldUnanswered(connection)) {
            negative(
                    connection,
                    client,
                    ProbeTable.REFUSED,
                    packet.timestampNs(),
                    packet.frameNumber());
        }
    }

    @Override
    default void abandoned(int connection, int client, Packet packet) {
        if (client != SourceTable.NONE && !connections().isToldHalfOpen(connection)) {
            negative(
                    connection,
                    client,
                    ProbeTable.HALF_OPEN,
                    packet.timestampNs(),
                    packet.frameNumber());
        }
    }

    @Override
    default void unanswered(int connection, int client, long nowNs, long frame) {
        if (client != SourceTable.NONE) {
            negative(connection, client, ProbeTable.UNANSWERED, nowNs, frame);
        }
    }

    @Override
    default void leftHalfOpen(int connection, int client, long nowNs, long frame) {
        if (client != SourceTable.NONE && connections().isAnswered(connection)) {
            negative(connection, client, ProbeTable.HALF_OPEN, nowNs, frame);
        }
    }
}
