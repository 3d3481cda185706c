package ips.core.regex;

import java.util.List;

/** An expression as parsed: inline options are resolved into its leaves. */
sealed interface Node {
    int UNLIMITED = -1;

    /** Whether it can match without a byte. */
    boolean nullable();

    /** How many bytes it always matches, or -1 if that depends. */
    int fixedLength();

    /** One byte out of a set. */
    record Bytes(ByteSet set) implements Node {
        @Override
        public boolean nullable() {
            return false;
        }

        @Override
        public int fixedLength() {
            return 1;
        }
    }

    record Sequence(List<Node> parts) implements Node {
        @Override
        public boolean nullable() {
            return parts.stream().allMatch(Node::nullable);
        }

        @Override
        public int fixedLength() {
            int sum = 0;
            for (Node part : parts) {
                int length = part.fixedLength();
                if (length < 0) {
                    return -1;
                }
                sum += length;
            }
            return sum;
        }
    }

    /** The first branch that matches wins. */
    record Choice(List<Node> branches) implements Node {
        @Override
        public boolean nullable() {
            return branches.stream().anyMatch(Node::nullable);
        }

        @Override
        public int fixedLength() {
            int length = branches.get(0).fixedLength();
            return branches.stream().allMatch(b -> b.fixedLength() == length) ? length : -1;
        }
    }

    /**
     * @param max the most repetitions, or {@link #UNLIMITED}
     */
    record Repeat(Node body, int min, int max, boolean greedy) implements Node {
        @Override
        public boolean nullable() {
            return min == 0 || body.nullable();
        }

        @Override
        public int fixedLength() {
            int length = body.fixedLength();
            return min == max && length >= 0 ? min * length : -1;
        }
    }

    /** A capturing group, by its number from 1. */
    record Group(int number, Node body) implements Node {
        @Override
        public boolean nullable() {
            return body.nullable();
        }

        @Override
        public int fixedLength() {
            return body.fixedLength();
        }
    }

    /** A condition on the place, of no width. */
    record At(Place place) implements Node {
        @Override
        public boolean nullable() {
            return true;
        }

        @Override
        public int fixedLength() {
            return 0;
        }
    }

    /** Looks ahead or behind without moving. */
    record Look(Node body, boolean ahead, boolean negative) implements Node {
        @Override
        public boolean nullable() {
            return true;
        }

        @Override
        public int fixedLength() {
            return 0;
        }
    }

    /** Matches as it does first, never in another way. */
    record Atomic(Node body) implements Node {
        @Override
        public boolean nullable() {
            return body.nullable();
        }

        @Override
        public int fixedLength() {
            return body.fixedLength();
        }
    }

    /** One or the other, as a group matched before or not. */
    record Condition(int group, Node yes, Node no) implements Node {
        @Override
        public boolean nullable() {
            return yes.nullable() || no.nullable();
        }

        @Override
        public int fixedLength() {
            int length = yes.fixedLength();
            return length == no.fixedLength() ? length : -1;
        }
    }

    /** The same bytes as a group matched. */
    record BackReference(int group, boolean ignoreCase) implements Node {
        @Override
        public boolean nullable() {
            return true;
        }

        @Override
        public int fixedLength() {
            return -1;
        }
    }
}
