package dev.sluice.contract.document;

import java.util.List;

/** A YAML or JSON document as it was written, before any type is given to it. Immutable. */
sealed interface Tree {
    Place place();

    /** Nodes of this tree, each alias counted as often as it is used. */
    long size();

    /** What was written, in a word for error messages. */
    String shape();

    /**
     * One value.
     *
     * @param style whether quotes or a tag said that it is a string
     */
    record Scalar(Place place, String text, Style style) implements Tree {
        @Override
        public long size() {
            return 1;
        }

        @Override
        public String shape() {
            return isNull() ? "nothing" : Words.quote(text);
        }

        /** Nothing was written, or {@code null}, or {@code ~}. */
        boolean isNull() {
            return style == Style.PLAIN
                    && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }
    }

    /** Whether a scalar may be other than a string. */
    enum Style {
        /** Without quotes: a number, a truth value, nothing, or a string. */
        PLAIN,
        /** In quotes or a block: a string. */
        QUOTED
    }

    /** Values in order. */
    record Sequence(Place place, List<Tree> items, long size) implements Tree {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String shape() {
            return "a list";
        }
    }

    /**
     * Named values in the order written; names are unique.
     *
     * @param repeated keys whose name came before, with their places; their values are dropped
     */
    record Mapping(Place place, List<Entry> entries, List<Scalar> repeated, long size)
            implements Tree {
        public Mapping {
            entries = List.copyOf(entries);
            repeated = List.copyOf(repeated);
        }

        @Override
        public String shape() {
            return "a mapping";
        }
    }

    /** One named value. */
    record Entry(Scalar key, Tree value) {}
}
