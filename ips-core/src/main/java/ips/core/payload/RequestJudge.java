package ips.core.payload;

import ips.core.ColdPath;
import ips.core.HotPath;
import ips.core.Settings;
import ips.core.payload.text.Normalizer;
import ips.core.payload.text.Text;
import ips.core.verdict.Kind;
import java.util.List;
import java.util.Set;
import org.agrona.DirectBuffer;

/**
 * Judges one request after another, part by part: {@link #begin}, a {@link #part} for each name and
 * value, {@link #verdict}.
 *
 * <p>Each value passes a table of byte classes first, and most honest ones end there; so do those
 * that came before and were clean. The others are normalised once and shown to every judge that is
 * switched on; a value longer than {@value #WINDOW} bytes is judged in windows that overlap by
 * {@value #OVERLAP}. The highest score of the parts, plus a share of what other judges say, is the
 * request's.
 *
 * <p>Owned by one thread; allocates nothing after it is made; holds some 800 KiB. Work for a
 * request is bounded by {@link Config#maxBytes}: bytes beyond are counted and not looked at.
 */
@HotPath
public final class RequestJudge {
    static final int WINDOW = 16 * 1024;
    static final int OVERLAP = 512;

    /** What a file is judged for: people upload pages, scripts and dumps of databases. */
    private static final Set<Kind> ON_FILES =
            Set.of(Kind.RCE, Kind.LOG4SHELL, Kind.SHELLSHOCK, Kind.XXE);

    private static final String SAMPLE = "script-sample";

    /** Scores below this change no verdict. */
    private static final int QUIET_SCORE = 40;

    /**
     * Settings; immutable, and may serve any number of judges.
     *
     * @param preset from which score on a request is an attack
     * @param off kinds that are not accused
     * @param exemptions places where judges keep silent
     * @param maxBytes bytes of a request that are judged, 1024 or more; the rest is counted only
     */
    public record Config(
            JudgePreset preset, Set<Kind> off, List<Exemption> exemptions, int maxBytes) {
        public static final Config DEFAULTS =
                new Config(JudgePreset.BALANCED, Set.of(), List.of(), 1 << 20);

        public Config {
            off = Set.copyOf(off);
            exemptions = List.copyOf(exemptions);
            Settings.atLeast("max-bytes", maxBytes, 1024);
        }
    }

    private final int threshold;
    private final int maxBytes;
    private final Normalizer normalizer = new Normalizer(WINDOW);
    private final Judgement judgement = new Judgement();
    private final CleanValues cleanRepeated = new CleanValues();
    private final CleanValues cleanShared = new CleanValues();
    private final RequestVerdict verdict = new RequestVerdict();
    private final Judge[] judges;
    private final Kind[] kinds;
    private final int[] signs;
    private final int[] phrases;
    private final int anySign;
    private final int anyPhrase;
    private final int[] scores;
    private final Exemptions exemptions;
    private final long quietOnFiles;
    private final long quietOnSamples;
    private int best;
    private int bytes;
    private int loudest;

    // the part at hand
    private PartKind part;
    private DirectBuffer name;
    private int nameOffset;
    private int nameLength;
    private long silent;
    private long skippedBytes;
    private long judgedBytes;

    static {
        prepare();
    }

    /**
     * Makes the tables that all judges share, if they are not made yet: up to a tenth of a second,
     * spent by whoever asks first. Making the first judge asks, so that no worker has to.
     */
    @ColdPath
    public static void prepare() {
        Gates.prepare();
    }

    public RequestJudge(Config config) {
        threshold = config.preset().threshold();
        maxBytes = config.maxBytes();
        List<Judges> on =
                Judges.ALL.stream().filter(judge -> !config.off().contains(judge.kind())).toList();
        judges = new Judge[on.size()];
        kinds = new Kind[on.size()];
        signs = new int[on.size()];
        phrases = new int[on.size()];
        scores = new int[on.size()];
        int sign = 0;
        int phrase = 0;
        for (int i = 0; i < judges.length; i++) {
            judges[i] = on.get(i).maker().apply(WINDOW);
            kinds[i] = on.get(i).kind();
            signs[i] = on.get(i).signs();
            phrases[i] = on.get(i).phrases();
            if (signs[i] != Judges.ALWAYS) {
                sign |= signs[i];
                phrase |= phrases[i];
            }
        }
        anySign = sign;
        anyPhrase = phrase;
        exemptions = new Exemptions(config.exemptions(), kinds);
        long quiet = 0;
        long samples = 0;
        for (int i = 0; i < kinds.length; i++) {
            quiet |= ON_FILES.contains(kinds[i]) ? 0 : 1L << i;
            samples |= kinds[i] == Kind.XSS ? 1L << i : 0;
        }
        quietOnFiles = quiet;
        quietOnSamples = samples;
    }

    /** Begins a request whose path and sender matter to no exemption. */
    public void begin() {
        reset();
        exemptions.begin();
    }

