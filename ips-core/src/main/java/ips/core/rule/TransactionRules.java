package ips.core.rule;

import ips.core.inspect.AppTransaction;
import ips.core.inspect.ByteRange;
import ips.core.inspect.FoundRules;
import ips.core.inspect.HttpTransaction;
import ips.core.inspect.InspectedFlow;
import ips.core.rule.keyword.Buffer;
import ips.core.rule.keyword.BufferTest;
import ips.core.rule.keyword.Inspection;
import ips.core.rule.keyword.TransactionTest;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Asks the signatures of transactions: each once per transaction, when its buffers are there. */
final class TransactionRules {
    private static final Buffer[] BUFFERS = Buffer.values();
    private static final String[] WORDS = new String[BUFFERS.length];

    static {
        for (Buffer each : BUFFERS) {
            WORDS[each.ordinal()] =
                    each.name().toLowerCase(Locale.ROOT).intern(); // as literals are
        }
    }

    private final SignatureSet set;
    private final Inspection in;
    private final AlertQueue alerts;
    private final Predicate<Signature> payloadHolds;
    private final Candidates candidates;
    private final Candidates fresh;
    private final ByteRange range = new ByteRange();

    TransactionRules(
            SignatureSet set, Inspection in, AlertQueue alerts, Predicate<Signature> payloadHolds) {
        this.set = set;
        this.in = in;
        this.alerts = alerts;
        this.payloadHolds = payloadHolds;
        candidates = new Candidates(set.size());
        fresh = new Candidates(set.size());
    }

    /** Asks about what is new in the transactions of a direction. */
    void ask(InspectedFlow flow, boolean toServer) {
        TransactionGroup group = set.transactions(toServer);
        boolean due = flow.other != null && (flow.read || in.endOfFlow);
        if (due && flow.other.news(toServer) && !group.isEmpty) {
            ask(group, flow, flow.other, toServer);
        }
        if (flow.answer != null && flow.answer.news(toServer) && !group.isEmpty) {
            ask(group, flow, flow.answer, toServer);
        }
        if (flow.http == null || !flow.http.moved(toServer)) {
            return;
        }
        List<HttpTransaction> live = flow.http.live();
        for (int i = 0; i < live.size(); i++) {
            HttpTransaction each = live.get(i);
            if (each.news(toServer) && !group.isEmpty) {
                ask(group, flow, each, toServer);
            }
        }
    }

    private void ask(
            TransactionGroup group, InspectedFlow flow, AppTransaction each, boolean toServer) {
        collect(group, flow, each, toServer);
        for (int order = candidates.takeFirst(); order >= 0; order = candidates.takeFirst()) {
            Signature signature = set.get(order);
            if (holds(signature, each, toServer) && each.match(order, toServer)) {
                signature.applyEffects(in);
                alerts.add(signature, true, each.number());
            }
        }
    }

    /** Those whose pattern occurs; what was searched when less had come is not searched again. */
    private void collect(
            TransactionGroup group, InspectedFlow flow, AppTransaction each, boolean toServer) {
        FoundRules found = each.found(toServer);
        boolean headSearched = found != null && found.headSearched();
        for (int i = 0; i < group.prefilters.length; i++) {
            Prefilter prefilter = group.prefilters[i];
            if (prefilter != null && !(headSearched && !BUFFERS[i].isBody())) {
                int searched = found == null || toServer ? 0 : found.bodySearched();
                scan(prefilter, BUFFERS[i], each, toServer, searched);
            }
        }
        boolean awaiting = group.mayAsk(flow);
        if (awaiting) {
            scanAwaiting(group, each, toServer, found);
        }
        for (int order = fresh.takeFirst(); order >= 0; order = fresh.takeFirst()) {
            candidates.add(order);
            if (found != null) {
                found.add(order);
            }
        }
        if (found != null) {
            recall(found, awaiting);
        }
        candidates.addAll(group.others);
    }

    private void scanAwaiting(
            TransactionGroup group, AppTransaction each, boolean toServer, FoundRules found) {
        int searched = found == null || toServer ? 0 : found.bodySearchedAwaiting();
        for (int i = 0; i < group.awaiting.length; i++) {
            if (group.awaiting[i] != null) {
                scan(group.awaiting[i], BUFFERS[i], each, toServer, searched);
            }
        }
    }

    private void recall(FoundRules found, boolean awaiting) {
        found.searched(awaiting);
        for (int i = 0; i < found.count(); i++) {
            candidates.add(found.order(i));
        }
    }

    /**
     * @param searched bytes of a response's body that were searched before
     */
    private void scan(
            Prefilter prefilter,
            Buffer buffer,
            AppTransaction each,
            boolean toServer,
            int searched) {
        for (int index = 0; ; index++) {
            ByteRange bytes = each.buffer(WORDS[buffer.ordinal()], toServer, index, range);
            if (bytes == null) {
                return;
            }
            int before = buffer.isBody() ? searched : 0;
            fresh.scan(prefilter, bytes.buffer, bytes.offset, bytes.length, before);
            if (!buffer.repeated()) {
                return;
            }
        }
    }

    private boolean holds(Signature signature, AppTransaction each, boolean toServer) {
        if (!signature.fitsHeader(in.packet)
                || !signature.appFits(in.flow)
                || !signature.conditionsHold(in)
                || !signature.packetBuffersAbsentOrHold(in)) {
            return false;
        }
        if ((each.events() & signature.transactionEvents) != signature.transactionEvents) {
            return false;
        }
        for (TransactionTest test : signature.transactionTests) {
            if (!test.holds(each, in)) {
                return false;
            }
        }
        for (BufferTest test : signature.transactionBuffers) {
            if (!holds(test, each, toServer)) {
                return false;
            }
        }
        return signature.payload == null || payloadHolds.test(signature);
    }

    private boolean holds(BufferTest test, AppTransaction each, boolean toServer) {
        Buffer buffer = test.buffer();
        if (!each.ready(WORDS[buffer.ordinal()], toServer)) {
            return false;
        }
        for (int index = 0; ; index++) {
            ByteRange bytes = each.buffer(WORDS[buffer.ordinal()], toServer, index, range);
            if (bytes == null) {
                return index == 0 && test.holdsIfAbsent();
            }
            if (test.holds(bytes, in)) {
                return true;
            }
            if (!buffer.repeated()) {
                return false;
            }
        }
    }
}
