package ips.cli;

import ips.cli.syslog.SyslogTarget;
import ips.core.alert.AlertFramesFile;
import ips.core.alert.BlockedIpsLog;
import ips.core.alert.EveLog;
import ips.core.alert.SyslogLog;
import ips.core.block.BlockListener;
import ips.core.counter.Counter;
import ips.core.counter.Counters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;

/** The listeners that write: blocked_ips.log; EVE JSON, frames and syslog where wanted. */
final class Logs {
    private Logs() {}

    /**
     * Says at once, rather than with the first line, that something cannot be written.
     *
     * @throws UserError that names the option to change
     */
    static void check(SensorConfig.Output output) {
        check(output.logDir().resolve(BlockedIpsLog.FILE_NAME), "--log-dir");
        if (!output.eve().isEmpty() && !output.eve().equals("-")) {
            check(path("--eve", output.eve()), "--eve");
        }
        if (!output.pcapAlerts().isEmpty()) {
            check(path("--pcap-alerts", output.pcapAlerts()), "--pcap-alerts");
        }
    }

    private static void check(Path file, String option) {
        Path there = file.toAbsolutePath().normalize();
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        boolean isFile = there.equals(file.toAbsolutePath().normalize());
        if (isFile == Files.isDirectory(there)) {
            throw new UserError(
                    ExitCode.ENVIRONMENT,
                    "%s cannot be written, for %s is %s; choose another place with %s"
                            .formatted(file, there, isFile ? "a folder" : "no folder", option));
        }
        if (!Files.isWritable(there)) {
            String reason =
                    isReadOnly(there)
                            ? "%s lies on a file system that is read-only"
                            : "this user may not write %s";
            throw new UserError(
                    ExitCode.PERMISSION,
                    "%s cannot be written, for %s; choose another place with %s"
                            .formatted(file, reason.formatted(there), option));
        }
        if (!isFile && !takesFiles(there)) {
            throw new UserError(
                    ExitCode.ENVIRONMENT,
                    "%s cannot be written, for no file can be made in %s; choose another place with %s"
                            .formatted(file, there, option));
        }
    }

    /** What permissions do not say: /proc and its like, and a disk without room for a name. */
    private static boolean takesFiles(Path folder) {
        try {
            Files.delete(Files.createTempFile(folder, ".ips-", ""));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isReadOnly(Path there) {
        try {
            return Files.getFileStore(there).isReadOnly();
        } catch (IOException e) {
            return false;
        }
    }

    private static Path path(String option, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UserError(
                    ExitCode.USAGE, option + ": " + text + " is no path: " + e.getReason(), e);
        }
    }

    /** Opens the files anew at their next lines; from any thread. */
    static void reopen(List<BlockListener> logs) {
        for (BlockListener log : logs) {
            if (log instanceof BlockedIpsLog blockedIps) {
                blockedIps.reopen();
            } else if (log instanceof EveLog eve) {
                eve.reopen();
            } else if (log instanceof AlertFramesFile frames) {
                frames.reopen();
            }
        }
    }

    /**
     * The listeners; files are made with their first line.
     *
     * @param subject the one interface or file that is read, or null
     * @param counters the engine's
     * @param own what the listeners count
     */
    static List<BlockListener> open(
            SensorConfig config,
            String subject,
            Supplier<Map<Counter, Long>> counters,
            Counters own,
            Terminal terminal,
            ErrorHandler errors) {
        SensorConfig.Output output = config.output();
        List<BlockListener> logs = new ArrayList<>();
        logs.add(new BlockedIpsLog(output.logDir(), own, errors));
        boolean enforcing = config.block().enforces();
        if (output.eve().equals("-")) {
            logs.add(EveLog.toStream(terminal.out(), subject, enforcing, counters, own, errors));
        } else if (!output.eve().isEmpty()) {
            logs.add(
                    EveLog.toFile(
                            path("--eve", output.eve()),
                            subject,
                            enforcing,
                            counters,
                            own,
                            errors));
        }
        if (!output.pcapAlerts().isEmpty()) {
            Path file = path("--pcap-alerts", output.pcapAlerts());
            long mostBytes = (long) output.pcapAlertsMebibytes() << 20;
            logs.add(new AlertFramesFile(file, mostBytes, own, errors));
        }
        if (!output.syslog().isEmpty()) {
            logs.add(syslog(output, own, errors));
        }
        return logs;
    }

    private static SyslogLog syslog(SensorConfig.Output output, Counters own, ErrorHandler errors) {
        try {
            return SyslogTarget.parse(output.syslog()).open(output.syslogFacility(), own, errors);
        } catch (IOException e) {
            throw new UserError(ExitCode.ENVIRONMENT, "--syslog: " + e.getMessage(), e);
        }
    }
}