    /** Begins a request; {@code path} as it came, without the query. Its sender is not known. */
    public void begin(DirectBuffer path, int offset, int length) {
        begin(path, offset, length, 0, 0);
    }

    /**
     * Begins a request.
     *
     * @param path as it came, without the query; read during the call only
     * @param clientHigh the upper half of the sender's address, see {@link
     *     ips.core.packet.IpAddress}
     * @param clientLow the lower half; both 0 where it is not known
     */
    public void begin(DirectBuffer path, int offset, int length, long clientHigh, long clientLow) {
        reset();
        exemptions.begin(path, offset, length, clientHigh, clientLow);
    }

    /** A request set aside while others are judged; made by {@link #newPause}. */
    public static final class Pause {
        private final int[] scores;
        private final boolean[] exemptions;
        private final RequestVerdict verdict = new RequestVerdict();
        private int best;
        private int bytes;

        private Pause(int judges, int exemptions) {
            scores = new int[judges];
            this.exemptions = new boolean[exemptions];
        }
    }

    /** Room to set one request aside; some 400 bytes. */
    @ColdPath
    public Pause newPause() {
        return new Pause(scores.length, exemptions.state().length);
    }

    /**
     * Sets the request at hand aside.
     *
     * @param to made by {@link #newPause} of this judge
     */
    public void pause(Pause to) {
        verdict();
        System.arraycopy(scores, 0, to.scores, 0, scores.length);
        System.arraycopy(exemptions.state(), 0, to.exemptions, 0, to.exemptions.length);
        to.verdict.copyFrom(verdict);
        to.best = best;
        to.bytes = bytes;
    }

    /** Goes on with a request that was set aside by this judge; the one at hand is forgotten. */
    public void resume(Pause from) {
        System.arraycopy(from.scores, 0, scores, 0, scores.length);
        System.arraycopy(from.exemptions, 0, exemptions.state(), 0, from.exemptions.length);
        verdict.copyFrom(from.verdict);
        best = from.best;
        bytes = from.bytes;
    }

