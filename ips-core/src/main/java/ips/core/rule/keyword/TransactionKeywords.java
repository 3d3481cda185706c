package ips.core.rule.keyword;

import ips.core.inspect.AppProtocol;
import ips.core.inspect.AppValue;
import ips.core.inspect.ByteRange;
import java.nio.charset.StandardCharsets;

/**
 * Keywords about transactions of SSH, DNS and FTP that look into no buffer: {@code
 * ssh.protoversion}, {@code dns.opcode}, {@code ftpbounce} and others.
 */
final class TransactionKeywords {
    /** Of {@link AppValue#FTP_DATA_COMMAND}. */
    private static final long RETRIEVE = 1;

    private static final long STORE = 2;
    private static final String SSH_2_AND_BEFORE = "2_compat";

    private TransactionKeywords() {}

    /** {@code dns.opcode:4}, {@code dns.opcode:!4}. */
    static void dnsOpcode(String value, RuleDraft draft) {
        String text = RuleDraft.required(value).strip();
        boolean negated = text.startsWith("!");
        long wanted = NumberTest.number(negated ? text.substring(1) : text, 255);
        draft.app(AppProtocol.DNS);
        draft.transactionTests.add(
                (dns, in) -> {
                    long found = dns.value(AppValue.DNS_OPCODE, in.toServer);
                    return found >= 0 && (found == wanted) != negated;
                });
    }

    /** A client that has a file sent to another host than its own. */
    static void ftpBounce(String value, RuleDraft draft) {
        RuleDraft.none(value);
        draft.app(AppProtocol.FTP);
        draft.ofClient();
        draft.transactionTests.add((ftp, in) -> ftp.value(AppValue.FTP_BOUNCE, in.toServer) == 1);
    }

    static void ftpDataCommand(String value, RuleDraft draft) {
        long wanted =
                switch (RuleDraft.required(value).strip()) {
                    case "retr" -> RETRIEVE;
                    case "stor" -> STORE;
                    default -> throw new IllegalArgumentException("expected retr or stor");
                };
        draft.app(AppProtocol.FTP_DATA);
        draft.transactionTests.add(
                (file, in) -> file.value(AppValue.FTP_DATA_COMMAND, in.toServer) == wanted);
    }

    /** {@code ssh.protoversion:2.0}; {@code 2_compat} is 2 and the version that says both. */
    static void sshProtocol(String value, RuleDraft draft) {
        String text = unquoted(value);
        boolean compatible = text.equals(SSH_2_AND_BEFORE);
        draft.app(AppProtocol.SSH);
        draft.step(
                Buffer.SSH_PROTO,
                new WordStep(compatible ? new String[] {"2", "2.0", "1.99"} : new String[] {text}));
    }

    static void sshSoftware(String value, RuleDraft draft) {
        draft.app(AppProtocol.SSH);
        draft.step(Buffer.SSH_SOFTWARE, new WordStep(unquoted(value)));
    }

    private static String unquoted(String value) {
        return RuleDraft.required(value).replace("\"", "").strip();
    }

    /** The buffer is one of some words, letter by letter. */
    private static final class WordStep extends Step {
        private final byte[][] words;

        WordStep(String... words) {
            this.words = new byte[words.length][];
            for (int i = 0; i < words.length; i++) {
                this.words[i] = words[i].getBytes(StandardCharsets.ISO_8859_1);
            }
        }

        @Override
        boolean matches(ByteRange buffer, Inspection in) {
            for (byte[] word : words) {
                if (is(word, buffer)) {
                    return next.matches(buffer, in);
                }
            }
            return false;
        }

        private static boolean is(byte[] word, ByteRange buffer) {
            if (buffer.length != word.length) {
                return false;
            }
            for (int i = 0; i < word.length; i++) {
                if (buffer.at(i) != word[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
