package ips.core.rule.keyword;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A buffer's test while its rule is read. */
final class BufferDraft {
    final Buffer buffer;
    final List<Transform> transforms = new ArrayList<>();
    final List<Step> steps = new ArrayList<>();

    /** Whether later options of the same buffer may be added: it is the payload or legacy's. */
    boolean shared;

    /** Whether it begins with transforms behind contents of the same buffer as it came. */
    boolean ofTransforms;

    boolean absent;
    boolean absentOr;

    BufferDraft(Buffer buffer) {
        this.buffer = buffer;
    }

    /**
     * The negated content that Suricata looks for first, or null: one that says so, or where there
     * is no other.
     */
    ContentStep negatedSought() {
        ContentStep best = null;
        boolean others = false;
        for (Step step : steps) {
            if (!(step instanceof ContentStep content)) {
                continue;
            }
            if (!content.negated) {
                others = true;
                continue;
            }
            boolean free = !content.hasOffset && !content.hasDepth && !content.relative();
            boolean better =
                    best == null
                            || content.fastPattern
                            || !best.fastPattern && content.bytes.length > best.bytes.length;
            if (free && better) {
                best = content;
            }
        }
        return others && best != null && !best.fastPattern ? null : best;
    }

    /** The content that is to be found first, or null. */
    FastPattern fastPattern() {
        // The file's name comes with its body, not with the head that is searched once.
        if (absent || absentOr || buffer == Buffer.FILE_NAME) {
            return null;
        }
        FastPattern best = null;
        int longest = longestBuffer();
        int reach = 0;
        for (Step step : steps) {
            int before = reach;
            reach = step.reach(before);
            if (!(step instanceof ContentStep content) || content.negated) {
                continue;
            }
            byte[] bytes = content.bytes;
            if (content.fastPattern && content.chopLength > 0) {
                bytes =
                        Arrays.copyOfRange(
                                bytes, content.chopOffset, content.chopOffset + content.chopLength);
            }
            FastPattern candidate =
                    new FastPattern(
                            bytes,
                            content.noCase,
                            content.fastPattern,
                            Math.min(longest, content.ownReach(before)));
            if (candidate.explicit()) {
                return transforms.isEmpty() ? candidate : null;
            }
            if (best == null || candidate.score() > best.score()) {
                best = candidate;
            }
        }
        return transforms.isEmpty() ? best : null;
    }

    /** Why a content can never be in the buffer, or null. */
    String complaint(ContentStep content) {
        if (transforms.isEmpty() && buffer.neverHas(content)) {
            return "content: has what "
                    + Keywords.word(buffer)
                    + (buffer == Buffer.HTTP_HOST
                            ? " never has, a capital letter"
                            : " never has, a space at its end");
        }
        boolean first =
                steps.stream()
                        .filter(ContentStep.class::isInstance)
                        .limit(1)
                        .anyMatch(content::equals);
        String wrong = transforms.isEmpty() ? buffer.complaint(content, first) : null;
        if (wrong != null) {
            return "content: for %s has to be %s".formatted(Keywords.word(buffer), wrong);
        }
        if (content.negated) {
            return null;
        }
        for (Transform transform : transforms) {
            String never = transform.neverMakes(content.bytes);
            if (never != null) {
                return "content: has " + never + ", which a transform before it leaves nowhere";
            }
        }
        if (steps.stream()
                .anyMatch(step -> step instanceof SizeStep size && size.refuses(content.bytes))) {
            return "content: longer than bsize lets the buffer be";
        }
        return null;
    }

    /** The most bytes that a buffer may have for the test to hold. */
    private int longestBuffer() {
        int longest = FastPattern.ANYWHERE;
        for (Step step : steps) {
            if (step instanceof SizeStep size) {
                longest = Math.min(longest, size.most());
            }
        }
        return longest;
    }
}
