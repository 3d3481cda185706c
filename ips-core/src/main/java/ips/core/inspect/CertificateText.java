package ips.core.inspect;

import ips.core.ColdPath;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;

/**
 * What rules read of an X.509 certificate (RFC 5280 §4.1), written as Suricata does: names in the
 * certificate's order ({@code C=FR, O=Example, CN=host}), numbers in hexadecimal parted by colons.
 * Asked once per certificate and rule that wants to know.
 */
final class CertificateText {
    private static final int SEQUENCE = 0x30;
    private static final int VERSION = 0xa0;
    private static final int GENERAL_TIME = 0x18;

    private static final Map<String, String> ATTRIBUTES =
            Map.ofEntries(
                    Map.entry("550403", "CN"),
                    Map.entry("550406", "C"),
                    Map.entry("550407", "L"),
                    Map.entry("550408", "ST"),
                    Map.entry("55040a", "O"),
                    Map.entry("55040b", "OU"),
                    Map.entry("550405", "serialNumber"),
                    Map.entry("2a864886f70d010901", "emailAddress"),
                    Map.entry("0992268993f22c640119", "DC"));

    private final byte[] der;

    // The element last opened: its tag, and where its content begins and ends.
    private int tag;
    private int from;
    private int to;

    private CertificateText(byte[] der) {
        this.der = der;
    }

    /** Adds what a word asks for; nothing where the certificate cannot be read. */
    @ColdPath
    static void add(String word, ByteRange certificate, GrowingBytes to) {
        byte[] der = new byte[certificate.length];
        certificate.buffer.getBytes(certificate.offset, der);
        try {
            String text = new CertificateText(der).text(word);
            to.add(text);
        } catch (IndexOutOfBoundsException | NoSuchAlgorithmException e) {
            // A certificate that is cut short or no certificate has no text.
        }
    }

    private String text(String word) throws NoSuchAlgorithmException {
        if (word.equals("tls_cert_fingerprint")) {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(der);
            return HexFormat.ofDelimiter(":").formatHex(digest);
        }
        openSerial();
        if (word.equals("tls_cert_serial")) {
            int first = to - from > 1 && der[from] == 0 ? from + 1 : from;
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(der, first, to);
        }
        open(to); // algorithm
        open(to);
        if (word.equals("tls_cert_issuer")) {
            return name();
        }
        open(to); // validity
        open(to);
        return name();
    }

    /**
     * When a certificate becomes valid, or ceases to be.
     *
     * @return seconds since 1970, or -1 where it cannot be read
     */
    @ColdPath
    static long validity(ByteRange certificate, boolean end) {
        byte[] der = new byte[certificate.length];
        certificate.buffer.getBytes(certificate.offset, der);
        try {
            CertificateText text = new CertificateText(der);
            text.openValidity();
            text.open(text.from);
            if (end) {
                text.open(text.to);
            }
            return Math.max(-1, seconds(der, text.tag, text.from, text.to));
        } catch (IndexOutOfBoundsException e) {
            return -1;
        }
    }

    /** The seconds since 1970 of a time of ASN.1; {@link Long#MIN_VALUE} where it is none. */
    static long seconds(byte[] der, int tag, int from, int to) {
        int yearDigits = tag == GENERAL_TIME ? 4 : 2;
        if (to - from != yearDigits + 11 || der[to - 1] != 'Z') {
            return Long.MIN_VALUE;
        }
        for (int i = from; i < to - 1; i++) {
            if (der[i] < '0' || der[i] > '9') {
                return Long.MIN_VALUE;
            }
        }
        int year = digits(der, from, yearDigits);
        if (yearDigits == 2) {
            year += year < 50 ? 2000 : 1900; // RFC 5280 §4.1.2.5.1
        }
        int at = from + yearDigits;
        try {
            return LocalDateTime.of(
                            year,
                            digits(der, at, 2),
                            digits(der, at + 2, 2),
                            digits(der, at + 4, 2),
                            digits(der, at + 6, 2),
                            digits(der, at + 8, 2))
                    .toEpochSecond(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return Long.MIN_VALUE;
        }
    }

    private static int digits(byte[] der, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            value = value * 10 + der[i] - '0';
        }
        return value;
    }

    private void openValidity() {
        openSerial();
        open(to); // algorithm
        open(to); // issuer
        open(to);
    }

    private void openSerial() {
        open(0); // certificate
        open(from); // to be signed
        int at = from;
        open(at);
        if (tag == VERSION) {
            open(to);
        }
    }

    private void open(int at) {
        tag = der[at] & 0xff;
        int length = der[at + 1] & 0xff;
        from = at + 2;
        if (length >= 0x80) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | der[from++] & 0xff;
            }
        }
        to = from + length;
        if (length < 0 || to > der.length) {
            throw new IndexOutOfBoundsException(to);
        }
    }

    private String name() {
        StringBuilder text = new StringBuilder();
        int end = to;
        int at = from;
        while (at < end && tag >= SEQUENCE) {
            open(at); // a set of attributes
            at = to;
            open(from); // the first of them
            open(from);
            String kind = ATTRIBUTES.get(HexFormat.of().formatHex(der, from, to));
            open(to);
            if (kind != null) {
                text.append(text.isEmpty() ? "" : ", ").append(kind).append('=');
                for (int i = from; i < to; i++) {
                    text.append((char) (der[i] & 0xff));
                }
            }
            tag = SEQUENCE;
        }
        return text.toString();
    }
}
