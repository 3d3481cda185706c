package ips.bench.http;

import java.util.SplittableRandom;

/** Random words, prose, numbers and identifiers, appended to a text. */
final class Words {
    private static final String[] ALL =
            ("about account action air and apple autumn baby back bag balance beach best black blog"
                            + " blue book boots brand brown cable camera campaign care cart case category"
                            + " chair check city classic clear click coat coffee color comfort common cotton"
                            + " customer daily dark data deal delivery design desk device digital discount"
                            + " dress drop early easy edition english event every family fashion fast filter"
                            + " first fit flower for free fresh from garden gift glass gold green group hand"
                            + " have health help holiday home hotel house image in item jacket join kids"
                            + " kitchen large leather light like limited list living local login long low"
                            + " made market medium men mobile modern more mountain music natural new news"
                            + " not now of office offer on online open or order outdoor page paper party"
                            + " photo plan plus point price product profile quality quick red return review"
                            + " room running sale save school search season select service set shipping"
                            + " shirt shoes shop short show size small smart soft spring sport star stock"
                            + " store style summer super support table team test that the this time to top"
                            + " travel trend union update user value video view vintage water week where"
                            + " white winter with women wood work world year you your zone")
                    .split(" ");
    private static final String BASE64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private Words() {}

    static String pick(SplittableRandom random) {
        return ALL[random.nextInt(ALL.length)];
    }

    static String pick(String[] of, SplittableRandom random) {
        return of[random.nextInt(of.length)];
    }

    static void joined(StringBuilder text, int count, String between, SplittableRandom random) {
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : between).append(pick(random));
        }
    }

    /** Sentences with commas and apostrophes. */
    static void prose(StringBuilder text, int count, SplittableRandom random) {
        for (int i = 0; i < count; i++) {
            String word = pick(random);
            text.append(i == 0 ? Character.toUpperCase(word.charAt(0)) : word.charAt(0));
            text.append(word, 1, word.length());
            int end = random.nextInt(40);
            text.append(end == 0 ? "'s" : "").append(end == 1 || end == 2 ? "," : "");
            text.append(i == count - 1 ? "." : " ");
        }
    }

    static void hex(StringBuilder text, int digits, SplittableRandom random) {
        for (int i = 0; i < digits; i++) {
            text.append(Character.forDigit(random.nextInt(16), 16));
        }
    }

    static void base64(StringBuilder text, int length, SplittableRandom random) {
        for (int i = 0; i < length; i++) {
            text.append(BASE64.charAt(random.nextInt(64)));
        }
    }

    static void digits(StringBuilder text, int count, SplittableRandom random) {
        text.append(1 + random.nextInt(9));
        for (int i = 1; i < count; i++) {
            text.append(random.nextInt(10));
        }
    }
}
