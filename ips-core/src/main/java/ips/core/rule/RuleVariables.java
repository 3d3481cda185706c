package ips.core.rule;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What {@code $HOME_NET} and the like stand for. Immutable. */
public final class RuleVariables {
    private static final int DEEPEST = 16;
    private static final Map<String, String> ADDRESSES = new HashMap<>();
    private static final Map<String, String> PORTS = new HashMap<>();

    static {
        ADDRESSES.put("HOME_NET", "[192.168.0.0/16,10.0.0.0/8,172.16.0.0/12]");
        ADDRESSES.put("EXTERNAL_NET", "!$HOME_NET");
        for (String servers :
                new String[] {
                    "HTTP_SERVERS", "SMTP_SERVERS", "SQL_SERVERS", "DNS_SERVERS", "TELNET_SERVERS",
                    "DC_SERVERS", "DNP3_SERVER", "DNP3_CLIENT", "MODBUS_CLIENT", "MODBUS_SERVER",
                    "ENIP_CLIENT", "ENIP_SERVER", "SIP_SERVERS", "SSH_SERVERS", "FTP_SERVERS"
                }) {
            ADDRESSES.put(servers, "$HOME_NET");
        }
        ADDRESSES.put("AIM_SERVERS", "$EXTERNAL_NET");
        PORTS.put("HTTP_PORTS", "80");
        PORTS.put("SHELLCODE_PORTS", "!80");
        PORTS.put("ORACLE_PORTS", "1521");
        PORTS.put("SSH_PORTS", "22");
        PORTS.put("DNP3_PORTS", "20000");
        PORTS.put("MODBUS_PORTS", "502");
        PORTS.put("FILE_DATA_PORTS", "[$HTTP_PORTS,110,143]");
        PORTS.put("FTP_PORTS", "21");
        PORTS.put("GENEVE_PORTS", "6081");
        PORTS.put("VXLAN_PORTS", "4789");
        PORTS.put("TEREDO_PORTS", "3544");
        PORTS.put("SIP_PORTS", "[5060,5061]");
    }

    /** What Suricata's configuration begins with. */
    public static final RuleVariables DEFAULTS = new RuleVariables(Map.of(), Map.of());

    private final Map<String, String> addresses = new HashMap<>(ADDRESSES);
    private final Map<String, String> ports = new HashMap<>(PORTS);

    /**
     * @param addresses by name without the dollar; they take the place of the defaults
     */
    public RuleVariables(Map<String, String> addresses, Map<String, String> ports) {
        this.addresses.putAll(addresses);
        this.ports.putAll(ports);
    }

    /** What is wrong with the variable of addresses of a name; null where it can be read. */
    public String addressProblem(String name) {
        return problem(name, this::addressSet);
    }

    /** The same of a variable of ports. */
    public String portProblem(String name) {
        return problem(name, this::portSet);
    }

    private static String problem(String name, Consumer<String> reader) {
        try {
            reader.accept("$" + name);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    AddressSet addressSet(String text) {
        return AddressSet.parse(text, this);
    }

    PortSet portSet(String text) {
        return PortSet.parse(text, this);
    }

    String address(String name, int depth) {
        return value(addresses, "address", name, depth);
    }

    String port(String name, int depth) {
        return value(ports, "port", name, depth);
    }

    private static String value(Map<String, String> values, String kind, String name, int depth) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + kind + " variable $" + name);
        }
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("$" + name + " stands for itself");
        }
        return value;
    }
}
