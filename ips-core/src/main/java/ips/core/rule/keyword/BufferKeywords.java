package ips.core.rule.keyword;

import ips.core.inspect.AppProtocol;

/**
 * Keywords that say which buffer contents are looked for in: sticky ones ({@code http.uri}) for the
 * options that follow, modifiers ({@code http_uri}) for the content before; and {@code absent}.
 */
final class BufferKeywords {
    private BufferKeywords() {}

    /** Contents that follow are looked for in the buffer. */
    static Keyword sticky(Buffer buffer) {
        return (value, draft) -> {
            RuleDraft.none(value);
            draft.use(buffer);
            draft.app(buffer.app());
            if (!buffer.ofTransaction() && buffer != Buffer.PAYLOAD) {
                draft.asksPacket = true;
                draft.asksPacketPayload = true;
                if (buffer != Buffer.IP_SOURCE && buffer != Buffer.IP_DESTINATION) {
                    draft.asksOfPacket();
                }
            }
        };
    }

    /** The files of HTTP's responses. */
    static Keyword responseBody() {
        return (value, draft) -> {
            RuleDraft.none(value);
            draft.use(Buffer.FILE_DATA);
            draft.app(AppProtocol.HTTP);
            draft.toClient = true;
        };
    }

    /** The content before it is looked for in the buffer, of HTTP, and of both sides if it is. */
    static Keyword modifier(Buffer buffer) {
        return (value, draft) -> {
            RuleDraft.none(value);
            draft.refuseSticky();
            draft.moveLastContent(buffer);
            draft.app(AppProtocol.HTTP);
        };
    }

    static void absent(String value, RuleDraft draft) {
        BufferDraft current = draft.current();
        if (!current.buffer.ofTransaction()) {
            throw new IllegalArgumentException("there is no buffer of a transaction before it");
        }
        if (value == null || value.isBlank()) {
            current.absent = true;
        } else if (value.strip().equals("or_else")) {
            current.absentOr = true;
        } else {
            throw new IllegalArgumentException("expected or_else or nothing");
        }
    }
}
