package ips.bench.rule;

import ips.bench.flood.Flood;
import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What rules are asked about: floods, and HTTP of keep-alive connections side by side. */
public enum RuleTraffic {
    SYN_ONE_SOURCE(Flood.SYN_ONE_SOURCE),
    SYN_OPTIONS(Flood.SYN_OPTIONS),
    SYN_SPOOFED(Flood.SYN_SPOOFED),
    ICMP(Flood.ICMP),
    UDP_SPOOFED(Flood.UDP_SPOOFED),
    FLAG_SCANS(Flood.FLAG_SCANS),
    MIXED(Flood.MIXED),
    /**
     * Browsers' requests, answers of pages, scripts and pictures from 200 bytes to 60 KB, in full
     * segments; connections opened by a handshake and closed after twelve requests.
     */
    HTTP(null);

    private static final int CONNECTIONS = 200;
    private static final int REQUESTS = 12;
    private static final int SEGMENT = 1460;

    private static final String[] AGENTS = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                + " Chrome/120.0.0.0 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
                + " Gecko) Version/17.2 Mobile/15E148 Safari/604.1"
    };
    private static final String[] WORDS =
            ("article index user login search static assets main page images product list detail"
                            + " theme vendor jquery bootstrap style account upload news the of and a"
                            + " function return var document window script class div span href")
                    .split(" ");

    private final Flood flood;

    RuleTraffic(Flood flood) {
        this.flood = flood;
    }

    /** Frames in one buffer, as {@link Flood#toBuffer} has them; {@code count} is for floods. */
    public ByteBuffer toBuffer(int count, long seed) {
        if (flood != null) {
            return flood.toBuffer(count, seed);
        }
        List<byte[]> frames = new Http(seed).frames();
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(
                        frames.stream().mapToInt(frame -> 4 + frame.length).sum());
        frames.forEach(frame -> buffer.putInt(frame.length).put(frame));
        return buffer.flip();
    }

    /** Makes the connections, a few of them open at a time. */
    private static final class Http {
        private static final int SIDE_BY_SIDE = 20;

        private final Random random;

        Http(long seed) {
            random = new Random(seed);
        }

        List<byte[]> frames() {
            List<byte[]> frames = new ArrayList<>();
            for (int first = 0; first < CONNECTIONS; first += SIDE_BY_SIDE) {
                List<Connection> open = new ArrayList<>();
                for (int i = 0; i < SIDE_BY_SIDE; i++) {
                    open.add(new Connection(first + i, frames));
                }
                open.forEach(Connection::open);
                for (int i = 0; i < REQUESTS; i++) {
                    for (Connection each : open) {
                        each.exchange(request(), response());
                    }
                }
                open.forEach(Connection::close);
            }
            return frames;
        }

        private String word() {
            return WORDS[random.nextInt(WORDS.length)];
        }

        private byte[] request() {
            StringBuilder text = new StringBuilder();
            boolean post = random.nextInt(10) == 0;
            text.append(post ? "POST /" : "GET /").append(word()).append('/').append(word());
            text.append(random.nextInt(3) == 0 ? ".php?id=" : ".html?v=");
            text.append(random.nextInt(100_000)).append("&q=").append(word());
            text.append(" HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: ");
            text.append(AGENTS[random.nextInt(AGENTS.length)]).append("\r\nAccept: text/html,");
            text.append("application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8\r\n");
            text.append("Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate\r\n");
            text.append("Referer: http://www.example.org/").append(word()).append("\r\n");
            text.append("Cookie: session=").append(Long.toHexString(random.nextLong()));
            text.append("; theme=").append(word()).append("\r\nConnection: keep-alive\r\n");
            if (post) {
                StringBuilder form = new StringBuilder("user=").append(word()).append("&text=");
                for (int i = 0; i < 30; i++) {
                    form.append(word()).append('+');
                }
                text.append("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ");
                text.append(form.length()).append("\r\n\r\n").append(form);
            } else {
                text.append("\r\n");
            }
            return text.toString().getBytes(StandardCharsets.ISO_8859_1);
        }

        private byte[] response() {
            int kind = random.nextInt(4);
            int length = 200 + (int) Math.pow(2, 6 + random.nextDouble() * 9.8);
            StringBuilder text = new StringBuilder("HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: ");
            text.append("Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: ");
            text.append(kind == 0 ? "image/jpeg" : kind == 1 ? "text/javascript" : "text/html");
            text.append("\r\nCache-Control: max-age=3600\r\nContent-Length: ").append(length);
            text.append("\r\nConnection: keep-alive\r\n\r\n");
            int end = text.length() + length;
            while (text.length() < end) {
                if (kind == 0) {
                    text.append((char) random.nextInt(256));
                } else {
                    text.append(kind == 1 ? " " : "<p>").append(word());
                    text.append(kind == 1 ? "(x)" : " ").append(word());
                }
            }
            text.setLength(end);
            return text.toString().getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** One connection's frames, with the sequence numbers of both ends. */
    private static final class Connection {
        private final String client;
        private final int port;
        private final List<byte[]> frames;
        private int clientAt;
        private int serverAt;

        Connection(int number, List<byte[]> frames) {
            client = "10.1." + (number >> 6) + "." + (1 + (number & 63));
            port = 20_000 + number;
            this.frames = frames;
            clientAt = number * 7919;
            serverAt = number * 104_729;
        }

        private void add(boolean toServer, int flags, byte[] payload) {
            FrameBuilder frame =
                    toServer
                            ? FrameBuilder.tcp(client, port, "198.51.100.80", 80)
                            : FrameBuilder.tcp("198.51.100.80", 80, client, port);
            frame.flags(flags).seq(toServer ? clientAt : serverAt);
            frame.ack((flags & TcpFlags.ACK) == 0 ? 0 : toServer ? serverAt : clientAt);
            frames.add(frame.payload(payload).build());
            int used = payload.length + ((flags & (TcpFlags.SYN | TcpFlags.FIN)) != 0 ? 1 : 0);
            clientAt += toServer ? used : 0;
            serverAt += toServer ? 0 : used;
        }

        void open() {
            add(true, TcpFlags.SYN, new byte[0]);
            add(false, TcpFlags.SYN | TcpFlags.ACK, new byte[0]);
            add(true, TcpFlags.ACK, new byte[0]);
        }

        void exchange(byte[] request, byte[] response) {
            add(true, TcpFlags.ACK | TcpFlags.PSH, request);
            for (int at = 0, n = 0; at < response.length; at += SEGMENT, n++) {
                int end = Math.min(response.length, at + SEGMENT);
                add(false, TcpFlags.ACK, Arrays.copyOfRange(response, at, end));
                if (n % 2 == 1 || end == response.length) {
                    add(true, TcpFlags.ACK, new byte[0]);
                }
            }
        }

        void close() {
            add(true, TcpFlags.FIN | TcpFlags.ACK, new byte[0]);
            add(false, TcpFlags.FIN | TcpFlags.ACK, new byte[0]);
            add(true, TcpFlags.ACK, new byte[0]);
        }
    }
}
