package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;
import ips.core.payload.text.Words;

/**
 * What stands around a command behind a separator: a text, a script, a line that a developer shows,
 * or nothing but an address that a tool of the network is given. Owned by one {@link
 * SeparatedCommand}.
 */
@HotPath
final class CommandPlace {
    /** So many lines are a script that somebody shows, or a text with lines of a shell in it. */
    private static final int SCRIPT_LINES = 5;

    /** What a line begins with that developers show each other, and no value that is attacked. */
    private static final Words DEVELOPED =
            Words.of(
                    "docker podman kubectl helm git npm npx yarn pnpm pip cargo make cmake export apt"
                            + " apt-get brew conda gcloud terraform ansible mvn gradle for while"
                            + " set-executionpolicy import-module install-module get-process"
                            + " get-childitem get-content get-service set-location new-item");

    /** What no script is spared for in its first line: it runs or fetches what it is given. */
    private static final Words RUNNING =
            Words.of(
                    "sh bash zsh ksh dash csh tcsh fish curl wget fetch nc ncat netcat socat telnet"
                            + " python python2 python3 perl php ruby node lua powershell pwsh cmd rm"
                            + " eval exec source base64 nslookup dig ping");

    /** Names of columns beside which one called id stands. */
    private static final Words COLUMNS =
            Words.of(
                    "name title date user type key parent order price count label value status sort"
                            + " email uuid sku post product item page category uid guid pid tid cid"
                            + " group role code slug path url author created modified updated time"
                            + " timestamp score rank level state version number amount total username"
                            + " firstname lastname description content text asc desc");

    private static final int LONGEST_NAME = 32;

    /** The least that two line ends make a text of lines. */
    private static final int SHORTEST_LINES = 60;

    /** The longest test before a "then". */
    private static final int LONGEST_TEST = 120;

    /** From so many words on a "then" is one of a sentence, unless an "if" stands before it. */
    private static final int SPOKEN_WORDS = 6;

    /** What lines of developers' tools are made of. */
    private static final Words TOLD =
            Words.of("pwd date id whoami hostname uname cat ls git basename dirname nproc");

    private Text shell;
    private byte[] b;
    private int n;
    private int lineEnds;
    private int words;
    private int firstLine;
    private int firstUrl;
    private boolean body;
    private boolean script;
    private boolean developed;
    private boolean begunAsCommand;

    void begin(Text value, int lineFeeds, PartKind part) {
        shell = value;
        b = value.bytes();
        n = value.length();
        lineEnds = lineFeeds;
        words = words(b, n);
        int feed = shell.find("\n", 0, n);
        firstLine = feed < 0 ? n : feed;
        firstUrl = shell.find("://", 0, n);
        body = part.multiLine() && part != PartKind.FILE;
        developed = DEVELOPED.code(b, 0, name()) != 0 && shell.at(name()) == ' ';
        boolean command =
                developed || ShellCommands.COMMANDS.code(b, 0, wordEnd(0)) != 0 && spaced(0);
        boolean begun = shell.startsWith("#!/", 0) || shell.startsWith("$ ", 0) || command;
        boolean shown =
                begun || lineFeeds >= SCRIPT_LINES || lineFeeds > 0 && shell.find("\n$ ", 0, n) > 0;
        script = body && shown && shell.skipSpace(firstLine) < n && shell.find("/etc/", 0, n) < 0;
        developed &= body;
        begunAsCommand = begun;
    }

    /** Spaces, up to 14: so many words make it likely that one is a command's name by chance. */
    int words() {
        return words;
    }

    /**
     * Whether the separator at {@code at} is one of a script that somebody shows, or of a text of
     * lines with commands in them. In the first line a command may have been put behind a value.
     */
    boolean script(int at, int word, int end) {
        if (at <= 2 || !body) {
            return false;
        }
        if (at < firstLine) {
            boolean tools = developed && DEVELOPED.code(b, word, end) != 0 && firstUrl < 0;
            boolean harmless =
                    (firstUrl < 0 || firstUrl >= firstLine)
                            && RUNNING.code(b, word, end) == 0
                            && ShellCommands.RECONNAISSANCE.code(b, word, end) == 0
                            && b[word - 1] != '/';
            return tools || script && begunAsCommand && harmless;
        }
        return script || lineEnds >= 2 && n > SHORTEST_LINES && b[at] != '\n';
    }

