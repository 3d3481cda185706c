package ips.capture;

import ips.core.packet.LinkType;
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
        if (sentences.contains(subject + ": " + sentence)) {
            return;
        }
        if (sentences.size() < MOST) {
            sentences.add(subject + ": " + sentence);
        } else if (sentences.size() == MOST) {
            sentences.add(subject + ": there is more of this kind, which is not listed");
        }
    }

    /** Says of a link type that the decoder does not know that its frames tell nothing. */
    void linkType(int linkType) {
        if (!LinkType.isSupported(linkType)) {
            add("frames of link type " + linkType + " are counted, and not looked into");
        }
    }

    List<String> list() {
        return List.copyOf(sentences);
    }
}
