package dev.sluice.proxy.snapshot.part;

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
     * @param value literal text, command operators already refused
     * @param action what becomes of fields of this name that are there
     * @param keepEmpty an empty value is added too; else it is left out
     */
    public record Addition(String name, String value, AppendAction action, boolean keepEmpty) {}

    /** Envoy's {@code HeaderAppendAction}. */
    public enum AppendAction {
        APPEND_IF_EXISTS_OR_ADD,
        ADD_IF_ABSENT,
        OVERWRITE_IF_EXISTS_OR_ADD,
        OVERWRITE_IF_EXISTS
    }
}
