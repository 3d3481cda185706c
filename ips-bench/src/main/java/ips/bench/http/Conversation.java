package ips.bench.http;

import ips.bench.http.TcpFrames.Endpoint;
import java.util.SplittableRandom;

/** One connection, from its handshake to its end, a burst at a time. */
final class Conversation {
    /** What a server sends before it waits for an acknowledgment: Linux' initial window. */
    private static final int BURST = 10;

    private final Client client;
    private final Endpoint here;
    private final Endpoint there;
    private boolean connected;
    private int asked;
    private byte[] response;
    private int sent;

    Conversation(int number, Client client, Site site, SplittableRandom random) {
        this.client = client;
        here = new Endpoint(client.address(), 32_768 + number % 28_000, 52, random.nextInt());
        there = new Endpoint(site.address(), 80, 63, random.nextInt());
    }

    int requests() {
        return asked;
    }

    /** The client's IPv4 address. */
    int client() {
        return client.address();
    }

    int attacks() {
        return client.attacks() ? asked : 0;
    }

    /** Goes on with the connection; false once it has ended. */
    boolean turn(TcpFrames frames) {
        if (!connected) {
            frames.bare(here, there, TcpFrames.SYN);
            frames.bare(there, here, TcpFrames.SYN | TcpFrames.ACK);
            frames.bare(here, there, TcpFrames.ACK);
            connected = true;
        } else if (response != null) {
            answer(frames);
        } else if (asked < client.requests()) {
            ask(frames);
        } else {
            frames.bare(here, there, TcpFrames.FIN | TcpFrames.ACK);
            frames.bare(there, here, TcpFrames.FIN | TcpFrames.ACK);
            frames.bare(here, there, TcpFrames.ACK);
            return false;
        }
        return true;
    }

    private void ask(TcpFrames frames) {
        Client.Exchange exchange = client.next();
        asked++;
        response = exchange.response();
        sent = 0;
        byte[] request = exchange.request();
        for (int at = 0; at < request.length; ) {
            at += segment(frames, here, there, request, at);
        }
        frames.bare(there, here, TcpFrames.ACK);
    }

    private void answer(TcpFrames frames) {
        for (int i = 0; i < BURST && sent < response.length; i++) {
            sent += segment(frames, there, here, response, sent);
            if (i % 2 == 1 || sent == response.length) {
                frames.bare(here, there, TcpFrames.ACK);
            }
        }
        if (sent == response.length) {
            response = null;
        }
    }

    private static int segment(
            TcpFrames frames, Endpoint from, Endpoint to, byte[] message, int at) {
        int length = Math.min(TcpFrames.SEGMENT, message.length - at);
        boolean last = at + length == message.length;
        int flags = last ? TcpFrames.PSH | TcpFrames.ACK : TcpFrames.ACK;
        frames.segment(from, to, flags, message, at, length);
        return length;
    }
}
