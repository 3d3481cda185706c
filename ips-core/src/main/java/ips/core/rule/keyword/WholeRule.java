package ips.core.rule.keyword;

import ips.core.inspect.AppProtocol;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Checks that are only possible when all options of a rule have been read. */
final class WholeRule {
    /** Protocols that carry files. */
    private static final Set<AppProtocol> FILES_OF =
            EnumSet.of(
                    AppProtocol.HTTP,
                    AppProtocol.HTTP2,
                    AppProtocol.SMTP,
                    AppProtocol.FTP_DATA,
                    AppProtocol.SMB,
                    AppProtocol.NFS);

    private final RuleDraft draft;
    private boolean request;
    private boolean response;

    WholeRule(RuleDraft draft) {
        this.draft = draft;
    }

    /** What is wrong with it, or null; settles where its contents end, and its direction. */
    String complaint() {
        if (draft.sid < 0) {
            return "sid is missing";
        }
        String wrong = ofPacketsAndMore();
        if (wrong == null) {
            wrong = buffers();
        }
        if (wrong == null) {
            wrong = files();
        }
        if (wrong == null) {
            wrong = contents();
        }
        if (wrong == null) {
            wrong = sizes();
        }
        if (wrong != null) {
            return wrong;
        }
        endContents();
        wrong = direction();
        if (wrong == null) {
            // Buffers that either side has are then meant of this side.
            draft.toServer |= request;
            draft.toClient |= response;
        }
        return wrong;
    }

    /** Whether what packets alone have stands beside what they have not. */
    private String ofPacketsAndMore() {
        boolean ofPackets = draft.ofPacket != null || draft.protocol.equals("tcp-pkt");
        String keyword = draft.ofPacket == null ? "tcp-pkt" : draft.ofPacket;
        boolean ofStream = draft.onlyStream || draft.protocol.equals("tcp-stream");
        if (ofStream && ofPackets) {
            return keyword + " in a rule of streams alone";
        }
        boolean ofTransactions =
                draft.transactionEvents != 0
                        || !draft.transactionTests.isEmpty()
                        || draft.named().stream().anyMatch(each -> each.buffer.ofTransaction());
        if (ofTransactions && ofPackets) {
            return "%s, which is of packets, beside what is of %s"
                    .formatted(keyword, draft.app == null ? "transactions" : draft.app.word());
        }
        return null;
    }

    private String buffers() {
        for (BufferDraft each : draft.named()) {
            boolean last = each.ofTransforms && each == draft.named().get(draft.named().size() - 1);
            if (each.steps.isEmpty() && !last && !each.shared && !each.absent && !each.absentOr) {
                String word = Keywords.word(each.buffer);
                return "%1$s: nothing is asked of it; its content stands behind it: %1$s; content:\"...\""
                        .formatted(word);
            }
        }
        return null;
    }

    private String contents() {
        int fastPatterns = 0;
        for (BufferDraft each : draft.drafts()) {
            for (Step step : each.steps) {
                if (step instanceof ContentStep content) {
                    String wrong = content.complaint();
                    if (wrong == null) {
                        wrong = each.complaint(content);
                    }
                    if (wrong != null) {
                        return wrong;
                    }
                    fastPatterns += content.fastPattern ? 1 : 0;
                }
            }
        }
        return fastPatterns > 1 ? "fast_pattern: of more than one content" : null;
    }

    /** Whether files are asked for of a protocol that carries none. */
    private String files() {
        if (draft.app == null || FILES_OF.contains(draft.app)) {
            return null;
        }
        for (BufferDraft each : draft.named()) {
            if (each.buffer.ofFile()) {
                return Keywords.word(each.buffer) + " in a rule of " + draft.app.word();
            }
        }
        return null;
    }

    /** Whether dsize lets the payload be too small for the contents that follow one another. */
    private String sizes() {
        if (draft.size == null) {
            return null;
        }
        for (BufferDraft each : draft.named()) {
            long needed = 0;
            for (Step step : each.buffer == Buffer.PAYLOAD ? each.steps : List.<Step>of()) {
                if (!(step instanceof ContentStep content) || content.negated) {
                    continue;
                }
                boolean follows = content.relative() && content.distanceVariable < 0;
                needed =
                        content.bytes.length
                                + (follows
                                        ? Math.max(0, needed + content.distance)
                                        : content.offset);
                if (draft.size.excludes(needed)) {
                    return "content: needs %d bytes, more than dsize lets the payload have"
                            .formatted(needed);
                }
            }
        }
        return null;
    }

    /**
     * Where contents of the payload end besides, as Suricata has it: before the size that is not
     * allowed, and a negated one that rules are found by may lie nowhere, endswith or not, unless
     * dsize says how large the payload may be.
     */
    private void endContents() {
        for (BufferDraft each : draft.named()) {
            if (each.buffer == Buffer.PAYLOAD) {
                for (Step step : each.steps) {
                    if (step instanceof ContentStep content) {
                        content.sizeEnd = draft.sizeNotAllowed;
                    }
                }
                ContentStep sought = each.negatedSought();
                if (sought != null && !draft.sizeBounded) {
                    sought.nowhere = true;
                }
            }
        }
    }

    private String direction() {
        for (BufferDraft each : draft.named()) {
            request |= each.buffer.side() == Buffer.Side.REQUEST;
            response |= each.buffer.side() == Buffer.Side.RESPONSE;
        }
        if (request && response) {
            return "buffers of requests and of responses in one rule";
        }
        if (request && draft.toClient) {
            return "a buffer of requests in a rule of flow:to_client";
        }
        if ((response || draft.toClient) && draft.toServer) {
            return "a buffer of responses in a rule of flow:to_server";
        }
        return null;
    }
}
