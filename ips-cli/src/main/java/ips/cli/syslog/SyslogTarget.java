package ips.cli.syslog;

import com.sun.jna.Platform;
import ips.core.alert.SyslogFormat;
import ips.core.alert.SyslogLog;
import ips.core.alert.UdpSyslog;
import ips.core.counter.Counters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.ErrorHandler;

/**
 * Where messages go: {@code local}, the path of a socket, or {@code host:port}.
 *
 * @param path of a Unix-domain socket, or null
 * @param host a name or an address, or null
 */
public record SyslogTarget(String path, String host, int port) {
    /** The word for this host's daemon. */
    public static final String LOCAL = "local";

    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.%\\w]+)]|([\\w.-]+)):(\\d{1,5})");

    /**
     * @throws IllegalArgumentException whose message says what is expected
     */
    public static SyslogTarget parse(String text) {
        if (text.equals(LOCAL)) {
            return new SyslogTarget(LocalSyslog.PATH, null, 0);
        }
        if (text.startsWith("/")) {
            return new SyslogTarget(text, null, 0);
        }
        Matcher matcher = HOST_AND_PORT.matcher(text);
        if (matcher.matches()) {
            int port = Integer.parseInt(matcher.group(3));
            String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            if (port >= 1 && port <= 65_535) {
                return new SyslogTarget(null, host, port);
            }
        }
        throw new IllegalArgumentException(
                "syslog: \""
                        + text
                        + "\" cannot be used; give local, the path of a socket or HOST:PORT");
    }

    /** Whether a text names a target, rather than something else of a command line. */
    public static boolean isTarget(String text) {
        boolean isSocket = text.startsWith("/") && !Files.isRegularFile(Path.of(text));
        return text.equals(LOCAL) || isSocket || HOST_AND_PORT.matcher(text).matches();
    }

    /**
     * The listener that writes there.
     *
     * @throws IOException in one sentence, where it cannot be
     */
    public SyslogLog open(SyslogFormat.Facility facility, Counters counters, ErrorHandler errors)
            throws IOException {
        long pid = ProcessHandle.current().pid();
        if (path != null) {
            if (!Platform.isLinux()) {
                throw new IOException("syslog on this system needs HOST:PORT");
            }
            return new SyslogLog(
                    SyslogFormat.local(facility, pid), new LocalSyslog(path), counters, errors);
        }
        InetSocketAddress receiver = new InetSocketAddress(host, port);
        if (receiver.isUnresolved()) {
            throw new IOException("there is no host " + host + " to send syslog to");
        }
        SyslogFormat format = SyslogFormat.rfc5424(facility, hostName(), pid);
        return new SyslogLog(format, new UdpSyslog(receiver), counters, errors);
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return System.getenv().getOrDefault("COMPUTERNAME", "-");
        }
    }
}
