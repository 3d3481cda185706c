package ips.core.payload;

import static ips.core.payload.Gates.*;

import ips.core.payload.probe.CodePhrases;
import ips.core.payload.probe.ShellCommands;
import ips.core.payload.text.Phrases;

/**
 * The phrases of {@link Gates}: for each class of attack, short texts in lower case one of which
 * every attack of the class holds, unless a sign gives it away.
 */
final class GatePhrases {
    /** Words of SQL that begin a clause where a space, in any of its forms, is behind them. */
    private static final String CLAUSES =
            "insert update delete drop order group limit exec execute create alter truncate grant"
                    + " copy begin between like rlike regexp call case load handler backup rename";

    private GatePhrases() {}

    static Phrases all() {
        Phrases.Builder all = Phrases.builder();
        sql(all);
        logic(all);
        files(all);
        scripts(all);
        code(all);
        hosts(all);
        commands(all);
        templates(all);
        filters(all);
        all.add(ENTITY, "&lt", "&gt", "&quot");
        all.add(JNDI, "jndi");
        all.add(INCLUDE, "xinclude", "xi:");
        all.add(RETURN, "return", "db.", "||", "&&", "while(");
        return all.minimal().build();
    }

    private static void sql(Phrases.Builder all) {
        all.add(SQL, "select", "union", "waitfor", "having", "sleep", "benchmark", "shutdown");
        all.add(SQL, "--", "/*", "*/", "@@", "schema", "outfile", "dumpfile", "||", "&&", "xp_");
        all.add(SQL, "dbms_", "utl_", "procedure", "extractvalue", "updatexml", "load_file");
        all.add(SQL, "randomblob", "char(", "chr(", "sysobjects", "pg_", "group_concat", "if(");
        all.add(SQL, "(case", "case when", "declare", "exec(", "in(", "concat(", "into @");
        all.add(SQL, "and true", "and false", "or true", "or false", "-true", "-false", "show ");
        all.add(SQL, ";commit", ";rollback", ";checkpoint", ";explain ", ";lock ", ";analyze ");
        all.add(SQL, ";set ", "; set ", "; commit", "; rollback");
        all.add(SQL, "vacuum", "flush ", ";use ", "make_set(", "elt(", "iif (", "; use ");
        all.add(SQL, "pragma ", "dbcc ", "bulk ", " in (", "+in+(");
        for (String word : CLAUSES.split(" ")) {
            all.add(SQL, word + " ", word + "+", word + "\n", word + "/*");
        }
        for (int digit = 0; digit <= 9; digit++) {
            all.add(SQL, "^(" + digit, "-(" + digit);
        }
    }

    private static void logic(Phrases.Builder all) {
        all.add(LOGIC, " where ", "+where+", "or(", "and(", "or 1", "and 1", "or true", "#");
        for (String before : new String[] {" ", "+", ")", "\n"}) {
            all.add(LOGIC, before + "or", before + "and", before + "xor", before + "is ");
        }
        for (int digit = 0; digit <= 9; digit++) {
            all.add(LOGIC, digit + "or", digit + "and");
        }
    }

    private static void files(Phrases.Builder all) {
        all.add(FILE, "..", ".?", "?.", ".\\.", ".\\", "??", "x2e", "etc/", "/proc/", ".ini");
        all.add(FILE, "passwd", "/var/", "/usr/", "/root/", "/opt/", "/boot/", "/shell.", "/cmd.");
        all.add(FILE, "/c99", "/r57", "/c100", "webshell", "rar:", ".git/", ".svn/", ".aws/");
        all.add(FILE, "id_rsa", "/.", "authorized_keys", "httpd", "/apache", "/tomcat/");
        all.add(FILE, "/secrets/", "/logs/", "/dev/", "/sys/", "/home/", "/srv/", "/private/");
        all.add(FILE, "/library/", "/tmp/", ".npmrc", "ftp://", ".htpasswd", ".htaccess");
        all.add(FILE, ".ds_store", "_history", "system32", "windows", "winnt", "inetpub");
        all.add(FILE, "web-inf", "meta-inf", "web.config", "sysprep", "unattend", "pagefile");
        all.add(FILE, "ntuser", "xampp", "/volumes/", "access_log", "error_log", "access.log");
        all.add(FILE, "error.log", "wp-config", ".bak", "sam._", "localstart", "global.asa");
        all.add(FILE, "data:", "file:", "php:", "expect:", "zip:", "phar:", "glob:", "ogg:");
        all.add(FILE, "ssh2.", "netdoc:", "compress.", "c:/", "c:\\", "d:/", "d:\\", "e:/", "e:\\");
        all.add(FILE, "database.yml", "secrets.yml", "appsettings.", "laravel.log", "eval-stdin");
        all.add(FILE, "server.key", "private.key", "privkey.pem", "ssl.key", "id_dsa", "id_e");
        all.add(FILE, "convert.b", ".old", ".orig", ".save", ".swp", ".swo", ".copy", ".backup");
        all.add(FILE, ".bkp", ".tmp", ".sql", "p~", "/wwwroot.", "/www.", "/htdocs.", "_html.");
        all.add(
                FILE,
                "_backup.",
                "sftp-config",
                "/cvs/",
                ".mdf",
                "bzip2:",
                ".dockerenv",
                "/backup",
                "/site.",
                "/website.",
                "vcdb.",
                "g~",
                "i~",
                "f~",
                "l~",
                "v~");
        for (int digit = 0; digit <= 9; digit++) {
            all.add(FILE, "://" + digit);
        }
    }

