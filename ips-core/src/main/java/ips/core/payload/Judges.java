package ips.core.payload;

import static ips.core.payload.Gates.*;
import static ips.core.verdict.Kind.*;

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
 * The judges there are, one line each. To add one, write it and add its line. Of kinds that score
 * alike the first in this order is accused of: a command that reads a file is a command.
 *
 * @param kind what it accuses of; two judges may share a kind
 * @param signs the signs of {@link Gates} any of which makes a value worth it
 * @param phrases the phrases of {@link Gates} any of which does
 * @param maker makes one for texts of at most so many bytes
 */
record Judges(Kind kind, int signs, int phrases, IntFunction<Judge> maker) {
    /** Asked about every value, whatever it holds. */
    static final int ALWAYS = -1;

    static final List<Judges> ALL =
            List.of(
                    new Judges(SQLI, BACKTICK, SQL, SqlJudge::new),
                    new Judges(XSS, ANGLE | PAREN | BACKTICK, SCRIPT, n -> new XssJudge()),
                    new Judges(
                            RCE, BACKTICK | DOLLAR | LINE | BACKSLASH, COMMAND, CommandJudge::new),
                    new Judges(RCE, 0, CODE, n -> new CodeJudge()),
                    new Judges(TRAVERSAL, 0, FILE, TraversalJudge::new),
                    new Judges(LOG4SHELL, DOLLAR, JNDI, LookupJudge::new),
                    new Judges(SHELLSHOCK, BRACE, 0, n -> new ShellshockJudge()),
                    new Judges(SSRF, BRACKET, HOST, n -> new SsrfJudge()),
                    new Judges(XXE, ANGLE, INCLUDE, n -> new XxeJudge()),
                    new Judges(SSTI, 0, TEMPLATE, n -> new TemplateJudge()),
                    new Judges(NOSQLI, DOLLAR, RETURN, n -> new NoSqlJudge()),
                    new Judges(LDAPI, 0, FILTER, n -> new LdapJudge()),
                    new Judges(CRLF, LINE | BACKSLASH, 0, n -> new HeaderJudge()),
                    new Judges(SCANNER, ALWAYS, 0, n -> new ScannerJudge()));
}
