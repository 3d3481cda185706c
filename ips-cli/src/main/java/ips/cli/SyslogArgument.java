package ips.cli;

import ips.cli.syslog.SyslogTarget;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Leaves to the command what stands behind {@code --syslog} and is no target, such as a file. */
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