    private static void scripts(Phrases.Builder all) {
        all.add(SCRIPT, "script", "document", "window.", "location", "__proto__", "'+'", "\"+\"");
        all.add(SCRIPT, "' + '", "\" + \"", "innerhtml", "-moz", "adw-", "@import", "behavior");
        all.add(SCRIPT, "mocha:", "alert", "prompt", "confirm", "&{", ".cookie", "data:text");
        all.add(SCRIPT, " on", "/on", "\non", ";on", "eval", "print()");
        for (String quote : new String[] {"\"", "'"}) {
            for (String between : new String[] {"", " ", "+", "/"}) {
                all.add(SCRIPT, quote + between + "src=", quote + between + "href=");
                all.add(SCRIPT, quote + between + "style=", quote + between + "type=");
            }
        }
    }

    private static void code(Phrases.Builder all) {
        all.add(CODE, "(#", "{#", "ro0ab", "gasv", "aced0005", "class.module", "ganj", "gajj");
        all.add(CODE, "bahv", "o:+", "c:+", "phpversion()", "getallheaders()", "php_uname()");
        all.add(CODE, "get_current_user()", "get_defined_vars()", "phpcredits()", "call_user_func");
        all.add(CODE, "shell_exec", "passthru", "proc_open", ")('", ")(\"", "\"('", "'('", "'(\"");
        all.add(CODE, "\"(\"", "(~", "pcntl_exec", "__construct", ").'");
        all.add(CODE, ").\"", ") .'", ") .\"", ")+'", ")+\"");
        for (int digit = 0; digit <= 9; digit++) {
            all.add(CODE, "o:" + digit, "c:" + digit);
        }
        CodePhrases.addPhrases(all, CODE);
    }

    private static void hosts(Phrases.Builder all) {
        all.add(HOST, "://", ":/", ":\\", "localhost", "metadata", "instance-data", "kubernetes");
        all.add(HOST, "docker", "localtest", "lvh.me", ".nip.io", "http:", "https:", "//");
        all.add(HOST, "meta-data", ".internal", "loopback", "\\\\1", "169.254", ".oast.");
        all.add(HOST, "interact.sh", "interactsh.", "oastify.", "burpcollab", "dnslog.cn");
        all.add(HOST, "ceye.io", "bxss.me");
    }

    private static void commands(Phrases.Builder all) {
        all.add(COMMAND, "ls ", "dir", "cat ", "ping", "uname", "whoami", "wget", "curl", "bin/");
        all.add(COMMAND, ".exe", "netstat", "nslookup", "ifconfig", "ipconfig", "rm ", "tar ");
        all.add(COMMAND, "nc ", "ncat ", "telnet", "bash", "perl", "python", "powershell", "chmod");
        all.add(COMMAND, "echo ", "ps ", "net ", "grep ", "/?", "?/", "/dev/tcp", "/dev/udp", ";/");
        all.add(COMMAND, "|/", "; /", "| /", "\\n", "regsvr32 ", "mshta ", "wmic ", "reg query");
        all.add(COMMAND, "reg add", "taskkill ", "busybox ", "sh -c ", "invoke-", "iwr ");
        all.add(COMMAND, "-c id", "-c 'id", "-c \"id", "irm ", "bitstransfer", ">/", "> /");
        ShellCommands.addPhrases(all, COMMAND);
    }

    private static void templates(Phrases.Builder all) {
        all.add(TEMPLATE, "{{", "{%", "${", "#{", "*{", "@{", "<%", "@(", "[[", "[=", "[#", "#set");
        all.add(TEMPLATE, "<#", "{$", "{*", "{php", "{self::", "{if ", "{system", "%{", "{math ");
        all.add(TEMPLATE, "{@math ", "{smarty", "#evaluate", "@system.", "<@", "[%", "{!!", "{=");
        all.add(TEMPLATE, "{fetch ", "{include ", "#foreach", "#parse(", "@datetime.");
        all.add(TEMPLATE, "@environment.", "class.inspect");
        for (int digit = 0; digit <= 9; digit++) {
            all.add(TEMPLATE, "{" + digit);
        }
    }

    private static void filters(Phrases.Builder all) {
        all.add(FILTER, ")(", "*)", "*()", "(*", "(|", "(&", "']", "name()", "position()", "or /");
        all.add(FILTER, "or//", "count(/", "string-length(", "last()", "contains(", "node()");
        all.add(FILTER, "starts-with(", "substring(/", "child::", "descendant::", "true()");
    }
}
