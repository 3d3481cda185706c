package ips.core.rule.keyword;

import ips.core.inspect.AppProtocol;
import ips.core.inspect.AppValue;
import ips.core.inspect.TlsState;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keywords about TLS handshakes that look into no buffer: {@code tls.version}, {@code ssl_state},
 * {@code tls_cert_expired} and others.
 */
final class TlsKeywords {
    private static final long NS_PER_SECOND = 1_000_000_000;

    private static final Map<String, Integer> VERSIONS =
            Map.of(
                    "sslv2", 0x0200,
                    "sslv3", 0x0300,
                    "tls1.0", 0x0301,
                    "tls1.1", 0x0302,
                    "tls1.2", 0x0303,
                    "tls1.3", 0x0304);

    private static final Map<String, Integer> STATES =
            Map.of(
                    "client_hello", TlsState.CLIENT_HELLO,
                    "server_hello", TlsState.SERVER_HELLO,
                    "client_keyx", TlsState.CLIENT_KEYS,
                    "server_keyx", TlsState.SERVER_KEYS,
                    "unknown", 0);

    /** A version as it stands in records. */
    private static final Pattern NUMBER = Pattern.compile("0x[0-9a-fA-F]{4}");

    /** A time, of which parts may be left out from the end. */
    private static final Pattern TIME =
            Pattern.compile(
                    "(\\d{4})(?:-(\\d\\d)(?:-(\\d\\d)(?:[T ](\\d\\d)(?::(\\d\\d)(?::(\\d\\d))?)?)?)?)?");

    private TlsKeywords() {}

    /** {@code tls.version:1.2}, or a number as it stands in records. */
    static void version(String value, RuleDraft draft) {
        String text = RuleDraft.required(value).strip();
        Integer known = VERSIONS.get("tls" + text);
        if (known == null && !NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("expected 1.0 to 1.3 or a number such as 0x0303");
        }
        long wanted = known != null ? known : Long.decode(text);
        test(draft, AppValue.TLS_VERSION, found -> found == wanted);
    }

    /** {@code ssl_version:tls1.0,tls1.1}: one of several; or none of them, all being negated. */
    static void versions(String value, RuleDraft draft) {
        String[] words = RuleDraft.required(value).split(",");
        long[] wanted = new long[words.length];
        int negated = 0;
        for (int i = 0; i < words.length; i++) {
            String word = words[i].strip().toLowerCase(Locale.ROOT);
            boolean not = word.startsWith("!");
            negated += not ? 1 : 0;
            Integer known = VERSIONS.get(not ? word.substring(1) : word);
            if (known == null) {
                throw new IllegalArgumentException(
                        "expected sslv2, sslv3 or tls1.0 to tls1.3, not " + word);
            }
            wanted[i] = known;
        }
        if (negated != 0 && negated != words.length) {
            throw new IllegalArgumentException("some are negated and some are not");
        }
        boolean not = negated > 0;
        test(draft, AppValue.TLS_VERSION, found -> isOneOf(found, wanted) != not);
    }

    private static boolean isOneOf(long found, long[] wanted) {
        for (long each : wanted) {
            if (found == each) {
                return true;
            }
        }
        return false;
    }

    /** {@code ssl_state:client_hello|!server_hello}: the handshake just came to one of them. */
    static void state(String value, RuleDraft draft) {
        int wanted = 0;
        int negated = 0;
        for (String part : RuleDraft.required(value).split("[,|]")) {
            String word = part.strip();
            boolean not = word.startsWith("!");
            Integer state = STATES.get(not ? word.substring(1).strip() : word);
            if (state == null) {
                throw new IllegalArgumentException("unknown state " + word);
            }
            wanted |= state;
            negated |= not ? state : 0;
        }
        int mask = wanted;
        int flipped = negated;
        test(draft, AppValue.TLS_STATE, found -> ((found & mask) ^ flipped) != 0);
    }

    static void chainLength(String value, RuleDraft draft) {
        NumberTest wanted = NumberTest.parse(RuleDraft.required(value), 0xffff_ffffL);
        draft.ofServer();
        test(draft, AppValue.TLS_CERTIFICATES, wanted::holds);
    }

    /** {@code 2020-01-01}, {@code <2020}, {@code >2020-05}, {@code 2020<>2021}. */
    static Keyword validity(AppValue when) {
        return (value, draft) -> {
            String text = RuleDraft.required(value).strip();
            int range = text.indexOf("<>");
            draft.ofServer();
            if (range > 0) {
                long first = seconds(text.substring(0, range));
                long last = seconds(text.substring(range + 2));
                if (first >= last) {
                    throw new IllegalArgumentException("the range " + text + " is empty");
                }
                test(draft, when, found -> found > first && found < last);
                return;
            }
            char mode = text.charAt(0);
            boolean bare = mode != '<' && mode != '>';
            long wanted = seconds(bare ? text : text.substring(1));
            test(
                    draft,
                    when,
                    found ->
                            switch (mode) {
                                case '<' -> found < wanted;
                                case '>' -> found > wanted;
                                default -> found == wanted;
                            });
        };
    }

    private static long seconds(String text) {
        Matcher time = TIME.matcher(text.strip());
        if (!time.matches()) {
            throw new IllegalArgumentException("no time such as 2020-01-31T10:20:30: " + text);
        }
        return LocalDateTime.of(
                        part(time, 1, 0),
                        part(time, 2, 1),
                        part(time, 3, 1),
                        part(time, 4, 0),
                        part(time, 5, 0),
                        part(time, 6, 0))
                .toEpochSecond(ZoneOffset.UTC);
    }

    private static int part(Matcher time, int group, int otherwise) {
        return time.group(group) == null ? otherwise : Integer.parseInt(time.group(group));
    }

    /** The certificate's time is over. */
    static void expired(String value, RuleDraft draft) {
        RuleDraft.none(value);
        draft.ofServer();
        draft.app(AppProtocol.TLS);
        draft.transactionTests.add(
                (tls, in) -> {
                    long end = tls.value(AppValue.TLS_NOT_AFTER, in.toServer);
                    return end >= 0 && end < in.nowNs() / NS_PER_SECOND;
                });
    }

    /** The certificate's time is not over, whether it has begun or not. */
    static void valid(String value, RuleDraft draft) {
        RuleDraft.none(value);
        draft.ofServer();
        draft.app(AppProtocol.TLS);
        draft.transactionTests.add(
                (tls, in) ->
                        tls.value(AppValue.TLS_NOT_AFTER, in.toServer)
                                > in.nowNs() / NS_PER_SECOND);
    }

    /** Asks for a certificate to be stored; none is. */
    static void store(String value, RuleDraft draft) {
        RuleDraft.none(value);
        draft.app(AppProtocol.TLS);
    }

    private static void test(RuleDraft draft, AppValue what, LongPredicate test) {
        draft.app(AppProtocol.TLS);
        draft.transactionTests.add(
                (tls, in) -> {
                    long found = tls.value(what, in.toServer);
                    return found >= 0 && test.test(found);
                });
    }
}
