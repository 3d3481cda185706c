package ips.core.flow;

import ips.core.ColdPath;
import ips.core.packet.Packet;
import java.util.Arrays;

/**
 * Hands events to the listeners that want them: a listener that does not override a method of
 * {@link ConnectionListener} is not called for it.
 */
final class ConnectionEvents {
    private final ConnectionListener[] attempted;
    private final ConnectionListener[] repeatedTooSoon;
    private final ConnectionListener[] answered;
    private final ConnectionListener[] established;
    private final ConnectionListener[] refused;
    private final ConnectionListener[] abandoned;
    private final ConnectionListener[] unanswered;
    private final ConnectionListener[] leftHalfOpen;
    private final ConnectionListener[] leftHalfOpenAtOnce;
    private final ConnectionListener[] repeated;
    private final ConnectionListener[] completedLate;
    private final ConnectionListener[] outsideConnection;
    private final ConnectionListener[] outsideRejected;
    private final ConnectionListener[] strayRejected;
    private final ConnectionListener[] unaskedSynAck;
    private final ConnectionListener[] unaskedAnswer;
    private final ConnectionListener[] unaskedError;
    private final ConnectionListener[] forgotten;

    ConnectionEvents(ConnectionListener[] listeners) {
        Class<?>[] atPacket = {int.class, int.class, Packet.class};
        Class<?>[] atTick = {int.class, int.class, long.class, long.class};
        attempted = hearing(listeners, "attempted", atPacket);
        repeatedTooSoon = hearing(listeners, "repeatedTooSoon", atPacket);
        answered = hearing(listeners, "answered", atPacket);
        established =
                hearing(
                        listeners,
                        "established",
                        int.class,
                        int.class,
                        boolean.class,
                        Packet.class);
        refused = hearing(listeners, "refused", atPacket);
        abandoned = hearing(listeners, "abandoned", atPacket);
        unanswered = hearing(listeners, "unanswered", atTick);
        leftHalfOpen = hearing(listeners, "leftHalfOpen", atTick);
        leftHalfOpenAtOnce = hearing(listeners, "leftHalfOpenAtOnce", int.class, Packet.class);
        repeated =
                hearing(
                        listeners,
                        "repeated",
                        int.class,
                        int.class,
                        long.class,
                        long.class,
                        int.class,
                        long.class,
                        long.class,
                        long.class,
                        long.class,
                        long.class);
        completedLate = hearing(listeners, "completedLate", atPacket);
        outsideConnection = hearing(listeners, "outsideConnection", atPacket);
        outsideRejected =
                hearing(
                        listeners,
                        "outsideRejected",
                        int.class,
                        int.class,
                        boolean.class,
                        long.class,
                        long.class);
        strayRejected = hearing(listeners, "strayRejected", int.class, long.class, long.class);
        unaskedSynAck = hearing(listeners, "unaskedSynAck", int.class, long.class, long.class);
        unaskedAnswer = hearing(listeners, "unaskedAnswer", atTick);
        unaskedError = hearing(listeners, "unaskedError", Packet.class, boolean.class);
        forgotten = hearing(listeners, "forgotten", int.class);
    }

    @ColdPath
    private static ConnectionListener[] hearing(
            ConnectionListener[] listeners, String event, Class<?>... parameters) {
        ConnectionListener[] hearing = new ConnectionListener[listeners.length];
        int count = 0;
        for (ConnectionListener listener : listeners) {
            try {
                Class<?> declaring =
                        listener.getClass().getMethod(event, parameters).getDeclaringClass();
                if (declaring != ConnectionListener.class) {
                    hearing[count++] = listener;
                }
            } catch (NoSuchMethodException e) {
                throw new AssertionError(e);
            }
        }
        return Arrays.copyOf(hearing, count);
    }

    void attempted(int connection, int client, Packet packet) {
        for (ConnectionListener listener : attempted) {
            listener.attempted(connection, client, packet);
        }
    }

    void repeatedTooSoon(int connection, int client, Packet packet) {
        for (ConnectionListener listener : repeatedTooSoon) {
            listener.repeatedTooSoon(connection, client, packet);
        }
    }

    void answered(int connection, int client, Packet packet) {
        for (ConnectionListener listener : answered) {
            listener.answered(connection, client, packet);
        }
    }

    void established(int connection, int client, boolean proven, Packet packet) {
        for (ConnectionListener listener : established) {
            listener.established(connection, client, proven, packet);
        }
    }

    void refused(int connection, int client, Packet packet) {
        for (ConnectionListener listener : refused) {
            listener.refused(connection, client, packet);
        }
    }

    void abandoned(int connection, int client, Packet packet) {
        for (ConnectionListener listener : abandoned) {
            listener.abandoned(connection, client, packet);
        }
    }

    void unanswered(int connection, int client, long nowNs, long frame) {
        for (ConnectionListener listener : unanswered) {
            listener.unanswered(connection, client, nowNs, frame);
        }
    }

    void leftHalfOpen(int connection, int client, long nowNs, long frame) {
        for (ConnectionListener listener : leftHalfOpen) {
            listener.leftHalfOpen(connection, client, nowNs, frame);
        }
    }

    void leftHalfOpenAtOnce(int client, Packet packet) {
        for (ConnectionListener listener : leftHalfOpenAtOnce) {
            listener.leftHalfOpenAtOnce(client, packet);
        }
    }

    void repeated(
            int client,
            int protocol,
            long serverHigh,
            long serverLow,
            int port,
            long count,
            long lastNs,
            long lastFrame,
            long nowNs,
            long frame) {
        for (ConnectionListener listener : repeated) {
            listener.repeated(
                    client,
                    protocol,
                    serverHigh,
                    serverLow,
                    port,
                    count,
                    lastNs,
                    lastFrame,
                    nowNs,
                    frame);
        }
    }

    void completedLate(int connection, int client, Packet packet) {
        for (ConnectionListener listener : completedLate) {
            listener.completedLate(connection, client, packet);
        }
    }

    void outsideConnection(int connection, int client, Packet packet) {
        for (ConnectionListener listener : outsideConnection) {
            listener.outsideConnection(connection, client, packet);
        }
    }

    void outsideRejected(int connection, int client, boolean byReset, long nowNs, long frame) {
        for (ConnectionListener listener : outsideRejected) {
            listener.outsideRejected(connection, client, byReset, nowNs, frame);
        }
    }

    void strayRejected(int connection, long nowNs, long frame) {
        for (ConnectionListener listener : strayRejected) {
            listener.strayRejected(connection, nowNs, frame);
        }
    }

    void unaskedSynAck(int connection, long sentNs, long sentFrame) {
        for (ConnectionListener listener : unaskedSynAck) {
            listener.unaskedSynAck(connection, sentNs, sentFrame);
        }
    }

    void unaskedAnswer(int connection, int server, long nowNs, long frame) {
        for (ConnectionListener listener : unaskedAnswer) {
            listener.unaskedAnswer(connection, server, nowNs, frame);
        }
    }

    void unaskedError(Packet packet, boolean certain) {
        for (ConnectionListener listener : unaskedError) {
            listener.unaskedError(packet, certain);
        }
    }

    void forgotten(int connection) {
        for (ConnectionListener listener : forgotten) {
            listener.forgotten(connection);
        }
    }
}
