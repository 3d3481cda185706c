package ips.core.rule.keyword;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * {@code flow}: direction and state of the packet's flow, and where a rule looks. More than a
 * direction asks for a flow; a direction alone takes a packet of none for one to the server.
 */
final class FlowKeyword {
    private static final int MOST_WORDS = 3;

    private static final String DIRECTION = "direction";
    private static final String STATE = "state";
    private static final String STREAM = "stream";
    private static final String FRAGMENT = "fragment";

    private FlowKeyword() {}

    static void flow(String value, RuleDraft draft) {
        if (draft.asksFlow) {
            throw new IllegalArgumentException("there is one before it");
        }
        List<String> words =
                Arrays.stream(RuleDraft.required(value).split(",", -1))
                        .map(word -> word.strip().toLowerCase(Locale.ROOT))
                        .toList();
        refuseContradictions(words);
        boolean noStream = words.contains("no_stream");
        boolean directionAlone = words.size() == 1 && subject(words.get(0)).equals(DIRECTION);
        draft.asksFlow = !noStream && !directionAlone;
        for (String word : words) {
            switch (word) {
                case "established" -> {
                    draft.established = true;
                    draft.packetCondition(in -> in.flow != null && in.flow.established());
                }
                case "not_established" ->
                        draft.packetCondition(
                                in -> in.flow == null ? noStream : !in.flow.established());
                case "stateless" -> draft.packetCondition(in -> in.flow != null || noStream);
                case "to_server", "from_client" -> {
                    draft.toServer = true;
                    draft.conditions.add(in -> in.toServer && (directionAlone || in.flow != null));
                }
                case "to_client", "from_server" -> {
                    draft.toClient = true;
                    draft.conditions.add(in -> in.flow != null && !in.toServer);
                }
                case "only_stream" -> draft.onlyStream = true;
                case "no_stream" -> {
                    draft.noStream = true;
                    draft.asksPacket = true;
                    draft.asksOfPacket();
                }
                case "only_frag" ->
                        draft.packetCondition(
                                in -> in.packet.reassembled() && (noStream || in.flow != null));
                default -> // no_frag
                        draft.packetCondition(
                                in -> !in.packet.reassembled() && (noStream || in.flow != null));
            }
        }
        if (draft.toServer && draft.toClient) {
            throw new IllegalArgumentException("both directions at once");
        }
    }

    /** What a word is about; of each a rule may say one thing. */
    private static String subject(String word) {
        return switch (word) {
            case "to_server", "from_client", "to_client", "from_server" -> DIRECTION;
            case "established", "not_established", "stateless" -> STATE;
            case "only_stream", "no_stream" -> STREAM;
            case "only_frag", "no_frag" -> FRAGMENT;
            default -> throw new IllegalArgumentException("unknown word " + word);
        };
    }

    private static void refuseContradictions(List<String> words) {
        List<String> subjects = new ArrayList<>();
        for (String word : words) {
            String subject = subject(word);
            if (subjects.contains(subject)) {
                throw new IllegalArgumentException(
                        word + " beside " + words.get(subjects.indexOf(subject)));
            }
            subjects.add(subject);
        }
        if (words.size() > MOST_WORDS) {
            throw new IllegalArgumentException("more than " + MOST_WORDS + " words");
        }
    }
}
