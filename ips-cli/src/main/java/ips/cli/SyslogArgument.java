package ips.cli;

import ips.cli.syslog.SyslogTarget;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Decides whether the argument after {@code --syslog} is its target or belongs to the command, such
 * as the name of a capture file.
 */
final class SyslogArgument implements CommandLine.IParameterPreprocessor {
    @Override
    public boolean preprocess(
            Stack<String> arguments,
            CommandSpec command,
            ArgSpec option,
            Map<String, Object> info) {
        boolean attached = "=".equals(info.get("separator"));
        if (attached || !arguments.isEmpty() && SyslogTarget.isTarget(arguments.peek())) {
            return false;
        }
        option.setValue(SyslogTarget.LOCAL);
        return true;
    }
}
