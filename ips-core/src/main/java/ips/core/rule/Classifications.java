package ips.core.rule;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code classtype} stands for: a text and a priority, 1 the worst. Immutable. */
public final class Classifications {
    /** A class of attacks. */
    public record Classification(String text, int priority) {}

    private static final String[] KNOWN = {
        "not-suspicious,Not Suspicious Traffic,3",
        "unknown,Unknown Traffic,3",
        "bad-unknown,Potentially Bad Traffic,2",
        "attempted-recon,Attempted Information Leak,2",
        "successful-recon-limited,Information Leak,2",
        "successful-recon-largescale,Large Scale Information Leak,2",
        "attempted-dos,Attempted Denial of Service,2",
        "successful-dos,Denial of Service,2",
        "attempted-user,Attempted User Privilege Gain,1",
        "unsuccessful-user,Unsuccessful User Privilege Gain,1",
        "successful-user,Successful User Privilege Gain,1",
        "attempted-admin,Attempted Administrator Privilege Gain,1",
        "successful-admin,Successful Administrator Privilege Gain,1",
        "rpc-portmap-decode,Decode of an RPC Query,2",
        "shellcode-detect,Executable code was detected,1",
        "string-detect,A suspicious string was detected,3",
        "suspicious-filename-detect,A suspicious filename was detected,2",
        "suspicious-login,An attempted login using a suspicious username was detected,2",
        "system-call-detect,A system call was detected,2",
        "tcp-connection,A TCP connection was detected,4",
        "trojan-activity,A Network Trojan was detected,1",
        "unusual-client-port-connection,A client was using an unusual port,2",
        "network-scan,Detection of a Network Scan,3",
        "denial-of-service,Detection of a Denial of Service Attack,2",
        "non-standard-protocol,Detection of a non-standard protocol or event,2",
        "protocol-command-decode,Generic Protocol Command Decode,3",
        "web-application-activity,access to a potentially vulnerable web application,2",
        "web-application-attack,Web Application Attack,1",
        "misc-activity,Misc activity,3",
        "misc-attack,Misc Attack,2",
        "icmp-event,Generic ICMP event,3",
        "inappropriate-content,Inappropriate Content was Detected,1",
        "policy-violation,Potential Corporate Privacy Violation,1",
        "default-login-attempt,Attempt to login by a default username and password,2",
        "targeted-activity,Targeted Malicious Activity was Detected,1",
        "exploit-kit,Exploit Kit Activity Detected,1",
        "external-ip-check,Device Retrieving External IP Address Detected,2",
        "domain-c2,Domain Observed Used for C2 Detected,1",
        "pup-activity,Possibly Unwanted Program Detected,2",
        "credential-theft,Successful Credential Theft Detected,1",
        "social-engineering,Possible Social Engineering Attempted,2",
        "coin-mining,Crypto Currency Mining Activity Detected,2",
        "command-and-control,Malware Command and Control Activity Detected,1"
    };

    /** What Suricata's {@code classification.config} says. */
    public static final Classifications DEFAULTS = new Classifications(Map.of());

    private final Map<String, Classification> byName = new HashMap<>();

    private Classifications(Map<String, Classification> more) {
        for (String line : KNOWN) {
            put(line);
        }
        byName.putAll(more);
    }

    private void put(String line) {
        String[] parts = line.split(",");
        byName.put(
                key(parts[0].strip()),
                new Classification(parts[1].strip(), Integer.parseInt(parts[2].strip())));
    }

    /**
     * With what a {@code classification.config} adds.
     *
     * @param errors takes the lines that cannot be read
     */
    public Classifications with(String file, String text, List<RuleError> errors) {
        Classifications all = new Classifications(byName);
        String[] lines = text.split("\n");
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.matches("config\\s+classification:\\s*[^,]+,[^,]+,\\s*\\d{1,3}\\s*")) {
                all.put(line.substring(line.indexOf(':') + 1));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                errors.add(
                        new RuleError(
                                file,
                                i + 1,
                                1,
                                "classification",
                                "expected config classification: name,text,priority"));
            }
        }
        return all;
    }

    /** The class of a name in whatever case, as Suricata has it, or null. */
    public Classification of(String name) {
        return byName.get(key(name));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
