package ips.core.rule.keyword;

/**
 * Keywords about files that messages carry: {@code filename}, {@code fileext}, {@code filesize},
 * {@code filestore}.
 */
final class FileKeywords {
    private static final Transform MAGIC = new FileMagic();

    private FileKeywords() {}

    /** A part of the name, whatever its case. */
    static void filename(String value, RuleDraft draft) {
        draft.step(Buffer.FILE_NAME, named(value, false));
    }

    /** The end of the name, whatever its case. */
    static void fileext(String value, RuleDraft draft) {
        draft.step(Buffer.FILE_NAME, named(value, true));
    }

    private static ContentStep named(String value, boolean atEnd) {
        ContentStep step = ContentKeyword.parse(value);
        step.ignoreCase();
        step.endsWith = atEnd;
        return step;
    }

    /** A part of what the file is, whatever its case. */
    static void fileMagic(String value, RuleDraft draft) {
        ContentStep step = ContentKeyword.parse(value);
        step.ignoreCase();
        draft.use(Buffer.FILE_DATA);
        draft.transform(MAGIC);
        draft.step(step);
        draft.use(Buffer.PAYLOAD);
    }

    /** Contents that follow are looked for in what the file is. */
    static void magic(String value, RuleDraft draft) {
        RuleDraft.none(value);
        draft.use(Buffer.FILE_DATA);
        draft.transform(MAGIC);
    }

    static void filesize(String value, RuleDraft draft) {
        draft.step(
                Buffer.FILE_SIZE,
                new FileSizeStep(NumberTest.parse(RuleDraft.required(value), Long.MAX_VALUE)));
    }

    /** Asks for a file, of any kind; none is stored. */
    static void filestore(String value, RuleDraft draft) {
        draft.step(Buffer.FILE_NAME, new SizeStep(NumberTest.parse(">=0", 0)));
    }
}