    /** Whether {@code at} is in the first line. */
    boolean leads(int at) {
        return at < firstLine;
    }

    private boolean spaced(int from) {
        return shell.at(wordEnd(from)) == ' ';
    }

    /** Whether a word such as "then" behind the separator at {@code at} is one of a shell. */
    boolean keyword(int at) {
        return words < SPOKEN_WORDS || at <= 2 || tested(at);
    }

    /** Whether a test or a loop of a shell begins before {@code stop}. */
    private boolean tested(int stop) {
        int from = Math.max(0, stop - LONGEST_TEST);
        return shell.find("if ", from, stop) >= 0
                || shell.find("for ", from, stop) >= 0
                || shell.find("while ", from, stop) >= 0
                || shell.find("until ", from, stop) >= 0
                || shell.find("[", from, stop) >= 0;
    }

    /**
     * Whether the value before the separator at {@code at}, the only one, is one word: an address
     * or a host, which a tool of the network is given ({@code 127.0.0.1;id}), or before a command
     * that nobody lists ({@code test|whoami}).
     */
    boolean headed(int at, int word, int end) {
        int last = at;
        while (last > 0
                && (b[last - 1] == ' '
                        || b[last - 1] == ';'
                        || b[last - 1] == '&'
                        || b[last - 1] == '|')) {
            last--;
        }
        if (last == 0 || last > 64) {
            return false;
        }
        int dots = 0;
        for (int i = 0; i < last; i++) {
            int c = b[i];
            boolean name =
                    c >= 'a' && c <= 'z'
                            || c >= '0' && c <= '9'
                            || c == '-'
                            || c == '/'
                            || c == '_'
                            || c == '@';
            if (!name && c != '.') {
                return false;
            }
            dots += c == '.' ? 1 : 0;
        }
        if (b[at] == '\n') {
            return dots == 3 && b[0] <= '9';
        }
        boolean local = shell.startsWith("localhost", 0) && last == 9;
        // name;id is a list of columns
        boolean id =
                end - word == 2
                        && b[at] == ';'
                        && end == n
                        && shell.startsWith("id", word)
                        && COLUMNS.code(b, 0, last) == 0;
        return dots > 0 && last > 4
                || local
                || id
                || ShellCommands.RECONNAISSANCE.code(b, word, end) != 0;
    }

    /**
     * Whether a line that began as a command line of three words and more goes on to a command that
     * sorts out its output: {@code kubectl get pods | grep web} is what developers tell each other.
     */
    boolean filtered(int at, int word, int end, int next) {
        int spaces = 0;
        for (int i = 0; i < at && spaces < 3; i++) {
            spaces += b[i] == ' ' ? 1 : 0;
        }
        return spaces >= 3
                && letter(0)
                && ShellCommands.FILTERS.code(b, word, end) != 0
                && shell.find("/etc/", next, Math.min(n, next + 64)) < 0;
    }

    /** Whether a script of some lines gives a variable what a command says: {@code a=$(date)}. */
    boolean assigned(int at) {
        int before = shell.at(at - 1) == '"' ? at - 2 : at - 1;
        return lineEnds > 2 && shell.at(before) == '=';
    }

    /**
     * Whether a line of a developer's tool has an argument made of what a command says: {@code
     * docker run -v $(pwd):/src image}.
     */
    boolean built(int word, int end) {
        return words >= 3
                && TOLD.code(b, word, end) != 0
                && ShellCommands.TOOLS.code(b, 0, wordEnd(0)) != 0
                && shell.at(wordEnd(0)) == ' ';
    }

    /** The end of a first word that may hold hyphens. */
    private int name() {
        int i = wordEnd(0);
        while (i < n && i < LONGEST_NAME && b[i] == '-') {
            i = wordEnd(i + 1);
        }
        return i;
    }

    private boolean letter(int at) {
        return at < n && b[at] >= 'a' && b[at] <= 'z';
    }

    private int wordEnd(int from) {
        int i = from;
        while (i < n && i - from < 32 && b[i] >= 'a' && b[i] <= 'z') {
            i++;
        }
        return i;
    }

    private static int words(byte[] b, int n) {
        int spaces = 0;
        for (int i = 0; i < n && spaces < 14; i++) {
            spaces += b[i] == ' ' || b[i] == '\n' ? 1 : 0;
        }
        return spaces;
    }
}
