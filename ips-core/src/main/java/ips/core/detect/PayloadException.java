package ips.core.detect;

import ips.core.Setting;
import ips.core.Settings;
import ips.core.packet.Cidr;
import ips.core.payload.Exemption;
import ips.core.verdict.Kind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where judges of payloads keep silent, as the configuration writes it. It holds where all it names
 * hold; see {@link Exemption}.
 */
public record PayloadException(
        @Setting("the path, exactly or ending with * as its beginning; * is any") String path,
        @Setting("the parameter, header, cookie or field; * is any") String parameter,
        @Setting("the judges that keep silent; none named: all") List<Judged> judges,
        @Setting("the senders it holds for; none named: all") List<Cidr> from) {
    /** What a line that names nothing would mean. */
    public static final PayloadException DEFAULTS =
            new PayloadException("*", "*", List.of(), List.of());

    public PayloadException {
        judges = List.copyOf(judges);
        from = List.copyOf(from);
        Settings.form(
                path.startsWith("/") || path.equals("*"),
                "path",
                path,
                "one that begins with /, or * for any");
        Settings.form(!parameter.isEmpty(), "parameter", parameter, "a name, or * for any");
    }

    Exemption exemption() {
        return new Exemption(path, parameter, kinds(judges), from);
    }

    static Set<Kind> kinds(List<Judged> judges) {
        return judges.stream().map(Judged::kind).collect(Collectors.toSet());
    }

    /** The judges by name. */
    public enum Judged {
        SQLI(Kind.SQLI),
        XSS(Kind.XSS),
        TRAVERSAL(Kind.TRAVERSAL),
        RCE(Kind.RCE),
        LOG4SHELL(Kind.LOG4SHELL),
        SHELLSHOCK(Kind.SHELLSHOCK),
        SSRF(Kind.SSRF),
        XXE(Kind.XXE),
        SSTI(Kind.SSTI),
        NOSQLI(Kind.NOSQLI),
        LDAPI(Kind.LDAPI),
        CRLF(Kind.CRLF),
        SCANNER(Kind.SCANNER);

        private final Kind kind;

        Judged(Kind kind) {
            this.kind = kind;
        }

        /** What it accuses of. */
        public Kind kind() {
            return kind;
        }
    }
}
