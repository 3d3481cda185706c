package ips.core.inspect;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An event of a protocol, which belongs to one of its transactions.
 *
 * @param bit among {@link AppTransaction#events} of that protocol
 */
public record ProtocolEvent(AppProtocol app, long bit) {
    private static final Map<String, ProtocolEvent> BY_WORD = new HashMap<>();

    static {
        add(AppProtocol.HTTP, HttpEvent.values());
        add(AppProtocol.TLS, TlsEvent.values());
        add(AppProtocol.SSH, SshEvent.values());
        add(AppProtocol.FTP, FtpEvent.values());
        add(AppProtocol.DNS, DnsEvent.values());
        add(AppProtocol.SMTP, SmtpEvent.values());
    }

    private static void add(AppProtocol app, Enum<?>[] events) {
        for (Enum<?> event : events) {
            String name = event.name().toLowerCase(Locale.ROOT);
            String word = name.startsWith("_") ? name.substring(1) : name;
            BY_WORD.put(app.word() + "." + word, new ProtocolEvent(app, 1L << event.ordinal()));
        }
    }

    /** The event of a rule's word, such as {@code http.missing_host_header}, or null. */
    public static ProtocolEvent of(String word) {
        return BY_WORD.get(word.toLowerCase(Locale.ROOT));
    }
}
