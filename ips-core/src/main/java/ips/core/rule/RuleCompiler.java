package ips.core.rule;

import ips.core.inspect.AppProtocol;
import ips.core.rule.keyword.Buffer;
import ips.core.rule.keyword.BufferTest;
import ips.core.rule.keyword.Keyword;
import ips.core.rule.keyword.Keywords;
import ips.core.rule.keyword.Names;
import ips.core.rule.keyword.Requirements;
import ips.core.rule.keyword.RuleDraft;
import ips.core.rule.keyword.UnsupportedKeywords;
import ips.core.verdict.RuleInfo;
import ips.core.verdict.SignatureId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles rules into signatures. A rule that is wrong is reported as a {@link RuleError}; the
 * others are compiled all the same.
 */
public final class RuleCompiler {
    private static final int DEFAULT_PRIORITY = 3;

    private final RuleVariables variables;
    private final Classifications classifications;
    private final Names names = new Names();
    private final List<Signature> signatures = new ArrayList<>();

    /** Where signatures stand among them, by gid and sid. */
    private final Map<String, Integer> places = new HashMap<>();

    private final List<RuleError> errors = new ArrayList<>();
    private final List<RuleError> warnings = new ArrayList<>();

    // Lists that many rules share are made once.
    private final Map<String, AddressSet> addresses = new HashMap<>();
    private final Map<String, PortSet> ports = new HashMap<>();

    public RuleCompiler(RuleVariables variables, Classifications classifications) {
        this.variables = variables;
        this.classifications = classifications;
    }

    public List<Signature> signatures() {
        return signatures;
    }

    public List<RuleError> errors() {
        return errors;
    }

    /** What was read of signatures and does nothing here. */
    public List<RuleError> warnings() {
        return warnings;
    }

    /** What a signature is made of. */
    static final class Parts {
        Rule rule;
        RuleDraft draft;
        RuleInfo info;
        Signature.Action action;
        Signature.Type type;
        Signature.Carrier carrier;
        AddressSet source;
        PortSet sourcePort;
        AddressSet destination;
        PortSet destinationPort;
        boolean asksPacketPayload;
        boolean asksStream;
        boolean streamOnly;
        BufferTest payload;
        final List<BufferTest> packetBuffers = new ArrayList<>();
        final List<BufferTest> transactionBuffers = new ArrayList<>();
    }

    /** Adds a rule's signature, or its error. */
    public void add(Rule rule) {
        RuleDraft draft = new RuleDraft(names);
        draft.protocol = rule.protocol();
        draft.file = rule.file();
        if (isForAnother(rule)) {
            return;
        }
        for (Rule.Option option : rule.options()) {
            Keyword keyword = Keywords.of(option.keyword());
            if (keyword == null) {
                refuse(rule, option, UnsupportedKeywords.reason(option.keyword()));
                return;
            }
            draft.option(option.keyword());
            try {
                keyword.apply(option.value(), draft);
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                // A value with fewer parts, or letters where digits belong: these have no sentence.
                refuse(rule, option, "this value cannot be read: " + option.value());
                return;
            } catch (RuntimeException e) {
                refuse(rule, option, e.getMessage());
                return;
            }
        }
        try {
            Signature signature = compile(rule, draft);
            if (!isNewest(signature)) {
                return;
            }
        } catch (IllegalArgumentException e) {
            errors.add(new RuleError(rule.file(), rule.line(), 1, "rule", e.getMessage()));
            return;
        }
        if (draft.app != null && !draft.app.isRecognised()) {
            warnings.add(
                    new RuleError(
                            rule.file(),
                            rule.line(),
                            1,
                            "rule",
                            "never matches: no traffic is recognised as " + draft.app.word()));
        }
        for (Rule.Option option : rule.options()) {
            String why = draft.withoutEffect.get(option.keyword());
            if (why != null) {
                warnings.add(at(rule, option, "is read and has no effect: " + why));
            }
        }
    }

    /** Whether a rule says that it requires another engine; then the rest of it is not read. */
    private static boolean isForAnother(Rule rule) {
        for (Rule.Option option : rule.options()) {
            try {
                if (option.keyword().equals("requires") && !Requirements.met(option.value())) {
                    return true;
                }
            } catch (IllegalArgumentException e) {
                return false; // said of the option when its turn comes
            }
        }
        return false;
    }

    private void refuse(Rule rule, Rule.Option option, String reason) {
        errors.add(at(rule, option, reason));
    }

