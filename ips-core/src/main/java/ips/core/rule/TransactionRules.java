package ips.core.rule;

import ips.core.inspect.AppLayer;
import ips.core.inspect.InspectedFlow;
import ips.core.rule.keyword.Inspection;
import java.util.function.Predicate;

/** Asks the signatures of transactions: each once per transaction, when its buffers are there. */
final class TransactionRules {
    private final SignatureSet set;
    private final Inspection in;
    private final AlertQueue alerts;
    private final Predicate<Signature> payloadHolds;

    TransactionRules(
            SignatureSet set, Inspection in, AlertQueue alerts, Predicate<Signature> payloadHolds) {
        this.set = set;
        this.in = in;
        this.alerts = alerts;
        this.payloadHolds = payloadHolds;
    }

    void ask(InspectedFlow flow, AppLayer app, boolean toServer, boolean anyStream) {}
}