    private void reset() {
        verdict.clear();
        best = 0;
        bytes = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = 0;
        }
    }

    /** Judges a value without a name; as {@link #part} with a name of no bytes. */
    public void part(PartKind part, DirectBuffer value, int offset, int length) {
        part(part, value, offset, 0, value, offset, length);
    }

    /**
     * Judges a name and its value, as they came on the wire, still percent-encoded. They may lie in
     * different buffers, which are read during the call only.
     */
    public void part(
            PartKind part,
            DirectBuffer name,
            int nameOffset,
            int nameLength,
            DirectBuffer value,
            int valueOffset,
            int valueLength) {
        this.part = part;
        this.name = name;
        this.nameOffset = nameOffset;
        this.nameLength = nameLength;
        silent = exemptions.silent(name, nameOffset, nameLength);
        if (part == PartKind.FILE) {
            silent |= quietOnFiles;
        }
        if (part == PartKind.JSON && isSample(name, nameOffset, nameLength)) {
            silent |= quietOnSamples;
        }
        if (nameLength > 0 && part != PartKind.HEADER) {
            range(name, nameOffset, nameLength);
        }
        range(value, valueOffset, valueLength);
        this.name = null;
    }

    /**
     * Whether a name is that of what a browser reports of a script it kept from running: a script
     * by its nature, and sent by who was to be its victim.
     */
    private static boolean isSample(DirectBuffer name, int offset, int length) {
        int behind = length - SAMPLE.length();
        if (behind < 0 || name.getByte(offset + length - 1) != 'e') {
            return false;
        }
        for (int i = 0; i < SAMPLE.length(); i++) {
            if (name.getByte(offset + behind + i) != SAMPLE.charAt(i)) {
                return false;
            }
        }
        return behind == 0 || name.getByte(offset + behind - 1) == '.';
    }

    /** The request's verdict so far: always the same object, valid until the next {@code begin}. */
    public RequestVerdict verdict() {
        int second = 0;
        for (int i = 0; i < scores.length; i++) {
            if (kinds[i] != verdict.kind() && scores[i] > second) {
                second = scores[i];
            }
        }
        int score = best + (second >= QUIET_SCORE ? second / 4 : 0);
        verdict.decide(score, score >= threshold && best > 0);
        return verdict;
    }

    /** The highest score of the judges of {@code kind} so far, 0 to 200; 0 for those off. */
    public int score(Kind kind) {
        int score = 0;
        for (int i = 0; i < scores.length; i++) {
            if (kinds[i] == kind) {
                score = Math.max(score, scores[i]);
            }
        }
        return score;
    }

    /** Bytes not looked at because requests were longer than allowed, since it was made. */
    public long skippedBytes() {
        return skippedBytes;
    }

    /** Bytes that went to the judges, since it was made. */
    public long judgedBytes() {
        return judgedBytes;
    }

    private void range(DirectBuffer buffer, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            int size = Math.min(left, Math.min(WINDOW, maxBytes - bytes));
            if (size <= 0) {
                skippedBytes += left;
                return;
            }
            bytes += size;
            if (size >= Normalizer.SHORTEST_BASE64
                    || part == PartKind.USER_AGENT
                    || !Gates.plain(buffer, from, size)
                    || Gates.telling(buffer, from, size)) {
                window(buffer, from, size);
            }
            if (size == left) {
                return;
            }
            int step = size > OVERLAP ? size - OVERLAP : size;
            from += step;
            left -= step;
        }
    }

    private void window(DirectBuffer buffer, int offset, int length) {
        CleanValues clean = part.shared() ? cleanShared : part.repeated() ? cleanRepeated : null;
        int slot = clean == null ? -1 : clean.slot(part, buffer, offset, length);
        if (slot >= 0 && clean.holds(slot, part, buffer, offset, length)) {
            return;
        }
        byte[] raw = normalizer.raw();
        buffer.getBytes(offset, raw, 0, length);
        int seen = Gates.signs(raw, length);
        if (part != PartKind.USER_AGENT
                && Gates.quiet(raw, length, seen)
                && !Gates.telling(buffer, offset, length)) {
            base64(raw, length);
            return;
        }
        loudest = 0;
        decoded(raw, length, seen);
        if (slot >= 0 && loudest < QUIET_SCORE && silent == 0) {
            clean.keep(slot, part, buffer, offset, length);
        }
    }

    /** Undoes percent encoding; goes on only if some judge would look at what comes out. */
    private void decoded(byte[] raw, int length, int signs) {
        int size = length;
        int seen = signs;
        if ((signs & (Gates.PERCENT | Gates.PLUS)) != 0) {
            size = normalizer.decode(length, part.formEncoded());
            seen = Gates.signs(raw, size);
        } else {
            normalizer.undecoded(length);
        }
        boolean folds = (seen & Gates.FOLDED) != 0;
        int found = folds ? 0 : Gates.phrases(raw, size, seen);
        if (!folds && !worth(seen, found)) {
            // a plus sign of base64 has become a space
            if ((signs & Gates.SPACE) == 0) {
                base64(raw, size);
            }
            return;
        }
        judgedBytes += size;
        Text text = normalizer.fold();
        if (folds) {
            judge(text);
        } else {
            judge(text, seen, found);
        }
        Text unescaped = normalizer.unescape(text);
        if (unescaped != null) {
            judge(unescaped);
        }
        if (((seen & (Gates.QUOTE | Gates.ANGLE)) | (signs & Gates.SPACE)) == 0) {
            base64(raw, size);
        }
    }

    /** Judges the text inside a value that is base64 as a whole. */
    private void base64(byte[] raw, int length) {
        Text text = normalizer.base64(raw, length);
        if (text != null) {
            judgedBytes += length;
            judge(text);
            Text unescaped = normalizer.unescape(text);
            if (unescaped != null) {
                judge(unescaped);
            }
        }
    }

    private boolean worth(int seen, int found) {
        if ((seen & Gates.BACKSLASH) != 0
                || (found & Gates.ENTITY) != 0
                || (seen & Gates.AMPERSAND) != 0 && (seen & (Gates.SEMICOLON | Gates.HASH)) != 0) {
            return true;
        }
        // a referrer is a URL, and no server calls it
        int looked = part == PartKind.REFERER ? anyPhrase & ~Gates.HOST : anyPhrase;
        return part == PartKind.USER_AGENT || (anySign & seen) != 0 || (looked & found) != 0;
    }

    private boolean asked(int judge, int seen, int found) {
        return signs[judge] == Judges.ALWAYS
                ? part == PartKind.USER_AGENT
                : (signs[judge] & seen) != 0 || (phrases[judge] & found) != 0;
    }

    private void judge(Text text) {
        int seen = Gates.signs(text.bytes(), text.length());
        judge(text, seen, Gates.phrases(text.bytes(), text.length(), seen));
    }

    private void judge(Text text, int seen, int found) {
        boolean disguised = text.has(Text.NUL | Text.OVERLONG);
        boolean lines = text.has(Text.LINES);
        int all = seen | (lines ? Gates.LINE : 0);
        for (int i = 0; i < judges.length; i++) {
            if ((silent >> i & 1) != 0 || !disguised && !asked(i, all, found)) {
                continue;
            }
            judgement.clear();
            judges[i].judge(text, part, judgement);
            int score = judgement.score();
            loudest = Math.max(loudest, score);
            if (score > scores[i]) {
                scores[i] = score;
                if (score > best) {
                    best = score;
                    verdict.take(kinds[i], part, judgement, text.bytes(), text.length());
                    verdict.name(name, nameOffset, nameLength);
                }
            }
        }
    }
}
