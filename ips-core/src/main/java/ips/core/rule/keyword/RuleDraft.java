package ips.core.rule.keyword;

import ips.core.inspect.AppProtocol;
import ips.core.verdict.RuleInfo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A rule while its options are read: keywords add to it, the compiler makes a signature of it. One
 * per rule, thrown away afterwards.
 */
public final class RuleDraft {
    // What it is called.
    public long sid = -1;
    public int gid = 1;
    public int rev;
    public String message = "";
    public String classtype;
    public int priority = -1;
    public final Map<String, List<String>> metadata = new LinkedHashMap<>();
    public final List<String> references = new ArrayList<>();

    // What it asks of the flow.
    public boolean toServer;
    public boolean toClient;
    public boolean onlyStream;
    public boolean noStream;
    public boolean established;

    /** The size that {@code dsize} says the payload has not. */
    int sizeNotAllowed = Integer.MAX_VALUE;

    /** What {@code dsize} says of the payload's size, or null. */
    NumberTest size;

    /** Whether dsize names a size, other than one to be exceeded. */
    boolean sizeBounded;

    /** Whether {@code flow} was said, of more than a direction, so that it asks for a flow. */
    public boolean asksFlow;

    /** Where the rule stands; null where its files are not to be read. */
    public String file;

    /** The application protocol of the header or of a buffer; null for any. */
    public AppProtocol app;

    /** The header's protocol, in lower case. */
    public String protocol = "ip";

    /** Whether it has a condition that only a packet can tell, beyond addresses and ports. */
    public boolean asksPacket;

    /** Whether it asks for what only the packet itself has, so that the stream does not do. */
    public boolean asksPacketPayload;

    /**
     * The first keyword of a packet's own, which neither streams nor transactions have; or null.
     */
    String ofPacket;

    /** Whether the payload is looked at in the packet besides the stream. */
    public boolean alsoPacket;

    public boolean noAlert;

    /** Which end is attacked, for alerts. */
    public RuleInfo.Target target = RuleInfo.Target.UNTOLD;

    public Threshold threshold;
    public Threshold detectionFilter;

    /** Uses decoder events, so that it is asked of frames without addresses, too. */
    public boolean asksDecoder;

    /** Uses decoder events about options of TCP. */
    public boolean asksTcpOptions;

    /** What it asks to be odd about a segment: bits of {@code StreamEvent}. */
    public long streamEvents;

    /** What has to be odd about the transaction: bits of {@code ProtocolEvent}, all of them. */
    public long transactionEvents;

    /** What else it asks of the transaction. */
    public final List<TransactionTest> transactionTests = new ArrayList<>();

    /** Asks which application protocol it is. */
    public boolean asksProtocol;

    /** Says which application protocols it is not. */
    boolean deniesProtocols;

    /** Whether {@code ip_proto} was said, and whether of one protocol alone. */
    boolean limitsIpProtocols;

    boolean namesIpProtocol;

    /** Keeps state of hosts, which spans flows. */
    public boolean asksHosts;

    /** What rules remember from packet to packet, in the order in which it orders rules. */
    public enum Memory {
        FLOW_BITS,
        FLOW_NUMBERS,
        HOST_BITS,
        PAIR_BITS
    }

    private final Set<Memory> writes = EnumSet.noneOf(Memory.class);
    private final Set<Memory> reads = EnumSet.noneOf(Memory.class);

    /** Which TCP flags it can match at all; 256 bits, or null for any. */
    public BitSet tcpFlags;

    /** Flowbits of which one has to be set, of the first {@code isset}; null without one. */
    public int[] awaitedBits;

    /** Flowbits it may set. */
    public final BitSet changedBits = new BitSet();

    public final List<Condition> conditions = new ArrayList<>();
    public final List<Effect> effects = new ArrayList<>();

    /** Keywords it has that do nothing here, and why. */
    public final Map<String, String> withoutEffect = new LinkedHashMap<>();

    private final List<BufferDraft> buffers = new ArrayList<>();
    private final Names names;
    private String option;
    private BufferDraft current;
    private ContentStep lastContent;
    private BufferDraft lastContentBuffer;
    private Base64Step lastBase64;
    private final DraftVariables variables = new DraftVariables();

    public RuleDraft(Names names) {
        this.names = names;
    }

    /** The numbers of flowbits and the like, common to all rules of a set. */
    public Names names() {
        return names;
    }

