package ips.core.payload.probe;

import ips.core.HotPath;
import ips.core.payload.Judge;
import ips.core.payload.Judgement;
import ips.core.payload.PartKind;
import ips.core.payload.text.Text;

/**
 * Finds commands that a shell would run: behind a separator or in a substitution ({@link
 * SeparatedCommand}), before a pipe, or a value that is a command line as a whole ({@link
 * CommandLine}).
 *
 * <p>The text is copied with the shell's ways to write the same word undone: quotes and backslashes
 * inside words, {@code $@}, {@code $*}, {@code ${IFS}}, {@code {a,b}}, carets. A command's name
 * alone never counts.
 */
@HotPath
public final class CommandJudge implements Judge {
    private final ShellQuoting quoting;
    private final CommandLine line = new CommandLine();
    private final SeparatedCommand command = new SeparatedCommand();
    private Text shell;
    private byte[] b;

    /** Bytes with which the same word can be written in another way. */
    private static final boolean[] QUOTING = new boolean[256];

    /** Bytes before which or behind which a command may stand. */
    private static final boolean[] SEPARATORS = new boolean[256];

    static {
        mark(QUOTING, "'\"\\$`^{+");
        mark(SEPARATORS, ";|&\n`$(\\");
    }

    static void mark(boolean[] table, String signs) {
        for (int i = 0; i < signs.length(); i++) {
            table[signs.charAt(i)] = true;
        }
    }

    /** A value up to this length is looked through for variables that it sets and runs. */
    private static final int SHORT_LINE = 200;

    private int n;
    private int undone;
    private Judgement out;

    public CommandJudge(int capacity) {
        quoting = new ShellQuoting(capacity);
    }

    @Override
    public void judge(Text text, PartKind part, Judgement judgement) {
        out = judgement;
        boolean spaces = false;
        boolean quoted = false;
        boolean separated = false;
        int lineEnds = 0;
        byte[] in = text.bytes();
        for (int i = 0; i < text.length(); i++) {
            spaces |= in[i] == ' ';
            lineEnds += in[i] == '\n' ? 1 : 0;
            quoted |= QUOTING[in[i] & 0xff];
            separated |= SEPARATORS[in[i] & 0xff];
        }
        undone = 0;
        if (quoted && (separated || text.length() < 200)) {
            shell = quoting.undo(text, !spaces);
            undone = quoting.undone();
        } else {
            shell = text;
        }
        b = shell.bytes();
        n = shell.length();
        command.begin(shell, undone, lineEnds, part, judgement);
        separators();
        LeadingCommand.judge(shell, part, judgement);
        if (!part.multiLine() || part == PartKind.FORM) {
            LeadingCommand.inside(shell, judgement);
        }
        if (part != PartKind.USER_AGENT) {
            line.judge(shell, undone, judgement);
        }
    }

    /** Whatever begins a command behind it, or runs one inside it. */
    private void separators() {
        for (int i = 0; i < n; i++) {
            switch (b[i]) {
                case '|' -> {
                    if (i == n - 1) {
                        piped(i);
                    }
                    command.judge(i, i + 1, false);
                }
                case ';', '&', '\n' -> command.judge(i, i + 1, false);
                case '>' -> socket(i);
                case '\\' -> {
                    // a line end, written out
                    if (shell.at(i + 1) == 'n' && (i == 0 || shell.at(i + 2) == '/')) {
                        command.judge(i, i + 2, false);
                    }
                }
                case '`' -> {
                    if (shell.at(i + 1) == '`' && shell.at(i + 2) == '`') {
                        i = fence(i);
                    } else {
                        if (printed(i)) {
                            out.raise(85, "command", i, n);
                        }
                        command.judge(i, i + 1, true);
                    }
                }
                case '$' -> {
                    if (n < SHORT_LINE && ShellVariables.run(shell, i)) {
                        out.raise(85, "variable-command", i, i + 2);
                    }
                    if (shell.at(i + 1) == '(') {
                        command.judge(i, i + 2, true);
                    }
                }
                case '(' -> {
                    int before = shell.at(i - 1);
                    if (before == '<' || before == '>') {
                        command.judge(i, i + 1, true);
                        if (i == 1 && b[n - 1] == ')' && LeadingCommand.known(shell, 2)) {
                            out.raise(85, "command", 0, n);
                        }
                    }
                }
                default -> {}
            }
        }
    }

    /**
     * The last byte of a fence of Markdown at {@code at}, with the name of a language: what stands
     * between two fences is shown, not run.
     */
    private int fence(int at) {
        int i = at + 3;
        while (i < n && i - at < 24 && (b[i] >= 'a' && b[i] <= 'z' || b[i] == '-')) {
            i++;
        }
        return i - 1;
    }

    /** {@code echo `ls`;}: a program of PHP's that prints what a command says, and no more. */
    private boolean printed(int tick) {
        boolean prints =
                tick == 5 && shell.startsWith("echo ", 0)
                        || tick == 4 && shell.startsWith("echo", 0)
                        || tick == 6 && shell.startsWith("print ", 0)
                        || tick == 5 && shell.startsWith("print", 0);
        int last = shell.at(n - 1) == ';' ? n - 2 : n - 1;
        return prints && last > tick + 1 && n < 80 && b[last] == '`';
    }

    /**
     * {@code >& /dev/tcp/1.2.3.4/443}: a shell that talks to a host; {@code > /tmp/x}, a whole
     * value, writes what a command says.
     */
    private void socket(int at) {
        int i = at + 1;
        while (i < n && i - at < 4 && (b[i] == ' ' || b[i] == '&')) {
            i++;
        }
        if (shell.startsWith("/dev/tcp/", i) || shell.startsWith("/dev/udp/", i)) {
            out.raise(95, "shell-socket", at, i + 9);
        }
        if (shell.startsWith("/dev/null", i)) {
            // nothing is written
            return;
        }
        boolean leads = at == 0 || at == 1 && (b[0] == '>' || b[0] == '1' || b[0] == '2');
        if (leads && b[n - 1] != '>' && LeadingCommand.file(shell, i)) {
            out.raise(85, "redirection", 0, n);
        }
    }

    /** {@code /usr/bin/id|}, which Perl's open() runs. */
    private void piped(int pipe) {
        int start = pipe;
        int word = pipe;
        while (start > 0 && pipe - start < 60 && b[start - 1] > ' ' && b[start - 1] != '|') {
            start--;
            word = word == pipe && b[start] == '/' ? start + 1 : word;
        }
        boolean asks = start == 0 && ShellCommands.RECONNAISSANCE.code(b, 0, pipe) != 0;
        if (asks
                || word < pipe
                        && ShellCommands.COMMANDS.code(b, word, pipe) != 0
                        && shell.find("bin/", start, word) >= 0) {
            out.raise(85, "piped-command", start, pipe + 1);
        }
    }
}
