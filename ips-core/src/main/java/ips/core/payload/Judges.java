package ips.core.payload;

import ips.core.payload.html.XssJudge;
import ips.core.payload.probe.CodeJudge;
import ips.core.payload.probe.CommandJudge;
import ips.core.payload.probe.HeaderJudge;
import ips.core.payload.probe.LdapJudge;
import ips.core.payload.probe.LookupJudge;
import ips.core.payload.probe.NoSqlJudge;
import ips.core.payload.probe.ScannerJudge;
import ips.core.payload.probe.ShellshockJudge;
import ips.core.payload.probe.SsrfJudge;
import ips.core.payload.probe.TemplateJudge;
import ips.core.payload.probe.TraversalJudge;
import ips.core.payload.probe.XxeJudge;
import ips.core.payload.sql.SqlJudge;
import ips.core.verdict.Kind;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The judges there are, one line each. To add one, write it and add its line.
 *
 * @param kind what it accuses of; two judges may share a kind
 * @param maker makes one for texts of at most so many bytes
 */
public record Judges(Kind kind, IntFunction<Judge> maker) {
    public static final List<Judges> ALL =
            List.of(
                    new Judges(Kind.SQLI, SqlJudge::new),
                    new Judges(Kind.XSS, capacity -> new XssJudge()),
                    new Judges(Kind.TRAVERSAL, TraversalJudge::new),
                    new Judges(Kind.RCE, CommandJudge::new),
                    new Judges(Kind.RCE, capacity -> new CodeJudge()),
                    new Judges(Kind.LOG4SHELL, LookupJudge::new),
                    new Judges(Kind.SHELLSHOCK, capacity -> new ShellshockJudge()),
                    new Judges(Kind.SSRF, capacity -> new SsrfJudge()),
                    new Judges(Kind.XXE, capacity -> new XxeJudge()),
                    new Judges(Kind.SSTI, capacity -> new TemplateJudge()),
                    new Judges(Kind.NOSQLI, capacity -> new NoSqlJudge()),
                    new Judges(Kind.LDAPI, capacity -> new LdapJudge()),
                    new Judges(Kind.CRLF, capacity -> new HeaderJudge()),
                    new Judges(Kind.SCANNER, capacity -> new ScannerJudge()));
}
