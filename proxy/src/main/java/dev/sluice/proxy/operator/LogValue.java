package dev.sluice.proxy.operator;

import java.util.List;

/** What an operator says about one exchange. Immutable. */
public sealed interface LogValue {
    /** There is none. */
    record None() implements LogValue {}

    /** A text. */
    record Text(String text) implements LogValue {}

    /** A number. */
    record Count(long number) implements LogValue {}

    /** An object; members that there are not are left out. */
    record Tree(List<Leaf> leaves) implements LogValue {
        public Tree {
            leaves = List.copyOf(leaves);
        }
    }

    /** A member of an object. */
    record Leaf(String name, LogValue value) {}

    /** The only instance that is needed. */
    LogValue NONE = new None();

    /** A text; an empty one is none. */
    static LogValue text(String text) {
        return text.isEmpty() ? NONE : new Text(text);
    }

    /** A number; a negative one is none. */
    static LogValue known(long number) {
        return number < 0 ? NONE : new Count(number);
    }
}
