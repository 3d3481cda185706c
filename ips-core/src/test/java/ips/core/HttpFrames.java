package ips.core;

import ips.core.packet.FrameBuilder;
import ips.core.packet.TcpFlags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Frames of whole keep-alive connections on which honest clients send every form of request. */
final class HttpFrames {
    /** Requests on each connection. */
    static final int REQUESTS = 15;

    private static final int SEGMENT = 1448;
    private static final int NO_CUT = Integer.MAX_VALUE;

    private final List<byte[]> frames = new ArrayList<>();
    private final String client;
    private final int port;
    private final String server;
    private int clientNext = 1000;
    private int serverNext = 5000;

    private HttpFrames(int number) {
        client = "192.0.2." + (1 + number);
        port = 30_000 + number;
        server = "198.51.100.7";
    }

    /** The connections of {@code clients} clients, one behind another, each with its own values. */
    static List<byte[]> ofClients(int clients) {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            all.addAll(new HttpFrames(i).connection(i));
        }
        return all;
    }

    private List<byte[]> connection(int number) {
        add(true, TcpFlags.SYN, new byte[0]);
        add(false, TcpFlags.SYN | TcpFlags.ACK, new byte[0]);
        add(true, TcpFlags.ACK, new byte[0]);
        String id = Integer.toHexString(number * 0x9e37_79b1);
        ask(head("GET /shop/shoes-" + id + "?q=red+shoes%20" + id + "&page=2", ""), "", NO_CUT);
        ask(head("GET /a%2Fb/" + id + "?next=%2Fcart%3Fitem%3D" + number, ""), "", 60);
        String form = "name=O%27Brien&street=12+Main+St.&note=%3Cb%3Ehello%3C%2Fb%3E&id=" + id;
        ask(head("POST /account", "Content-Type: application/x-www-form-urlencoded"), form, 300);
        String json =
                "{\"id\":\""
                        + id
                        + "\",\"title\":\"Tom \\u0026 Jerry's \\\"best\\\"\",\"tags\":[\"a\",{\"b\":1.5}]}";
        ask(head("POST /api", "Content-Type: application/json"), json, NO_CUT);
        String chunked = "5\r\nname=\r\n" + "8;x=y\r\n" + "aaaa" + "bbbb" + "\r\n0\r\n\r\n";
        String type = "Content-Type: application/x-www-form-urlencoded\r\n";
        askAsItIs(head("PUT /chunks", type + "Transfer-Encoding: chunked") + "\r\n" + chunked, 250);
        String part = "--XX\r\nContent-Disposition: form-data; name=\"";
        String multipart =
                part
                        + "title\"\r\n\r\nMy holiday\r\n"
                        + part
                        + "file\"; filename=\"beach.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
                        + "\u00ff\u00d8\u00ff\u00e0 not a picture "
                        + id
                        + "\r\n--XX--\r\n";
        ask(head("POST /upload", "Content-Type: multipart/form-data; boundary=XX"), multipart, 400);
        String xml =
                "<?xml version=\"1.0\"?><order id=\"" + id + "\"><note>a &amp; b</note></order>";
        ask(head("POST /soap", "Content-Type: text/xml"), xml, NO_CUT);
        String zipped = "Content-Type: application/json\r\nContent-Encoding: gzip";
        ask(head("POST /zipped", zipped), gzip(json), NO_CUT);
        String deflated = "Content-Type: application/json\r\nContent-Encoding: deflate";
        ask(head("POST /deflated", deflated), deflate(json), 500);
        String zippedChunks = gzip(json);
        askAsItIs(
                head("POST /both", zipped + "\r\nTransfer-Encoding: chunked")
                        + "\r\n"
                        + Integer.toHexString(zippedChunks.length())
                        + "\r\n"
                        + zippedChunks
                        + "\r\n0\r\nX-Sum: "
                        + id
                        + "\r\n\r\n",
                300);
        pipelined(
                head("GET /one?id=" + id, "") + "\r\n",
                head("POST /two", "Content-Type: application/x-www-form-urlencoded")
                        + "Content-Length: "
                        + form.length()
                        + "\r\n\r\n"
                        + form,
                head("GET /three?name=O%27Neill%20%28" + id + "%29", "") + "\r\n");
        continued(
                head("PUT /slow", "Expect: 100-continue\r\nContent-Length: " + json.length()),
                json);
        String rows = (id + ";plain text;3.50\r\n").repeat(2800) + "O'Neill;(new);4\r\n";
        ask(head("POST /import", "Content-Type: text/csv"), rows, 1);
        add(true, TcpFlags.FIN | TcpFlags.ACK, new byte[0]);
        add(false, TcpFlags.FIN | TcpFlags.ACK, new byte[0]);
        add(true, TcpFlags.ACK, new byte[0]);
        return frames;
    }

    private String head(String line, String more) {
        return line
                + " HTTP/1.1\r\nHost: www.example.org\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
                + "Accept: */*\r\nReferer: http://www.example.org/list?sort=price&x=%20"
                + port
                + "\r\nCookie: sid=8f14e45f"
                + port
                + "; prefs=%7B%22a%22%3A1%7D\r\n"
                + (more.isEmpty() ? "\r\n" : more + "\r\n");
    }

    private void ask(String head, String body, int cut) {
        String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n\r\n";
        askAsItIs(head + length + body, cut);
    }

    /** Sends a request, its first segment {@code cut} bytes long at most, and answers it. */
    private void askAsItIs(String request, int cut) {
        byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
        int first = Math.min(cut, bytes.length);
        send(true, bytes, 0, first);
        send(true, bytes, first, bytes.length);
        String page = "<p>Nothing to see here.</p>".repeat(100);
        String framing =
                cut == NO_CUT
                        ? "Content-Length: " + page.length() + "\r\n\r\n" + page
                        : "Transfer-Encoding: chunked\r\n\r\na8c\r\n" + page + "\r\n0\r\n\r\n";
        byte[] response =
                ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + framing)
                        .getBytes(StandardCharsets.ISO_8859_1);
        send(false, response, 0, response.length);
        add(true, TcpFlags.ACK, new byte[0]);
    }

    /** Sends requests in one go, and then the answers to them. */
    private void pipelined(String... requests) {
        byte[] bytes = String.join("", requests).getBytes(StandardCharsets.ISO_8859_1);
        send(true, bytes, 0, bytes.length);
        byte[] responses =
                "HTTP/1.1 204 No Content\r\n\r\n"
                        .repeat(requests.length)
                        .getBytes(StandardCharsets.ISO_8859_1);
        send(false, responses, 0, responses.length);
        add(true, TcpFlags.ACK, new byte[0]);
    }

    /** Sends a head, and its body when the server asks for it. */
    private void continued(String head, String body) {
        byte[] asked = (head + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        send(true, asked, 0, asked.length);
        byte[] go = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        send(false, go, 0, go.length);
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        send(true, bytes, 0, bytes.length);
        byte[] done = "HTTP/1.1 201 Created\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        send(false, done, 0, done.length);
    }

    private void send(boolean fromClient, byte[] bytes, int from, int end) {
        for (int at = from; at < end; at += SEGMENT) {
            byte[] some = Arrays.copyOfRange(bytes, at, Math.min(end, at + SEGMENT));
            add(fromClient, TcpFlags.PSH | TcpFlags.ACK, some);
        }
    }

    private void add(boolean fromClient, int flags, byte[] payload) {
        FrameBuilder frame =
                fromClient
                        ? FrameBuilder.tcp(client, port, server, 80).seq(clientNext)
                        : FrameBuilder.tcp(server, 80, client, port).seq(serverNext);
        if ((flags & TcpFlags.ACK) != 0) {
            frame.ack(fromClient ? serverNext : clientNext);
        }
        frames.add(frame.flags(flags).payload(payload).build());
        int taken = payload.length + ((flags & (TcpFlags.SYN | TcpFlags.FIN)) != 0 ? 1 : 0);
        if (fromClient) {
            clientNext += taken;
        } else {
            serverNext += taken;
        }
    }

    private static String deflate(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static String gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
