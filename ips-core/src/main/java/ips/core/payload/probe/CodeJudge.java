package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Phrases;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * Finds code that an interpreter of the server would run: PHP, Java with OGNL and SpEL, Node,
 * Python, Perl, Ruby, server-side includes; and objects that attack their deserialisation.
 */
@HotPath
public final class CodeJudge implements Judge, Phrases.Match {
    /** Names of PHP that a whole value is where an application calls what it is sent. */
    private static final Words FUNCTIONS =
            Words.of(
                    "call_user_func call_user_func_array shell_exec passthru proc_open pcntl_exec"
                            + " __construct phpversion() getallheaders() php_uname()"
                            + " get_current_user() get_defined_vars() phpcredits()");

    /** Types that Fastjson looks up by DNS as it reads them, whole values behind "@type". */
    private static final Words ADDRESSES = Words.of("java.net.inet4address java.net.inet6address");

    /** How serialised objects in base64 begin, see {@link Text#BASE64}. */
    private static final Words OBJECTS = Words.of("ro0a gasv ganj gajj bahv");

    /** What prints, or runs, what is called behind it. */
    private static final Words PRINTING =
            Words.of("print echo die exit print_r var_dump return eval assert printf puts p");

    /** How far from its end a value is searched for a bracket. */
    private static final int LONGEST_REMARK = 64;

    /** The longest call that is put between two strings. */
    private static final int LONGEST_CALL = 160;

    private final CalledValues called = new CalledValues();
    private Text text;
    private Judgement out;
    private int weak;
    private boolean codeLike;
    private boolean spoken;

    @Override
    public void judge(Text value, PartKind part, Judgement judgement) {
        text = value;
        out = judgement;
        weak = 0;
        codeLike = long_(value);
        spoken = spoken(value);
        CodePhrases.ALL.scan(value, this);
        if (weak >= 2 && !codeLike) {
            out.add(20);
        }
        if (value.has(Text.BASE64) && value.length() >= 20) {
            if (OBJECTS.code(value.bytes(), 0, 4) != 0) {
                out.raise(90, "serialised-object", 0, 5);
            }
        } else if (value.length() == 9 && value.startsWith("__proto__", 0)) {
            out.raise(90, "prototype", 0, 9);
        }
        if (part == PartKind.JSON && ADDRESSES.code(value.bytes(), 0, value.length()) != 0) {
            out.raise(85, "serialised-object", 0, value.length());
        }
        if (FUNCTIONS.code(value.bytes(), 0, value.length()) != 0) {
            out.raise(85, "function-name", 0, value.length());
        }
        expression(value);
        concatenated(value);
        serialized(value);
        if (!codeLike) {
            called.judge(value, judgement);
        }
    }