    static String required(String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("a value is missing");
        }
        Quotes.check(value);
        return value;
    }

    /** Refuses a value of a keyword that takes none; what it says would go unread. */
    static void none(String value) {
        if (value != null && !value.isBlank()) {
            throw new IllegalArgumentException("takes no value");
        }
    }

    // Conditions of the packet.

    /** A condition only a packet can tell. */
    void packetCondition(Condition condition) {
        asksPacket = true;
        conditions.add(condition);
    }

    /** A condition of a packet that the stream knows nothing of. */
    void packetOnly(Condition condition) {
        asksPacketPayload = true;
        packetCondition(condition);
    }

    /** The same of a keyword that streams and transactions cannot be asked along with. */
    void headerOnly(Condition condition) {
        asksOfPacket();
        packetOnly(condition);
    }

    /** Notes that the option in hand is of packets alone. */
    void asksOfPacket() {
        if (ofPacket == null) {
            ofPacket = option;
        }
    }

    /** Begins an option. */
    public void option(String keyword) {
        option = keyword;
    }

    /** Notes that it writes or reads a memory, which orders rules. */
    void use(Memory memory, boolean writing) {
        (writing ? writes : reads).add(memory);
    }

    /** What is asked sooner, the higher: rules that write a memory before those that read it. */
    public int memoryOrder() {
        int order = 0;
        for (Memory each : Memory.values()) {
            int use = writes.contains(each) ? reads.contains(each) ? 2 : 3 : 0;
            order = order << 2 | (use == 0 && reads.contains(each) ? 1 : use);
        }
        return order;
    }

    // Buffers.

    /** Options that follow look at this buffer. */
    void use(Buffer buffer) {
        if (buffer == Buffer.PAYLOAD) {
            current = null;
            return;
        }
        current = new BufferDraft(buffer);
        buffers.add(current);
    }

    /** The buffer that options look at now. */
    BufferDraft current() {
        return current == null ? shared(Buffer.PAYLOAD) : current;
    }

    private BufferDraft shared(Buffer buffer) {
        for (BufferDraft each : buffers) {
            if (each.buffer == buffer && each.shared) {
                return each;
            }
        }
        BufferDraft made = new BufferDraft(buffer);
        made.shared = true;
        buffers.add(made);
        return made;
    }

    /** A step that goes on from a content without a sticky buffer looks where that content does. */
    void step(Step step) {
        boolean follows =
                current == null
                        && step.relative()
                        && lastContentBuffer != null
                        && buffers.contains(lastContentBuffer);
        (follows ? lastContentBuffer : current()).steps.add(step);
    }

    /**
     * The content that an option relative to it would go on from, if that is a content; or null.
     */
    ContentStep contentBefore() {
        BufferDraft buffer = current == null ? lastContentBuffer : current;
        for (int i = buffer == null ? -1 : buffer.steps.size() - 1; i >= 0; i--) {
            Step step = buffer.steps.get(i);
            if (step instanceof ContentStep content) {
                return content;
            }
            if (current == null || step instanceof PcreStep) {
                return null;
            }
        }
        return null;
    }

    void base64(Base64Step step) {
        step(step);
        lastBase64 = step;
    }

    /** Options that follow look at what the last {@code base64_decode} decoded. */
    void useDecoded() {
        if (lastBase64 == null) {
            throw new IllegalArgumentException("there is no base64_decode before it");
        }
        current = lastBase64.decoded;
    }

    /** A step on a buffer named by the option itself. */
    void step(Buffer buffer, Step step) {
        boolean chosen = current != null && current.buffer == buffer;
        (chosen ? current : shared(buffer)).steps.add(step);
    }

    void content(ContentStep content) {
        lastContentBuffer = current();
        if (lastContentBuffer.transforms.isEmpty()) {
            lastContentBuffer.buffer.writeAs(content.bytes);
        }
        lastContentBuffer.steps.add(content);
        lastContent = content;
    }

    void content(Buffer buffer, ContentStep content) {
        buffer.writeAs(content.bytes);
        lastContentBuffer = shared(buffer);
        lastContentBuffer.steps.add(content);
        lastContent = content;
    }

    ContentStep lastContent() {
        if (lastContent == null) {
            throw new IllegalArgumentException("there is no content before it");
        }
        return lastContent;
    }

    /** Says that the last content is to be looked for in another buffer. */
    void moveLastContent(Buffer buffer) {
        ContentStep content = lastContent();
        if (lastContentBuffer.buffer != Buffer.PAYLOAD) {
            throw new IllegalArgumentException("the content before it has its buffer");
        }
        lastContentBuffer.steps.remove(content);
        if (lastContentBuffer.steps.isEmpty() && lastContentBuffer.transforms.isEmpty()) {
            buffers.remove(lastContentBuffer);
            if (current == lastContentBuffer) {
                current = null;
            }
        }
        lastContentBuffer = shared(buffer);
        lastContentBuffer.steps.add(content);
    }

    void transform(Transform transform) {
        if (current == null) {
            throw new IllegalArgumentException("there is no buffer before it");
        }
        if (!current.steps.isEmpty()) {
            if (!current.transforms.isEmpty()) {
                throw new IllegalArgumentException("does not follow right behind its buffer");
            }
            BufferDraft next = new BufferDraft(current.buffer);
            next.ofTransforms = true;
            buffers.add(next);
            current = next;
        }
        current.transforms.add(transform);
    }

    /** The buffers as far as the rule has been read; for {@link RuleReading}. */
    List<BufferDraft> drafts() {
        List<BufferDraft> all = new ArrayList<>();
        for (BufferDraft each : buffers) {
            all.add(each);
            for (Step step : each.steps) {
                if (step instanceof Base64Step base64) {
                    all.add(base64.decoded);
                }
            }
        }
        return all;
    }

    /** The content that a modifier would be about, or null. */
    Step modified() {
        return lastContent;
    }

    /** The tests of buffers, in the order they were asked for. */
    public List<BufferTest> buffers() {
        return buffers.stream()
                .filter(each -> !each.ofTransforms || !each.steps.isEmpty())
                .filter(
                        each ->
                                !each.steps.isEmpty()
                                        || each.absent
                                        || each.buffer != Buffer.PAYLOAD)
                .map(BufferTest::new)
                .toList();
    }

    /** Whether a content of the payload is bound to places counted from its beginning. */
    public boolean payloadHasPlaces() {
        return buffers.stream()
                .filter(each -> each.buffer == Buffer.PAYLOAD)
                .flatMap(each -> each.steps.stream())
                .anyMatch(
                        step ->
                                step instanceof ContentStep content
                                        && (content.hasOffset || content.hasDepth));
    }

    /** What is wrong with the rule as a whole, or null; settles its direction. */
    public String complaint() {
        return new WholeRule(this).complaint();
    }

    /** Says which protocol's transactions a buffer or event is of; null says nothing. */
    void app(AppProtocol protocol) {
        if (protocol == null) {
            return;
        }
        if (app != null && app != protocol) {
            throw new IllegalArgumentException(
                    "of " + protocol.word() + " in a rule of " + app.word());
        }
        app = protocol;
    }

    /** Notes that it asks of what servers say. */
    void ofServer() {
        if (toServer) {
            throw new IllegalArgumentException("of a server, in a rule of flow:to_server");
        }
        toClient = true;
    }

    /** Notes that it asks of what clients say. */
    void ofClient() {
        if (toClient) {
            throw new IllegalArgumentException("of a client, in a rule of flow:to_client");
        }
        toServer = true;
    }

    /** Refuses an option that names its buffer itself while options look at another. */
    void refuseSticky() {
        if (current != null) {
            throw new IllegalArgumentException("names a buffer, and another is chosen before it");
        }
    }

    /**
     * Whether an expression has something to go on from in its buffer: the one it names, or null
     * for the one that is chosen, which has its beginning.
     */
    boolean hasMatchBefore(Buffer named) {
        Buffer wanted = named == null ? Buffer.PAYLOAD : named;
        return named == null && current != null
                || buffers.stream()
                        .filter(each -> each.buffer == wanted)
                        .flatMap(each -> each.steps.stream())
                        .anyMatch(step -> step instanceof ContentStep || step instanceof PcreStep);
    }

    /** The number of a variable that was set before, by {@code byte_extract} or the like. */
    int variable(String name) {
        return variables.number(name);
    }

    int newVariable(String name) {
        return variables.add(name);
    }

    /** The buffers that the rule names, those that nothing is asked of among them. */
    List<BufferDraft> named() {
        return buffers;
    }
}
