package dev.sluice.proxy.snapshot.header;

import java.util.List;

/**
 * Changes to headers, requests' and responses'. Immutable.
 *
 * @param request changes on the way to the upstream
 * @param response changes on the way to the client
 */
public record HeaderMutations(Changes request, Changes response) {
    /** No change. */
    public static final HeaderMutations NONE = new HeaderMutations(Changes.NONE, Changes.NONE);

    /**
     * Removals are done first, then additions in order.
     *
     * @param remove lower-case names
     */
    public record Changes(List<String> remove, List<Addition> add) {
        /** No change. */
        public static final Changes NONE = new Changes(List.of(), List.of());

        public Changes {
            remove = List.copyOf(remove);
            add = List.copyOf(add);
        }

        public boolean isEmpty() {
            return remove.isEmpty() && add.isEmpty();
        }
    }

    /**
     * One field to add.
     *
     * @param name lower-case
     * @param value a literal text, or command operators
     * @param action what becomes of fields of this name that are there
     * @param keepEmpty an empty value is added too; else it is left out
     */
    public record Addition(String name, HeaderValue value, AppendAction action, boolean keepEmpty) {
        /** With the same value in every message. */
        public Addition(String name, String text, AppendAction action, boolean keepEmpty) {
            this(name, new HeaderValue.Literal(text), action, keepEmpty);
        }

        /** The same, its value known. */
        public Addition saying(String text) {
            return new Addition(name, text, action, keepEmpty);
        }

        /**
         * The text of a literal value.
         *
         * @throws IllegalStateException when it has command operators
         */
        public String literal() {
            return switch (value) {
                case HeaderValue.Literal(String text) -> text;
                case HeaderValue.Spoken _ ->
                        throw new IllegalStateException(
                                "header %s has command operators where none are taken"
                                        .formatted(name));
            };
        }
    }

    /** Envoy's {@code HeaderAppendAction}. */
    public enum AppendAction {
        APPEND_IF_EXISTS_OR_ADD,
        ADD_IF_ABSENT,
        OVERWRITE_IF_EXISTS_OR_ADD,
        OVERWRITE_IF_EXISTS
    }
}
