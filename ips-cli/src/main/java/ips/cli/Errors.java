package ips.cli;

import ips.capture.CaptureException;
import ips.cli.config.ConfigException;
import ips.cli.config.Keys;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into a sentence for a person and an {@link ExitCode}. */
public final class Errors implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private final Ips ips;
    private final Terminal terminal;

    Errors(Ips ips, Terminal terminal) {
        this.ips = ips;
        this.terminal = terminal;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        say(
                isUnknownCommand(e)
                        ? "there is no command " + unmatched(e)
                        : firstLine(e.getMessage()));
        suggestion(e).ifPresent(suggestion -> say("did you mean " + suggestion + "?"));
        say("see: " + command.getCommandSpec().qualifiedName() + " --help");
        trace(e);
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
        if (e instanceof ParameterException wrong) {
            return handleParseException(wrong, new String[0]);
        }
        trace(e);
        if (e instanceof UserError error) {
            say(error.getMessage());
            return error.exitCode();
        }
        if (e instanceof ConfigException config) {
            config.problems().forEach(problem -> say(problem.toString()));
            boolean options =
                    config.problems().stream()
                            .allMatch(problem -> problem.origin().startsWith("--"));
            return options ? ExitCode.USAGE : ExitCode.CONFIGURATION;
        }
        if (e instanceof CaptureException) {
            say(e.getMessage());
            return ExitCode.INPUT;
        }
        if (e instanceof IOException io) {
            say(sentence(io));
            return ExitCode.ENVIRONMENT;
        }
        say("a bug in ips: " + e + (ips.stacktrace ? "" : " (--stacktrace shows where)"));
        return ExitCode.INTERNAL;
    }

    /** picocli suggests some option or command, however far from what was written. */
    private static Optional<String> suggestion(ParameterException e) {
        return e instanceof UnmatchedArgumentException unmatched
                ? Keys.nearest(unmatched(e), unmatched.getSuggestions())
                : Optional.empty();
    }

    private static boolean isUnknownCommand(ParameterException e) {
        return e instanceof UnmatchedArgumentException
                && e.getCommandLine().getParent() == null
                && !unmatched(e).startsWith("-");
    }

    private static String unmatched(ParameterException e) {
        return ((UnmatchedArgumentException) e).getUnmatched().get(0);
    }

    /** The JDK's file exceptions carry no more than a name. */
    public static String sentence(IOException e) {
        if (e instanceof NoSuchFileException) {
            return e.getMessage() + ": no such file";
        }
        if (e instanceof AccessDeniedException) {
            return e.getMessage() + ": permission denied";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void say(String sentence) {
        terminal.err().println("ips: " + sentence);
    }

    private void trace(Exception e) {
        if (ips.stacktrace) {
            e.printStackTrace(terminal.err());
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }
}
