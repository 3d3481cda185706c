package ips.core.http;

import ips.core.payload.PartKind;
import org.agrona.DirectBuffer;

/** Splits queries, forms and cookies at their separators; decodes nothing. */
final class PairSplitter {
    private PairSplitter() {}

    static void split(
            PartKind kind,
            int separator,
            DirectBuffer buffer,
            int from,
            int end,
            PartListener parts) {
        int at = from;
        while (at < end) {
            int stop = Bytes.find(buffer, at, end, separator);
            stop = stop < 0 ? end : stop;
            int name = Bytes.skipSpace(buffer, at, stop);
            if (name < stop) {
                pair(kind, buffer, name, stop, parts);
            }
            at = stop + 1;
        }
    }

    private static void pair(
            PartKind kind, DirectBuffer buffer, int name, int stop, PartListener parts) {
        int equals = Bytes.find(buffer, name, stop, '=');
        if (equals < 0) {
            parts.part(kind, buffer, name, 0, buffer, name, stop - name);
        } else {
            int value = equals + 1;
            parts.part(kind, buffer, name, equals - name, buffer, value, stop - value);
        }
    }
}
