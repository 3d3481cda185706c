package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/** Which contents values of BER may have, by their type (ITU-T X.690 §8, X.680 §41). Stateless. */
final class Asn1Values {
    private static final int OF_NO_COMMON_TYPE = 0x40;
    private static final int CONSTRUCTED = 0x20;

    /** Digits behind the year of a time that ends with the hour, and with the second. */
    private static final int HOUR = 6;

    private static final int SECOND = 10;

    private static final int LONGEST_ENUMERATED = 4;

    private Asn1Values() {}

    /** Whether the content of a length fits the type; of types that are not universal any does. */
    static boolean fits(ByteRange buffer, int of, int content, int length) {
        if (of >= OF_NO_COMMON_TYPE) {
            return true;
        }
        boolean whole = (of & CONSTRUCTED) == 0;
        int type = of & 0x1f;
        return switch (type) {
            case 1 -> length == 1; // boolean
            case 3 -> whole && length > 0; // bit string
            case 10 -> whole && isShort(buffer, content, content + length);
            case 12 -> whole && isUtf8(buffer, content, content + length);
            case 16, 17 -> !whole; // sequence, set
            case 23 -> isTime(buffer, content, content + length, 2);
            case 24 -> isTime(buffer, content, content + length, 4);
            case 28 -> whole; // universal string
            case 30 -> whole && (length & 1) == 0 && isUtf8(buffer, content, content + length);
            case 7, 18, 19, 20, 21, 22, 25, 26, 27 ->
                    whole && isOf(type, buffer, content, content + length);
            default -> true;
        };
    }

    private static boolean isShort(ByteRange buffer, int from, int end) {
        int at = from;
        while (at < end && buffer.at(at) == 0) {
            at++;
        }
        return end - at <= LONGEST_ENUMERATED;
    }

    private static boolean isOf(int type, ByteRange buffer, int from, int end) {
        for (int i = from; i < end; i++) {
            byte b = buffer.at(i);
            boolean allowed =
                    switch (type) {
                        case 18 -> isDigit(b) || b == ' ';
                        case 19 -> isPrintable(b);
                        case 20, 21, 26 -> b >= ' ';
                        default -> b >= 0;
                    };
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isPrintable(byte b) {
        int letter = b | 0x20;
        return letter >= 'a' && letter <= 'z' || isDigit(b) || " '()+,-./:=?".indexOf(b) >= 0;
    }

    private static boolean isUtf8(ByteRange buffer, int from, int end) {
        int at = from;
        while (at < end) {
            int first = buffer.at(at++) & 0xff;
            int more =
                    first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
            if (more < 0 || first > 0xf4 || more > end - at) {
                return false;
            }
            for (int last = at + more; at < last; at++) {
                if ((buffer.at(at) & 0xc0) != 0x80) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The year in so many digits, month, day, hour and more, a fraction perhaps, the zone. */
    private static boolean isTime(ByteRange buffer, int from, int end, int year) {
        int at = from;
        while (at < end && isDigit(buffer.at(at))) {
            at++;
        }
        int digits = at - from - year;
        if (digits < HOUR || digits > SECOND || (digits & 1) != 0) {
            return false;
        }
        int month = two(buffer, from + year);
        int day = two(buffer, from + year + 2);
        if (month < 1 || month > 12 || day < 1 || day > 31) {
            return false;
        }
        if (year == 4 && at < end && buffer.at(at) == '.') {
            at++;
            while (at < end && isDigit(buffer.at(at))) {
                at++;
            }
        }
        int left = end - at;
        byte zone = left == 0 ? 0 : buffer.at(at);
        return left == 0 && year == 4
                || left == 1 && zone == 'Z'
                || left == 5 && (zone == '+' || zone == '-');
    }

    private static int two(ByteRange buffer, int at) {
        return (buffer.at(at) - '0') * 10 + buffer.at(at + 1) - '0';
    }
}
