package ips.cli.eval;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import ips.core.payload.PartKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Splits whole requests of a corpus into parts, plainly and with allocation: for scoring the judges
 * without a parser in between, not for traffic.
 */
public final class RequestParts {
    /** One name and value. */
    public record Part(PartKind kind, byte[] name, byte[] value) {}

    private static final Set<String> SKIPPED =
            Set.of(
                    "host",
                    "accept",
                    "accept-encoding",
                    "connection",
                    "content-length",
                    "content-type",
                    "transfer-encoding",
                    "upgrade-insecure-requests",
                    "cache-control",
                    "pragma",
                    "if-modified-since",
                    "if-none-match",
                    "dnt");

    /** Signs that headers which browsers send by routine never need. */
    private static final Pattern ODD = Pattern.compile("[{}<>'()`|\\\\%$]|\\.\\.");

    private static final JsonFactory JSON = new JsonFactory();

    private final List<Part> parts = new ArrayList<>();

    private RequestParts() {}

    public static List<Part> of(CorpusRequest request) {
        RequestParts split = new RequestParts();
        split.uri(request.uri());
        String type = "";
        for (CorpusRequest.Header header : request.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            switch (name) {
                case "cookie" -> split.pairs(PartKind.COOKIE, header.value(), ';', true);
                case "user-agent" -> split.add(PartKind.USER_AGENT, name, header.value());
                case "referer", "origin" -> split.referer(name, header.value());
                case "content-type" -> {
                    type = header.value();
                    if (type.length() > 100 || ODD.matcher(type).find()) {
                        split.add(PartKind.HEADER, name, type);
                    }
                }
                default -> {
                    if (!SKIPPED.contains(name) || ODD.matcher(header.value()).find()) {
                        split.add(PartKind.HEADER, name, header.value());
                    }
                }
            }
        }
        if (request.body().length > 0) {
            split.body(type, request.body());
        }
        return split.parts;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void add(PartKind kind, String name, String value) {
        parts.add(new Part(kind, bytes(name), bytes(value)));
    }

    private void uri(String uri) {
        int query = uri.indexOf('?');
        add(PartKind.PATH, "", query < 0 ? uri : uri.substring(0, query));
        if (query >= 0) {
            pairs(PartKind.QUERY, uri.substring(query + 1), '&', false);
        }
    }

    /** A client's own URL: its path and parameters. */
    private void referer(String name, String value) {
        int query = value.indexOf('?');
        add(PartKind.REFERER, name, query < 0 ? value : value.substring(0, query));
        if (query >= 0) {
            for (String pair : value.substring(query + 1).split("&")) {
                int equals = pair.indexOf('=');
                add(
                        PartKind.REFERER,
                        equals < 0 ? "" : pair.substring(0, equals),
                        pair.substring(equals + 1).replace('+', ' '));
            }
        }
    }

    private void pairs(PartKind kind, String text, char separator, boolean trim) {
        int from = 0;
        while (from <= text.length()) {
            int end = text.indexOf(separator, from);
            end = end < 0 ? text.length() : end;
            String pair = text.substring(from, end);
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals);
            String value = pair.substring(equals + 1);
            if (!pair.isEmpty()) {
                add(kind, trim ? name.strip() : name, value);
            }
            from = end + 1;
        }
    }

    private void body(String type, byte[] body) {
        String lower = type.toLowerCase(Locale.ROOT);
        String text = new String(body, StandardCharsets.ISO_8859_1);
        if (lower.startsWith("multipart/")) {
            multipart(type, text);
        } else if (lower.contains("json")) {
            json(body, text);
        } else if (lower.contains("xml") || text.stripLeading().startsWith("<?xml")) {
            xml(text);
        } else if (lower.contains("urlencoded")) {
            pairs(PartKind.FORM, text, '&', false);
        } else {
            add(PartKind.BODY, "", text);
        }
    }