    /** Whether a phrase is a bare name, which people who write of code use. */
    private static boolean name(String words) {
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c == '_' || c == '.')) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether it is text: five spaces and more, and four for each sign that code is full of; or
     * words with no sign at all between them.
     */
    private static boolean spoken(Text value) {
        int spaces = 0;
        int signs = 0;
        int others = 0;
        byte[] b = value.bytes();
        for (int i = 0; i < value.length(); i++) {
            switch (b[i]) {
                case ' ', '\n' -> spaces++;
                case '(', '{', '[', '=', ';', '$', '#', '@', '<' -> signs++;
                case '\'', '"', '`', '|', '&', '>', ':', '/', '\\', '!', '%' -> others++;
                default -> {}
            }
        }
        return spaces >= 5 && signs * 4 <= spaces || spaces > 0 && signs + others == 0;
    }

    /** Whether it is long enough to be source code that someone shows. */
    private static boolean long_(Text value) {
        int lines = 0;
        int n = value.length();
        byte[] b = value.bytes();
        for (int i = 0; i < n && lines < 4; i++) {
            lines += b[i] == '\n' ? 1 : 0;
        }
        return lines >= 3;
    }

    @Override
    public void found(int phrase, int end) {
        int points = CodePhrases.ALL.points(phrase);
        String words = CodePhrases.ALL.phrase(phrase);
        int at = end - words.length();
        int before = text.at(at - 1);
        boolean edge =
                !(before >= 'a' && before <= 'z'
                        || before >= '0' && before <= '9'
                        || before == '_');
        if (points == CodePhrases.PLACED) {
            boolean put = edge && !codeLike && placed(words, at, end, before);
            out.raise(put ? 95 : 45, "code", at, end);
            return;
        }
        if (points == 60) {
            if (!edge) {
                return;
            }
            weak++;
            call(words, at, end, before);
            return;
        }
        if (!edge
                && words.charAt(0) >= 'a'
                && words.charAt(0) <= 'z'
                && points == 100
                && words.indexOf('(') >= 0) {
            return;
        }
        if (words.startsWith("--#") && !text.startsWith("<!", at - 2)) {
            return;
        }
        boolean tagged =
                words.endsWith("/object")
                        || words.equals("ruby/hash")
                        || words.equals("javax.script");
        if (tagged && before != '!') {
            // a tag of YAML
            return;
        }
        boolean named = spoken && name(words);
        // a tag and a pickle end lines by their grammar
        boolean shown = codeLike && !tagged && words.charAt(words.length() - 1) != '\n';
        out.raise(shown || named ? 45 : 95, "code", at, end);
    }

    /** Whether a phrase of those that people show each other stands where it would be run. */
    private boolean placed(String words, int at, int end, int before) {
        switch (words.charAt(0)) {
            case '-' -> {
                // an option handed to a program, not a line of a shell in a text
                boolean find = words.charAt(1) == 'e' && text.startsWith("find ", 0);
                return find || at <= 8 && !text.startsWith("tar ", 0);
            }
            case '=' -> {
                // a formula that sends what other cells hold to a host
                int to = Math.min(text.length(), end + LONGEST_CALL);
                boolean sends = text.find("\"&", end, to) > 0 || text.find("concat", end, to) > 0;
                return at == 0 && sends && text.find("://", end, to) > 0;
            }
            case '<' -> {
                // CVE-2025-53770: controls that read what they are sent
                return text.find("performancepoint", end, end + 200) > 0;
            }
            default -> {}
        }
        if (text.startsWith("http", end) || text.startsWith("marshal.dump(", end)) {
            // opens a page; copies an object
            return false;
        }
        boolean put =
                at <= 1
                        || before == '{'
                        || before == '('
                        || before == ';'
                        || before == '|'
                        || before == '@'
                        || before == '`'
                        || before == '\''
                        || before == '"'
                        || before == ' ' && (text.at(at - 2) == ';' || text.at(at - 2) == '{');
        return put && !remarked(end);
    }

    /** Whether a word follows the last bracket behind {@code from}, as in no language of code. */
    private boolean remarked(int from) {
        int last = text.length() - 1;
        int stop = Math.max(from, last - LONGEST_REMARK);
        while (last >= stop && text.at(last) != ')') {
            last--;
        }
        int next = text.at(last + 2);
        return text.at(last + 1) == ' ' && next >= 'a' && next <= 'z';
    }

    /** A call by a name that honest code uses too: it must stand where code was put in. */
    private void call(String words, int at, int end, int before) {
        if (words.charAt(0) == '%') {
            // %x(id): a command of Ruby's, as a whole value
            out.raise(at == 0 && closed(words.charAt(2)) ? 85 : 20, "code", at, end);
            return;
        }
        if (words.charAt(words.length() - 1) != '(') {
            boolean nested = words.equals("{${") && text.find("(", end, end + 24) > 0;
            boolean silenced =
                    (words.equals("${@") || nested) && text.at(end) >= 'a' && text.at(end) <= 'z';
            out.raise(codeLike ? 20 : silenced ? 90 : 45, "code", at, end);
            return;
        }
        boolean quoted = quotes(text.skipSpace(end));
        boolean broken = broken(at, before);
        boolean strong = strong(at);
        int points =
                quoted && strong
                        ? 75
                        : quoted && broken ? 60 : strong && (at <= 1 || broken) ? 55 : 25;
        points += quoted && strong && (broken || at <= 1) ? 20 : 0;
        if (strong && before == ';' && text.length() < 60) {
            points = Math.max(points, 80);
        }
        if (at <= 1 && quoted && reads(at) && text.length() < 120) {
            // a whole value that is one call
            int last = text.at(text.length() - 1);
            points = last == ')' || last == ';' ? 85 : points;
        }
        if (text.startsWith("process.", at) && text.length() < 60 && (at <= 1 || started(at))) {
            points = 85;
        }
        if (strong && quoted && trivial(end)) {
            // what students clear their terminals with
            points = Math.min(points, 25);
        }
        if (quoted && (strong || reads(at)) && (printed(at) || before == '(' && printed(at - 1))) {
            points = Math.max(points, 85);
        }
        boolean tested = strong && quoted && before == '(' && text.at(0) == '{';
        if (tested && text.at(text.length() - 1) == '}' && text.length() < LONGEST_CALL) {
            // {x:if(system('id'))}{/x:if}
            points = 85;
        }
        if (strong && before == '{' && at <= 2 && text.startsWith(")}", text.length() - 2)) {
            // ${system(id)}
            points = 85;
        }
        if (text.startsWith("print(", at)) {
            points = broken && text.startsWith("md5", end) ? 90 : Math.min(points, 50);
        }
        out.raise(codeLike ? points / 3 : points, "code-call", at, end);
    }

    /** Whether an argument begins with a string, a variable or a command at {@code at}. */
    private boolean quotes(int at) {
        int sign = text.at(at);
        return sign == '\''
                || sign == '"'
                || sign == '$'
                || sign == '`'
                || sign == '\\'
                || text.startsWith("__file__", at);
    }

    /** Whether what stands before a call may have ended something, so that the call begins anew. */
    private boolean broken(int at, int before) {
        return before == ';'
                || before == '{'
                || before == '@'
                || before == '|'
                || before == '\''
                || before == '"'
                || before == '.' && text.at(at - 2) == ')'
                || before == '.' && (text.at(at - 2) == '"' || text.at(at - 2) == '\'')
                || before == '='
                || before == '}'
                || before == ' ' && at <= 3 && (text.at(0) == ';' || text.at(0) == '}');
    }

    /** Whether what is called runs commands or code. */
    private boolean strong(int at) {
        return text.startsWith("system(", at)
                || text.startsWith("exec(", at)
                || text.startsWith("popen(", at)
                || text.startsWith("eval(", at)
                || text.startsWith("assert(", at)
                || text.startsWith("execsync(", at)
                || text.startsWith("spawn(", at);
    }

    /** {@code system("clear")}. */
    private boolean trivial(int argument) {
        return text.startsWith("clear", argument + 1)
                || text.startsWith("cls", argument + 1)
                || text.startsWith("pause", argument + 1);
    }

    /** Whether a statement begins at {@code at}, behind a quote that ends a string or another. */
    private boolean started(int at) {
        int before = text.at(at - 1) == ' ' ? at - 2 : at - 1;
        return text.at(before) == ';' && before <= 4;
    }

    /** Whether a value that prints what is called at {@code at} begins before it. */
    private boolean printed(int at) {
        int end = text.at(at - 1) == ' ' ? at - 1 : at;
        return PRINTING.code(text.bytes(), 0, end) != 0;
    }

    /** Whether the value ends with the bracket that closes {@code open}. */
    private boolean closed(int open) {
        int close = open == '(' ? ')' : open == '{' ? '}' : ']';
        return text.at(text.length() - 1) == close;
    }

    /** Whether a function of the server that reads files or its surroundings is called. */
    private boolean reads(int at) {
        return text.startsWith("readfile(", at)
                || text.startsWith("file_get_contents(", at)
                || text.startsWith("show_source(", at)
                || text.startsWith("highlight_file(", at)
                || text.startsWith("scandir(", at)
                || text.startsWith("opendir(", at)
                || text.startsWith("getenv(", at)
                || text.startsWith("fopen(", at)
                || text.startsWith("var_dump(", at);
    }

    /**
     * A call put between two strings of PHP or Perl, which is all of the value: {@code
     * '.print("x").'}, or of JavaScript or Python: {@code "+process.exit()+"}.
     */
    private void concatenated(Text value) {
        int n = value.length();
        int quote = value.at(0);
        if (quote != '\'' && quote != '"' || n > LONGEST_CALL || value.at(n - 1) != quote) {
            return;
        }
        int dot = value.skipSpace(1);
        int joint = value.at(dot);
        int start = value.skipSpace(dot + 1);
        start += value.at(start) == '@' ? 1 : 0;
        int end = start;
        while (value.at(end) >= 'a' && value.at(end) <= 'z'
                || value.at(end) == '_'
                || end > start && joint == '+' && value.at(end) == '.'
                || end > start && value.at(end) >= '0' && value.at(end) <= '9') {
            end++;
        }
        int last = n - 2;
        while (last > end && value.at(last) == ' ') {
            last--;
        }
        int close = last - 1;
        while (close > end && value.at(close) == ' ') {
            close--;
        }
        if ((joint == '.' || joint == '+')
                && end > start + 1
                && value.at(end) == '('
                && value.at(last) == joint
                && value.at(close) == ')') {
            out.raise(85, "concatenated-call", 0, n);
        }
    }

    /** OGNL and its kin: %{(#a=...)}, ${#x=...}, (#x=@y@z). */
    private void expression(Text value) {
        int n = value.length();
        byte[] b = value.bytes();
        for (int i = 0; i + 3 < n; i++) {
            if (b[i] == '#' && (b[i + 1] >= 'a' && b[i + 1] <= 'z' || b[i + 1] == '_')) {
                int before = value.at(i - 1);
                if (before != '(' && before != '{') {
                    continue;
                }
                int k = i + 1;
                while (k < n
                        && k < i + 24
                        && (b[k] >= 'a' && b[k] <= 'z'
                                || b[k] == '_'
                                || b[k] >= '0' && b[k] <= '9')) {
                    k++;
                }
                int c = value.at(k);
                if (c == '=' || c == '[' || c == '.' && before == '(') {
                    boolean opened =
                            value.at(i - 2) == '{'
                                    || value.at(i - 2) == '$'
                                    || value.at(i - 2) == '%'
                                    || before == '(';
                    out.raise(opened && !codeLike ? 90 : 30, "expression", i - 1, k);
                }
            }
        }
    }

    /** PHP's own serialisation of objects: O:8:"stdClass":1:{. */
    private void serialized(Text value) {
        int n = value.length();
        byte[] b = value.bytes();
        for (int i = 0; i + 6 < n; i++) {
            if ((b[i] == 'o' || b[i] == 'c')
                    && b[i + 1] == ':'
                    && (i == 0
                            || b[i - 1] == ';'
                            || b[i - 1] == '{'
                            || b[i - 1] == '"'
                            || b[i - 1] == ' ')) {
                int k = i + 2;
                if (value.at(k) == '+') {
                    k++;
                }
                int digits = k;
                while (k < n && b[k] >= '0' && b[k] <= '9' && k - digits < 5) {
                    k++;
                }
                if (k > digits
                        && value.startsWith(":\"", k)
                        && value.find("\":", k + 2, k + 120) > 0
                        && value.find(":{", k, k + 140) > 0) {
                    out.raise(i == 0 ? 95 : 80, "php-object", i, k + 8);
                    return;
                }
            }
        }
    }
}