    private static RuleError at(Rule rule, Rule.Option option, String reason) {
        return new RuleError(rule.file(), option.line(), option.column(), option.keyword(), reason);
    }

    /**
     * Takes a signature in, in the place of an older one of its sid, if there is none as new. Said
     * either way: only one of them can be meant.
     */
    private boolean isNewest(Signature signature) {
        SignatureId id = signature.info.id();
        String name = id.gid() + ":" + Integer.toUnsignedString(id.sid());
        Integer place = places.putIfAbsent(name, signatures.size());
        if (place == null) {
            signatures.add(signature);
            return true;
        }
        Rule rule = signature.rule();
        Signature before = signatures.get(place);
        if (id.rev() <= before.info.id().rev()) {
            errors.add(
                    new RuleError(
                            rule.file(),
                            rule.line(),
                            1,
                            "sid",
                            "%s is also the sid of %s, of rev %d; give it another sid, or a"
                                            .formatted(
                                                    Integer.toUnsignedString(id.sid()),
                                                    where(before),
                                                    before.info.id().rev())
                                    + " higher rev to replace that one"));
            return false;
        }
        signatures.set(place, signature);
        warnings.add(
                new RuleError(
                        rule.file(),
                        rule.line(),
                        1,
                        "sid",
                        "of rev %d, replaces that of %s, of rev %d"
                                .formatted(id.rev(), where(before), before.info.id().rev())));
        return true;
    }

    private static String where(Signature signature) {
        return signature.rule().file() + ":" + signature.rule().line();
    }

    private Signature compile(Rule rule, RuleDraft draft) {
        Parts parts = new Parts();
        parts.rule = rule;
        parts.draft = draft;
        parts.action = action(rule.action());
        draft.noAlert |= rule.action().equals("config");
        parts.carrier = carrier(rule.protocol(), draft);
        parts.source = addresses.computeIfAbsent(rule.source(), variables::addressSet);
        parts.sourcePort = ports.computeIfAbsent(rule.sourcePort(), variables::portSet);
        parts.destination = addresses.computeIfAbsent(rule.destination(), variables::addressSet);
        parts.destinationPort = ports.computeIfAbsent(rule.destinationPort(), variables::portSet);
        String complaint = draft.complaint();
        if (complaint != null) {
            throw new IllegalArgumentException(complaint);
        }
        for (BufferTest test : draft.buffers()) {
            refuseHeaderOfAnother(parts.carrier, test.buffer());
            if (test.buffer() == Buffer.PAYLOAD) {
                parts.payload = test;
            } else if (test.buffer().ofTransaction()) {
                parts.transactionBuffers.add(test);
            } else {
                parts.packetBuffers.add(test);
            }
        }
        decideStream(parts);
        if (parts.streamOnly && parts.payload == null && draft.onlyStream) {
            draft.conditions.add(in -> false);
        }
        parts.type = type(parts);
        parts.info = info(draft);
        return new Signature(parts);
    }

    /** Refuses to look into a header that the rule's packets have not. */
    private static void refuseHeaderOfAnother(Signature.Carrier carrier, Buffer buffer) {
        boolean isTcp = carrier == Signature.Carrier.TCP;
        boolean isUdp = carrier == Signature.Carrier.UDP;
        boolean isIcmp =
                switch (carrier) {
                    case ICMP, ICMPV4, ICMPV6 -> true;
                    default -> false;
                };
        boolean wrong =
                switch (buffer) {
                    case TCP_HEADER -> isUdp || isIcmp;
                    case UDP_HEADER -> isTcp || isIcmp;
                    case ICMPV4_HEADER -> isTcp || isUdp || carrier == Signature.Carrier.ICMPV6;
                    case ICMPV6_HEADER -> isTcp || isUdp || carrier == Signature.Carrier.ICMPV4;
                    case IPV4_HEADER -> carrier == Signature.Carrier.IPV6;
                    case IPV6_HEADER -> carrier == Signature.Carrier.IPV4;
                    default -> false;
                };
        if (wrong) {
            throw new IllegalArgumentException(
                    Keywords.word(buffer) + ", which packets of the rule's protocol have not");
        }
    }

    private static Signature.Action action(String word) {
        return switch (word) {
            case "alert", "config" -> Signature.Action.ALERT;
            case "pass" -> Signature.Action.PASS;
            case "drop" -> Signature.Action.DROP;
            case "reject", "rejectsrc", "rejectdst", "rejectboth" -> Signature.Action.REJECT;
            default -> throw new IllegalArgumentException("unknown action " + word);
        };
    }

