package ips.core.inspect;

import ips.core.ColdPath;

/**
 * Finds out what is wrong with an X.509 certificate (RFC 5280 §4.1), by Suricata's events. Names
 * are taken as they are; what lies behind the last element of a sequence is no fault.
 *
 * <pre>
 *   certificate  30 [ to be signed 30, algorithm 30, signature 03 ]
 *   to be signed 30 [ version a0?, serial 02, algorithm 30, issuer 30, validity 30, subject 30,
 *                     key 30 [ algorithm 30, bits 03 ], ids 81? 82?, extensions a3? ]
 * </pre>
 */
final class CertificateCheck {
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 2;
    private static final int BITS = 3;
    private static final int BYTES = 4;
    private static final int BOOLEAN = 1;
    private static final int UTC_TIME = 0x17;
    private static final int GENERAL_TIME = 0x18;
    private static final int VERSION = 0xa0;
    private static final int FIRST_ID = 0x81;
    private static final int LAST_ID = 0x82;
    private static final int EXTENSIONS = 0xa3;
    private static final int ANY = -1;
    private static final int LONGEST_LENGTH = 8;

    private final byte[] der;

    // The element last opened: where its content begins and ends.
    private int from;
    private int to;
    private TlsEvent wrong;

    private CertificateCheck(byte[] der) {
        this.der = der;
    }

    /** The event that a certificate raises, or null where nothing is wrong. */
    @ColdPath
    static TlsEvent of(ByteRange certificate) {
        byte[] der = new byte[certificate.length];
        certificate.buffer.getBytes(certificate.offset, der);
        CertificateCheck check = new CertificateCheck(der);
        return check.certificate() ? null : check.wrong;
    }

    private boolean certificate() {
        if (!open(0, der.length, SEQUENCE)) {
            return false;
        }
        int end = to;
        if (!open(from, end, SEQUENCE)) {
            return false;
        }
        int behind = to;
        return toBeSigned(from, behind)
                && algorithm(behind, end)
                && (open(to, end, BITS) || fails(TlsEvent.INVALID_CERTIFICATE));
    }

    private boolean toBeSigned(int start, int end) {
        int at = start;
        if (tag(at, end) == VERSION) {
            if (!open(at, end, VERSION)) {
                return false;
            }
            int behind = to;
            if (!open(from, behind, INTEGER) || from == to) {
                return fails(TlsEvent.CERTIFICATE_INVALID_VERSION);
            }
            at = behind;
        }
        if (!open(at, end, INTEGER)) {
            return fails(TlsEvent.CERTIFICATE_INVALID_SERIAL);
        }
        return algorithm(to, end)
                && open(to, end, SEQUENCE) // issuer
                && validity(to, end)
                && open(to, end, SEQUENCE) // subject
                && key(to, end)
                && rest(to, end);
    }

    private boolean algorithm(int at, int end) {
        if (!open(at, end, SEQUENCE)) {
            return false;
        }
        int behind = to;
        boolean whole = open(from, behind, ANY) && (to == behind || open(to, behind, ANY));
        if (!whole && wrong == TlsEvent.INVALID_CERTIFICATE) {
            wrong = TlsEvent.CERTIFICATE_INVALID_LENGTH;
        }
        to = behind;
        return whole;
    }

    private boolean validity(int at, int end) {
        if (!open(at, end, SEQUENCE)) {
            return false;
        }
        int behind = to;
        boolean dates = date(from, behind) && date(to, behind);
        to = behind;
        return dates || fails(TlsEvent.CERTIFICATE_INVALID_DATE);
    }

    private boolean date(int at, int end) {
        int tag = tag(at, end);
        return (tag == UTC_TIME || tag == GENERAL_TIME)
                && open(at, end, tag)
                && CertificateText.seconds(der, tag, from, to) != Long.MIN_VALUE;
    }

    private boolean key(int at, int end) {
        if (!open(at, end, SEQUENCE)) {
            return false;
        }
        int behind = to;
        if (!algorithm(from, behind)) {
            return false;
        }
        boolean bits = open(to, behind, BITS);
        to = behind;
        return bits || fails(TlsEvent.INVALID_CERTIFICATE);
    }

    /** What may follow the key. */
    private boolean rest(int start, int end) {
        int at = start;
        while (tag(at, end) == FIRST_ID || tag(at, end) == LAST_ID) {
            if (!open(at, end, ANY)) {
                return fails(TlsEvent.INVALID_CERTIFICATE);
            }
            at = to;
        }
        if (at == end) {
            return true;
        }
        int tag = tag(at, end);
        if (tag > EXTENSIONS - 3 && tag < EXTENSIONS) {
            return fails(TlsEvent.INVALID_CERTIFICATE);
        }
        if (tag != EXTENSIONS) {
            return fails(TlsEvent.CERTIFICATE_INVALID_EXTENSIONS);
        }
        if (!open(at, end, EXTENSIONS)) {
            return fails(TlsEvent.INVALID_CERTIFICATE);
        }
        int behind = to;
        if (!open(from, to, SEQUENCE)) {
            return false;
        }
        boolean whole = extensions(from, to) && behind == end;
        return whole || fails(TlsEvent.INVALID_CERTIFICATE);
    }

    private boolean extensions(int start, int end) {
        int at = start;
        while (at < end) {
            if (!open(at, end, SEQUENCE)) {
                return false;
            }
            int behind = to;
            if (!open(from, behind, ANY)) {
                return false;
            }
            if (tag(to, behind) == BOOLEAN && (!open(to, behind, BOOLEAN) || to - from != 1)) {
                return false;
            }
            if (!open(to, behind, BYTES)) {
                return false;
            }
            at = behind;
        }
        return true;
    }

    private int tag(int at, int end) {
        return at < end ? der[at] & 0xff : ANY;
    }

    private boolean fails(TlsEvent event) {
        wrong = event;
        return false;
    }

    /** Opens an element of a kind; false where it is another, or longer than there is room. */
    private boolean open(int at, int end, int tag) {
        if (at + 2 > end) {
            return fails(TlsEvent.CERTIFICATE_INVALID_LENGTH);
        }
        long length = der[at + 1] & 0xff;
        from = at + 2;
        if (length >= 0x80) {
            int bytes = (int) length & 0x7f;
            if (bytes == 0x7f || from + bytes <= end && bytes > LONGEST_LENGTH) {
                return fails(TlsEvent.CERTIFICATE_INVALID_DER);
            }
            if (from + bytes > end) {
                return fails(TlsEvent.CERTIFICATE_INVALID_LENGTH);
            }
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | der[from++] & 0xff;
            }
        }
        if (length < 0 || length > end - from) {
            return fails(TlsEvent.INVALID_CERTIFICATE);
        }
        if (tag != ANY && tag(at, end) != tag) {
            return fails(TlsEvent.CERTIFICATE_INVALID_DER);
        }
        to = from + (int) length;
        return true;
    }
}
