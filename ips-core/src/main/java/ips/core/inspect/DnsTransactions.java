package ips.core.inspect;

import java.util.ArrayDeque;

/**
 * Reads DNS of flows: queries into one transaction of the flow, answers into another, each for as
 * long as rules have not seen it or more of its message has to come. Owned by one worker.
 */
final class DnsTransactions {
    private static final int SPARE = 1024;

    private final ArrayDeque<DnsTransaction> spare = new ArrayDeque<>();
    private final BufferPool buffers;

    DnsTransactions(BufferPool buffers) {
        this.buffers = buffers;
    }

    /** Takes a message of a datagram. */
    void datagram(InspectedFlow flow, boolean toServer, ByteRange bytes) {
        DnsTransaction dns = of(flow, toServer);
        dns.begin(flow.others++);
        if (!dns.read(bytes, 0, bytes.length)) {
            flow.others--;
            dns.begin(flow.others);
            release(flow);
        }
    }

    /** Takes bytes of a stream, of which each message has its length before it. */
    void stream(InspectedFlow flow, boolean toServer, ByteRange bytes) {
        if (flow.unreadable) {
            return;
        }
        DnsTransaction dns = of(flow, toServer);
        int at = 0;
        int before = -1;
        while (at < bytes.length && at > before && !flow.unreadable) {
            before = at;
            at = dns.take(bytes, at);
            if (dns.hasMessage() && !dns.isFresh()) {
                dns.begin(flow.others);
            }
            boolean fresh = dns.isFresh();
            while (dns.hasMessage() && !flow.unreadable) {
                flow.unreadable = !dns.readNext() && toServer;
                if (!toServer && dns.wrong() != null) {
                    tell(flow, dns.wrong());
                }
            }
            flow.others += dns.isFresh() && !fresh ? 1 : 0;
        }
        if (flow.unreadable) { // nothing more is read, so nothing has to wait
            gap(flow, true);
            gap(flow, false);
        }
        release(flow);
    }

    /** Of an answer that is wrong the query before it tells. */
    private void tell(InspectedFlow flow, DnsEvent event) {
        DnsTransaction query = of(flow, true);
        if (!query.isFresh()) {
            query.begin(Math.max(0, flow.others - 1));
        }
        query.note(event);
    }

    private DnsTransaction of(InspectedFlow flow, boolean toServer) {
        AppTransaction known = toServer ? flow.other : flow.answer;
        if (known instanceof DnsTransaction dns) {
            return dns;
        }
        DnsTransaction made = spare.poll();
        if (made == null) {
            made = new DnsTransaction(buffers);
        }
        made.of(toServer);
        made.begin(flow.others);
        if (toServer) {
            flow.other = made;
        } else {
            flow.answer = made;
        }
        return made;
    }

    /** Bytes of a stream are lost: where the next message begins is not known. */
    static void gap(InspectedFlow flow, boolean toServer) {
        if ((toServer ? flow.other : flow.answer) instanceof DnsTransaction dns) {
            dns.gap();
        }
    }

    /** Lets go of what rules are through with. */
    void release(InspectedFlow flow) {
        if (flow.other instanceof DnsTransaction dns && dns.isDone()) {
            flow.other = null;
            end(dns);
        }
        if (flow.answer instanceof DnsTransaction dns && dns.isDone()) {
            flow.answer = null;
            end(dns);
        }
    }

    void ended(InspectedFlow flow) {
        if (flow.other instanceof DnsTransaction dns) {
            end(dns);
        }
        if (flow.answer instanceof DnsTransaction dns) {
            end(dns);
        }
        flow.other = null;
        flow.answer = null;
    }

    private void end(DnsTransaction dns) {
        dns.clear();
        if (spare.size() < SPARE) {
            spare.add(dns);
        }
    }
}