    private static Signature.Carrier carrier(String word, RuleDraft draft) {
        return switch (word) {
            case "pkthdr" -> Signature.Carrier.ANY_FRAME;
            case "ip" -> Signature.Carrier.IP;
            case "ipv4", "ip4" -> Signature.Carrier.IPV4;
            case "ipv6", "ip6" -> Signature.Carrier.IPV6;
            case "tcp", "tcp-pkt", "tcp-stream" -> Signature.Carrier.TCP;
            case "udp" -> Signature.Carrier.UDP;
            case "icmp" -> Signature.Carrier.ICMP;
            case "icmpv4" -> Signature.Carrier.ICMPV4;
            case "icmpv6" -> Signature.Carrier.ICMPV6;
            case "sctp" -> Signature.Carrier.SCTP;
            default -> {
                AppProtocol app = AppProtocol.of(word);
                if (app == null) {
                    throw new IllegalArgumentException("unknown protocol " + word);
                }
                if (draft.app != null && draft.app != app) {
                    throw new IllegalArgumentException(
                            "buffers of " + draft.app.word() + " in a rule of " + word);
                }
                draft.app = app;
                yield switch (app) {
                    case DNS, KRB5, SIP, NFS, FAILED -> Signature.Carrier.IP;
                    case DHCP, NTP, SNMP, TFTP, IKE, QUIC, BITTORRENT_DHT -> Signature.Carrier.UDP;
                    default -> Signature.Carrier.TCP;
                };
            }
        };
    }

    /** Whether contents of the payload are looked for in packets, in streams, or in both. */
    private static void decideStream(Parts parts) {
        RuleDraft draft = parts.draft;
        boolean mayBeTcp =
                switch (parts.carrier) {
                    case TCP, IP, IPV4, IPV6, ANY_FRAME -> true;
                    default -> false;
                };
        boolean packet =
                draft.asksPacketPayload
                        || draft.protocol.equals("tcp-pkt")
                        || draft.noStream
                        || !mayBeTcp;
        boolean stream = draft.protocol.equals("tcp-stream");
        parts.streamOnly = draft.onlyStream;
        parts.asksStream = parts.streamOnly || stream || !packet;
        parts.asksPacketPayload =
                packet
                        || parts.asksStream
                                && !parts.streamOnly
                                && !stream
                                && (draft.payloadHasPlaces() || draft.alsoPacket);
    }

    private static Signature.Type type(Parts parts) {
        RuleDraft draft = parts.draft;
        if (!parts.transactionBuffers.isEmpty()
                || !draft.transactionTests.isEmpty()
                || draft.transactionEvents != 0) {
            return Signature.Type.TRANSACTION;
        }
        if (draft.asksDecoder) {
            return Signature.Type.DECODER;
        }
        if (!parts.packetBuffers.isEmpty()) {
            return Signature.Type.PACKET;
        }
        if (parts.payload != null) {
            if (!parts.asksStream) {
                return Signature.Type.PACKET;
            }
            return parts.asksPacketPayload
                    ? Signature.Type.PACKET_OR_STREAM
                    : Signature.Type.STREAM;
        }
        if (draft.app != null) {
            return Signature.Type.APPLICATION;
        }
        boolean directed = draft.toServer || draft.toClient;
        if (draft.asksPacket || directed && !draft.asksProtocol) {
            return Signature.Type.PACKET;
        }
        if (draft.asksProtocol) {
            return Signature.Type.PROTOCOL;
        }
        return parts.source.isNegated() || parts.destination.isNegated()
                ? Signature.Type.LIKE_ADDRESSES
                : Signature.Type.ADDRESSES;
    }

    private RuleInfo info(RuleDraft draft) {
        String category = "";
        int severity = DEFAULT_PRIORITY;
        if (draft.classtype != null) {
            Classifications.Classification known = classifications.of(draft.classtype);
            if (known != null) {
                category = known.text();
                severity = known.priority();
            }
        }
        if (draft.priority >= 0) {
            severity = draft.priority;
        }
        return new RuleInfo(
                new SignatureId(draft.gid, (int) draft.sid, draft.rev),
                draft.message,
                category,
                severity,
                List.copyOf(draft.references),
                draft.metadata,
                draft.target);
    }
}
