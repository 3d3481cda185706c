package ips.core.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import ips.core.packet.IpAddress;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Makes one-line JSON objects in ASCII; for one thread. */
final class EveWriter {
    /** {@code 2026-11-23T06:46:25.123456+0000}. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxx", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** Writes the fields of an object. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private final JsonFactory factory =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final StringWriter text = new StringWriter();

    /** An object with these fields, on one line. */
    String object(Fields fields) {
        text.getBuffer().setLength(0);
        try (JsonGenerator json = factory.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static String time(long ns) {
        return TIME.format(Texts.instant(ns));
    }

    /** An address as Suricata writes it: of IPv6 every digit. */
    static void address(JsonGenerator json, String name, IpAddress address) throws IOException {
        json.writeStringField(name, address.toFullString());
    }

    /** A field of text from anywhere. */
    static void text(JsonGenerator json, String name, String value) throws IOException {
        json.writeStringField(name, wellFormed(value));
    }

    /**
     * A field of bytes of the wire, read as ISO 8859-1: the text if they are UTF-8, otherwise ASCII
     * and the rest in hexadecimal.
     */
    static void bytes(JsonGenerator json, String name, String value) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        try {
            text(
                    json,
                    name,
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            StringBuilder text = new StringBuilder();
            for (byte b : bytes) {
                if (b >= 0) {
                    text.append((char) b);
                } else {
                    text.append(String.format("\\x%02x", b));
                }
            }
            json.writeStringField(name, text.toString());
        }
    }

    /** A field of an {@code Evidence}. */
    static void value(JsonGenerator json, String name, Object value) throws IOException {
        json.writeFieldName(wellFormed(name));
        if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Double number && Double.isFinite(number)) {
            json.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString(wellFormed(String.valueOf(value)));
        }
    }

    /** Without halves of surrogate pairs, which not every reader of JSON takes. */
    static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                byte[] utf16 = text.getBytes(StandardCharsets.UTF_16BE);
                return new String(utf16, StandardCharsets.UTF_16BE);
            }
        }
        return text;
    }
}
