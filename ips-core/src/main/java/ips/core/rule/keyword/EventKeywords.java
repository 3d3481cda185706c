package ips.core.rule.keyword;

import ips.core.inspect.AppEvent;
import ips.core.inspect.AppProtocol;
import ips.core.inspect.InspectedFlow;
import ips.core.inspect.ProtocolEvent;
import ips.core.inspect.StreamEvent;
import ips.core.inspect.anomaly.DecodeEvent;
import java.util.Locale;
import java.util.Set;

/**
 * Keywords about what decoder, stream tracker and protocol detection found: {@code decode-event},
 * {@code stream-event}, {@code app-layer-event}, {@code app-layer-protocol}.
 */
final class EventKeywords {
    private static final String DECODER = "decoder.";
    private static final String STREAM = "stream.";

    /** Which side's protocol is meant. */
    private static final Set<String> MODES =
            Set.of(
                    "final",
                    "original",
                    "to_server",
                    "toserver",
                    "to_client",
                    "toclient",
                    "either",
                    "direction");

    private EventKeywords() {}

    /** Any event by its whole name, such as {@code stream.est_invalid_ack}. */
    static void engineEvent(String value, RuleDraft draft) {
        String word = RuleDraft.required(value).strip().toLowerCase(Locale.ROOT);
        if (word.startsWith(STREAM)) {
            streamEvent(word.substring(STREAM.length()), draft);
        } else if (word.startsWith(DECODER)) {
            decodeEvent(word, draft);
        } else {
            throw new IllegalArgumentException(
                    "unknown event " + word + "; they begin with decoder. or stream.");
        }
    }

    static void decodeEvent(String value, RuleDraft draft) {
        DecodeEvent event = DecodeEvent.of(RuleDraft.required(value).strip());
        if (event == null) {
            throw new IllegalArgumentException("unknown or unsupported event " + value.strip());
        }
        int word = event.ordinal() >> 6;
        long bit = 1L << event.ordinal();
        draft.asksDecoder = true;
        draft.asksTcpOptions |= event.name().startsWith("TCP_OPT");
        draft.packetOnly(in -> (in.decodeEvents[word] & bit) != 0);
    }

    static void streamEvent(String value, RuleDraft draft) {
        StreamEvent event = StreamEvent.of(RuleDraft.required(value).strip());
        if (event == null) {
            throw new IllegalArgumentException("unknown or unsupported event " + value.strip());
        }
        long bit = event.bit();
        draft.streamEvents |= bit;
        draft.packetOnly(in -> (in.streamEvents & bit) != 0);
    }

    static void appLayerEvent(String value, RuleDraft draft) {
        String word = RuleDraft.required(value).strip();
        ProtocolEvent ofProtocol = ProtocolEvent.of(word);
        if (ofProtocol != null) {
            draft.app(ofProtocol.app());
            draft.transactionEvents |= ofProtocol.bit();
            return;
        }
        AppEvent event = AppEvent.of(word);
        if (event == null) {
            throw new IllegalArgumentException("unknown or unsupported event " + word);
        }
        long bit = event.bit();
        draft.packetCondition(in -> in.flow != null && (in.appEvents & bit) != 0);
    }

    static void appLayerProtocol(String value, RuleDraft draft) {
        String text = RuleDraft.required(value).strip();
        boolean negated = text.startsWith("!");
        String[] parts = (negated ? text.substring(1) : text).split(",");
        AppProtocol wanted = AppProtocol.of(parts[0].strip());
        if (wanted == null || wanted == AppProtocol.UNKNOWN) {
            throw new IllegalArgumentException("unknown protocol " + parts[0].strip());
        }
        String mode = parts.length > 1 ? parts[1].strip() : "direction";
        if (parts.length > 2 || !MODES.contains(mode)) {
            throw new IllegalArgumentException("unknown word " + parts[parts.length - 1].strip());
        }
        if (draft.app != null || AppProtocol.of(draft.protocol) != null) {
            throw new IllegalArgumentException("the rule names a protocol before it");
        }
        if (draft.asksProtocol && !(negated && draft.deniesProtocols)) {
            throw new IllegalArgumentException(
                    "there is one before it; only negated ones may stand together");
        }
        draft.asksProtocol = true;
        draft.deniesProtocols = negated;
        if (!wanted.isRecognised()) {
            draft.withoutEffect.put(
                    "app-layer-protocol", "no traffic is recognised as " + wanted.word());
        }
        draft.conditions.add(
                in -> {
                    InspectedFlow flow = in.flow;
                    if (flow == null) {
                        return false;
                    }
                    AppProtocol found =
                            switch (mode) {
                                case "final", "original" -> flow.app;
                                case "to_server", "toserver" -> flow.appToServer;
                                case "to_client", "toclient" -> flow.appToClient;
                                default -> in.toServer ? flow.appToServer : flow.appToClient;
                            };
                    if (mode.equals("either")) {
                        found =
                                flow.appToServer == AppProtocol.UNKNOWN
                                        ? flow.appToClient
                                        : flow.appToServer;
                    }
                    return found != AppProtocol.UNKNOWN && (found == wanted) != negated;
                });
    }
}