    private void json(byte[] body, String text) {
        int before = parts.size();
        try (JsonParser parser = JSON.createParser(body)) {
            String name = "";
            int opened = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                opened += token.isStructStart() ? 1 : 0;
                if (token == JsonToken.FIELD_NAME) {
                    name = field(parser, opened == 1);
                    parts.add(
                            new Part(
                                    PartKind.JSON,
                                    new byte[0],
                                    name.getBytes(StandardCharsets.UTF_8)));
                } else if (token == JsonToken.VALUE_STRING) {
                    parts.add(
                            new Part(
                                    PartKind.JSON,
                                    name.getBytes(StandardCharsets.UTF_8),
                                    parser.getText().getBytes(StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException broken) {
            while (parts.size() > before) {
                parts.remove(parts.size() - 1);
            }
            add(PartKind.BODY, "", text);
        }
    }

    /**
     * A field's name, an operator's with the field that it is for: {@code user[$ne]}, or {@code
     * [$ne]} for the document itself.
     *
     * @param first whether no object or array has begun inside of the document yet
     */
    private static String field(JsonParser parser, boolean first) throws IOException {
        String name = parser.currentName();
        JsonStreamContext outside = parser.getParsingContext().getParent();
        boolean operator = name.startsWith("$") && outside.inObject();
        if (name.startsWith("$") && first && outside.inRoot()) {
            return "[" + name + "]";
        }
        return operator ? outside.getCurrentName() + "[" + name + "]" : name;
    }

    private void multipart(String type, String text) {
        int at = type.toLowerCase(Locale.ROOT).indexOf("boundary=");
        if (at < 0) {
            add(PartKind.BODY, "", text);
            return;
        }
        String boundary = type.substring(at + 9).split(";")[0].strip().replace("\"", "");
        for (String section : text.split("--" + Pattern.quote(boundary), -1)) {
            int blank = section.indexOf("\r\n\r\n");
            if (blank < 0) {
                continue;
            }
            String head = section.substring(0, blank);
            String value = section.substring(blank + 4);
            value = value.endsWith("\r\n") ? value.substring(0, value.length() - 2) : value;
            String name = attribute(head, " name=\"");
            String file = attribute(head, "filename=\"");
            for (String line : head.strip().split("\r\n")) {
                int colon = line.indexOf(':');
                if (colon > 0 && !line.toLowerCase(Locale.ROOT).startsWith("content-disp")) {
                    add(PartKind.HEADER, line.substring(0, colon), line.substring(colon + 1));
                }
            }
            if (file.isEmpty()) {
                add(PartKind.MULTIPART, name, value);
            } else {
                add(PartKind.FILE_NAME, name, file);
                if (!value.isEmpty()) {
                    add(PartKind.FILE, "", value.substring(0, Math.min(1024, value.length())));
                }
            }
        }
    }

    private static String attribute(String head, String start) {
        int from = head.indexOf(start);
        if (from < 0) {
            return "";
        }
        from += start.length();
        int end = head.indexOf('"', from);
        int line = head.indexOf('\r', from);
        line = line < 0 ? head.length() : line;
        // a quote that ends the line ends the name, whatever quotes it holds
        int last = head.lastIndexOf('"', line);
        end = start.startsWith("file") && last > end ? last : end;
        return end < 0 ? head.substring(from, line) : head.substring(from, end);
    }

    private void xml(String text) {
        int at = 0;
        StringBuilder prolog = new StringBuilder();
        while (at < text.length()) {
            int open = text.indexOf('<', at);
            if (open < 0) {
                open = text.length();
            }
            String content = text.substring(at, open).strip();
            if (!content.isEmpty()) {
                add(PartKind.XML, "", unescape(content));
            }
            if (open >= text.length()) {
                break;
            }
            if (text.startsWith("<![CDATA[", open)) {
                int end = text.indexOf("]]>", open);
                end = end < 0 ? text.length() : end;
                add(PartKind.XML, "", text.substring(open + 9, end));
                prolog.append(text, open, Math.min(text.length(), open + 40)).append(' ');
                at = Math.min(text.length(), end + 3);
                continue;
            }
            if (text.startsWith("<!", open)) {
                int end = text.indexOf(">", open);
                int subset = text.indexOf("[", open);
                if (subset >= 0 && end >= 0 && subset < end) {
                    int close = text.indexOf("]", subset);
                    end = close < 0 ? text.length() - 1 : text.indexOf(">", close);
                }
                end = end < 0 ? text.length() - 1 : end;
                prolog.append(text, open, end + 1).append(' ');
                at = end + 1;
                continue;
            }
            int end = open + 1;
            char quote = 0;
            while (end < text.length()) {
                char c = text.charAt(end);
                if (quote != 0) {
                    quote = c == quote ? 0 : quote;
                } else if (c == '"' || c == '\'') {
                    quote = c;
                } else if (c == '>') {
                    break;
                }
                end++;
            }
            element(text.substring(open, Math.min(end + 1, text.length())), prolog);
            at = end + 1;
        }
        if (prolog.length() > 0) {
            add(PartKind.XML_PROLOG, "", prolog.toString());
        }
    }

    private void element(String tag, StringBuilder prolog) {
        String name = tag.split("[\\s/>]", 3)[0].toLowerCase(Locale.ROOT);
        if (tag.startsWith("<?")) {
            if (!name.equals("<?xml")) {
                prolog.append(tag).append(' ');
            }
            return;
        }
        // markup of a page inside a document: judged as such
        if (Set.of("<script", "<html:script", "<xi:include").contains(name)
                || Set.of("<img", "<iframe", "<svg", "<body").contains(name)
                        && !tag.startsWith(">", name.length())) {
            prolog.append(tag).append(' ');
        }
        var matcher = ATTRIBUTE.matcher(tag);
        while (matcher.find()) {
            String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
            if (!value.isEmpty()) {
                add(PartKind.XML, matcher.group(1), unescape(value));
            }
        }
    }

    private static final Pattern ATTRIBUTE =
            Pattern.compile("([\\w:.-]+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)')");

    private static String unescape(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&#x27;", "'")
                .replace("&amp;", "&");
    }
}
