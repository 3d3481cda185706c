package ips.capture;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sentences about one source, {@value #MOST} at most. Written by one thread, read by any. */
final class Warnings {
    static final int MOST = 20;

    private final List<String> sentences = new CopyOnWriteArrayList<>();
    private final String subject;

    /**
     * @param subject what each sentence begins with: the file's name
     */
    Warnings(String subject) {
        this.subject = subject;
    }

    void add(String sentence) {
        if (sentences.size() < MOST) {
            sentences.add(subject + ": " + sentence);
        } else if (sentences.size() == MOST) {
            sentences.add(subject + ": there is more of this kind, which is not listed");
        }
    }

    List<String> list() {
        return List.copyOf(sentences);
    }
}
